/** What the groups of the training panel hold while they are open. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Catalog, Choice, Config, Entry } from "../../engine/types.js";
import type { ControlId } from "../../state/store.js";
import { parameters, toggle } from "../../ui/controls.js";
import { RATE, TrainingControls } from "./training-panel.js";
import { View } from "../../ui/view.js";

export class TrainingDetails extends TrainingControls {
  static override properties = { ...View.properties, group: {} };
  /** Which group it is, by the control that shows, locks or hides it. */
  declare group: ControlId;

  #paramsOf(catalog: Catalog, table: "schedules" | "clips" | "initializers", path: string, choice: Choice): TemplateResult[] {
    const entry = (catalog[table] as Entry[]).find((each) => each.id === choice.id);
    return parameters(this, { entry, choice, path, set: (to) => this.store.actions.set(path, to) });
  }

  protected override render(): unknown {
    const catalog = this.store.catalog.value;
    const config = this.store.config.value;
    if (!catalog || !config) return nothing;
    const { training, network } = config;
    if (this.group === "optimizer") return this.#optimizer(catalog, config);
    if (this.group === "schedule") {
      return [this.choiceOf(catalog, "schedules", "training.schedule", training.schedule), this.#paramsOf(catalog, "schedules", "training.schedule", training.schedule)];
    }
    if (this.group === "clipping") {
      return [this.choiceOf(catalog, "clips", "training.clip", training.clip), this.#paramsOf(catalog, "clips", "training.clip", training.clip),
        this.numberOf(catalog, "training.max_norm", training.max_norm)];
    }
    return (["weight_initializer", "bias_initializer"] as const).map((name) => [
      this.choiceOf(catalog, "initializers", `network.${name}`, network[name]), this.#paramsOf(catalog, "initializers", `network.${name}`, network[name]),
    ]);
  }

  #optimizer(catalog: Catalog, { training }: Config): TemplateResult {
    return html`${parameters(this, { entry: catalog.optimizers.find(({ id }) => id === training.optimizer.id), choice: training.optimizer, path: "training.optimizer",
      skip: [RATE], set: (choice) => this.store.actions.set("training.optimizer", choice) })}
      ${this.#flag(catalog, "training.shuffled", training.shuffled)}`;
  }

  #flag(catalog: Catalog, path: string, value: boolean): TemplateResult | typeof nothing {
    if (!this.fieldOf(catalog, path)) return nothing;
    return toggle(this, { label: this.name("field", path), help: this.help("field", path), value, path,
      set: (on) => void this.store.actions.set(path, on) });
  }
}

define("np-training-details", TrainingDetails);
