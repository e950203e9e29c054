// What editors and JSX know of the element is what it has.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ATTRIBUTES } from "../../www/app/element/attributes";
import { CALLS } from "../../www/app/element/calls";
import type { PlaygroundAttributes } from "../../www/app/element/jsx/attributes";
import { EVENTS } from "../../www/app/element/report";
import { built } from "./support/package";

test("JSX knows every attribute", () => {
  // Checked by the compiler: a name that is missing there is no `never`.
  const missing: [Exclude<(typeof ATTRIBUTES)[number], keyof PlaygroundAttributes>] extends [never] ? true : false = true;
  assert.ok(missing);
});

test("custom-elements.json has every attribute with the property that sets it, every call, every event and every part", () => {
  interface Named { name: string; fieldName?: string; attribute?: string; reflects?: boolean; description?: string }
  interface Element extends Record<"members" | "attributes" | "events" | "cssParts" | "cssProperties" | "cssStates", Named[]> { tagName: string }
  const { modules } = JSON.parse(readFileSync(new URL("custom-elements.json", built), "utf8")) as { modules: { declarations: Element[] }[] };
  const { tagName, members, attributes, events, cssParts, cssProperties, cssStates } = modules[0]!.declarations[0]!;
  const names = (list: Named[]): string[] => list.map(({ name }) => name);
  assert.equal(tagName, "neural-playground");
  assert.deepEqual(ATTRIBUTES.filter((name) => !names(attributes).includes(name)), []);
  for (const { name, fieldName } of attributes) if (name !== "lang") assert.ok(fieldName && names(members).includes(fieldName), name);
  assert.deepEqual(CALLS.filter((name) => !names(members).includes(name)), []);
  assert.deepEqual(names(events).sort(), [...EVENTS].sort());
  assert.ok(cssParts.length > 20 && cssProperties.length > 30 && names(cssProperties).includes("--class-5"));
  const source = readFileSync(new URL("../../www/app/element/element.ts", import.meta.url), "utf8");
  assert.deepEqual(names(cssStates).sort(), [...new Set([...source.matchAll(/\["(\w+)", store\.\w+\]/g)].map(([, state]) => state!))].sort());
  for (const { name, fieldName } of attributes) if (fieldName && name !== "dataset-id") assert.deepEqual(members.filter((each) => each.name === fieldName).map(({ attribute, reflects }) => [attribute, reflects]), [[name, true]]);
  for (const list of [members, attributes, events, cssParts, cssProperties, cssStates]) {
    for (const { name, description } of list) assert.ok(description, name);
    assert.equal(new Set(names(list)).size, list.length, "each once");
  }
});
