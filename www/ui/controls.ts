/** Controls built from the catalog: numbers, choices with their parameters, switches. Each has a label and its help. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { define } from "./define.js";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import type { Choice, Entry, FieldSpec, ParamSpec } from "../engine/types.js";
import { NOTCHES, NumberFields } from "./number-fields.js";
import { View } from "./view.js";
import "./help.js";

/** Limits of a number, from a `ParamSpec` or a `FieldSpec`. */
export interface Limits { min: number; max: number; scale: "linear" | "log"; integer: boolean; step?: number }

export function limitsOf(spec: FieldSpec | ParamSpec): Limits {
  if ("path" in spec) {
    const { min, max, step, scale, kind } = spec;
    return { min, max, step, scale, integer: kind === "integer" };
  }
  return spec;
}

/** Positions of a slider: more than pixels, so that each pixel counts. */
const TRAVEL = 1000;

/**
 * A slider with its number beside the label, which can be typed into.
 *
 * While it is being moved it shows the visitor's wish; when the engine has answered, what the engine accepted.
 * One wish is under way at a time, and only the newest waits.
 */
export class NumberControl extends View {
  static override properties = {
    ...View.properties, label: {}, helpText: {}, limits: { attribute: false }, value: { type: Number }, path: {},
    percent: { type: Boolean }, commit: { attribute: false }, wish: { state: true }, bare: { type: Boolean },
  };
  declare label: string;
  declare helpText: string;
  declare limits: Limits;
  declare value: number;
  /** Path of the field: a refusal with this path is shown here. */
  declare path: string;
  declare percent: boolean;
  /** Only the number, without the slider. */
  declare bare: boolean;
  declare commit: (value: number) => Promise<void>;
  declare wish: number | null;
  #sending = false;
  readonly #fields = new NumberFields(this, () => this.store.language.value);

  constructor() {
    super();
    this.percent = false;
    this.bare = false;
    this.wish = null;
    this.path = "";
    this.helpText = "";
  }

  protected override render(): TemplateResult {
    const shown = this.wish ?? this.value;
    const text = this.#format(shown);
    const { integer } = this.limits;
    const zero = this.#hasZero();
    return html`<div class="number">
      <div class="label-row">
        <label>${this.label}</label><np-help .text=${this.helpText} .label=${this.t("ui.help_for", { name: this.label })}></np-help>
        ${this.#fields.box({ text, label: this.label, part: "number", integer, percent: this.percent,
          commit: (value) => void this.#send(value), step: (notches) => this.#move(Math.sign(notches)) })}
      </div>
      ${this.bare ? nothing : html`<input class="slider" part="slider" type="range" min=${zero ? -1 : 0} max=${TRAVEL} step="1"
        .style=${`--fill: ${(this.#position(shown) - (zero ? -1 : 0)) / (TRAVEL + (zero ? 1 : 0))}`}
        .value=${live(String(this.#position(shown)))} aria-label=${this.label} aria-valuetext=${text}
        @input=${this.#slid} @keydown=${this.#nudge}>`}
      ${this.#fields.message(() => this.t(integer ? "ui.whole_number_wanted" : "ui.number_wanted"))}
      <np-field-message .store=${this.store} .path=${this.path}></np-field-message>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // Undone or reset meanwhile: what could not be read is past.
    if (changed.get("value") !== undefined) this.#fields.drop();
  }

  /** A logarithmic range that starts at 0 ("off") has one more position to the left. */
  #hasZero(): boolean {
    return this.limits.scale === "log" && this.limits.min <= 0;
  }

  #low(): number {
    const { min, max, integer } = this.limits;
    return min > 0 ? min : integer ? 1 : max * 1e-6;
  }

  #position(value: number): number {
    const { min, max, scale } = this.limits;
    if (scale === "linear") return Math.round(((value - min) / (max - min || 1)) * TRAVEL);
    if (value <= 0) return -1;
    const low = this.#low();
    return Math.round((Math.log(value / low) / Math.log(max / low)) * TRAVEL);
  }

  #valueAt(position: number): number {
    const { min, max, scale, integer, step } = this.limits;
    if (scale === "log") {
      if (position < 0) return min;
      if (position >= TRAVEL) return max;
      const low = this.#low();
      const value = low * (max / low) ** (position / TRAVEL);
      return integer ? Math.round(value) : Number(value.toPrecision(2));
    }
    const value = min + ((max - min) * position) / TRAVEL;
    const grid = step && step > 0 ? step : integer ? 1 : niceStep(max - min);
    const snapped = Number((Math.round((value - min) / grid) * grid + min).toPrecision(12));
    return Math.min(max, Math.max(min, snapped));
  }

  #format(value: number): string {
    if (this.percent) return this.percentage(value, 1, 0);
    if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) return value.toExponential().replace("+", "");
    return this.limits.integer ? this.number(value, 0) : this.number(value, 6);
  }

  #nudge = (event: KeyboardEvent): void => {
    const direction = { ...NOTCHES, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    this.#move(direction);
  };

  /** One notch: the step of a linear range, a twentieth of a decade or one whole number of a logarithmic one. */
  #move(notches: number): void {
    const { min, max, scale, integer, step } = this.limits;
    const from = this.wish ?? this.value;
    let to: number;
    if (scale === "log" && from > 0) {
      to = Number((from * 10 ** (notches / 20)).toPrecision(2));
      if (integer && Math.round(to) === from) to = from + Math.sign(notches);
      if (to < this.#low()) to = min;
    } else {
      to = scale === "log" ? this.#low() : from + notches * (step || (integer ? 1 : niceStep(max - min)));
    }
    if (integer) to = Math.round(to);
    void this.#send(Math.min(max, Math.max(min, Number(to.toPrecision(12)))));
  }

  #slid = (event: Event): void => {
    void this.#send(this.#valueAt(Number((event.target as HTMLInputElement).value)));
  };

  async #send(value: number): Promise<void> {
    this.#fields.drop();
    this.wish = value;
    if (this.#sending) return;
    this.#sending = true;
    for (let sent: number | null = null; this.wish !== null && this.wish !== sent;) {
      sent = this.wish;
      await this.commit(sent);
    }
    this.#sending = false;
    this.wish = null;
    this.requestUpdate();
  }
}

function niceStep(range: number): number {
  return 10 ** Math.floor(Math.log10(range) - 1.5);
}

export interface SelectOptions {
  label: string; help?: string; value: string; path: string; testId?: string; hideLabel?: boolean;
  options: { id: string; name: string; disabled?: boolean }[];
  choose: (id: string) => void;
}

/** A menu with label and help. The browser's own, so that it works by touch, keyboard and reader alike. */
export function select(view: View, o: SelectOptions): TemplateResult {
  return html`<div class="select-field">
    ${o.hideLabel ? nothing : html`<div class="label-row"><span class="label">${o.label}</span>
      <np-help .text=${o.help ?? ""} .label=${view.t("ui.help_for", { name: o.label })}></np-help></div>`}
    <div class="select"><select part="select" aria-label=${o.label} data-testid=${ifDefined(o.testId)} .value=${live(o.value)}
      @change=${(event: Event) => {
        o.choose((event.target as HTMLSelectElement).value);
        view.requestUpdate();
      }}>${o.options.map((option) => html`<option value=${option.id} ?selected=${option.id === o.value}
        ?disabled=${option.disabled ?? false}>${option.name}</option>`)}</select></div>
    <np-field-message .store=${view.store} .path=${o.path}></np-field-message>
  </div>`;
}

/** A switch with label and help. */
export function toggle(view: View, o: { label: string; help?: string; value: boolean; path: string; set: (on: boolean) => void }): TemplateResult {
  return html`<div class="toggle-field"><label class="toggle"><input type="checkbox" role="switch" part="switch" .checked=${live(o.value)}
      @change=${(event: Event) => o.set((event.target as HTMLInputElement).checked)}><span>${o.label}</span></label>
    <np-help .text=${o.help ?? ""} .label=${view.t("ui.help_for", { name: o.label })}></np-help>
    <np-field-message .store=${view.store} .path=${o.path}></np-field-message></div>`;
}

/** The parameters of a chosen row, as sliders; a whole number from 0 to 1 is a switch. */
export function parameters(view: View, o: { entry: Entry | undefined; choice: Choice; path: string; skip?: string[];
  set: (choice: Choice) => Promise<void> }): TemplateResult[] {
  return (o.entry?.params ?? []).filter((spec) => !o.skip?.includes(spec.id)).map((spec) => {
    const value = Number(o.choice[spec.id] ?? spec.default);
    const path = `${o.path}.${spec.id}`;
    const label = view.name("param", spec.id);
    const help = view.help("param", spec.id);
    const set = (to: number): Promise<void> => o.set({ id: o.choice.id, [spec.id]: to });
    return spec.integer && spec.min === 0 && spec.max === 1
      ? toggle(view, { label, help, value: value === 1, path, set: (on) => void set(on ? 1 : 0) })
      : html`<np-number .store=${view.store} .label=${label} .helpText=${help} .limits=${limitsOf(spec)} .value=${value}
          .path=${path} .commit=${set}></np-number>`;
  });
}

define("np-number", NumberControl);
