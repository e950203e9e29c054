// axe-core over the page: both languages, both schemes, both main jobs' views, and a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";

import { launch, open, picture } from "./support/browser";
import { Playground } from "./support/playground";
import { serve } from "./support/server";
import type { Serving } from "./support/server";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let site: Serving;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser.close();
  await site.close();
});

/** Violations of impact serious or critical, each with the places it was found. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate("axe.run()")) as AxeResults;
  assert.ok(results.passes.length > 10, "axe looked at something");
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(" ")).join(", ")}`);
}

const VIEWS = [
  { name: "English, light", options: { locale: "en" } },
  { name: "Chinese, dark", options: { locale: "zh-CN", colorScheme: "dark" } },
  { name: "a phone, dark", options: { locale: "en", colorScheme: "dark", viewport: { width: 390, height: 844 } } },
] as const;

for (const { name, options } of VIEWS) {
  test(`axe finds nothing serious (${name})`, async () => {
    const { page, close } = await open(browser, `${site.origin}/`, options);
    const playground = new Playground(page);
    await playground.until("metric-train-loss", Number.isFinite);
    assert.deepEqual(await violations(page), []);
    if (name === "Chinese, dark") await picture(page, "circle-dark-zh-CN");
    await playground.click("dataset-digits");
    await playground.part("digits-wrong").waitFor();
    assert.deepEqual(await violations(page), []);
    await close();
  });
}
