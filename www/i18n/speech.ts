/** Words of any number of languages: fetches dictionaries when they are spoken, fills in placeholders, formats numbers. */

import { batch, signal } from "@preact/signals-core";
import type { Dictionary, Sources } from "./dictionaries.js";

export type Values = Record<string, string | number>;

/** Between Chinese characters and Latin letters, digits or Greek stands a space, wherever a value is filled in. */
const HAN = /\p{Script=Han}/u;
const OTHER = /[\p{Script=Latin}\p{Script=Greek}\p{N}%]/u;

export class Speech {
  /** Tags of all languages, in alphabetical order. */
  readonly languages: string[] = [];
  readonly #fallback: string;
  readonly #sources: Sources = {};
  /** The second part of each dictionary that has one. */
  readonly #others: Sources = {};
  readonly #othersComing = new Map<string, Promise<void>>();
  #othersWanted = false;
  /** Languages whose every word is there. */
  readonly #whole = signal<ReadonlySet<string>>(new Set());
  /** Read inside effects, so that views draw again when a dictionary has come. */
  readonly #loaded = signal<ReadonlyMap<string, Dictionary>>(new Map());
  readonly #coming = new Map<string, Promise<void>>();
  readonly #formats = new Map<string, Intl.NumberFormat>();

  /** `fallback` is spoken to visitors none of whose languages is there. */
  constructor(sources: Sources, fallback: string) {
    this.#fallback = fallback;
    this.know(sources);
  }

  /** Dictionaries that can be had from now on, whole or in two parts. */
  know(sources: Sources, others: Sources = {}): void {
    Object.assign(this.#sources, sources);
    Object.assign(this.#others, others);
    this.languages.splice(0, Infinity, ...Object.keys(this.#sources).sort());
  }

  /** Fetches the dictionary; resolves when its words can be looked up, rejects when it cannot be had. */
  load(language: string): Promise<void> {
    const source = this.#sources[language];
    if (!source) return Promise.reject(new RangeError(`no dictionary for ${language}`));
    let coming = this.#coming.get(language);
    if (!coming) {
      coming = source().then((words) => {
        this.#add(language, words);
        if (this.#othersWanted) void this.#loadOthers(language);
      });
      this.#coming.set(language, coming);
      // The network may be back when it is asked for again.
      coming.catch(() => this.#coming.delete(language));
    }
    return coming;
  }

  /** Fetches the second part of what is spoken, now and of each language that will be; again where it could not be had. */
  async loadOthers(): Promise<void> {
    this.#othersWanted = true;
    await Promise.all([...this.#loaded.peek().keys()].map((language) => this.#loadOthers(language)));
  }

  /** Many words may be missed at once, and each asks: one request is under way. */
  #loadOthers(language: string): Promise<void> {
    const source = this.#others[language];
    if (!source || this.#whole.peek().has(language)) return Promise.resolve();
    let coming = this.#othersComing.get(language);
    if (!coming) {
      coming = source().then((words) => batch(() => {
        this.#whole.value = new Set(this.#whole.peek()).add(language);
        this.#add(language, words);
      }), () => {
        // What is wanted next asks again.
        this.#othersComing.delete(language);
      });
      this.#othersComing.set(language, coming);
    }
    return coming;
  }

  #add(language: string, words: Dictionary): void {
    const loaded = this.#loaded.peek();
    this.#loaded.value = new Map(loaded).set(language, { ...loaded.get(language), ...words });
  }

  /** Whether a sentence may be in the second part of a dictionary, which has yet to come. */
  awaits(language: string, key: string): boolean {
    return this.#words(language)?.[key] === undefined && language in this.#others && !this.#whole.value.has(language);
  }

  /** Whether there is anything to say yet. */
  get ready(): boolean {
    return this.#loaded.value.size > 0;
  }

  /**
   * The sentence of `key` with `{name}` replaced by `values.name`; null where there is no such key. What may stand in the
   * second part is "" until that has come, and is why it is fetched.
   */
  lookUp(language: string, key: string, values: Values = {}): string | null {
    const dictionary = this.#words(language);
    const text = dictionary?.[key];
    if (text === undefined) {
      // Before any word has come, none is missing.
      if (!dictionary || !this.awaits(language, key)) return null;
      void this.loadOthers();
      return "";
    }
    return text.replace(/\{(\w+)\}/g, (whole, name: string, at: number) => {
      const value = values[name];
      if (value === undefined) return whole;
      const said = typeof value === "number" ? this.format(language, value, 3, 0) : value;
      return seam(text[at - 1], said[0]) + said + seam(said.at(-1), text[at + whole.length]);
    });
  }

  /** Between `minimum` and `maximum` decimals, and the language's grouping. */
  format(language: string, value: number, maximum: number, minimum: number): string {
    return signed(this.#format(language, maximum, minimum, "decimal").format(value));
  }

  #format(language: string, maximum: number, minimum: number, style: "decimal" | "percent"): Intl.NumberFormat {
    const key = `${language} ${maximum} ${minimum} ${style}`;
    let format = this.#formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(language, { style, maximumFractionDigits: maximum, minimumFractionDigits: minimum });
      this.#formats.set(key, format);
    }
    return format;
  }

  /** A share in per cent, as the language writes it. */
  percent(language: string, share: number, maximum: number, minimum: number): string {
    return signed(this.#format(language, maximum, minimum, "percent").format(share));
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

/** With a true minus sign, and none before zero. */
export function signed(number: string): string {
  return number.replace(/^-(?=[0.,]*%?$)/, "").replaceAll("-", "\u2212");
}

/** The space that belongs between two characters, if any. */
function seam(left: string | undefined, right: string | undefined): string {
  if (!left || !right) return "";
  return (HAN.test(left) && OTHER.test(right)) || (OTHER.test(left) && HAN.test(right)) ? " " : "";
}

function primary(tag: string): string {
  return tag.toLowerCase().split("-")[0]!;
}
