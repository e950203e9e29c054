// Studies: many runs over a pool of workers, with results that do not depend on the pool.

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

test("a study's results are the same bytes with one, two and three workers, and in order", async () => {
  const { page } = await site.blank();
  const studies = await page.evaluate(async (url) => {
    const { study } = (await import(url)) as typeof import("../../www/engine/index");
    const runs = [0.001, 0.01, 0.1].flatMap((learning_rate) =>
      [1, 2, 3].map((init) => ({ seeds: { init }, training: { optimizer: { id: "adam", learning_rate } } })),
    );
    const results = [];
    for (const workers of [1, 2, 3]) {
      const done: number[] = [];
      const all = await study({ base: { data: { dataset: "moons" } }, runs, steps: 300, workers, onRun: ({ index }) => done.push(index) });
      results.push({
        done: done.sort((a, b) => a - b),
        seeds: all.map(({ config }) => config.seeds.init),
        steps: all.map(({ metrics }) => metrics.step),
        weights: all.map(({ weights }) => weights.map(({ data }) => new Uint32Array(data.buffer).join()).join(";")),
      });
    }
    return results;
  }, `${site.origin}/package/engine.js`);
  const [one, two, three] = studies;
  assert.deepEqual(one!.done, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(one!.seeds, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
  assert.ok(one!.steps.every((step) => step === 300));
  assert.equal(new Set(one!.weights).size, 9);
  assert.deepEqual(two, one);
  assert.deepEqual(three, one);
});

test("a refused run names its place and its field, and a study can be ended", async () => {
  const { page } = await site.blank();
  const { refused, ended } = await page.evaluate(async (url) => {
    const { study, EngineError } = (await import(url)) as typeof import("../../www/engine/index");
    const runs = [{}, { training: { batch_size: 0 } }];
    const refused = await study({ runs, steps: 10, workers: 1 }).catch((error: unknown) =>
      error instanceof EngineError ? { code: error.code, field: error.field } : String(error),
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 200);
    const ended = await study({ runs: [{}, {}], steps: 1_000_000_000, workers: 2, signal: controller.signal }).catch((reason: unknown) => reason);
    return { refused, ended };
  }, `${site.origin}/package/engine.js`);
  assert.deepEqual(refused, { code: "out_of_range", field: "runs[1].training.batch_size" });
  assert.equal(ended, "enough");
});

test("whenever a study is ended or refused, also while its engines start, it leaves no worker and no promise that waits", async () => {
  const { page } = await site.blank();
  const outcomes = await page.evaluate(async (url) => {
    const { study, EngineError } = (await import(url)) as typeof import("../../www/engine/index");
    const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => "done", (reason: unknown) => (reason instanceof EngineError ? reason.code : reason));
    const runs = Array.from({ length: 4 }, () => ({}));
    const ended = [];
    for (const wait of [0, 1, 10, 40, 80, 160, 320]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), wait);
      ended.push(await outcome(study({ runs, steps: 1_000_000_000, workers: 4, signal: controller.signal })));
    }
    const refused = await outcome(study({ runs: [{ training: { batch_size: 0 } }, ...runs], steps: 1_000_000_000, workers: 4 }));
    const misled = await outcome(study({ runs, steps: 10, workers: 4, onRun() { throw "mistaken"; } }));
    return { ended, refused, misled };
  }, `${site.origin}/package/engine.js`);
  assert.deepEqual(outcomes, { ended: Array(7).fill("enough"), refused: "out_of_range", misled: "mistaken" });
  await eventually("no worker is left", async () => page.workers().length === 0);
});

test("an engine that crashes costs its run alone, which begins anew to the same bytes; one that always does is told by its place", async () => {
  const { page } = await site.blank();
  const { undisturbed, disturbed, hopeless, traps } = await page.evaluate(async (url) => {
    const { study, EngineError } = (await import(url)) as typeof import("../../www/engine/index");
    const inputs = Array.from({ length: 40 }, (_, row) => [Math.sin(row), Math.cos(3 * row)]);
    const data = { inputs, targets: inputs.map(([x]) => Number(x! > 0)), task: "classification" as const };
    const runs = [1, 2, 3, 4].map((init) => ({ seeds: { init } }));
    const outcome = () =>
      study({ runs, data, steps: 50, workers: 1 }).then(
        (all) => all.map(({ index, metrics, weights }) => ({ index, metrics, weights: weights.map(({ data }) => new Uint32Array(data.buffer).join()) })),
        (error: unknown) => (error instanceof EngineError ? { code: error.code, field: error.field } : String(error)),
      );
    // A trap in the place of training, `crashes` times before each run's own.
    const send = MessagePort.prototype.postMessage as (message: unknown, given?: Transferable[]) => void;
    const [traps, begun] = [{ made: 0 }, { count: 0 }];
    const trapping = (crashes: number) => {
      begun.count = 0;
      MessagePort.prototype.postMessage = function (this: MessagePort, message: object, given?: unknown) {
        const isTrap = "method" in Object(message) && (message as { method: string }).method === "train" && begun.count++ % (crashes + 1) < crashes;
        traps.made += Number(isTrap);
        send.call(this, isTrap ? { ...message, method: "crash_for_test", args: [] } : message, (given ?? []) as Transferable[]);
      };
    };
    const undisturbed = await outcome();
    trapping(2);
    const disturbed = await outcome();
    trapping(3);
    return { undisturbed, disturbed, hopeless: await outcome(), traps: traps.made };
  }, `${site.origin}/package/engine.js`);
  assert.equal(Array.isArray(undisturbed) && undisturbed.length, 4);
  assert.deepEqual(disturbed, undisturbed);
  assert.deepEqual(hopeless, { code: "engine_crashed", field: "runs[0]" });
  assert.equal(traps, 4 * 2 + 3);
  await eventually("no worker is left", async () => page.workers().length === 0);
});
