// Writes the service worker of a built site: www/offline/service-worker.ts with the list of the site's own files.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Writes `sw.js` into the folder; the list that it holds (`www/offline/service-worker.ts` says of what). */
export async function writeServiceWorker(dist) {
  const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
  const assets = readdirSync(join(dist, "assets")).sort().map((name) => `assets/${name}`);
  const all = ["index.html", "digits.bin", ...assets].map((path) => [path, sha256(readFileSync(join(dist, path)))]);
  const isGpu = (path) => path.includes("_gpu");
  const list = {
    version: sha256(JSON.stringify(all)).slice(0, 16),
    files: Object.fromEntries(all.filter(([path]) => path.startsWith("assets/") && !isGpu(path))),
    rest: Object.fromEntries(all.filter(([path]) => path === "digits.bin" || isGpu(path))),
  };
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    define: { OFFLINE: JSON.stringify(list) },
    build: {
      target: "es2022", outDir: dist, emptyOutDir: false, modulePreload: false,
      rolldownOptions: { input: join(root, "www/offline/service-worker.ts"), output: { format: "iife", entryFileNames: "sw.js" } },
    },
  });
  return { ...list, files: Object.keys(list.files) };
}
