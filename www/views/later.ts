/** The parts that no first picture needs, in one load. */

import "./curves-view.js";
import "./layer-panel.js";
import "./messages.js";
import "./stopping-panel.js";
import "./tabs.js";
