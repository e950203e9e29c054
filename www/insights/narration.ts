/** What boundary and curves are doing now, from measured figures alone: facts in, keys of sentences out. */

import type { Boundary } from "./boundary.js";

/** One measured row of the curves; `score` and `validationScore` are shares of right answers or of explained variance. */
export interface Row { epoch: number; train: number; validation: number; score: number; validationScore: number }

export interface Facts {
  /** Oldest first, of what was trained since the last change alone; the newest is of the picture that is drawn. */
  rows: readonly Row[];
  /** Training loss before the first step of all; NaN if not known. */
  start: number;
  /** A setting or a weight was changed and nothing was trained since. */
  untrained: boolean;
  /** Null where there is no map of two classes. */
  boundary: Boundary | null;
  /** Share of the map that changed class of late; null if not known. */
  moved: number | null;
  /** The map has changed much from each look to the next. */
  swinging: boolean;
  regression: boolean;
  /** No hidden layer bends anything: the network is one linear map. */
  linear: boolean;
  /** Hidden units of ReLU that are 0 over the whole map, and how many there are. */
  dead: number;
  hiddenUnits: number;
  /** The validation set is there. */
  validated: boolean;
}

/** A sentence of the dictionary and what is put into it. */
export interface Sentence { key: string; values: Record<string, string | number> }

// Every bound has its reason; all are shares of the figures themselves, so that they hold for every loss.

/** Fewer measured rows than this show no trend. */
const LEAST_ROWS = 5;
/** A trend is read over the last third of what was measured: shorter is noise, longer is history. */
const TREND_SHARE = 1 / 3;
/** Over that stretch: losing less than this share is a plateau ... */
const FLAT = 0.02;
/** ... and gaining more than this share is a loss that rises. Mini-batches alone make it wander by some per cent. */
const RISING = 0.25;
/** A curve jumps when this share of its differences change sign and their mean size is this share of its level. Smooth descent changes sign never, noise about half the time but in small steps. */
const TURNS = 0.5;
const JUMP = 0.15;
/** Epochs without a better validation loss before it is spoken of, and their share of all: fewer is chance ... */
const STALE_EPOCHS = 20;
const STALE_SHARE = 0.15;
/** ... or, of the few epochs of large data, so many rows and such a share. */
const STALE_ROWS = 4;
const STALE_PART = 0.3;
/** Overfitting: the validation loss has risen so far above its best, and stands so far above the training loss. */
const WORSE_THAN_BEST = 1.1;
const GAP = 1.5;
/** So good is good: the share of right answers, or of explained variance, that leaves nothing to see. */
const SOLVED = 0.99;
/** Below this the network has not understood the data when the loss has gone flat. */
const POOR = 0.9;
/** Of chance level: two classes that are told apart no better than this have not begun to be. */
const CHANCE = 0.6;
/** A loss that is so far above what it began with, and does not fall, was thrown there. */
const ABOVE_START = 1.2;
/** Share of the map that changes class between two looks: more is moving, less is standing. */
const MOVING = 0.01;

/** At most two sentences: what the boundary is doing, then what the curves are doing. */
export function narrate(facts: Facts): Sentence[] {
  return [boundarySentence(facts), curveSentence(facts)].filter((each) => each !== null);
}

function boundarySentence({ boundary, moved, rows, swinging }: Facts): Sentence | null {
  if (!boundary) return null;
  if (swinging) return { key: "tell.boundary.swinging", values: {} };
  const score = rows.at(-1)?.score ?? NaN;
  const { shape, blue, regions } = boundary;
  const class_ = { class: blue ? "blue" : "orange" };
  if (shape === "none") return { key: boundary.specks ? "tell.boundary.almost_none" : "tell.boundary.none", values: class_ };
  const moving = moved !== null && moved > MOVING;
  if (shape === "closed") return { key: moving ? "tell.boundary.closing" : "tell.boundary.closed", values: class_ };
  if (shape === "islands") return { key: "tell.boundary.islands", values: { count: regions } };
  if (shape === "straight") return { key: score < CHANCE ? "tell.boundary.straight_lost" : moving ? "tell.boundary.straight_turning" : "tell.boundary.straight", values: {} };
  return { key: moving ? "tell.boundary.bending" : "tell.boundary.bent", values: {} };
}

function curveSentence(facts: Facts): Sentence | null {
  const { rows, regression, linear, dead, hiddenUnits, validated, start, untrained } = facts;
  const say = (key: string, values: Record<string, number> = {}): Sentence => ({ key: `tell.curves.${key}`, values });
  if (untrained) return say("changed");
  const last = rows.at(-1);
  if (!last || rows.length < LEAST_ROWS) return null;
  const { change, turns, jump } = trendOf(rows, "train");
  const solved = last.score >= SOLVED;
  if (hiddenUnits > 0 && dead === hiddenUnits) return say("all_dead");
  if (turns >= TURNS && jump >= JUMP && !solved) return say("jumping");
  if (change >= RISING && !solved) return say("rising");
  if (change > -FLAT && last.train > start * ABOVE_START && !solved) return say("above_start");
  const stale = validated ? staleEpochs(rows) : null;
  if (stale !== null && last.validation > stale.best * WORSE_THAN_BEST && last.validation > last.train * GAP && last.train <= stale.trainThen) {
    return say("overfitting", { count: rounded(stale.count) });
  }
  // What is known by heart is not learned: neither "falling" nor "solved" is the whole truth beside such a gap.
  const apart = validated && last.validation > last.train * GAP && trendOf(rows, "validation").change > -FLAT;
  if (apart && solved && last.validationScore < POOR) return say("memorized");
  if (apart && change <= -FLAT && !solved) return say("falling_gap");
  if (change <= -FLAT && solved) return say("falling_solved");
  if (change <= -FLAT) return dead * 2 >= hiddenUnits && dead > 0 ? say("falling_dead", { count: dead, of: hiddenUnits }) : say("falling");
  if (solved) return say("solved");
  if (last.score < POOR) {
    if (linear) return say("flat_linear");
    if (dead > 0) return say("flat_dead", { count: dead, of: hiddenUnits });
    return say(regression ? "flat_poor_values" : "flat_poor");
  }
  return stale === null ? say("flat") : say("stale", { count: rounded(stale.count) });
}

/** Change of a loss over the newest stretch as a share of its level, and how much it jumps on the way. */
function trendOf(rows: readonly Row[], part: "train" | "validation"): { change: number; turns: number; jump: number } {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const since = last.epoch - (last.epoch - first.epoch) * TREND_SHARE;
  let from = rows.findIndex(({ epoch }) => epoch >= since);
  from = Math.max(0, Math.min(from, rows.length - LEAST_ROWS));
  const recent = rows.slice(from).map((row) => row[part]);
  const half = Math.floor(recent.length / 2);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const level = Math.max(mean(recent), Number.MIN_VALUE);
  // Means of halves: one outlier at either end is no trend.
  const change = (mean(recent.slice(half)) - mean(recent.slice(0, half))) / Math.max(mean(recent.slice(0, half)), Number.MIN_VALUE);
  const steps = recent.slice(1).map((value, at) => value - recent[at]!);
  const turning = steps.slice(1).filter((step, at) => step * steps[at]! < 0).length;
  return { change, turns: turning / Math.max(1, steps.length - 1), jump: mean(steps.map(Math.abs)) / level };
}

/** Epochs since the validation loss was lowest, where that is long ago; and both losses at that time. */
function staleEpochs(rows: readonly Row[]): { count: number; best: number; trainThen: number } | null {
  let best: Row | null = null;
  for (const row of rows) if (row.validation < (best?.validation ?? Infinity)) best = row;
  if (!best) return null;
  const count = rows.at(-1)!.epoch - best.epoch;
  const all = rows.at(-1)!.epoch - rows[0]!.epoch;
  const long = count >= Math.max(STALE_EPOCHS, all * STALE_SHARE) || (count >= Math.max(STALE_ROWS, all * STALE_PART) && rows.length - 1 - rows.indexOf(best) >= STALE_ROWS);
  return long ? { count, best: best.validation, trainThen: best.train } : null;
}

/** One digit: "about 40", so that the sentence does not count along. */
function rounded(count: number): number {
  const unit = 10 ** Math.floor(Math.log10(count));
  return Math.floor(count / unit) * unit;
}
