/** The dictionaries that there are: every JSON file beside this one, by its language. A new language is a new file. */

export type Dictionary = Record<string, string>;
export type Sources = Record<string, () => Promise<Dictionary>>;

/** The words of the first picture: each language's are a chunk of their own, fetched when it is first spoken. */
export const dictionaries: Sources = byLanguage(import.meta.glob<Dictionary>("./*.json", { import: "default", query: "?first" }));
/** All others. */
export const otherWords: Sources = byLanguage(import.meta.glob<Dictionary>("./*.json", { import: "default", query: "?later" }));

function byLanguage(files: Sources): Sources {
  return Object.fromEntries(Object.entries(files).map(([path, load]) => [/([\w-]+)\.json/.exec(path)![1]!, load]));
}
