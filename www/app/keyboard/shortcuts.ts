/** Keys that work wherever they have no meaning of their own: one table, read by the page and by the sheet that lists it. */

import { stopAfter } from "../../state/speed.js";
import type { Store } from "../../state/store.js";

export interface Shortcut {
  /** The dictionary's `shortcut.ID`. */
  id: string;
  /** As they are shown, alternatives apart; keys after one another are joined by a space: "g d". */
  keys: string[];
  /** With Control or Command: works even where single keys are turned off. */
  command?: boolean;
  act(store: Store, page: Page): void;
}

/** What shortcuts reach on the page. */
export interface Page {
  /** Puts the focus on a part, or on its first control, and brings it into view. */
  go(selector: string): void;
  openSheet(): void;
  /** Presses the button of that test id, if it is there and can be pressed. */
  press(testId: string): void;
}

const go = (selector: string) => (_: Store, page: Page): void => page.go(selector);
const press = (testId: string) => (_: Store, page: Page): void => page.press(testId);
const speed = (presses: number) => ({ actions, speed, control }: Store): void => {
  if (control.value("speed") === "shown") actions.setSpeed(stopAfter(speed.value, presses));
};

export const SHORTCUTS: readonly Shortcut[] = [
  { id: "play", keys: ["Space"], act: press("play") },
  { id: "step", keys: [".", "→"], act: press("step") },
  { id: "epoch", keys: ["e"], act: press("epoch") },
  { id: "reset", keys: ["r"], act: press("reset") },
  { id: "new_seed", keys: ["n"], act: press("new-seed") },
  { id: "slower", keys: ["["], act: speed(-1) },
  { id: "faster", keys: ["]"], act: speed(1) },
  { id: "undo", keys: ["Ctrl+Z"], command: true, act: press("undo") },
  { id: "redo", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], command: true, act: press("redo") },
  { id: "go_data", keys: ["g d", "/"], act: go("np-data-panel") },
  { id: "go_network", keys: ["g n"], act: go("np-network-view") },
  { id: "go_training", keys: ["g t"], act: go("np-training-panel") },
  { id: "go_layer", keys: ["g l"], act: go("np-layer-panel") },
  { id: "go_output", keys: ["g o"], act: go("np-output-picture") },
  { id: "go_curves", keys: ["g c"], act: go("np-curves-view") },
  ...Array.from({ length: 9 }, (_, at): Shortcut => ({ id: "tab", keys: [`${at + 1}`], act: go(`[role=tab]:nth-child(${at + 1})`) })),
  { id: "share", keys: ["s"], act: press("share") },
  { id: "sheet", keys: ["?"], act: ({ control }, page) => { if (control.value("shortcuts") === "shown") page.openSheet(); } },
];

/** After the first key of two, the second is waited for so long, in milliseconds. */
const SEQUENCE_MS = 1500;
/** Where these keys are typing, or choose something. */
const TYPING = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false]), dialog, [role=dialog]";
/** Where Space and the arrows already do something. */
const OWN_KEYS: Record<string, string> = {
  Space: "button, input, summary, a, [role=slider], [role=button], [role=tab]",
  "→": "input, [role=slider], [role=tab], [role=radio], [role=application], [role=grid], np-network-view, canvas[tabindex]",
};
/** What scrolls under the focus: the arrows and Space are its own. */
const SCROLLING: Record<string, (element: Element) => boolean> = {
  Space: (element) => element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(element).overflowY),
  "→": (element) => element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(element).overflowX),
};
/** Signs as a Chinese or Japanese keyboard writes them, and what is printed on the key. */
const SIGNS: Record<string, string> = { "。": ".", "．": ".", "、": "/", "／": "/", "？": "?", "【": "[", "「": "[", "［": "[", "】": "]", "」": "]", "］": "]", "　": " " };

export class Keys {
  #first = "";
  #firstAt = -Infinity;

  /** The shortcut that a key press completes, if there is any. `single`: keys without Control work. */
  match(event: KeyboardEvent, single: boolean): Shortcut | null {
    const { defaultPrevented, isComposing, repeat } = event;
    const path = event.composedPath().filter((each): each is Element => each instanceof Element && each !== document.documentElement && each !== document.body);
    // While an input method is at work, a key is its own.
    if (defaultPrevented || isComposing || event.key === "Process" || path.some((each) => each.matches(TYPING))) return null;
    const name = nameOf(event);
    const [own, scrolls] = [OWN_KEYS[name], SCROLLING[name]];
    if (own && path.some((each) => each.matches(own))) return null;
    if (scrolls && path.some(scrolls)) return null;
    const sequence = event.timeStamp - this.#firstAt < SEQUENCE_MS ? `${this.#first} ${name}` : name;
    this.#first = "";
    const found = SHORTCUTS.find(({ keys }) => keys.includes(sequence)) ?? SHORTCUTS.find(({ keys }) => keys.includes(name));
    if (found) return (found.command || name === "Space" || single) && !(repeat && !["step", "slower", "faster", "undo", "redo"].includes(found.id)) ? found : null;
    if (single && SHORTCUTS.some(({ keys }) => keys.some((each) => each.startsWith(`${name} `)))) {
      this.#first = name;
      this.#firstAt = event.timeStamp;
    }
    return null;
  }
}

/**
 * A key as the table calls it: by what it writes, which is what is printed on it. Command on a Mac is Control elsewhere. Where it writes
 * no Latin letter (a Russian keyboard, a Greek one), the letter that is printed beside it counts: its place tells.
 */
function nameOf(event: KeyboardEvent): string {
  const { code, ctrlKey, metaKey, altKey, shiftKey } = event;
  const key = SIGNS[event.key] ?? event.key;
  const foreign = key.length === 1 && /\p{L}/u.test(key) && !/\p{Script=Latin}/u.test(key);
  const plain = key === " " ? "Space" : key === "ArrowRight" ? "→" : foreign ? (/^Key([A-Z])$/.exec(code ?? "")?.[1]?.toLowerCase() ?? "") : key.length === 1 ? key : "";
  const isLetter = /^\p{L}$/u.test(plain);
  // Many keyboards write signs with AltGr, which is Control and Alt on some, or with Option.
  if (altKey || event.getModifierState("AltGraph")) return key.length === 1 && !metaKey && !isLetter && !/[\d\s]/.test(key) ? key : "";
  if (ctrlKey || metaKey) return `Ctrl+${shiftKey ? "Shift+" : ""}${plain.toUpperCase()}`;
  // Capitals are for screen readers' own commands, but Caps Lock makes none; "?" needs Shift on most keyboards.
  return isLetter ? (shiftKey ? "" : plain.toLowerCase()) : plain;
}
