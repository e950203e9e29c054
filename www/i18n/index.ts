/** Two dictionaries with the same keys; `Intl` for numbers. */

import en from "./en.json";
import zh from "./zh-CN.json";

export type Language = "en" | "zh-CN";
/** Keys are those of the English dictionary; the Chinese one must have the same (tested). */
export type Key = keyof typeof en;
export type Values = Record<string, string | number>;

export const LANGUAGES: readonly Language[] = ["en", "zh-CN"];
const DICTIONARIES: Record<Language, Record<string, string>> = { en, "zh-CN": zh };

/** The sentence of `key` with `{name}` replaced by `values.name`. */
export function translate(language: Language, key: Key, values: Values = {}): string {
  return fill(language, DICTIONARIES[language][key] ?? key, values);
}

/** As `translate` for keys made of ids that the engine sent (`optimizer.adam`); null where there is no such key. */
export function lookUp(language: Language, key: string, values: Values = {}): string | null {
  const text = DICTIONARIES[language][key];
  return text === undefined ? null : fill(language, text, values);
}

function fill(language: Language, text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? formatNumber(language, value) : value;
  });
}

/** A number with at most `digits` decimals and the language's grouping. */
export function formatNumber(language: Language, value: number, digits = 3): string {
  return number(language, digits, 0).format(value);
}

/** Exactly `digits` decimals: for figures that change in place. */
export function formatFixed(language: Language, value: number, digits: number): string {
  return number(language, digits, digits).format(value);
}

const formats = new Map<string, Intl.NumberFormat>();
function number(language: Language, maximum: number, minimum: number): Intl.NumberFormat {
  const key = `${language} ${maximum} ${minimum}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, { maximumFractionDigits: maximum, minimumFractionDigits: minimum });
    formats.set(key, format);
  }
  return format;
}

/** The visitor's language: the first of the browser's that we speak. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith("zh")) return "zh-CN";
    if (tag.toLowerCase().startsWith("en")) return "en";
  }
  return "en";
}
