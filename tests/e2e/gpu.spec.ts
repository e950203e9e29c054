// WebGPU in the page, on Chromium's software adapter: it trains, agrees with the processor, says so, and whatever becomes of
// it, training goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import type { Engine as EngineClass, EngineInfo } from "../../www/engine/index";
import type { Frame } from "../../www/engine/types";
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
    serve({ pages: {
      "/engine.html": `<!doctype html><title>Engine</title><link rel="icon" href="data:,"><script>window.__name = (it) => it; // What names functions here is not there.</script><script type="module">import { Engine } from "/package/engine.js"; window.Engine = Engine;</script>`,
      "/two.html": `<!doctype html><title>Two</title><link rel="icon" href="data:,"><script type="module" src="/package/playground.js"></script>${"<neural-playground lang=en></neural-playground>".repeat(2)}`,
    } }),
  ]);
});
after(async () => {
  await (await together)?.close();
  await browser.close();
  await site.close();
});

interface Opened {
  page: Page;
  close: () => Promise<void>;
  errors: string[];
}

/** For all that leave the device alone: to make one takes seconds here, and a page has one. */
let together: Promise<Opened> | null = null;
const common = (): Promise<Opened> => (together ??= engines());

async function engines(): Promise<Opened> {
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
    assert.equal(await playground.part("engine-looks").innerText(), "WebGPU");
    const box = await playground.part("engine-details").boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 1440, `what has been told since is on the page: ${JSON.stringify(box)}`);
    await page.keyboard.press("Escape");

    const drawn = await page.evaluate(async () => {
      const element = document.querySelector("neural-playground") as HTMLElement & EngineClass;
      await element.reset();
      // A run that was reset is put on the device again; who asks waits for it.
      const { backend, why } = await element.setBackend("webgpu");
      if (backend !== "webgpu") throw new Error(why);
      await element.train({ steps: 200 });
      const drawn = [...(await element.maps(20)).layers.at(-1)!];
      if (element.info.backend !== "webgpu") throw new Error(element.info.why);
      return drawn;
    });
    // What the visitor sees, every few points of it, once it is drawn.
    const picture = async (): Promise<number[]> => {
      await playground.until("step-counter", (step) => step === 200);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      return playground.part("output-map").locator("canvas").first().evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement;
        const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
        return [...data].filter((_, index) => index % 28 < 3);
      });
    };
    const seen = await picture();
    // The badge's own figure, of a training of a second or so.
    await playground.click("play");
    await playground.part("engine-badge").filter({ hasText: /WebGPU\s*[1-9]/ }).waitFor();
    await page.evaluate(() => (document.querySelector("neural-playground") as HTMLElement & EngineClass).reset());
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
    const wanted = await picture();
    assert.equal(seen.length, wanted.length);
    assert.ok(new Set(wanted).size > 20, "something is drawn");
    const other = seen.filter((level, place) => Math.abs(level - wanted[place]!) > 2).length;
    assert.ok(other <= 0.001 * seen.length, `${other} of ${seen.length} levels differ`);
    assert.deepEqual(errors, []);
    await close();
  });
}

test("switching mid-run keeps step, weights and optimizer state", async () => {
  const { page } = await common();
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
});

test("left to itself, the engine races both and takes the faster", async () => {
  const { page } = await common();
  const info: EngineInfo = await page.evaluate(async () => (await window.Engine.create({ backend: "cpu" })).setBackend("auto"));
  assert.ok(info.race, info.why);
  assert.equal(info.backend, info.race.cpu >= info.race.webgpu ? "cpu" : "webgpu");
  assert.equal(info.why, info.backend === "cpu" ? "race_cpu" : "race_webgpu");
  assert.equal(info.software, true);
});

test("the device is lost at 20 moments: nothing is lost but what was not taken over, and training goes on", async (context) => {
  const { page, errors, close } = await engines();
  const found = await page.evaluate(async () => {
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
    for (let round = 0; round < 4; round += 1) {
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
  });
  assert.equal(found.losses.length, 20);
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
  await close();
});

/** Figures of the same parameters by both engines: sums of a few hundred values of single precision. */
const FIGURE = 1e-5;
/** Maps of the same parameters, relative to the largest value: rounding in every layer, tanh's by another formula. */
const MAP = 2e-5;

/** Wide enough for a dispatch per operation; the others run in one workgroup. */
const wide = { hidden: [{ units: 160, activation: "relu", dropout: 0, frozen: false }, { units: 130, activation: "tanh", dropout: 0.2, frozen: false }] };
for (const [name, patch, wants] of [
  ["points in two classes", { data: { dataset: "spiral" } }, { maps: { resolution: 36, hidden: true }, output: { resolution: 100, layer: 1, unit: 2 }, activations: 1 }],
  ["points in two classes, a wide network", { data: { dataset: "xor" }, network: wide }, { maps: { resolution: 12, hidden: true }, output: { resolution: 60 }, activations: 0 }],
  ["points, single units alone", { data: { dataset: "moons" } }, { maps: { resolution: 50, hidden: true, units: [[1], [0, 3], [], [0]] }, output: { resolution: 60 } }],
  ["a line", { data: { dataset: "line_sine" } }, { maps: { resolution: 36, hidden: false }, output: { resolution: 100 } }],
  ["digits", { data: { dataset: "digits" } }, { digits: { wrong: 5 } }],
] as const) {
  test(`frames of a run on WebGPU are made there, and are the processor's: ${name}`, async () => {
    const { page, errors } = await common();
    const found = await page.evaluate(async ({ patch, wants }) => {
      const [engine, other] = await Promise.all([window.Engine.create({ backend: "cpu" }), window.Engine.create({ backend: "cpu" })]);
      for (const each of [engine, other]) await each.configure(patch);
      const { backend, why, looks } = await engine.setBackend("webgpu");
      if (backend !== "webgpu" || looks?.backend !== "webgpu") throw new Error(why);
      const all = { weights: true, history: true, ...wants };
      const names = (await engine.weights()).map(({ name, shape }) => ({ name, shape }));
      const pairs: { ours: Frame; theirs: Frame; read: number }[] = [];
      const compare = async (): Promise<void> => {
        const before = await engine.traffic();
        const frame = await engine.frame(all);
        const read = (await engine.traffic())!.read_back - before!.read_back;
        const flat = frame.weights!.flatMap(({ weight, bias }) => [weight, bias]);
        await other.setWeights(names.map((tensor, index) => ({ ...tensor, data: flat[index]! })));
        pairs.push({ ours: frame, theirs: await other.frame(all), read });
      };
      await compare();
      // While it trains, and after.
      await engine.play();
      for (let count = 0; count < 3; count += 1) await compare();
      await engine.pause();
      await compare();
      const plain = (frame: Frame) => ({
        ...frame, maps: frame.maps?.layers.map((layer) => [...layer]) ?? null, output: frame.output && [...frame.output.data],
        activations: frame.activations && [...frame.activations], weights: null, gradients: null, history: frame.history && { rows: frame.history.rows, data: [...frame.history.data] },
        digits: frame.digits && { ...frame.digits, wrong: frame.digits.wrong.map(({ pixels, ...digit }) => ({ ...digit, pixels: [...pixels] })) },
      });
      return pairs.map(({ ours, theirs, read }) => ({ ours: plain(ours), theirs: plain(theirs), read }));
    }, { patch, wants } as { patch: object; wants: object });
    const steps = found.map(({ ours }) => ours.step);
    assert.ok(steps.at(-1)! > 0, "it has trained");
    for (const { ours, theirs, read } of found) {
      assert.ok(read > 0, "the device was asked");
      // Of one moment, whatever the device has done meanwhile. Evaluation may lag while it plays.
      if (ours.metrics!.step === ours.step) {
        for (const part of ["train", "validation"] as const) {
          const [our, their] = [ours.metrics![part], theirs.metrics![part]];
          assert.deepEqual(Object.keys(our ?? {}), Object.keys(their ?? {}));
          if (our && their) near(`loss of ${part}`, [our.loss], [their.loss], FIGURE);
        }
        // A sample on the boundary may fall on either side of it.
        const rights = ({ train }: typeof ours.metrics & object) => train["accuracy"] ?? train["r2"];
        near("score", [Number(rights(ours.metrics!))], [Number(rights(theirs.metrics!))], 5e-3);
        const { data, rows } = ours.history!;
        const columns = data.length / rows;
        near("the curve's newest loss", [data[(rows - 1) * columns + 1]!], [Math.fround(ours.metrics!.train.loss)], FIGURE);
      }
      assert.equal(ours.maps?.length, theirs.maps?.length);
      ours.maps?.forEach((layer, index) => near(`maps of layer ${index}`, layer, theirs.maps![index]!, MAP));
      if (ours.output || theirs.output) near("large map", ours.output!, theirs.output!, MAP);
      if (ours.activations || theirs.activations) near("activations", ours.activations!, theirs.activations!, MAP);
      if (ours.digits || theirs.digits) {
        assert.deepEqual({ ...ours.digits, wrong: [], wrong_count: 0 }, { ...theirs.digits, wrong: [], wrong_count: 0 });
        near("wrong digits", [ours.digits!.wrong_count], [theirs.digits!.wrong_count], 5e-3);
        assert.equal(ours.digits!.wrong.length, 5);
        assert.equal(ours.digits!.wrong[0]!.pixels.length, 784);
      }
    }
    assert.deepEqual(errors, []);
  });
}

/** Values of both engines, relative to the largest. */
function near(what: string, ours: number[], theirs: number[], tolerance: number): void {
  assert.equal(ours.length, theirs.length, what);
  const scale = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  const apart = ours.reduce((most, value, index) => Math.max(most, Math.abs(value - theirs[index]!)), 0) / scale;
  assert.ok(apart <= tolerance, `${what}: ${apart} apart`);
}

test("a device that is lost while a map is under way: the map comes, training goes on, and it is said", async () => {
  const { page, errors, close } = await engines();
  const found = await page.evaluate(async () => {
    const engine = await window.Engine.create({ backend: "webgpu" });
    await engine.train({ steps: 100 });
    const weights = (await engine.weights()).map(({ data }) => [...data]);
    // The map is asked for first; its many cells take several submissions.
    const [map] = await Promise.all([engine.maps(200), engine.loseDeviceForTest()]);
    const { backend, why } = engine.info;
    const after = (await engine.weights()).map(({ data }) => [...data]);
    const right = await engine.maps(200);
    const metrics = await engine.train({ steps: 10 });
    return { backend, why, weights, after, map: map.layers.map((layer) => [...layer]), right: right.layers.map((layer) => [...layer]), step: metrics.step };
  });
  assert.deepEqual([found.backend, found.why], ["cpu", "device_lost"]);
  assert.deepEqual(found.after, found.weights);
  assert.deepEqual(found.map, found.right, "by the processor, to the bit");
  assert.equal(found.step, 110);
  assert.deepEqual(errors, []);
  await close();
});

test("the page says that the device was lost, and a press brings it back", async (context) => {
  const { page, close } = await open(browser, `${site.origin}/`, { locale: "en" });
  const playground = new Playground(page);
  await playground.until("metric-train-loss", Number.isFinite);
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
  await close();
});

test("elements of a page share one device", async () => {
  const { page, close, errors } = await open(browser, `${site.origin}/two.html`);
  await page.waitForFunction(() => [...document.querySelectorAll("neural-playground")].every((element) => (element as HTMLElement & EngineClass).info));
  const [worker, ...others] = page.workers();
  assert.deepEqual(others, [], "they share a worker");
  await worker!.evaluate(() => {
    const plain = GPUAdapter.prototype.requestDevice;
    const counted = globalThis as typeof globalThis & { devices: number };
    counted.devices = 0;
    GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...given) {
      const device = await plain.apply(this, given);
      counted.devices += 1;
      return device;
    };
  });
  const [steps, whys] = await page.evaluate(async () => {
    const elements = [...document.querySelectorAll("neural-playground")] as (HTMLElement & EngineClass)[];
    const infos = await Promise.all(elements.map((element) => element.setBackend("webgpu")));
    const metrics = await Promise.all(elements.map((element, index) => element.train({ steps: 30 + index })));
    return [metrics.map(({ step }) => step), infos.map(({ why }) => why)];
  });
  assert.deepEqual(whys, ["webgpu_asked_for", "webgpu_asked_for"]);
  assert.deepEqual(steps, [30, 31]);
  assert.equal(await worker!.evaluate(() => (globalThis as typeof globalThis & { devices: number }).devices), 1);
  assert.deepEqual(errors, []);
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

test("a pipeline that cannot be made leaves training to the processor", async () => {
  const { page, close, errors } = await engines();
  const found = await standing(page, () => {
    const plain = GPUDevice.prototype.createComputePipeline;
    GPUDevice.prototype.createComputePipeline = function (this: GPUDevice, { compute, ...rest }) {
      return plain.call(this, { ...rest, compute: { ...compute, entryPoint: "nowhere" } });
    };
  });
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "shader_error", 50], JSON.stringify(found));
  assert.match(String(found.values.message), /nowhere/);
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
