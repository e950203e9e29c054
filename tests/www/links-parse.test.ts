// What a hash of TensorFlow Playground means here, key by key; our own links there and back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { applyLink, capture, decodeLink, encodeLink, isReplayable, type LinkState } from "../../www/links/index";
import { digestOf } from "../../www/links/digest";
import type { Engine as EngineType } from "../../www/engine/index";
import { Store } from "../../www/state/store";
import { built } from "./support/package";

const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");

let engine: EngineType;
let probe: EngineType;
before(async () => {
  Object.assign(globalThis, { innerWidth: 1000 });
  [engine, probe] = await Promise.all([Engine.create({ worker: false }), Engine.create({ worker: false })]);
});
after(() => {
  engine.dispose();
  probe.dispose();
});

// eslint-disable-next-line -- the config is JSON here
const config = async (hash: string) => (await decodeLink(`#${hash}`)).config as any;

test("what a hash leaves out is that page's default", async () => {
  const { data, network, training, mode } = await config("seed=1");
  assert.equal(mode, "tf_playground");
  assert.deepEqual(data, { dataset: "circle", noise: 0, split: { train: 50, validation: 50, test: 0 }, features: ["x", "y"] });
  assert.deepEqual(network.hidden, [4, 2].map((units) => ({ units, activation: { id: "tanh" } })));
  assert.deepEqual([training.optimizer.learning_rate, training.batch_size, training.penalty.id], [0.03, 10, "none"]);
});

test("keys are read as that page reads them", async () => {
  assert.equal((await config("seed=1&dataset=moons")).data.dataset, "circle", "an unknown name is ignored");
  assert.equal((await config("seed=1&dataset=toString")).data.dataset, "circle");
  assert.equal((await config("seed=1&activation=softmax")).network.hidden[0].activation.id, "tanh");
  assert.equal((await config("dataset=xor&problem=regression&regDataset=reg-gauss")).data.dataset, "reg_gauss");
  assert.equal((await config("regularization=L1&regularizationRate=0.3")).training.penalty.lambda, 0.3);
  assert.deepEqual((await config("networkShape=")).network.hidden, []);
  assert.equal((await config("networkShape=8,8,8,8,8,8,8,8")).network.hidden.length, 8);
  assert.equal((await config("networkShape=4%2C2")).network.hidden.length, 2, "escaped by a mail program");
  assert.deepEqual((await config("x=0&sinX=yes&xSquared=false&y=false")).data.features, ["x", "sin_x"], "anything but false is true");
  assert.deepEqual((await config("x=&y=false")).data.features, ["x"], "nothing is the default");
  assert.deepEqual((await config("xSquared=true&xSquared_hide=true&y_hide=true")).data.features, ["x"], "a hidden feature is gone");
  assert.deepEqual((await config("cosX=true&cosY=true")).data.features, ["x", "y"]);
  assert.deepEqual(await decodeLink("#seed=1&collectStats=true"), await decodeLink("#seed=1"), "nothing is collected");
  for (const [noise, taken] of [["80", 0.8], ["81", 0.5], ["-1", 0], ["5", 0.05]] as const) assert.equal((await config(`noise=${noise}`)).data.noise, taken);
  assert.equal((await config("initZero=true")).network.weight_initializer.id, "zeros");
  assert.equal((await config("batchSize=1e2&seed=a=b")).training.batch_size, 100);
  assert.equal((await config("seed=a=b")).seeds.tf_playground, "a");
  assert.match((await config("dataset=xor")).seeds.tf_playground, /^0\.\d{5}$/);
  const state = await decodeLink("#showTestData=true&discretize=true&hideText=true&tutorial=x&playButton_hide=true&stepButton_hide=true&dataset_hide=false");
  assert.deepEqual(state.view, { testPoints: true, discrete: true, parts: ["data", "training", "layer"] });
  assert.deepEqual(state.hidden, ["play", "step", "epoch"]);
  assert.deepEqual(state.notes, ["tutorial"]);
});

test("every control that a hash may hide has its place here", async () => {
  const names = ["showTestData", "discretize", "playButton", "stepButton", "resetButton", "learningRate", "activation", "regularization",
    "regularizationRate", "problem", "dataset", "percTrainData", "noise", "batchSize", "numHiddenLayers"];
  for (const name of names) assert.ok((await decodeLink(`#${name}_hide=true`)).hidden!.length > 0, name);
});

test("in that mode regenerating keeps the weights and the count, new weights keep the points, noise keeps the sample, reset comes back", async () => {
  await applyLink(await decodeLink("#seed=0.59704&noise=10"), engine, probe);
  const [start, points] = [await engine.weights(), await engine.points()];
  await engine.train({ epochs: 3 });
  const [trained, { step }] = [await engine.weights(), await engine.metrics()];
  await engine.newSeed(["data"]);
  assert.notDeepEqual((await engine.points()).x, points.x);
  assert.deepEqual(await engine.weights(), trained);
  assert.equal((await engine.metrics()).step, step);
  await engine.reset();
  assert.deepEqual(await engine.weights(), start, "that page loses them");
  await engine.patch({ seeds: { data: 1 }, data: { noise: 0 } });
  assert.deepEqual((await engine.points()).x, points.x, "that page draws another sample");
  await engine.newSeed(["init"]);
  assert.notDeepEqual(await engine.weights(), start);
  assert.deepEqual((await engine.points()).x, points.x);
});

const RUNS: Record<string, unknown>[] = [
  {},
  { data: { dataset: "spiral", noise: 0.1 }, network: { hidden: [{ units: 8, activation: "relu", dropout: 0.1 }, { units: 8, activation: { id: "leaky_relu", slope: 0.2 } }] } },
  { data: { dataset: "blobs", classes: 4 }, training: { optimizer: { id: "sgd", learning_rate: 0.1 }, penalty: { id: "l2", lambda: 0.01 } } },
  { data: { dataset: "reg_ripple" }, training: { early_stopping: { metric: "loss", patience: 5 } } },
  { data: { dataset: "line_sine" }, network: { hidden: [] } },
  { data: { dataset: "digits", samples: 200 }, network: { hidden: [{ units: 8, activation: "relu" }] } },
];

test("a link gives config, view and weights back, and a replay comes to the same bytes", async (context) => {
  const store = new Store();
  store.discrete.value = true;
  store.hiddenControls.value = new Set(["seed", "noise"]);
  const lengths: number[] = [];
  for (const run of RUNS) {
    await engine.configure(run as never);
    await engine.train({ steps: 37 });
    const [wanted, weights] = [engine.config, await engine.weights()];
    const short = await encodeLink(await capture(engine, store, probe, { weights: false, points: false, replay: false }));
    lengths.push(short.length);
    assert.ok(short.length < 400, `${short.length} characters`);
    const state = await capture(engine, store, probe, { weights: true, points: true, replay: true });
    assert.ok(await isReplayable(state, probe, new AbortController().signal));
    const text = await encodeLink(state);
    await engine.configure({ seeds: { init: 99 }, training: { batch_size: 3 } });
    const { state: read, replay } = await applyLink(await decodeLink(`https://example.org/x/#${text}`), engine, probe);
    assert.deepEqual(engine.config, wanted);
    assert.deepEqual([replay!.same, replay!.step, replay!.tensors], [true, 37, []]);
    assert.deepEqual(await engine.weights(), weights);
    assert.deepEqual([read.hidden, read.view!.discrete, read.view!.testPoints], [["seed", "noise"], true, false]);
    // The weights alone, without a replay.
    const { replay: _, ...still } = state;
    await applyLink(await decodeLink(await encodeLink(still)), engine, probe);
    assert.deepEqual(await engine.weights(), weights);
    assert.equal((await engine.metrics()).step, 0);
  }
  context.diagnostic(`links without weights: ${lengths.join(", ")} characters`);
});

test("tampered weights and digests are told by tensor and by the largest difference", async () => {
  await engine.configure({});
  await engine.train({ steps: 20 });
  const state = await capture(engine, new Store(), probe, { weights: true, points: false, replay: true });
  const names = (await engine.weights()).map(({ name }) => name);
  const weights = state.weights!.slice();
  weights[0]! += 0.5;
  const opened = async (other: Partial<LinkState>) => (await applyLink(await decodeLink(await encodeLink({ ...state, ...other })), engine, probe)).replay!;
  const tampered = await opened({ weights });
  assert.equal(tampered.same, false);
  assert.deepEqual(tampered.tensors, [names[0]]);
  assert.equal(tampered.largest!.tensor, names[0]);
  assert.ok(Math.abs(tampered.largest!.difference - 0.5) < 1e-6);
  const { digest, steps } = state.replay!;
  const last = `${digest!.slice(0, -8)}00000000`;
  const withDigest = await opened({ weights: undefined, replay: { steps, digest: last } });
  assert.deepEqual([withDigest.same, withDigest.tensors, withDigest.largest], [false, [names.at(-1)], null]);
  const fewer = await opened({ weights: undefined, replay: { steps: steps - 1, digest: digest! } });
  assert.equal(fewer.same, false);
  assert.ok(fewer.tensors.length > 1);
});

test("a run that was changed on the way is not said to be one that can be replayed", async () => {
  await engine.configure({});
  await engine.train({ steps: 10 });
  await engine.setParameter(0, 0, 0, 2);
  await engine.train({ steps: 10 });
  const state = await capture(engine, new Store(), probe, { weights: false, points: false, replay: true });
  assert.equal(await isReplayable(state, probe, new AbortController().signal), false);
});

test("a caller's own points come along", async () => {
  const inputs = Array.from({ length: 40 }, (_, row) => [row / 10, Math.sin(row), row % 3]);
  const targets = inputs.map((_, row) => row % 2);
  const split = targets.map((_, row) => (row < 30 ? 0 : 1));
  await engine.setData({ inputs, targets, split });
  await engine.train({ steps: 15 });
  const [wanted, weights] = [engine.config, await engine.weights()];
  const text = await encodeLink(await capture(engine, new Store(), probe, { weights: true, points: true, replay: true }));
  await engine.configure({});
  assert.equal(engine.customData, null);
  const { replay } = await applyLink(await decodeLink(text), engine, probe);
  assert.equal(replay!.same, true);
  assert.deepEqual(engine.config, wanted);
  assert.deepEqual(await engine.weights(), weights);
  assert.equal(engine.summary.counts.train, 30);
  // Without them the link still opens, on the first data set.
  const without = await encodeLink(await capture(engine, new Store(), probe, { weights: false, points: false, replay: false }));
  await applyLink(await decodeLink(without), engine, probe);
  assert.equal(engine.config.data.dataset, "circle");
});

test("the digest is FNV-1a of the bytes, eight digits for each tensor", () => {
  // Published: FNV-1a of no bytes, and of "foobar" (85944171f73967e8 is the 64-bit one; 32 bits: bf9cf968).
  const of = (bytes: string) => digestOf([{ name: "", shape: [], data: new Uint8Array([...bytes].map((c) => c.charCodeAt(0))) as never }]);
  assert.equal(of(""), "811c9dc5");
  assert.equal(of("foobar"), "bf9cf968");
});
