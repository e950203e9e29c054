// How often and how fast, by the clock: nothing else runs beside these.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { NeuralPlayground } from "../../www/app/element/element";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite({
  pages: { "/plain.html": `<!doctype html><html lang="en"><title>A tutorial</title><script type="module" src="/v1/playground.js"></script><neural-playground lang="en"></neural-playground></html>` },
});

test("np-frame comes at most ten times a second while it trains, and the last state is told", async () => {
  const { page } = await site.open("/plain.html", {
    prepare: (page) => page.addInitScript(() => {
      const frames: { at: number; step: number }[] = [];
      Object.assign(window, { frames_told: frames });
      addEventListener("np-frame", (event) => frames.push({ at: performance.now(), step: (event as CustomEvent).detail.step }));
    }),
  });
  const told = () => page.evaluate(() => (window as unknown as { frames_told: { at: number; step: number }[] }).frames_told);
  await page.waitForFunction(() => document.querySelector<NeuralPlayground>("neural-playground")?.store?.started.value);
  await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.play());
  await eventually("a dozen frames", async () => (await told()).length > 12);
  const step = await page.evaluate(async () => {
    const element = document.querySelector<NeuralPlayground>("neural-playground")!;
    await element.pause();
    return (await element.metrics()).step;
  });
  await eventually("the last state", async () => (await told()).at(-1)!.step === step);
  const times = (await told()).map(({ at }) => at);
  const gaps = times.slice(1).map((time, at) => time - times[at]!);
  // A timer may be a millisecond early by another clock.
  assert.ok(Math.min(...gaps) >= 99, `frames ${Math.min(...gaps)} ms apart`);
});

test("one step a second is one step a second", async (context) => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  for (const dataset of ["circle", "digits"]) {
    await playground.click(`dataset-${dataset}`);
    await page.waitForFunction((id) => document.querySelector<NeuralPlayground>("neural-playground")!.store.config.value!.data.dataset === id, dataset);
    await playground.part("speed").focus();
    await page.keyboard.press("Home");
    assert.equal(await playground.part("speed").getAttribute("aria-valuetext"), "1 steps/s");
    await playground.click("play");
    await playground.until("step-counter", (step) => step >= 1);
    // By the page's clock. That it is no slower either is held against a clock of its own in tests/session/pace.rs: here a busy machine
    // may be late, and is told.
    const seconds = await page.evaluate(async () => {
      const shown = (): number => document.querySelector<NeuralPlayground>("neural-playground")!.store.frame.value!.step;
      const [step, started] = [shown(), performance.now()];
      while (shown() < step + 4) await new Promise((done) => setTimeout(done, 20));
      return (performance.now() - started) / 1000;
    });
    context.diagnostic(`${dataset}: 4 steps in ${seconds.toFixed(2)} s`);
    // The first step seen may be up to a picture old; later ones are a second apart.
    assert.ok(seconds > 3, `${seconds} s`);
    await playground.click("play");
  }
});
