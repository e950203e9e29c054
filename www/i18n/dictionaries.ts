/** The dictionaries that there are: every JSON file beside this one, by its language. A new language is a new file. */

import { lazy } from "../ui/lazy.js";

export type Dictionary = Record<string, string>;
export type Sources = Record<string, () => Promise<Dictionary>>;

/** The words of the first picture: each language's are a chunk of their own, fetched when it is first spoken. */
export const dictionaries: Sources = byLanguage(import.meta.glob<Dictionary>("./*.json", { import: "default", query: "?first" }));
/** All others. */
export const otherWords: Sources = byLanguage(import.meta.glob<Dictionary>("./*.json", { import: "default", query: "?later" }), true);

/** `patient`: what failed is waited for until somebody asks again; without the first words there is nobody who could. */
function byLanguage(files: Sources, patient = false): Sources {
  return Object.fromEntries(Object.entries(files).map(([path, load]) => {
    const words = lazy(load);
    return [/([\w-]+)\.json/.exec(path)![1]!, () => (patient ? words.eventually() : words.get())];
  }));
}
