// Small canvas tools: sharp sizing, maps of values as pictures, markers of points. No state but reused buffers.
import { LUT_SIZE, word, type Palette } from "./palette.js";

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

/** Maps of `n`² values, enlarged `factor` times by linear interpolation between the centres of their cells: what is cut
 *  at a threshold afterwards has a smooth edge. `out` holds as many maps of (n * factor)² values. */
export function enlarge(data: Float32Array, n: number, maps: number, factor: number, out: Float32Array): void {
  const m = n * factor;
  for (let k = 0; k < maps; k++) {
    for (let row = 0; row < m; row++) {
      const v = Math.min(n - 1, Math.max(0, (row + 0.5) / factor - 0.5));
      const top = Math.min(n - 2, v | 0);
      const down = v - top;
      const above = k * n * n + top * n;
      for (let column = 0; column < m; column++) {
        const u = Math.min(n - 1, Math.max(0, (column + 0.5) / factor - 0.5));
        const left = Math.min(n - 2, u | 0);
        const right = u - left;
        const at = above + left;
        const upper = data[at]! + (data[at + 1]! - data[at]!) * right;
        const lower = data[at + n]! + (data[at + n + 1]! - data[at + n]!) * right;
        out[(k * m + row) * m + column] = upper + (lower - upper) * down;
      }
    }
  }
}

/** Blends class colours by their shares (`v * gain + offset`, at least 0); where two classes are about equal the picture
 *  goes to zero's colour.
 *  `data` is unit-major: `classes` maps of `count` values. */
export function colourClasses(
  data: Float32Array,
  count: number,
  classes: number,
  share: { gain: number; offset: number },
  palette: Palette,
  discretize: boolean,
  target: Uint32Array,
): void {
  const {
    zero,
    largeStrength,
    many: { rgb },
  } = palette;
  for (let i = 0; i < count; i++) {
    let first = 0;
    let second = 0;
    let best = 0;
    let r = 0;
    let g = 0;
    let b = 0;
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const p = Math.max(0, data[k * count + i]! * share.gain + share.offset);
      const c = rgb[k % rgb.length]!;
      if (p > first) {
        second = first;
        first = p;
        best = k;
      } else if (p > second) second = p;
      r += c[0] * p;
      g += c[1] * p;
      b += c[2] * p;
      sum += p;
    }
    let strength = 1 - (1 - first + second) ** 2;
    if (discretize || !(sum > 0)) {
      const c = rgb[best % rgb.length]!;
      r = c[0];
      g = c[1];
      b = c[2];
      sum = 1;
      strength = 1;
    }
    strength *= largeStrength;
    target[i] = word(
      (zero[0] + (r / sum - zero[0]) * strength) | 0,
      (zero[1] + (g / sum - zero[1]) * strength) | 0,
      (zero[2] + (b / sum - zero[2]) * strength) | 0,
    );
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
