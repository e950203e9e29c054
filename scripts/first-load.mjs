// What a visitor downloads of dist/ before the first trained picture, and its size after gzip.

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

/** The languages there are, by their dictionaries. */
export const LANGUAGES = readdirSync(new URL("../www/i18n/", import.meta.url)).filter((file) => file.endsWith(".json")).map((file) => basename(file, ".json")).sort();

/** Page, script and wasm, without the digits, in every language. */
export const FIRST_LOAD_BUDGET = 252 * 1024;

/** Files of `dist` by kind: the page with what it imports statically, one language, the worker, the engine. */
export function firstLoad(dist, language = "en") {
  const named = namedIn(join(dist, "assets"));
  const html = join(dist, "index.html");
  const entries = [...readFileSync(html, "utf8").matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, path]) => join(dist, path));
  const script = [html, ...closure(entries), ...closure([named(firstWords(language))])];
  const worker = closure([named(/^worker-.*\.js$/)]);
  const wasm = [named(/^neural_playground_bg-.*\.wasm$/)];
  return { page: [...new Set([...script, ...worker])], wasm };
}

/** Element plus engine, as embedded: script, one language, worker and wasm. */
export const EMBED_BUDGET = 258 * 1024;

/** Files of the package that an embedding page fetches up to the first trained picture. */
export function embedLoad(library, language = "en") {
  const named = namedIn(join(library, "internal"));
  return closure([join(library, "playground.js"), ...[/^figure-.*\.js$/, firstWords(language), /^worker-.*\.js$/, /^neural_playground_bg-.*\.wasm$/].map(named)]);
}

/** The one file of the folder whose name is such. */
const namedIn = (folder) => (pattern) => {
  const found = readdirSync(folder).filter((file) => pattern.test(file));
  if (found.length !== 1) throw new Error(`${found.length} files are ${pattern} in ${folder}`);
  return join(folder, found[0]);
};

const firstWords = (language) => new RegExp(`^${language}-(?!later-)[^.]+\\.js$`);

/** The files themselves and what they import with no condition; `import()` is another load. */
function closure(files) {
  const met = new Set(files);
  for (const file of met) {
    if (!file.endsWith(".js")) continue;
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(/(?:^|[;}\n])(?:import|export)(?:[\w$*{},\s]*from)?\s*["'`](\.\/[^"'`]+)["'`]/g)) met.add(join(file, "..", path));
  }
  return [...met];
}

/** Bytes of the files after gzip. */
export function gzipped(files) {
  return files.reduce((total, file) => total + gzipSync(readFileSync(file), { level: 9 }).length, 0);
}

/** Paths as a server is asked for them. */
export function addresses(files) {
  return files.map((file) => (file.endsWith("index.html") ? "/" : `/assets/${basename(file)}`)).sort();
}
