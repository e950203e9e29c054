// docs/embed.md names everything that it should, and nothing that is not there.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { ATTRIBUTES, START } from "../../www/app/element/attributes";
import { FRAME_CALLS, readCall } from "../../www/app/element/frame-messages";
import { EVENTS } from "../../www/app/element/report";
import { CONTROLS, PARTS, partsOf, readNames, stateOf, NO_WISHES, type FromLink, type Wishes } from "../../www/state/control-policy";

const root = new URL("../../", import.meta.url);
const doc = readFileSync(new URL("docs/embed.md", root), "utf8");
/** The words in backticks of a section. */
const section = (title: string): string => doc.split(/^#+ /m).find((each) => each.startsWith(`${title}\n`)) ?? "";
const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word!);

test("every attribute, control, part, call and event is documented", () => {
  const attributes = section("Attributes");
  for (const name of ATTRIBUTES) assert.ok(quoted(attributes).includes(name), name);
  const controls = quoted(section("Parts and controls"));
  for (const name of [...CONTROLS, ...PARTS]) assert.ok(controls.includes(name), name);
  const unknown = controls.filter((word) => /^[a-z-]+$/.test(word) && !["controls", "hide", "lock", "none", ...CONTROLS, ...PARTS].includes(word as never));
  assert.deepEqual(unknown, []);
  const methods = section("Methods");
  for (const name of FRAME_CALLS.filter((each) => each !== "setAttribute")) assert.ok(methods.includes(`\`${name}(`), name);
  for (const name of EVENTS) assert.ok(quoted(section("Events")).includes(name), name);
  for (const property of [...Object.values(START), "autoplay", "controls", "hide", "lock", "theme", "lang"]) assert.ok(quoted(attributes).some((word) => word.startsWith(property)), property);
});

test("the custom properties and part names are those of the source", () => {
  const looks = section("Looks");
  const tokens = readFileSync(new URL("www/style/tokens.css", root), "utf8");
  for (const name of quoted(looks).filter((word) => word.startsWith("--"))) assert.ok(tokens.includes(`${name}:`), name);
  const source = readdirSync(new URL("www", root), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).map((file) => readFileSync(new URL(`www/${file}`, root), "utf8")).join("\n");
  const used = new Set([...source.matchAll(/ part(?:="([\w ]+)"|: "([\w ]+)",)/g)].flatMap(([, one, other]) => (one ?? other)!.split(" ")));
  const tables = looks.slice(looks.indexOf("| part |"));
  const named = new Set(quoted(tables.slice(0, tables.indexOf("```"))));
  assert.deepEqual([...used].sort(), [...named].filter((word) => /^[a-z]+$/.test(word)).sort());
});

const LINK: FromLink = { parts: new Set(PARTS), hidden: new Set(["seed", "noise"]), locked: new Set(["loss"]) };
const wishes = (only: string | null, hide = "", lock = ""): Wishes => ({ only: only === null ? null : readNames(only).names, hide: readNames(hide).names, lock: readNames(lock).names });

test("attributes and a link together say what is shown", () => {
  const state = (id: (typeof CONTROLS)[number], said: Wishes) => stateOf(id, said, LINK);
  assert.deepEqual([state("seed", NO_WISHES), state("loss", NO_WISHES), state("play", NO_WISHES)], ["hidden", "locked", "shown"]);
  assert.equal(state("seed", wishes("seed")), "shown", "what is named is shown, whatever the link hides");
  assert.equal(state("noise", wishes("data")), "hidden", "a part brings what the link leaves of it");
  assert.deepEqual([state("play", wishes("loss")), state("step", wishes("loss")), state("step", wishes("training"))], ["shown", "hidden", "shown"]);
  assert.deepEqual([state("play", wishes("loss", "play")), state("features", wishes(null, "data")), state("features", wishes(null, "", "data"))], ["hidden", "hidden", "locked"]);
  const parts = (said: Wishes) => [...partsOf(said, LINK)];
  assert.deepEqual(parts(NO_WISHES), [...PARTS]);
  assert.deepEqual(parts(wishes("none")), []);
  assert.deepEqual(parts(wishes("tabs data")), ["data", "tabs"]);
  assert.deepEqual(parts(wishes("activation, optimizer")), ["training"]);
  assert.deepEqual(parts(wishes(null, "header, tabs")), ["data", "training", "layer"]);
  assert.deepEqual(parts(wishes("noise", "noise")), [], "a part goes with the last of its controls");
  assert.deepEqual(readNames("play  nonsense,none,tabs").unknown, ["nonsense"]);
});

test("a message is a call or an error that names its field", () => {
  assert.deepEqual(readCall({ type: "np-call", v: 1, id: 3, call: "step", args: [2] }), { id: 3, call: "step", args: [2] });
  assert.deepEqual(readCall({ type: "np-call", v: 1, call: "pause" }), { id: null, call: "pause", args: [] });
  for (const data of [undefined, null, 0, "", [], {}, { type: 1 }, { type: "np-call" }, { type: "np-call", v: 1, call: "__proto__" }, { type: "np-call", v: 1, call: "toString", id: "x" }]) {
    const answer = readCall(data);
    assert.ok("wrong" in answer && answer.wrong.field && answer.wrong.message.includes("expected"), JSON.stringify(data));
  }
});
