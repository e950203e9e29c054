// The end of a first visit: what was made is shared, by keyboard alone and by finger alone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Playground } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

test("the share dialog opens and closes by keyboard alone", async () => {
  const { page, errors } = await site.open("/", { locale: "en" });
  await new Playground(page).until("metric-train-loss", Number.isFinite);
  await page.keyboard.press("s");
  await page.locator("dialog[open]").waitFor();
  const inside = await page.evaluate(() => document.querySelector("neural-playground")!.shadowRoot!.activeElement?.closest("dialog") !== null);
  assert.ok(inside, "the focus is in the dialog");
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
});

test("the share dialog opens by finger alone", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await playground.part("share").tap();
  await page.locator("dialog[open]").waitFor();
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  assert.deepEqual(errors, []);
});
