import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";
import type { Plugin, UserConfig } from "vite";

const root = dirname(fileURLToPath(import.meta.url));

/** The package's files lie beside each other under fixed names; the site's have hashed names. */
const packageAssets: Plugin = {
  name: "package-assets",
  enforce: "pre",
  resolveId: (source, importer) =>
    source === "./assets" && importer?.includes("/www/engine/") ? resolve(root, "www/engine/assets.package.ts") : null,
};

/** `vite build`: the site. Relative addresses, so that it runs from any folder of any server. */
const site: UserConfig = {
  base: "./",
  publicDir: "www/public",
  worker: { format: "es" },
  // The benchmark's pages import peers that only the benchmark installs.
  optimizeDeps: { entries: ["index.html"] },
  build: { target: "es2022", outDir: "dist", emptyOutDir: true, modulePreload: { polyfill: false } },
};

/** `vite build --mode package`: what other pages and scripts import, under addresses that stay as long as version 1 does. */
const library: UserConfig = {
  base: "./",
  publicDir: false,
  plugins: [packageAssets],
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
        chunkFileNames: "chunk-[name].js",
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
