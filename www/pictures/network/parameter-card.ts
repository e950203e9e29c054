// The card of one weight or bias: its live value, a slider, a field, its gradient, and the way to its neuron's others.
// Loaded when a card is first opened.
import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { live } from "lit/directives/live.js";
import type { Frame, ModelSummary } from "../../engine/types.js";
import { DrawnView } from "../../ui/drawn-view.js";
import { formatPower } from "../../i18n/index.js";
import { NOTCHES, NumberFields } from "../../ui/number-fields.js";
import { neuronName, parameterName, sourceName, valueOf, type Parameter } from "./network-probe.js";

/** Least reach of the slider to both sides; a larger parameter has a longer one. */
const REACH = 5;
/** More inputs than this are not listed one by one. */
const LISTED = 64;
/** What an arrow key adds; with Shift the smaller. */
const STEPS = { whole: 0.1, fine: 0.01, page: 1 };
/** How long the visitor's own number stands at most, in milliseconds: until the engine's answer is drawn. A network at
 *  rest answers with that number, one that trains has moved on from it. */
const ANSWER_TIME = { rest: 3000, training: 300 };
/** The engine keeps 24 bits. */
const SAME = 1e-6;

export class ParameterCard extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false },
    parameter: { attribute: false },
    locked: { type: Boolean },
    withGradient: { type: Boolean },
    copied: { state: true },
  };
  declare summary: ModelSummary | null;
  declare parameter: Parameter | null;
  /** Shown, not to be changed. */
  declare locked: boolean;
  declare withGradient: boolean;
  declare private copied: boolean;
  private current: Frame | null = null;
  /** The visitor's number, until the engine's own has come. */
  private wish: number | null = null;
  private held = false;
  private answer = 0;
  private reach = REACH;
  private readonly fields = new NumberFields(this, () => this.language);

  static override styles = css`
    :host {
      position: absolute; z-index: 4; box-sizing: border-box; width: 268px; max-width: 100%; padding: 8px 12px 12px;
      border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); box-shadow: var(--shadow);
      color: var(--soft); font: var(--text-s)/1.4 var(--sans); font-variant-numeric: tabular-nums; scroll-margin: 12px 0 140px;
    }
    header, .row { display: flex; align-items: center; gap: 4px; }
    select {
      flex: 1 1 0; min-width: 0; height: var(--hit); font: 600 var(--text-s)/1 var(--sans); color: var(--ink); background: none;
      border: 0; border-radius: var(--radius-s); padding: 0 2px; margin-left: -4px; cursor: pointer; text-overflow: ellipsis;
    }
    option { background: var(--surface); color: var(--ink); }
    button {
      flex: none; min-width: var(--hit); height: var(--hit); padding: 0 8px; border: 0; border-radius: var(--radius-s);
      background: none; color: var(--soft); font: inherit; cursor: pointer;
    }
    button:hover { background: var(--line); color: var(--ink); }
    header button { font-size: 16px; margin-right: -8px; }
    label { flex: 1 1 auto; min-width: 0; display: flex; align-items: center; gap: 8px; }
    label input {
      flex: 1 1 0; width: 0; min-width: 0; box-sizing: border-box; height: var(--hit); padding: 0 8px; text-align: right; font: 600 var(--text-l)/1 var(--sans);
      font-variant-numeric: tabular-nums; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
      border-radius: var(--radius-s); user-select: text;
    }
    .negative input { color: var(--orange-ink); }
    .positive input { color: var(--blue-ink); }
    input[type="range"] { display: block; width: 100%; height: var(--hit); margin: 4px 0 0; accent-color: var(--accent); cursor: pointer; }
    .ends { display: flex; justify-content: space-between; margin-top: -4px; color: var(--faint); font-size: var(--text-xs); }
    p { display: flex; justify-content: space-between; gap: 8px; margin: 8px 0 0; user-select: text; }
    p b { color: var(--ink); font-weight: 600; }
    p.refusal { color: var(--danger); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
    @media (pointer: coarse) { label input, select { font-size: 16px; } }
  `;

  constructor() {
    super();
    this.summary = this.parameter = null;
    this.locked = this.withGradient = this.copied = false;
  }

  get frame(): Frame | null {
    return this.current;
  }
  set frame(frame: Frame | null) {
    this.current = frame;
    const value = this.parameter ? valueOf(frame?.weights, this.parameter) : null;
    if (this.wish !== null && value !== null && !this.held && Math.abs(value - this.wish) <= SAME * Math.max(1, Math.abs(this.wish))) this.wish = null;
    this.redraw();
  }

  /** The number to go on from: the visitor's own while it is under way, else the engine's. */
  private get value(): number {
    return this.wish ?? (this.parameter ? valueOf(this.current?.weights, this.parameter) : null) ?? 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.key);
    clearTimeout(this.answer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("parameter")) return;
    this.wish = null;
    this.fields.drop();
    this.copied = false;
    this.reach = Math.max(REACH, Math.ceil(Math.abs(this.value) * 1.5));
  }

  override render(): TemplateResult | typeof nothing {
    const { summary, parameter, t, locked } = this;
    if (!summary || !parameter) return nothing;
    const name = parameterName(summary, parameter, t);
    const { layer, unit, input } = parameter;
    const count = summary.layers[layer]?.units ?? 0;
    const neuron = neuronName(summary, layer + 1, unit, t);
    const listed = count <= LISTED ? Array.from({ length: count }, (_, i) => i) : input === null ? [] : [input];
    return html`<header>
        <select aria-label=${t("view.card.parameters_of", { neuron })} @change=${this.choose}>
          ${listed.map((i) => html`<option value=${i} ?selected=${i === input}
            .selected=${i === input}>${sourceName(summary, layer, i, t)} → ${neuron}</option>`)}
          <option value="bias" ?selected=${input === null} .selected=${input === null}>${parameterName(summary, { layer, unit, input: null }, t)}</option>
        </select>
        <button class="close" aria-label=${t("view.card.close")} title=${t("view.card.close")} @click=${() => this.send("close-card", null)}>×</button>
      </header>
      <div class="row">
        <label><span>${t(input === null ? "view.card.bias" : "view.card.weight")}</span>
          ${this.fields.box(this.field(name))}</label>
        <button class="copy" aria-keyshortcuts="C" title=${t("view.card.copy_hint")} @click=${this.copy}>${t(this.copied ? "view.card.copied" : "view.card.copy")}</button>
      </div>
      ${this.fields.message(() => t("ui.number_wanted"))}
      <input type="range" min=${-this.reach} max=${this.reach} step="0.01" aria-label=${name} ?disabled=${locked}
        .value=${live(String(this.value))}
        @pointerdown=${() => { this.held = true; }} @pointerup=${this.letGo} @pointercancel=${this.letGo} @lostpointercapture=${this.letGo} @change=${this.letGo} @blur=${this.letGo} @input=${this.slid}>
      <div class="ends" aria-hidden="true"><span>${this.number(-this.reach)}</span><span>${this.number(0)}</span><span>${this.number(this.reach)}</span></div>
      ${this.withGradient ? html`<p><span>${t(input === null ? "view.card.gradient_bias" : "view.card.gradient")}</span><b class="gradient"></b></p>` : nothing}`;
  }

  /** Takes the focus: by keyboard the list of the neuron's parameters, by mouse the number, by touch what opens no keyboard. */
  take(by: "keyboard" | "mouse" | "touch"): void {
    const to = this.renderRoot.querySelector<HTMLInputElement>(by === "keyboard" ? "select" : by === "mouse" ? ".value" : "[type=range]");
    this.draw();
    to?.focus({ preventScroll: true });
    if (by === "mouse") to?.select();
  }

  /** Live: frames write the numbers, the template does not. */
  protected override draw(): void {
    const { parameter, value } = this;
    if (!parameter) return;
    const field = this.renderRoot.querySelector<HTMLInputElement>(".value");
    const slider = this.renderRoot.querySelector<HTMLInputElement>("[type=range]");
    if (!field || !slider) return;
    const text = this.figure(value);
    if (!this.fields.typing && field.value !== text) field.value = text;
    field.parentElement!.className = value < 0 ? "negative" : value > 0 ? "positive" : "";
    if (!this.held) slider.value = String(value);
    slider.setAttribute("aria-valuetext", text);
    const gradient = this.renderRoot.querySelector(".gradient");
    const slope = valueOf(this.current?.gradients, parameter);
    if (gradient) gradient.textContent = slope === null ? "–" : this.figure(slope);
  }

  /** Four decimals, or four digits where those would show too little. */
  private figure(value: number): string {
    const size = Math.abs(value);
    if (size === 0 || (size >= 0.01 && size < 10_000)) return this.number(value, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
    return formatPower(value, 3);
  }

  private edit(value: number): void {
    if (this.locked || !this.parameter) return;
    this.wish = Number(value.toPrecision(7));
    this.copied = false;
    this.send("edit-parameter", { ...this.parameter, value: this.wish });
    clearTimeout(this.answer);
    this.answer = window.setTimeout(() => {
      if (this.held) return;
      this.wish = null;
      this.redraw();
    }, this.current?.playing ? ANSWER_TIME.training : ANSWER_TIME.rest);
    this.redraw();
  }

  private slid(event: Event): void {
    this.fields.drop();
    this.edit((event.target as HTMLInputElement).valueAsNumber);
  }

  private letGo(): void {
    if (!this.held) return;
    this.held = false;
    if (this.wish !== null) this.edit(this.wish);
  }

  /** The box: its text is drawn with each frame, and rendered only while somebody types. */
  private field(label: string): Parameters<NumberFields["box"]>[0] {
    return { text: this.figure(this.value), label, readonly: this.locked, commit: (value) => this.edit(value), step: (notches, fine) => this.step(notches, fine) };
  }

  private choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.send("choose-parameter", { ...this.parameter!, input: value === "bias" ? null : Number(value) });
  }

  private async copy(): Promise<void> {
    const value = String(this.value);
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // A frame without the permission: the number is selected, to be copied by hand.
      this.renderRoot.querySelector<HTMLInputElement>(".value")!.select();
      return;
    }
    this.copied = true;
  }

  private key = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0] as HTMLElement;
    const inField = target.matches(".value");
    // Keys of the page (Space plays) are not meant while the card is in hand.
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      this.send("close-card", null);
    } else if (event.key === "Enter" && inField) {
      event.preventDefault();
      if (this.fields.read(this.field(""))) this.send("close-card", null);
    } else if (event.key === "c" && !event.ctrlKey && !event.metaKey && !event.altKey && !target.matches("select")) {
      event.preventDefault();
      void this.copy();
    } else if (target.matches("[type=range]")) {
      // Left and right change the number too where there is no text.
      const notches = { ...NOTCHES, ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (notches === undefined) return;
      event.preventDefault();
      this.step(notches, event.shiftKey);
    }
  };

  private step(notches: number, fine: boolean): void {
    const size = Math.abs(notches) > 1 ? STEPS.page : fine ? STEPS.fine : STEPS.whole;
    this.edit(Math.round((this.value + Math.sign(notches) * size) * 1e4) / 1e4);
  }
}

define("np-parameter-card", ParameterCard);

declare global {
  interface HTMLElementTagNameMap {
    "np-parameter-card": ParameterCard;
  }
}
