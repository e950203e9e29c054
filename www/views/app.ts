/** The page: where every part stands, and where what the drawing views ask for is carried out. */

import { html, nothing, type TemplateResult } from "lit";
import { View } from "./view.js";
import "./data-panel.js";
import "./layer-panel.js";
import "./messages.js";
import "./metrics-panel.js";
import "./status-line.js";
import "./tabs.js";
import "./top-bar.js";
import "./training-panel.js";
import "./transport.js";
import "./pictures.js";

/** Greatest widths of the layouts, in CSS pixels. */
const WIDTHS = [["medium", 1180], ["compact", 900], ["narrow", 760], ["slim", 440], ["tiny", 380]] as const;

export class App extends View {
  protected override render(): TemplateResult {
    const { store } = this;
    const shown = store.controls.value;
    return html`<div class="app ${this.#sizes()}">
      ${shown.has("header") ? html`<top-bar .store=${store}></top-bar>` : nothing}
      <div class="transport-area"><transport-bar .store=${store}></transport-bar></div>
      <status-line .store=${store}></status-line>
      ${store.config.value?.mode === "tf_playground" ? this.#modeNote() : nothing}
      ${store.summary.value ? html`<main class="columns ${shown.has("data") ? "" : "without-data"}">
        ${shown.has("data") ? html`<div class="column data"><data-panel .store=${store}></data-panel></div>` : nothing}
        <div class="column middle">
          <network-picture .store=${store}></network-picture>
          ${shown.has("training") ? html`<training-panel .store=${store}></training-panel>` : nothing}
          ${shown.has("layer") ? html`<layer-panel .store=${store}></layer-panel>` : nothing}
        </div>
        <div class="column output">
          <output-picture .store=${store}></output-picture>
          <metrics-panel .store=${store}></metrics-panel>
          <curves-picture .store=${store}></curves-picture>
        </div>
      </main>
      ${shown.has("tabs") ? html`<tab-bar .store=${store}></tab-bar>` : nothing}` : html`<div class="columns skeleton" aria-hidden="true">
        <div class="column data"></div><div class="column middle"></div><div class="column output"></div></div>`}
      <page-messages .store=${store}></page-messages>
    </div>`;
  }

  /** Few visitors come by a link of TensorFlow Playground: what tells them is loaded then. */
  #modeNote(): TemplateResult {
    void import("../links/mode-note.js");
    return html`<mode-note .store=${this.store}></mode-note>`;
  }

  /** Classes of the layout: each width has its own and those of all greater ones. */
  #sizes(): string {
    const width = this.store.width.value;
    return WIDTHS.filter(([, most]) => width <= most).map(([name]) => name).join(" ");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#key);
    document.addEventListener("keydown", this.#pageKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.#key);
    document.removeEventListener("keydown", this.#pageKey);
  }

  /** Space plays and pauses wherever it has no meaning of its own. */
  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.store.message.value = null;
    if (event.key !== " " || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0] as HTMLElement;
    if (target.closest("button, input, select, textarea, summary, a, [role=slider], [role=button], [role=tab], [contenteditable]")) return;
    event.preventDefault();
    if (this.store.catalog.value) void this.store.actions.toggle();
  };

  /** The same for the whole page when nothing has the focus, if the playground is the page. */
  #pageKey = (event: KeyboardEvent): void => {
    if (event.target === document.body && this.store.wholePage.value) this.#key(event);
  };
}

customElements.define("np-app", App);
