// How the package's files are called. What others ask for by name are a few entries that only lead on; everything behind them
// has its content's hash in its name, so that a browser never puts a new file beside an old one that it has kept.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { minifySync } from "rolldown/utils";
import type { Plugin } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder of everything that has no name of its own. */
export const INTERNAL = "internal";

/** The engine's own files, by the names of `www/engine/assets.ts`. The worker has been built before (`vite build --mode worker`). */
const FILES = {
  worker: null,
  wasm: "www/wasm/neural_playground_bg.wasm",
  compiler: "www/wasm-compiler/neural_playground_compiler.wasm",
  gpuWasm: "www/wasm-gpu/neural_playground_gpu_bg.wasm",
  gpuModule: "www/wasm-gpu/neural_playground_gpu.js",
  digits: "www/public/digits.bin",
};

const hashed = (file: string, bytes: Uint8Array): string =>
  `${basename(file, extname(file))}-${createHash("sha256").update(bytes).digest("base64url").replace(/[-_]/g, "").slice(0, 8)}${extname(file)}`;

function read(file: string): Uint8Array {
  const bytes = readFileSync(join(root, file));
  // It is found by its address, so no bundler has made it small.
  if (!file.endsWith(".js")) return bytes;
  // Other people's bundlers read it too, and would look for what it names beside itself; it is always told where that is.
  const code = bytes.toString("utf8").replace(/new URL\('neural_playground_gpu_bg\.wasm', import\.meta\.url\)/, "undefined");
  if (code.includes("import.meta")) throw new Error("wasm-bindgen's glue has changed: it names its file in another way");
  return Buffer.from(minifySync(file, code).code);
}

/** The engine's files as assets beside the chunk that names them, in the form that bundlers know and copy: `new URL("./name", import.meta.url)`. */
export function engineFiles(library: string): Plugin {
  return {
    name: "engine-files",
    enforce: "pre",
    resolveId: (source, importer) => (source === "./assets" && importer?.includes("/www/engine/") ? "\0package-assets" : null),
    load(id) {
      if (id !== "\0package-assets") return null;
      const lines = Object.entries(FILES).map(([name, file]) => {
        if (file === null) {
          const workers = readdirSync(join(library, INTERNAL)).filter((each) => /^worker-.*\.js$/.test(each));
          if (workers.length !== 1) throw new Error(`${workers.length} workers in ${library}`);
          const source = readFileSync(join(library, INTERNAL, workers[0]!));
          return [name, this.emitFile({ type: "asset", fileName: `${INTERNAL}/${workers[0]}`, source })];
        }
        const source = read(file);
        return [name, this.emitFile({ type: "asset", fileName: `${INTERNAL}/${hashed(file, source)}`, source })];
      });
      return `export const assets = { ${lines.map(([name, reference]) => `${name}: import.meta.ROLLUP_FILE_URL_${reference}`).join(", ")} };`;
    },
    resolveFileUrl: ({ relativePath }) => `new URL("./${relativePath}", import.meta.url).href`,
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        // Not every bundler reads the minifier's quotes. As long as before, so the source map holds.
        chunk.code = chunk.code.replace(/new URL\(`([^`$]*)`,import\.meta\.url\)/g, 'new URL("$1",import.meta.url)');
      }
    },
  };
}

/** `name.js` for each entry: it asks for all that the entry imports at once, and hands on what it exports. */
export const publicEntries: Plugin = {
  name: "public-entries",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || !chunk.isEntry) continue;
      const needed = new Set(chunk.imports);
      for (const file of needed) {
        const other = bundle[file];
        if (other?.type === "chunk") for (const next of other.imports) needed.add(next);
      }
      const lines = [...needed].map((file) => `import "./${file}";`);
      lines.push(chunk.exports.length > 0 ? `export * from "./${chunk.fileName}";` : `import "./${chunk.fileName}";`);
      this.emitFile({ type: "asset", fileName: `${chunk.name}.js`, source: `${lines.join("\n")}\n` });
    }
  },
};

/** The generated glue would have its wasm found beside itself; everybody here says where it is. */
export const plainGlue: Plugin = {
  name: "plain-glue",
  enforce: "pre",
  load: {
    filter: { id: /\/www\/wasm\/neural_playground\.js\?instance$/ },
    handler(id) {
      const file = id.slice(0, -"?instance".length);
      this.addWatchFile(file);
      const plain = readFileSync(file, "utf8")
        .replace(/new URL\('neural_playground_bg\.wasm', import\.meta\.url\)/, "undefined")
        .replace(/^export (?=class |function )/gm, "")
        .replace(/^export \{ initSync, __wbg_init as default \};$/m, "return { init: __wbg_init, Session, place_code };");
      if (/^export|import\.meta/m.test(plain) || !plain.includes("return { init:")) throw new Error("wasm-bindgen's glue has changed: it exports in another way");
      // The glue keeps one instance of the module for ever; as a function it makes one for each call.
      return { code: `export default function instance() {\n${plain}}\n`, moduleType: "js", map: null };
    },
  },
};
