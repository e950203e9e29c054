// Names of custom elements belong to the whole page, in which others have theirs: all of ours begin alike, and a name that is taken is no error.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { define } from "../../www/ui/define";

const www = fileURLToPath(new URL("../../www/", import.meta.url));
const sources = readdirSync(www, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => ({ name, text: readFileSync(join(www, name), "utf8") }));

test("every element inside a playground has a name that begins with np-", () => {
  const names = sources.flatMap(({ text }) => [...text.matchAll(/\bdefine\("([^"]+)"/g)].map(([, name]) => name!));
  assert.ok(names.length > 40, `${names.length} names found`);
  assert.deepEqual(names.filter((name) => !name.startsWith("np-") && name !== "neural-playground"), []);
  assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), [], "each is defined once");
});

test("elements are defined by define(), which is the one place that speaks to the registry", () => {
  const others = sources.filter(({ name, text }) => name !== join("ui", "define.ts") && text.includes("customElements.define("));
  assert.deepEqual(others.map(({ name }) => name), []);
});

test("a name that another copy has taken stays its own, and the second copy is given the first one's class", () => {
  const registry = new Map<string, CustomElementConstructor>();
  const known = Object.getOwnPropertyDescriptor(globalThis, "customElements");
  Object.defineProperty(globalThis, "customElements", {
    configurable: true,
    value: {
      get: (name: string) => registry.get(name),
      define(name: string, element: CustomElementConstructor) {
        if (registry.has(name)) throw new Error(`the name "${name}" has already been used with this registry`);
        registry.set(name, element);
      },
    },
  });
  try {
    const [first, second] = [class {}, class {}] as unknown as CustomElementConstructor[];
    assert.equal(define("np-one", first!), first);
    assert.equal(define("np-one", second!), first);
  } finally {
    if (known) Object.defineProperty(globalThis, "customElements", known);
    else delete (globalThis as { customElements?: unknown }).customElements;
  }
});
