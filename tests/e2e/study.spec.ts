// Studies: many runs over a pool of workers, with results that do not depend on the pool.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { launch } from "./support/browser";
import { serve } from "./support/server";
import type { Serving } from "./support/server";

const BLANK = { "/blank.html": "<!doctype html><html lang='en'><title>blank</title>" };

let browser: Browser;
let site: Serving;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve({ pages: BLANK })]);
});
after(async () => {
  await browser.close();
  await site.close();
});

test("a study's results are the same bytes with one, two and three workers, and in order", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/blank.html`);
  // tsx names functions by a helper that the page does not have.
  await page.evaluate("globalThis.__name = (named) => named");
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
  await page.close();
});

test("a refused run names its place and its field, and a study can be ended", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/blank.html`);
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
  await page.close();
});
