// How high the surface stands: the shown map as shares of a box, and the colour of every cell. Pure.
import type { Frame, ModelSummary } from "../engine/types.js";
import { colourClasses } from "./blends.js";
import { colour } from "./canvas.js";
import type { Unit } from "../ui/events.js";
import { classColours, type Palette } from "./palette.js";
import { gainOf, shareOf } from "./scale.js";

export interface Heights {
  /** `side`² corners, rows from the top of the plane: -1..1. */
  data: Float32Array;
  /** Little-endian RGBA words of the same corners. */
  colours: Uint32Array;
  side: number;
  /** Cells of the map in a row: corners stand in the middle of every second. */
  cells: number;
  /** What -1 and 1 stand for. */
  low: number;
  high: number;
}
export interface HeightsLook {
  palette: Palette;
  summary: ModelSummary;
  shown: Unit | null;
  /** Largest magnitude of a regression's target. */
  span: number;
}

/** Every so many cells of the map are a corner of the surface. */
const STRIDE = 2;

export function heightsOf(output: NonNullable<Frame["output"]>, { palette, summary, shown, span }: HeightsLook): Heights {
  const n = output.resolution;
  const side = Math.floor((n - 1) / STRIDE) + 1;
  const count = n * n;
  const isOutput = !shown || shown.layer === summary.layers.length - 1;
  const all = new Uint32Array(count);
  const heights = new Float32Array(count);
  let [low, high] = [-1, 1];
  if (output.units > 1) {
    const share = shareOf(summary.target_encoding);
    colourClasses(output.data, count, output.units, share, palette, false, all);
    for (let i = 0; i < count; i++) {
      let top = 0;
      for (let k = 0; k < output.units; k++) top = Math.max(top, output.data[k * count + i]! * share.gain + share.offset);
      heights[i] = 2 * Math.min(1, top) - 1;
    }
    low = 0;
  } else {
    const value = isOutput && summary.target_encoding === "value";
    const gain = value ? 1 / span : gainOf(output.data, 0, count, isOutput ? summary.target_encoding : null);
    const one = isOutput && shown && summary.classes > 2;
    const share = shareOf(summary.target_encoding);
    if (one) colour(output.data, 0, count, classColours(palette, summary.classes).large[shown.unit % 8]!, share.gain, share.offset, all, 0, n, n);
    else colour(output.data, 0, count, palette.large, gain, 0, all, 0, n, n);
    for (let i = 0; i < count; i++) {
      const v = one ? 2 * (output.data[i]! * share.gain + share.offset) - 1 : output.data[i]! * gain;
      heights[i] = Math.min(1.15, Math.max(-1.15, Number.isNaN(v) ? 0 : v));
    }
    // The engine sends the probability of one output as -1..1.
    if (one || (isOutput && summary.target_encoding === "zero_one")) low = 0;
    else [low, high] = [-1 / gain, 1 / gain];
  }
  const data = new Float32Array(side * side);
  const colours = new Uint32Array(side * side);
  for (let r = 0; r < side; r++)
    for (let c = 0; c < side; c++) {
      const at = r * STRIDE * n + c * STRIDE;
      data[r * side + c] = heights[at]!;
      colours[r * side + c] = all[at]!;
    }
  return { data, colours, side, cells: n, low, high };
}

/** Where the corner of that column stands, -1..1; rows run the other way. */
export function cornerAt({ cells }: Heights, column: number): number {
  return (2 * (column * STRIDE + 0.5)) / cells - 1;
}

/** Height of the surface over a place of the plane, u and v -1..1. */
export function heightAt({ data, side, cells }: Heights, u: number, v: number): number {
  const at = (share: number) => Math.min(side - 1.001, Math.max(0, (((share + 1) / 2) * cells - 0.5) / STRIDE));
  const c = at(u);
  const r = at(-v);
  const [c0, r0] = [c | 0, r | 0];
  const [cs, rs] = [c - c0, r - r0];
  const i = r0 * side + c0;
  const upper = data[i]! + (data[i + 1]! - data[i]!) * cs;
  const lower = data[i + side]! + (data[i + side + 1]! - data[i + side]!) * cs;
  return upper + (lower - upper) * rs;
}
