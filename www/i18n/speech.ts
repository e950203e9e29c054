/** Words of any number of languages: fetches dictionaries when they are spoken, fills in placeholders, formats numbers. */

import { signal } from "@preact/signals-core";
import type { Dictionary } from "./dictionaries.js";

export type Values = Record<string, string | number>;

export class Speech {
  /** Tags of all languages, in alphabetical order. */
  readonly languages: string[] = [];
  readonly #fallback: string;
  readonly #sources: Record<string, () => Promise<Dictionary>> = {};
  /** Read inside effects, so that views draw again when a dictionary has come. */
  readonly #loaded = signal<ReadonlyMap<string, Dictionary>>(new Map());
  readonly #coming = new Map<string, Promise<void>>();
  readonly #formats = new Map<string, Intl.NumberFormat>();

  /** `fallback` is spoken to visitors none of whose languages is there. */
  constructor(sources: Record<string, () => Promise<Dictionary>>, fallback: string) {
    this.#fallback = fallback;
    this.know(sources);
  }

  /** Dictionaries that can be had from now on. */
  know(sources: Record<string, () => Promise<Dictionary>>): void {
    Object.assign(this.#sources, sources);
    this.languages.splice(0, Infinity, ...Object.keys(this.#sources).sort());
  }

  /** Fetches the dictionary; resolves when its words can be looked up, rejects when it cannot be had. */
  load(language: string): Promise<void> {
    const source = this.#sources[language];
    if (!source) return Promise.reject(new RangeError(`no dictionary for ${language}`));
    let coming = this.#coming.get(language);
    if (!coming) {
      coming = source().then((words) => {
        this.#loaded.value = new Map(this.#loaded.peek()).set(language, words);
      });
      this.#coming.set(language, coming);
      // The network may be back when it is asked for again.
      coming.catch(() => this.#coming.delete(language));
    }
    return coming;
  }

  /** Whether there is anything to say yet. */
  get ready(): boolean {
    return this.#loaded.value.size > 0;
  }

  /** The sentence of `key` with `{name}` replaced by `values.name`; null where there is no such key. */
  lookUp(language: string, key: string, values: Values = {}): string | null {
    const text = this.#words(language)?.[key];
    if (text === undefined) return null;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? this.format(language, value, 3, 0) : value;
    });
  }

  /** Between `minimum` and `maximum` decimals, and the language's grouping. */
  format(language: string, value: number, maximum: number, minimum: number): string {
    const key = `${language} ${maximum} ${minimum}`;
    let format = this.#formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(language, { maximumFractionDigits: maximum, minimumFractionDigits: minimum });
      this.#formats.set(key, format);
    }
    return format.format(value);
  }

  /** The first of the wanted languages that is there: exactly, else in another country's form. */
  preferred(wanted: readonly string[]): string {
    for (const tag of wanted.map((each) => each.toLowerCase())) {
      const found = this.languages.find((each) => each.toLowerCase() === tag) ?? this.languages.find((each) => primary(each) === primary(tag));
      if (found) return found;
    }
    return this.#fallback;
  }

  /** What a language calls itself: English, 中文. */
  nameOf(language: string): string {
    const alone = this.languages.filter((each) => primary(each) === primary(language)).length === 1;
    return new Intl.DisplayNames(language, { type: "language" }).of(alone ? primary(language) : language) ?? language;
  }

  /** While a dictionary is on its way the words of another are better than none. */
  #words(language: string): Dictionary | undefined {
    const loaded = this.#loaded.value;
    const words = loaded.get(language);
    if (words) return words;
    if (language in this.#sources) void this.load(language).catch(() => {});
    return [...loaded.values()].at(-1);
  }
}

function primary(tag: string): string {
  return tag.toLowerCase().split("-")[0]!;
}
