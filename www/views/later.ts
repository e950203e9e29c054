/** The parts that no first picture needs, in one load. */

import later from "../style/later.css?inline";
import "./curves-view.js";
import "./data-details.js";
import "./layer-panel.js";
import "./messages.js";
import "./other-kinds.js";
import "./stopping-panel.js";
import "./tabs.js";
import "./training-details.js";

export { Sight } from "../sight.js";

/** Their styles, one sheet for all playgrounds of a page. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(later);
