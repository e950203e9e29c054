// How the values of a map become -1..1 for the diverging colours. One place, so that the neuron and the large map agree.
import type { ModelSummary } from "../engine/types.js";

/** `v * gain + offset` is -1..1. */
export interface MapScale { gain: number; offset: number }

const scale: MapScale = { gain: 1, offset: 0 };

/** Scale of one map: targets by their encoding; everything else by its own largest magnitude, at least 1, so that
 *  a bounded activation keeps its meaning and an unbounded one is not cut off. The result is reused by the next call. */
export function scaleOf(values: Float32Array, from: number, count: number, encoding: ModelSummary["target_encoding"] | null): MapScale {
  scale.offset = 0;
  if (encoding === "zero_one") {
    scale.gain = 2;
    scale.offset = -1;
  } else if (encoding === "plus_minus_one") scale.gain = 1;
  else scale.gain = 1 / largest(values, from, count, 1);
  return scale;
}

/** Largest finite magnitude, at least `floor`. */
export function largest(values: Float32Array, from: number, count: number, floor: number): number {
  let top = floor;
  for (let i = from; i < from + count; i++) {
    const v = Math.abs(values[i]!);
    if (v > top && v < Infinity) top = v;
  }
  return top;
}
