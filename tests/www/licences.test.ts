// Every crate and every npm package is under a licence of deny.toml's list, which `cargo deny` reads too.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const allowed = new Set([.../allow = \[([\s\S]*?)\]/.exec(readFileSync(new URL("deny.toml", root), "utf8"))![1]!.matchAll(/"([^"]+)"/g)].map(([, name]) => name!));

/** Whether an expression can be met: one side of an OR, all sides of an AND. */
function isAllowed(expression: string): boolean {
  const text = expression.trim().replace(/^\((.*)\)$/s, (whole, inner: string) => (/^[^()]*(?:\([^()]*\)[^()]*)*$/.test(inner) ? inner : whole));
  const split = (word: string): string[] => {
    const parts: string[] = [];
    let depth = 0;
    for (const token of text.split(/\s+|(?=[()])|(?<=[()])/).filter(Boolean)) {
      if (token === "(") depth += 1;
      if (token === ")") depth -= 1;
      if (token === word && depth === 0) parts.push("");
      else parts.push(`${parts.pop() ?? ""} ${token}`);
    }
    return parts;
  };
  const either = split("OR");
  if (either.length > 1) return either.some(isAllowed);
  const all = split("AND");
  if (all.length > 1) return all.every(isAllowed);
  return allowed.has(text);
}

test("an expression is read as it is meant", () => {
  assert.ok(isAllowed("MIT OR GPL-3.0") && isAllowed("(MIT OR GPL-3.0) AND Unicode-3.0") && isAllowed("(Apache-2.0 OR MIT) AND (ISC OR X)"));
  assert.ok(!isAllowed("GPL-3.0") && !isAllowed("MIT AND GPL-3.0") && !isAllowed("(GPL-3.0 OR X) AND MIT"));
});

test("crates, those of tests and benches among them", () => {
  // Of the platforms that are built for here: what others would take is not fetched for a test.
  const packages = ["wasm32-unknown-unknown", "x86_64-unknown-linux-gnu"].flatMap((platform) => {
    const text = execFileSync("cargo", ["metadata", "--format-version", "1", "--locked", "--all-features", "--filter-platform", platform], { cwd: fileURLToPath(root), encoding: "utf8", maxBuffer: 1 << 28 });
    return (JSON.parse(text) as { packages: { name: string; license: string | null }[] }).packages;
  });
  assert.ok(packages.length > 50, String(packages.length));
  // An old way to write OR.
  assert.deepEqual(packages.filter(({ license }) => !isAllowed((license ?? "none").replaceAll("/", " OR "))).map(({ name, license }) => `${name}: ${license}`), []);
});

test("npm packages that a visitor's browser is given", () => {
  const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", root), "utf8")) as { packages: Record<string, { license?: string; dev?: boolean; optional?: boolean }> };
  const given = Object.entries(packages).filter(([path, { dev }]) => path && !dev);
  assert.ok(given.length >= 3);
  assert.deepEqual(given.filter(([, { license }]) => !isAllowed(license ?? "none")).map(([path, { license }]) => `${path}: ${license}`), []);
});
