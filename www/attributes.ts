/** The element's attributes: their names, what is shown by them, and what is wrong with them. What gives the start is start.ts's. */

import type { Refusal } from "./engine/types.js";
import { NO_WISHES, readNames, type Wishes } from "./shown.js";
import type { Theme } from "./store.js";

/** Every attribute, as HTML spells it. */
export const ATTRIBUTES = [
  "dataset", "layers", "activation", "optimizer", "learning-rate", "loss", "batch-size", "goal", "link", "autoplay", "lang", "theme", "controls", "hide", "lock",
] as const;

export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** What has no `=` is a place on a page, and no link of anybody's. */
export function isLink(text: string): boolean {
  return text.includes("=");
}

/** A refusal of an attribute: `field` is its name. */
export function fault(code: string, field: string, value: string, message: string): Refusal {
  return { code, field, values: { value: value.slice(0, 80) }, message: `${field}: ${message}` };
}

/** What `controls`, `hide` and `lock` say; names that are none are faults, the others count. */
export function wishesOf(attributes: { controls: string | null; hide: string | null; lock: string | null }): { wishes: Wishes; faults: Refusal[] } {
  const faults: Refusal[] = [];
  const read = (field: "controls" | "hide" | "lock"): Wishes["hide"] | null => {
    const text = attributes[field];
    if (text === null) return null;
    const { names, unknown } = readNames(text);
    if (unknown.length > 0) faults.push(fault("unknown_name", field, unknown.join(", "), `no part or control is called "${unknown.join('", "')}"`));
    return names;
  };
  return { wishes: { only: read("controls"), hide: read("hide") ?? NO_WISHES.hide, lock: read("lock") ?? NO_WISHES.lock }, faults };
}
