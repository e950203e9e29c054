// How the values of a map become -1..1 for the diverging colours. One place, so that the neuron and the large map agree.
import type { ModelSummary, Points } from "../engine/types.js";

export type Encoding = ModelSummary["target_encoding"];

/** What a map's values are multiplied by: 1 for the one output of two classes, which the engine sends as -1..1 with the
 *  boundary at 0; else by the largest magnitude, at least 1, so that a bounded activation keeps its meaning and an
 *  unbounded one is not cut off. `encoding` is null for all but the output layer. */
export function gainOf(values: Float32Array, from: number, count: number, encoding: Encoding | null): number {
  if (encoding === "zero_one" || encoding === "plus_minus_one") return 1;
  return 1 / largest(values, from, count, 1);
}

/** One output per class: how a score becomes a share 0..1. */
export function shareOf(encoding: Encoding): { gain: number; offset: number } {
  return encoding === "plus_minus_one_hot" ? { gain: 0.5, offset: 0.5 } : { gain: 1, offset: 0 };
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

/** Largest magnitude of a regression's target: full colour. */
export function spanOf(points: Points | null): number {
  return (points && largest(points.label, 0, points.label.length, 0)) || 1;
}
