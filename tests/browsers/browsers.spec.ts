// The page and an embed in Firefox and in Safari's engine: they open, train, are edited and are shared. Neither has
// WebGPU here; both have SIMD in WebAssembly.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { serve } from "../e2e/support/server";
import type { Serving } from "../e2e/support/server";
import { firefox } from "./firefox";
import { Figure } from "./figure";
import type { Tab } from "./tab";
import { webkit } from "./webkit";

const EMBED = `<!doctype html><meta charset="utf-8"><title>A tutorial</title>
<script type="module" src="/package/playground.js"></script>
<p>Some text.</p>
<neural-playground dataset="xor" layers="6,3" controls="data,training" lang="en"></neural-playground>`;

for (const [name, start] of [["Firefox", firefox], ["WebKit", webkit]] as const) {
  describe(name, () => {
    let tab: Tab;
    let site: Serving;
    before(async () => {
      site = await serve({ pages: { "/tutorial.html": EMBED } });
      tab = await start();
    });
    after(async () => {
      await tab?.close();
      await site?.close();
    });

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

    test(`keys reach what the pointer does (${name})`, async () => {
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

    test(`an embed trains and is edited (${name})`, async () => {
      await tab.goto(`${site.origin}/tutorial.html`);
      const figure = new Figure(tab);
      await figure.appears("play");
      const before = await figure.ask<number>("return (await element.metrics()).train.loss");
      const after = await figure.ask<number>("return (await element.train({ epochs: 30 })).train.loss");
      assert.ok(after < before, `${before} -> ${after}`);
      await figure.ask("await element.chooseDataset('moons')");
      assert.equal(await figure.ask("return (await element.metrics()).step"), 0);
    });

    test(`numbers are the same as everywhere (${name})`, async () => {
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
