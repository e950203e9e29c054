// Digits: a pad to draw on, the digits the network got wrong, and what its first layer looks for.
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Frame, ModelSummary } from "../../engine/types.js";
import { colour, fit, Raster } from "../../canvas/canvas.js";
import { SIDE } from "./digit-ink.js";
import { picture, type DrawingPad, type Predict } from "./drawing-pad.js";
import { DrawnView } from "../../ui/drawn-view.js";
import { largest } from "../../canvas/scale.js";
import { heading } from "../../ui/styles.js";
import "./drawing-pad.js";

/** Least and largest side of an image of weights, in CSS pixels. */
const TILE = 44;
const MOST_TILE = 64;
const GAP = 5;
const MOST_TILES = 64;
const FULL_INK = 255;

export class DigitsView extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false },
    predict: { attribute: false },
    pad: { type: Boolean },
    digits: { state: true },
  };
  declare summary: ModelSummary | null;
  declare predict: Predict | null;
  /** Whether the pad is part of this view; it may stand elsewhere on the page. */
  declare pad: boolean;
  declare private digits: Frame["digits"];
  private current: Frame | null = null;
  private drawnWeights: Float32Array | null = null;
  private readonly raster = new Raster();
  private readonly atlas = new Raster();

  static override styles = [
    heading,
    css`
    :host {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 28px 36px;
      align-items: start; color: var(--ink); font: var(--text-s)/1.4 var(--sans); font-variant-numeric: tabular-nums;
    }
    section { min-width: 0; }
    header { flex-wrap: wrap; gap: 0 12px; }
    .wrong {
      display: grid; grid-template-columns: repeat(auto-fill, minmax(58px, 1fr)); gap: 12px 8px; margin: 0; padding: 0;
      list-style: none;
    }
    .wrong li { text-align: center; }
    .wrong canvas { width: 56px; height: 56px; border-radius: 6px; border: 1px solid var(--line); background: var(--surface); }
    .wrong b { display: block; font-weight: 650; }
    .wrong b i { font-style: normal; color: var(--orange-ink, var(--orange)); }
    .wrong span { color: var(--faint); font-size: var(--text-xs); }
    .empty { color: var(--soft); margin: 0; }
    .weights { display: block; width: 100%; }
  `,
  ];

  constructor() {
    super();
    this.summary = null;
    this.predict = null;
    this.digits = null;
    this.pad = true;
  }

  get frame(): Frame | null {
    return this.current;
  }
  set frame(frame: Frame | null) {
    this.current = frame;
    this.digits = frame?.digits ?? null;
    const pad = this.renderRoot?.querySelector<DrawingPad>("np-drawing-pad");
    if (pad) pad.frame = frame;
    this.redraw();
  }

  override render(): TemplateResult {
    const { t, digits, summary } = this;
    const weights = (summary?.layers.length ?? 0) > 1 && summary!.input_count === SIDE * SIDE;
    return html`
      ${
        this.pad
          ? html`<section><header><h3>${t("view.digits.draw")}</h3></header>
        <np-drawing-pad .t=${t} .theme=${this.theme} .language=${this.language}
          .predict=${this.predict}></np-drawing-pad></section>`
          : nothing
      }
      <section><header><h3>${t("view.digits.wrong")}</h3><p>${
        digits
          ? t(`view.digits.count_${digits.split}`, {
              wrong: this.number(digits.wrong_count),
              of: this.number(digits.of),
            })
          : ""
      }</p></header>
        ${
          digits && digits.wrong.length > 0
            ? html`<ul class="wrong">${digits.wrong.map((d) => {
                const share = this.percent(d.probability);
                return html`<li><canvas width=${SIDE} height=${SIDE} role="img"
                  aria-label=${t("view.digits.describe_wrong", { truth: d.truth, predicted: d.predicted, share })}></canvas>
            <b>${d.truth} → <i>${d.predicted}</i></b><span>${share}</span></li>`;
              })}</ul>`
            : html`<p class="empty">${t(this.emptyWord())}</p>`
        }</section>
      ${
        weights
          ? html`<section><header><h3>${t("view.digits.weights")}</h3><p>${this.weightsCaption()}</p></header>
        <canvas class="weights" role="img" aria-label=${t("view.digits.describe_weights")}></canvas></section>`
          : nothing
      }`;
  }

  private emptyWord(): string {
    if (this.digits) return "view.digits.none_wrong";
    return this.summary?.counts.validation === 0 ? "view.digits.need_test" : "view.digits.not_yet";
  }

  private weightsCaption(): string {
    const units = this.summary!.layers[1]!.units;
    return units > MOST_TILES
      ? this.t("view.network.sampled", { shown: MOST_TILES, count: this.number(units) })
      : this.t("view.digits.weights_caption");
  }

  protected override draw(): void {
    const { digits } = this;
    this.renderRoot.querySelectorAll<HTMLCanvasElement>(".wrong canvas").forEach((canvas, i) => {
      const pixels = digits?.wrong[i]?.pixels;
      if (pixels) canvas.getContext("2d")!.drawImage(picture(this.raster, pixels, FULL_INK, this.palette), 0, 0);
    });
    this.drawWeights();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    this.drawnWeights = null;
    super.updated(changed);
  }
  protected override resized(): void {
    this.drawnWeights = null;
  }

  /** Each tile is one neuron's incoming weights, by its own largest; drawn when the weights are new. */
  private drawWeights(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(".weights");
    const tensor = this.current?.weights?.[0];
    if (!canvas || !tensor || tensor.inputs !== SIDE * SIDE || tensor.weight === this.drawnWeights) return;
    this.drawnWeights = tensor.weight;
    const width = canvas.parentElement!.clientWidth;
    const count = Math.min(tensor.outputs, MOST_TILES);
    const across = columnsFor(count, Math.max(1, Math.floor((width + GAP) / (TILE + GAP))));
    const rows = Math.ceil(count / across);
    const tile = Math.min(MOST_TILE, (width + GAP) / across - GAP);
    const height = rows * (tile + GAP) - GAP;
    canvas.style.height = `${height}px`;
    const context = fit(canvas, width, height);
    context.clearRect(0, 0, width, height);
    const size = SIDE * SIDE;
    const pixels = this.atlas.pixels(SIDE, SIDE * count);
    for (let u = 0; u < count; u++) {
      const gain = 1 / largest(tensor.weight, u * size, size, 1e-6);
      colour(tensor.weight, u * size, size, this.palette.small, gain, 0, pixels, u * size, SIDE, SIDE);
    }
    const atlas = this.atlas.commit();
    for (let u = 0; u < count; u++) {
      const x = (u % across) * (tile + GAP);
      const y = Math.floor(u / across) * (tile + GAP);
      context.save();
      context.beginPath();
      context.roundRect(x, y, tile, tile, 5);
      context.clip();
      context.drawImage(atlas, 0, u * SIDE, SIDE, SIDE, x, y, tile, tile);
      context.restore();
    }
  }
}

/** Columns that fill every row, when that takes not much fewer than fit. */
function columnsFor(count: number, most: number): number {
  for (let across = most; across >= most * 0.7; across--) if (count % across === 0) return across;
  return most;
}

define("np-digits-view", DigitsView);
