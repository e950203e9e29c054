/** The speed slider: position 0..1 to a rate. Logarithmic from one step a second to one epoch a picture, then flat out. */

import { dataOf } from "../engine/data-kinds.js";
import type { ModelSummary } from "../engine/types.js";

/** Position of "one epoch a picture". */
const EPOCH_A_PICTURE = 0.75;
/** ... but never more than so many steps a picture: beyond that no machine follows, and the slider would have a dead end. */
const STEPS_A_PICTURE = 32;
/** Presses of an arrow key from one step a second to flat out. */
export const SPEED_STOPS = 20;
const FLAT_OUT = 0.995;
const PICTURES_PER_SECOND = 60;

export interface Rate { stepsPerSecond?: number | null; epochsPerSecond?: number | null }

/** Two-dimensional sets are watched, digits are waited for. */
export function defaultSpeed(summary: ModelSummary): number {
  return dataOf(summary).image ? 1 : EPOCH_A_PICTURE;
}

/** The rate at a position; both null is flat out. */
export function rateOf(position: number, summary: ModelSummary | null): Rate {
  if (position >= FLAT_OUT) return { stepsPerSecond: null, epochsPerSecond: null };
  const epoch = Math.max(1, summary?.steps_per_epoch ?? 1);
  const steps = (Math.min(epoch, STEPS_A_PICTURE) * PICTURES_PER_SECOND) ** (Math.max(0, position) / EPOCH_A_PICTURE);
  if (steps < epoch || epoch === 1) return { stepsPerSecond: twoDigits(steps) };
  return { epochsPerSecond: twoDigits(steps / epoch) };
}

/** The position so many key presses on. */
export function stopAfter(position: number, presses: number): number {
  return Math.min(1, Math.max(0, (Math.round(position * SPEED_STOPS) + presses) / SPEED_STOPS));
}

function twoDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value / unit) * unit;
}
