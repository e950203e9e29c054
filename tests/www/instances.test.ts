// The engine's module in this thread: one for all engines, another after a trap, and its memory given back by each engine that ends.

import assert from "node:assert/strict";
import { test } from "node:test";

import { built } from "./support/package";

const memories: WebAssembly.Memory[] = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = (async (source: WebAssembly.Module, imports: WebAssembly.Imports) => {
  const made = await (instantiate as (source: WebAssembly.Module, imports: WebAssembly.Imports) => Promise<WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource>)(source, imports);
  const { exports } = "instance" in made ? made.instance : made;
  if ("session_new" in exports) memories.push(exports.memory as WebAssembly.Memory);
  return made;
}) as typeof WebAssembly.instantiate;

const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");
const create = () => Engine.create({ backend: "cpu", worker: false });

test("two hundred engines, one after the other, take the memory of one", { timeout: 120_000 }, async () => {
  const rows = 2000;
  const inputs = Float32Array.from({ length: rows * 50 }, (_, place) => place % 7);
  const targets = Float32Array.from({ length: rows }, (_, row) => row % 2);
  let before = 0;
  for (let count = 0; count < 200; count += 1) {
    const engine = await create();
    await engine.setData({ inputs, columns: 50, targets });
    await engine.step(1);
    engine.dispose();
    if (count === 20) before = memories[0]!.buffer.byteLength;
  }
  assert.equal(memories.length, 1, "one module for all");
  assert.equal(memories[0]!.buffer.byteLength, before);
});

test("after a trap the new engine has a fresh instance, with what was trained", { timeout: 60_000 }, async () => {
  const engine = await create();
  const { length } = memories;
  await engine.step(7);
  await engine.setParameter(0, 0, null, 0.25);
  // What is known within a second is sent after it.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const weights = (await engine.weights()).map(({ data }) => [...data]);
  const restarted = new Promise<string>((resolve) => engine.on("restarted", ({ restored }) => resolve(restored)));
  await assert.rejects(engine.crashForTest(), { code: "engine_crashed" });
  assert.equal(await restarted, "config_and_weights");
  assert.equal(memories.length, length + 1);
  assert.deepEqual((await engine.weights()).map(({ data }) => [...data]), weights);
  const other = await create();
  assert.equal(memories.length, length + 1, "the next engine shares it");
  other.dispose();
  engine.dispose();
});

test("training without figures, and figures that nothing has changed", { timeout: 60_000 }, async () => {
  const engine = await create();
  assert.equal(await engine.train({ steps: 3, metrics: false }), null);
  const first = await engine.metrics();
  assert.equal(first.step, 3);
  const rows = async () => (await engine.frame({ history: true })).history!.rows;
  const before = await rows();
  assert.deepEqual(await engine.metrics(), first);
  assert.equal(await rows(), before, "not measured again");
  await engine.setParameter(0, 0, null, 2);
  assert.notDeepEqual((await engine.metrics()).train, first.train);
  engine.dispose();
});

test("who waits until the engine is chosen is told who trains", { timeout: 60_000 }, async () => {
  const engine = await Engine.create({ backend: "auto", worker: false });
  assert.equal(engine.info.why, "not_raced_yet");
  const info = await engine.ready;
  assert.notEqual(info.why, "not_raced_yet");
  assert.deepEqual(await engine.ready, engine.info);
  engine.dispose();
});
