// Writes the static site to dist/ and the package to dist/v1/, and prints their sizes.

import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { minifySync } from "rolldown/utils";
import { build } from "vite";

import { EMBED_BUDGET, FIRST_LOAD_BUDGET, LANGUAGES, embedLoad, firstLoad, gzipped } from "./first-load.mjs";
import { writeServiceWorker } from "./offline.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const library = join(dist, "v1");

await build({ root, logLevel: "warn" });
minifyGlue(join(dist, "assets"));
const { files: keptOffline } = await writeServiceWorker(dist);
await build({ root, mode: "package", logLevel: "warn" });
await build({ root, mode: "worker", logLevel: "warn" });
writePackage();
minifyGlue(library);
// What npm packs is what the site serves: one folder under two names.
symlinkSync("v1", join(dist, "package"));
printBudgets();

/** What the bundler does not write: types, data, licence and the package's own package.json. */
function writePackage() {
  const { name, version, description, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const types = join(library, "types");
  const node = process.execPath;
  execFileSync(node, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.types.json"), "--outDir", types], {
    stdio: "inherit",
  });
  for (const file of walk(types)) completeImports(file);
  writeFileSync(join(library, "engine.d.ts"), 'export * from "./types/engine/index.js";\n');
  writeFileSync(join(library, "playground.d.ts"), `import type { PlaygroundElement } from "./types/playground.js";
export * from "./types/playground.js";
declare global {
  interface HTMLElementTagNameMap {
    "neural-playground": PlaygroundElement;
  }
}
`);
  for (const [from, to] of [
    ["www/public/digits.bin", "digits.bin"],
    ["LICENSE", "LICENSE"],
    ["docs/api.md", "README.md"],
    ["DATA.md", "DATA.md"],
    ["www/embed.html", "embed.html"],
    ["www/wasm-compiler/neural_playground_compiler.wasm", "neural_playground_compiler.wasm"],
    ["www/wasm-gpu/neural_playground_gpu.js", "neural_playground_gpu.js"],
    ["www/wasm-gpu/neural_playground_gpu_bg.wasm", "neural_playground_gpu_bg.wasm"],
  ]) {
    copyFileSync(join(root, from), join(library, to));
  }
  const manifest = {
    name,
    version,
    description,
    license,
    type: "module",
    types: "./engine.d.ts",
    exports: {
      ".": { types: "./engine.d.ts", default: "./engine.js" },
      "./playground": { types: "./playground.d.ts", default: "./playground.js" },
      // The engine's own files, for whoever puts them elsewhere.
      "./worker.js": "./worker.js",
      "./digits.bin": "./digits.bin",
      "./neural_playground_bg.wasm": "./neural_playground_bg.wasm",
      "./neural_playground_compiler.wasm": "./neural_playground_compiler.wasm",
      "./neural_playground_gpu_bg.wasm": "./neural_playground_gpu_bg.wasm",
      "./neural_playground_gpu.js": "./neural_playground_gpu.js",
      "./package.json": "./package.json",
    },
    sideEffects: ["./*.js"],
  };
  writeFileSync(join(library, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The GPU module's JavaScript is found by its address, so the bundler leaves it as wasm-bindgen writes it. */
function minifyGlue(folder) {
  for (const file of walk(folder).filter((path) => /neural_playground_gpu[^/]*\.js$/.test(path))) {
    writeFileSync(file, minifySync(file, readFileSync(file, "utf8")).code);
  }
}

/** Node's own resolution wants the whole name of a file: "./errors" becomes "./errors.js". */
function completeImports(file) {
  const text = readFileSync(file, "utf8");
  const names = new Set(walk(dirname(file)).map((other) => `./${relative(dirname(file), other)}`));
  const complete = text.replace(/((?:from|import\()\s*["'])(\.{1,2}\/[^"']+)(["'])/g, (whole, before, path, after) => {
    if (path.endsWith(".js")) return whole;
    if (names.has(`${path}/index.d.ts`)) return `${before}${path}/index.js${after}`;
    return `${before}${path.replace(/\.ts$/, "")}.js${after}`;
  });
  if (complete !== text) writeFileSync(file, complete);
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

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}
