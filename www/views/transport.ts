/** Play, step, epoch, reset, seed, speed; the counters. */

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { rateOf, stopAfter } from "../speed.js";
import { changeWords } from "./change-words.js";
import "./engine-badge.js";
import { icons } from "./icons.js";
import { View } from "./view.js";

export class TransportBar extends View {
  protected override render(): TemplateResult {
    const { store } = this;
    const { actions } = store;
    const playing = store.playing.value;
    const ready = store.catalog.value !== null;
    const frame = store.frame.value;
    const label = this.t(playing ? "ui.pause" : "ui.play");
    return html`<section class="transport" aria-label=${this.t("ui.transport")}>
      <button type="button" class="play" data-testid="play" aria-label=${label} title=${`${label} (${this.t("ui.space_key")})`}
        aria-keyshortcuts="Space" ?disabled=${!ready} @click=${() => void actions.toggle()}>${playing ? icons.pause : icons.play}</button>
      <div class="buttons">
        ${this.#button("step", "ui.step", () => actions.step())}
        ${this.#button("epoch", "ui.epoch_button", () => actions.epoch())}
        ${this.#button("reset", "ui.reset", () => actions.reset())}
        ${this.#button("new-seed", "ui.new_seed", () => actions.newSeed(["init", "batches"]))}
      </div>
      <div class="buttons history" role="group" aria-label="${this.t("ui.undo")}, ${this.t("ui.redo")}">
        ${this.#history("undo")}${this.#history("redo")}
      </div>
      <dl class="counters">
        <div><dt>${this.t("ui.epoch")}</dt><dd data-testid="epoch-counter">${this.number(Math.floor((frame?.epoch ?? 0) + 1e-6), 0)}</dd></div>
        <div><dt>${this.t("ui.step_count")}</dt><dd data-testid="step-counter">${this.number(frame?.step ?? 0, 0)}</dd></div>
      </dl>
      ${this.#speed()}
      <span class="spacer"></span>
      <engine-badge .store=${store}></engine-badge>
    </section>`;
  }

  #button(id: "step" | "epoch" | "reset" | "new-seed", key: "ui.step" | "ui.epoch_button" | "ui.reset" | "ui.new_seed", act: () => Promise<void>): TemplateResult {
    const icon = id === "new-seed" ? icons.dice : icons[id];
    return html`<button type="button" class="icon-button" data-testid=${id} aria-label=${this.t(key)} title=${this.t(key)}
      ?disabled=${this.store.catalog.value === null} @click=${() => void act()}>${icon}</button>`;
  }

  /** Takes a change back, or makes it again; the title says which. It keeps the focus while there is nothing to do. */
  #history(way: "undo" | "redo"): TemplateResult {
    const { store } = this;
    const history = store.catalog.value ? store.actions.history : null;
    const change = (way === "undo" ? history?.past : history?.future)?.value.at(-1);
    const label = change ? this.t(`ui.${way}_change`, { change: changeWords(store, change) }) : this.t(`ui.${way}`);
    return html`<button type="button" class="icon-button" data-testid=${way} aria-label=${label} title=${label} aria-disabled=${!change}
      aria-keyshortcuts=${way === "undo" ? "Control+Z Meta+Z" : "Control+Shift+Z Meta+Shift+Z Control+Y"}
      @click=${() => { if (change) void store.actions[way](); }}>${icons[way]}</button>`;
  }

  #speed(): TemplateResult {
    const { store } = this;
    const position = store.speed.value;
    const rate = rateOf(position, store.summary.value);
    const text = rate.stepsPerSecond ? this.t("ui.steps_per_second", { count: rate.stepsPerSecond })
      : rate.epochsPerSecond ? this.t("ui.epochs_per_second", { count: rate.epochsPerSecond }) : this.t("ui.flat_out");
    return html`<label class="speed"><span class="caption">${this.t("ui.speed")} <output>${text}</output></span>
      <input class="slider" type="range" min="0" max="1" step="0.005" data-testid="speed" style="--fill: ${position}" ?disabled=${store.catalog.value === null} .value=${live(String(position))}
        aria-label=${this.t("ui.speed")} aria-valuetext=${text} @input=${(event: Event) => store.actions.setSpeed(Number((event.target as HTMLInputElement).value))}
        @keydown=${(event: KeyboardEvent) => this.#pressSpeed(event)}></label>`;
  }

  /** Arrow keys in steps that can be told apart; Home and End are the browser's. */
  #pressSpeed(event: KeyboardEvent): void {
    const presses: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 4, PageDown: -4 };
    const by = presses[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.store.actions.setSpeed(stopAfter(this.store.speed.value, by));
  }
}

customElements.define("transport-bar", TransportBar);
