/** What the network gets right and wrong: the confusion matrix, and every metric on every part. */

import { html, nothing, type TemplateResult } from "lit";
import type { Metrics, ModelSummary } from "../engine/types.js";
import { View } from "./view.js";
import "./confusion-view.js";

/** Means over the classes: kept apart, they say the same in different ways. */
const AVERAGE = /_(macro|micro)$/;

type Part = "train" | "validation" | "test";

export class EvaluateTab extends View {
  protected override render(): TemplateResult | typeof nothing {
    const summary = this.store.summary.value;
    const metrics = this.store.frame.value?.metrics;
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
        ${parts.map((part) => html`<th scope="col">${this.t(`ui.${part}`)}</th>`)}</tr></thead>
      <tbody>${ids.map((id) => html`<tr><th scope="row"><span class="with-help">${this.name("metric", id)}
          <np-help .text=${this.help("metric", id)} .label=${this.t("ui.help_for", { name: this.name("metric", id) })}></np-help></span></th>
        ${parts.map((part) => html`<td>${this.figure(metrics[part]?.[id])}</td>`)}</tr>`)}</tbody>
    </table></div>`;
  }

  #confusion(summary: ModelSummary, metrics: Metrics): TemplateResult | typeof nothing {
    const part: Part = metrics.test ? "test" : metrics.validation ? "validation" : "train";
    const { confusion } = metrics;
    const counts = confusion?.[part];
    if (!confusion || !counts) return nothing;
    const digits = summary.kind === "digits";
    const names = confusion.classes === 2 ? [this.t("view.class.orange"), this.t("view.class.blue")]
      : Array.from({ length: confusion.classes }, (_, index) => (digits ? String(index) : this.t("view.class.number", { index })));
    return html`<section class="confusion"><header class="section-head"><h3>${this.t("ui.confusion")}</h3><p>${this.t(`ui.${part}`)}</p></header>
      <np-confusion-view .t=${this.store.words.value} .language=${this.store.language.value} .counts=${counts} .names=${names}></np-confusion-view></section>`;
  }
}

customElements.define("evaluate-tab", EvaluateTab);
