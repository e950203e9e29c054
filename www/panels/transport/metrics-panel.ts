/** The few figures that matter, in reserved space; the test set stays sealed until it is asked for. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { icons } from "../../ui/icons.js";
import { View } from "../../ui/view.js";

export class MetricsPanel extends View {
  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const summary = store.summary.value;
    const config = store.config.value;
    if (!summary || !config) return nothing;
    const metrics = store.reading.value?.metrics ?? null;
    const score = summary.task === "regression" ? "r2" : "accuracy";
    const part = metrics?.validation ?? metrics?.train;
    const { test } = summary.counts;
    const revealed = store.testRevealed.value;
    const penalised = !["none", "weight_decay"].includes(config.training.penalty.id);
    return html`<section class="metrics" aria-label=${this.t("ui.metrics")}>
      <dl class="cards ${penalised && summary.counts.validation > 0 ? "four" : ""}">
        ${this.#card(this.t("ui.train_loss"), this.figure(metrics?.train.loss), "metric-train-loss")}
        ${summary.counts.validation > 0 ? this.#card(this.t("ui.validation_loss"), this.figure(metrics?.validation?.loss), "metric-validation-loss") : nothing}
        ${this.#card(this.t(summary.counts.validation > 0 ? "ui.validation_score" : "ui.train_score", { score: this.name("metric", score) }),
          this.#score(score, part?.[score]), `metric-validation-${score}`)}
        ${penalised ? this.#card(this.t("ui.penalty"), this.figure(metrics?.train.penalty), "metric-penalty") : nothing}
      </dl>
      ${test > 0 ? this.control("test", () => html`<div class="test-row ${revealed > 0 ? "open" : "sealed"}">
        ${revealed > 0 && metrics?.test ? html`<dl class="cards test ${metrics.test_current ? "" : "past"}" data-testid="test-cards">
          ${this.#card(this.t("ui.test_loss"), this.figure(metrics.test.loss), "metric-test-loss")}
          ${this.#card(this.t("ui.test_score", { score: this.name("metric", score) }), this.#score(score, metrics.test[score]), `metric-test-${score}`)}
          <div class="card again" title=${this.t("ui.test_opened_before", { count: revealed })}><dt>${this.t(
            metrics.test_current ? "ui.test_now" : "ui.test_then", { epoch: this.number(Math.floor((metrics.test_epoch ?? 0) + 1e-6), 0) })}</dt><dd>${this.number(revealed, 0)}×
            <button type="button" class="icon-button quiet small" part="button" data-testid="reveal-test" title=${this.t("ui.open_again")}
              aria-label=${this.t("ui.open_again")} @click=${() => void store.actions.revealTest()}>${icons.measure}</button></dd></div>
        </dl>` : html`<span class="seal">${icons.lock}<span>${revealed > 0 ? this.t("ui.test_opened_before", { count: revealed }) : this.t("ui.test_sealed", { count: test })}</span>
          <np-help .text=${this.help("ui", "test")} .label=${this.t("ui.help_for", { name: this.t("ui.test") })}></np-help></span>
          <button type="button" class="button small" part="button" data-testid="reveal-test" title=${this.t("ui.reveal_test")}
            @click=${() => void store.actions.revealTest()}>${this.t("ui.open")}</button>`}
        <np-field-message .store=${store} .path=${"test"}></np-field-message>
      </div>`) : nothing}
    </section>`;
  }

  #card(label: string, value: string, id: string): TemplateResult {
    return html`<div class="card" part="card"><dt>${label}</dt><dd data-testid=${id}>${value}</dd></div>`;
  }

  #score(id: string, value: number | undefined): string {
    if (value === undefined || Number.isNaN(value)) return "–";
    return id === "accuracy" ? this.percentage(value) : this.figure(value);
  }
}

define("np-metrics-panel", MetricsPanel);
