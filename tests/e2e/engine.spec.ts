// The package in a browser: the ladder by which a worker is had, crashes, bytes that do not depend on the place,
// and every example of the documentation.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { examples } from "../www/support/examples";
import { hashes } from "../www/support/hashes";
import { packaged } from "../www/support/package";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";
import type { Engine } from "../../www/engine/index";

const site = withSite({ webgpu: true });

/** Trains a little on the page at `address`'s engine; answers with what a caller would look at. */
async function tryOut(page: Page, address: string, worker = true) {
  return page.evaluate(
    async ([url, inWorker]) => {
      const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
      const engine = await Engine.create({ worker: inWorker });
      const { step } = await engine.train({ steps: 50 });
      const { thread } = engine.info;
      engine.dispose();
      return { thread, step };
    },
    [address, worker] as const,
  );
}

test("first rung: a worker from its own address", async () => {
  const { page } = await site.blank();
  assert.deepEqual(await tryOut(page, `${site.origin}/package/engine.js`), { thread: "worker", step: 50 });
});

test("second rung: another origin's worker, by way of a Blob", async () => {
  const library = await site.serve({ headers: { "access-control-allow-origin": "*" } });
  const { page } = await site.blank();
  assert.deepEqual(await tryOut(page, `${library.origin}/package/engine.js`), { thread: "blob_worker", step: 50 });
});

test("third rung: no worker allowed, so the page's own thread", async () => {
  const strict = await site.serve({
    headers: { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'" },
  });
  const { page } = await site.blank(strict.origin);
  assert.deepEqual(await tryOut(page, `${strict.origin}/package/engine.js`), { thread: "main", step: 50 });
});

test("worker: false stays in the page's thread, in slices", async () => {
  const { page } = await site.blank();
  assert.deepEqual(await tryOut(page, `${site.origin}/package/engine.js`, false), { thread: "main", step: 50 });
});

test("an engine that cannot be started says why", async () => {
  const { page } = await site.blank();
  const error = await page.evaluate(async (url) => {
    const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
    try {
      await Engine.create({ urls: { wasm: "/nowhere.wasm" } });
      return null;
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
  }, `${site.origin}/package/engine.js`);
  assert.equal(error, "engine_unavailable");
});

for (const worker of [true, false]) {
  test(`after a crash a new engine has the config and the weights (worker: ${worker})`, async () => {
    const { page } = await site.blank();
    const seen = await page.evaluate(
      async ([url, inWorker]) => {
        const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
        const engine = await Engine.create({ worker: inWorker });
        const events: string[] = [];
        engine.on("paused", () => events.push("paused"));
        engine.on("restarted", (event) => events.push(event.restored));
        await engine.patch({ training: { batch_size: 7 } });
        await engine.train({ steps: 100 });
        const trained = (await engine.weights()).map(({ data }) => [...data]);
        const run = (await engine.frame()).run;
        events.length = 0;
        const code = await engine.crashForTest().catch((error: { code: string }) => error.code);
        const started = performance.now();
        const after = (await engine.weights()).map(({ data }) => [...data]);
        const restartMs = performance.now() - started;
        const told = [...events];
        const goesOn = (await engine.train({ steps: 10 })).step;
        const result = {
          code, events: told, same: JSON.stringify(trained) === JSON.stringify(after), batch: engine.config.training.batch_size,
          newer: (await engine.frame()).run > run, goesOn: goesOn > 0, restartMs,
        };
        engine.dispose();
        return result;
      },
      [`${site.origin}/package/engine.js`, worker] as const,
    );
    const { restartMs, ...facts } = seen;
    assert.deepEqual(facts, {
      code: "engine_crashed", events: ["paused", "config_and_weights"], same: true, batch: 7, newer: true, goesOn: true,
    });
    assert.ok(restartMs < 5000, `restarted in ${restartMs} ms`);
  });
}

test("two engines share a worker, and a crash of one leaves the other running", async () => {
  const { page } = await site.blank();
  const seen = await page.evaluate(async (url) => {
    const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
    const [first, second] = await Promise.all([Engine.create(), Engine.create()]);
    const training = second.train({ steps: 5000 });
    await first.crashForTest().catch(() => null);
    await first.train({ steps: 5 });
    const { step } = await training;
    first.dispose();
    second.dispose();
    return step;
  }, `${site.origin}/package/engine.js`);
  assert.equal(seen, 5000);
  await eventually("both workers are gone after dispose", async () => page.workers().length === 0);
});

test("digits that cannot be fetched are refused, and the state is kept", async () => {
  const { page } = await site.blank();
  site.server.missing.add(packaged("digits.bin"));
  const seen = await page.evaluate(async (url) => {
    const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
    const engine = await Engine.create();
    await engine.train({ steps: 20 });
    const code = await engine.chooseDataset("digits").then(() => "", (error: { code: string }) => error.code);
    const facts = { code, dataset: engine.config.data.dataset, step: (await engine.metrics()).step };
    engine.dispose();
    return facts;
  }, `${site.origin}/package/engine.js`);
  assert.deepEqual(seen, { code: "digits_unavailable", dataset: "circle", step: 20 });
  site.server.missing.clear();
  const retried = await page.evaluate(async (url) => {
    const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
    const engine = await Engine.create();
    const { data } = await engine.chooseDataset("digits");
    engine.dispose();
    return data.dataset;
  }, `${site.origin}/package/engine.js`);
  assert.equal(retried, "digits");
});

test("the element has the engine's calls and reports what happens", async () => {
  const { page } = await site.blank();
  const seen = await page.evaluate(async (base) => {
    await import(`${base}/playground.js`);
    const { Engine } = (await import(`${base}/engine.js`)) as typeof import("../../www/engine/index");
    const element = document.createElement("neural-playground") as HTMLElement &
      Record<string, unknown> & Record<"patch" | "train", (wish: object) => Promise<unknown>>;
    const events: string[] = [];
    for (const type of ["np-ready", "np-frame", "np-done", "np-error"]) element.addEventListener(type, () => events.push(type));
    const ready = new Promise((resolve) => element.addEventListener("np-ready", resolve));
    document.body.append(element);
    await ready;
    const inner = [
      "activationCurve", "configureUntrusted", "patchUntrusted", "frame", "points", "thumbnail", "featureMap", "gradients", "activations", "setParameter", "gpuStats", "on", "dispose", "crashForTest", "snapshot", "restore", "references",
    ];
    const missing = Object.getOwnPropertyNames(Engine.prototype).filter((name) => {
      const getter = Object.getOwnPropertyDescriptor(Engine.prototype, name)?.get;
      return !getter && !inner.includes(name) && typeof element[name] !== "function";
    });
    await element.patch({ training: { stop: { epochs: 5 } } });
    await element.train({ epochs: 10 });
    await element.patch({ training: { batch_size: 0 } }).catch(() => null);
    while (new Set(events).size < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    element.remove();
    return { missing, events: [...new Set(events)].sort() };
  }, `${site.origin}/package`);
  assert.deepEqual(seen, { missing: [], events: ["np-done", "np-error", "np-frame", "np-ready"] });
});

for (const { name, config, steps, hash } of hashes.cases) {
  test(`Chromium ends at the bytes of the native engine: ${name}`, async () => {
    const { page } = await site.blank();
    const tensors = await page.evaluate(
      async ([url, wanted, count]) => {
        const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
        const engine: Engine = await Engine.create({ backend: "cpu" });
        await engine.configure(wanted);
        await engine.train({ steps: count });
        const weights = await engine.weights();
        engine.dispose();
        return weights.map(({ data }) => [...new Uint32Array(data.buffer, data.byteOffset, data.length)]);
      },
      [`${site.origin}/package/engine.js`, config, steps] as const,
    );
    assert.equal(hashes.of(tensors.map((bits) => new Float32Array(Uint32Array.from(bits).buffer))), hash);
  });
}

for (const { title, code } of examples.filter((example) => example.runsIn.includes("browser"))) {
  test(`docs/api.md, in Chromium: ${title}`, async () => {
    const { page } = await site.blank();
    const source = code
      .replaceAll('from "neural-playground/playground"', `from "${site.origin}/package/playground.js"`)
      .replaceAll('import "neural-playground/playground"', `import "${site.origin}/package/playground.js"`)
      .replaceAll('from "neural-playground"', `from "${site.origin}/package/engine.js"`);
    const failure = await page.evaluate(async (text) => {
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      return import(address).then(() => null, (error: unknown) => String(error));
    }, source);
    assert.equal(failure, null);
  });
}
