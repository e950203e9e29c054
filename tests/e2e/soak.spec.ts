// A change every 200 ms, for as long as wanted: nodes, listeners, heap, workers and the engine's memory stay what they were.
//
// SOAK_SECONDS=300 (make soak) is the long one. Before it is measured everything has been done twice, so that whatever is made once is there.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { withSite } from "./support/site";

const site = withSite();
const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 20);
const PERIOD = 200;

interface Figures { nodes: number; listeners: number; heap: number; workers: number; memory: number }

/** Notes the memory of every wasm module that a worker makes. */
const NOTING = `{ const made = self.memories = []; for (const name of ["instantiate", "instantiateStreaming"]) { const plain = WebAssembly[name];
  WebAssembly[name] = async (...args) => { const result = await plain.apply(WebAssembly, args); const { memory } = (result.instance ?? result).exports; if (memory) made.push(memory); return result; }; } }\n`;

async function figures(page: Page): Promise<Figures> {
  const session = await page.context().newCDPSession(page);
  // What a picture or a promise still holds goes with the next turn.
  for (let round = 0; round < 3; round += 1) {
    await session.send("HeapProfiler.collectGarbage");
    await page.waitForTimeout(200);
  }
  const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  const memories = await Promise.all(page.workers().map((worker) => worker.evaluate(() => ((self as unknown as { memories?: WebAssembly.Memory[] }).memories ?? []).reduce((sum, { buffer }) => sum + buffer.byteLength, 0))));
  return { nodes, listeners: jsEventListeners, heap: usedSize, workers: page.workers().length, memory: memories.reduce((sum, each) => sum + each, 0) };
}

/** Every kind of change, one after the other, the digits among them; the last ones bring back what stood there. */
async function round(page: Page, period: number, until = 0): Promise<number> {
  return page.evaluate(async ({ period, until }) => {
    interface Value<T> { value: T }
    interface Store {
      actions: Record<string, (...args: unknown[]) => Promise<void>>;
      selection: Value<unknown>; parameter: Value<unknown>; picture: Value<string>; tab: Value<string>; theme: Value<string>; language: Value<string>; message: Value<unknown>; discrete: Value<boolean>;
    }
    const { store } = document.querySelector("neural-playground") as unknown as { store: Store };
    const { actions } = store;
    const layer = { units: 3, activation: { id: "relu" }, dropout: 0, frozen: false };
    const changes: (() => unknown)[] = [
      () => actions.play!(), () => actions.set!("training.batch_size", 20), () => { store.selection.value = { layer: 1, unit: 1 }; }, () => actions.chooseDataset!("spiral"), () => { store.picture.value = "surface"; },
      () => actions.changeLayers!((layers: unknown[]) => [...layers, layer]), () => { store.picture.value = "hidden"; }, () => actions.setParameter!(0, 0, 0, 0.5), () => { store.parameter.value = { layer: 0, unit: 0, input: 0 }; },
      () => { store.parameter.value = null; }, () => actions.set!("training.batch_size", -1), () => actions.undo!(), () => actions.undo!(), () => { store.picture.value = "boundary"; }, () => { store.theme.value = "dark"; }, () => { store.language.value = "zh-CN"; },
      () => actions.chooseDataset!("digits"), () => { store.tab.value = "evaluate"; }, () => actions.pause!(), () => { store.tab.value = "digits"; }, () => actions.chooseDataset!("line_sine"), () => actions.chooseDataset!("blobs"),
      () => { store.discrete.value = true; }, () => { store.discrete.value = false; }, () => actions.newSeed!(["data"]), () => actions.reset!(), () => actions.epoch!(), () => { store.theme.value = "light"; }, () => { store.language.value = "en"; },
      () => actions.configure!({}), () => { store.selection.value = null; store.message.value = null; },
    ];
    let rounds = 0;
    const started = performance.now();
    do {
      for (const change of changes) {
        await Promise.all([change(), new Promise((done) => setTimeout(done, period))]);
      }
      rounds += 1;
    } while (performance.now() - started < until);
    return rounds;
  }, { period, until });
}

test(`after ${SECONDS} seconds of a change every ${PERIOD} ms everything is as large as before`, { timeout: (SECONDS + 240) * 1000 }, async (context) => {
  const { page, errors } = await site.visit("/", {
    locale: "en",
    prepare: async (page) => {
      await page.route(/\/assets\/worker-[^/]*\.js/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: NOTING + (await response.text()) });
      });
    },
  });
  // The processor alone: a race with WebGPU comes when it comes, and takes the digits into a memory of its own, once.
  await page.evaluate(() => (document.querySelector("neural-playground") as unknown as { setBackend(choice: string): Promise<unknown> }).setBackend("cpu"));
  for (let count = 0; count < 2; count += 1) await round(page, PERIOD);
  const before = await figures(page);
  const rounds = await round(page, PERIOD, SECONDS * 1000);
  const after = await figures(page);
  context.diagnostic(`${rounds} rounds: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
  assert.ok(before.memory > 0 && before.workers > 0, "the engine's memory is seen");
  assert.equal(after.workers, before.workers);
  // A module's memory never shrinks, and where its blocks come to lie is chance: a page or two more. One round's data and runs are 80 MB.
  assert.ok(after.memory - before.memory < 8 * 2 ** 20, `${((after.memory - before.memory) / 2 ** 20).toFixed(1)} MB more for the engine`);
  // What the browser keeps for itself comes and goes; a leak is so much for each round.
  assert.ok(after.nodes - before.nodes < 40 * Math.min(rounds, 5), `${after.nodes - before.nodes} nodes more after ${rounds} rounds`);
  assert.ok(after.listeners - before.listeners < 10, `${after.listeners - before.listeners} listeners more`);
  // 200 changes can be taken back, 16 MB of parameters and rows at most; two rounds have made some sixty of them.
  assert.ok(after.heap - before.heap < 20 * 2 ** 20, `${((after.heap - before.heap) / 2 ** 20).toFixed(1)} MB more`);
  assert.deepEqual(errors, []);
});
