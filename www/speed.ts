/** The speed slider: position 0..1 to a rate. Logarithmic from one step a second to one epoch a picture, then flat out. */

import type { ModelSummary } from "./engine/types.js";

/** Position of "one epoch a picture". */
const EPOCH_A_PICTURE = 0.75;
const FLAT_OUT = 0.995;
const PICTURES_PER_SECOND = 60;

export interface Rate { stepsPerSecond?: number | null; epochsPerSecond?: number | null }

/** Two-dimensional sets are watched, digits are waited for. */
export function defaultSpeed(kind: ModelSummary["kind"]): number {
  return kind === "digits" ? 1 : EPOCH_A_PICTURE;
}

/** The rate at a position; both null is flat out. */
export function rateOf(position: number, summary: ModelSummary | null): Rate {
  if (position >= FLAT_OUT) return { stepsPerSecond: null, epochsPerSecond: null };
  const epoch = Math.max(1, summary?.steps_per_epoch ?? 1);
  const steps = (epoch * PICTURES_PER_SECOND) ** (position / EPOCH_A_PICTURE);
  if (steps < epoch) return { stepsPerSecond: twoDigits(steps) };
  return { epochsPerSecond: twoDigits(steps / epoch) };
}

function twoDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value / unit) * unit;
}
