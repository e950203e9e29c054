// Small canvas tools: sharp sizing, maps of values as pictures, markers of points. No state but reused buffers.
import { LUT_SIZE } from "./palette.js";

/** Sizes the canvas to CSS pixels at the device's resolution and returns its context, scaled to CSS pixels. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(devicePixelRatio || 1, 3);
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** A picture that is filled from values by a look-up table and drawn scaled; its buffers are kept between frames. */
export class Raster {
  private readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d")!;
  private image: ImageData | null = null;
  private words = new Uint32Array(0);

  get element(): HTMLCanvasElement {
    return this.canvas;
  }

  /** The pixels as little-endian RGBA words, rows from the top. */
  pixels(width: number, height: number): Uint32Array {
    if (!this.image || this.image.width !== width || this.image.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = this.context.createImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    return this.words;
  }

  commit(): HTMLCanvasElement {
    if (this.image) this.context.putImageData(this.image, 0, 0);
    return this.canvas;
  }
}

/** Colours `count` values from `from` into `target` from `start` on, in rows of `row` pixels `stride` apart.
 *  A value v takes entry `(v * gain + offset)` of the table, -1..1; NaN takes the middle. */
export function colour(
  values: Float32Array,
  from: number,
  count: number,
  lut: Uint32Array,
  gain: number,
  offset: number,
  target: Uint32Array,
  start: number,
  row: number,
  stride: number,
): void {
  const half = (LUT_SIZE - 1) / 2;
  const top = LUT_SIZE - 1;
  let column = 0;
  let line = start;
  for (let i = from; i < from + count; i++) {
    const at = (values[i]! * gain + offset) * half + half + 0.5;
    // Neither comparison holds for NaN.
    target[line + column] = lut[at >= top ? top : at < 0 ? 0 : at >= 0 ? at | 0 : half]!;
    if (++column === row) {
      column = 0;
      line += stride;
    }
  }
}

/** Adds the outline of class `k`'s marker: square, circle, triangle, diamond, pentagon, cross, star, hexagon. */
export function marker(context: CanvasRenderingContext2D | Path2D, k: number, x: number, y: number, r: number): void {
  switch (k % 8) {
    case 0:
      context.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
      return;
    case 1:
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case 2:
      polygon(context, 3, x, y + r * 0.15, r * 1.3, r * 1.3);
      return;
    case 3:
      polygon(context, 4, x, y, r * 1.25, r * 1.25);
      return;
    case 4:
      polygon(context, 5, x, y, r * 1.12, r * 1.12);
      return;
    case 5:
      cross(context, x, y, r * 1.15, r * 0.4);
      return;
    case 6:
      polygon(context, 10, x, y, r * 1.4, r * 0.62);
      return;
    default:
      polygon(context, 6, x, y, r * 1.08, r * 1.08);
  }
}

/** Corners alternate between two radii, the first at the top. */
function polygon(
  context: CanvasRenderingContext2D | Path2D,
  corners: number,
  x: number,
  y: number,
  even: number,
  odd: number,
): void {
  for (let i = 0; i < corners; i++) {
    const a = (i / corners) * 2 * Math.PI;
    const r = i % 2 === 0 ? even : odd;
    if (i === 0) context.moveTo(x + r * Math.sin(a), y - r * Math.cos(a));
    else context.lineTo(x + r * Math.sin(a), y - r * Math.cos(a));
  }
  context.closePath();
}

function cross(context: CanvasRenderingContext2D | Path2D, x: number, y: number, r: number, w: number): void {
  context.moveTo(x - w, y - r);
  for (const [dx, dy] of [
    [w, -r],
    [w, -w],
    [r, -w],
    [r, w],
    [w, w],
    [w, r],
    [-w, r],
    [-w, w],
    [-r, w],
    [-r, -w],
    [-w, -w],
  ] as const) {
    context.lineTo(x + dx, y + dy);
  }
  context.closePath();
}
