// The package as npm has it: packed, installed into fresh projects, type-checked, built by other people's tools, and run.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { AS_IT_SHOULD, fresh, pack, project, run, told } from "./support/recipes";
import { dist } from "./support/server";
import { withSite } from "./support/site";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/** A small use of everything that has types, the wrong uses among it. */
const MAIN = `import { NeuralPlayground, type PlaygroundElement, type PlaygroundEvents } from "neural-playground/playground";
import { Engine, EngineError, type Config, type ConfigInput, type ErrorCode } from "neural-playground";

const element = document.createElement("neural-playground");
const typed: PlaygroundElement = element;
if (!(element instanceof NeuralPlayground)) throw new Error("not upgraded");
typed.datasetId = "moons";
typed.goal = "accuracy>=0.6";
typed.setAttribute("controls", "activation,optimizer");
const goal = new Promise<number>((resolve) => typed.addEventListener("np-goal", ({ detail }) => resolve(detail.value)));
document.body.append(element);
const { train } = await typed.train({ epochs: 20 });

const engine = await Engine.create();
const config: Config = await engine.configure({ data: { dataset: "spiral" } });
const refused = await engine.patch({ training: { batch_size: 0 } }).catch((error: unknown) => error instanceof EngineError ? error.field : "");
const digits = await engine.chooseDataset("digits");
// Listeners know the element's events and every element's own, may be taken off again, be objects, and have a \`this\`.
const heard = ({ detail }: PlaygroundEvents["np-frame"]): number => detail.step;
typed.addEventListener("np-frame", heard, { once: true });
typed.removeEventListener("np-frame", heard);
typed.addEventListener("np-frame", { handleEvent: ({ detail }) => detail.metrics?.train });
typed.addEventListener("click", ({ clientX }) => clientX);
typed.addEventListener("np-done", function ({ detail }) { void [this.info, detail.reason === "target"]; });
// What is refused has a code of a list.
typed.addEventListener("np-error", ({ detail }) => { const code: ErrorCode | "failure" = detail.code; void code; });
engine.on("rejected", ({ refusal }) => { const code: ErrorCode = refusal.code; void code; });
// @ts-expect-error there is no such call
typed.fly?.();
// @ts-expect-error a config has no such field
const misspelt: ConfigInput = { trainning: {} };
void engine.patch(misspelt).catch(() => {});
Object.assign(window, { result: { loss: train.loss, thread: typed.info?.thread, engine: engine.info.thread, dataset: config.data.dataset, digits: digits.data.dataset, refused, reached: (await goal) >= 0.6 } });
`;

const site = withSite({ webgpu: true });
let packed: ReturnType<typeof pack>;
let folder: string;
before(() => {
  packed = pack();
  folder = join(packed.folder, "fresh");
  fresh(folder, packed.tarball);
});
after(() => rmSync(packed.folder, { recursive: true, force: true }));

const installed = (): string => join(folder, "node_modules/neural-playground");
const manifest = () => JSON.parse(readFileSync(join(installed(), "package.json"), "utf8")) as { exports: Record<string, string | Record<string, string>>; customElements: string } & Record<string, unknown>;
const files = (): string[] => readdirSync(installed(), { recursive: true, encoding: "utf8" });

test("a fresh Vite project checks the package's types with TypeScript 5.9 and 7, whole, is built, and trains with element and engine", async () => {
  writeFileSync(join(folder, "index.html"), `<!doctype html><html lang="en"><title>Fresh</title><script type="module" src="/main.ts"></script>`);
  writeFileSync(join(folder, "main.ts"), MAIN);
  for (const [module, moduleResolution] of [["ESNext", "bundler"], ["NodeNext", "NodeNext"]]) {
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
      compilerOptions: { target: "ES2022", module, moduleResolution, lib: ["ES2022", "DOM", "DOM.Iterable"], types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
      files: ["main.ts"],
    }));
    for (const compiler of ["typescript", "typescript-5"]) run(folder, process.execPath, join(modules, compiler, "bin/tsc"), "-p", ".");
  }
  assert.match(run(folder, process.execPath, join(modules, "typescript-5/bin/tsc"), "--version"), / 5\.9\./);
  run(folder, "vite", "build", "--logLevel", "warn");
  const { loss, ...facts } = await told(site, folder) as { loss: number };
  assert.deepEqual(facts, { thread: "worker", engine: "worker", dataset: "spiral", digits: "digits", refused: "training.batch_size", reached: true });
  assert.ok(loss > 0 && loss < 1);
});

test("a bundled project has WebGPU too", async () => {
  writeFileSync(join(folder, "main.ts"), `import { Engine } from "neural-playground";
    const engine = await Engine.create({ backend: "webgpu" });
    await engine.train({ steps: 5 });
    Object.assign(window, { result: { why: engine.info.why } });`);
  run(folder, "vite", "build", "--logLevel", "warn");
  assert.deepEqual(await told(site, folder), { why: "webgpu_asked_for" });
});

for (const name of ["vite", "webpack", "esbuild"]) test(`${name} builds the package without a word, and the figure trains, digits too`, async () => {
  const built = project(name, packed, "here");
  run(built, "npm", "run", "build");
  assert.deepEqual(await told(site, built), AS_IT_SHOULD);
  const written = readdirSync(join(built, "dist"), { recursive: true, encoding: "utf8" });
  assert.deepEqual(written.filter((file) => /embed[^/]*\.html$/.test(file)), [], "no page of ours without its script");
});

test("the engine alone brings nothing of the element", async () => {
  const { build } = await import("esbuild");
  writeFileSync(join(folder, "engine.js"), `export { Engine } from "neural-playground/engine";`);
  const bundle = async (code: string) => {
    const { outputFiles } = await build({ stdin: { contents: code, resolveDir: folder }, bundle: true, format: "esm", splitting: false, write: false, outdir: folder });
    return outputFiles[0]!.text;
  };
  const [engine, element] = await Promise.all(["engine", "playground"].map((entry) => bundle(`export * from "neural-playground/${entry}";`)));
  assert.ok(/attachShadow/.test(element!) && !/attachShadow|customElements/.test(engine!), "what a custom element needs");
});

test("in node the element imports to nothing, under whatever entry, and the engine trains", () => {
  const script = `
    for (const entry of ["playground", "react", "preact", "solid"]) {
      const before = Object.getOwnPropertyNames(globalThis).join();
      const module = await import("neural-playground/" + entry);
      if (Object.keys(module).join() !== "NeuralPlayground" || Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error(entry);
    }
    const { Engine } = await import("neural-playground/engine");
    if (Engine !== (await import("neural-playground")).Engine) throw new Error("two engines");
    const engine = await Engine.create();
    const digits = await engine.chooseDataset("digits");
    await engine.train({ steps: 3 });
    console.log(digits.data.dataset, (await engine.metrics()).step);
    engine.dispose();`;
  writeFileSync(join(folder, "node.mjs"), script);
  assert.equal(run(folder, process.execPath, "node.mjs").trim(), "digits 3");
});

test("publint and are-the-types-wrong have nothing to say of the tarball", () => {
  assert.match(run(folder, "publint", installed(), "--strict", "--pack", "false"), /All good!/);
  // That a CommonJS program needs import() for it is so: it has no other form.
  run(folder, "attw", packed.tarball, "--ignore-rules", "cjs-resolves-to-esm", "--exclude-entrypoints", ...Object.keys(manifest().exports).filter((entry) => /\.(?:js|bin|wasm|json)$/.test(entry)).map((entry) => entry.slice(2)));
});

test("a plain page of another origin loads the package, hears its events and trains", async () => {
  const library = await site.serve({ headers: { "access-control-allow-origin": "*" } });
  const asked = new Set<string>();
  const { page } = await site.elsewhere(`<!doctype html><html lang="en"><title>Plain</title>
    <neural-playground dataset="gauss" lang="en"></neural-playground>
    <script type="module">
      import "${library.origin}/package/playground.js";
      import { Engine } from "${library.origin}/package/engine.js";
      const element = document.querySelector("neural-playground");
      element.addEventListener("np-ready", async ({ detail }) => {
        const { train } = await element.train({ epochs: 10 });
        const engine = await Engine.create();
        const { step } = await engine.train({ steps: 5 });
        window.result = { dataset: detail.config.data.dataset, thread: detail.info.thread, fell: train.loss < 0.5, step };
      });
    </script>`, { prepare: async (page) => void page.on("request", (request) => asked.add(new URL(request.url()).origin)) });
  assert.deepEqual(await (await page.waitForFunction(() => (window as unknown as { result?: object }).result)).jsonValue(), { dataset: "gauss", thread: "blob_worker", fell: true, step: 5 });
  assert.deepEqual([...asked].filter((origin) => origin.startsWith("http")).sort(), [new URL(page.url()).origin, library.origin].sort(), "nothing is asked of anybody else");
  assert.equal(page.workers().length, 1, "element and engine share a worker");
});

for (const allowed of [true, false]) test(`plain HTML from another origin ${allowed ? "has the figure, and no sentence in its place" : "that is not allowed the script has a sentence in the figure's place"}`, async () => {
  const [, text] = /```html html-element\n([\s\S]*?)\n```/.exec(readFileSync(new URL("../../docs/embedding/html.md", import.meta.url), "utf8"))!;
  const library = await site.serve(allowed ? { headers: { "access-control-allow-origin": "*" } } : {});
  const { page } = await site.elsewhere(text!.replaceAll("https://HOST", library.origin));
  const element = page.locator("neural-playground");
  if (allowed) await page.waitForFunction(() => (document.querySelector("neural-playground") as unknown as { info?: unknown }).info);
  else await page.waitForLoadState("networkidle");
  assert.equal(await element.getByRole("link", { name: "Open it by itself." }).isVisible(), !allowed);
  assert.ok((await element.boundingBox())!.height > 10);
});

test("who pins an exact version by an import map with integrity has just that, and nothing that was changed", async () => {
  const { version } = manifest() as unknown as { version: string };
  const sums = JSON.parse(readFileSync(join(installed(), "integrity.json"), "utf8")) as Record<string, string>;
  const scripts = files().filter((file) => file.endsWith(".js"));
  assert.deepEqual(Object.keys(sums).sort(), scripts.map((file) => `./${file}`).sort());
  const library = await site.serve({ headers: { "access-control-allow-origin": "*" } });
  const base = `${library.origin}/${version}/`;
  const visited = async (integrity: Record<string, string>) => {
    const { page } = await site.elsewhere(`<!doctype html><html lang="en"><title>Pinned</title>
      <script type="importmap">${JSON.stringify({ imports: { "neural-playground/": base }, integrity: Object.fromEntries(Object.entries(integrity).map(([path, sum]) => [new URL(path, base).href, sum])) })}</script>
      <script type="module">
        import("neural-playground/engine.js").then(async ({ Engine }) => {
          window.result = (await (await Engine.create({ worker: false })).train({ steps: 5 })).step;
        }, () => { window.result = "refused"; });
      </script>`);
    return (await page.waitForFunction(() => (window as unknown as { result?: unknown }).result)).jsonValue();
  };
  assert.equal(await visited(sums), 5);
  const behind = Object.keys(sums).find((path) => /internal\/engine-/.test(path))!;
  assert.equal(await visited({ ...sums, [behind]: sums["./embed.js"]! }), "refused");
});

test("what is packed is what is needed: no source, no test, and every address of the exports", () => {
  const { exports, customElements, ...about } = manifest();
  for (const field of ["repository", "homepage", "bugs", "keywords", "author", "engines", "sideEffects", "license", "description"]) assert.ok(about[field], field);
  assert.equal(about["private"], undefined);
  const all = files();
  for (const path of [customElements, ...Object.values(exports).flatMap((each) => (typeof each === "string" ? [each] : Object.values(each)))]) assert.ok(all.includes(path.slice(2)), path);
  assert.deepEqual(all.filter((file) => /\.rs$|(?<!\.d)\.ts$|\.(?:test|spec)\./.test(file)), []);
  assert.ok(["embed.html", "LICENSE", "README.md", "DATA.md", "THIRD-PARTY-LICENSES.txt", "CHANGELOG.md"].every((file) => all.includes(file)));
  assert.doesNotMatch(all.filter((file) => file.endsWith(".d.ts")).map((file) => readFileSync(join(installed(), file), "utf8")).join("\n").replace(/\/\*[\s\S]*?\*\//g, ""), /\bGPU\w*\b/, "types that not every TypeScript knows");
});

test("public entries only lead on, and whatever they lead to has its content in its name", () => {
  const root = join(dist, "v1");
  const entries = readdirSync(root).filter((file) => file.endsWith(".js") && file !== "playground.server.js");
  assert.deepEqual(entries, ["embed.js", "engine.js", "playground.js", "preact.js", "react.js", "solid.js"]);
  for (const entry of entries) {
    const text = readFileSync(join(root, entry), "utf8");
    assert.match(text, /^(?:(?:import|export \* from) "\.\/(?:internal\/[\w.-]+|playground)\.js";\n)+$/, entry);
  }
  const internal = readdirSync(join(root, "internal"));
  assert.deepEqual(internal.filter((file) => !/-[\w-]{8}\.(?:js|js\.map|wasm|bin)$/.test(file)), []);
  for (const file of internal.filter((each) => /\.(?:wasm|bin)$/.test(each))) {
    const digest = createHash("sha256").update(readFileSync(join(root, "internal", file))).digest("base64url").replace(/[-_]/g, "");
    assert.ok(file.includes(`-${digest.slice(0, 8)}.`), file);
  }
});

test("every script has a source map that holds its sources, and none tells where it was made", () => {
  const root = join(dist, "v1/internal");
  for (const file of readdirSync(root).filter((each) => each.endsWith(".js") && !each.startsWith("neural_playground_gpu"))) {
    const text = readFileSync(join(root, file), "utf8");
    // What only hands on has no source.
    if (text.length < 200) continue;
    assert.match(text, new RegExp(`//# sourceMappingURL=${file}\\.map\\s*$`), file);
    const map = JSON.parse(readFileSync(join(root, `${file}.map`), "utf8")) as { sources: string[]; sourcesContent: (string | null)[] };
    assert.ok(map.sources.every((source, at) => map.sourcesContent[at] && !source.startsWith("/")), file);
  }
});

test("the notices of everything that is inside are there", () => {
  const notices = readFileSync(join(installed(), "THIRD-PARTY-LICENSES.txt"), "utf8");
  for (const name of ["lit-html", "@lit/reactive-element", "@preact/signals-core", "uplot", "wasm-bindgen", "serde_json", "wgpu", "libm", "The Rust standard library"]) {
    assert.match(notices, new RegExp(`^${name}[^\n]* \\([^\n]+\\)$`, "m"), name);
  }
  for (const owner of ["Copyright (c) 2017 Google LLC", "Leon Sorokin", "Preact"]) assert.ok(notices.includes(owner), owner);
  // Written out when a bundle holds one, whichever it is: the source maps say which.
  const maps = readdirSync(join(installed(), "internal")).filter((file) => file.endsWith(".map")).map((file) => readFileSync(join(installed(), "internal", file), "utf8")).join();
  const inside = new Set([...maps.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(([, name]) => name!));
  assert.ok(inside.size >= 4, [...inside].join());
  for (const name of inside) assert.ok(notices.includes(`\n${name} `), name);
});
