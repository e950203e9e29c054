// Random and malformed calls of every kind, one after another and interleaved, from a seed: no crash, every refusal an EngineError with
// code and field, and a refused call alone changes nothing. `CALLS=100000 node --import tsx tests/www/random-calls.test.ts` makes as
// many; `SEED=...` makes others. In the suite it is a shorter run of the same.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CALLS } from "../../www/engine/calls";
import { built } from "./support/package";

const { Engine, EngineError } = (await import(built.href)) as typeof import("../../www/engine/index");
type Engine = Awaited<ReturnType<typeof Engine.create>>;

const COUNT = Number(process.env.CALLS ?? 3000);
const SEED = Number(process.env.SEED ?? 1);

/** mulberry32: the same calls for the same seed. */
function randomOf(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (count: number) => Math.floor(next() * count), pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!, chance: (share: number) => next() < share };
}
type Random = ReturnType<typeof randomOf>;

const cyclic: unknown[] = [];
cyclic.push(cyclic);
const JUNK: unknown[] = [
  null, undefined, NaN, Infinity, -1, -0, 0, 1, 2.7, 2 ** 32 + 5, 2 ** 53, 1e308, "", "7", "NaN", "__proto__", "circle", true, false, 3n, Symbol("x"), () => 1, [], {}, [[]], [null], cyclic,
  new Date(0), new Map(), new Float32Array(3), new Float64Array([1, NaN]), new Uint8Array(4), new ArrayBuffer(4), { length: 1e9 }, new Array(50), "x".repeat(5000), { get type() { throw new Error("hostile"); } },
  new Proxy({}, { ownKeys() { throw new Error("hostile"); } }),
];

/** A config's field with a value that may fit. */
function patch(random: Random): unknown {
  const id = () => random.pick(["tanh", "relu", "sigmoid", "linear", "softmax", "selu", "gelu", "none"]);
  const layer = () => ({ units: random.pick([1, 2, 3, 8, 16, 33]), activation: id(), dropout: random.pick([0, 0.1, 0.9]), frozen: random.chance(0.2) });
  return random.pick<() => unknown>([
    () => ({ network: { hidden: Array.from({ length: random.below(4) }, layer) } }),
    () => ({ network: { output: { activation: id() } } }),
    () => ({ training: { loss: random.pick(["mse", "mae", "huber", "hinge", "binary_cross_entropy", "categorical_cross_entropy", "half_mse"]) } }),
    () => ({ training: { optimizer: { id: random.pick(["sgd", "adam", "gd", "lion", "nadam", "adagrad", "rmsprop"]), learning_rate: random.pick([0.001, 0.03, 10, -1, 1e9]) } } }),
    () => ({ training: { batch_size: random.pick([1, 10, 64, 5000, 0, 2.5]) } }),
    () => ({ training: { early_stopping: random.pick([null, { metric: random.pick(["loss", "accuracy", "log_loss", "r2"]), patience: random.pick([1, 5, 0]) }]) } }),
    () => ({ training: { stop: { epochs: random.pick([0, 1, 3]), evaluate_test: random.chance(0.5), target: random.pick([null, { metric: "balanced_accuracy", value: 0.9 }]) } } }),
    () => ({ training: { schedule: random.pick(["constant", "step", "cosine", "reduce_on_plateau", "one_cycle"]), clip: random.pick(["none", "norm", "value"]), penalty: random.pick(["l1", "l2", "none"]) } }),
    () => ({ data: { dataset: random.pick(["circle", "xor", "spiral", "reg_plane", "line_sine", "blobs", "rings", "custom"]), samples: random.pick([10, 100, 500, 9]), noise: random.pick([0, 0.3, 2]) } }),
    () => ({ data: { split: random.pick([{ train: 100, validation: 0, test: 0 }, { train: 60, validation: 20, test: 20 }, { train: 50 }]), scaling: random.pick(["none", "standard", "min_max"]) } }),
    () => ({ mode: random.pick(["standard", "tf_playground"]) }),
    () => ({ seeds: { init: random.below(5), data: random.below(5) } }),
    () => ({ [random.pick(["nonsense", "training", "data", "network"])]: random.pick(JUNK) }),
  ])();
}

/** Arguments that fit the call's kinds, or nearly. */
function sound(random: Random, name: string): unknown[] {
  const rows = (columns: number, count: number) => Array.from({ length: count }, () => Array.from({ length: columns }, () => random.next() * 4 - 2));
  switch (name) {
    case "configure": case "patch": return [patch(random)];
    case "chooseDataset": case "thumbnail": return [random.pick(["circle", "gauss", "moons", "reg_saddle", "line_step", "pinwheel", "custom", "nope"])];
    case "setBackend": return [random.pick(["cpu", "auto", "gpu"])];
    case "setData": {
      const columns = 1 + random.below(4), count = 3 + random.below(30);
      const values = random.chance(0.5);
      return [{
        inputs: rows(columns, count), targets: Array.from({ length: count }, () => (values ? random.next() : random.below(3))), ...(random.chance(0.3) ? { task: random.pick(["regression", "classification"]) } : {}),
        ...(random.chance(0.3) ? { split: Array.from({ length: count }, () => random.below(4)) } : {}),
      }];
    }
    case "setParameter": return [random.below(4), random.below(5), random.pick([null, 0, 1, 7]), random.next() * 10 - 5];
    case "train": return [{ ...(random.chance(0.5) ? { steps: random.pick([1, 7, 40, 0]) } : { epochs: random.pick([1, 2]) }), ...(random.chance(0.5) ? { metrics: random.chance(0.5) } : {}) }];
    case "step": return [random.pick([1, 3, 50, 0, 120])];
    case "epoch": return [random.pick([1, 2, 0])];
    case "play": return [{ stepsPerSecond: random.pick([null, 1, 1000, 0]) }];
    case "newSeed": return [random.pick([["init"], ["data", "split"], ["nope"], "init"])];
    case "frame": return [{ maps: { resolution: random.pick([1, 8, 30, 500]), hidden: random.chance(0.5) }, history: random.chance(0.5), weights: random.chance(0.5), activations: random.pick([0, 1, 9]) }];
    case "maps": return [random.pick([1, 5, 20, 201])];
    case "featureMap": return [random.pick(["x", "y", "x_squared", "nope"]), random.pick([1, 10, 201])];
    case "curve": return [random.pick(["tanh", { id: "elu", alpha: 2 }, "nope", { id: "elu", alpha: "2" }])];
    case "predict": return [rows(1 + random.below(4), random.below(5))];
    case "setWeights": return [random.pick<unknown>([[], [{ name: "output.bias", shape: [1], data: [random.next()] }], [{ name: "output.bias", shape: [1], data: ["a"] }], [{ name: 5 }]])];
    default: return [];
  }
}

const NAMES = Object.keys(CALLS).filter((name) => !["create", "dispose", "on", "references", "gradients"].includes(name)).concat("gradients");

function draw(random: Random): { name: string; args: unknown[] } {
  const name = random.pick(NAMES);
  const args = sound(random, name);
  if (random.chance(0.35)) {
    const at = random.below(Math.max(1, args.length));
    const given = args[at];
    // A whole argument, or something inside of one.
    if (random.chance(0.5) && typeof given === "object" && given !== null && Object.keys(given).length > 0) {
      (given as Record<string, unknown>)[random.pick(Object.keys(given))] = random.pick(JUNK);
    } else args[at] = random.pick(JUNK);
  }
  return { name, args };
}

async function made(engine: Engine, { name, args }: { name: string; args: unknown[] }, told: string): Promise<unknown> {
  try {
    await (engine as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
    return null;
  } catch (error) {
    assert.ok(error instanceof EngineError, `${told}: ${String(error)} ${(error as Error).stack ?? ""}`);
    assert.ok(!["engine_crashed", "engine_unavailable", "disposed"].includes(error.code), `${told}: ${error.code}: ${error.message}`);
    assert.match(error.code, /^[a-z_]+$/, told);
    assert.ok(error.field.length > 0 && error.field.length <= 200 && error.message.length <= 2000, `${told}: ${error.field.slice(0, 99)}`);
    return error;
  }
}

const state = async (engine: Engine): Promise<string> =>
  JSON.stringify([engine.config, engine.summary, (await engine.metrics()).step, (await engine.weights()).map(({ name, data }) => [name, [...new Uint32Array(data.buffer, data.byteOffset, data.length)]])]);

const create = async (): Promise<Engine> => {
  const engine = await Engine.create({ backend: "cpu", worker: false });
  engine.on("restarted", ({ message }) => { crashes.push(message); });
  return engine;
};
const crashes: string[] = [];

test(`${COUNT} calls one after another`, { timeout: 3_600_000 }, async (context) => {
  const random = randomOf(SEED);
  const engine = await create();
  let refused = 0;
  let slowest = 0;
  let compared = 0;
  for (let count = 0; count < COUNT; count += 1) {
    const call = draw(random);
    const told = `seed ${SEED}, call ${count}, ${call.name}`;
    // Nothing trains meanwhile, so that a refusal has nothing to hide behind.
    if (call.name !== "pause") await engine.pause();
    const look = count % 5 === 0;
    const before = look ? await state(engine) : "";
    const began = performance.now();
    const answer = made(engine, call, told);
    // A count may be large: this ends it.
    await engine.pause();
    const error = await answer;
    slowest = Math.max(slowest, performance.now() - began);
    if (error === null) continue;
    refused += 1;
    if (!look) continue;
    compared += 1;
    assert.equal(await state(engine), before, told);
  }
  engine.dispose();
  assert.deepEqual(crashes, []);
  assert.ok(refused > COUNT / 10 && refused < COUNT * 0.9, `${refused} of ${COUNT} were refused`);
  const { rss } = process.memoryUsage();
  assert.ok(rss < 512 * 2 ** 20, `${(rss / 2 ** 20).toFixed(0)} MiB`);
  context.diagnostic(`${refused} refused, ${compared} of them compared; the slowest took ${slowest.toFixed(0)} ms; ${(rss / 2 ** 20).toFixed(0)} MiB`);
});

test(`${COUNT} calls interleaved`, { timeout: 3_600_000 }, async (context) => {
  const random = randomOf(SEED + 1000);
  const engine = await create();
  let refused = 0;
  for (let count = 0; count < COUNT; ) {
    const together = Array.from({ length: 1 + random.below(12) }, () => draw(random));
    const answers = together.map((call, at) => made(engine, call, `seed ${SEED}, call ${count + at}, ${call.name}`));
    // What plays or trains for long is ended by the last of them.
    const ended = engine.pause();
    for (const answer of answers) if ((await answer) !== null) refused += 1;
    await ended;
    count += together.length;
  }
  assert.ok((await engine.metrics()).train.loss !== undefined);
  engine.dispose();
  assert.deepEqual(crashes, []);
  context.diagnostic(`${refused} refused`);
});
