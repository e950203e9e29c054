// `make build` makes the package anew when anything has changed that it is made of, so that no test looks at an old one.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** A script and every script of this repository that it leads to. */
function reached(...paths: string[]): string[] {
  const met = new Set(paths);
  for (const path of met) {
    for (const [, next] of read(path).matchAll(/from "(\.[^"]+\.(?:mjs|ts))"/g)) {
      const file = relative(root, join(root, dirname(path), next!));
      if (file.startsWith("scripts/")) met.add(file);
    }
  }
  return [...met];
}

test("what the package is made of makes it anew", () => {
  // The analyzer is told of its configuration by name.
  const scripts = reached("scripts/build-page.mjs", "scripts/custom-elements.mjs", "vite.config.ts");
  const documents = [...`${read("scripts/write-package.mjs")}${read("scripts/custom-elements.mjs")}`.matchAll(/"(?:\.\.\/)?((?:docs\/|www\/embed)?[\w-]+\.(?:md|html)|LICENSE)"/g)].map(([, path]) => path!).filter((path) => path !== "README.md" && path !== "embed.html");
  assert.ok(scripts.length >= 9 && documents.includes("docs/npm.md") && documents.includes("docs/embed.md") && documents.includes("LICENSE"), [...scripts, ...documents].join(" "));
  const { MAKEFLAGS: _, MFLAGS: __, MAKELEVEL: ___, ...env } = process.env;
  const would = (...args: string[]): boolean => execFileSync("make", ["-n", ...args, "dist/package/package.json"], { cwd: root, encoding: "utf8", env }).includes("node scripts/build-page.mjs");
  assert.equal(would(), false, "the package is as new as what it is made of");
  for (const file of new Set([...scripts, ...documents, "www/app/main.ts", "src/lib.rs", "package.json", "tsconfig.types.json"])) assert.ok(would("-W", file), file);
});
