/** A feature at the size of a thumb: its own values over the domain of the data, in the colours of the maps. */

import { html, type TemplateResult } from "lit";
import { colour, fit, Raster } from "./canvas.js";
import { readPalette } from "./palette.js";
import { largest } from "./scale.js";
import { View } from "./view.js";

const SIDE = 28;
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
    const summary = this.store.summary.value;
    if (summary) void this.#load(summary.kind, summary.domain);
    // The element takes the scheme's colours in an effect of its own, which may come after this one.
    requestAnimationFrame(() => this.#draw());
  }

  /** Again only for other data: the feature itself never changes. */
  async #load(kind: string, domain: readonly number[]): Promise<void> {
    const asked = `${kind} ${domain}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    try {
      const values = await this.store.actions.engine.featureMap(this.feature, RESOLUTION);
      if (asked === this.#asked) this.#values = values;
      this.#draw();
    } catch {
      // Other data have come meanwhile, without this feature: its symbol says what it is.
      this.#values = null;
    }
  }

  #draw(): void {
    const values = this.#values;
    const canvas = this.querySelector("canvas");
    if (!values || !canvas) return;
    const palette = readPalette(this);
    const context = fit(canvas, SIDE, SIDE);
    context.clearRect(0, 0, SIDE, SIDE);
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

customElements.define("feature-thumbnail", FeatureThumbnail);
