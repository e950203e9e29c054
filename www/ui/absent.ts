/** The place of a number that the present choice does not have: what stands below it does not move when it comes. */

import { html, type TemplateResult } from "lit";

export function absent(label: string): TemplateResult {
  return html`<div class="number absent"><div class="label-row"><span class="label">${label}</span><span class="value" aria-hidden="true">–</span></div>
    <input class="slider" type="range" disabled aria-label=${label} .style=${"--fill: 0"} min="0" max="1" value="0"></div>`;
}
