/** What the data panel holds below its features: labels, scaling, seeds. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { SEEDS } from "../../state/changes.js";
import type { Catalog, Config } from "../../engine/types.js";
import { parameters, select } from "../../ui/controls.js";
import { NumberFields } from "../../ui/number-fields.js";
import { DataControls } from "./data-panel.js";
import { icons } from "../../ui/icons.js";

export class DataDetails extends DataControls {
  protected override render(): TemplateResult | typeof nothing {
    const catalog = this.store.catalog.value;
    const config = this.store.config.value;
    const entry = this.store.dataset.value;
    if (!catalog || !config) return nothing;
    return html`${this.control("label-noise", () => this.numberOf(catalog, "data.label_noise", config.data.label_noise))}
      ${entry?.has_balance ? this.control("balance", () => this.numberOf(catalog, "data.balance", config.data.balance)) : nothing}
      ${this.control("scaling", () => this.#scaling(catalog, config))}
      ${this.control("seed", () => this.#seeds(config))}`;
  }

  #scaling(catalog: Catalog, config: Config): TemplateResult {
    const { scaling } = config.data;
    const entry = catalog.scalings.find((each) => each.id === scaling.id);
    return html`${select(this, {
      label: this.name("field", "data.scaling"), help: this.#choiceHelp("data.scaling", "scaling", scaling.id), value: scaling.id, path: "data.scaling",
      options: catalog.scalings.map(({ id }) => ({ id, name: this.name("scaling", id) })),
      choose: (id) => void this.store.actions.set("data.scaling", { id }),
    })}${parameters(this, { entry, choice: scaling, path: "data.scaling", set: (choice) => this.store.actions.set("data.scaling", choice) })}`;
  }

  #choiceHelp(path: string, table: string, id: string): string {
    return [this.help("field", path), `${this.name(table, id)}: ${this.help(table, id)}`].join("\n");
  }

  #seeds(config: Config): TemplateResult {
    return html`<div class="seeds"><div class="label-row"><span class="label">${this.t("ui.seeds")}</span>
      <np-help .text=${this.t("ui.seeds_help")} .label=${this.t("ui.help_for", { name: this.t("ui.seeds") })}></np-help></div>
      <ul>${SEEDS.map((name) => html`<li><span>${this.name("field", `seeds.${name}`)}</span>${this.#fields.box({ id: name, text: String(config.seeds[name]), label: this.name("field", `seeds.${name}`), integer: true,
          commit: (value) => void this.store.actions.set(`seeds.${name}`, value), step: (by) => void this.store.actions.set(`seeds.${name}`, Math.max(0, config.seeds[name] + by)) })}
        <button type="button" class="icon-button quiet small" aria-label=${this.t("ui.regenerate", { name: this.name("field", `seeds.${name}`) })}
          title=${this.t("ui.regenerate", { name: this.name("field", `seeds.${name}`) })}
          @click=${() => void this.store.actions.newSeed([name])}>${icons.dice}</button></li>`)}</ul>
      ${SEEDS.map((name) => html`<np-field-message .store=${this.store} .path=${`seeds.${name}`}></np-field-message>`)}
      ${this.#fields.message(() => this.t("ui.whole_number_wanted"))}</div>`;
  }

  readonly #fields = new NumberFields(this, () => this.store.language.value);
}

define("np-data-details", DataDetails);
