/** When training ends of its own accord: after so many epochs, at a target, or when nothing gets better. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Catalog, Config, MetricEntry } from "../../engine/types.js";
import { limitsOf, select, toggle } from "../../ui/controls.js";
import { View } from "../../ui/view.js";

const EARLY = "training.early_stopping";
const TARGET = "training.stop.target";

export class StoppingPanel extends View {
  protected override render(): TemplateResult | typeof nothing {
    const catalog = this.store.catalog.value;
    const config = this.store.config.value;
    if (!catalog || !config) return nothing;
    const { stop, early_stopping: early } = config.training;
    return html`<details class="more"><summary>${this.t("ui.group_stop")}<span class="now">${this.#now(config)}</span></summary>
      <div class="fields">
        ${this.#number(catalog, "training.stop.epochs", stop.epochs)}
        ${this.#toggle("training.stop.evaluate_test", stop.evaluate_test, (on) => this.store.actions.set("training.stop.evaluate_test", on))}
        ${this.#toggle(EARLY, early !== null, (on) => this.store.actions.set(EARLY, on ? {} : null))}
        ${early ? html`
          ${this.#metric(`${EARLY}.metric`, early.metric, this.#metrics(catalog))}
          ${this.#number(catalog, `${EARLY}.patience`, early.patience)}
          ${this.#number(catalog, `${EARLY}.min_delta`, early.min_delta)}
          ${this.#toggle(`${EARLY}.restore_best`, early.restore_best, (on) => this.store.actions.set(`${EARLY}.restore_best`, on))}` : nothing}
        ${this.#toggle(TARGET, stop.target !== null, (on) => this.store.actions.set(TARGET, on ? {} : null))}
        ${stop.target ? html`
          ${this.#metric(`${TARGET}.metric`, stop.target.metric, this.#metrics(catalog))}
          ${this.#number(catalog, `${TARGET}.value`, stop.target.value)}` : nothing}
      </div></details>`;
  }

  #now({ training }: Config): string {
    const parts = [training.stop.epochs > 0 ? this.t("ui.epoch_count", { count: training.stop.epochs }) : "",
      training.early_stopping ? this.name("field", EARLY) : "", training.stop.target ? this.name("field", TARGET) : ""].filter(Boolean);
    return parts.length > 0 ? parts.join(" · ") : this.t("ui.never");
  }

  #metrics(catalog: Catalog): MetricEntry[] {
    const task = this.store.summary.value?.task;
    return catalog.metrics.filter((metric) => metric.task === "both" || metric.task === task);
  }

  #metric(path: string, value: string, metrics: MetricEntry[]): TemplateResult {
    return select(this, { label: this.name("field", path), help: this.help("field", path), value, path,
      options: metrics.map(({ id }) => ({ id, name: this.name("metric", id) })),
      choose: (id) => void this.store.actions.set(path, id) });
  }

  #toggle(path: string, value: boolean, set: (on: boolean) => Promise<void>): TemplateResult {
    return toggle(this, { label: this.name("field", path), help: this.help("field", path), value, path, set: (on) => void set(on) });
  }

  #number(catalog: Catalog, path: string, value: number): TemplateResult | typeof nothing {
    const spec = catalog.fields.find((field) => field.path === path);
    if (!spec) return nothing;
    return html`<np-number .store=${this.store} .label=${this.name("field", path)} .helpText=${this.help("field", path)}
      .limits=${limitsOf(spec)} .value=${value} .path=${path} .commit=${(to: number) => this.store.actions.set(path, to)}></np-number>`;
  }
}

define("np-stopping-panel", StoppingPanel);
