// What the page really fetches until it has trained, by the server's own log, is what the build counts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { FIRST_LOAD_BUDGET, LANGUAGES, addresses, firstLoad, gzipped } from "../../scripts/first-load.mjs";
import { launch } from "./support/browser";
import { dist, serve } from "./support/server";
import type { Serving } from "./support/server";
import { trainedAt, watchTraining } from "./support/trained";

let browser: Browser;
let site: Serving;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser.close();
  await site.close();
});

test("the first load is within its budget in every language", (context) => {
  assert.ok(LANGUAGES.includes("en") && LANGUAGES.includes("zh-CN"), LANGUAGES.join());
  for (const language of LANGUAGES) {
    const { page, wasm } = firstLoad(dist, language);
    const bytes = gzipped([...page, ...wasm]);
    context.diagnostic(`${language}: ${bytes} bytes of ${FIRST_LOAD_BUDGET}`);
    assert.ok(bytes <= FIRST_LOAD_BUDGET, `${language}: ${bytes} bytes are ${bytes - FIRST_LOAD_BUDGET} too many`);
  }
});

for (const language of LANGUAGES) test(`up to the first trained frame the page fetches the files that the build counts, and no other (${language})`, async (context) => {
  site.askedAt.clear();
  const page = await browser.newPage({ locale: language });
  await watchTraining(page);
  await page.goto(`${site.origin}/`);
  const until = await trainedAt(page);
  const asked = [...site.askedAt].filter(([path, at]) => path !== "/favicon.ico" && at <= until).map(([path]) => path).sort();
  const { page: scripts, wasm } = firstLoad(dist, language);
  const counted = [...scripts, ...wasm];
  // Where there is a GPU its module comes meanwhile.
  const before = asked.filter((path) => !path.includes("neural_playground_gpu"));
  assert.deepEqual(before, addresses(counted));
  context.diagnostic(`${(gzipped(before.map((path) => join(dist, path === "/" ? "index.html" : path))) / 1024).toFixed(1)} KiB`);
  await page.close();
});
