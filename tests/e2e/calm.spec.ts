// A calm machine: at rest nothing asks for an animation frame, unseen neither; while it plays a picture is not laid out anew.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

declare global {
  interface Window { animations: number; uncounted: typeof requestAnimationFrame }
}

const FIGURE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Calm</title>
  <script type="module" src="/v1/playground.js"></script><main><div id="place"><neural-playground lang="en" autoplay></neural-playground></div><div style="height: 3000px"></div></main></html>`;
const site = withSite({ pages: { "/figure.html": FIGURE } });

/** Counts the animation frames that scripts of the page ask for. */
async function counted(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.animations = 0;
    const request = window.requestAnimationFrame.bind(window);
    window.uncounted = request;
    window.requestAnimationFrame = (callback) => {
      window.animations += 1;
      return request(callback);
    };
  });
}

/** Until the browser has drawn what has changed, and what that has asked for in its turn: drawing in software, it may take seconds to begin. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frames = 0; frames < 5; frames += 1) await new Promise((done) => window.uncounted(done));
  });
}

/** Animation frames asked for in a second, once there was a second without any; what is fetched late may ask for some. */
async function rests(page: Page, what: string): Promise<void> {
  await eventually(`${what}: no animation frame is asked for`, async () => {
    const before = await page.evaluate(() => window.animations);
    await drawn(page);
    await page.waitForTimeout(1000);
    return (await page.evaluate(() => window.animations)) === before;
  });
  const before = await page.evaluate(() => window.animations);
  await page.waitForTimeout(2000);
  assert.equal(await page.evaluate(() => window.animations), before, what);
}

test("at rest no animation frame is asked for: before training, paused, and with every picture", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en", prepare: counted });
  await rests(page, "before training");
  await playground.click("play");
  await playground.until("epoch-counter", (epoch) => epoch >= 3);
  await playground.click("play");
  await rests(page, "paused");
  const last = await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.store.frame.value!.step);
  assert.equal(await playground.figure("step-counter"), last, "the counter shows the step that is drawn");
  for (const picture of ["surface", "hidden"]) {
    await playground.click(`picture-${picture}`);
    // What draws it is fetched first.
    await page.waitForFunction((name) => customElements.get(name) !== undefined, `np-${picture}-view`);
    await page.waitForTimeout(300);
    await rests(page, picture);
  }
  // What changes is drawn all the same.
  const before = await playground.pixels("network");
  await playground.click("step");
  await eventually("a step is drawn", async () => (await playground.pixels("network")) !== before);
  assert.deepEqual(errors, []);
});

test("a figure that is scrolled away or hidden asks for nothing, and goes on when it is seen", async () => {
  const { page, thrown } = await site.open("/figure.html", { viewport: { width: 800, height: 900 }, prepare: counted });
  const step = () => page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.store.frame.value?.step ?? 0);
  await eventually("it trains", async () => (await step()) > 20);
  for (const [what, away, back] of [
    ["scrolled away", () => scrollTo(0, 2500), () => scrollTo(0, 0)],
    ["hidden", () => { document.querySelector<HTMLElement>("#place")!.style.display = "none"; }, () => { document.querySelector<HTMLElement>("#place")!.style.display = ""; }],
  ] as const) {
    await page.evaluate(away);
    await rests(page, what);
    const stopped = await step();
    await page.evaluate(back);
    await eventually(`it goes on after it was ${what}`, async () => (await step()) > stopped);
  }
  assert.deepEqual(thrown, []);
});

test("while it plays text is written some times a second, and no more pictures are laid out", async () => {
  const { page, playground } = await site.visit("/", { locale: "en", prepare: counted });
  await playground.click("play");
  await playground.until("epoch-counter", (epoch) => epoch >= 20);
  const { frames, writes, seconds } = await page.evaluate(async () => {
    const element = document.querySelector<NeuralPlayground>("neural-playground")!;
    // Whatever changes in the tree, in shadow roots too: that is what has the browser lay out or style anew.
    let writes = 0;
    let last = 0;
    const observer = new MutationObserver(() => {
      // All that is written within one picture counts once.
      if (performance.now() - last > 4) writes += 1;
      last = performance.now();
    });
    const roots: (Element | ShadowRoot)[] = [element.shadowRoot!];
    for (const root of roots) {
      observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
      for (const each of root.querySelectorAll("*")) if (each.shadowRoot) roots.push(each.shadowRoot);
    }
    const seen = new Set();
    const from = performance.now();
    while (performance.now() - from < 4000 || seen.size <= 5) {
      await new Promise(requestAnimationFrame);
      seen.add(element.store.frame.value);
    }
    observer.disconnect();
    return { frames: seen.size, writes, seconds: (performance.now() - from) / 1000 };
  });
  assert.ok(frames > 5, `${frames} frames`);
  // Text 8 times, the chart's 12.5 times a second; a machine that is slow makes fewer pictures than that.
  assert.ok(writes <= 26 * seconds, `${writes} times in ${seconds} s, of ${frames} frames`);
});
