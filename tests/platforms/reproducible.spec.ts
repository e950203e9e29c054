// A second build of the same source is the same to the byte, wherever it is made.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

function sums(): Record<string, string> {
  const dist = realpathSync(join(root, "dist"));
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(files.map((file) => [file.slice(dist.length), createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

test("a second build of site and package is the same to the byte", () => {
  const first = sums();
  assert.ok(Object.keys(first).length > 100);
  execFileSync(process.execPath, [join(root, "scripts/build-page.mjs")], { cwd: root, stdio: "ignore" });
  assert.deepEqual(sums(), first);
});

test("nothing that is built tells where it was", () => {
  for (const file of Object.keys(sums())) {
    const text = readFileSync(join(root, "dist", file), "latin1");
    assert.ok(!text.includes(root) && !text.includes("/home/") && !text.includes("/.cargo/registry/src/"), file);
  }
});
