/** What the network gets right and wrong: the confusion matrix, and every metric on every part. */

import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { define } from "../../ui/define.js";
import type { Metrics, ModelSummary } from "../../engine/types.js";
import { View } from "../../ui/view.js";
import "./confusion-view.js";

/** Means over the classes: kept apart, they say the same in different ways. */
const AVERAGE = /_(macro|micro)$/;

type Part = "train" | "validation" | "test";

/** Whether figures are of an earlier moment: those of the test set stay as they were measured. */
function past(part: Part, metrics: Metrics): boolean {
  return part === "test" && metrics.test_current === false;
}

export class EvaluateTab extends View {
  protected override render(): TemplateResult | typeof nothing {
    const summary = this.store.summary.value;
    const metrics = this.store.reading.value?.metrics;
    if (!summary || !metrics) return nothing;
    return html`<div class="evaluate">${this.#confusion(summary, metrics)}${this.#table(metrics)}</div>`;
  }

  #table(metrics: Metrics): TemplateResult {
    const catalog = this.store.catalog.value;
    const parts: Part[] = ["train", ...(metrics.validation ? ["validation" as const] : []), ...(metrics.test ? ["test" as const] : [])];
    const rows = (catalog?.metrics ?? []).map(({ id }) => id).filter((id) => metrics.train[id] !== undefined);
    const averages = rows.filter((id) => AVERAGE.test(id));
    return html`<section class="scores"><header class="section-head"><h3>${this.t("ui.scores")}</h3>
        <p>${this.t("ui.after_epochs", { epoch: Math.floor(metrics.epoch) })}</p></header>
      ${this.#rows(metrics, parts, rows.filter((id) => !AVERAGE.test(id)))}
      ${averages.length > 0 ? html`<details class="more"><summary>${this.t("ui.averages")}</summary>${this.#rows(metrics, parts, averages)}</details>` : nothing}
    </section>`;
  }

  #rows(metrics: Metrics, parts: Part[], ids: string[]): TemplateResult {
    return html`<div class="table-holder" tabindex="0" role="group" aria-label=${this.t("ui.scores")}><table>
      <thead><tr><th scope="col"><span class="visually-hidden">${this.t("ui.metric")}</span></th>
        ${parts.map((part) => html`<th scope="col">${this.#part(part, metrics)}</th>`)}</tr></thead>
      <tbody>${ids.map((id) => html`<tr><th scope="row"><span class="with-help">${this.name("metric", id)}
          <np-help .text=${this.help("metric", id)} .label=${this.t("ui.help_for", { name: this.name("metric", id) })}></np-help></span></th>
        ${parts.map((part) => this.#cell(metrics, part, id))}</tr>`)}</tbody>
    </table></div>${this.#notes(metrics, ids)}`;
  }

  #cell(metrics: Metrics, part: Part, id: string): TemplateResult {
    const marked = metrics.undefined.some((figure) => figure.part === part && figure.metric === id);
    return html`<td class=${past(part, metrics) ? "past" : ""}>${this.figure(metrics[part]?.[id])}${marked ? "*" : nothing}</td>`;
  }

  /** What stands for a figure that has no value of its own, and why. */
  #notes(metrics: Metrics, ids: string[]): TemplateResult[] {
    const reasons = new Set(metrics.undefined.filter(({ metric }) => ids.includes(metric)).map(({ reason }) => reason));
    return [...reasons].map((reason) => html`<p class="note">* ${this.name("undefined", reason)}</p>`);
  }

  /** A part's name; of the test set, the epoch that its figures are of where that is not the present one. */
  #part(part: Part, metrics: Metrics): string {
    const name = this.t(`ui.${part}`);
    return past(part, metrics) ? this.t("ui.of_epoch", { name, epoch: this.number(Math.floor((metrics.test_epoch ?? 0) + 1e-6), 0) }) : name;
  }

  #confusion(summary: ModelSummary, metrics: Metrics): TemplateResult | typeof nothing {
    // Figures of another epoch, or from before a change, do not stand for the present network.
    const part: Part = metrics.test && metrics.test_current ? "test" : metrics.validation ? "validation" : "train";
    const { confusion } = metrics;
    const counts = confusion?.[part];
    if (!confusion || !counts) return nothing;
    const { image } = dataOf(summary);
    const names = confusion.classes === 2 ? [this.t("view.class.orange"), this.t("view.class.blue")]
      : Array.from({ length: confusion.classes }, (_, index) => (image ? String(index) : this.t("view.class.number", { index })));
    return html`<section class="confusion"><header class="section-head"><h3>${this.t("ui.confusion")}</h3><p>${this.#part(part, metrics)}</p></header>
      <np-confusion-view .t=${this.store.words.value} .language=${this.store.language.value} .counts=${counts} .names=${names}></np-confusion-view></section>`;
  }
}

define("np-evaluate-tab", EvaluateTab);
