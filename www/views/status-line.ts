/** One sentence that says what is happening, from the state alone; after divergence the remedies, one press each. */

import { html, nothing, type TemplateResult } from "lit";
import { lookUp } from "../i18n/index.js";
import { View } from "./view.js";

/** Epochs without a better validation loss before the sentence speaks of it: fewer is chance. */
const STALE_EPOCHS = 20;

export class StatusLine extends View {
  protected override render(): TemplateResult {
    const { finish, playing } = this.store;
    const end = finish.value;
    return html`<div class="status ${end?.reason === "diverged" ? "alarm" : ""}">
      <p aria-live=${playing.value ? "off" : "polite"}>${this.#sentence()}</p>
      ${end && end.remedies.length > 0 ? html`<div class="remedies">${end.remedies.map((remedy) => html`
        <button type="button" class="button small" @click=${() => this.#remedy(remedy.id, remedy.patch)}>${
          lookUp(this.store.language.value, `remedy.${remedy.id}`) ?? remedy.id}</button>`)}</div>` : nothing}
    </div>`;
  }

  async #remedy(id: string, patch: unknown): Promise<void> {
    const { actions } = this.store;
    if (patch && Object.keys(patch).length > 0) await actions.patch(patch, `remedy.${id}`);
    await actions.reset();
    await actions.play();
  }

  #sentence(): string {
    const { store } = this;
    const frame = store.frame.value;
    const end = store.finish.value;
    if (store.broken.value) return this.t("status.failed");
    if (!store.config.value || !frame) return this.t("status.loading");
    if (end) {
      const detail: Record<string, string | number> = { epoch: Math.floor(end.epoch), step: end.step };
      for (const [name, value] of Object.entries(end.detail)) {
        detail[name] = typeof value === "number" ? this.number(value, 4) : lookUp(store.language.value, `metric.${value}`) ?? value;
      }
      return [lookUp(store.language.value, `finished.${end.reason}`, detail) ?? end.reason, this.#test()].filter(Boolean).join(store.language.value === "en" ? " " : "");
    }
    if (frame.step === 0) return this.t(store.playing.value ? "status.first_steps" : "status.not_started");
    const stale = this.#staleEpochs();
    if (stale !== null) return this.t(store.playing.value ? "status.training_stale" : "status.paused_stale", { epoch: Math.floor(frame.epoch), count: stale });
    const train = frame.metrics?.train.loss;
    const validation = frame.metrics?.validation?.loss;
    const key = store.playing.value ? "status.training" : "status.paused";
    const values = { epoch: Math.floor(frame.epoch), train: this.figure(train) };
    return validation === undefined ? this.t(`${key}_train_only`, values) : this.t(key, { ...values, validation: this.figure(validation) });
  }

  /** What the test set said, if it was opened at this very step. */
  #test(): string {
    const metrics = this.store.frame.value?.metrics;
    if (!metrics?.test || metrics.test_step !== metrics.step) return "";
    const score = this.store.summary.value?.task === "regression" ? "r2" : "accuracy";
    const value = metrics.test[score] ?? NaN;
    return this.t(`status.test_${score}`, { loss: this.fixed(metrics.test.loss, 3),
      value: score === "accuracy" ? `${this.fixed(value * 100, 1)} %` : this.fixed(value, 3) });
  }

  /** Epochs since the validation loss was lowest, where that is long ago; null else. */
  #staleEpochs(): number | null {
    const history = this.store.frame.value?.history;
    const column = history?.columns.indexOf("validation_loss") ?? -1;
    if (!history || column < 0 || history.rows === 0) return null;
    const { data, rows, columns } = history;
    let best = Infinity;
    let at = 0;
    for (let row = 0; row < rows; row++) {
      const loss = data[row * columns.length + column] ?? NaN;
      if (loss < best) {
        best = loss;
        at = data[row * columns.length] ?? 0;
      }
    }
    const now = data[(rows - 1) * columns.length] ?? 0;
    const count = Math.floor(now - at);
    if (count < Math.max(STALE_EPOCHS, now * 0.15)) return null;
    const unit = count < 100 ? 10 : 10 ** Math.floor(Math.log10(count));
    return Math.floor(count / unit) * unit;
  }
}

customElements.define("status-line", StatusLine);
