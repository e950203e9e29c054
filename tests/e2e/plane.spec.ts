// The first main job: open the page, press Play, watch the default network learn the circle.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LANGUAGES, picture, words } from "./support/browser";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

for (const language of LANGUAGES) {
  test(`play on the default network moves boundary, maps, counters and loss (${language})`, async (context) => {
    const { page, playground, errors } = await site.open("/", { locale: language });
    const word = words(language);
    await page.getByRole("button", { name: word["ui.play"]!, exact: true }).waitFor();
    context.diagnostic(`play can be pressed after ${Math.round(await page.evaluate(() => performance.now()))} ms`);
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    await playground.part("engine-badge").filter({ hasText: word["ui.backend.cpu"]! }).waitFor();

    const lossAtStart = await playground.until("metric-train-loss", Number.isFinite);
    assert.equal(await playground.figure("epoch-counter"), 0);
    const [boundaryAtStart, networkAtStart] = [await playground.pixels("output-map"), await playground.pixels("network")];

    await page.getByRole("button", { name: word["ui.play"]!, exact: true }).click();
    await page.getByRole("button", { name: word["ui.pause"]!, exact: true }).waitFor();
    await playground.until("epoch-counter", (epoch) => epoch >= 200, 60_000);
    const pictures = await page.evaluate(async () => {
      const started = performance.now();
      let count = 0;
      while (performance.now() - started < 2000) {
        await new Promise(requestAnimationFrame);
        count += 1;
      }
      return (count * 1000) / (performance.now() - started);
    });
    context.diagnostic(`${pictures.toFixed(1)} animation frames a second while it plays (software drawing)`);

    await playground.click("play");
    await page.getByRole("button", { name: word["ui.play"]!, exact: true }).waitFor();
    await playground.rest();
    const epoch = await playground.figure("epoch-counter");
    await page.waitForTimeout(300);
    assert.equal(await playground.figure("epoch-counter"), epoch, "a paused network rests");

    const loss = await playground.figure("metric-train-loss");
    assert.ok(loss < 0.8 * lossAtStart, `loss ${lossAtStart} -> ${loss}`);
    assert.notEqual(await playground.pixels("output-map"), boundaryAtStart);
    assert.notEqual(await playground.pixels("network"), networkAtStart);
    assert.equal(await playground.shown("metric-test-loss"), false, "the test set stays sealed");
    await picture(page, `circle-${language}`);
    assert.deepEqual(await playground.untranslated(), []);
    assert.deepEqual(errors, []);
  });
}

test("step makes one update, epoch completes the epoch, reset brings the same weights back", async () => {
  const { playground, errors } = await site.visit("/", { locale: "en" });
  const start = await playground.pixels("output-map");
  await playground.click("step");
  await playground.until("step-counter", (step) => step === 1);
  await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  await playground.until("step-counter", (step) => step > 1);
  await playground.click("reset");
  await playground.until("step-counter", (step) => step === 0);
  await eventually("after a reset the boundary is that of the start", async () => (await playground.pixels("output-map")) === start);
  await playground.click("new-seed");
  await eventually("a new seed gives another boundary", async () => (await playground.pixels("output-map")) !== start);
  assert.deepEqual(errors, []);
});

test("space plays and pauses, and every control can be reached with the keyboard", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  await page.keyboard.press("Space");
  await playground.until("epoch-counter", (epoch) => epoch >= 1);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: words("en")["ui.play"]!, exact: true }).waitFor();

  const wanted = new Set(["play", "step", "epoch", "reset", "new-seed", "language", "theme", "reveal-test", "dataset-spiral"]);
  for (let presses = 0; presses < 150 && wanted.size > 0; presses += 1) {
    await page.keyboard.press("Tab");
    const reached = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute("data-testid") ?? "";
    });
    wanted.delete(reached);
  }
  assert.deepEqual([...wanted], [], "reached by Tab");
});

test("the language switches in place, and the choice is kept", async () => {
  const { page, playground } = await site.open("/", { locale: "en" });
  await page.getByRole("button", { name: words("en")["ui.play"]!, exact: true }).waitFor();
  await playground.click("language");
  await page.getByRole("button", { name: words("zh-CN")["ui.play"]!, exact: true }).waitFor();
  assert.deepEqual(await playground.untranslated(), []);
  await page.reload();
  await page.getByRole("button", { name: words("zh-CN")["ui.play"]!, exact: true }).waitFor();
});

test("opening the test set shows its figures and counts", async () => {
  const { playground } = await site.visit("/", { locale: "en" });
  assert.equal(await playground.shown("metric-test-loss"), false);
  await playground.click("reveal-test");
  await playground.until("metric-test-loss", Number.isFinite);
  const accuracy = await playground.figure("metric-test-accuracy");
  assert.ok(accuracy >= 0 && accuracy <= 1, `${accuracy}`);
});

test("nothing is wider than a phone", async () => {
  const { page, playground } = await site.visit("/", { locale: "en", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${width} px`);
  await playground.part("play").tap();
  await playground.until("epoch-counter", (epoch) => epoch >= 5);
  await picture(page, "phone-en");
});
