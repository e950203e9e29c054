/** The layer in hand: its activation with parameters and curve, units, dropout, freezing; one unit's own numbers. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Catalog, Choice, Config, LayerConfig, LayerSummary, ModelSummary, OutputConfig } from "../../engine/types.js";
import { limitsOf, parameters, select, toggle } from "../../ui/controls.js";
import { icons } from "../../ui/icons.js";
import { View } from "../../ui/view.js";
import type { Curve } from "./activation-view.js";
import "./activation-view.js";
import "./unit-parameters.js";

export class LayerPanel extends View {
  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const catalog = store.catalog.value;
    const config = store.config.value;
    const summary = store.summary.value;
    if (!catalog || !config || !summary) return nothing;
    const layers = summary.layers.slice(1);
    const index = Math.min(Math.max(store.selection.value?.layer ?? store.layer.value, 1), layers.length);
    const layer = summary.layers[index];
    if (!layer) return nothing;
    return html`<section class="panel layer-panel" aria-labelledby="np-layer">
      <header class="section-head"><h2 id="np-layer">${this.t("ui.layer")}</h2>
        <div class="layer-choice" role="group" aria-label=${this.t("ui.layer")}>${layers.map((each, at) => html`
          <button type="button" aria-pressed=${at + 1 === index} @click=${() => this.#choose(at + 1)}>${
            this.#layerName(each, at)}</button>`)}</div></header>
      <div class="layer-body">
        <div class="layer-fields">${layer.kind === "output" ? this.#output(catalog, config, summary) : this.#hidden(catalog, config, index - 1)}</div>
        ${this.#curve(layer)}
        <np-unit-parameters .store=${store} .layer=${index}></np-unit-parameters>
      </div>
    </section>`;
  }

  #choose(layer: number): void {
    this.store.layer.value = layer;
    this.store.selection.value = null;
  }

  #layerName(layer: LayerSummary, at: number): string {
    return layer.kind === "output" ? this.t("ui.output") : this.t("ui.hidden", { index: at + 1 });
  }

  #activation(catalog: Catalog, path: string, choice: Choice, place: "hidden" | "output", set: (choice: Choice) => Promise<void>): TemplateResult | typeof nothing {
    return this.control("activation", () => html`${select(this, {
      label: this.name("field", path), value: choice.id, path,
      help: [this.help("field", path), `${this.name("activation", choice.id)}: ${this.help("activation", choice.id)}`].join("\n"),
      options: catalog.activations.filter((entry) => entry[place]).map(({ id }) => ({ id, name: this.name("activation", id) })),
      choose: (id) => void set({ id }),
    })}${parameters(this, { entry: catalog.activations.find((entry) => entry.id === choice.id), choice, path, set })}`);
  }

  #hidden(catalog: Catalog, config: Config, at: number): TemplateResult | typeof nothing {
    const layer = config.network.hidden[at];
    if (!layer) return nothing;
    const { actions } = this.store;
    const set = (path: string, change: Partial<LayerConfig>): Promise<void> =>
      actions.changeLayers((layers) => layers.map((each, k) => (k === at ? { ...each, ...change } : each)), path);
    const field = (name: string): string => `network.hidden[].${name}`;
    const number = (name: "units" | "dropout"): TemplateResult | typeof nothing => {
      const spec = catalog.fields.find((each) => each.path === field(name));
      return spec ? this.control(name === "units" ? "neurons" : "dropout", () => html`<np-number .store=${this.store} .label=${this.name("field", field(name))} .helpText=${this.help("field", field(name))}
        .limits=${limitsOf(spec)} .value=${layer[name]} .path=${field(name)} .percent=${name === "dropout"}
        .commit=${(to: number) => set(field(name), { [name]: to })}></np-number>`) : nothing;
    };
    return html`${this.#activation(catalog, field("activation"), layer.activation, "hidden", (activation) => set(field("activation"), { activation }))}
      ${number("units")}${number("dropout")}
      ${this.#factor(catalog, field("learning_rate_factor"), layer, (learning_rate_factor) => set(field("learning_rate_factor"), { learning_rate_factor }))}
      <div class="layer-ends">${this.control("freeze", () => toggle(this, { label: this.name("field", field("frozen")), help: this.help("field", field("frozen")), value: layer.frozen,
        path: field("frozen"), set: (frozen) => void set(field("frozen"), { frozen }) }))}
        ${this.control("layers", () => html`<button type="button" class="button small" part="button" @click=${() => void actions.changeLayers((layers) => layers.filter((_, k) => k !== at))}>${
          icons.close}${this.t("ui.remove_layer")}</button>`)}</div>`;
  }

  /** Of a layer that is frozen it would say nothing. */
  #factor(catalog: Catalog, path: string, { frozen, learning_rate_factor }: Pick<OutputConfig, "frozen" | "learning_rate_factor">, commit: (to: number) => Promise<void>): TemplateResult | typeof nothing {
    const spec = catalog.fields.find((each) => each.path === path);
    if (!spec || frozen) return nothing;
    return this.control("freeze", () => html`<np-number .store=${this.store} .label=${this.name("field", path)} .helpText=${this.help("field", path)}
      .limits=${limitsOf(spec)} .value=${learning_rate_factor} .path=${path} .commit=${commit}></np-number>`);
  }

  #output(catalog: Catalog, config: Config, summary: ModelSummary): TemplateResult {
    const { activation, frozen } = config.network.output;
    const factor = "network.output.learning_rate_factor";
    const { actions } = this.store;
    const path = "network.output.activation";
    return html`${this.#activation(catalog, path, activation, "output", (choice) => actions.set(path, choice))}
      <p class="hint">${this.t(summary.task === "regression" ? "ui.output_units_regression" : "ui.output_units", { units: summary.layers.at(-1)?.units ?? 1 })}</p>
      ${this.#factor(catalog, factor, config.network.output, (to) => actions.set(factor, to))}
      ${this.control("freeze", () => toggle(this, { label: this.name("field", "network.output.frozen"), help: this.help("field", "network.output.frozen"), value: frozen,
        path: "network.output.frozen", set: (on) => void actions.set("network.output.frozen", on) }))}`;
  }

  /** The engine's curve in the drawing view's words. */
  #ask = async (choice: Choice): Promise<Curve> => {
    const { z, value, slope } = await this.store.actions.engine.activationCurve(choice);
    return { x: z, value, derivative: slope };
  };

  #curve(layer: LayerSummary): TemplateResult | typeof nothing {
    const { store } = this;
    // Softmax has no curve: it acts on the whole output vector.
    if (!layer.activation || layer.activation.id === "softmax") return html`<p class="hint">${layer.activation ? this.help("activation", layer.activation.id) : nothing}</p>`;
    return html`<np-activation-view .activation=${layer.activation} .curve=${this.#ask}
      .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}></np-activation-view>`;
  }
}

define("np-layer-panel", LayerPanel);
