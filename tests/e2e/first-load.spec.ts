// What the page really fetches until it has trained, by the server's own log, is what the build counts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { addresses, firstLoad, gzipped } from "../../scripts/first-load.mjs";
import { launch } from "./support/browser";
import { dist, serve } from "./support/server";
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

test("up to the first trained frame the page fetches the files that the build counts, and no other", async (context) => {
  const page = await browser.newPage({ locale: "en-GB" });
  await page.goto(`${site.origin}/`);
  const play = page.getByTestId("play");
  await play.click();
  await page.waitForFunction(() => ((document.querySelector("neural-playground") as unknown as { store: { frame: { value: { step: number } | null } } }).store.frame.value?.step ?? 0) > 0);
  const asked = [...new Set(site.requests)].filter((path) => path !== "/favicon.ico").sort();
  const { page: scripts, wasm } = firstLoad(dist);
  const counted = [...scripts, ...wasm];
  // What follows the first trained frame: the charts of its curves, and where there is a GPU its module.
  const before = asked.filter((path) => !/\/(chart-|neural_playground_gpu)/.test(path));
  assert.deepEqual(before, addresses(counted));
  context.diagnostic(`${(gzipped(before.map((path) => join(dist, path === "/" ? "index.html" : path))) / 1024).toFixed(1)} KiB`);
  await page.close();
});
