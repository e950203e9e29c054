/** The looks of a playground in somebody's text, one sheet for all of a page. */

import figure from "../style/figure.css?inline";

export const sheet = new CSSStyleSheet();
sheet.replaceSync(figure);
