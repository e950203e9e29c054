// Bundles the frameworks and the scenarios for a browser, once a process, in a folder beside the built element.

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { compile } from "svelte/compiler";
import { build } from "vite";
import type { Plugin } from "vite";

import { dist } from "../e2e/support/server";

export const FRAMEWORKS = ["react", "vue", "solid", "svelte", "turbo"] as const;

const svelte: Plugin = {
  name: "svelte",
  transform: (code, id) => (id.endsWith(".svelte") ? { code: compile(code, { generate: "client", filename: id }).js.code, moduleType: "js" } : null),
};

/** The page: it watches before the element's script comes, and keeps what the frameworks do under `window`. */
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Frameworks</title>
<body><script type="module">
  import { watch, framework, orders } from "/scenarios.js";
  window.seen = watch();
  await import("/v1/playground.js");
  window.scenario = async (name) => framework(await import("/" + name + ".js"), seen);
  window.orders = (from, count) => orders(from, count, seen);
</script></body></html>`;

/** The folder to be served; with \`/index.html\`, the element under \`/v1/\`, and a function that removes it. */
export async function buildFrameworks(): Promise<{ folder: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "np-frameworks-"));
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  await build({
    configFile: false, root: here("."), logLevel: "error", mode: "development", publicDir: false, plugins: [svelte],
    define: { "process.env.NODE_ENV": JSON.stringify("development"), __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
    build: {
      target: "es2022", outDir: folder, minify: false, modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries([...FRAMEWORKS, "scenarios"].map((name) => [name, here(`${name}.mjs`)])), preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js" },
      },
    },
  });
  writeFileSync(join(folder, "index.html"), PAGE);
  symlinkSync(join(dist, "v1"), join(folder, "v1"));
  return { folder: `${folder}/`, close: async () => rmSync(folder, { recursive: true, force: true }) };
}
