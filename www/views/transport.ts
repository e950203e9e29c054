/** Play, step, epoch, reset, seed, speed; the counters. */

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { rateOf } from "../speed.js";
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

  #speed(): TemplateResult {
    const { store } = this;
    const position = store.speed.value;
    const rate = rateOf(position, store.summary.value);
    const text = rate.stepsPerSecond ? this.t("ui.steps_per_second", { count: rate.stepsPerSecond })
      : rate.epochsPerSecond ? this.t("ui.epochs_per_second", { count: rate.epochsPerSecond }) : this.t("ui.flat_out");
    return html`<label class="speed"><span class="caption">${this.t("ui.speed")} <output>${text}</output></span>
      <input class="slider" type="range" min="0" max="1" step="0.005" style="--fill: ${position}" ?disabled=${store.catalog.value === null} .value=${live(String(position))}
        aria-label=${this.t("ui.speed")} aria-valuetext=${text} @input=${(event: Event) => store.actions.setSpeed(Number((event.target as HTMLInputElement).value))}></label>`;
  }
}

customElements.define("transport-bar", TransportBar);
