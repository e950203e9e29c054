// What the bundler does not write of the package: types, what editors read, licences, and the package's own package.json.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { thirdPartyLicenses } from "./third-party-licenses.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the element cannot be, a page on a server say, it is a class that nobody has. */
const NOTHING = `// Where there is no document there is no element: this file imports nothing and defines nothing.
export class NeuralPlayground {}
`;

/** Completes the package in `library`; its version. */
export async function writePackage(library) {
  const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeTypes(library);
  for (const [from, to] of [
    ["LICENSE", "LICENSE"],
    ["DATA.md", "DATA.md"],
    ["CHANGELOG.md", "CHANGELOG.md"],
    ["www/embed.html", "embed.html"],
  ]) {
    copyFileSync(join(root, from), join(library, to));
  }
  const home = about.repository.url.replace(/^git\+|\.git$/g, "");
  writeFileSync(join(library, "README.md"), readFileSync(join(root, "docs/npm.md"), "utf8").replace(/\]\((?!https:)([^)]+)\)/g, (_, path) => `](${new URL(path, `${home}/blob/main/docs/`).href})`));
  writeFileSync(join(library, "THIRD-PARTY-LICENSES.txt"), thirdPartyLicenses(library));
  writeFileSync(join(library, "playground.server.js"), NOTHING);
  for (const framework of FRAMEWORKS) writeFileSync(join(library, `${framework}.js`), 'export * from "./playground.js";\n');
  writeFileSync(join(library, "custom-elements.json"), `${JSON.stringify(await customElements(), null, 2)}\n`);
  writeFileSync(join(library, "package.json"), `${JSON.stringify(manifest(library, about), null, 2)}\n`);
  writeFileSync(join(library, "integrity.json"), `${JSON.stringify(integrity(library), null, 2)}\n`);
  return about.version;
}

// ---------------------------------------------------------------------- package.json

function manifest(library, { name, version, description, keywords, homepage, bugs, repository, license, author, engines }) {
  const internal = readdirSync(join(library, "internal"));
  const file = (pattern) => `./internal/${internal.find((each) => pattern.test(each))}`;
  const element = (types) => ({ types, node: "./playground.server.js", "edge-light": "./playground.server.js", workerd: "./playground.server.js", default: types.replace(".d.ts", ".js") });
  const engine = { types: "./engine.d.ts", default: "./engine.js" };
  return {
    name, version, description, keywords, homepage, bugs, repository, license, author,
    type: "module",
    main: "./engine.js",
    types: "./engine.d.ts",
    exports: {
      ".": engine,
      "./engine": engine,
      "./playground": element("./playground.d.ts"),
      ...Object.fromEntries(FRAMEWORKS.map((each) => [`./${each}`, element(`./${each}.d.ts`)])),
      // The engine's own files, for whoever puts them elsewhere.
      "./worker.js": file(/^worker-.*\.js$/),
      "./digits.bin": file(/^digits-.*\.bin$/),
      "./neural_playground_bg.wasm": file(/^neural_playground_bg-.*\.wasm$/),
      "./neural_playground_compiler.wasm": file(/^neural_playground_compiler-.*\.wasm$/),
      "./neural_playground_gpu_bg.wasm": file(/^neural_playground_gpu_bg-.*\.wasm$/),
      "./neural_playground_gpu.js": file(/^neural_playground_gpu-.*\.js$/),
      "./custom-elements.json": "./custom-elements.json",
      "./package.json": "./package.json",
    },
    customElements: "./custom-elements.json",
    // The element defines itself, and the engine's entry knows where its files are; nothing else does anything when it is imported.
    sideEffects: ["./engine.js", "./playground.js", "./embed.js", ...FRAMEWORKS.map((each) => `./${each}.js`), "./internal/*.js"],
    engines,
    publishConfig: { access: "public", provenance: true },
  };
}

// ---------------------------------------------------------------------- types

/** Whose JSX knows the element. */
const FRAMEWORKS = ["react", "preact", "solid"];

function writeTypes(library) {
  const types = join(library, "types");
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.types.json"), "--outDir", types], { stdio: "inherit" });
  for (const file of walk(types)) completeImports(file);
  writeFileSync(join(library, "engine.d.ts"), '/// <reference lib="esnext.disposable" />\nexport * from "./types/engine/index.js";\n');
  writeFileSync(join(library, "playground.d.ts"), `import type { PlaygroundElement } from "./types/app/element/playground.js";
export * from "./types/app/element/playground.js";
export type * from "./types/app/element/jsx/attributes.js";
declare global {
  interface HTMLElementTagNameMap {
    "neural-playground": PlaygroundElement;
  }
}
`);
  for (const framework of FRAMEWORKS) writeFileSync(join(library, `${framework}.d.ts`), readFileSync(join(root, `www/app/element/jsx/${framework}.d.ts`)));
  // What no entry leads to is nobody's to rely on.
  const entries = ["engine", "playground", ...FRAMEWORKS].map((name) => join(library, `${name}.d.ts`));
  const met = new Set(entries);
  for (const file of met) {
    for (const [, path] of readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*["'](\.{1,2}\/[^"']+)\.js["']/g)) met.add(join(dirname(file), `${path}.d.ts`));
  }
  for (const file of walk(types)) if (!met.has(file)) rmSync(file);
}

/** Node's own resolution wants the whole name of a file: "./errors" becomes "./errors.js". */
function completeImports(file) {
  const text = readFileSync(file, "utf8");
  const complete = text.replace(/((?:from|import\()\s*["'])(\.{1,2}\/[^"']+)(["'])/g, (whole, before, path, after) => {
    if (path.endsWith(".js")) return whole;
    const isFolder = existsSync(join(dirname(file), path, "index.d.ts"));
    return `${before}${path.replace(/\.ts$/, "")}${isFolder ? "/index" : ""}.js${after}`;
  });
  if (complete !== text) writeFileSync(file, complete);
}

// ---------------------------------------------------------------------- what editors read

/** What the analyzer reads off the element's source (scripts/custom-elements.mjs says what it reads besides). */
async function customElements() {
  const { cli } = await import("@custom-elements-manifest/analyzer/cli.js");
  return cli({ argv: ["analyze", "--config", "scripts/custom-elements.mjs"], cwd: root, noWrite: true });
}

// ---------------------------------------------------------------------- for whoever pins

/** Of every script that a page may fetch, what an import map's `integrity` wants. */
function integrity(library) {
  const scripts = walk(library).filter((file) => file.endsWith(".js")).sort();
  return Object.fromEntries(scripts.map((file) => [`./${relative(library, file)}`, `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`]));
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}
