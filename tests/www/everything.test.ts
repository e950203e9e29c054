// `make test` runs a part of what `make test-all` runs: nothing is in the one and not in the other, and no file is in neither.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { groups, tests } from "../../scripts/test-files.mjs";
import { once, pairs, pairwise, product } from "../support/everything";

const root = join(tests, "..");

/** The names of all tests, as the files tell them when they are read. */
function listed(all: boolean): string[] {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const text = execFileSync(process.execPath, ["--import", "tsx", join(root, "scripts/list-tests.mjs")], {
    cwd: root, env: { ...env, TEST_ALL: all ? "1" : "" }, encoding: "utf8", maxBuffer: 2 ** 24,
  });
  return JSON.parse(text) as string[];
}

test("what make test runs, make test-all runs, and no name stands for two tests", () => {
  const [usual, all] = [listed(false), listed(true)];
  for (const names of [usual, all]) assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), []);
  const inAll = new Set(all);
  assert.deepEqual(usual.filter((name) => !inAll.has(name)), []);
  assert.ok(usual.length > 300 && usual.length < all.length, `${usual.length} of ${all.length}`);
});

test("every file of tests is run, each in one place", () => {
  const found = ["www", "e2e", "browsers"].flatMap((folder) => readdirSync(join(tests, folder), { recursive: true, encoding: "utf8" }).map((name) => join(tests, folder, name)))
    .filter((file) => /\.(test|spec)\.ts$/.test(file));
  assert.deepEqual(groups().flatMap(({ files }) => files).sort(), found.sort());
  assert.ok(groups().every(({ files, limit }) => files.length > 0 && limit > 0), "each group has files, and a limit");
});

test("a few combinations have every pair of values that all of them have", () => {
  const factors = { a: [1, 2], b: ["x", "y"], c: ["p", "q", "r", "s"], d: [1, 2, 3, 4, 5] } as const;
  const [few, all] = [pairwise(factors), product(factors)];
  assert.equal(all.length, 80);
  assert.ok(few.length < 30, String(few.length));
  assert.deepEqual([...new Set(few.flatMap(pairs))].sort(), [...new Set(all.flatMap(pairs))].sort());
  for (const each of few) assert.ok(all.some((other) => JSON.stringify(other) === JSON.stringify(each)));
});

test("fewer still have every value, and are among all", () => {
  const factors = { a: [1, 2], b: ["x", "y", "z"] } as const;
  const few = once(factors);
  assert.equal(few.length, 3);
  for (const name of ["a", "b"] as const) assert.deepEqual([...new Set(few.map((each) => each[name]))].sort(), [...factors[name]].sort());
  for (const each of few) assert.ok(product(factors).some((other) => JSON.stringify(other) === JSON.stringify(each)));
});

test("both do the same things; what conformance leaves out in the browser are tests of its own, and test-all leaves out none", () => {
  const make = readFileSync(join(root, "Makefile"), "utf8");
  const done = (target: string): string | undefined => new RegExp(`^${target}: ((?:[\\w-]+ ?)+)$`, "m").exec(make)?.[1];
  assert.ok(done("test"));
  assert.equal(done("test-all"), done("test"));
  assert.match(make, /^test-all: NATIVELY :=$/m);
  const left = /^NATIVELY := ((?:.*\\\n)*.*)$/m.exec(make)![1]!.split(/[\s\\]+/).filter(Boolean);
  assert.ok(left.length > 5);
  for (const name of left) {
    const [file, , its] = name.split("::");
    const [, list] = /^tests! \{([^}]*)\}/m.exec(readFileSync(join(tests, `conformance/${file}.rs`), "utf8"))!;
    assert.ok(list!.split(/[\s,]+/).includes(its!), name);
  }
});
