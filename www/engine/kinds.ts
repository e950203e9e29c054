// What an argument of a call may be. Each kind reads its value once, into a plain copy of the engine's own: what the caller's
// objects do when they are read (getters, proxies, what they turn into later) ends here.

import { EngineError, engineError } from "./errors";

/** Reads an argument, or throws an `EngineError` whose field is its name. */
export type Kind<T> = (value: unknown, field: string) => T;
export type Of<K> = K extends Kind<infer T> ? T : never;

/** Deepest nesting, most values and most characters of a config: far beyond any that there is. */
const DEPTH = 64;
const VALUES = 20_000;
const CHARACTERS = 1_000_000;
/** A field's path is told up to here. */
const SHOWN = 200;

/** What a value is, in a sentence. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "no finite number";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "object") return typeof value === "bigint" ? "a BigInt" : `a ${typeof value}`;
  return isList(value) ? "a list" : "an object";
}

export function malformed(field: string, expected: string, value: unknown): EngineError {
  const message = `expected ${expected}, found ${described(value)}`;
  const path = field.slice(0, SHOWN);
  return engineError("malformed", path, `${path}: ${message}`, { message });
}

/** A list of numbers or of anything: an array, or a typed array of plain numbers. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof BigInt64Array || value instanceof BigUint64Array));
}

export const text: Kind<string> = (value, field) => {
  if (typeof value !== "string") throw malformed(field, "text", value);
  if (value.length > CHARACTERS) throw malformed(field, "a shorter text", value);
  return value;
};

export const flag: Kind<boolean> = (value, field) => {
  if (typeof value !== "boolean") throw malformed(field, "true or false", value);
  return value;
};

export const number: Kind<number> = (value, field) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw malformed(field, "a number", value);
  return value;
};

/** A count or a place. Limits are the engine's; what it could not even be told is refused here. */
export const whole: Kind<number> = (value, field) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(field, "a whole number from 0", value);
  return value as number;
};

/** The same for what the module takes as 32 bits. */
export const index: Kind<number> = (value, field) => {
  if (whole(value, field) > 0xffffffff) throw malformed(field, "a smaller number", value);
  return value as number;
};

/** A copy: the caller's may change, or be given away. */
export const bytes: Kind<Uint8Array> = (value, field) => {
  if (!(value instanceof Uint8Array)) throw malformed(field, "a Uint8Array", value);
  return value.slice();
};

export const url: Kind<string | URL> = (value, field) => {
  if (!(value instanceof URL)) return text(value, field);
  return value;
};

export const listener: Kind<(event: never) => void> = (value, field) => {
  if (typeof value !== "function") throw malformed(field, "a function", value);
  return value as (event: never) => void;
};

export const signal: Kind<AbortSignal> = (value, field) => {
  if (!(value instanceof AbortSignal)) throw malformed(field, "an AbortSignal", value);
  return value;
};

/** May be left out. */
export function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return (value, field) => (value === undefined ? undefined : kind(value, field));
}

export function orNull<T>(kind: Kind<T>): Kind<T | null> {
  return (value, field) => (value === null ? null : kind(value, field));
}

/** A Date, a Map and their like are something else than what of them can be listed. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** An object with these properties, and none other unless it is `open`. */
export function record<Fields extends Record<string, Kind<unknown>>>(fields: Fields, open = false): Kind<{ [Name in keyof Fields]: Of<Fields[Name]> }> {
  return (value, field) => {
    if (!isPlain(value)) throw malformed(field, "an object", value);
    const given = value;
    const unknown = open ? undefined : Object.keys(given).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) {
      const path = unknown.slice(0, SHOWN);
      throw engineError("unknown_field", path, `${path}: unknown field`);
    }
    const entries = Object.entries(fields).map(([name, kind]) => [name, kind(given[name], name)] as const);
    return Object.fromEntries(entries.filter(([, found]) => found !== undefined)) as never;
  };
}

/** What JSON can say, as a copy: a config, from whomever it is. What JSON would leave out in silence is refused by its path. */
export const plain: Kind<unknown> = (value, field) => {
  let [values, characters] = [VALUES, CHARACTERS];
  const copy = (value: unknown, path: string, depth: number): unknown => {
    if (--values < 0) throw malformed(field, "fewer values", value);
    if (typeof value === "string" && (characters -= value.length) < 0) throw malformed(path, "less text", value);
    if (value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value;
    if (typeof value !== "object") throw malformed(path, "a value that JSON has", value);
    if (depth === 0) throw malformed(path, "less nesting", value);
    if (isList(value)) {
      if (value.length > values) throw malformed(path, "a shorter list", value);
      return Array.from({ length: value.length }, (_, at) => copy(value[at], `${path}[${at}]`, depth - 1));
    }
    if (!isPlain(value)) throw malformed(path, "a plain object", value);
    const entries: [string, unknown][] = [];
    for (const name of Object.keys(value)) {
      const member = value[name];
      characters -= name.length;
      // The config's own name is no part of its fields' paths; the same in src/config/read.rs.
      if (member !== undefined) entries.push([name, copy(member, (path === "config" || path === "patch" ? name : `${path}.${name}`).slice(0, SHOWN), depth - 1)]);
    }
    return Object.fromEntries(entries);
  };
  return copy(value, field, DEPTH);
};
