/** The page's languages. Dictionaries have the same keys (tested); numbers are `Intl`'s. */

import type { Sources } from "./dictionaries.js";
import type en from "./en.json";
import { Speech, signed, type Values } from "./speech.js";

/** A language's tag, as its file is called: `en`, `zh-CN`. */
export type Language = string;
/** Keys are those of the English dictionary. */
export type Key = keyof typeof en;
export type { Values };

const speech = new Speech({}, "en");

/** Tells where dictionaries are: the page does at its start. What has no words to say, and what tests it, needs none. */
export const knowDictionaries = (sources: Sources, others?: Sources): void => speech.know(sources, others);

export const LANGUAGES: readonly Language[] = speech.languages;

/** Fetches a language's dictionary; it is also fetched when first spoken. */
export const loadLanguage = (language: Language): Promise<void> => speech.load(language);

/** Fetches the words that the first picture does without. */
export const loadOtherWords = (): Promise<void> => speech.loadOthers();

/** Whether a sentence may be there and has yet to be fetched. */
export const isAwaited = (language: Language, key: string): boolean => speech.awaits(language, key);

/** Whether any dictionary has come; read it inside an effect. */
export const canSpeak = (): boolean => speech.ready;

/** The sentence of `key` with `{name}` replaced by `values.name`. */
export function translate(language: Language, key: Key, values: Values = {}): string {
  return speech.lookUp(language, key, values) ?? key;
}

/** As `translate` for keys made of ids that the engine sent (`optimizer.adam`); null where there is no such key. */
export const lookUp = (language: Language, key: string, values: Values = {}): string | null => speech.lookUp(language, key, values);

/** A number with at most `digits` decimals and the language's grouping. */
export const formatNumber = (language: Language, value: number, digits = 3): string => speech.format(language, value, digits, 0);

/** Exactly `digits` decimals: for figures that change in place. */
export const formatFixed = (language: Language, value: number, digits: number): string => speech.format(language, value, digits, digits);

/** A measured figure, the same wherever it stands: three decimals, fewer for large ones, powers of ten for what would read 0.000; a dash where there is none. */
export function formatFigure(language: Language, value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "\u2013";
  const size = Math.abs(value);
  if ((size > 0 && size < 0.0005) || size >= 1e5) return formatPower(value, 1);
  return formatFixed(language, value, size >= 100 ? 1 : 3);
}

/** With a power of ten: "1.2e−4". */
export const formatPower = (value: number, digits?: number): string => signed(value.toExponential(digits).replace("+", ""));

/** A share in per cent, with at most `digits` decimals, or exactly so many. */
export const formatPercent = (language: Language, share: number, digits = 1, least = 0): string => speech.percent(language, share, digits, least);

/** So many digits, and "12K" for twelve thousand. */
export const formatCompact = (language: Language, value: number, digits: number): string =>
  signed(new Intl.NumberFormat(language, { notation: value >= 1e4 ? "compact" : "standard", maximumSignificantDigits: digits }).format(value));

/** The visitor's language: the first of the browser's that we speak. */
export const preferredLanguage = (wanted: readonly string[]): Language => speech.preferred(wanted);

/** What a language calls itself. */
export const nameOf = (language: Language): string => speech.nameOf(language);
