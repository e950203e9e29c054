/** The page: where every part stands, and where what the drawing views ask for is carried out. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { arrangeLater } from "../later.js";
import type { Part } from "../store.js";
import { followKeys } from "./shortcut-keys.js";
import { View } from "./view.js";
import "./data-panel.js";
import "./metrics-panel.js";
import "./status-line.js";
import "./top-bar.js";
import "./training-panel.js";
import "./transport.js";
import "./pictures.js";

/** Greatest widths of the layouts, in CSS pixels. */
const WIDTHS = [["medium", 1180], ["compact", 900], ["narrow", 760], ["slim", 440], ["tiny", 380]] as const;

/** Up to this width an embedded playground is laid out as a figure in a text, and not as a page. */
const FIGURE_WIDTH = 900;

export class App extends View {
  protected override render(): TemplateResult {
    const { store } = this;
    const parts = store.parts.value;
    const whole = store.wholePage.value;
    const figure = !whole && store.width.value <= FIGURE_WIDTH;
    return html`<div class="app ${this.#sizes()} ${whole ? "" : "embedded"}">
      ${whole ? html`<nav aria-label=${this.t("ui.skip")}><a class="skip" href="#np-main" @click=${this.#skip}>${this.t("ui.skip")}</a></nav>` : nothing}
      ${parts.has("header") ? html`<top-bar part="header" .store=${store}></top-bar>` : nothing}
      <div class="transport-area"><transport-bar part="transport" .store=${store}></transport-bar></div>
      <status-line part="status" .store=${store}></status-line>
      ${store.config.value?.mode === "tf_playground" ? this.#modeNote() : nothing}
      ${store.summary.value ? html`${figure ? this.#figure(parts) : this.#columns(parts, whole)}
      ${parts.has("tabs") ? html`<tab-bar part="tabs" .store=${store}></tab-bar>` : nothing}` : html`<div class="columns skeleton" aria-hidden="true">
        <div class="column data"></div><div class="column middle"></div><div class="column output"></div></div>`}
      <page-messages .store=${store}></page-messages>
    </div>`;
  }

  /** As data flow, from left to right; narrower than that the style sheet stacks them. */
  #columns(parts: ReadonlySet<Part>, whole: boolean): TemplateResult {
    return html`<div class="columns ${parts.has("data") ? "" : "without-data"}" id="np-main" tabindex="-1" role=${whole ? "main" : "group"} aria-label=${this.t("ui.playground")}>
        ${parts.has("data") ? html`<div class="column data">${this.#data()}</div>` : nothing}
        <div class="column middle">${this.#network()}${this.#settings(parts)}</div>
        <section class="column output" aria-label=${this.t("ui.output_title")}>${this.#output()}</section>
      </div>`;
  }

  /** In a column of text: the network beside what comes out of it, the settings below, in that order for the keyboard too. */
  #figure(parts: ReadonlySet<Part>): TemplateResult {
    return html`<div class="figure" id="np-main" tabindex="-1" role="group" aria-label=${this.t("ui.playground")}>
        <div class="figure-pictures">${this.#network()}${this.#output()}</div>
        ${parts.has("data") ? html`<div class="figure-data">${this.#data()}</div>` : nothing}
        <div class="middle">${this.#settings(parts)}</div>
      </div>`;
  }

  #data(): TemplateResult {
    return html`<data-panel part="data" .store=${this.store}></data-panel>`;
  }

  #network(): TemplateResult {
    return html`<network-picture part="network" .store=${this.store}></network-picture>`;
  }

  #settings(parts: ReadonlySet<Part>): TemplateResult {
    const { store } = this;
    return html`${parts.has("training") ? html`<training-panel part="training" .store=${store}></training-panel>` : nothing}
      ${parts.has("layer") ? html`<layer-panel part="layer" .store=${store}></layer-panel>` : nothing}`;
  }

  #output(): TemplateResult {
    const { store } = this;
    return html`<output-picture part="output" .store=${store}></output-picture>
      <metrics-panel part="metrics" .store=${store}></metrics-panel>
      <curves-picture part="curves" .store=${store}></curves-picture>`;
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
  #stopLater: (() => void) | undefined;

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // Only now is it known where they stand.
    if (this.store.summary.value) this.#stopLater ??= arrangeLater(this.store, this.getRootNode() as ShadowRoot, this.querySelectorAll("layer-panel, tab-bar, curves-picture"));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopKeys = followKeys(this, this.store);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopKeys?.();
    this.#stopLater?.();
    this.#stopLater = undefined;
  }
}

customElements.define("np-app", App);
