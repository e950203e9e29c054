// docs/api.md: its examples run, its config is the engine's own, and it names every call.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { apiWithConfig } from "../../scripts/write-api-config.mjs";
import { CALLS } from "../../www/app/element/calls";
import { examples } from "./support/examples";
import { built } from "./support/package";

const text = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "api-examples-"));
after(() => rmSync(folder, { recursive: true }));

for (const [index, { title, code }] of examples.entries()) {
  if (!examples[index]!.runsIn.includes("node")) continue;
  test(`docs/api.md, in node: ${title}`, async () => {
    const file = join(folder, `${index}.mjs`);
    writeFileSync(file, code.replaceAll('from "neural-playground"', `from ${JSON.stringify(built.href)}`));
    await import(pathToFileURL(file).href);
  });
}

test("the documentation has examples", () => {
  assert.ok(examples.length >= 10);
});

test("config, fields and ids in the documentation are the engine's (make docs writes them)", async () => {
  assert.equal(text, await apiWithConfig());
});

test("every field of the catalog is explained", () => {
  const silent = [...text.matchAll(/^\| `([\w.[\]]+)` \| .* \| (?:live|replan|reset) \|  ?\|$/gm)].map(([, path]) => path);
  assert.deepEqual(silent, []);
});

test("every code of an error is explained, and the calls of the element are named as they are", () => {
  const [, body] = /export type ErrorCode =([^;]+);/.exec(readFileSync(new URL("../../www/engine/errors.ts", import.meta.url), "utf8"))!;
  const quoted = (part: string): string[] => [...part.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
  const section = (title: string): string => text.split(/^## /m).find((each) => each.startsWith(`${title}\n`))!;
  const rows = section("Errors").split("\n").filter((line) => line.startsWith("| `")).map((line) => line.split(" | ")[0]!);
  assert.deepEqual(rows.flatMap(quoted).sort(), [...body!.matchAll(/"(\w+)"/g)].map(([, code]) => code).sort());
  const [, calls] = /Its methods are those of `Engine`([\s\S]*?); `info`/.exec(section("The element"))!;
  assert.deepEqual(quoted(calls!).sort(), [...CALLS].sort());
});

test("every call of Engine is documented", async () => {
  const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");
  const calls = Object.getOwnPropertyNames(Engine.prototype).filter((name) => !["constructor", "crashForTest", "loseDeviceForTest"].includes(name));
  assert.deepEqual(calls.filter((name) => !new RegExp(`\\b${name}\\b`).test(text)), []);
});
