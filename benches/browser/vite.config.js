import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  base: "./",
  publicDir: resolve(here, "../../www/public"),
  worker: { format: "es" },
  build: {
    target: "es2022",
    outDir: resolve(here, "../../target/bench-browser"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: ["index.html", "first-engine.html", "first-jax.html"].map((name) => resolve(here, name)),
    },
  },
});
