// axe-core over a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Violations of any impact, each with the places it was found; `context` says of which part of the page, as axe takes it. */
export async function violations(page: Page, context: object | null = null): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate(`axe.run(${context ? JSON.stringify(context) : ""})`)) as AxeResults;
  assert.ok(results.passes.length > 10, "axe looked at something");
  return results.violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ target }) => target.flat().join(" ")).join(", ")}`);
}
