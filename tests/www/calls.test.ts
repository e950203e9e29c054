// Every public call with values of the wrong kind: an EngineError with a field, and nothing has changed.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { CALLS } from "../../www/engine/calls";
import { FRAME_CALLS } from "../../www/app/element/frame-messages";
import { built } from "./support/package";

const { Engine, EngineError } = (await import(built.href)) as typeof import("../../www/engine/index");

const engine = await Engine.create({ backend: "cpu", worker: false });
after(() => engine.dispose());
await engine.step(3);

const cyclic: Record<string, unknown> = {};
cyclic.itself = cyclic;
const detached = new Float32Array(4);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
/** Of no kind that any argument has. */
const WRONG: unknown[] = [
  Symbol("wrong"), 3n, () => 1, NaN, Infinity, -Infinity, new Date(0), new Map([[1, 2]]), /x/, new DataView(new ArrayBuffer(8)), new BigInt64Array(4), cyclic,
  { get steps() { throw new Error("hostile"); }, get inputs() { throw new Error("hostile"); }, get wrong() { throw new Error("hostile"); } },
  new Proxy({}, { ownKeys: () => { throw new Error("hostile"); }, get: () => { throw new Error("hostile"); } }),
  new Proxy([], { get: () => { throw new Error("hostile"); } }),
];
/** Of a kind that some arguments have: accepted or refused, but never anything else. */
const DOUBTFUL: unknown[] = [
  null, undefined, true, false, "", "7", "x".repeat(2_000_000), -1, -0, 0, 2.7, 2 ** 32 + 5, 2 ** 53, 1e308, [], [null], new Array(1000), [[]], [[1], [1, 2]], {}, { a: undefined }, { wrong: 1 },
  Object.create(null), [0.5, 0.5], ["a"], detached, new Float32Array(0), new Float32Array(3), new Float64Array([1e-300, 1]), new Float32Array(new SharedArrayBuffer(16)),
  JSON.parse('{"__proto__": {"polluted": true}}'), { length: 2 ** 32 - 1 }, new Array(2 ** 31), Object.assign(Object.create({ inherited: 1 }), { own: 1 }),
];
/** Good arguments of each call, to have one of them wrong at a time. */
const GOOD: Partial<Record<keyof typeof CALLS, unknown[]>> = {
  setBackend: ["cpu", {}], reset: [{}], weights: [{}], snapshot: [{}], configure: [{}, {}], patch: [{}, {}], chooseDataset: ["circle", {}], setParameter: [0, 0, null, 0.5], train: [{ steps: 1 }], step: [1, {}], epoch: [1, {}], newSeed: [["init"], {}],
  setData: [{ inputs: Array.from({ length: 12 }, (_, row) => [row, 1]), targets: Array.from({ length: 12 }, (_, row) => row % 2) }, {}],
  metrics: [{}], gradients: [{}], play: [{ stepsPerSecond: 5 }], frame: [{}, {}], activationMaps: [4, {}], thumbnail: ["xor"], featureMap: ["x", 4], activationCurve: ["tanh"], configureUntrusted: [{}, {}], patchUntrusted: [{}, {}], predict: [[[0, 0]], {}], setWeights: [[], {}], restore: [await engine.snapshot(), {}],
};

type Callable = (...args: unknown[]) => unknown;
const call = async (name: string, args: unknown[]): Promise<unknown> => (engine as unknown as Record<string, Callable>)[name]!(...args);

async function state(): Promise<string> {
  const { playing } = await engine.frame();
  return JSON.stringify([playing, engine.config, engine.summary, (await engine.metrics()).step, (await engine.weights()).map(({ name, data }) => [name, [...data]])]);
}

function refused(error: unknown, told: string): asserts error is InstanceType<typeof EngineError> {
  assert.ok(error instanceof EngineError, `${told}: ${String(error)}`);
  assert.match(error.code, /^[a-z_]+$/, told);
  assert.ok(!["engine_crashed", "disposed"].includes(error.code), `${told}: ${error.code}`);
  assert.ok(error.field.length > 0 && error.field.length <= 200, `${told}: field ${error.field.slice(0, 300)}`);
  assert.ok(error.message.length > 0 && error.message.length < 2000, told);
}

test("the table has every public call, and every call of a frame", () => {
  const methods = Object.getOwnPropertyNames(Engine.prototype).filter((name) => typeof Object.getOwnPropertyDescriptor(Engine.prototype, name)!.value === "function");
  const known = new Set<string>(Object.keys(CALLS));
  assert.deepEqual(methods.filter((name) => !known.has(name) && name !== "constructor" && !name.endsWith("ForTest")), []);
  assert.deepEqual(FRAME_CALLS.filter((name) => !known.has(name) && !["openLink", "setAttribute"].includes(name)), []);
});

for (const [name, kinds] of Object.entries(CALLS)) {
  if (kinds.length === 0 || name === "create") continue;
  test(`${name}: each argument of each wrong kind is refused by name, and nothing changes`, async () => {
    const before = await state();
    const good = name === "on" ? ["paused", () => {}, {}] : GOOD[name as keyof typeof CALLS]!;
    assert.equal(good.length, kinds.length, "a good call is known");
    for (const at of kinds.keys()) {
      for (const [place, value] of WRONG.entries()) {
        if (name === "on" && at === 1 && typeof value === "function") continue;
        const args = good.with(at, value);
        const told = `${name}, argument ${at}, wrong value ${place}`;
        await call(name, args).then(() => assert.fail(`${told} was accepted`), (error: unknown) => refused(error, told));
      }
    }
    assert.equal(await state(), before);
  });

  test(`${name}: doubtful values are taken or refused`, async () => {
    const good = name === "on" ? ["paused", () => {}, {}] : GOOD[name as keyof typeof CALLS]!;
    for (const at of kinds.keys()) {
      for (const [place, value] of DOUBTFUL.entries()) {
        const told = `${name}, argument ${at}, doubtful value ${place}`;
        const before = await state();
        const answer = call(name, good.with(at, value)).then(() => null, (thrown: unknown) => thrown);
        // A count may be large: the next call ends it.
        await engine.pause();
        const error: unknown = await answer;
        if (error !== null) {
          refused(error, told);
          assert.equal(await state(), before, told);
        }
      }
    }
    assert.equal((Object.prototype as { polluted?: boolean }).polluted, undefined);
    await engine.configure({});
  });
}

test("a missing argument is named", async () => {
  for (const [name, field] of [["activationCurve", "activation"], ["train", "options"], ["setWeights", "weights"], ["predict", "inputs"], ["setData", "data"], ["activationMaps", "resolution"]] as const) {
    await assert.rejects(call(name, []), (error: InstanceType<typeof EngineError>) => error.code === "malformed" && error.field === field, name);
  }
});

test("a parameter is set where it was asked for, or nowhere", async () => {
  const before = (await engine.weights()).map(({ data }) => [...data]);
  for (const input of [NaN, undefined, "0", 0.5, -1, 99]) await assert.rejects(call("setParameter", [0, 0, input, 1]), EngineError);
  for (const layer of [NaN, 0.5, -1, 99, null]) await assert.rejects(call("setParameter", [layer, 0, null, 1]), EngineError);
  assert.deepEqual((await engine.weights()).map(({ data }) => [...data]), before);
});

test("rows are the caller's: neither cut in two nor completed", async () => {
  const wrong = async (inputs: unknown, code: string, row?: string, column?: string): Promise<void> => {
    const told = JSON.stringify(inputs);
    const error = await engine.predict(inputs as never).then(() => assert.fail(`${told} was accepted`), (thrown: unknown) => thrown);
    refused(error, told);
    assert.deepEqual([error.code, error.field, error.values.row, error.values.column], [code, "inputs", row, column], told);
  };
  await wrong([[0, 0, 3, 3]], "mismatch");
  await wrong([[0.5], [2]], "mismatch");
  await wrong([[0, 0], [1, 2, 3]], "mismatch", "1");
  await wrong([1, 2, 3], "mismatch");
  await wrong([[0, null]], "not_finite", "0", "1");
  await wrong([[0, 0], [0, ""]], "not_finite", "1", "1");
  await wrong([0, 0, 0, "1"], "not_finite", "1", "1");
  await wrong([[0, 0], [true, 0]], "not_finite", "1", "0");
  await wrong([[0, 0], null], "not_finite", "1", "0");
  await wrong([null, [0, 0]], "not_finite", "0", "0");
  await wrong([[0, 0], [0, NaN]], "not_finite", "1", "1");
  await wrong(new Float32Array([0, 0, 0, NaN]), "not_finite", "1", "1");
  await wrong(5, "malformed");
  assert.equal((await engine.predict([0, 0, 1, 1])).length, 2);
  assert.equal((await engine.predict([[0, 0], [1, 1]])).length, 2);
  assert.equal((await engine.predict([new Float64Array(2), new Uint8Array(2)])).length, 2);
  assert.equal((await engine.predict(new Uint8Array(4))).length, 2);
  assert.equal((await engine.predict([])).length, 0);
});

test("data of the caller's own are numbers, with row and column where they are not", async () => {
  const inputs: unknown[][] = Array.from({ length: 12 }, (_, row) => [row, row % 3]);
  const targets: unknown[] = inputs.map((_, row) => row % 2);
  const wrong = async (data: Record<string, unknown>, code: string, field: string, row?: string, column?: string): Promise<void> => {
    const error = await engine.setData({ inputs, targets, ...data } as never).then(() => assert.fail(`${field} was accepted`), (thrown: unknown) => thrown);
    refused(error, field);
    assert.deepEqual([error.code, error.field, error.values.row, error.values.column], [code, field, row, column]);
  };
  for (const value of [null, "", "3", true, 3n, undefined, {}, [1]]) {
    await wrong({ inputs: inputs.with(4, [0, value]) }, "not_finite", "inputs", "4", "1");
    await wrong({ targets: targets.with(5, value) }, "not_finite", "targets", "5", "0");
  }
  await wrong({ inputs: inputs.with(0, null as never) }, "not_finite", "inputs", "0", "0");
  for (const part of ["train", 256, 3, -1, 0.5, null, true, "1", 1n]) await wrong({ split: targets.map(() => 0).with(7, part as never) }, "mismatch", "split", "7", "0");
  await wrong({ split: [0, 1] }, "mismatch", "split");
  await wrong({ split: "0".repeat(12) }, "malformed", "split");
  await wrong({ columns: 2.7 }, "malformed", "columns");
  await wrong({ columns: 3 }, "mismatch", "inputs", "0");
  await wrong({ task: 5 }, "malformed", "task");
  await wrong({ task: "guess" }, "unknown_id", "task");
  await wrong({ targets: targets.map((value) => [value, value]) }, "mismatch", "targets");
});

test("what is scaled is scaled before it is narrowed", async () => {
  // Milliseconds since 1970: single precision has one number for every 131,072 of them.
  const clock = Array.from({ length: 40 }, (_, row) => [1_764_000_000_000 + 1000 * row]);
  let adapted: string[] = [];
  const stop = engine.on("configured", (event) => { adapted = event.adapted.map(({ field, to }) => `${field} ${to}`); });
  await engine.setData({ inputs: clock, targets: clock.map((_, row) => Number(row >= 20)) });
  stop();
  assert.deepEqual(adapted, ["data.scaling standard"]);
  await engine.train({ epochs: 60 });
  const [first, last] = await engine.predict([clock[0]!, clock[39]!]);
  assert.ok(last! - first! > 0.5, `${first}, ${last}`);
  await engine.configure({});
});
