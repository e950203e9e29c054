/** One line that says what is happening; after divergence the remedies, one press each. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Frame } from "../../engine/types.js";
import { lookUp } from "../../i18n/index.js";
import type { Teller } from "../../insights/teller.js";
import { lazy } from "../../ui/lazy.js";
import { View } from "../../ui/view.js";

const telling = lazy(() => import("../../insights/teller.js"));

/** Whoever listens is told what goes on at most so often while it plays. */
const SAY_PERIOD = 12_000;

export class StatusLine extends View {
  #teller: Teller | null = null;
  /** What was last said to those who listen, and when. */
  #said = "";
  #saidAt = -Infinity;
  #saidOf = "";

  protected override render(): TemplateResult {
    const { finish, broken } = this.store;
    const end = finish.value;
    const line = this.#line();
    return html`<section class="status ${end?.reason === "diverged" || broken.value ? "alarm" : ""}" aria-label=${this.t("ui.status")}>
      <p data-testid="status">${line}</p>
      ${end && end.remedies.length > 0 ? html`<div class="remedies">${end.remedies.map((remedy) => html`
        <button type="button" class="button small" @click=${() => this.#remedy(remedy.id, remedy.patch)}>${
          lookUp(this.store.language.value, `remedy.${remedy.id}`) ?? remedy.id}</button>`)}</div>` : nothing}
      ${this.#canTest() ? html`<div class="remedies"><button type="button" class="button small" data-testid="finish-test"
        @click=${() => void this.store.actions.revealTest()}>${this.t("ui.reveal_test")}</button></div>` : nothing}
      <p class="visually-hidden" role="status" data-testid="live-summary">${this.#spoken(line)}</p>
    </section>`;
  }

  /** A run that has come to its end waits for its last step: the test set. */
  #canTest(): boolean {
    const { finish, summary, frame, control } = this.store;
    const metrics = frame.value?.metrics;
    return finish.value !== null && finish.value.reason !== "diverged" && (summary.value?.counts.test ?? 0) > 0 && control.value("test") === "shown"
      && metrics !== null && metrics !== undefined && !metrics.test_current;
  }

  async #remedy(id: string, patch: unknown): Promise<void> {
    const { actions } = this.store;
    if (patch && Object.keys(patch).length > 0) await actions.patch(patch, `remedy.${id}`);
    await actions.reset();
    await actions.play();
  }

  #line(): string {
    const { store } = this;
    // Sentences read the maps, and those of an earlier frame have been given back.
    const frame = store.reading.value && store.frame.peek();
    const end = store.finish.value;
    if (store.broken.value) return this.t("status.failed");
    if (!store.config.value || !frame) return this.t("status.loading");
    if (end) {
      const detail: Record<string, string | number> = { epoch: Math.floor(end.epoch), step: end.step };
      for (const [name, value] of Object.entries(end.detail)) {
        detail[name] = typeof value === "number" ? this.number(value, 4) : lookUp(store.language.value, `metric.${value}`) ?? value;
      }
      return this.#join([lookUp(store.language.value, `finished.${end.reason}`, detail) ?? end.reason, this.#test()]);
    }
    if (frame.step === 0) return this.t(store.playing.value ? "status.first_steps" : "status.not_started");
    const told = this.#told(frame).map(({ key, values }) => lookUp(store.language.value, key, {
      ...values, ...(values.class ? { class: this.name("view.class", String(values.class)) } : {}) }) ?? key);
    if (store.playing.value) return this.#join(told.length > 0 ? told : [this.t("status.training")]);
    return this.#join([this.t(frame.epoch < 1 ? "status.paused_step" : "status.paused", { epoch: Math.floor(frame.epoch + 1e-6), step: frame.step }), ...told]);
  }

  /** What boundary and curves are doing. Nothing is to be told before something was trained, so what tells it comes then. */
  #told(frame: Frame): ReturnType<Teller["tell"]> {
    const { value } = telling;
    if (value) return (this.#teller ??= new value.Teller()).tell(frame, this.store);
    telling.want();
    return [];
  }

  /** The line for those who listen, with the figures: when something starts or ends, and now and then while it plays. */
  #spoken(line: string): string {
    const { reading: frame, playing, finish, run, broken } = this.store;
    const state = `${this.store.language.value} ${playing.value} ${finish.value?.reason} ${run.value} ${frame.value === null || frame.value.step === 0} ${broken.value}`;
    const now = performance.now();
    // One epoch or step by hand is worth telling at once.
    const byHand = !playing.value && frame.value?.step !== undefined;
    if (state === this.#saidOf && !byHand && now - this.#saidAt < SAY_PERIOD) return this.#said;
    this.#saidOf = state;
    this.#saidAt = now;
    this.#said = this.#join([line, this.#figures()]);
    return this.#said;
  }

  #figures(): string {
    const { reading: frame, summary } = this.store;
    const metrics = frame.value?.metrics;
    if (!metrics || !frame.value?.step) return "";
    const score = summary.value?.task === "regression" ? "r2" : "accuracy";
    const part = metrics.validation ?? metrics.train;
    const value = part[score] ?? NaN;
    const values = { epoch: Math.floor(frame.value.epoch + 1e-6), train: this.figure(metrics.train.loss), metric: this.name("metric", score),
      value: score === "accuracy" ? this.percentage(value) : this.figure(value) };
    return metrics.validation ? this.t("status.figures", { ...values, validation: this.figure(metrics.validation.loss) }) : this.t("status.figures_train_only", values);
  }

  #join(sentences: string[]): string {
    return sentences.filter(Boolean).join(this.t("ui.sentence_gap"));
  }

  /** What the test set said, if it was opened at this very step. */
  #test(): string {
    const metrics = this.store.reading.value?.metrics;
    if (!metrics?.test || !metrics.test_current) return "";
    const score = this.store.summary.value?.task === "regression" ? "r2" : "accuracy";
    const value = metrics.test[score] ?? NaN;
    return this.t(`status.test_${score}`, { loss: this.fixed(metrics.test.loss, 3),
      value: score === "accuracy" ? this.percentage(value) : this.fixed(value, 3) });
  }
}

define("np-status-line", StatusLine);
