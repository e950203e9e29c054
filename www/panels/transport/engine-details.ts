/** Why this engine trains, on what, how both compare, and the choice between them. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Backend, EngineInfo } from "../../engine/index.js";
import { formatCompact, formatPower, lookUp, type Values } from "../../i18n/index.js";
import type { Store } from "../../state/store.js";
import { place } from "../../ui/help.js";
import { chosenBy } from "../../ui/roving.js";
import { View } from "../../ui/view.js";

const CHOICES: readonly Backend[] = ["auto", "webgpu", "cpu"];
/** Causes after which another attempt may go better: all but what the browser lacks. */
const HOPELESS = ["webgpu_missing"];

/** Why this engine trains, in the visitor's language. */
export function engineReason(store: Store, { why, values }: EngineInfo): string {
  const numbers: Values = {};
  for (const [name, value] of Object.entries(values)) numbers[name] = typeof value === "number" ? formatCompact(store.language.value, value, 3) : value;
  return lookUp(store.language.value, `engine.${why}`, numbers) ?? `${why}: ${values.message ?? ""}`;
}

export class EngineDetails extends View {
  static override properties = { ...View.properties, trying: { state: true } };
  /** The choice under way. */
  declare trying: Backend | null;

  constructor() {
    super();
    this.trying = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const engine = this.store.info.value;
    if (!engine) return nothing;
    const backend = this.t(`ui.backend.${engine.backend}`);
    const { race } = engine;
    const chosen = this.trying ?? engine.choice;
    const adapter = engine.adapter === null ? null : engine.software ? this.t("ui.engine_software", { adapter: engine.adapter }) : engine.adapter;
    return html`
      <div class="engine-choice" role="radiogroup" aria-label=${this.t("ui.engine_choice")} @keydown=${(event: KeyboardEvent) => this.#key(event, chosen)}>${CHOICES.map((choice) => html`
        <button type="button" role="radio" data-testid="engine-${choice}" aria-checked=${chosen === choice} tabindex=${chosen === choice ? 0 : -1}
          aria-disabled=${this.trying !== null} @click=${() => void this.#choose(choice)}>${this.t(`ui.engine_choice.${choice}`)}</button>`)}
      </div>
      <dl class="facts">
        <div><dt>${this.t("ui.engine")}</dt><dd data-testid="engine-name">${backend}${engine.interpreter ? ` · ${this.t(`ui.engine_interpreter.${engine.interpreter as "resident" | "layered"}`)}` : ""}</dd></div>
        ${adapter ? html`<div><dt>${this.t("ui.engine_adapter")}</dt><dd data-testid="engine-adapter">${adapter}</dd></div>` : nothing}
        <div><dt>${this.t("ui.engine_why")}</dt><dd data-testid="engine-why" aria-live="polite">${this.trying ? this.t("ui.engine_trying") : engineReason(this.store, engine)}</dd></div>
        ${race ? html`<div><dt>${this.t("ui.engine_race")}</dt><dd>${this.t("ui.engine_race_figures", { cpu: this.compact(race.cpu, 2), webgpu: this.compact(race.webgpu, 2) })}</dd></div>` : nothing}
        ${engine.looks ? html`<div><dt>${this.t("ui.engine_looks")}</dt><dd data-testid="engine-looks">${this.#looks(engine.looks)}</dd></div>` : nothing}
        ${engine.difference === null ? nothing : html`<div><dt>${this.t("ui.engine_difference")}</dt><dd data-testid="engine-difference">${this.#difference(engine.difference)}</dd></div>`}
        <div><dt>SIMD</dt><dd>${this.t(engine.simd ? "ui.yes" : "ui.no")}</dd></div>
        <div><dt>${this.t("ui.version")}</dt><dd>${engine.version}</dd></div>
      </dl>
      ${engine.backend === "cpu" && engine.choice !== "cpu" && engine.race === null && engine.why !== "not_raced_yet" && !HOPELESS.includes(engine.why)
        ? html`<button type="button" class="text-button" data-testid="engine-retry" ?disabled=${this.trying !== null}
            @click=${() => void this.#choose(engine.choice)}>${this.t("ui.engine_retry")}</button>` : nothing}
      <p>${this.t("ui.engine_private")}</p>`;
  }

  /** What is told grows and shrinks: the box stays on the page. */
  protected override updated(): void {
    const box = this.closest<HTMLElement>(".badge-popover:popover-open");
    const button = box?.parentElement?.querySelector(".badge");
    if (box && button) place(box, button);
  }

  #key(event: KeyboardEvent, chosen: Backend): void {
    const next = chosenBy(event, CHOICES, chosen);
    if (next === null) return;
    this.querySelector<HTMLElement>(`[data-testid=engine-${next}]`)?.focus();
    void this.#choose(next);
  }

  /** One after the other: the buttons keep the focus meanwhile. */
  async #choose(choice: Backend): Promise<void> {
    if (this.trying !== null) return;
    this.trying = choice;
    try {
      await this.store.actions.setBackend(choice);
    } finally {
      this.trying = null;
    }
  }

  /** Who makes the pictures while the graphics card trains; where both were tried, how long each takes. */
  #looks({ backend, cpu, webgpu }: NonNullable<EngineInfo["looks"]>): string {
    const engine = this.t(`ui.backend.${backend}`);
    if (cpu === null || webgpu === null) return engine;
    return this.t("ui.engine_looks_figures", { engine, cpu: this.compact(cpu, 2), webgpu: this.compact(webgpu, 2) });
  }

  #difference(value: number): string {
    return this.t("ui.engine_difference_figure", { value: value === 0 ? "0" : formatPower(value, 1) });
  }
}

define("np-engine-details", EngineDetails);
