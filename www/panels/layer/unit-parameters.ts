/** Every weight and the bias of one unit, as numbers that can be typed over: the output's bias too. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { NumberFields } from "../../ui/number-fields.js";
import { View } from "../../ui/view.js";

/** More inputs than this are not listed one by one. */
const LISTED = 64;

export class UnitParameters extends View {
  static override properties = { ...View.properties, layer: { type: Number } };
  /** As in `ModelSummary.layers`; never 0. */
  declare layer: number;

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const summary = store.summary.value;
    const weights = store.reading.value?.weights?.[this.layer - 1];
    if (!summary || !weights || store.control.value("weights") === "hidden") return nothing;
    const selected = store.selection.value;
    const unit = Math.min(selected?.layer === this.layer ? selected.unit : 0, weights.outputs - 1);
    const { inputs, outputs } = weights;
    const title = this.t("ui.unit_of", { unit: unit + 1, units: outputs });
    const locked = store.control.value("weights") === "locked";
    return html`<div class="unit-parameters" role="group" aria-label=${locked ? this.t("ui.locked_name", { name: title }) : title}>
      <div class="label-row"><span class="label">${title}</span>
        <np-help .text=${this.t("ui.unit_help")} .label=${this.t("ui.help_for", { name: title })}></np-help>
        <span class="spacer"></span>
        ${outputs > 1 ? html`<button type="button" class="icon-button quiet small" aria-label=${this.t("ui.previous_unit")} @click=${() => this.#choose(unit - 1, outputs)}>‹</button>
        <button type="button" class="icon-button quiet small" aria-label=${this.t("ui.next_unit")} @click=${() => this.#choose(unit + 1, outputs)}>›</button>` : nothing}</div>
      ${inputs > LISTED ? html`<p class="hint">${this.t("ui.many_weights", { count: inputs })}</p>` : nothing}
      <div class="weights">
        ${inputs > LISTED ? nothing : Array.from({ length: inputs }, (_, input) => this.#cell(this.#inputName(input), weights.weight[unit * inputs + input] ?? 0, unit, input))}
        ${this.#cell(this.t("ui.bias"), weights.bias[unit] ?? 0, unit, null)}</div>
      ${this.#fields.message(() => this.t("ui.number_wanted"))}
      <np-field-message .store=${store} .path=${"parameter"}></np-field-message>
    </div>`;
  }

  #inputName(input: number): string {
    const summary = this.store.summary.value;
    return this.layer === 1 ? summary?.inputs[input] ?? `${input + 1}` : this.t("ui.unit_short", { unit: input + 1 });
  }

  #choose(unit: number, units: number): void {
    this.store.selection.value = { layer: this.layer, unit: (unit + units) % units };
  }

  #cell(name: string, value: number, unit: number, input: number | null): TemplateResult {
    return html`<label class="weight ${value < 0 ? "negative" : "positive"}"><span>${name}</span>
      ${this.#fields.box({ id: `${unit} ${input}`, text: this.fixed(value, 3), held: true, readonly: this.store.control.value("weights") === "locked",
        commit: (typed) => void this.store.actions.setParameter(this.layer - 1, unit, input, typed) })}</label>`;
  }

  readonly #fields = new NumberFields(this, () => this.store.language.value);
}

define("np-unit-parameters", UnitParameters);
