// What the page really fetches until it has trained, by the server's own log, is what the build counts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { FIRST_LOAD_BUDGET, LANGUAGES, addresses, firstLoad, gzipped } from "../../scripts/first-load.mjs";
import { dist } from "./support/server";
import { withSite } from "./support/site";
import { trainedAt, watchTraining } from "./support/trained";

const site = withSite();

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
  site.server.askedAt.clear();
  const { page } = await site.open("/", { locale: language, prepare: watchTraining });
  const until = await trainedAt(page);
  const asked = [...site.server.askedAt].filter(([path, at]) => path !== "/favicon.ico" && at <= until).map(([path]) => path).sort();
  const { page: scripts, wasm } = firstLoad(dist, language);
  const counted = [...scripts, ...wasm];
  // Where there is a GPU its module comes meanwhile.
  const before = asked.filter((path) => !path.includes("neural_playground_gpu"));
  assert.deepEqual(before, addresses(counted));
  context.diagnostic(`${(gzipped(before.map((path) => join(dist, path === "/" ? "index.html" : path))) / 1024).toFixed(1)} KiB`);
});
