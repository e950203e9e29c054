// docs/compared.md: every row names tests that there are, and no feature of TensorFlow Playground is left out.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL("docs/compared.md", root), "utf8");
const rows = text.split("\n").filter((line) => line.startsWith("|") && !/^\| (feature|---)/.test(line));

/** Titles of a file's tests: of `test("...")` in TypeScript, of functions under `#[test]` in Rust. */
function titlesOf(path: string): string[] {
  const source = readFileSync(new URL(path, root), "utf8");
  if (path.endsWith(".rs")) return [...source.matchAll(/#\[test\]\s+fn (\w+)/g)].map(([, name]) => name!);
  // What is filled in differs from run to run: the title is what comes before.
  return [...source.matchAll(/\btest\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g)].map(([, plain, filled]) => plain ?? filled!.replace(/ ?\(?\$\{.*/s, ""));
}

test("every row names at least one test, and each is there", () => {
  assert.ok(rows.length > 100, String(rows.length));
  const known = new Map<string, string[]>();
  for (const row of rows) {
    const cells = row.split(" | ");
    assert.equal(cells.length, 4, row);
    const named = cells[3]!.replace(/ \|$/, "").split("<br>");
    for (const each of named) {
      const [, path, title] = /^`([^`]+)`: (.+)$/.exec(each) ?? [];
      assert.ok(path && title && existsSync(new URL(path, root)), `${cells[0]}: ${each}`);
      if (!known.has(path)) known.set(path, titlesOf(path));
      assert.ok(known.get(path)!.includes(title), `${path} has no test "${title}"`);
    }
  }
  assert.ok([...known.values()].flat().length > known.size, "titles were found");
});

test("every key of that page's links has a row, and every key that hides a control", () => {
  const KEYS = ["activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate", "regularizationRate", "noise", "networkShape", "seed", "showTestData",
    "discretize", "percTrainData", "x", "y", "xTimesY", "xSquared", "ySquared", "cosX", "sinX", "cosY", "sinY", "collectStats", "tutorial", "problem", "initZero", "hideText"];
  const HIDDEN = ["showTestData", "discretize", "playButton", "stepButton", "resetButton", "learningRate", "activation", "regularization", "regularizationRate", "problem",
    "dataset", "percTrainData", "noise", "batchSize", "numHiddenLayers", "xSquared"];
  const features = new Set(rows.map((row) => /^\| (`\w+`)/.exec(row)?.[1]));
  for (const name of [...KEYS, ...HIDDEN.map((key) => `${key}_hide`)]) assert.ok(features.has(`\`${name}\``), name);
});
