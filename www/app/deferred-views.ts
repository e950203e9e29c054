/** The parts that no first picture needs, in one load. */

import later from "../style/later.css?inline";
import "../pictures/curves/curves-view.js";
import "../panels/data/data-details.js";
import "../panels/layer/layer-panel.js";
import "../ui/messages.js";
import "../pictures/output/other-kinds.js";
import "../panels/training/stopping-panel.js";
import "../panels/tabs.js";
import "../panels/training/training-details.js";

export { Sight } from "../state/frames/viewport.js";

/** Their styles, one sheet for all playgrounds of a page. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(later);
