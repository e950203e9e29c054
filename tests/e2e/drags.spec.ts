// A drag whose end never comes (an alert, a gesture of the system's, a pen that leaves) leaves nothing stuck.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Locator, Page } from "playwright-core";

import type { Config } from "../../www/engine/types";
import { withSite } from "./support/site";

const site = withSite();
const split = (page: Page): Promise<number> => page.evaluate(() => (document.querySelector("neural-playground") as unknown as { store: { config: { value: Config } } }).store.config.value.data.split.train);

/** Presses on the element, moves, and has the browser take the pointer away before it is let go elsewhere. */
async function lost(page: Page, where: Locator): Promise<void> {
  const box = (await where.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await where.evaluate((element) => element.addEventListener("pointerdown", (event) => { (element as unknown as { held: number }).held = (event as PointerEvent).pointerId; }, { once: true }));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 8, y + 8, { steps: 3 });
  await where.evaluate((element) => element.releasePointerCapture((element as unknown as { held: number }).held));
  await page.mouse.move(2, 2);
  await page.mouse.up();
}

test("the split bar: a lost drag moves nothing, and the next one moves it", async () => {
  const { page, errors } = await site.visit("/", { locale: "en" });
  const before = await split(page);
  const handle = page.locator("np-split-bar .handle").first();
  const at = await handle.getAttribute("aria-valuenow");
  const box = (await handle.boundingBox())!;
  const bar = (await page.locator("np-split-bar .split-bar").boundingBox())!;
  await handle.evaluate((element) => element.addEventListener("pointerdown", (event) => { (element as unknown as { held: number }).held = (event as PointerEvent).pointerId; }, { once: true }));
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width * 0.3, box.y + 4, { steps: 4 });
  assert.notEqual(await handle.getAttribute("aria-valuenow"), at, "it follows the hand");
  await handle.evaluate((element) => element.releasePointerCapture((element as unknown as { held: number }).held));
  await page.mouse.move(2, 2);
  await page.mouse.up();
  await page.waitForFunction((value) => document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-split-bar .handle")!.getAttribute("aria-valuenow") === value, at);
  assert.equal(await split(page), before);
  const again = (await handle.boundingBox())!;
  await page.mouse.move(again.x + again.width / 2, again.y + again.height / 2);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width * 0.3, again.y + 4, { steps: 4 });
  await page.mouse.up();
  for (let tries = 0; (await split(page)) === before && tries < 60; tries += 1) await page.waitForTimeout(50);
  assert.equal(await split(page), 30);
  assert.deepEqual(errors, []);
});

test("the pad: after a stroke that was taken away the next one is drawn; the surface turns again", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en" });
  await playground.click("picture-surface");
  const stage = page.locator("np-surface-view .stage");
  await stage.waitFor();
  await lost(page, stage);
  const look = (): Promise<string> => stage.locator("canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  await page.waitForTimeout(200);
  const still = await look();
  await page.mouse.move(400, 300, { steps: 3 });
  await page.waitForTimeout(200);
  assert.equal(await look(), still, "nobody holds it");
  await playground.click("dataset-digits");
  const pad = page.locator("np-drawing-pad .pad");
  await pad.waitFor();
  await lost(page, pad);
  const strokes = (): Promise<number> => page.locator("np-drawing-pad").evaluate((element) => (element as unknown as { strokes: unknown[] }).strokes.length);
  assert.equal(await strokes(), 1);
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 40, box.y + 140, { steps: 6 });
  await page.mouse.up();
  assert.equal(await strokes(), 2);
  assert.deepEqual(errors, []);
});

test("tabs and radio buttons are one stop each, and go by arrows, Home and End", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en" });
  await playground.click("dataset-digits");
  const tabs = page.locator("np-tab-bar [role=tab]");
  await tabs.nth(1).waitFor();
  const selected = (): Promise<string | null> => page.locator("np-tab-bar [aria-selected=true]").getAttribute("id");
  await page.locator("np-tab-bar [aria-selected=true]").focus();
  await page.keyboard.press("End");
  assert.equal(await selected(), await tabs.last().getAttribute("id"));
  await page.keyboard.press("ArrowRight");
  assert.equal(await selected(), await tabs.first().getAttribute("id"));
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  assert.equal(await selected(), await tabs.first().getAttribute("id"));
  assert.equal(await page.locator("np-tab-bar [role=tab][tabindex='0']").count(), 1);
  await playground.click("engine-badge");
  await playground.part("engine-auto").focus();
  await page.keyboard.press("End");
  await page.locator("[data-testid=engine-cpu][aria-checked=true]").waitFor();
  assert.equal(await page.locator(".engine-choice [tabindex='0']").count(), 1);
  assert.equal(await page.evaluate(() => document.querySelector("neural-playground")!.shadowRoot!.activeElement?.getAttribute("data-testid")), "engine-cpu");
  assert.deepEqual(errors, []);
});
