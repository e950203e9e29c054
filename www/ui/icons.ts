/** Line icons of our own, 20 units wide, drawn in the colour of the text. */

import { svg, html, type TemplateResult } from "lit";

const icon = (body: TemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${body}</svg>`;

export const icons = {
  play: icon(svg`<path class="solid" d="M6.5 4.2v11.6a.8.8 0 0 0 1.2.7l9.1-5.8a.8.8 0 0 0 0-1.4L7.7 3.5a.8.8 0 0 0-1.2.7Z"/>`),
  pause: icon(svg`<rect class="solid" x="5" y="3.5" width="3.6" height="13" rx="1.2"/><rect class="solid" x="11.4" y="3.5" width="3.6" height="13" rx="1.2"/>`),
  step: icon(svg`<path d="M3.5 10h9M9 6l4 4-4 4M16.5 5v10"/>`),
  epoch: icon(svg`<path d="M2.5 10h5M5 7l3 3-3 3M9.5 10h4M11 7l3 3-3 3M17 5v10"/>`),
  reset: icon(svg`<path d="M4.6 6.4A6.4 6.4 0 1 1 3.6 10M4.4 2.8v3.8h3.8"/>`),
  measure: icon(svg`<path d="M3.5 13.5a6.5 6.5 0 0 1 13 0M10 13.5l3.2-4.4M3.5 16.5h13"/>`),
  undo: icon(svg`<path d="M7.5 4 4 7.5 7.5 11M4.5 7.5H12a4 4 0 0 1 0 8H8.5"/>`),
  redo: icon(svg`<path d="M12.5 4 16 7.5 12.5 11M15.5 7.5H8a4 4 0 0 0 0 8h3.5"/>`),
  help: icon(svg`<circle cx="10" cy="10" r="6.8"/><path d="M7.9 8.1a2.1 2.1 0 1 1 2.9 2c-.6.3-.8.6-.8 1.2M10 13.6v.1"/>`),
  dice: icon(svg`<rect x="3.5" y="3.5" width="13" height="13" rx="3"/><path class="dots" d="M7 7v.01M13 7v.01M10 10v.01M7 13v.01M13 13v.01"/>`),
  theme: icon(svg`<circle cx="10" cy="10" r="6.5"/><path class="solid" d="M10 3.5a6.5 6.5 0 0 1 0 13Z"/>`),
  share: icon(svg`<path d="M10 12.5V3.5M6.8 6.2 10 3l3.2 3.2M6 9H4.5v7.5h11V9H14"/>`),
  close: icon(svg`<path d="m6 6 8 8M14 6l-8 8"/>`),
  more: icon(svg`<path class="dots" d="M4.5 10v.01M10 10v.01M15.5 10v.01"/>`),
  lock: icon(svg`<rect x="4.5" y="9" width="11" height="7.5" rx="2"/><path d="M7 9V6.8a3 3 0 0 1 6 0V9"/>`),
};
