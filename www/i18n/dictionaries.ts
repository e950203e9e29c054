/** The dictionaries that there are: every JSON file beside this one, by its language. A new language is a new file. */

export type Dictionary = Record<string, string>;

/** Each file is a chunk of its own, fetched when its language is first spoken. */
export const dictionaries: Record<string, () => Promise<Dictionary>> = byLanguage(import.meta.glob<Dictionary>("./*.json", { import: "default" }));

function byLanguage(files: Record<string, () => Promise<Dictionary>>): Record<string, () => Promise<Dictionary>> {
  return Object.fromEntries(Object.entries(files).map(([path, load]) => [path.slice("./".length, -".json".length), load]));
}
