/** What the network gets right and wrong: the confusion matrix of two classes, and every metric on every part. */

import { html, nothing, type TemplateResult } from "lit";
import type { Metrics, ModelSummary, SplitMetrics } from "../engine/types.js";
import { View } from "./view.js";

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
    const most = Math.max(1, ...counts.flat());
    const names = [this.t("ui.class_orange"), this.t("ui.class_blue")];
    return html`<section class="confusion"><header class="section-head"><h3>${this.t("ui.confusion")}</h3><p>${this.t(`ui.${part}`)}</p></header>
      <table><thead><tr><td></td>${names.map((name) => html`<th scope="col">${this.t("ui.said", { name })}</th>`)}</tr></thead>
        <tbody>${counts.map((row, truth) => html`<tr><th scope="row">${this.t("ui.is", { name: names[truth] ?? "" })}</th>
          ${row.map((count, said) => html`<td class=${truth === said ? "right" : "wrong"} style="--share: ${count / most}">${this.number(count, 0)}</td>`)}</tr>`)}
        </tbody></table></section>`;
  }

  /** Rows are the truth, columns what was said. Exact: accuracy and recall with the class sizes leave one solution. */
  #counts(part: Part, scores: SplitMetrics | null): number[][] | null {
    const points = this.store.points.value;
    const { accuracy, recall } = scores ?? {};
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
    return [[trueNegatives, all - positives - trueNegatives], [positives - truePositives, truePositives]];
  }
}

customElements.define("evaluate-tab", EvaluateTab);
