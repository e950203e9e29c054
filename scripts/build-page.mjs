// Writes the static site to dist/ and the package to dist/v1/, and prints their sizes.

import { readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { minifySync } from "rolldown/utils";
import { build } from "vite";

import { EMBED_BUDGET, FIRST_LOAD_BUDGET, LANGUAGES, embedLoad, firstLoad, gzipped } from "./first-load.mjs";
import { writeServiceWorker } from "./offline.mjs";
import { writePackage } from "./write-package.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const library = join(dist, "v1");

await build({ root, logLevel: "warn" });
minifyGlue(join(dist, "assets"));
const { files: keptOffline } = await writeServiceWorker(dist);
// The package names its worker by the hash of what it is.
await build({ root, mode: "worker", logLevel: "warn" });
await build({ root, mode: "package", logLevel: "warn" });
const version = await writePackage(library);
// What npm packs is what the site serves: one folder under three names. That of the exact version never changes what it holds.
for (const name of ["package", version]) symlinkSync("v1", join(dist, name));
printBudgets();

/** The GPU module's JavaScript is found by its address, so the bundler leaves it as wasm-bindgen writes it. */
function minifyGlue(folder) {
  for (const name of readdirSync(folder).filter((each) => /neural_playground_gpu[^/]*\.js$/.test(each))) {
    const file = join(folder, name);
    writeFileSync(file, minifySync(file, readFileSync(file, "utf8")).code);
  }
}

/** Sizes after gzip: what a visitor downloads before the first trained picture. */
function printBudgets() {
  const { page, wasm } = firstLoad(dist);
  const whole = (language) => gzipped(Object.values(firstLoad(dist, language)).flat());
  const lines = [
    ["page, scripts and styles", gzipped(page)],
    ["engine (wasm)", gzipped(wasm)],
    ...LANGUAGES.map((language) => [`first load, ${language}`, whole(language)]),
    ["budget of the first load", FIRST_LOAD_BUDGET],
    ["element plus engine", gzipped(embedLoad(library))],
    ["budget of an embed", EMBED_BUDGET],
  ];
  console.log("\nSizes after gzip, up to the first trained picture (the digits and what is loaded when it is first used are extra):");
  for (const [name, bytes] of lines) console.log(`  ${name.padEnd(26)} ${(bytes / 1024).toFixed(1).padStart(8)} KiB`);
  const raw = wasm.reduce((total, file) => total + statSync(file).size, 0);
  console.log(`  ${"engine (wasm), raw".padEnd(26)} ${(raw / 1024).toFixed(1).padStart(8)} KiB`);
  const kept = gzipped(["index.html", "sw.js", ...keptOffline].map((path) => join(dist, path)));
  console.log(`  ${"kept for offline use".padEnd(26)} ${(kept / 1024).toFixed(1).padStart(8)} KiB`);
  const digits = statSync(join(dist, "digits.bin")).size;
  console.log(`  ${"digits (as stored)".padEnd(26)} ${(digits / 1024).toFixed(1).padStart(8)} KiB`);
}
