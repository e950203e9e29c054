// The element in pages that frameworks write: React 19 in StrictMode, Vue 3, Solid, Svelte 5, and HTML that is swapped; and in no order at all.
// The same in Firefox and WebKit: tests/browsers/frameworks.spec.ts.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { assertFramework, assertOrders } from "../frameworks/expected";
import { FRAMEWORKS, buildFrameworks } from "../frameworks/build";
import { amount } from "../support/everything";
import { withSite } from "./support/site";

const site = withSite();
let folder = "";
before(async () => {
  folder = site.keep(await buildFrameworks()).folder;
});

declare global {
  interface Window {
    scenario?(name: string): Promise<Record<string, unknown>>;
    orders?(from: number, count: number): Promise<Parameters<typeof assertOrders>[0]>;
  }
}

async function page() {
  const { origin } = await site.serve({ folder });
  const opened = await site.open(`${origin}/index.html`);
  await opened.page.waitForFunction(() => window.orders);
  return opened;
}

for (const name of FRAMEWORKS) {
  test(`${name}: properties of every type, changes, moves, another key, another page and back; nothing is left`, async () => {
    const { page: tab, errors } = await page();
    assertFramework(await tab.evaluate((name) => window.scenario!(name), name));
    assert.deepEqual(errors, []);
  });
}

test("appended, removed, moved, replaced, played and configured in whatever order (50; 10 in make test): every promise settles, no rejection is unhandled, no worker is left", async () => {
  const { page: tab, errors } = await page();
  assertOrders(await tab.evaluate((count) => window.orders!(1, count), amount(50, 10)));
  assert.deepEqual(errors, []);
});
