// A link's replay takes as long as it may, and no longer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { decodeLink, encodeLink, MAX_STEPS, replay, type LinkState } from "../../www/links/index";
import { digestOf } from "../../www/links/digest";
import type { Engine as EngineType } from "../../www/engine/index";
import { built } from "./support/package";

const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");

let engine: EngineType;
before(async () => {
  engine = await Engine.create({ worker: false });
});
after(() => engine.dispose());

const state = (steps: number, digest?: string): LinkState => ({ kind: "own", config: {}, replay: { steps, ...(digest ? { digest } : {}) } });

test("it comes to the same as before, and says so", async () => {
  await engine.reset();
  await engine.train({ steps: 50 });
  const digest = digestOf(await engine.weights());
  await engine.reset();
  const { same, step, end } = await replay(state(50, digest), engine);
  assert.deepEqual([same, step, end], [true, 50, "whole"]);
});

test("at the end of its budget it stops, wherever it is", async () => {
  await engine.reset();
  const started = performance.now();
  const { step, asked, end } = await replay(state(MAX_STEPS), engine, { budget: 200 });
  assert.equal(end, "budget");
  assert.ok(step > 0 && step < asked, `${step} of ${asked} after ${performance.now() - started} ms`);
  const { step: later } = await engine.metrics();
  assert.equal(later, step, "nothing trains any more");
});

test("whoever may stops it, before it began too", async () => {
  await engine.reset();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  assert.equal((await replay(state(MAX_STEPS), engine, { signal: stop.signal })).end, "stopped");
  await engine.reset();
  assert.deepEqual(await replay(state(MAX_STEPS), engine, { signal: stop.signal }).then(({ end, step }) => [end, step]), ["stopped", 0]);
});

test("another call ends it", async () => {
  await engine.reset();
  const running = replay(state(MAX_STEPS), engine);
  await new Promise((done) => setTimeout(done, 50));
  await engine.pause();
  const { end, step } = await running;
  assert.deepEqual([end, step < MAX_STEPS], ["whole", true]);
});

test("a refusal's field, facts and message are short, however long what was refused", async () => {
  const long = "x".repeat(1_000_000);
  const refused = async (act: () => Promise<unknown>): Promise<void> => {
    await assert.rejects(act, (error: { code?: string; field: string; message: string; values: Record<string, string> }) => {
      assert.ok(error.code && error.field.length > 0 && error.field.length <= 200, `${error.field.length}`);
      assert.ok(error.message.length <= 1000 && Object.values(error.values).every((value) => value.length <= 1000));
      return true;
    });
  };
  await refused(() => engine.configure({ [long]: 1 } as never));
  await refused(() => engine.patch({ training: { [long]: 1 } } as never));
  await refused(() => engine.patch({ data: { dataset: long } } as never));
  await refused(() => engine.activationCurve(long));
  await refused(async () => decodeLink(`#${await encodeLink({ config: {}, hidden: [long as never] })}`));
  await refused(() => decodeLink(`#learningRate=${"9".repeat(5000)}x`));
  await refused(async () => engine.configure((await decodeLink(`#${await encodeLink({ config: { [long]: {} } })}`)).config as never));
});
