// The page and an embed in Firefox and in Safari's engine: they open, train, are edited and are shared. Neither has
// WebGPU here; both have SIMD in WebAssembly.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { heavy } from "../support/everything";
import { serve } from "../e2e/support/server";
import type { Serving } from "../e2e/support/server";
import { withSite } from "../e2e/support/site";
import { firefox } from "./firefox";
import { Figure } from "./figure";
import type { Tab } from "./tab";
import { webkit } from "./webkit";

const EMBED = `<!doctype html><meta charset="utf-8"><title>A tutorial</title>
<script type="module" src="/package/playground.js"></script>
<p>Some text.</p>
<neural-playground dataset="xor" layers="6,3" controls="data,training" lang="en"></neural-playground>`;
/** The element from another origin, with all that it has. */
const elsewhere = (origin: string): string => `<!doctype html><meta charset="utf-8"><title>Another tutorial</title>
<script type="module" src="${origin}/v1/playground.js"></script><neural-playground dataset="xor" lang="en"></neural-playground>`;
/** The frame, in its usual sandbox, with a call to it. */
const frame = (origin: string, sandbox: string): string => `<!doctype html><meta charset="utf-8"><title>Frames</title>
<iframe src="${origin}/v1/embed.html?lang=en&dataset=gauss" sandbox="${sandbox}" title="Neural network playground" style="width: 720px; height: 600px"></iframe>
<script>
  window.told = [];
  addEventListener("message", ({ data }) => told.push(data));
  window.until = async (holds) => { for (;;) { const found = told.find(holds); if (found) return found; await new Promise((done) => setTimeout(done, 20)); } };
  window.call = (call, ...args) => {
    document.querySelector("iframe").contentWindow.postMessage({ type: "np-call", v: 1, id: call, call, args }, "*");
    return until((each) => each.id === call);
  };
</script>`;

for (const [name, start] of [["Firefox", firefox], ["WebKit", webkit]] as const) {
  describe(name, () => {
    const library = withSite({ headers: { "access-control-allow-origin": "*" }, flags: null });
    let tab: Tab;
    let site: Serving;
    before(async () => {
      site = library.keep(await serve({ pages: {
        "/tutorial.html": EMBED, "/elsewhere.html": elsewhere(library.origin),
        "/frame.html": frame(library.origin, "allow-scripts allow-same-origin"), "/sandbox.html": frame(library.origin, "allow-scripts"),
      } }));
      tab = library.keep(await start());
    });

    /** Shares what is on the page; the link opens, in a page of its own, as the same network with the same weights. */
    async function share(figure: Figure): Promise<string> {
      const bits = "[...new Uint32Array((await element.weights())[0].data.buffer)]";
      await figure.ask("await element.patch({ network: { hidden: [{ units: 5, activation: 'relu' }] } }); await element.train({ steps: 40 })");
      const weights = await figure.ask<number[]>(`return ${bits}`);
      await figure.press("share");
      await figure.appears("share-link");
      await figure.ask("part('share-weights').click()");
      const link = await figure.ask<string>(`for (;;) {
        const { value } = part("share-link");
        if (value.length > 200) return value;
        await new Promise((done) => setTimeout(done, 20));
      }`);
      const code = await figure.ask<string>(`for (;;) {
        const { value } = part("embed-code");
        if (value.includes("c=1.")) return value;
        await new Promise((done) => setTimeout(done, 20));
      }`);
      assert.match(code, /<script type="module" src="http[^"]+\/v1\/playground\.js">/);
      // From another page: the same one would only change what stands after #.
      await tab.goto(`${site.origin}/tutorial.html`);
      await tab.goto(link);
      await figure.appears("play");
      await figure.until("metric-train-loss", Number.isFinite);
      assert.equal(await figure.ask("return element.store.config.value.network.hidden[0].units"), 5);
      assert.deepEqual(await figure.ask<number[]>(`return ${bits}`), weights);
      return link;
    }

    test(`the page opens, trains, is edited and steps (${name})`, async (context) => {
      await tab.goto(`${site.origin}/`);
      const figure = new Figure(tab);
      await figure.appears("play");
      context.diagnostic(await tab.run<string>("return navigator.userAgent"));
      const info = await figure.ask<{ backend: string; simd: boolean; thread: string }>("return element.info");
      assert.deepEqual([info.backend, info.simd, info.thread], ["cpu", true, "worker"]);

      const before = await figure.until("metric-train-loss", Number.isFinite);
      const picture = await figure.pixels("output-map");
      await figure.press("play");
      await figure.until("epoch-counter", (epoch) => epoch >= 100);
      await figure.press("play");
      const loss = await figure.until("metric-train-loss", (loss) => loss < before);
      assert.ok(loss < 0.8 * before, `${before} -> ${loss}`);
      assert.notEqual(await figure.pixels("output-map"), picture, "the boundary moved");

      const paused = await figure.resting("step-counter");
      await figure.press("step");
      await figure.until("step-counter", (now) => now === paused + 1);
      await figure.press("reset");
      await figure.until("step-counter", (now) => now === 0);

      await figure.ask("await element.patch({ network: { hidden: [{ units: 5, activation: 'relu' }] } })");
      const weights = await figure.ask<{ name: string; shape: number[] }[]>("return (await element.weights()).map(({ name, shape }) => ({ name, shape }))");
      assert.deepEqual(weights[0], { name: "hidden.0.weight", shape: [5, 2] });
      assert.equal(await tab.run("return document.documentElement.scrollWidth <= innerWidth"), true, "nothing is wider than the window");
    });

    // One visit of each browser in `make test`; the rest in `make test-all`.
    heavy(`keys reach what the pointer does (${name})`, async () => {
      await tab.goto(`${site.origin}/`);
      const figure = new Figure(tab);
      await figure.appears("play");
      await figure.until("metric-train-loss", Number.isFinite);
      await figure.focus("play");
      await tab.keys("Enter");
      await figure.until("epoch-counter", (epoch) => epoch >= 5);
      await tab.keys("Enter");
      const epoch = await figure.resting("epoch-counter");
      await tab.keys(" ");
      await figure.until("epoch-counter", (now) => now > epoch);
    });

    heavy(`an embed trains and is edited (${name})`, async () => {
      await tab.goto(`${site.origin}/tutorial.html`);
      const figure = new Figure(tab);
      await figure.appears("play");
      const before = await figure.ask<number>("return (await element.metrics()).train.loss");
      const after = await figure.ask<number>("return (await element.train({ epochs: 30 })).train.loss");
      assert.ok(after < before, `${before} -> ${after}`);
      await figure.ask("await element.chooseDataset('moons')");
      assert.equal(await figure.ask("return (await element.metrics()).step"), 0);
    });

    heavy(`the page is shared (${name})`, async () => {
      await tab.goto(`${site.origin}/`);
      const figure = new Figure(tab);
      await figure.appears("play");
      const link = await share(figure);
      assert.ok(link.startsWith(`${site.origin}/#c=1.`), link);
    });

    heavy(`an embed of another origin loads, trains by its button, is edited and shared (${name})`, async () => {
      await tab.goto(`${site.origin}/elsewhere.html`);
      const figure = new Figure(tab);
      await figure.appears("play");
      assert.equal(await figure.ask("return element.info.thread"), "blob_worker");
      await figure.press("play");
      await figure.until("epoch-counter", (epoch) => epoch >= 3);
      await figure.press("play");
      await figure.press("dataset-moons");
      await figure.until("step-counter", (step) => step === 0);
      assert.equal(await figure.ask("return element.store.config.value.data.dataset"), "moons");
      const link = await share(figure);
      assert.ok(link.startsWith(`${library.origin}/v1/embed.html#c=1.`), link);
    });

    for (const [page, thread] of [["frame", "worker"], ["sandbox", "blob_worker"]] as const) {
      heavy(`a frame trains, is edited and answers: ${page} (${name})`, async () => {
        await tab.goto(`${site.origin}/${page}.html`);
        const ready = await tab.run<{ info: { thread: string }; config: { data: { dataset: string } } }>("return until((each) => each.type === 'np-ready')");
        assert.deepEqual([ready.info.thread, ready.config.data.dataset], [thread, "gauss"]);
        const edited = await tab.run<{ value: { training: { batch_size: number } } }>("return call('patch', { training: { batch_size: 20 } })");
        assert.equal(edited.value.training.batch_size, 20);
        const [before, after] = await tab.run<{ value: { train: { loss: number } } }[]>("return [await call('metrics'), await call('train', { epochs: 10 })]");
        assert.ok(after!.value.train.loss < before!.value.train.loss);
        assert.ok((await tab.run<{ height: number }>("return until((each) => each.type === 'np-height' && each.height > 300)")).height > 300);
      });
    }

    heavy(`numbers are the same as everywhere (${name})`, async () => {
      await tab.goto(`${site.origin}/`);
      const figure = new Figure(tab);
      await figure.appears("play");
      const bits = await figure.ask<number[]>(`await element.train({ steps: 1000 });
        return [...new Uint32Array((await element.weights())[0].data.buffer)]`);
      const { Engine } = (await import(new URL("../../dist/package/engine.js", import.meta.url).href)) as typeof import("../../www/engine/index");
      const engine = await Engine.create({ worker: false });
      await engine.train({ steps: 1000 });
      const here = [...new Uint32Array((await engine.weights())[0]!.data.buffer)];
      engine.dispose();
      assert.deepEqual(bits, here);
    });
  });
}
