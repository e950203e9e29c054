/** The page: where every part stands, and where what the drawing views ask for is carried out. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../ui/define.js";
import { arrangeLater } from "./deferred.js";
import { NARROW, type Part } from "../state/store.js";
import { followKeys } from "./keyboard/shortcut-keys.js";
import { askAgain, isLacking, lazy } from "../ui/lazy.js";
import { View } from "../ui/view.js";
import "../panels/data/data-panel.js";
import "../panels/transport/metrics-panel.js";
import "../panels/transport/status-line.js";
import "../panels/transport/top-bar.js";
import "../panels/training/training-panel.js";
import "../panels/transport/transport.js";
import "../pictures/output/output-key.js";
import "./pictures.js";

const phone = lazy(() => import("./phone.js"));
const modeNote = lazy(() => import("../links/mode-note.js"));

/** Greatest widths of the layouts, in CSS pixels. */
const WIDTHS = [["snug", 1380], ["medium", 1180], ["compact", 900], ["narrow", NARROW], ["slim", 440], ["tiny", 380]] as const;

/** Up to this width an embedded playground is laid out as a figure in a text, and not as a page. */
const FIGURE_WIDTH = 900;

export class App extends View {
  protected override render(): TemplateResult {
    const { store } = this;
    const parts = store.parts.value;
    const whole = store.wholePage.value;
    const figure = !whole && store.width.value <= FIGURE_WIDTH;
    const transport = html`<div class="transport-area"><np-transport-bar part="transport" .store=${store}></np-transport-bar></div>`;
    return html`<div class="app ${this.#sizes()} ${whole ? `page in-${store.section.value}` : "embedded"}">
      ${whole ? html`<nav aria-label=${this.t("ui.skip")}><a class="skip" href="#np-main" @click=${this.#skip}>${this.t("ui.skip")}</a></nav>` : nothing}
      ${parts.has("header") ? html`<np-top-bar part="header" .store=${store} .between=${whole ? transport : nothing}></np-top-bar>` : nothing}
      ${whole && parts.has("header") ? nothing : transport}
      <div class="status-place"><np-status-line part="status" .store=${store}></np-status-line><np-page-messages .store=${store}></np-page-messages></div>
      ${store.config.value?.mode === "tf_playground" ? this.#modeNote() : nothing}
      ${store.summary.value ? html`${figure ? this.#figure(parts) : this.#columns(parts, whole)}
      ${whole && store.width.value <= NARROW ? nothing : this.#tabs(parts)}` : html`<div class="columns skeleton" aria-hidden="true">
        <div class="column data"></div><div class="column middle"></div><div class="column output"></div></div>`}
      ${isLacking.value ? html`<div class="lacking" role="alert" data-testid="lacking"><p>${this.t("ui.lacking")}</p>
        <button type="button" class="button small" data-testid="ask-again" @click=${askAgain}>${this.t("ui.ask_again")}</button></div>` : nothing}
    </div>`;
  }

  /** As data flow, from left to right; narrower than that the style sheet stacks them, and a phone shows one of them at a time below the output. */
  #columns(parts: ReadonlySet<Part>, whole: boolean): TemplateResult {
    const phone = whole && this.store.width.value <= NARROW;
    return html`<div class="columns ${parts.has("data") ? "" : "without-data"}" id="np-main" tabindex="-1" role=${whole ? "main" : "group"} aria-label=${this.t("ui.playground")}>
        ${phone ? this.#sections() : nothing}
        ${parts.has("data") ? html`<div class="column data" data-section="data">${this.#data()}</div>` : nothing}
        <div class="column middle">${this.#network()}${this.#settings(parts)}</div>
        <section class="column output" aria-label=${this.t("ui.output_title")}>${this.#output()}${this.#curves()}</section>
        ${phone ? this.#tabs(parts) : nothing}
      </div>`;
  }

  #tabs(parts: ReadonlySet<Part>): TemplateResult | typeof nothing {
    return parts.has("tabs") ? html`<np-tab-bar part="tabs" data-section="more" .store=${this.store}></np-tab-bar>` : nothing;
  }

  /** In a column of text: the network beside what comes out of it, the settings below, in that order for the keyboard too. */
  #figure(parts: ReadonlySet<Part>): TemplateResult {
    return html`<div class="figure" id="np-main" tabindex="-1" role="group" aria-label=${this.t("ui.playground")}>
        <div class="figure-pictures"><div>${this.#network()}${this.#curves()}</div><div>${this.#output()}</div></div>
        ${parts.has("data") ? html`<div class="figure-data">${this.#data()}</div>` : nothing}
        <div class="middle">${this.#settings(parts)}</div>
      </div>`;
  }

  /** A phone's own parts are fetched by phones alone. */
  #sections(): TemplateResult {
    phone.want();
    return html`<np-section-bar .store=${this.store}></np-section-bar>`;
  }

  #data(): TemplateResult {
    return html`<np-data-panel part="data" .store=${this.store}></np-data-panel>`;
  }

  #network(): TemplateResult {
    return html`<np-network-picture part="network" data-section="network" .store=${this.store}></np-network-picture>`;
  }

  #settings(parts: ReadonlySet<Part>): TemplateResult {
    const { store } = this;
    return html`${parts.has("training") ? html`<np-training-panel part="training" data-section="training" .store=${store}></np-training-panel>` : nothing}
      ${parts.has("layer") ? html`<np-layer-panel part="layer" data-section="network" .store=${store}></np-layer-panel>` : nothing}`;
  }

  #output(): TemplateResult {
    const { store } = this;
    return html`<np-output-picture part="output" .store=${store}></np-output-picture>
      <np-output-key .store=${store}></np-output-key>
      <np-metrics-panel part="metrics" .store=${store}></np-metrics-panel>`;
  }

  #curves(): TemplateResult {
    return html`<np-curves-picture part="curves" data-section="training" .store=${this.store}></np-curves-picture>`;
  }

  /** A fragment does not reach into a shadow root. */
  #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>("#np-main")?.focus();
  };

  /** Few visitors come by a link of TensorFlow Playground: what tells them is loaded then. */
  #modeNote(): TemplateResult {
    modeNote.want();
    return html`<np-mode-note .store=${this.store}></np-mode-note>`;
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
    // Only now is it known where they stand; where no engine stands there is something to say.
    if (this.store.summary.value || this.store.broken.value) this.#stopLater ??= arrangeLater(this.store, this.getRootNode() as ShadowRoot, this.querySelectorAll("np-layer-panel, np-tab-bar, np-curves-picture"));
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

define("np-app", App);
