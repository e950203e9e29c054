// Links of TensorFlow Playground against its rules written again, and links of our own there and back.
//
// Tolerances, f32 against f64. Points and weights are rounded once: half a unit in the last place, 2.4e-7 up to 6 (points beyond the
// domain: in proportion), 1.5e-8 below 0.5. Losses are sums of some hundred f32 forward passes, each within about 1e-6; up to
// 4,500 updates of rounding 6e-8 each follow until epoch 10, and a network that is still finding its way enlarges them:
// 1e-6 before training, 1e-5 after an epoch, 3e-5 after ten (the largest seen are 2e-7, 5e-6 and 2e-6).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { applyLink, decodeLink } from "../../www/links/index";
import type { Engine as EngineType } from "../../www/engine/index";
import { Original, hashOf, seedrandom, type Feature, type Settings } from "./support/original";
import { built } from "./support/package";

const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");

let engine: EngineType;
let probe: EngineType;
before(async () => {
  [engine, probe] = await Promise.all([Engine.create({ worker: false }), Engine.create({ worker: false })]);
});
after(() => {
  engine.dispose();
  probe.dispose();
});

const TOLERANCE = { 0: 1e-6, 1: 1e-5, 10: 3e-5 } as const;

/** Every batch size and noise of the sliders, and what a link may say beyond them: above 80 the noise is 50, below 0 it is 0. */
const BATCHES = [...Array.from({ length: 30 }, (_, at) => at + 1), 300];
const NOISES = [...Array.from({ length: 11 }, (_, at) => [5 * at, 5 * at] as const), [80, 80], [81, 50], [-5, 0]] as const;
const ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear"] as const;
const REGULARIZATIONS = ["none", "L1", "L2"] as const;
const SETS = ["circle", "xor", "gauss", "spiral", "reg-plane", "reg-gauss"] as const;
const PER_SET = 20;

/** 120 settings: twenty for each of the six sets; every value of a menu comes up with several others. */
function allSettings(): { settings: Settings; noise: number }[] {
  const pick = <T>(list: readonly T[], at: number): T => list[at % list.length]!;
  const featureSets: Feature[][] = [
    ["x", "y"], ["x", "y", "xSquared", "ySquared"], ["x", "y", "xTimesY"], ["x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY"],
    ["sinX", "sinY"], ["x"], ["xSquared", "ySquared"], ["y"], ["xSquared"], ["ySquared"], ["xTimesY"], ["sinX"], ["sinY"],
  ];
  const shapes = [[4, 2], [8], [], [3, 2], [8, 8], [1], [5, 4, 3], [2, 2, 2, 2], [6, 6, 6, 6, 6, 6], [12], [4, 2], [8, 8, 8, 8, 8, 8, 8, 8]];
  return SETS.flatMap((set, s) =>
    Array.from({ length: PER_SET }, (_, k) => {
      const at = s * PER_SET + k;
      const [noise, effective] = pick(NOISES, at);
      const isRegression = set.startsWith("reg");
      const features = pick(featureSets, at);
      const activation = pick(ACTIVATIONS, k + s);
      const isSteep = features.some((feature) => feature.endsWith("Squared")) && (isRegression || activation === "relu" || activation === "linear");
      return {
        noise,
        settings: {
          activation,
          regularization: pick(REGULARIZATIONS, k + 2 * s),
          regularizationRate: pick([0.001, 0.003, 0.01, 0.03, 0.1], at),
          batchSize: pick(BATCHES, 11 * at + 9),
          problem: isRegression ? "regression" : "classification",
          dataset: isRegression ? "circle" : set,
          regDataset: isRegression ? set : "reg-plane",
          // With unscaled squares a regression at 0.003 grows without bound: there the engine stops, and that page counts on. And where no
          // activation bounds them, larger rates make chaos of any rounding: at 0.1 a change of 1e-12 in the weights is 0.3 in the loss after an epoch.
          learningRate: pick(isSteep ? [0.0001, 0.001] : isRegression ? [0.001, 0.003, 0.01, 0.03] : [0.03, 0.001, 0.01, 0.1, 0.003], at),
          noise: effective,
          networkShape: pick(shapes, k),
          seed: pick(["0.59704", "0.12345", "hello.", "7"], at) + (k % 3 === 0 ? "" : String(k)),
          percTrainData: pick([50, 10, 90, 30, 70, 100], at),
          initZero: k === 5,
          features,
        } as Settings,
      };
    }),
  );
}

const near = (found: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Number.isFinite(expected) && Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${what}: ${found} instead of ${expected}`);

/** Losses of the training and of the other points; the latter may be none. */
async function losses(): Promise<[number, number | null]> {
  const metrics = await engine.metrics();
  return [metrics.train.loss, metrics.validation?.loss ?? null];
}

test("120 links give the points, the weights and the losses that the rules give", async (context) => {
  const all = allSettings();
  // Every data set with every activation and every regularization; every noise, batch size and feature.
  const met = (of: (settings: Settings, noise: number) => unknown): number => new Set(all.map(({ settings, noise }) => JSON.stringify(of(settings, noise)))).size;
  const set = (s: Settings): string => (s.problem === "regression" ? s.regDataset : s.dataset);
  assert.deepEqual([met((s) => [set(s), s.activation]), met((s) => [set(s), s.regularization])], [SETS.length * ACTIVATIONS.length, SETS.length * REGULARIZATIONS.length]);
  assert.deepEqual([met((_, noise) => noise), met((s) => s.batchSize), met((s) => s.features)], [NOISES.length, BATCHES.length, 13]);
  assert.equal(new Set(all.flatMap(({ settings }) => settings.features)).size, 7);
  const largest = { 0: 0, 1: 0, 10: 0 };
  for (const { settings, noise } of all) {
    const hash = hashOf(settings, noise);
    const original = new Original(settings);
    await applyLink(await decodeLink(`https://playground.tensorflow.org/#${hash}`), engine, probe);
    const points = await engine.points();
    const expected = [...original.train, ...original.test];
    assert.equal(points.x.length, expected.length, hash);
    for (const [at, { x, y, label }] of expected.entries()) {
      near(points.x[at]!, x, 2.4e-7, `${hash}: x of point ${at}`);
      near(points.y[at]!, y, 2.4e-7, `${hash}: y of point ${at}`);
      near(points.label[at]!, settings.problem === "regression" ? label : (label + 1) / 2, 2.4e-7, `${hash}: label of point ${at}`);
      assert.equal(points.split[at], at < original.train.length ? 0 : 1, `${hash}: part of point ${at}`);
    }
    const weights = (await engine.weights()).flatMap(({ data }) => [...data]);
    const drawn = original.parameters();
    assert.equal(weights.length, drawn.length, hash);
    for (const [at, weight] of drawn.entries()) near(weights[at]!, weight, 1.5e-8, `${hash}: parameter ${at}`);
    for (const epoch of [0, 1, 10] as const) {
      if (epoch > 0) await engine.train({ epochs: epoch === 1 ? 1 : 9 });
      for (let done = epoch === 10 ? 1 : 0; done < epoch; done += 1) original.epoch();
      const [train, rest] = await losses();
      const wanted = original.loss(original.train);
      largest[epoch] = Math.max(largest[epoch], Math.abs(train - wanted) / Math.max(1, wanted));
      near(train, wanted, TOLERANCE[epoch], `${hash}: training loss at epoch ${epoch}`);
      if (rest !== null) near(rest, original.loss(original.test), TOLERANCE[epoch], `${hash}: test loss at epoch ${epoch}`);
      else assert.equal(original.test.length, 0, hash);
    }
  }
  context.diagnostic(`largest differences of losses at epochs 0, 1, 10: ${Object.values(largest).map((value) => value.toExponential(1)).join(", ")}`);
});

/** The figures that were printed by the original program itself, to five decimals. */
const PRINTED = [
  ["circle", "", [[0.240145, 0.460359, 1], [-4.203729, -0.079791, -1]], [0.49944, 0.50119, 0.49758, 0.49812, 0.48627, 0.48422, 0.0104, 0.01156]],
  ["gauss", "dataset=gauss", [[-1.768924, -1.87281, -1], [-2.276458, -1.791495, -1]], [0.50574, 0.51147, 0.47348, 0.47713, 0.00853, 0.00886, 0.0005, 0.00056]],
  ["relu", "activation=relu", [[0.240145, 0.460359, 1]], [0.49174, 0.49419, 0.48215, 0.48451, 0.32963, 0.34603, 0.00496, 0.00561]],
  ["L2", "regularization=L2&regularizationRate=0.01", [[0.240145, 0.460359, 1]], [0.49944, 0.50119, 0.4976, 0.49816, 0.48798, 0.48619, 0.02227, 0.02378]],
  ["reg-plane", "problem=regression", [[-0.067609, 2.497958, 0.243035]], [0.16368, 0.16765, 0.03476, 0.03753, 0.0046, 0.00533, 0.00025, 0.0003]],
] as const;

test("links with nothing but a seed and one key give the figures that the original printed", async () => {
  for (const [name, key, first, figures] of PRINTED) {
    await applyLink(await decodeLink(`#${key}&seed=0.59704`), engine, probe);
    const points = await engine.points();
    for (const [at, [x, y, label]] of first.entries()) {
      near(points.x[at]!, x, 1e-6, name);
      near(points.y[at]!, y, 1e-6, name);
      near(points.label[at]!, name === "reg-plane" ? label : (label + 1) / 2, 1e-6, name);
    }
    const found: number[] = [];
    for (const epochs of [0, 1, 9, 90]) {
      if (epochs > 0) await engine.train({ epochs });
      const [train, rest] = await losses();
      found.push(train, rest!);
    }
    // Five decimals; at epoch 100 f32 has drifted by up to 1 %.
    for (const [at, figure] of figures.entries()) near(found[at]!, figure, at < 6 ? 1e-4 : 0.01 * figure + 0.5e-5, `${name}, figure ${at}`);
  }
  const random = seedrandom("hello.");
  assert.deepEqual([random(), random()], [0.9282578795792454, 0.3752569768646784], "the reference's own random numbers");
});
