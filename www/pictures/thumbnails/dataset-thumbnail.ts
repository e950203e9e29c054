/** A data set at the size of a thumb: its noise-free points in the colours of the page. */

import { html, svg, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { define } from "../../ui/define.js";
import type { DatasetEntry, Points } from "../../engine/types.js";
import { fit } from "../../canvas/canvas.js";
import { density } from "../../canvas/density.js";
import { readPalette } from "../../canvas/palette.js";
import { View } from "../../ui/view.js";

const SIDE = 36;
const INSET = 2.5;

export class DatasetThumbnail extends View {
  static override properties = { ...View.properties, entry: { attribute: false }, points: { state: true } };
  declare entry: DatasetEntry;
  declare points: Points | null;

  constructor() {
    super();
    this.points = null;
  }

  protected override render(): TemplateResult {
    // Images have no points to show: two figures drawn as by hand.
    if (dataOf(this.entry).image) return html`<svg class="digit-figures" viewBox="0 0 42 42" aria-hidden="true">${svg`
      <path d="M18 10.5h-8l-1 9c6-2 10 .5 10 5.5s-5 7.5-11 5M25 11.5c5-2.5 9 0 8.5 3.5-.4 3-3.500 4.500-6.500 4.700 4 0 7.5 1.800 7.5 5.800 0 5-6 7-11 4.500"/>`}</svg>`;
    return html`<canvas width=${SIDE} height=${SIDE} aria-hidden="true"></canvas>`;
  }

  protected override watch(): void {
    this.store.scheme.value;
    density.value;
    // The element takes the scheme's colours in an effect of its own, which may come after this one.
    requestAnimationFrame(() => this.#draw());
  }

  protected override firstUpdated(changed: Map<PropertyKey, unknown>): void {
    super.firstUpdated(changed);
    if (!dataOf(this.entry).image) void this.#load();
  }

  async #load(): Promise<void> {
    // An engine that has gone meanwhile has none; its successor's data panel is another.
    this.points = await this.store.actions.engine.thumbnail(this.entry.id).catch(() => null);
    this.#draw();
  }

  #draw(): void {
    const { points, entry } = this;
    const canvas = this.querySelector("canvas");
    if (!points || !canvas) return;
    const context = fit(canvas, SIDE, SIDE);
    context.clearRect(0, 0, SIDE, SIDE);
    const [low, high] = entry.domain;
    const flat = dataOf(entry).dimensions === 1;
    const ordinates = flat ? points.label : points.y;
    const [bottom, top] = flat ? range(ordinates) : [low, high];
    const room = SIDE - 2 * INSET;
    const palette = readPalette(this);
    const classes = entry.task === "regression" ? 0 : entry.classes.default;
    const colours = classes > 2 ? palette.many.css : palette.pair.css;
    const span = points.label.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const x = (value: number): number => INSET + ((value - low) / (high - low)) * room;
    const y = (value: number): number => INSET + ((top - value) / (top - bottom || 1)) * room;
    for (let i = 0; i < points.x.length; i++) {
      const value = points.label[i] ?? 0;
      context.fillStyle = classes > 0 ? colours[value] ?? palette.css.ink : flat ? palette.css.blue : value < 0 ? palette.css.orange : palette.css.blue;
      context.globalAlpha = classes > 0 || flat ? 1 : 0.15 + 0.85 * Math.min(1, Math.abs(value) / span);
      context.beginPath();
      context.arc(x(points.x[i] ?? 0), y(ordinates[i] ?? 0), 1.15, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }
}

function range(values: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const pad = (high - low) * 0.1 || 1;
  return [low - pad, high + pad];
}

define("np-dataset-thumbnail", DatasetThumbnail);
