// The engine's API as its neighbours have theirs: one base address, signals, progress by epochs, `using`, codes that are listed.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import type { EngineError as Failure, Engine as Running, Metrics } from "../../www/engine/index";
import { built, packaged } from "./support/package";

const { Engine, EngineError } = (await import(built.href)) as typeof import("../../www/engine/index");
const root = new URL("../../", import.meta.url);
let engine: Running;
before(async () => {
  engine = await Engine.create();
});
after(() => engine.dispose());

test("the engine's files are found in the folder that baseUrl names, and single ones where urls says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "elsewhere-"));
  cpSync(new URL("internal/", built), folder, { recursive: true });
  const baseUrl = pathToFileURL(`${folder}/`);
  const digits = new URL(packaged("digits.bin").replace("/package/", ""), built);
  rmSync(join(folder, digits.pathname.split("/").at(-1)!));
  const there = await Engine.create({ baseUrl });
  await there.train({ steps: 1 });
  await assert.rejects(there.chooseDataset("digits"), (error: Failure) => error.code === "digits_unavailable");
  there.dispose();
  const both = await Engine.create({ baseUrl, urls: { digits } });
  assert.equal((await both.chooseDataset("digits")).data.dataset, "digits");
  both.dispose();
  rmSync(folder, { recursive: true });
  for (const [options, field] of [[{ baseUrl: "http://[" }, "baseUrl"], [{ urls: { wasm: "http://[" } }, "urls.wasm"], [{ urls: { wsam: "" } }, "wsam"], [{ urls: "x" }, "urls"]] as const) {
    await assert.rejects(Engine.create(options as never), (error: Failure) => error instanceof EngineError && error.field.endsWith(field), field);
  }
});

test("an epoch's end is told with its figures and those before, and the figures are those of training in one go", async () => {
  await engine.configure({});
  await engine.reset();
  const seen: [number, number][] = [];
  const last = await engine.train({ epochs: 4, onEpochEnd: (metrics, history) => void seen.push([metrics.epoch, history.length]) });
  assert.deepEqual(seen, [[1, 1], [2, 2], [3, 3], [4, 4]]);
  await engine.reset();
  assert.deepEqual(await engine.train({ epochs: 4 }), last);
});

test("by steps too: whole epochs are told, the rest is trained", async () => {
  await engine.configure({});
  await engine.reset();
  const length = engine.summary.steps_per_epoch;
  const seen: number[] = [];
  const { step } = await engine.train({ steps: 2 * length + 3, onEpochEnd: ({ step: at }) => void seen.push(at) });
  assert.deepEqual([seen, step], [[length, 2 * length], 2 * length + 3]);
  await engine.train({ steps: length, onEpochEnd: ({ step: at }) => void seen.push(at) });
  assert.deepEqual(seen, [length, 2 * length, 3 * length], "the epoch in hand ends too");
});

test("a listener is waited for; what it throws, a signal, and the run's own rules end the training", async () => {
  await engine.configure({});
  await engine.reset();
  let waiting = false;
  await engine.train({ epochs: 2, onEpochEnd: async () => {
    assert.equal(waiting, false);
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, 20));
    waiting = false;
  } });
  await assert.rejects(engine.train({ epochs: 3, onEpochEnd: () => { throw new RangeError("mine"); } }), RangeError);
  const controller = new AbortController();
  const history: Metrics[] = [];
  await assert.rejects(engine.train({ epochs: 50, signal: controller.signal, onEpochEnd: (metrics) => {
    history.push(metrics);
    if (history.length === 2) controller.abort(new Error("enough"));
  } }), /enough/);
  assert.equal(history.length, 2);
  await engine.configure({ training: { stop: { epochs: 3 } } });
  await engine.reset();
  const ends: number[] = [];
  await engine.train({ epochs: 10, onEpochEnd: ({ epoch }) => void ends.push(epoch) });
  assert.deepEqual(ends, [1, 2, 3]);
});

test("a listener ends with its signal, or with what on() returns; one that is over already never hears", async () => {
  await engine.configure({});
  await engine.reset();
  const controller = new AbortController();
  const heard = { signal: 0, returned: 0, over: 0 };
  engine.on("paused", () => void (heard.signal += 1), { signal: controller.signal });
  const end = engine.on("paused", () => void (heard.returned += 1));
  engine.on("paused", () => void (heard.over += 1), { signal: AbortSignal.abort() });
  await engine.train({ steps: 1 });
  const once = { ...heard };
  controller.abort();
  end();
  await engine.train({ steps: 1 });
  assert.ok(once.signal > 0 && once.returned > 0 && once.over === 0);
  assert.deepEqual(heard, once);
});

test("an engine can be used in a block that ends it", async () => {
  const short = await Engine.create();
  short[Symbol.dispose]();
  await assert.rejects(short.metrics(), (error: Failure) => error.code === "disposed");
});

test("what is of no known type is refused by the methods that are for it", async () => {
  for (const value of ["text", 5, null, [], { data: { dataset: 7 } }, { nonsense: 1 }]) {
    await assert.rejects(engine.configureUntrusted(value), EngineError);
    await assert.rejects(engine.patchUntrusted(value), EngineError);
  }
  assert.equal((await engine.configureUntrusted({ data: { dataset: "xor" } })).data.dataset, "xor");
  assert.equal((await engine.patchUntrusted({ training: { batch_size: 7 } })).training.batch_size, 7);
});

test("every code and every reason that there is has a sentence in the dictionary, and every sentence is of one", () => {
  const words = Object.keys(JSON.parse(readFileSync(new URL("www/i18n/en.json", root), "utf8")) as object);
  const union = (file: string, name: string) => {
    const [, body] = new RegExp(`export type ${name} =([^;]+);`).exec(readFileSync(new URL(`www/engine/${file}.ts`, root), "utf8"))!;
    return [...body!.matchAll(/"(\w+)"/g)].map(([, code]) => code!).sort();
  };
  const keys = (prefix: string) => words.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)).sort();
  assert.deepEqual(union("errors", "ErrorCode"), keys("error."));
  assert.deepEqual(union("standing", "EngineReason"), keys("engine."));
});

test("a signal gives up whatever may take long: nothing has changed, and its reason is told", async () => {
  await engine.configure({ network: { hidden: [{ units: 256, activation: "relu" }, { units: 256, activation: "relu" }] } });
  const before = JSON.stringify(engine.config);
  const rows = new Float32Array(2 * 200_000);
  const data = { inputs: [[0, 1], [1, 0]], targets: [0, 1] };
  const [weights, snapshot] = [await engine.weights(), await engine.snapshot()];
  const calls: [string, (signal: AbortSignal) => Promise<unknown>][] = [
    ["predict", (signal) => engine.predict(rows, { signal })],
    ["activationMaps", (signal) => engine.activationMaps(10, { signal })],
    ["metrics", (signal) => engine.metrics({ signal })],
    ["gradients", (signal) => engine.gradients({ signal })],
    ["setData", (signal) => engine.setData(data, { signal })],
    ["chooseDataset", (signal) => engine.chooseDataset("spiral", { signal })],
    ["train", (signal) => engine.train({ steps: 10_000_000, signal })],
    ["epoch", (signal) => engine.epoch(1_000_000, { signal })],
    ["step", (signal) => engine.step(1, { signal })],
    ["configure", (signal) => engine.configure({ data: { dataset: "digits" } }, { signal })],
    ["patchUntrusted", (signal) => engine.patchUntrusted({ data: { dataset: "xor" } }, { signal })],
    ["setWeights", (signal) => engine.setWeights(weights, { signal })],
    ["restore", (signal) => engine.restore(snapshot, { signal })],
    ["reset", (signal) => engine.reset({ signal })],
    ["newSeed", (signal) => engine.newSeed(["init"], { signal })],
    ["weights", (signal) => engine.weights({ signal })],
    ["snapshot", (signal) => engine.snapshot({ signal })],
    ["setBackend", (signal) => engine.setBackend("webgpu", { signal })],
  ];
  for (const [name, call] of calls) {
    const reason = new Error(`${name} is not wanted`);
    await assert.rejects(call(AbortSignal.abort(reason)), reason, `${name}, before`);
    const behind = new AbortController();
    // A long call stands before it, so that it waits its turn.
    const long = engine.predict(rows);
    const answer = call(behind.signal);
    behind.abort(reason);
    await assert.rejects(answer, reason, `${name}, while it waits`);
    await long;
    await assert.rejects(call(1 as never), (error: Failure) => error.code === "malformed" && error.field.endsWith("signal"), `${name}, no signal`);
  }
  await assert.rejects(engine.frame({}, { signal: AbortSignal.abort() }), { name: "AbortError" });
  await engine.ready;
  assert.equal(engine.info.choice, "auto", "who gives a choice up has the one before");
  const going = new AbortController();
  const reason = new Error("enough");
  const answer = engine.predict(rows, { signal: going.signal });
  await engine.frame();
  going.abort(reason);
  await assert.rejects(answer, reason, "between two slices");
  assert.equal(JSON.stringify(engine.config), before);
  // Who gives up too late gets the answer.
  const late = new AbortController();
  const few = await engine.predict([[0, 0]], { signal: late.signal });
  late.abort();
  assert.equal(few.length, 1);
});

test("slices of a prediction come to the same as rows alone, and a bad row is told by its own number", async () => {
  await engine.configure({ network: { hidden: [{ units: 300, activation: "tanh" }, { units: 300, activation: "tanh" }] } });
  const rows = 2000;
  const inputs = Float32Array.from({ length: 2 * rows }, (_, at) => Math.sin(at));
  const all = await engine.predict(inputs);
  assert.equal(all.length, rows);
  for (const row of [0, 1, 554, 555, 556, 1111, rows - 1]) assert.equal(all[row], (await engine.predict([[inputs[2 * row]!, inputs[2 * row + 1]!]]))[0], `row ${row}`);
  inputs[2 * 1900 + 1] = NaN;
  await assert.rejects(engine.predict(inputs), (error: Failure) => error.code === "not_finite" && error.values["row"] === "1900" && error.values["column"] === "1");
});

test("what comes in a link may take less than what is set up by hand", async () => {
  const cautious = await Engine.create({ asLink: true });
  const config = { data: { samples: 5000 }, network: { hidden: Array.from({ length: 3 }, () => ({ units: 600, activation: "tanh" })) }, training: { batch_size: 5000 } };
  try {
    await assert.rejects(cautious.configure(config), (error: Failure) => error.code === "too_much_work" && error.field === "training.batch_size" && Number(error.values["max"]) === 2500);
    assert.notEqual(cautious.config.training.batch_size, 5000, "nothing has changed");
    assert.equal((await engine.configure(config)).training.batch_size, 5000);
  } finally {
    cautious.dispose();
    await engine.configure({});
  }
});
