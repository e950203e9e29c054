// Situations, planted as the frames that a page would draw, with the sentence that each must have and those that it must not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { signal } from "@preact/signals-core";

import type { Config, Frame, ModelSummary } from "../../www/engine/types.js";
import type { Sentence } from "../../www/insights/narration.js";
import { Teller } from "../../www/insights/teller.js";
import type { Store } from "../../www/state/store.js";

const SIDE = 36;
const COLUMNS = ["epoch", "train_loss", "validation_loss", "penalty", "train_score", "validation_score", "learning_rate"];
type Values = { train: number; validation?: number; score?: number; validationScore?: number };
type Map = (x: number, y: number) => number;

interface Situation {
  /** What is measured at an epoch. */
  at: (epoch: number) => Values;
  epochs: number;
  /** Epochs between two rows. */
  gap?: number;
  /** Epoch of the newest change; what was trained before it is of another network. */
  changed?: number;
  map?: Map;
  /** What the maps of the looks before were, oldest first. */
  before?: Map[];
  playing?: boolean;
  regression?: boolean;
  /** Hidden units of ReLU that are 0 everywhere. */
  dead?: number;
  activation?: string;
  validated?: boolean;
  must: string[];
  not: string[];
}

const falling = (epoch: number): Values => ({ train: 0.7 * Math.exp(-epoch / 60) + 0.02, validation: 0.72 * Math.exp(-epoch / 60) + 0.03, score: 0.93, validationScore: 0.92 });
const flat = (score: number, loss = 0.3) => (epoch: number): Values => ({ train: loss + 0.4 * Math.exp(-epoch / 5), validation: loss * 1.05 + 0.4 * Math.exp(-epoch / 5), score, validationScore: score });
const overfit = (epoch: number): Values => ({ train: 0.5 * Math.exp(-epoch / 60), validation: 0.3 + Math.abs(epoch - 100) / 500, score: 0.97, validationScore: 0.85 });
const jumps = (epoch: number): Values => ({ train: Math.round(epoch) % 2 ? 0.4 : 0.8, validation: 0.6, score: 0.6, validationScore: 0.6 });
const rising = (epoch: number): Values => ({ train: 0.1 * Math.exp(epoch / 30), validation: 0.1 * Math.exp(epoch / 30), score: 0.7, validationScore: 0.7 });
const ring: Map = (x, y) => 9 - x * x - y * y;
const line: Map = (x) => x - 0.3;
const curve: Map = (x, y) => y - 0.3 * x * x + 2;
const all: Map = () => -1;
const half: Map = (x) => x;

const BOUNDARY = ["boundary.none", "boundary.almost_none", "boundary.straight", "boundary.bent", "boundary.closed"];
const CURVES = ["curves.falling", "curves.rising", "curves.jumping", "curves.solved", "curves.flat", "curves.overfitting", "curves.above_start"];
const REMEDY = ["curves.rising", "curves.jumping", "curves.above_start"];

const TABLE: Record<string, Situation> = {
  "the first epochs": { at: falling, epochs: 3, must: [], not: CURVES },
  "a loss that falls": { at: falling, epochs: 60, must: ["curves.falling"], not: ["curves.flat", "curves.rising", "curves.solved"] },
  "the same while it plays": { at: falling, epochs: 60, playing: true, must: ["curves.falling"], not: ["curves.flat"] },
  "a loss that falls, measured now and then": { at: falling, epochs: 160, gap: 8, must: ["curves.falling"], not: ["curves.flat", "curves.stale"] },
  "another activation while paused": { at: (e) => (e < 60 ? falling(e) : { train: 5, validation: 5, score: 0.5 }), epochs: 60, changed: 60, must: ["curves.changed"], not: [...CURVES] },
  "another activation, two epochs on": { at: (e) => (e <= 60 ? falling(e) : { train: 5, validation: 5, score: 0.5 }), epochs: 62, changed: 60, must: [], not: [...CURVES, "curves.changed"] },
  "another activation, and the loss falls again": { at: (e) => (e <= 60 ? falling(e) : { train: 3 * Math.exp(-(e - 60) / 20) + 0.1, validation: 3 * Math.exp(-(e - 60) / 20) + 0.1, score: 0.9 }), epochs: 90, changed: 60, must: ["curves.falling"], not: REMEDY },
  "a change forgets what was best before it": { at: (e) => (e <= 200 ? { train: 0.01, validation: 0.01, score: 1 } : { train: 0.5 * Math.exp(-(e - 200) / 50), validation: 0.6 * Math.exp(-(e - 200) / 50), score: 0.9, validationScore: 0.9 }), epochs: 260, changed: 200, must: ["curves.falling"], not: ["curves.overfitting", "curves.stale", "curves.falling_gap"] },
  "a change of the noise after overfitting": { at: overfit, epochs: 300, changed: 300, must: ["curves.changed"], not: ["curves.overfitting"] },
  "a weight that was dragged": { at: flat(1, 0.01), epochs: 120, changed: 120, map: ring, must: ["boundary.closed", "curves.changed"], not: ["curves.solved"] },
  "a rate that is too large, from the start": { at: (e) => ({ train: e === 0 ? 0.7 : 15, validation: 15, score: 0.5, validationScore: 0.5 }), epochs: 40, map: all, must: ["curves.above_start", "boundary.none"], not: ["curves.falling", "curves.flat_poor"] },
  "Adam at rate 10: the map swings while it plays": { at: jumps, epochs: 60, map: half, before: [all, half, all, half, all], playing: true, must: ["boundary.swinging", "curves.jumping"], not: BOUNDARY },
  "the same, paused on a half blue map": { at: jumps, epochs: 60, map: half, before: [all, half, all, half, all], must: ["boundary.straight", "curves.jumping"], not: ["boundary.none", "boundary.swinging"] },
  "a loss that jumps": { at: jumps, epochs: 60, must: ["curves.jumping"], not: ["curves.falling", "curves.flat", "curves.rising"] },
  "noise of a few per cent is no jumping": { at: (e) => ({ train: 0.5 * (1 + 0.03 * (Math.round(e) % 2 ? 1 : -1)), validation: 0.5, score: 0.85, validationScore: 0.85 }), epochs: 60, must: [], not: ["curves.jumping", "curves.rising"] },
  "a loss that rises": { at: rising, epochs: 80, must: ["curves.rising"], not: ["curves.falling", "curves.flat"] },
  "a loss that rose before the change": { at: (e) => (e <= 80 ? rising(e) : { train: 1.4 * Math.exp(-(e - 80) / 30), validation: 1.4 * Math.exp(-(e - 80) / 30), score: 0.8 }), epochs: 120, changed: 80, must: ["curves.falling"], not: ["curves.rising"] },
  "validation rises while training falls": { at: overfit, epochs: 300, must: ["curves.overfitting"], not: ["curves.falling", "curves.solved"] },
  "validation rises, few epochs of large data": { at: (e) => ({ train: 0.4 * Math.exp(-e / 3), validation: 0.2 + Math.abs(e - 4) / 20, score: 0.97, validationScore: 0.93 }), epochs: 12, must: ["curves.overfitting"], not: ["curves.falling"] },
  "validation stands far above, training still falls": { at: (e) => ({ train: 0.6 * Math.exp(-e / 8), validation: 0.4, score: 0.95, validationScore: 0.8 }), epochs: 14, must: ["curves.falling_gap"], not: ["curves.falling", "curves.solved"] },
  "validation far above and falling with it": { at: (e) => ({ train: 0.5 * Math.exp(-e / 40), validation: 1.2 * Math.exp(-e / 40), score: 0.93, validationScore: 0.9 }), epochs: 60, must: ["curves.falling"], not: ["curves.falling_gap", "curves.overfitting"] },
  "all is right in training, much is wrong in validation": { at: (e) => ({ train: 0.01 * Math.exp(-e / 500), validation: 1.3, score: 1, validationScore: 0.7 }), epochs: 15, must: ["curves.memorized"], not: ["curves.solved", "curves.falling_solved", "curves.falling"] },
  "there is no validation part": { at: overfit, epochs: 300, validated: false, must: ["curves.falling"], not: ["curves.overfitting", "curves.stale", "curves.falling_gap", "curves.memorized"] },
  "all is right and it still falls": { at: (e) => ({ train: 0.3 * Math.exp(-e / 40), validation: 0.3 * Math.exp(-e / 40), score: 1, validationScore: 1 }), epochs: 100, map: ring, must: ["boundary.closed", "curves.falling_solved"], not: ["curves.flat", "curves.memorized"] },
  "all is right and nothing moves": { at: flat(1, 0.01), epochs: 200, map: ring, must: ["boundary.closed", "curves.solved"], not: ["curves.falling", "curves.flat_poor"] },
  "flat and good": { at: (e) => ({ ...flat(0.95)(e), validation: 0.32 + 0.4 * Math.exp(-e / 5) }), epochs: 40, must: ["curves.flat"], not: ["curves.flat_poor", "curves.falling"] },
  "flat and poor": { at: flat(0.6), epochs: 40, must: ["curves.flat_poor"], not: ["curves.solved", "curves.falling"] },
  "flat and poor after a change": { at: (e) => flat(0.6)(e > 100 ? e - 100 : 0), epochs: 160, changed: 100, must: ["curves.flat_poor"], not: ["curves.changed"] },
  "flat and linear": { at: flat(0.6), epochs: 40, activation: "linear", map: line, must: ["boundary.straight", "curves.flat_linear"], not: ["curves.flat_poor"] },
  "flat with dead neurons": { at: flat(0.6), epochs: 40, activation: "relu", dead: 2, map: line, must: ["curves.flat_dead"], not: ["curves.all_dead"] },
  "every neuron is dead": { at: flat(0.5, 0.69), epochs: 40, activation: "relu", dead: 4, map: all, must: ["boundary.none", "curves.all_dead"], not: ["curves.falling", "curves.flat_poor"] },
  "some are dead and it falls": { at: falling, epochs: 60, activation: "relu", dead: 3, map: line, must: ["curves.falling_dead"], not: ["curves.falling", "curves.all_dead"] },
  "every neuron is dead right after the change": { at: falling, epochs: 60, changed: 60, activation: "relu", dead: 4, map: all, must: ["curves.changed"], not: ["curves.falling"] },
  "values far from the points": { at: flat(0.4), epochs: 40, regression: true, must: ["curves.flat_poor_values"], not: ["curves.flat_poor", ...BOUNDARY] },
  "values that fit": { at: flat(0.995, 0.001), epochs: 200, regression: true, must: ["curves.solved"], not: BOUNDARY },
  "validation stopped long ago": { at: (e) => ({ train: 0.3 + Math.exp(-e / 30), validation: 0.32 + Math.exp(-e / 30) + 1e-4 * e, score: 0.95, validationScore: 0.95 }), epochs: 300, must: ["curves.stale"], not: ["curves.overfitting"] },
  "one colour everywhere": { at: flat(0.5), epochs: 40, map: all, must: ["boundary.none"], not: ["boundary.almost_none", "boundary.straight"] },
  "one colour but for a speck": { at: flat(0.5), epochs: 40, map: (x, y) => (Math.abs(x - 3) < 0.3 && Math.abs(y - 3) < 0.3 ? 1 : -1), must: ["boundary.almost_none"], not: ["boundary.none"] },
  "a line that turns": { at: falling, epochs: 20, map: line, before: [(x, y) => x + 0.5 * y], playing: true, must: ["boundary.straight_turning"], not: ["boundary.swinging", "boundary.straight"] },
  "a line that stands": { at: flat(0.95), epochs: 40, map: line, before: [line], playing: true, must: ["boundary.straight"], not: ["boundary.straight_turning"] },
  "a line by chance": { at: flat(0.5), epochs: 40, map: line, must: ["boundary.straight_lost"], not: ["boundary.straight"] },
  "a curve that bends": { at: falling, epochs: 30, map: curve, before: [(x, y) => y - 0.2 * x * x + 1], playing: true, must: ["boundary.bending"], not: ["boundary.bent"] },
  "a curve while paused": { at: falling, epochs: 60, map: curve, must: ["boundary.bent", "curves.falling"], not: ["boundary.bending"] },
  "a ring that closes": { at: falling, epochs: 30, map: ring, before: [(x, y) => 16 - x * x - y * y], playing: true, must: ["boundary.closing"], not: ["boundary.closed"] },
  "a ring around the other class": { at: flat(0.97), epochs: 40, map: (x, y) => x * x + y * y - 9, must: ["boundary.closed"], not: ["boundary.none"] },
  "islands": { at: flat(0.95), epochs: 40, map: (x, y) => x * y + 0.5, must: ["boundary.islands"], not: ["boundary.closed"] },
  "the map moves much once, at the start": { at: falling, epochs: 12, map: ring, before: [all], playing: true, must: ["boundary.closing"], not: ["boundary.swinging"] },
  "a loss back at its start after a remedy": { at: (e) => ({ train: 0.7 - 0.01 * e, validation: 0.7 - 0.01 * e, score: 0.8, validationScore: 0.8 }), epochs: 30, must: ["curves.falling"], not: REMEDY },
};

const mapOf = (f: Map): Float32Array =>
  Float32Array.from({ length: SIDE * SIDE }, (_, at) => f(-6 + (12 * ((at % SIDE) + 0.5)) / SIDE, 6 - (12 * (Math.floor(at / SIDE) + 0.5)) / SIDE));

/** Four hidden units of one layer; a step is an epoch. */
function frameOf({ at, epochs, gap = 1, changed, dead = 0, validated = true, regression }: Situation, map: Map | undefined): Frame {
  const rows: number[] = [];
  const full = ({ train, validation = train, score = 0.9, validationScore = score }: Values): number[] =>
    [train, validated ? validation : NaN, 0, score, validated ? validationScore : NaN, 0.01];
  for (let epoch = 0; epoch <= epochs; epoch += gap) rows.push(epoch, ...full(at(epoch)));
  const [train, validation, , score, validationScore] = full(at(epochs)) as [number, number, number, number, number];
  const id = regression ? "r2" : "accuracy";
  const hidden = Float32Array.from({ length: 4 * SIDE * SIDE }, (_, place) => (Math.floor(place / (SIDE * SIDE)) < dead ? 0 : 1));
  return {
    run: 1, step: epochs, epoch: epochs, changed_step: changed ?? 0, changed_epoch: changed ?? 0, playing: false, learning_rate: 0.01, steps_per_second: 0,
    history: { columns: COLUMNS, rows: rows.length / COLUMNS.length, train_samples: 100, data: Float32Array.from(rows) },
    metrics: { epoch: epochs, step: epochs, train: { loss: train, penalty: 0, [id]: score }, validation: validated ? { loss: validation, penalty: 0, [id]: validationScore } : null },
    maps: map ? { resolution: SIDE, layers: [new Float32Array(2 * SIDE * SIDE), hidden, mapOf(map)] } : null,
  } as unknown as Frame;
}

function told(situation: Situation): readonly Sentence[] {
  const { activation = "tanh", regression = false, validated = true, before = [], playing = false, map } = situation;
  const summary = { kind: "plane", task: regression ? "regression" : "classification", classes: regression ? 0 : 2, counts: { validation: validated ? 100 : 0 },
    layers: [{ units: 2 }, { units: 4 }, { units: 1 }] } as unknown as ModelSummary;
  const config = { network: { hidden: [{ units: 4, activation: { id: activation } }] } } as unknown as Config;
  const store = { config: signal(config), summary: signal(summary), playing: signal(true) } as unknown as Store;
  const teller = new Teller();
  let now = 0;
  for (const earlier of before) teller.tell(frameOf(situation, earlier), store, (now += 500));
  store.playing.value = playing;
  // While it plays a sentence stays until it can be read.
  let shown = teller.tell(frameOf(situation, regression ? undefined : map), store, (now += 500));
  for (let look = 0; look < (playing && before.length > 0 && before.length < 3 ? 3 : 0); look++) shown = teller.tell(frameOf(situation, map), store, (now += 450));
  if (playing && before.length >= 3) for (const next of [all, map!, all, map!]) shown = teller.tell(frameOf(situation, next), store, (now += 500));
  return shown;
}

test("the_table_has_at_least_forty_situations", () => {
  assert.ok(Object.keys(TABLE).length >= 40, `${Object.keys(TABLE).length}`);
});

for (const language of ["en", "zh-CN"]) {
  const words = JSON.parse(readFileSync(new URL(`../../www/i18n/${language}.json`, import.meta.url), "utf8")) as Record<string, string>;
  /** The words before the first placeholder or colon, enough to tell a sentence by. */
  const say = (key: string): string => words[`tell.${key}`] ?? assert.fail(key);
  for (const [name, situation] of Object.entries(TABLE)) {
    test(`${name} (${language})`, () => {
      const sentences = told(situation);
      const line = sentences.map(({ key }) => words[key] ?? assert.fail(key));
      for (const key of situation.must) assert.ok(line.includes(say(key)), `${key}: ${line.join(" | ")}`);
      for (const key of situation.not) assert.ok(!line.includes(say(key)), `not ${key}: ${line.join(" | ")}`);
      assert.ok(line.length <= 2);
      // Every value of a sentence is given.
      for (const { key, values } of sentences) for (const [, placeholder] of words[key]!.matchAll(/\{(\w+)\}/g)) assert.ok(placeholder! in values, `${key} ${placeholder}`);
    });
  }
}
