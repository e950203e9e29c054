// Maps of several classes as one picture, and maps made finer for hard decisions. Fetched with the first of either.
import { word, type Palette } from "./palette.js";

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
