/** Which engine trains, how fast and why, and the choice between them. */

import { html, nothing, type TemplateResult } from "lit";
import type { Backend, EngineInfo } from "../engine/index.js";
import { lookUp, type Values } from "../i18n/index.js";
import type { Store } from "../store.js";
import { place } from "./help.js";
import { View } from "./view.js";

const CHOICES: readonly Backend[] = ["auto", "webgpu", "cpu"];
/** Causes after which another attempt may go better: all but what the browser lacks. */
const HOPELESS = ["webgpu_missing"];

/** Why this engine trains, in the visitor's language. */
export function engineReason(store: Store, { why, values }: EngineInfo): string {
  const numbers: Values = {};
  for (const [name, value] of Object.entries(values)) numbers[name] = typeof value === "number" ? roughly(store, value) : value;
  return lookUp(store.language.value, `engine.${why}`, numbers) ?? `${why}: ${values.message ?? ""}`;
}

function roughly(store: Store, value: number): string {
  return new Intl.NumberFormat(store.language.value, { notation: value >= 1e4 ? "compact" : "standard", maximumSignificantDigits: 3 }).format(value);
}

export class EngineBadge extends View {
  static override properties = { ...View.properties, open: { state: true }, trying: { state: true } };
  declare open: boolean;
  /** The choice under way. */
  declare trying: Backend | null;

  constructor() {
    super();
    this.open = false;
    this.trying = null;
  }

  protected override render(): TemplateResult {
    const { info, frame, playing } = this.store;
    const engine = info.value;
    const backend = engine ? this.t(`ui.backend.${engine.backend}`) : "";
    const rate = frame.value?.steps_per_second ?? 0;
    const lost = engine !== null && engine.backend === "cpu" && engine.choice === "webgpu";
    return html`<div class="badge-holder">
      <button type="button" part="badge" class="badge ${playing.value ? "on" : ""} ${lost ? "lost" : ""}" data-testid="engine-badge" aria-expanded=${this.open}
        title=${this.t("ui.engine_badge", { backend })} @click=${this.#toggle}>
        <span class="lamp"></span><span>${backend}</span>
        <span class="rate">${this.t("ui.rate", { rate: this.#compact(rate) })}</span>
      </button>
      <div class="popover badge-popover" popover="auto" data-testid="engine-details" @toggle=${(event: Event) => {
        this.open = (event as ToggleEvent).newState === "open";
      }}>${engine && this.open ? this.#details(engine, backend) : nothing}</div>
    </div>`;
  }

  #details(engine: EngineInfo, backend: string): TemplateResult {
    const { race } = engine;
    const adapter = engine.adapter === null ? null : engine.software ? this.t("ui.engine_software", { adapter: engine.adapter }) : engine.adapter;
    return html`
      <div class="engine-choice" role="radiogroup" aria-label=${this.t("ui.engine_choice")}>${CHOICES.map((choice) => html`
        <button type="button" role="radio" data-testid="engine-${choice}" aria-checked=${(this.trying ?? engine.choice) === choice}
          ?disabled=${this.trying !== null} @click=${() => void this.#choose(choice)}>${this.t(`ui.engine_choice.${choice}`)}</button>`)}
      </div>
      <dl class="facts">
        <div><dt>${this.t("ui.engine")}</dt><dd data-testid="engine-name">${backend}${engine.interpreter ? ` · ${this.t(`ui.engine_interpreter.${engine.interpreter as "resident" | "layered"}`)}` : ""}</dd></div>
        ${adapter ? html`<div><dt>${this.t("ui.engine_adapter")}</dt><dd data-testid="engine-adapter">${adapter}</dd></div>` : nothing}
        <div><dt>${this.t("ui.engine_why")}</dt><dd data-testid="engine-why" aria-live="polite">${this.trying ? this.t("ui.engine_trying") : engineReason(this.store, engine)}</dd></div>
        ${race ? html`<div><dt>${this.t("ui.engine_race")}</dt><dd>${this.t("ui.engine_race_figures", { cpu: this.#compact(race.cpu), webgpu: this.#compact(race.webgpu) })}</dd></div>` : nothing}
        ${engine.difference === null ? nothing : html`<div><dt>${this.t("ui.engine_difference")}</dt><dd data-testid="engine-difference">${this.#difference(engine.difference)}</dd></div>`}
        <div><dt>SIMD</dt><dd>${this.t(engine.simd ? "ui.yes" : "ui.no")}</dd></div>
        <div><dt>${this.t("ui.version")}</dt><dd>${engine.version}</dd></div>
      </dl>
      ${engine.backend === "cpu" && engine.choice !== "cpu" && engine.race === null && engine.why !== "not_raced_yet" && !HOPELESS.includes(engine.why)
        ? html`<button type="button" class="text-button" data-testid="engine-retry" ?disabled=${this.trying !== null}
            @click=${() => void this.#choose(engine.choice)}>${this.t("ui.engine_retry")}</button>` : nothing}
      <p>${this.t("ui.engine_private")}</p>`;
  }

  async #choose(choice: Backend): Promise<void> {
    this.trying = choice;
    try {
      await this.store.actions.setBackend(choice);
    } finally {
      this.trying = null;
    }
  }

  #difference(value: number): string {
    return this.t("ui.engine_difference_figure", { value: value === 0 ? "0" : value.toExponential(1).replace("-", "\u2212") });
  }

  #compact(value: number): string {
    return new Intl.NumberFormat(this.store.language.value, { notation: value >= 1e4 ? "compact" : "standard", maximumSignificantDigits: 2 }).format(value);
  }

  #toggle = async (): Promise<void> => {
    const box = this.querySelector<HTMLElement>(".badge-popover");
    const button = this.querySelector(".badge");
    if (!box || !button) return;
    if (this.open) {
      box.hidePopover();
      return;
    }
    this.open = true;
    await this.updateComplete;
    box.showPopover();
    place(box, button);
  };
}

customElements.define("engine-badge", EngineBadge);
