// Links and pictures of the documentation lead somewhere; the READMEs of both languages lead to each other and have the same parts.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const pages = ["", "docs", "docs/embedding", "benches", "tests/platforms"].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".md")).map((name) => join(folder, name)));

/** The targets of links and pictures, without fenced code. */
const targets = (text: string): string[] => [...text.replace(/^(`{3,})[\s\S]*?^\1$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

test("every relative link and picture leads to a file", () => {
  assert.ok(pages.length > 10, pages.join(" "));
  for (const page of pages) {
    for (const target of targets(read(page))) {
      if (/^(https?:|#)/.test(target)) continue;
      assert.ok(existsSync(join(root, dirname(page), target.replace(/#.*/, ""))), `${page}: ${target}`);
    }
  }
});

test("each README leads to the other at its top, has the same parts, and pictures of its own language", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map(read) as [string, string];
  const top = (text: string): string => text.split("\n").slice(0, 4).join("\n");
  assert.ok(top(english).includes("(README.zh-CN.md)") && top(chinese).includes("(README.md)"));
  const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length;
  for (const part of [/^## /gm, /^- \*\*/gm, /^```/gm, /!\[/g]) assert.equal(count(english, part), count(chinese, part), String(part));
  const pictures = (text: string): string[] => targets(text).filter((target) => target.endsWith(".png"));
  assert.deepEqual(pictures(chinese), pictures(english).map((path) => path.replace(".png", "-zh.png")));
});
