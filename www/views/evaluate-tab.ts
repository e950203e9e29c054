/** What the network gets right and wrong: the confusion matrix of two classes, and every metric on every part. */

import { html, nothing, type TemplateResult } from "lit";
import type { Metrics, ModelSummary, SplitMetrics } from "../engine/types.js";
import { View } from "./view.js";
import "./confusion-view.js";

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
    const rows = (catalog?.metrics ?? []).filter(({ id }) => metrics.train[id] !== undefined);
    return html`<section class="scores"><header class="section-head"><h3>${this.t("ui.scores")}</h3>
        <p>${this.t("ui.after_epochs", { epoch: Math.floor(metrics.epoch) })}</p></header>
      <div class="table-holder" tabindex="0" role="region" aria-label=${this.t("ui.scores")}><table>
        <thead><tr><th scope="col"><span class="visually-hidden">${this.t("ui.metric")}</span></th>
          ${parts.map((part) => html`<th scope="col">${this.t(`ui.${part}`)}</th>`)}</tr></thead>
        <tbody>${rows.map(({ id }) => html`<tr><th scope="row"><span class="with-help">${this.name("metric", id)}
            <np-help .text=${this.help("metric", id)} .label=${this.t("ui.help_for", { name: this.name("metric", id) })}></np-help></span></th>
          ${parts.map((part) => html`<td>${this.#figure(metrics[part]?.[id])}</td>`)}</tr>`)}</tbody>
      </table></div></section>`;
  }

  #figure(value: number | undefined): string {
    return value === undefined || Number.isNaN(value) ? "–" : this.fixed(value, 3);
  }

  #confusion(summary: ModelSummary, metrics: Metrics): TemplateResult | typeof nothing {
    const part: Part = metrics.test ? "test" : metrics.validation ? "validation" : "train";
    const counts = summary.classes === 2 ? this.#counts(part, metrics[part]) : null;
    if (!counts) return nothing;
    const names = [this.t("view.class.orange"), this.t("view.class.blue")];
    return html`<section class="confusion"><header class="section-head"><h3>${this.t("ui.confusion")}</h3><p>${this.t(`ui.${part}`)}</p></header>
      <np-confusion-view .t=${this.store.words.value} .language=${this.store.language.value} .counts=${counts} .names=${names}></np-confusion-view></section>`;
  }

  /** Rows are the truth, columns what was said. Exact: accuracy and recall with the class sizes leave one solution. */
  #counts(part: Part, scores: SplitMetrics | null): number[] | null {
    const points = this.store.points.value;
    const accuracy = scores?.accuracy;
    const recall = scores?.recall;
    if (!points || accuracy === undefined || recall === undefined) return null;
    const code = part === "train" ? 0 : part === "validation" ? 1 : 2;
    let positives = 0;
    let all = 0;
    points.split.forEach((split, i) => {
      if (split !== code) return;
      all++;
      if (points.label[i] === 1) positives++;
    });
    const truePositives = Math.round((recall || 0) * positives);
    const trueNegatives = Math.round(accuracy * all) - truePositives;
    return [trueNegatives, all - positives - trueNegatives, positives - truePositives, truePositives];
  }
}

customElements.define("evaluate-tab", EvaluateTab);
