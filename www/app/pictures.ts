/** Gives the drawing views their data and carries out what they ask for: they know no store and no engine. */

import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../engine/data-kinds.js";
import { define } from "../ui/define.js";
import type { Frame, LayerConfig } from "../engine/types.js";
import { NARROW } from "../state/store.js";
import type { ViewEvents } from "../ui/events.js";
import { lazy } from "../ui/lazy.js";
import { mostSpread } from "../pictures/output/spread.js";
import { View } from "../ui/view.js";
import "../pictures/network/network-view.js";
import type { OutputView } from "../pictures/output/output-view.js";
import "../pictures/output/output-view.js";

const surface = lazy(() => import("../pictures/output/surface-view.js"));
const hidden = lazy(() => import("../pictures/output/hidden-view.js"));
const pad = lazy(() => import("../panels/digits/drawing-pad.js"));

type Detail<K extends keyof ViewEvents> = CustomEvent<ViewEvents[K]>;

/** Views that draw frames. */
const VIEWS = "np-network-view, np-output-view, np-surface-view, np-hidden-view, np-drawing-pad, np-curves-view";

/** Hands frames on without a template: sixty a second, each a canvas drawn anew and nothing else. */
abstract class Picture extends View {
  /** When it is drawn where the browser cannot draw everything each time. */
  protected readonly turn: number | null = null;

  protected override watch(): void {
    const frame = this.store.frame.value;
    if (this.turn !== null && this.store.turn !== null && this.turn !== this.store.turn) return;
    for (const view of this.querySelectorAll<HTMLElement & { frame: Frame | null }>(VIEWS)) view.frame = frame;
  }
}

export class NetworkPicture extends Picture {
  protected override readonly turn = 0;

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const summary = store.summary.value;
    if (!summary) return nothing;
    return html`<section class="panel network-panel" aria-label=${this.t("ui.network")}>
      <np-network-view exportparts="select, switch" data-testid="network" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
        .catalog=${store.catalog.value} .config=${store.config.value} .summary=${summary} .points=${store.points.value}
        .selection=${store.selection.value} .frame=${store.frame.peek()} .hovered=${store.hovered.value} .playing=${store.playing.value}
        .parameter=${store.parameter.value} .gradients=${store.gradientsShown.value} .control=${store.control.value}
        @select-unit=${this.#select}
        @choose-parameter=${(event: Detail<"choose-parameter">) => { store.parameter.value = event.detail; }}
        @toggle-gradients=${(event: Detail<"toggle-gradients">) => { store.gradientsShown.value = event.detail.on; }}
        @hover-unit=${(event: Detail<"hover-unit">) => { store.hovered.value = event.detail; }}
        @add-layer=${this.#addLayer} @remove-layer=${this.#removeLayer} @change-units=${this.#changeUnits}
        @choose-activation=${this.#chooseActivation} @edit-parameter=${this.#editParameter}></np-network-view>
      <np-field-message .store=${store} .path=${"network.hidden"}></np-field-message>
    </section>`;
  }

  /** When a unit is put down, its layer stays in the panel. */
  #select = (event: Detail<"select-unit">): void => {
    const { selection, layer } = this.store;
    layer.value = event.detail?.layer ?? selection.value?.layer ?? layer.value;
    selection.value = event.detail;
  };

  /** A new layer is like the one before it, or after it, or like the first of the engine's defaults. */
  #addLayer = (event: Detail<"add-layer">): void => {
    const { at } = event.detail;
    const model = this.store.catalog.value?.defaults.network.hidden[0];
    void this.store.actions.changeLayers((layers) => {
      const like = layers[at - 1] ?? layers[at] ?? model;
      return like ? layers.toSpliced(at, 0, { ...structuredClone(like), frozen: false }) : layers;
    });
  };

  #removeLayer = (event: Detail<"remove-layer">): void => {
    void this.store.actions.changeLayers((layers) => layers.toSpliced(event.detail.hidden, 1));
  };

  #change(hidden: number, change: Partial<LayerConfig>, field: string): void {
    void this.store.actions.changeLayers((layers) => layers.map((layer, at) => (at === hidden ? { ...layer, ...change } : layer)), field);
  }

  #changeUnits = (event: Detail<"change-units">): void => {
    this.#change(event.detail.hidden, { units: event.detail.units }, "network.hidden");
  };

  #chooseActivation = (event: Detail<"choose-activation">): void => {
    const { hidden, activation } = event.detail;
    if (hidden === null) void this.store.actions.set("network.output.activation", { id: activation });
    else this.#change(hidden, { activation: { id: activation } }, "network.hidden");
  };

  #editParameter = (event: Detail<"edit-parameter">): void => {
    event.stopPropagation();
    const { layer, unit, input, value } = event.detail;
    void this.store.actions.setParameter(layer, unit, input, value);
  };
}

export class OutputPicture extends Picture {
  protected override readonly turn = 1;

  protected override watch(): void {
    super.watch();
    const { frame, reading } = this.store;
    if (frame.value === reading.value) this.querySelector<OutputView>("np-output-view")?.describe();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { dimensions, image } = dataOf(store.summary.value);
    if (dimensions === 0) {
      const drawable = image && this.#pad();
      return html`<header class="section-head"><h2>${this.t("ui.output_title")}</h2><p>${image ? this.t("ui.digit_output") : nothing}</p></header>
        ${drawable ? html`<np-drawing-pad data-testid="drawing-pad" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
          .frame=${store.frame.peek()} .predict=${this.#predict}></np-drawing-pad>` : nothing}`;
    }
    return html`<np-output-view exportparts="map" data-testid="output-map" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
      .catalog=${store.catalog.value} .config=${store.config.value} .summary=${store.summary.value} .points=${store.points.value}
      .frame=${store.frame.peek()} .hovered=${store.shown.value} .held=${store.selection.value !== null} @select-unit=${this.#back} .discretize=${store.discrete.value}
      .showTest=${store.testPointsShown.value} .showValidation=${this.#validation()} .covered=${store.pictured.value !== "boundary"}>${
        dimensions === 2 ? [this.#choice(), this.#other()] : nothing}</np-output-view>
      ${store.wholePage.value && store.width.value <= NARROW ? html`<np-output-peek .store=${store}></np-output-peek>` : nothing}`;
  }

  #back = (): void => {
    this.store.selection.value = this.store.hovered.value = null;
  };

  #choice(): TemplateResult | typeof nothing {
    const { store } = this;
    if (store.control.value("picture") === "hidden") return nothing;
    const shown = store.pictured.value;
    const pictures = (["boundary", "surface", "hidden"] as const).filter((id) => id !== "hidden" || store.bentBy.value);
    return html`<div slot="choice" class="layer-choice picture-choice" role="group" aria-label=${this.t("ui.picture")}>${this.control("picture", () => pictures.map((id) => html`
      <button type="button" part="button" data-testid="picture-${id}" aria-pressed=${id === shown} @click=${() => this.#choose(id)}>${this.t(
        id === "boundary" && store.summary.value?.task === "regression" ? "ui.picture_map" : `ui.picture_${id}`)}</button>`))}</div>`;
  }

  /** The hidden representation is first seen where it says most: by the last hidden layer's two units that vary most. */
  #choose(id: "boundary" | "surface" | "hidden"): void {
    const { picture, bent, bentBy, frame } = this.store;
    const { layer } = bentBy.value ?? {};
    if (id === "hidden" && bent.value === null && layer !== undefined) bent.value = { layer, ...mostSpread(frame.value?.maps, layer) };
    picture.value = id;
  }

  /** The other pictures are fetched when they are first wanted; until then the map stays. */
  #other(): TemplateResult | typeof nothing {
    const { store } = this;
    const shown = store.pictured.value;
    const piece = { boundary: null, surface, hidden }[shown];
    if (!piece) return nothing;
    if (!piece.value) {
      piece.want();
      return nothing;
    }
    const tests = store.testPointsShown.value;
    const validation = this.#validation();
    if (shown === "surface") return html`<np-surface-view slot="picture" data-testid="surface" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
      .summary=${store.summary.value} .points=${store.points.value} .frame=${store.frame.peek()} .hovered=${store.shown.value}
      .showValidation=${validation} .showTest=${tests}></np-surface-view>`;
    return html`<np-hidden-view slot="picture" data-testid="hidden-space" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
      .summary=${store.summary.value} .points=${store.points.value} .frame=${store.frame.peek()} .bent=${store.bentBy.value}
      .showValidation=${validation} .showTest=${tests} @choose-bent=${(event: Detail<"choose-bent">) => { store.bent.value = event.detail; }}></np-hidden-view>`;
  }

  /** Whether there is a pad yet: it is loaded with the first digits. */
  #pad(): boolean {
    pad.want();
    return pad.value !== null;
  }

  /** Whether points that are not for training are drawn: by TensorFlow Playground's rules they are its test data. */
  #validation(): boolean {
    const { config, testPointsShown, validationPointsShown } = this.store;
    return (config.value?.mode === "tf_playground" ? testPointsShown : validationPointsShown).value;
  }

  #predict = (pixels: Float32Array): Promise<Float32Array> => this.store.actions.engine.predict(pixels);
}

export class CurvesPicture extends Picture {
  protected override render(): TemplateResult {
    const { store } = this;
    if (!customElements.get("np-curves-view")) {
      void customElements.whenDefined("np-curves-view").then(() => this.requestUpdate());
      return html`<div class="curves-place"></div>`;
    }
    return html`<np-curves-view exportparts="chart" data-testid="curves" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
      .summary=${store.summary.value} .frame=${store.frame.peek()} .logScale=${store.logScale.value} .control=${store.control.value("curves")}
      @toggle-log-scale=${(event: Detail<"toggle-log-scale">) => { store.logScale.value = event.detail.on; }}></np-curves-view>`;
  }
}

define("np-network-picture", NetworkPicture);
define("np-output-picture", OutputPicture);
define("np-curves-picture", CurvesPicture);
