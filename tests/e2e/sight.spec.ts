// What is asked of the engine for a picture: while it trains only maps that are in sight, as fine as they are drawn, in
// arrays that are given back; what comes into sight is asked for at once, and a still picture is whole.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import type { FrameWants } from "../../www/engine/types";
import { withSite } from "./support/site";

/** One call for a frame: what was wanted, and how many arrays were given up for it. */
interface Asked { maps: FrameWants["maps"]; output: FrameWants["output"]; given: number }
declare global {
  interface Window { asked: Asked[] }
}

const site = withSite();

/** A page with one playground that trains, of which the parts that come later are there; every call for a frame is noted. */
async function training(attributes: string, options: BrowserContextOptions = {}, style = "") {
  const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Sight</title><style>${style}</style>
    <script type="module" src="/v1/playground.js"></script><main><neural-playground lang="en" ${attributes}></neural-playground><div style="height: 3000px"></div></main></html>`;
  const { origin } = await site.serve({ pages: { "/sight.html": page } });
  const visited = await site.open(`${origin}/sight.html`, options);
  await visited.page.waitForFunction(() => document.querySelector<NeuralPlayground>("neural-playground")?.store?.started.value);
  await visited.page.evaluate(async () => {
    const element = document.querySelector<NeuralPlayground>("neural-playground")!;
    const { engine } = element.store.actions;
    const frame = engine.frame.bind(engine);
    window.asked = [];
    engine.frame = (wants, more) => {
      const arrays = [...more?.reuse?.maps?.layers ?? [], ...more?.reuse?.output ? [more.reuse.output.data] : []];
      const filled = arrays.filter(({ length }) => length > 0);
      const answer = frame(wants, more);
      window.asked.push({ maps: wants?.maps, output: wants?.output, given: filled.filter(({ length }) => length === 0).length });
      return answer;
    };
    await element.play();
  });
  await visited.page.waitForFunction(() => document.querySelector<NeuralPlayground>("neural-playground")!.store.sight);
  return visited;
}

/** Waits until each of the next calls but those for everything, of which there are some in between, is as `holds` (in the page) says. */
async function becomes(page: Page, holds: (asked: Asked) => boolean): Promise<void> {
  await page.waitForFunction((text) => {
    const check = eval(`(${text})`) as (asked: Asked) => boolean;
    const last = window.asked.slice(-12);
    const parts = last.filter(({ maps }) => !maps || maps.units);
    return parts.length >= 3 && parts.slice(-3).every((each) => check(each));
  }, holds.toString());
}

/** Waits until everything is asked for each time. */
async function becomesWhole(page: Page): Promise<void> {
  const from = await page.evaluate(() => window.asked.length);
  await page.waitForFunction((from) => {
    const last = window.asked.slice(Math.max(from, window.asked.length - 5));
    return last.length === 5 && last.every(({ maps, output }) => maps && !maps.units && output);
  }, from);
}

test("what is all in sight is asked for whole, as fine as it is drawn, into arrays that are given back", async () => {
  for (const [deviceScaleFactor, resolution] of [[1, 46], [2, 64]] as const) {
    const { page, errors, close } = await training("", { viewport: { width: 1440, height: 1200 }, deviceScaleFactor });
    await becomesWhole(page);
    const last = await page.evaluate(() => window.asked.slice(-3));
    for (const { maps, output, given } of last) {
      assert.deepEqual(maps, { resolution, hidden: true });
      assert.equal(output!.resolution, 100);
      // Inputs, two hidden layers, output; and the large map.
      assert.equal(given, 5);
    }
    assert.deepEqual(errors, []);
    await close();
  }
});

test("what is scrolled out of the window is not asked for until it is near, and a still picture has it", async () => {
  const { page, errors } = await training('controls="training"', { viewport: { width: 390, height: 600 }, deviceScaleFactor: 1 });
  const [network, output] = ["np-network-view", "np-output-view"].map((name) => page.locator(name));
  await network!.evaluate((view) => view.scrollIntoView({ block: "start" }));
  await output!.evaluate((view) => window.scrollTo(0, view.getBoundingClientRect().bottom + scrollY - 100));
  await becomes(page, ({ maps, output }) => !maps && !!output);
  await network!.evaluate((view) => window.scrollTo(0, view.getBoundingClientRect().bottom + scrollY - 500));
  await becomesWhole(page);
  await output!.evaluate((view) => window.scrollTo(0, view.getBoundingClientRect().bottom + scrollY - 100));
  await becomes(page, ({ maps }) => !maps);
  // Whatever was in sight while it trained: what stands still is of one moment.
  const same = await page.evaluate(async () => {
    const element = document.querySelector<NeuralPlayground>("neural-playground")!;
    const { store } = element;
    await element.pause();
    const { step } = (await store.actions.engine.frame({}));
    while (store.frame.value!.step !== step || store.frame.value!.maps!.units) await new Promise(requestAnimationFrame);
    const { resolution, layers } = store.frame.value!.maps!;
    const expected = await store.actions.engine.activationMaps(resolution);
    return layers.map((layer, at) => layer.length > 0 && layer.every((value, place) => value === expected.layers[at]![place]));
  });
  assert.deepEqual(same, [true, true, true, true]);
  assert.deepEqual(errors, []);
});

test("of a network that is scrolled sideways the layers in sight are asked for", async () => {
  const { page, errors } = await training('controls="training" layers="4,4,4,4,4,4,4,4"', { viewport: { width: 390, height: 900 } });
  await page.locator("np-network-view").evaluate((view) => view.scrollIntoView({ block: "start" }));
  await becomes(page, ({ maps }) => maps?.units?.[0]!.length === 2 && maps.units.at(-1)!.length === 0);
  await page.locator("np-network-view").evaluate((view) => view.shadowRoot!.querySelector(".scroll")!.scrollTo({ left: 1e4 }));
  await becomes(page, ({ maps }) => maps?.units?.[0]!.length === 0 && maps.units.at(-1)!.length === 1);
  assert.deepEqual(errors, []);
});

test("of a wide layer the neurons that are drawn are asked for", async () => {
  const { page, errors } = await training('layers="80"', { viewport: { width: 1440, height: 1200 } });
  await becomes(page, ({ maps }) => maps?.units?.map((units) => units.length).join() === "2,16,1");
  const { units } = (await page.evaluate(() => window.asked.findLast(({ maps }) => maps?.units)!.maps!));
  assert.deepEqual([units![1]![0], units![1]!.at(-1)], [0, 79]);
  assert.deepEqual(errors, []);
});

test("what the page around hides is not asked for", async () => {
  const { page, errors } = await training('controls="training"', { viewport: { width: 1000, height: 900 } }, "neural-playground::part(network) { display: none }");
  await becomes(page, ({ maps, output }) => !maps && !!output);
  // The neuron that is pointed at is shown large, seen or not.
  await page.evaluate(() => { document.querySelector<NeuralPlayground>("neural-playground")!.store.hovered.value = { layer: 1, unit: 2 }; });
  await becomes(page, ({ output }) => output?.layer === 1 && output.unit === 2);
  assert.deepEqual(errors, []);
});
