// Runs the page tests (scripts/test-files.mjs), or the files named, or `platforms`, and ends with how long it all took, the slowest tests, and a
// line of totals. TEST_ALL=1 runs what `make test` leaves to `make test-all` (tests/support/everything.ts).

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { groups, platforms } from "./test-files.mjs";

const SLOWEST = 20;

const named = process.argv.slice(2);
const chosen = { "": groups, platforms }[named.join()];
const all = chosen ? chosen() : [{ name: "the files named", files: named, at_a_time: 1, limit: 600_000 }];

const took = [];
const phases = [];
const failures = [];
let passed = 0;
let skipped = 0;

for (const { name, files, at_a_time, limit } of all) {
  if (files.length === 0) continue;
  console.log(`== ${name}`);
  const began = Date.now();
  const stream = run({ files, concurrency: at_a_time, timeout: limit });
  const isSuite = (event) => event.details?.type === "suite";
  // Older versions of node report each file as a test of its own.
  const isFile = (event) => files.some((file) => event.name === file || event.name === basename(file));
  stream.on("test:pass", (event) => {
    if (isSuite(event) || isFile(event)) return;
    if (event.skip !== undefined || event.todo !== undefined) skipped += 1;
    else passed += 1;
    took.push(event);
  });
  stream.on("test:fail", (event) => {
    if (isSuite(event)) return;
    failures.push(event.name);
    took.push(event);
  });
  const printed = stream.compose(spec);
  printed.pipe(process.stdout, { end: false });
  await new Promise((resolve) => printed.on("end", resolve));
  phases.push([name, (Date.now() - began) / 1000]);
}

const seconds = (value) => `${value.toFixed(1).padStart(8)} s`;
console.log(`\nthe ${SLOWEST} slowest page tests`);
took.sort((a, b) => b.details.duration_ms - a.details.duration_ms);
for (const { name, file, details } of took.slice(0, SLOWEST)) console.log(`${seconds(details.duration_ms / 1000)}  ${file ? `${basename(file)}: ` : ""}${name}`);

console.log("\nphases");
const before = earlier();
for (const [name, time] of [...before, ...phases]) console.log(`${seconds(time)}  ${name}`);
console.log(`${seconds([...before, ...phases].reduce((sum, [, time]) => sum + time, 0))}  in all\n`);

for (const name of failures) console.log(`failed: ${name}`);
// A test that is not run is no test that passes: nothing here may be skipped.
if (skipped > 0) console.log(`${skipped} skipped, which counts as failed`);
console.log(`${passed} passed, ${failures.length + skipped} failed`);
if (failures.length + skipped > 0 || passed === 0) process.exitCode = 1;

/** What make has done before, by the beginnings that it has noted: scripts/phase.sh. */
function earlier() {
  const file = process.env.PHASES;
  if (!file || !existsSync(file)) return [];
  const begun = readFileSync(file, "utf8").trim().split("\n").map((line) => [line.slice(line.indexOf(" ") + 1), Number.parseFloat(line)]);
  return begun.map(([name, start], index) => [name, (begun[index + 1]?.[1] ?? Date.now() / 1000 - phases.reduce((sum, [, time]) => sum + time, 0)) - start]);
}
