// WebGPU in the page, on Chromium's software adapter: it trains, agrees with the processor, says so, and whatever becomes of
// it, training goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import type { Engine as EngineClass, EngineInfo } from "../../www/engine/index";
import { LANGUAGES, launch, open, words } from "./support/browser";
import { Playground } from "./support/playground";
import { serve } from "./support/server";
import type { Serving } from "./support/server";

declare global {
  interface Window {
    Engine: typeof EngineClass;
  }
}

/** Outputs of both engines after 200 steps from the same weights: rounding in every step, in tanh's range of -1..1. */
const BOUNDARY = 1e-3;
const SHADERS_MS = 60_000;

let browser: Browser;
let site: Serving;
before(async () => {
  [browser, site] = await Promise.all([
    launch(),
    serve({ pages: { "/engine.html": `<!doctype html><title>Engine</title><script type="module">import { Engine } from "/package/engine.js"; window.Engine = Engine;</script>` } }),
  ]);
});
after(async () => {
  await browser.close();
  await site.close();
});

async function engines(): Promise<{ page: Page; close: () => Promise<void>; errors: string[] }> {
  const { page, close, errors } = await open(browser, `${site.origin}/engine.html`);
  await page.waitForFunction(() => window.Engine !== undefined);
  return { page, close, errors };
}

for (const language of LANGUAGES) {
  test(`WebGPU is chosen in the badge, trains, and draws the processor's boundary (${language})`, async () => {
    const { page, errors, close } = await open(browser, `${site.origin}/`, { locale: language });
    const playground = new Playground(page);
    const word = words(language);
    await playground.until("metric-train-loss", Number.isFinite);
    await playground.click("engine-badge");
    await playground.click("engine-webgpu");
    await playground.part("engine-name").filter({ hasText: "WebGPU" }).waitFor({ timeout: SHADERS_MS });
    assert.equal(await playground.part("engine-why").innerText(), word["engine.webgpu_asked_for"]);
    assert.match(await playground.part("engine-adapter").innerText(), /swiftshader/i);
    assert.match(await playground.part("engine-difference").innerText(), /\d/);
    await page.keyboard.press("Escape");

    const drawn = await page.evaluate(async () => {
      const element = document.querySelector("neural-playground") as HTMLElement & EngineClass;
      await element.reset();
      await element.train({ steps: 200 });
      const { backend, why } = element.info;
      if (backend !== "webgpu") throw new Error(why);
      const drawn = [...(await element.maps(20)).layers.at(-1)!];
      await element.reset();
      return drawn;
    });
    await playground.click("engine-badge");
    await playground.click("engine-cpu");
    await playground.part("engine-name").filter({ hasText: "CPU" }).waitFor();
    const right = await page.evaluate(async () => {
      const element = document.querySelector("neural-playground") as HTMLElement & EngineClass;
      await element.train({ steps: 200 });
      return [...(await element.maps(20)).layers.at(-1)!];
    });
    assert.equal(drawn.length, 400);
    const apart = Math.max(...drawn.map((value, cell) => Math.abs(value - right[cell]!)));
    assert.ok(apart < BOUNDARY, `boundaries lie ${apart} apart`);
    assert.ok(Math.max(...right) - Math.min(...right) > 0.1, "there is a boundary");
    assert.deepEqual(errors, []);
    await close();
  });
}

test("switching mid-run keeps step, weights and optimizer state", async () => {
  const { page, close } = await engines();
  const found = await page.evaluate(async () => {
    const engine = await window.Engine.create({ backend: "cpu" });
    await engine.patch({ training: { optimizer: "adam" } });
    await engine.train({ steps: 100 });
    const before = [...(await engine.weights())[0]!.data];
    const info = await engine.setBackend("webgpu");
    const kept = [...(await engine.weights())[0]!.data];
    await engine.train({ steps: 100 });
    const other = await window.Engine.create({ backend: "cpu" });
    await other.patch({ training: { optimizer: "adam" } });
    await other.train({ steps: 200 });
    const ours = [...(await engine.weights())[0]!.data];
    const theirs = [...(await other.weights())[0]!.data];
    return { info, before, kept, ours, theirs, step: (await engine.metrics()).step, traffic: await engine.traffic() };
  });
  assert.equal(found.info.backend, "webgpu", found.info.why);
  assert.deepEqual(found.kept, found.before);
  assert.equal(found.step, 200);
  assert.ok(found.info.difference !== null && found.info.difference < 1e-4, `difference ${found.info.difference}`);
  assert.ok(found.traffic!.dispatches > 0);
  found.ours.forEach((value, index) => assert.ok(Math.abs(value - found.theirs[index]!) < 1e-3, `weight ${index}: ${value}, ${found.theirs[index]}`));
  await close();
});

test("left to itself, the engine races both and takes the faster", async () => {
  const { page, close } = await engines();
  const info: EngineInfo = await page.evaluate(async () => (await window.Engine.create({ backend: "cpu" })).setBackend("auto"));
  assert.ok(info.race, info.why);
  assert.equal(info.backend, info.race.cpu >= info.race.webgpu ? "cpu" : "webgpu");
  assert.equal(info.why, info.backend === "cpu" ? "race_cpu" : "race_webgpu");
  assert.equal(info.software, true);
  await close();
});

test("the device is lost at 20 moments: nothing is lost but what was not taken over, and training goes on", async (context) => {
  const { page, errors, close } = await engines();
  const found = await page.evaluate(async () => {
    const engine = await window.Engine.create({ backend: "webgpu" });
    if (engine.info.backend !== "webgpu") throw new Error(engine.info.why);
    const losses = [];
    let seed = 12345;
    for (let round = 0; round < 20; round += 1) {
      await engine.play();
      seed = (seed * 1103515245 + 12345) % 2147483648;
      await new Promise((done) => setTimeout(done, 20 + (seed % 80)));
      const fell = new Promise<EngineInfo>((done) => {
        const stop = engine.on("engine", ({ info }) => {
          stop();
          done(info);
        });
      });
      const { step } = await engine.frame();
      const begin = performance.now();
      await engine.loseDeviceForTest();
      const info = await fell;
      let after = await engine.frame();
      while (after.step <= step) after = await engine.frame();
      const took = performance.now() - begin;
      const { step: paused } = (await engine.pause(), await engine.frame());
      losses.push({ step, after: after.step, paused, took, backend: info.backend, why: info.why });
      const back = await engine.setBackend("webgpu");
      if (back.backend !== "webgpu") throw new Error(back.why);
    }
    const metrics = await engine.metrics();
    return { losses, loss: metrics.train.loss };
  });
  for (const { step, after, backend, why } of found.losses) {
    assert.deepEqual([backend, why], ["cpu", "device_lost"]);
    assert.ok(after > step, "training went on, and never backwards");
  }
  // How long it takes hangs on what else the machine does; that it is the very next slice, tests/www/gpu.test.ts shows.
  context.diagnostic(`on the processor after at most ${Math.max(...found.losses.map(({ took }) => Math.round(took)))} ms`);
  assert.ok(Number.isFinite(found.loss));
  assert.deepEqual(errors, []);
  await close();
});

test("what was taken over before a loss is what training goes on from, to the bit", async () => {
  const { page, close } = await engines();
  const [before, after] = await page.evaluate(async () => {
    const engine = await window.Engine.create({ backend: "webgpu" });
    await engine.train({ steps: 500 });
    const before = (await engine.weights()).map(({ data }) => [...new Uint32Array(data.slice().buffer)]);
    await engine.loseDeviceForTest();
    // A look at it notices the loss.
    await engine.frame();
    if (engine.info.backend !== "cpu") throw new Error("not noticed");
    return [before, (await engine.weights()).map(({ data }) => [...new Uint32Array(data.slice().buffer)])];
  });
  assert.deepEqual(after, before);
  await close();
});

test("the page says that the device was lost, and a press brings it back", async () => {
  const { page, close } = await open(browser, `${site.origin}/`, { locale: "en" });
  const playground = new Playground(page);
  await playground.until("metric-train-loss", Number.isFinite);
  await playground.click("engine-badge");
  await playground.click("engine-webgpu");
  await playground.part("engine-name").filter({ hasText: "WebGPU" }).waitFor({ timeout: SHADERS_MS });
  await page.keyboard.press("Escape");
  await playground.click("play");
  await page.evaluate(() => (document.querySelector("neural-playground") as unknown as { loseDeviceForTest(): Promise<void> }).loseDeviceForTest());
  await page.getByText(words("en")["engine.device_lost"]!).first().waitFor();
  const step = await playground.figure("step-counter");
  await playground.until("step-counter", (now) => now > step);
  await playground.click("engine-lost-retry");
  await playground.part("engine-badge").filter({ hasText: "WebGPU" }).waitFor({ timeout: SHADERS_MS });
  await close();
});

test("engines of a page share one device", async () => {
  const { page, close } = await engines();
  const [first, second] = await page.evaluate(async () => {
    const one = await window.Engine.create({ backend: "webgpu" });
    const other = await window.Engine.create({ backend: "webgpu" });
    await one.train({ steps: 50 });
    // One device counts for both.
    return [await one.traffic(), await other.traffic()];
  });
  assert.deepEqual(first, second);
  await close();
});

test("without WebGPU nothing of its module is fetched, and the reason is said", async () => {
  const { page, close } = await engines();
  site.requests.length = 0;
  const why = await page.evaluate(async () => {
    Object.defineProperty(Navigator.prototype, "gpu", { value: undefined });
    return (await window.Engine.create({ backend: "webgpu", worker: false })).info.why;
  });
  assert.equal(why, "webgpu_missing");
  assert.deepEqual(site.requests.filter((path) => path.includes("gpu")), []);
  await close();
});

test("an adapter that is null, and a module that cannot be fetched, are said", async () => {
  const { page, close } = await engines();
  const why = await page.evaluate(async () => {
    const gpu = navigator.gpu;
    const ask = gpu.requestAdapter.bind(gpu);
    gpu.requestAdapter = async () => null;
    const none = (await window.Engine.create({ backend: "webgpu", worker: false })).info.why;
    gpu.requestAdapter = ask;
    const missing = (await window.Engine.create({ backend: "webgpu", worker: false, gpuWasmUrl: "/nowhere.wasm" })).info.why;
    return [none, missing];
  });
  assert.deepEqual(why, ["adapter_null", "gpu_module_unavailable"]);
  await close();
});

/** What the engine says after `prepare` has changed the browser's WebGPU, and its step after training a little. */
async function standing(page: Page, prepare: () => void, patch: object = {}) {
  await page.evaluate(prepare);
  return page.evaluate(async (patch) => {
    const engine = await window.Engine.create({ backend: "cpu", worker: false });
    await engine.patch(patch as never);
    const { backend, why, ...info } = await engine.setBackend("webgpu");
    await engine.train({ steps: 50 });
    return { backend, why, values: (info as unknown as { values: Record<string, unknown> }).values, step: (await engine.metrics()).step };
  }, patch);
}

test("a device that is refused with what is wanted is asked for with the defaults", async () => {
  const { page, close } = await engines();
  const found = await standing(page, () => {
    const plain = GPUAdapter.prototype.requestDevice;
    let refusals = 0;
    GPUAdapter.prototype.requestDevice = function (this: GPUAdapter, ...given) {
      if (refusals++ < 2) return Promise.reject(new Error("not with these limits"));
      return plain.apply(this, given);
    };
  });
  assert.deepEqual([found.backend, found.step], ["webgpu", 50], JSON.stringify(found));
  await close();
});

test("a device that is refused altogether leaves training to the processor", async () => {
  const { page, close } = await engines();
  const found = await standing(page, () => {
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error("no device today"));
  });
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "device_refused", 50], JSON.stringify(found));
  await close();
});

test("a shader that the browser rejects leaves training to the processor, and is told in the browser's words", async () => {
  const { page, close, errors } = await engines();
  const found = await standing(page, () => {
    const plain = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (this: GPUDevice, { code, ...rest }) {
      return plain.call(this, { code: `${code}\nfn broken( {`, ...rest });
    };
  });
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "shader_error", 50], JSON.stringify(found));
  assert.match(String(found.values.message), /pars|expected|error/i);
  assert.deepEqual(errors, []);
  await close();
});

test("a network over the adapter's limits trains on the processor, and the limit is named", async () => {
  const { page, close } = await engines();
  const hidden = { units: 200, activation: "tanh", dropout: 0, frozen: false };
  const found = await standing(
    page,
    // As much as the trial needs, and less than the network.
    () => void Object.defineProperty(GPUSupportedLimits.prototype, "maxStorageBufferBindingSize", Object.getOwnPropertyDescriptor({ get limit() { return 2 ** 17; } }, "limit")!),
    { network: { hidden: [hidden, hidden] } },
  );
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "limits", 50], JSON.stringify(found));
  assert.equal(found.values.limit, "maxStorageBufferBindingSize");
  assert.ok(Number(found.values.needed) > Number(found.values.available), JSON.stringify(found.values));
  await close();
});
