/** How the network learns: the five main choices at once; what is in the groups (training-details.ts) is fetched later. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { fetchLater } from "../../app/deferred.js";
import type { Catalog, Choice, Config, Entry, FieldSpec } from "../../engine/types.js";
import type { ControlId } from "../../state/store.js";
import { absent } from "../../ui/absent.js";
import { limitsOf, select } from "../../ui/controls.js";
import { View } from "../../ui/view.js";

type Table = "losses" | "optimizers" | "schedules" | "penalties" | "clips" | "initializers";
const SINGULAR: Record<Table, string> = {
  losses: "loss", optimizers: "optimizer", schedules: "schedule", penalties: "penalty", clips: "clip", initializers: "initializer",
};
export const RATE = "learning_rate";

/** Controls of how the network learns, by the catalog's tables and fields. */
export abstract class TrainingControls extends View {
  protected choiceOf(catalog: Catalog, table: Table, path: string, choice: Choice, testId?: string): TemplateResult {
    const one = SINGULAR[table];
    return select(this, {
      label: this.name("field", path), value: choice.id, path, testId,
      help: [this.help("field", path), `${this.name(one, choice.id)}: ${this.help(one, choice.id)}`].join("\n"),
      options: catalog[table].map(({ id }) => ({ id, name: this.name(one, id) })),
      choose: (id) => void this.store.actions.set(path, { id }),
    });
  }

  protected fieldOf(catalog: Catalog, path: string): FieldSpec | undefined {
    return catalog.fields.find((field) => field.path === path);
  }

  protected numberOf(catalog: Catalog, path: string, value: number): TemplateResult | typeof nothing {
    const spec = this.fieldOf(catalog, path);
    if (!spec) return nothing;
    return html`<np-number .store=${this.store} .label=${this.name("field", path)} .helpText=${this.help("field", path)}
      .limits=${limitsOf(spec)} .value=${value} .path=${path} .commit=${(to: number) => this.store.actions.set(path, to)}></np-number>`;
  }
}

export class TrainingPanel extends TrainingControls {
  protected override render(): TemplateResult | typeof nothing {
    const catalog = this.store.catalog.value;
    const config = this.store.config.value;
    if (!catalog || !config) return nothing;
    const { training, network } = config;
    const optimizer = catalog.optimizers.find((entry) => entry.id === training.optimizer.id);
    return html`<section class="panel training-panel" aria-label=${this.t("ui.training")}>
      <div class="main-controls">
        ${this.control("loss", () => html`<div class="loss-control">${this.choiceOf(catalog, "losses", "training.loss", training.loss, "loss")}
          ${this.#lossParameters(catalog, training.loss)}</div>`)}
        ${this.control("optimizer", () => this.choiceOf(catalog, "optimizers", "training.optimizer", training.optimizer, "optimizer"))}
        ${this.control("regularization", () => this.choiceOf(catalog, "penalties", "training.penalty", training.penalty, "penalty"))}
        ${this.control("learning-rate", () => this.#rate(optimizer, training.optimizer))}
        ${this.control("batch-size", () => training.optimizer.id === "gd" ? html`<p class="hint full-batch">${this.t("ui.full_batch")}</p>`
          : this.numberOf(catalog, "training.batch_size", training.batch_size))}
        ${this.control("regularization-rate", () => this.#strength(catalog, training.penalty))}
      </div>
      <div class="groups">
        ${this.#group("optimizer", this.t("ui.group_optimizer"), this.name("optimizer", training.optimizer.id))}
        ${this.#group("schedule", this.t("ui.group_schedule"), this.name("schedule", training.schedule.id))}
        ${this.#group("clipping", this.t("ui.group_limits"), this.#limitsNow(config))}
        ${this.#group("initializer", this.t("ui.group_initializers"), this.name("initializer", network.weight_initializer.id))}
        ${this.control("stop", () => html`<np-stopping-panel .store=${this.store}></np-stopping-panel>`)}
      </div>
    </section>`;
  }

  /** Closed, it says what is chosen in it. */
  #group(id: ControlId, title: string, now: string): TemplateResult | typeof nothing {
    return this.control(id, () => html`<details class="more" @toggle=${() => void fetchLater(this.getRootNode() as ShadowRoot)}><summary>${title}<span class="now">${now}</span></summary>
      <np-training-details class="fields" .store=${this.store} .group=${id}></np-training-details></details>`);
  }

  /** Beside the loss's name, so that nothing moves when another loss has one. */
  #lossParameters(catalog: Catalog, choice: Choice): TemplateResult[] {
    const entry = catalog.losses.find(({ id }) => id === choice.id);
    return (entry?.params ?? []).map((spec) => html`<np-number bare .store=${this.store} .label=${this.name("param", spec.id)} .helpText=${this.help("param", spec.id)}
      .limits=${limitsOf(spec)} .value=${Number(choice[spec.id] ?? spec.default)} .path=${`training.loss.${spec.id}`}
      .commit=${(to: number) => this.store.actions.set("training.loss", { id: choice.id, [spec.id]: to })}></np-number>`);
  }

  /** How strong the penalty is: its place is kept while there is none. */
  #strength(catalog: Catalog, choice: Choice): TemplateResult {
    const label = this.t("ui.regularization_rate");
    const spec = catalog.penalties.find(({ id }) => id === choice.id)?.params[0];
    if (!spec) return absent(label);
    return html`<np-number .store=${this.store} .label=${label} .helpText=${this.help("param", spec.id)} .limits=${limitsOf(spec)}
      .value=${Number(choice[spec.id] ?? spec.default)} .path=${`training.penalty.${spec.id}`}
      .commit=${(to: number) => this.store.actions.set("training.penalty", { id: choice.id, [spec.id]: to })}></np-number>`;
  }

  #limitsNow({ training }: Config): string {
    const parts = [training.clip.id === "none" ? "" : this.name("clip", training.clip.id),
      training.max_norm > 0 ? this.name("field", "training.max_norm") : ""].filter(Boolean);
    return parts.length > 0 ? parts.join(" · ") : this.t("ui.off");
  }

  #rate(optimizer: Entry | undefined, choice: Choice): TemplateResult | typeof nothing {
    const spec = optimizer?.params.find((each) => each.id === RATE);
    if (!spec) return nothing;
    const base = Number(choice[RATE] ?? spec.default);
    const scheduled = this.store.config.value?.training.schedule.id !== "constant";
    return html`<div class="rate-control"><np-number .store=${this.store} .label=${this.name("param", RATE)} .helpText=${this.help("param", RATE)}
      .limits=${limitsOf(spec)} .value=${base} .path=${`training.optimizer.${RATE}`}
      .commit=${(to: number) => this.store.actions.set("training.optimizer", { id: choice.id, [RATE]: to })}></np-number>
      ${scheduled ? html`<np-rate-now .store=${this.store}></np-rate-now>` : nothing}</div>`;
  }
}

/** The rate that the schedule makes of it at this step. */
export class RateNow extends View {
  protected override render(): TemplateResult {
    const rate = this.store.reading.value?.learning_rate ?? 0;
    return html`<p class="hint">${this.t("ui.rate_now", { rate: rate.toPrecision(3) })}</p>`;
  }
}

define("np-rate-now", RateNow);
define("np-training-panel", TrainingPanel);
