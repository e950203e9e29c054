import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";
import type { Plugin, UserConfig } from "vite";

import { isFirstWord } from "./www/i18n/first-words.ts";

const root = dirname(fileURLToPath(import.meta.url));

/** The package's files lie beside each other under fixed names; the site's have hashed names. */
const packageAssets: Plugin = {
  name: "package-assets",
  enforce: "pre",
  resolveId: (source, importer) =>
    source === "./assets" && importer?.includes("/www/engine/") ? resolve(root, "www/engine/assets.package.ts") : null,
};

/** A dictionary is one file that is fetched in two parts: the words of the first picture, and all others. */
const dictionaryParts: Plugin = {
  name: "dictionary-parts",
  enforce: "pre",
  async load(id) {
    const [, file, part] = /^(.*\.json)\?(first|later)$/.exec(id) ?? [];
    if (!file) return null;
    this.addWatchFile(file);
    const words = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
    const chosen = Object.entries(words).filter(([key]) => isFirstWord(key) === (part === "first"));
    return { code: `export default ${JSON.stringify(Object.fromEntries(chosen))}`, moduleType: "js" };
  },
};

/** With `modulePreload` off there is nothing to preload, and no need of a kilobyte that would do it around every `import()`. */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null),
};

/** Both parts would be called by their file. */
const chunkName = (name: string, modules: readonly string[]): string => (modules.some((id) => id.endsWith(".json?later")) ? `${name}-later` : name);

/** What other pages embed has its addresses in development too. */
const NAMES: Record<string, string> = {
  "/v1/embed.html": "/www/embed.html", "/v1/embed.js": "/www/embed.ts", "/v1/playground.js": "/www/element.ts", "/v1/engine.js": "/www/engine/index.ts",
};
const fixedNames: Plugin = {
  name: "fixed-names",
  configureServer({ middlewares }) {
    middlewares.use((request, _, next) => {
      const [, path = "", rest = ""] = /^([^?#]*)(.*)$/.exec(request.url ?? "") ?? [];
      if (NAMES[path]) request.url = NAMES[path] + rest;
      next();
    });
  },
};

/** `vite build`: the site. Relative addresses, so that it runs from any folder of any server. */
const site: UserConfig = {
  base: "./",
  publicDir: "www/public",
  plugins: [fixedNames, dictionaryParts, plainImports],
  worker: { format: "es" },
  // The benchmark's pages import peers that only the benchmark installs.
  optimizeDeps: { entries: ["index.html"] },
  build: {
    target: "es2022", outDir: "dist", emptyOutDir: true,
    // What is imported later is small and near: a list of it and the code that reads it are not worth their bytes.
    modulePreload: false,
    rolldownOptions: { output: { chunkFileNames: ({ name, moduleIds }) => `assets/${chunkName(name, moduleIds)}-[hash].js` } },
  },
};

/** `vite build --mode package`: what other pages and scripts import, under addresses that stay as long as version 1 does. */
const library: UserConfig = {
  base: "./",
  publicDir: false,
  plugins: [packageAssets, dictionaryParts, plainImports],
  build: {
    target: "es2022",
    outDir: "dist/v1",
    emptyOutDir: true,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        engine: resolve(root, "www/engine/index.ts"),
        playground: resolve(root, "www/element.ts"),
        embed: resolve(root, "www/embed.ts"),
      },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "[name].js",
        // Beside the entries: the addresses in assets.package.ts are relative to whichever file holds them.
        chunkFileNames: ({ name, moduleIds }) => `chunk-${chunkName(name, moduleIds)}.js`,
        assetFileNames: "[name][extname]",
      },
    },
  },
};

/** `vite build --mode worker`: the package's worker, whole in one file, so that it runs wherever a bundler puts it. */
const worker: UserConfig = {
  ...library,
  build: {
    ...library.build,
    emptyOutDir: false,
    rolldownOptions: {
      input: { worker: resolve(root, "www/engine/worker.ts") },
      output: { entryFileNames: "[name].js", codeSplitting: false, assetFileNames: "[name][extname]" },
    },
  },
};

export default defineConfig(({ mode }) => ({ package: library, worker })[mode] ?? site);
