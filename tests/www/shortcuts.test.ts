// Shortcuts are found by what is printed on the visitor's own keyboard, and leave every key to whatever it already moves.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Keys, SHORTCUTS } from "../../www/app/keyboard/shortcuts.js";
import { chosenBy } from "../../www/ui/roving.js";

/** As much of an element as a key looks at. */
class Element {
  scrollWidth = 100;
  clientWidth = 100;
  scrollHeight = 100;
  clientHeight = 100;
  constructor(readonly selector = "", readonly overflow = "visible", readonly direction = "ltr") {}
  matches(selectors: string): boolean {
    return this.selector !== "" && selectors.split(/,\s*/).some((each) => each.startsWith(this.selector));
  }
}

before(() => {
  Object.assign(globalThis, { Element, document: { documentElement: new Element("html"), body: new Element("body") },
    getComputedStyle: ({ overflow, direction }: Element) => ({ overflowX: overflow, overflowY: overflow, direction }) });
});

interface Press { code?: string; shift?: boolean; ctrl?: boolean; meta?: boolean; alt?: boolean; altGraph?: boolean; composing?: boolean; on?: Element[] }
const event = (key: string, { code = "", shift = false, ctrl = false, meta = false, alt = false, altGraph = false, composing = false, on = [] }: Press = {}): KeyboardEvent & { prevented: boolean } => {
  const made = { key, code, shiftKey: shift, ctrlKey: ctrl, metaKey: meta, altKey: alt, isComposing: composing, repeat: false, defaultPrevented: false, timeStamp: 0, prevented: false,
    getModifierState: () => altGraph, composedPath: () => on, currentTarget: on[0], preventDefault() { this.prevented = true; } };
  return made as never;
};
const found = (key: string, press: Press = {}): string | null => new Keys().match(event(key, press), true)?.id ?? null;

test("what_is_printed_on_the_key_counts", () => {
  for (const [key, press, id] of [
    ["e", {}, "epoch"], ["E", {}, "epoch"], ["E", { shift: true }, null],
    // Where the letter stands elsewhere: Dvorak, AZERTY.
    ["e", { code: "KeyD" }, "epoch"], ["r", { code: "KeyO" }, "reset"], ["z", { ctrl: true, code: "KeyW" }, "undo"],
    // Where it writes another script: Russian, Greek, Hebrew.
    ["у", { code: "KeyE" }, "epoch"], ["к", { code: "KeyR" }, "reset"], ["я", { ctrl: true, code: "KeyZ" }, "undo"], ["ε", { code: "KeyE" }, "epoch"], ["ק", { code: "KeyE" }, "epoch"], ["У", { code: "KeyE", shift: true }, null],
    // Signs behind AltGr or Option: German, Spanish, a Mac's.
    ["[", { alt: true, ctrl: true, altGraph: true }, "slower"], ["]", { alt: true, ctrl: true }, "faster"], ["[", { alt: true }, "slower"], ["/", { shift: true }, "go_data"], ["?", { shift: true }, "sheet"],
    // An input method's own signs.
    ["。", {}, "step"], ["【", {}, "slower"], ["】", {}, "faster"], ["？", { shift: true }, "sheet"], ["、", {}, "go_data"],
    // Not ours: menus, words under way, the browser's own.
    ["e", { alt: true }, null], ["ArrowRight", { alt: true }, null], [" ", { alt: true }, null], ["e", { composing: true }, null], ["Process", { code: "KeyE" }, null], ["1", { alt: true }, null], ["/", { meta: true, alt: true }, null],
    ["e", { ctrl: true }, null], ["r", { meta: true }, null], ["Dead", {}, null], ["Z", { ctrl: true, shift: true }, "redo"], ["1", {}, "tab"], ["1", { shift: true, code: "Digit1" }, "tab"],
  ] as [string, Press, string | null][]) assert.equal(found(key, press), id, `${key} ${JSON.stringify(press)}`);
});

test("two_keys_after_another_work_without_a_focus", () => {
  const keys = new Keys();
  assert.equal(keys.match(event("g"), true), null);
  assert.equal(keys.match(event("d"), true)?.id, "go_data");
});

test("arrows_and_space_scroll_what_scrolls_under_the_focus", () => {
  const table = Object.assign(new Element("", "auto"), { scrollWidth: 400, scrollHeight: 400 });
  assert.equal(found("ArrowRight", { on: [table] }), null);
  assert.equal(found(" ", { on: [table] }), null);
  const still = new Element("", "auto");
  assert.equal(found("ArrowRight", { on: [still] }), "step");
  assert.equal(found(" ", { on: [still] }), "play");
  const cut = Object.assign(new Element("", "hidden"), { scrollWidth: 400, scrollHeight: 400 });
  assert.equal(found("ArrowRight", { on: [cut] }), "step", "what is cut off does not scroll");
  for (const own of ["input", "[role=tab]", "[role=radio]", "[role=slider]"]) assert.equal(found("ArrowRight", { on: [new Element(own)] }), null, own);
});

test("every_shortcut_of_a_single_key_can_be_turned_off", () => {
  for (const { id, keys, command } of SHORTCUTS) {
    for (const key of keys) {
      if (command || key === "Space" || key.includes(" ")) continue;
      assert.equal(new Keys().match(event(key === "→" ? "ArrowRight" : key), false), null, id);
    }
  }
});

test("tabs_and_radios_know_arrows_home_and_end", () => {
  const all = ["a", "b", "c"];
  const at = (key: string, now: string, direction = "ltr"): string | null => chosenBy(event(key, { on: [new Element("", "visible", direction)] }), all, now);
  assert.deepEqual([at("ArrowRight", "a"), at("ArrowRight", "c"), at("ArrowLeft", "a"), at("ArrowDown", "b"), at("ArrowUp", "b")], ["b", "a", "c", "c", "a"]);
  assert.deepEqual([at("Home", "c"), at("End", "a"), at("Enter", "a"), at("x", "a")], ["a", "c", null, null]);
  assert.deepEqual([at("ArrowRight", "b", "rtl"), at("ArrowLeft", "b", "rtl")], ["a", "c"]);
  assert.equal(chosenBy(event("ArrowRight", { ctrl: true, on: [new Element()] }), all, "a"), null);
  const pressed = event("End", { on: [new Element()] });
  chosenBy(pressed, all, "a");
  assert.ok(pressed.prevented, "the page does not scroll");
});
