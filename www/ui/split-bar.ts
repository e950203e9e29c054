/** Train, validation and test as one bar with two handles: dragged, or moved with the arrow keys. */

import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../engine/data-kinds.js";
import { define } from "./define.js";
import { shareOn } from "../canvas/pointer.js";
import { View } from "./view.js";

/** Narrower parts than this show no number. */
const ROOM_FOR_NUMBER = 12;

export class SplitBar extends View {
  static override properties = { ...View.properties, wish: { state: true } };
  declare wish: [number, number] | null;

  constructor() {
    super();
    this.wish = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const config = this.store.config.value;
    if (!config) return nothing;
    const [first, second] = this.#bounds();
    const digits = dataOf(this.store.summary.value).image;
    const least = this.store.catalog.value?.fields.find((field) => field.path === "data.split.train")?.min ?? 0;
    // Of the digits only the shares to each other count: their own numbers say more.
    const counts = digits && !this.wish ? this.store.summary.value?.counts : undefined;
    const count = (of: number | undefined): string => (of === undefined ? "" : this.number(of, 0));
    // Nothing is sealed where there is nothing.
    const sealed = this.store.testRevealed.value === 0 && second < 100;
    const help = `${this.help("field", "data.split")}`;
    return html`<div class="split">
      <div class="label-row"><span class="label">${this.name("field", "data.split")}</span>
        <np-help .text=${help} .label=${this.t("ui.help_for", { name: this.name("field", "data.split") })}></np-help></div>
      <div class="split-bar">
        <div class="part train" .style=${`flex-grow: ${first}`}>${digits ? nothing : this.#figure(first)}</div>
        <div class="part validation" .style=${`flex-grow: ${second - first}`}>${digits ? nothing : this.#figure(second - first)}</div>
        ${digits ? nothing : html`<div class="part test ${sealed ? "sealed" : ""}" .style=${`flex-grow: ${100 - second}`}>${this.#figure(100 - second)}</div>`}
        ${this.#handle(0, first, least, second, this.t("ui.split_train"), digits ? second : 100)}
        ${digits ? nothing : this.#handle(1, second, first, 100, this.t("ui.split_validation"), 100)}
      </div>
      <div class="split-legend"><span>${this.t("ui.train")} ${count(counts?.train)}</span><span>${this.t("ui.validation")} ${count(counts?.validation)}</span>${digits ? nothing
        : html`<span>${this.t(sealed ? "ui.test_sealed_short" : "ui.test")}</span>`}</div>
      ${digits ? html`<p class="hint">${this.t("ui.digits_test", { count: this.store.summary.value?.counts.test ?? 0 })}</p>` : nothing}
      <np-field-message .store=${this.store} .path=${"data.split"}></np-field-message>
    </div>`;
  }

  #figure(percent: number): string | typeof nothing {
    return percent >= ROOM_FOR_NUMBER ? String(percent) : nothing;
  }

  /** `whole` is what the bar's whole width stands for, in per cent of the data. */
  #handle(index: 0 | 1, at: number, min: number, max: number, label: string, whole: number): TemplateResult {
    // No element of a form: what locks those around it does not reach it.
    const locked = this.store.control.value("split") === "locked";
    return html`<div class="handle" part="slider" role="slider" tabindex=${locked ? -1 : 0} aria-disabled=${locked} aria-label=${label} aria-valuemin=${min} aria-valuemax=${max}
      aria-valuenow=${at} aria-valuetext=${this.percentage(at / 100, 0)} .style=${`--at: ${(100 * at) / whole}%`}
      @keydown=${(event: KeyboardEvent) => this.#key(event, index, at, min, max)}
      @pointerdown=${(event: PointerEvent) => { if (!locked) this.#grab(event); }}
      @pointermove=${(event: PointerEvent) => this.#drag(event, index, min, max, whole)}
      @pointerup=${() => { this.#held = false; void this.#drop(); }} @pointercancel=${this.#lose} @lostpointercapture=${this.#lose}></div>`;
  }

  #bounds(): [number, number] {
    const split = this.store.config.value?.data.split ?? { train: 60, validation: 20 };
    return this.wish ? [...this.wish] : [split.train, split.train + split.validation];
  }

  #key(event: KeyboardEvent, index: 0 | 1, at: number, min: number, max: number): void {
    const moves: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
    const by = event.key === "Home" ? min - at : event.key === "End" ? max - at : moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const bounds = this.#bounds();
    bounds[index] = Math.min(max, Math.max(min, at + by));
    this.wish = [...bounds];
    void this.#drop();
  }

  #grab(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#held = true;
    this.wish = [...this.#bounds()];
  }

  /** A drag whose end never comes has moved nothing. */
  #lose = (): void => {
    if (!this.#held) return;
    this.#held = false;
    this.wish = null;
  };

  #held = false;

  #drag(event: PointerEvent, index: 0 | 1, min: number, max: number, whole: number): void {
    const handle = event.currentTarget as HTMLElement;
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const at = Math.round(shareOn(handle.parentElement!, event).x * (whole / 5)) * 5;
    const bounds = this.#bounds();
    bounds[index] = Math.min(max, Math.max(min, at));
    this.wish = [...bounds];
  }

  async #drop(): Promise<void> {
    if (!this.wish) return;
    const [first, second] = this.wish;
    await this.store.actions.patch({ data: { split: { train: first, validation: second - first, test: 100 - second } } }, "data.split");
    this.wish = null;
  }
}

define("np-split-bar", SplitBar);
