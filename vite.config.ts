import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";
import type { Plugin, UserConfig } from "vite";

import { pageHead } from "./scripts/page-head.ts";
import { INTERNAL, engineFiles, plainGlue, publicEntries } from "./scripts/package-files.ts";
import { isFirstWord } from "./www/i18n/first-words.ts";

const root = dirname(fileURLToPath(import.meta.url));

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

/**
 * With `modulePreload` off there is nothing to preload, and no need of a kilobyte that would do it around every `import()`. What stands
 * around each instead knows what `www/ui/lazy.ts` wants put behind the address when it asks again.
 */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) => (id === "\0vite/preload-helper.js" ? `import { address } from ${JSON.stringify(resolve(root, "www/ui/address.ts"))};
export const __vitePreload = Object.assign((load) => load(), { address });` : null),
};

/** Puts it behind every address of the site. Not of the package: bundlers of other people's read addresses where they stand. */
const otherAddresses: Plugin = {
  name: "other-addresses",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        chunk.code = chunk.code.replace(/([\w$]+)\((async ?)?\(\)=>(\{(?:let|const)\{[^{}]*\}=await )?import\((["'`])(\.\/[^"'`]+)\4\)/g,
          (_, around: string, isAsync = "", body = "", quote: string, path: string) => `${around}(${isAsync}()=>${body}import(${quote}${path}${quote}+${around}.address.again)`);
      }
    },
  },
};

/** Lit makes its trusted-types policy as it is loaded: where a page forbids that name, or another copy has taken it, nothing would run at all. */
const gentlePolicy: Plugin = {
  name: "gentle-policy",
  enforce: "pre",
  transform(code, id) {
    if (!/\/lit-html\/(?:development\/)?lit-html\.js(?:\?|$)/.test(id)) return null;
    const made = /(\w+)\s*\?\s*\1\.createPolicy\(/;
    if (!made.test(code)) throw new Error("Lit makes its policy in another way than before");
    return { code: code.replace(made, (_, types: string) => `${types}?((...policy)=>{try{return ${types}.createPolicy(...policy)}catch{return}})(`), map: null };
  },
};

/** Both parts would be called by their file. */
const chunkName = (name: string, modules: readonly string[]): string => (modules.some((id) => id.endsWith(".json?later")) ? `${name}-later` : name);

/** What other pages embed has its addresses in development too. */
const NAMES: Record<string, string> = {
  "/v1/embed.html": "/www/embed.html", "/v1/embed.js": "/www/app/embed.ts", "/v1/playground.js": "/www/app/element/element.ts", "/v1/engine.js": "/www/engine/index.ts",
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
  plugins: [fixedNames, plainGlue, dictionaryParts, plainImports, gentlePolicy, otherAddresses, pageHead()],
  worker: { format: "es", plugins: () => [plainGlue] },
  // The benchmark's pages import peers that only the benchmark installs.
  optimizeDeps: { entries: ["index.html"] },
  build: {
    target: "es2022", outDir: "dist", emptyOutDir: true,
    // What is imported later is small and near: a list of it and the code that reads it are not worth their bytes.
    modulePreload: false,
    rolldownOptions: { output: { chunkFileNames: ({ name, moduleIds }) => `assets/${chunkName(name, moduleIds)}-[hash].js` } },
  },
};

/** Annotations stay, since other bundlers read them (`webpackIgnore`, `@vite-ignore`); so does what makes errors readable. */
const forBundlers = { comments: { legal: true, annotation: true, jsdoc: false } } as const;

const folder = resolve(root, "dist/v1");

/** `vite build --mode package`: what other pages and scripts import, under addresses that stay as long as version 1 does. */
const library: UserConfig = {
  base: "./",
  publicDir: false,
  plugins: [plainGlue, engineFiles(folder), publicEntries, dictionaryParts, plainImports, gentlePolicy],
  build: {
    target: "es2022",
    outDir: folder,
    emptyOutDir: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    sourcemap: true,
    rolldownOptions: {
      input: {
        engine: resolve(root, "www/engine/index.ts"),
        playground: resolve(root, "www/app/element/element.ts"),
        embed: resolve(root, "www/app/embed.ts"),
      },
      preserveEntrySignatures: "strict",
      output: {
        ...forBundlers,
        entryFileNames: `${INTERNAL}/[name]-[hash].js`,
        chunkFileNames: ({ name, moduleIds }) => `${INTERNAL}/${chunkName(name, moduleIds)}-[hash].js`,
      },
    },
  },
};

/** `vite build --mode worker`: the package's worker, whole in one file, so that it runs wherever a bundler puts it. Comes before the package. */
const worker: UserConfig = {
  ...library,
  plugins: [plainGlue, plainImports],
  build: {
    ...library.build,
    emptyOutDir: true,
    rolldownOptions: {
      input: { worker: resolve(root, "www/engine/worker.ts") },
      output: { ...forBundlers, entryFileNames: `${INTERNAL}/[name]-[hash].js`, codeSplitting: false },
    },
  },
};

export default defineConfig(({ mode }) => ({ package: library, worker })[mode] ?? site);
