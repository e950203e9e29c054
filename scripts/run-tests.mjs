// Runs tests/www (node), tests/e2e (Chromium) and tests/browsers (Firefox, WebKit), or the files named, and ends with a line of totals.

import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const tests = join(dirname(dirname(fileURLToPath(import.meta.url))), "tests");
const inFolder = (folder, ending) =>
  readdirSync(join(tests, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(tests, folder, name));

const named = process.argv.slice(2);
const files = named.length > 0 ? named : [...inFolder("www", ".test.ts"), ...inFolder("e2e", ".spec.ts"), ...inFolder("browsers", ".spec.ts")];

let passed = 0;
let failed = 0;
let skipped = 0;
const failures = [];
// One file after the other: the browser and the engine want the machine to themselves.
const stream = run({ files, concurrency: 1, timeout: 600_000 });
const isSuite = (event) => event.details?.type === "suite";
stream.on("test:pass", (event) => {
  if (isSuite(event) || isFile(event)) return;
  if (event.skip !== undefined || event.todo !== undefined) skipped += 1;
  else passed += 1;
});
stream.on("test:fail", (event) => {
  if (isSuite(event)) return;
  failed += 1;
  failures.push(event.name);
});
stream.compose(spec).pipe(process.stdout);
stream.on("end", () => {
  // A test that is not run is no test that passes: nothing here may be skipped.
  process.on("exit", () => {
    for (const name of failures) console.log(`failed: ${name}`);
    if (skipped > 0) console.log(`${skipped} skipped, which counts as failed`);
    console.log(`${passed} passed, ${failed + skipped} failed`);
    if (failed + skipped > 0 || passed === 0) process.exitCode = 1;
  });
});

/** Older versions of node report each file as a test of its own. */
function isFile(event) {
  return files.some((file) => event.name === file || event.name === basename(file));
}
