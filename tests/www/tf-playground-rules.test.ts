// What a TensorFlow Playground user expects of each control: every value of its menus is taken, what changes the weights, and which
// of that page's faults are not ours. tests/www/links.test.ts has the figures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { applyLink, decodeLink } from "../../www/links/index";
import type { Config, Engine as EngineType } from "../../www/engine/index";
import { Original, hashOf, type Settings } from "./support/original";
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

async function opened(hash: string): Promise<Config> {
  await applyLink(await decodeLink(`#${hash}`), engine, probe);
  return engine.config;
}

const weights = async (): Promise<number[]> => (await engine.weights()).flatMap(({ data }) => [...data]);
const points = async (): Promise<number[]> => {
  const { x, y, label } = await engine.points();
  return [...x, ...y, ...label];
};
const from = (first: number, last: number, step: number): number[] => Array.from({ length: (last - first) / step + 1 }, (_, at) => first + at * step);

test("every value of that page's menus and sliders is taken as it is", async () => {
  const LEARNING_RATES = [0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
  const REGULARIZATION_RATES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
  for (const rate of LEARNING_RATES) assert.equal((await opened(`seed=1&learningRate=${rate}`)).training.optimizer.learning_rate, rate);
  for (const id of ["L1", "L2"]) {
    for (const rate of REGULARIZATION_RATES) {
      const { penalty } = (await opened(`seed=1&regularization=${id}&regularizationRate=${rate}`)).training;
      assert.deepEqual([penalty.id, penalty.lambda], [id.toLowerCase(), rate]);
    }
  }
  for (const id of ["relu", "tanh", "sigmoid", "linear"]) assert.deepEqual((await opened(`seed=1&activation=${id}`)).network.hidden.map(({ activation }) => activation.id), [id, id]);
  for (const size of from(1, 30, 1)) assert.equal((await opened(`seed=1&batchSize=${size}`)).training.batch_size, size);
  for (const noise of from(0, 50, 5)) assert.equal((await opened(`seed=1&noise=${noise}`)).data.noise, noise / 100);
  for (const share of from(10, 90, 10)) {
    const { split } = (await opened(`seed=1&percTrainData=${share}`)).data;
    assert.deepEqual([split.train, split.validation, split.test], [share, 100 - share, 0]);
  }
  for (const count of from(0, 6, 1)) {
    for (const units of from(1, 8, 1)) {
      const shape = Array<number>(count).fill(units);
      assert.deepEqual((await opened(`seed=1&networkShape=${shape.join(",")}`)).network.hidden.map((layer) => layer.units), shape);
    }
  }
  for (const [problem, sets] of [["classification", ["circle", "xor", "gauss", "spiral"]], ["regression", ["reg-plane", "reg-gauss"]]] as const) {
    for (const set of sets) {
      const { data, network } = await opened(`seed=1&problem=${problem}&${problem === "regression" ? "regDataset" : "dataset"}=${set}`);
      assert.equal(data.dataset, set.replace("-", "_"));
      assert.equal(network.output.activation.id, problem === "regression" ? "linear" : "tanh", "one unit, by the kind of problem");
    }
  }
});

/** What that page begins anew for; here whatever allows it keeps weights and counters, in the mode of its links too. */
test("changing a setting keeps the weights whenever the setting allows it", async () => {
  const circle = "seed=0.59704&noise=10";
  const kept: [string, object][] = [
    ["learning rate", { training: { optimizer: { id: "sgd", learning_rate: 0.1 } } }],
    ["batch size", { training: { batch_size: 7 } }],
    ["activation", { network: { hidden: [4, 2].map((units) => ({ units, activation: { id: "relu" } })) } }],
    ["regularization", { training: { penalty: { id: "l2", lambda: 0.1 } } }],
    ["regularization rate", { training: { penalty: { id: "l2", lambda: 0.3 } } }],
    ["noise", { data: { noise: 0.3 } }],
    ["split", { data: { split: { train: 70, validation: 30, test: 0 } } }],
  ];
  await opened(circle);
  await engine.train({ epochs: 3 });
  const [trained, { step }] = [await weights(), await engine.metrics()];
  for (const [name, patch] of kept) {
    await engine.patch(patch);
    assert.deepEqual(await weights(), trained, name);
    assert.equal((await engine.metrics()).step, step, name);
  }
  const anew: [string, object][] = [
    ["features", { data: { features: ["x", "y", "x_times_y"] } }],
    ["neurons", { network: { hidden: [5, 2].map((units) => ({ units, activation: { id: "tanh" } })) } }],
    ["layers", { network: { hidden: [4, 2, 2].map((units) => ({ units, activation: { id: "tanh" } })) } }],
    ["data set", { data: { dataset: "xor" } }],
  ];
  for (const [name, patch] of anew) {
    await opened(circle);
    await engine.train({ epochs: 3 });
    await engine.patch(patch);
    assert.equal((await engine.metrics()).step, 0, name);
  }
});

test("in that mode the noise, the split and the data set keep the link's seed, and so its sample", async () => {
  await opened("seed=0.59704");
  const start = await points();
  const sorted = (list: number[]): number[] => list.slice(0, 1000).sort((a, b) => a - b);
  await engine.patch({ data: { split: { train: 70, validation: 30, test: 0 } } });
  assert.deepEqual(sorted(await points()), sorted(start), "another split of the same points");
  await engine.patch({ data: { dataset: "spiral" } });
  await engine.patch({ data: { dataset: "circle", split: { train: 50, validation: 50, test: 0 } } });
  assert.deepEqual(await points(), start, "there and back");
  // The very points of a link with those settings.
  await engine.patch({ data: { dataset: "spiral", noise: 0.2 } });
  const settings: Settings = { activation: "tanh", regularization: "none", regularizationRate: 0, batchSize: 10, problem: "classification", dataset: "spiral", regDataset: "reg-plane",
    learningRate: 0.03, noise: 20, networkShape: [4, 2], seed: "0.59704", percTrainData: 50, initZero: false, features: ["x", "y"] };
  const { train } = new Original(settings);
  const { x, y } = await engine.points();
  assert.ok(train.every((point, at) => Math.abs(point.x - x[at]!) < 2.4e-7 && Math.abs(point.y - y[at]!) < 2.4e-7));
  assert.match(hashOf(settings), /noise=20/);
});

test("outside that mode every sample is used in every epoch, in a new order each time", async () => {
  // 250 training points in batches of 30 are nine updates, the last of ten points.
  await engine.configure({ data: { dataset: "circle", samples: 500 }, training: { batch_size: 30 } });
  const { counts, steps_per_epoch } = engine.summary;
  assert.equal(counts.train, 250);
  assert.equal(steps_per_epoch, 9);
  await engine.train({ epochs: 2 });
  assert.equal((await engine.metrics()).step, 18);
  const shuffled = await weights();
  await engine.patch({ training: { shuffled: false } });
  await engine.reset();
  await engine.train({ epochs: 2 });
  assert.notDeepEqual(await weights(), shuffled);
  // A batch larger than the training set is the training set.
  await engine.configure({ training: { batch_size: 5000 } });
  const before = await weights();
  await engine.train({ epochs: 1 });
  assert.notDeepEqual(await weights(), before);
});

test("outside that mode a weight that L1 made zero comes back when it is wanted, or is edited", async () => {
  await engine.configure({ training: { penalty: { id: "l1", lambda: 1 }, optimizer: { id: "sgd", learning_rate: 0.1 } } });
  await engine.train({ epochs: 20 });
  const isZero = (await weights()).map((weight) => weight === 0);
  assert.ok(isZero.filter(Boolean).length > 10, "nearly everything is zero");
  const [first] = await engine.weights();
  await engine.setWeights([{ ...first!, data: first!.data.map(() => 0.5) }]);
  await engine.patch({ training: { penalty: { id: "none" } } });
  await engine.train({ epochs: 20 });
  const now = await weights();
  assert.ok(first!.data.length > 0 && now.slice(0, first!.data.length).every((weight) => weight !== 0 && weight !== 0.5), "edited links learn");
  assert.ok(now.filter((weight, at) => isZero[at] && weight !== 0).length > 10, "links that were zero learn");
});

test("the penalty is measured, apart from the loss, in that mode too", async () => {
  await opened("seed=0.59704&regularization=L2&regularizationRate=0.01");
  const { train } = await engine.metrics();
  const sum = (await engine.weights()).filter(({ shape }) => shape.length === 2).flatMap(({ data }) => [...data]).reduce((total, weight) => total + weight * weight, 0);
  // That page's penalty is half the sum of squares: its slope is the weight.
  assert.ok(Math.abs(train.penalty - 0.005 * sum) < 1e-6, `${train.penalty} of ${sum}`);
  assert.ok(Math.abs(train.loss - 0.49944) < 1e-4, "the loss is that page's own, without it");
});

test("the training part is at least five per cent: a link that wants less is refused by name", async () => {
  await assert.rejects(opened("seed=1&percTrainData=0"), /data\.split\.train/);
  assert.equal((await opened("seed=1&percTrainData=5")).data.split.train, 5);
});
