// The built package in node: refusals, events, a caller's own data, crashes, and the bytes of the native engine.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import type { EngineEvent } from "../../www/engine/index";
import { hashes } from "./support/hashes";
import { built } from "./support/package";

const { Engine, EngineError } = (await import(built.href)) as typeof import("../../www/engine/index");

const engines: Awaited<ReturnType<typeof Engine.create>>[] = [];
async function create() {
  const engine = await Engine.create({ backend: "cpu", worker: false });
  engines.push(engine);
  return engine;
}
afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
});

const refusal = (code: string, field?: string) => (error: unknown) => {
  assert.ok(error instanceof EngineError, String(error));
  assert.equal(error.code, code);
  if (field !== undefined) assert.equal(error.field, field);
  assert.ok(error.message.length > 0);
  return true;
};

for (const { name, config, steps, hash } of hashes.cases) {
  test(`node ends at the bytes of the native engine: ${name}`, async () => {
    const engine = await create();
    await engine.configure(config);
    await engine.train({ steps });
    assert.equal(hashes.of((await engine.weights()).map(({ data }) => data)), hash);
  });
}

test("there are configs whose bytes are compared", () => {
  assert.ok(hashes.cases.length >= 3);
});

test("maps are filled into arrays that are given back, and are those of fresh arrays", async () => {
  const engine = await create();
  await engine.train({ steps: 20 });
  const fresh = await engine.activationMaps(12);
  const expected = fresh.layers.map((layer) => [...layer]);
  const given = fresh.layers.map((layer) => layer.buffer);
  const again = await engine.activationMaps(12, { reuse: fresh });
  assert.deepEqual(again.layers.map((layer) => [...layer]), expected);
  assert.deepEqual(again.layers.map((layer) => given.indexOf(layer.buffer)), given.map((_, place) => place), "in this thread they are the answer's own");
  // Of another size: new arrays.
  const larger = await engine.activationMaps(20, { reuse: again });
  assert.deepEqual(larger.layers.map(({ length }) => length), expected.map(({ length }) => (length / 144) * 400));
});

test("a frame has the maps of the units that are wanted, in arrays that are given back", async () => {
  const engine = await create();
  await engine.train({ steps: 20 });
  const { layers } = await engine.activationMaps(12);
  const whole = await engine.frame({ maps: { resolution: 12, hidden: true }, output: { resolution: 20 } });
  assert.deepEqual(whole.maps!.layers, layers);
  assert.equal(whole.maps!.units, undefined);
  const large = [...whole.output!.data];
  const given = [...whole.maps!.layers, whole.output!.data].map(({ buffer }) => buffer);
  const again = await engine.frame({ maps: { resolution: 12, hidden: true }, output: { resolution: 20 } }, { reuse: whole });
  const answered = [...again.maps!.layers, again.output!.data].map(({ buffer }) => buffer);
  assert.deepEqual(answered.map((buffer) => given.indexOf(buffer)), given.map((_, place) => place), "in this thread they are the answer's own");
  assert.deepEqual(again.maps!.layers, layers);
  assert.deepEqual([...again.output!.data], large);
  const units = [[1], [0, 3], [], [0]];
  const part = await engine.frame({ maps: { resolution: 12, hidden: true, units } }, { reuse: again });
  assert.deepEqual(part.maps!.units, units);
  units.forEach((each, layer) => assert.deepEqual([...part.maps!.layers[layer]!], each.flatMap((unit) => [...layers[layer]!.subarray(unit * 144, (unit + 1) * 144)])));
  await assert.rejects(engine.frame({ maps: { resolution: 12, hidden: true, units: [[2]] } }), refusal("out_of_range", "wants.maps.units"));
});

test("bad input is refused by field and limit, and the running state is untouched", async () => {
  const engine = await create();
  await engine.train({ steps: 10 });
  const before = await engine.weights();
  await assert.rejects(engine.patch({ training: { batch_sise: 3 } } as never), refusal("unknown_field", "training.batch_sise"));
  await assert.rejects(engine.patch({ training: { batch_size: 0 } }), refusal("out_of_range", "training.batch_size"));
  await assert.rejects(engine.patch({ training: { loss: "mean" } }), refusal("unknown_id", "training.loss"));
  await assert.rejects(engine.configure({ network: { hidden: [{ units: 1e9, activation: "relu", dropout: 0, frozen: false }] } }), refusal("out_of_range", "network.hidden[0].units"));
  await assert.rejects(engine.configure({ training: { loss: "categorical_cross_entropy" } }), refusal("pairing"));
  await assert.rejects(engine.configureUntrusted("no config"), refusal("malformed"));
  await assert.rejects(engine.predict([1, 2, 3]), refusal("mismatch"));
  await assert.rejects(engine.setWeights([{ ...before[0]!, shape: [1, 1] }]), refusal("mismatch", "weights.hidden.0.weight"));
  await assert.rejects(engine.setWeights([{ ...before[0]!, name: "hidden.9.weight" }]), refusal("unknown_id", "weights"));
  const inputs = Array.from({ length: 20 }, (_, row) => [row, -row]);
  const targets = inputs.map((_, row) => row % 2);
  await assert.rejects(engine.setData({ inputs: [...inputs, [1, Number.NaN]], targets: [...targets, 0] }), refusal("not_finite", "inputs"));
  await assert.rejects(engine.setData({ inputs: [...inputs, [1]], targets: [...targets, 0] }), refusal("mismatch", "inputs"));
  await assert.rejects(engine.setData({ inputs, targets: targets.slice(1) }), refusal("mismatch", "inputs"));
  await assert.rejects(engine.setData({ inputs: new Float32Array(41), columns: 2, targets }), refusal("mismatch", "inputs"));
  await assert.rejects(engine.setData({ inputs: [[1, 2]], targets: [0] }), refusal("out_of_range"));
  await assert.rejects(engine.train({}), refusal("mismatch"));
  await assert.rejects(engine.train({ steps: 5, epochs: 5 }), refusal("mismatch"));
  await assert.rejects(engine.train({ steps: 0 }), refusal("out_of_range", "command.steps"));
  await assert.rejects(engine.train({ steps: 1.5 }), refusal("malformed", "steps"));
  await assert.rejects(engine.play({ stepsPerSecond: -1 }), refusal("out_of_range", "command.steps_per_second"));
  assert.deepEqual(await engine.weights(), before);
  assert.equal((await engine.metrics()).step, 10);
});

test("events tell what happened, by type and all together", async () => {
  const engine = await create();
  const all: EngineEvent["type"][] = [];
  const runs: number[] = [];
  engine.on("event", ({ type }) => all.push(type));
  const stop = engine.on("configured", ({ run }) => runs.push(run));
  await engine.chooseDataset("spiral");
  await engine.reset();
  stop();
  await engine.reset();
  assert.ok(all.includes("configured") && all.includes("points"), all.join(" "));
  assert.ok(runs.length >= 2 && runs.at(-1)! > runs[0]!, `a reset is a new run: ${runs}`);
});

test("a reset gives the same weights, a new seed others", async () => {
  const engine = await create();
  const start = await engine.weights();
  await engine.train({ steps: 50 });
  assert.notDeepEqual(await engine.weights(), start);
  await engine.reset();
  assert.deepEqual(await engine.weights(), start);
  await engine.newSeed(["init"]);
  assert.notDeepEqual(await engine.weights(), start);
});

test("a training can be aborted where it is, and goes on from there", async () => {
  const engine = await create();
  const controller = new AbortController();
  const training = engine.train({ steps: 4_000_000_000, signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(training, { name: "AbortError" });
  const { step } = await engine.metrics();
  assert.ok(step > 0 && step < 4_000_000_000);
  assert.equal((await engine.train({ steps: 5 })).step, step + 5);
});

test("epochs are whole epochs", async () => {
  const engine = await create();
  const { steps_per_epoch } = engine.summary;
  await engine.step(3);
  await engine.epoch();
  assert.equal((await engine.metrics()).step, steps_per_epoch);
  assert.equal((await engine.train({ epochs: 4 })).epoch, 5);
});

test("a caller's own rows are learned and predicted", async () => {
  const engine = await create();
  const inputs: number[][] = [];
  const targets: number[] = [];
  for (let i = 0; i < 60; i += 1) {
    inputs.push([Math.cos(i), Math.sin(i), i / 60]);
    targets.push(i % 3);
  }
  const config = await engine.setData({ inputs, targets, task: "classification" });
  assert.equal(config.data.dataset, "custom");
  assert.equal(engine.summary.input_count, 3);
  assert.equal(engine.summary.classes, 3);
  const probabilities = await engine.predict(inputs.slice(0, 4));
  assert.equal(probabilities.length, 4 * 3);
  const row = probabilities.slice(0, 3);
  assert.ok(Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
});

test("weights go out and come back", async () => {
  const engine = await create();
  await engine.train({ steps: 20 });
  const trained = await engine.weights();
  await engine.reset();
  await engine.setWeights(trained);
  assert.deepEqual(await engine.weights(), trained);
  for (const { shape, data } of trained) assert.equal(shape.reduce((product, length) => product * length, 1), data.length);
});

test("a crash rejects the call, and the next one meets a new engine with config and weights", async () => {
  const engine = await create();
  await engine.patch({ training: { batch_size: 7 } });
  await engine.train({ steps: 30 });
  const trained = await engine.weights();
  const restarts: EngineEvent[] = [];
  engine.on("restarted", (event) => restarts.push(event));
  await assert.rejects(engine.crashForTest(), refusal("engine_crashed"));
  assert.deepEqual(await engine.weights(), trained);
  assert.equal(engine.config.training.batch_size, 7);
  assert.deepEqual(restarts.map((event) => event.type === "restarted" && event.restored), ["config_and_weights"]);
});

test("training goes on after a crash as if there had been none: optimizer, epoch and place in it", async () => {
  const [engine, straight] = [await create(), await create()];
  // Another optimizer than the one at the start: a snapshot of before would not fit.
  for (const each of [engine, straight]) {
    await each.patch({ training: { optimizer: "nadam", early_stopping: { patience: 3 } } });
    await each.train({ steps: 130 });
  }
  await assert.rejects(engine.crashForTest(), refusal("engine_crashed"));
  for (const each of [engine, straight]) await each.train({ steps: 170 });
  assert.deepEqual(await engine.snapshot(), await straight.snapshot());
});

test("what was live when a crash came is what a new engine has: a snapshot from before a change of optimizer is not tried", async () => {
  const engine = await create();
  await engine.train({ steps: 30 });
  await engine.patch({ training: { optimizer: "sgd" } });
  const trained = await engine.snapshot();
  await assert.rejects(engine.crashForTest(), refusal("engine_crashed"));
  assert.deepEqual(await engine.snapshot(), trained);
});

test("a snapshot is taken up by another engine, and refused by field where it does not fit", async () => {
  const [engine, other] = [await create(), await create()];
  await engine.train({ steps: 37 });
  const bytes = await engine.snapshot();
  await other.restore(bytes);
  assert.deepEqual(await other.snapshot(), bytes);
  await other.patch({ network: { hidden: [{ units: 3, activation: "tanh" }] } });
  const before = await other.snapshot();
  await assert.rejects(other.restore(bytes), refusal("mismatch", "snapshot.layers"));
  await assert.rejects(other.restore(bytes.slice(1)), refusal("malformed", "snapshot"));
  for (const wrong of [null, undefined, "bytes", [1, 2], new Float32Array(4), 7n, {}]) {
    await assert.rejects(other.restore(wrong as never), refusal("malformed", "snapshot"));
  }
  assert.deepEqual(await other.snapshot(), before);
});

test("a crash with a caller's own data brings the data over", async () => {
  const engine = await create();
  await engine.setData({ inputs: [[0], [1], [2], [3], [4], [5], [6], [7], [8], [9]], targets: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1] });
  await engine.train({ steps: 5 });
  const trained = await engine.weights();
  await assert.rejects(engine.crashForTest(), refusal("engine_crashed"));
  assert.deepEqual(await engine.weights(), trained);
  assert.equal(engine.config.data.dataset, "custom");
});

test("where there is no WebGPU the processor trains, and the engine says why", async () => {
  const engine = await Engine.create({ backend: "webgpu", worker: false });
  engines.push(engine);
  await assert.rejects(Engine.create({ backend: "quantum" as never }), refusal("unknown_id", "backend"));
  assert.equal(engine.info.backend, "cpu");
  assert.equal(engine.info.why, "webgpu_missing");
  assert.equal(engine.info.choice, "webgpu");
  assert.equal(await engine.gpuStats(), null);
  assert.equal((await engine.setBackend("cpu")).why, "cpu_asked_for");
  await assert.rejects(engine.setBackend("quantum" as never), refusal("unknown_id", "backend"));
  assert.equal((await engine.train({ steps: 10 })).step, 10);
});

test("SIMD is on", async () => {
  assert.equal((await create()).info.simd, true);
});

test("a disposed engine refuses every call", async () => {
  const engine = await create();
  const training = engine.train({ steps: 1_000_000_000 });
  engine.dispose();
  await assert.rejects(training, refusal("disposed"));
  await assert.rejects(engine.metrics(), refusal("disposed"));
});
