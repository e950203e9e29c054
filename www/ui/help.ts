/** A small button that opens one sentence of help: by pointer, touch or keyboard. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { define } from "./define.js";
import { scaleOf } from "../canvas/pointer.js";
import { loadOtherWords } from "../i18n/index.js";

let count = 0;

export class HelpButton extends LitElement {
  static override properties = {
    text: { attribute: false }, label: { attribute: false }, open: { state: true },
  };
  declare text: string;
  /** Name of the button for those who cannot see it. */
  declare label: string;
  declare open: boolean;
  readonly #id = `np-help-${++count}`;

  constructor() {
    super();
    this.text = "";
    this.label = "";
    this.open = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.text) return nothing;
    return html`<button type="button" class="help-button" aria-label=${this.label} aria-expanded=${this.open}
        aria-describedby=${this.open ? this.#id : nothing} @click=${this.#toggle}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.25"/><path d="M8 7.2v4M8 4.7v.1"/></svg>
      </button>
      <div class="popover" popover="auto" id=${this.#id} role="tooltip" @toggle=${this.#toggled}>${
        this.text.split("\n").map((line) => html`<p>${line}</p>`)}</div>`;
  }

  #toggle = (): void => {
    const box = this.querySelector<HTMLElement>(".popover");
    const button = this.querySelector("button");
    if (!box || !button) return;
    if (this.open) {
      box.hidePopover();
      return;
    }
    // Sentences that have yet to be fetched change the box's size.
    void loadOtherWords().then(() => this.updateComplete).then(() => { if (this.open) place(box, button); });
    box.showPopover();
    place(box, button);
  };

  #toggled = (event: Event): void => {
    this.open = (event as ToggleEvent).newState === "open";
  };
}

/** Puts an open popover under its button, or above where there is no room, inside the window. */
export function place(box: HTMLElement, button: Element): void {
  const at = button.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const below = at.bottom + 6;
  const top = below + height > innerHeight - 8 ? Math.max(8, at.top - height - 6) : below;
  // Above everything else it is placed in the window, where a zoom of the page around still counts.
  const { across, down } = scaleOf(box);
  box.style.left = `${left / across}px`;
  box.style.top = `${top / down}px`;
}

define("np-help", HelpButton);
