// The package in projects of other people's kind: frameworks and bundlers fetched from npm, built for production, opened in Chromium.
// `make test-platforms` runs it; tests/e2e/package.spec.ts has those that need no fetching.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { AS_IT_SHOULD, pack, project, run, told } from "../e2e/support/recipes";
import { withSite } from "../e2e/support/site";

const site = withSite();
let packed: ReturnType<typeof pack>;
before(() => {
  packed = pack();
});
after(() => rmSync(packed.folder, { recursive: true, force: true }));

const HERE = ["vite", "webpack", "esbuild"];
const recipes = readdirSync(new URL("recipes/", import.meta.url), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !HERE.includes(entry.name)).map(({ name }) => name);

test("there is a recipe for each", () => {
  assert.deepEqual(recipes.sort(), ["next", "parcel", "preact", "react", "rollup", "solid", "svelte", "vite-7", "vue"]);
});

for (const name of recipes) {
  test(`${name}: built for production, the figure trains in a worker, digits too`, async () => {
    const folder = project(name, packed, "registry");
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { scripts: Record<string, string> };
    for (const script of Object.keys(scripts)) {
      rmSync(join(folder, "dist"), { recursive: true, force: true });
      run(folder, "npm", "run", script);
      assert.deepEqual(await told(site, folder), AS_IT_SHOULD, script);
      const written = readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" });
      assert.deepEqual(written.filter((file) => /embed[^/]*\.html$/.test(file)), [], "no page of ours without its script");
    }
  });
}
