/** The page: where every part stands, and where what the drawing views ask for is carried out. */

import { html, nothing, type TemplateResult } from "lit";
import { followKeys } from "./shortcut-keys.js";
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
    const whole = store.wholePage.value;
    return html`<div class="app ${this.#sizes()}">
      ${whole ? html`<nav aria-label=${this.t("ui.skip")}><a class="skip" href="#np-main" @click=${this.#skip}>${this.t("ui.skip")}</a></nav>` : nothing}
      ${shown.has("header") ? html`<top-bar .store=${store}></top-bar>` : nothing}
      <div class="transport-area"><transport-bar .store=${store}></transport-bar></div>
      <status-line .store=${store}></status-line>
      ${store.config.value?.mode === "tf_playground" ? this.#modeNote() : nothing}
      ${store.summary.value ? html`<div class="columns ${shown.has("data") ? "" : "without-data"}" id="np-main" tabindex="-1" role=${whole ? "main" : "group"} aria-label=${this.t("ui.playground")}>
        ${shown.has("data") ? html`<div class="column data"><data-panel .store=${store}></data-panel></div>` : nothing}
        <div class="column middle">
          <network-picture .store=${store}></network-picture>
          ${shown.has("training") ? html`<training-panel .store=${store}></training-panel>` : nothing}
          ${shown.has("layer") ? html`<layer-panel .store=${store}></layer-panel>` : nothing}
        </div>
        <section class="column output" aria-label=${this.t("ui.output_title")}>
          <output-picture .store=${store}></output-picture>
          <metrics-panel .store=${store}></metrics-panel>
          <curves-picture .store=${store}></curves-picture>
        </section>
      </div>
      ${shown.has("tabs") ? html`<tab-bar .store=${store}></tab-bar>` : nothing}` : html`<div class="columns skeleton" aria-hidden="true">
        <div class="column data"></div><div class="column middle"></div><div class="column output"></div></div>`}
      <page-messages .store=${store}></page-messages>
    </div>`;
  }

  /** A fragment does not reach into a shadow root. */
  #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>("#np-main")?.focus();
  };

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

  #stopKeys: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopKeys = followKeys(this, this.store);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopKeys?.();
  }
}

customElements.define("np-app", App);
