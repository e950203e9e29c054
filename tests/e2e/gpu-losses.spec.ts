// Whatever becomes of the device: training goes on, on the processor, from what was taken over last, and the page says so.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Engine as EngineClass, EngineInfo } from "../../www/engine/index";
import { amount } from "../support/everything";
import { words } from "./support/browser";
import { PAGES, SHADERS_MS, engines } from "./support/gpu";
import { withSite } from "./support/site";

const site = withSite({ pages: PAGES, webgpu: true });

/** The device is lost so often, each time under five runs. */
const ROUNDS = amount(4, 1);

test("the device is lost at moments that nobody chose: nothing is lost but what was not taken over, and training goes on", async (context) => {
  const { page, errors } = await engines(site);
  const found = await page.evaluate(async (rounds) => {
    // Five runs on one device, each at a step of its own, and one that is paused: a device takes seconds to make here.
    const create = async (seed: number): Promise<EngineClass> => {
      const engine = await window.Engine.create({ backend: "cpu" });
      await engine.patch({ seeds: { init: seed }, training: { optimizer: "adam" } });
      return engine;
    };
    const playing = await Promise.all([1, 2, 3, 4, 5].map(create));
    const paused = await create(6);
    const bits = async (engine: EngineClass): Promise<number[]> => (await engine.weights()).flatMap(({ data }) => [...new Uint32Array(data.slice().buffer)]);
    const fallen = (engine: EngineClass): Promise<EngineInfo> => new Promise((done) => {
      const stop = engine.on("engine", ({ info }) => {
        stop();
        done(info);
      });
    });
    let seed = 12345;
    const random = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648);
    const losses = [];
    const kept = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const engine of [paused, ...playing]) {
        const { backend, why } = await engine.setBackend("webgpu");
        if (backend !== "webgpu") throw new Error(why);
      }
      await paused.train({ steps: 1 + (random() % 500) });
      const before = await bits(paused);
      const { step: at } = await paused.metrics();
      for (const engine of playing) await engine.train({ steps: 1 + (random() % 500) });
      await Promise.all(playing.map((engine) => engine.play()));
      await new Promise((done) => setTimeout(done, 20 + (random() % 80)));
      const steps = (await Promise.all(playing.map((engine) => engine.frame()))).map(({ step }) => step);
      const falls = [paused, ...playing].map(fallen);
      const begin = performance.now();
      await paused.loseDeviceForTest();
      await paused.frame();
      losses.push(...await Promise.all(playing.map(async (engine, index) => {
        let after = await engine.frame();
        while (after.step <= steps[index]! || engine.info.backend !== "cpu") after = await engine.frame();
        const took = performance.now() - begin;
        await engine.pause();
        const { train } = await engine.metrics();
        return { step: steps[index]!, after: after.step, took, loss: train.loss };
      })));
      kept.push({ before, after: await bits(paused), at, then: (await paused.metrics()).step });
      for (const { backend, why } of await Promise.all(falls)) if (backend !== "cpu" || why !== "device_lost") throw new Error(`${backend}: ${why}`);
    }
    return { losses, kept };
  }, ROUNDS);
  assert.equal(found.losses.length, 5 * ROUNDS);
  for (const { step, after, loss } of found.losses) {
    assert.ok(after > step, "training went on, and never backwards");
    assert.ok(Number.isFinite(loss));
  }
  for (const { before, after, at, then } of found.kept) {
    assert.equal(then, at);
    assert.deepEqual(after, before, "what was taken over is what is left, to the bit");
  }
  // How long it takes hangs on what else the machine does; that it is the very next slice, tests/www/gpu.test.ts shows.
  context.diagnostic(`five runs at once are on the processor after at most ${Math.max(...found.losses.map(({ took }) => Math.round(took)))} ms`);
  assert.deepEqual(errors, []);
});

test("a device that is lost while a map is under way: the map comes, training goes on, and it is said", async () => {
  const { page, errors } = await engines(site);
  const found = await page.evaluate(async () => {
    const engine = await window.Engine.create({ backend: "webgpu" });
    await engine.train({ steps: 100 });
    const weights = (await engine.weights()).map(({ data }) => [...data]);
    // The map is asked for first; its many cells take several submissions.
    const [map] = await Promise.all([engine.activationMaps(200), engine.loseDeviceForTest()]);
    const { backend, why } = engine.info;
    const after = (await engine.weights()).map(({ data }) => [...data]);
    const right = await engine.activationMaps(200);
    const metrics = await engine.train({ steps: 10 });
    return { backend, why, weights, after, map: map.layers.map((layer) => [...layer]), right: right.layers.map((layer) => [...layer]), step: metrics.step };
  });
  assert.deepEqual([found.backend, found.why], ["cpu", "device_lost"]);
  assert.deepEqual(found.after, found.weights);
  assert.deepEqual(found.map, found.right, "by the processor, to the bit");
  assert.equal(found.step, 110);
  assert.deepEqual(errors, []);
});

test("the page says that the device was lost, and a press brings it back", async (context) => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  await playground.click("engine-badge");
  await playground.click("engine-webgpu");
  await playground.part("engine-name").filter({ hasText: "WebGPU" }).waitFor({ timeout: SHADERS_MS });
  await page.keyboard.press("Escape");
  await playground.click("play");
  const took = await page.evaluate(async () => {
    const element = document.querySelector("neural-playground") as HTMLElement & EngineClass;
    const begin = performance.now();
    await element.loseDeviceForTest();
    while (element.info.backend !== "cpu") await new Promise((done) => setTimeout(done));
    return performance.now() - begin;
  });
  context.diagnostic(`on the processor after ${Math.round(took)} ms`);
  await page.getByText(words("en")["engine.device_lost"]!).first().waitFor();
  const step = await playground.figure("step-counter");
  await playground.until("step-counter", (now) => now > step);
  await playground.click("engine-lost-retry");
  await playground.part("engine-badge").filter({ hasText: "WebGPU" }).waitFor({ timeout: SHADERS_MS });
});
