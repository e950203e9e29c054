// The end of a first visit: what was made is shared, by keyboard alone and by finger alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { launch, open } from "./support/browser";
import { Playground } from "./support/playground";
import { serve } from "./support/server";
import type { Serving } from "./support/server";

let browser: Browser;
let site: Serving;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser.close();
  await site.close();
});

test("the share dialog opens and closes by keyboard alone", async () => {
  const { page, errors, close } = await open(browser, `${site.origin}/`, { locale: "en" });
  await new Playground(page).until("metric-train-loss", Number.isFinite);
  await page.keyboard.press("s");
  await page.locator("dialog[open]").waitFor();
  const inside = await page.evaluate(() => document.querySelector("neural-playground")!.shadowRoot!.activeElement?.closest("dialog") !== null);
  assert.ok(inside, "the focus is in the dialog");
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

test("the share dialog opens by finger alone", async () => {
  const { page, errors, close } = await open(browser, `${site.origin}/`, { locale: "en", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const playground = new Playground(page);
  await playground.until("metric-train-loss", Number.isFinite);
  await playground.part("share").tap();
  await page.locator("dialog[open]").waitFor();
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  assert.deepEqual(errors, []);
  await close();
});
