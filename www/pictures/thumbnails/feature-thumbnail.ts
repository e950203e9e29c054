/** A feature at the size of a thumb: its own values over the domain of the data, in the colours of the maps. */

import { html, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { colour, fit, Raster } from "../../canvas/canvas.js";
import { density } from "../../canvas/density.js";
import { readPalette } from "../../canvas/palette.js";
import { largest } from "../../canvas/scale.js";
import { View } from "../../ui/view.js";

/** As wide as the style sheet has it, so that its pixels are the screen's. */
const SIDE = 24;
const RESOLUTION = 28;

export class FeatureThumbnail extends View {
  static override properties = { ...View.properties, feature: {} };
  /** Its id. */
  declare feature: string;
  #values: Float32Array | null = null;
  #raster = new Raster();
  #asked = "";

  protected override render(): TemplateResult {
    return html`<canvas width=${SIDE} height=${SIDE} aria-hidden="true"></canvas>`;
  }

  protected override watch(): void {
    this.store.scheme.value;
    density.value;
    this.#want();
    // The element takes the scheme's colours in an effect of its own, which may come after this one.
    requestAnimationFrame(() => this.#draw());
  }

  /** The chip of one feature becomes another's when the data do not have the first. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has("feature")) this.#want();
  }

  #want(): void {
    const summary = this.store.summary.value;
    if (summary) void this.#load(`${this.feature} ${summary.kind} ${summary.domain}`);
  }

  /** Once for each feature of each kind of data; the picture of another does not stand in its place meanwhile. */
  async #load(asked: string): Promise<void> {
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#values = null;
    try {
      const values = await this.store.actions.engine.featureMap(this.feature, RESOLUTION);
      if (asked !== this.#asked) return;
      this.#values = values;
      this.#draw();
    } catch {
      // Other data have come meanwhile, without this feature: its symbol says what it is.
      if (asked === this.#asked) this.#draw();
    }
  }

  #draw(): void {
    const values = this.#values;
    const canvas = this.querySelector("canvas");
    if (!canvas) return;
    const context = fit(canvas, SIDE, SIDE);
    context.clearRect(0, 0, SIDE, SIDE);
    if (!values) return;
    const palette = readPalette(this);
    if (values.length === RESOLUTION) {
      context.strokeStyle = palette.css.blue;
      context.lineWidth = 1.5;
      context.beginPath();
      const top = largest(values, 0, values.length, 1e-6);
      for (let i = 0; i < RESOLUTION; i++) context.lineTo(((i + 0.5) / RESOLUTION) * SIDE, (SIDE / 2) * (1 - (values[i]! / top) * 0.85));
      context.stroke();
      return;
    }
    colour(values, 0, values.length, palette.small, 1 / largest(values, 0, values.length, 1e-6), 0, this.#raster.pixels(RESOLUTION, RESOLUTION), 0, RESOLUTION, RESOLUTION);
    context.drawImage(this.#raster.commit(), 0, 0, SIDE, SIDE);
  }
}

define("np-feature-thumbnail", FeatureThumbnail);
