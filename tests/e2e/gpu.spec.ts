// WebGPU in the page, on Chromium's software adapter: it trains, agrees with the processor, says so, and where it cannot be had
// the processor trains; gpu-losses.spec.ts has devices that are lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import type { Engine as EngineClass, EngineInfo } from "../../www/engine/index";
import type { Frame } from "../../www/engine/types";
import { heavy } from "../support/everything";
import { LANGUAGES, words } from "./support/browser";
import { PAGES, SHADERS_MS, engines, shared } from "./support/gpu";
import { withSite } from "./support/site";

/** Outputs of both engines after 200 steps from the same weights: rounding in every step, in tanh's range of -1..1. */
const BOUNDARY = 1e-3;
const site = withSite({ pages: PAGES, webgpu: true });
const common = shared(site);

for (const language of LANGUAGES) {
  // What it says in Chinese are words of the same table.
  (language === "en" ? test : heavy)(`WebGPU is chosen in the badge, trains, and draws the processor's boundary (${language})`, async () => {
    const { page, playground, errors } = await site.visit("/", { locale: language });
    const word = words(language);
    await playground.click("engine-badge");
    await playground.click("engine-webgpu");
    await playground.part("engine-name").filter({ hasText: "WebGPU" }).waitFor({ timeout: SHADERS_MS });
    // Until then it is being tried.
    await playground.part("engine-why").filter({ hasText: word["engine.webgpu_asked_for"]! }).waitFor({ timeout: SHADERS_MS });
    assert.match(await playground.part("engine-adapter").innerText(), /swiftshader/i);
    await playground.part("engine-difference").filter({ hasText: /\d/ }).waitFor();
    await playground.part("engine-looks").filter({ hasText: /^\s*WebGPU\s*$/ }).waitFor();
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
      const drawn = [...(await element.activationMaps(20)).layers.at(-1)!];
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
      return [...(await element.activationMaps(20)).layers.at(-1)!];
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
    return { info, before, kept, ours, theirs, step: (await engine.metrics()).step, traffic: await engine.gpuStats() };
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
        const before = await engine.gpuStats();
        const frame = await engine.frame(all);
        const read = (await engine.gpuStats())!.read_back - before!.read_back;
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
        activations: frame.activations && [...frame.activations], weights: null, gradients: null, history: frame.history && { rows: frame.history.rows, data: [...frame.history.data], sampled: frame.history.train_samples !== engine.summary.counts.train },
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
        const { data, rows, sampled } = ours.history!;
        const newest = (rows - 1) * (data.length / rows);
        // The curve has rows of its own schedule, and large parts by a sample: where its newest is of this moment and of all rows, it is this figure.
        if (!sampled && data[newest] === Math.fround(ours.metrics!.epoch)) near("the curve's newest loss", [data[newest + 1]!], [Math.fround(ours.metrics!.train.loss)], FIGURE);
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

test("elements of a page share one device", async () => {
  const { page, errors } = await site.open("/two.html");
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
});

test("without WebGPU nothing of its module is fetched, and the reason is said", async () => {
  const { page } = await engines(site);
  site.server.requests.length = 0;
  const why = await page.evaluate(async () => {
    Object.defineProperty(Navigator.prototype, "gpu", { value: undefined });
    return (await window.Engine.create({ backend: "webgpu", worker: false })).info.why;
  });
  assert.equal(why, "webgpu_missing");
  assert.deepEqual(site.server.requests.filter((path) => path.includes("gpu")), []);
});

test("an adapter that is null, and a module that cannot be fetched, are said", async () => {
  const { page } = await engines(site);
  const why = await page.evaluate(async () => {
    const gpu = navigator.gpu;
    const ask = gpu.requestAdapter.bind(gpu);
    gpu.requestAdapter = async () => null;
    const none = (await window.Engine.create({ backend: "webgpu", worker: false })).info.why;
    gpu.requestAdapter = ask;
    const missing = (await window.Engine.create({ backend: "webgpu", worker: false, urls: { gpuWasm: "/nowhere.wasm" } })).info.why;
    return [none, missing];
  });
  assert.deepEqual(why, ["adapter_null", "gpu_module_unavailable"]);
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
  const { page } = await engines(site);
  const found = await standing(page, () => {
    const plain = GPUAdapter.prototype.requestDevice;
    let refusals = 0;
    GPUAdapter.prototype.requestDevice = function (this: GPUAdapter, ...given) {
      if (refusals++ < 2) return Promise.reject(new Error("not with these limits"));
      return plain.apply(this, given);
    };
  });
  assert.deepEqual([found.backend, found.step], ["webgpu", 50], JSON.stringify(found));
});

test("a device that is refused altogether leaves training to the processor", async () => {
  const { page } = await engines(site);
  const found = await standing(page, () => {
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error("no device today"));
  });
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "device_refused", 50], JSON.stringify(found));
});

test("a shader that the browser rejects leaves training to the processor, and is told in the browser's words", async () => {
  const { page, errors } = await engines(site);
  const found = await standing(page, () => {
    const plain = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (this: GPUDevice, { code, ...rest }) {
      return plain.call(this, { code: `${code}\nfn broken( {`, ...rest });
    };
  });
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "shader_error", 50], JSON.stringify(found));
  assert.match(String(found.values.message), /pars|expected|error/i);
  assert.deepEqual(errors, []);
});

test("a pipeline that cannot be made leaves training to the processor", async () => {
  const { page, errors } = await engines(site);
  const found = await standing(page, () => {
    const plain = GPUDevice.prototype.createComputePipeline;
    GPUDevice.prototype.createComputePipeline = function (this: GPUDevice, { compute, ...rest }) {
      return plain.call(this, { ...rest, compute: { ...compute, entryPoint: "nowhere" } });
    };
  });
  assert.deepEqual([found.backend, found.why, found.step], ["cpu", "shader_error", 50], JSON.stringify(found));
  assert.match(String(found.values.message), /nowhere/);
  assert.deepEqual(errors, []);
});

test("a network over the adapter's limits trains on the processor, and the limit is named", async () => {
  const { page } = await engines(site);
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
});
