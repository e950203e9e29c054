/** The element's attributes and the properties that reflect them; what is shown by them, and what is wrong with them. What gives the start is start.ts's. */

import type { EngineRefusal, ErrorCode } from "../../engine/errors.js";
import { NO_WISHES, readNames, type Wishes } from "../../state/control-policy.js";
import type { Theme } from "../../state/store.js";

/** What says what is trained, with the property of each. `dataset-id` is `dataset` under a name that no element owns. */
export const START = {
  "dataset": "datasetId", "layers": "layers", "activation": "activation", "optimizer": "optimizer", "learning-rate": "learningRate", "loss": "loss",
  "batch-size": "batchSize", "goal": "goal", "link": "link",
} as const;
export type StartName = keyof typeof START;

/** What says how it looks and runs. `lang` is a property of every element. */
const LOOKS = { autoplay: "autoplay", theme: "theme", controls: "controls", hide: "hide", lock: "lock" } as const;

/** Every attribute, as HTML spells it. */
export const ATTRIBUTES = [...Object.keys(START), "dataset-id", ...Object.keys(LOOKS), "lang"] as readonly (StartName | "dataset-id" | keyof typeof LOOKS | "lang")[];

/** HTML knows no capitals: Solid and Svelte write properties without them, and React before the script has come. */
const plain = (name: string): string => name.replaceAll("-", "").toLowerCase();
const namesOf = (attribute: string): string[] => [...new Set([attribute, plain(attribute), ...(attribute === "dataset" ? ["dataset-id", "datasetid"] : [])])];
/** Attributes under every name that they may be written by. */
export const WRITTEN = [...new Set(ATTRIBUTES.flatMap(namesOf))];

/** The text of an attribute, by whichever of its names. */
export function textAt(element: Element, attribute: string): string | null {
  return namesOf(attribute).map((name) => element.getAttribute(name)).find((text) => text !== null) ?? null;
}

export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** What has no `=`, in whatever form mail and chats bring it, is a place on a page, and no link of anybody's. */
export function isLink(text: string): boolean {
  return /=|%(25)*3d|\uff1d|%ef%bc%9d|&(#0*61|#x0*3d|equals);/i.test(text);
}

/** Present means on; some frameworks write `false` as text. */
export function isOn(text: string | null): boolean {
  return text !== null && text !== "false";
}

/**
 * A value of whatever type as the text of an attribute; null where there is to be none. Lists become names or numbers with commas between, other objects
 * JSON. Nothing is thrown, since a framework sets properties in the middle of its work: what cannot be read is told as a fault of the attribute.
 */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === false) return null;
  if (value === true) return "";
  try {
    if (typeof value === "object") {
      if (Symbol.iterator in value && !(value instanceof String)) return [...(value as Iterable<unknown>)].map((each) => textOf(each) ?? "").join(",");
      const plain: unknown = value.valueOf();
      return typeof plain === "object" ? JSON.stringify(plain) : textOf(plain);
    }
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Gives a class the properties, each as its attribute says: one truth for markup, scripts and frameworks. */
export function reflect(prototype: HTMLElement): void {
  const define = (property: string, attribute: string, read: (text: string | null) => unknown): void => {
    for (const name of new Set([property, property.toLowerCase()])) {
      Object.defineProperty(prototype, name, {
        configurable: true, enumerable: name === property,
        get(this: HTMLElement) { return read(textAt(this, attribute)); },
        set(this: HTMLElement, value: unknown) { write(this, attribute, value); },
      });
    }
  };
  const number = (text: string | null): unknown => (text === null || text.trim() === "" || !Number.isFinite(Number(text)) ? text : Number(text));
  for (const [attribute, property] of Object.entries({ ...START, ...LOOKS })) {
    define(property, attribute, attribute === "autoplay" ? isOn : attribute === "learning-rate" || attribute === "batch-size" ? number : (text) => text);
  }
  // Every element has a `dataset`, and frameworks set what an element has: reading gives the map, writing the id.
  const { get } = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "dataset")!;
  Object.defineProperty(prototype, "dataset", { configurable: true, enumerable: true, get, set(this: HTMLElement, value: unknown) { write(this, "dataset", value); } });
}

function write(element: HTMLElement, attribute: string, value: unknown): void {
  const text = textOf(attribute === "controls" && typeof value === "boolean" ? (value ? null : "none") : value);
  for (const name of namesOf(attribute)) if (text === null || name !== attribute) element.removeAttribute(name);
  if (text !== null) element.setAttribute(attribute, text);
}

/** Properties that were set while the element was not defined yet hide its own: they are taken off, and set again. */
export function adopt(element: HTMLElement): void {
  const own = element as unknown as Record<string, unknown>;
  for (const property of Object.values({ ...START, ...LOOKS }).flatMap((name) => [name, name.toLowerCase()])) {
    if (!Object.hasOwn(own, property)) continue;
    const value = own[property];
    delete own[property];
    own[property] = value;
  }
}

/** A refusal of an attribute: `field` is its name. */
export function fault(code: ErrorCode, field: string, value: string, message: string): EngineRefusal {
  return { code, field, values: { value: value.slice(0, 80) }, message: `${field}: ${message}` };
}

/** What `controls`, `hide` and `lock` say; names that are none are faults, the others count. */
export function wishesOf(element: Element): { wishes: Wishes; faults: EngineRefusal[] } {
  const faults: EngineRefusal[] = [];
  const read = (field: "controls" | "hide" | "lock"): Wishes["hide"] | null => {
    const text = element.getAttribute(field);
    if (text === null) return null;
    const { names, unknown } = readNames(text);
    if (unknown.length > 0) faults.push(fault("unknown_name", field, unknown.join(", "), `no part or control is called "${unknown.join('", "')}"`));
    return names;
  };
  return { wishes: { only: read("controls"), hide: read("hide") ?? NO_WISHES.hide, lock: read("lock") ?? NO_WISHES.lock }, faults };
}
