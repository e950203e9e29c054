// The package as npm has it: packed, installed into a fresh project, type-checked, bundled by Vite, and run.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Browser } from "playwright-core";

import { launch } from "./support/browser";
import { dist, serve } from "./support/server";

const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/** A small use of everything that has types, the wrong uses among it. */
const MAIN = `import { NeuralPlayground, type PlaygroundElement } from "neural-playground/playground";
import { Engine, EngineError, type Config, type ConfigInput } from "neural-playground";

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
// @ts-expect-error there is no such call
typed.fly?.();
// @ts-expect-error a config has no such field
const misspelt: ConfigInput = { trainning: {} };
void engine.patch(misspelt).catch(() => {});
Object.assign(window, { result: { loss: train.loss, thread: typed.info?.thread, engine: engine.info.thread, dataset: config.data.dataset, digits: digits.data.dataset, refused, reached: (await goal) >= 0.6 } });
`;

let browser: Browser;
let folder: string;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "fresh-project-"));
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The compiler says what is wrong on its standard output. */
function run(command: string, ...args: string[]): void {
  try {
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${args.join(" ")}\n${stdout}${stderr}`);
  }
}

test("a fresh Vite project installs what npm packs, checks its types, is built, and trains with element and engine", async () => {
  run("npm", "pack", join(dist, "package"), "--pack-destination", folder, "--silent");
  const [packed] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fresh", private: true, type: "module", dependencies: { "neural-playground": `file:./${packed}` } }));
  run("npm", "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts");
  writeFileSync(join(folder, "index.html"), `<!doctype html><html lang="en"><title>Fresh</title><script type="module" src="/main.ts"></script>`);
  writeFileSync(join(folder, "main.ts"), MAIN);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
    compilerOptions: { target: "ES2022", module: "ESNext", moduleResolution: "bundler", lib: ["ES2023", "DOM", "DOM.Iterable"], types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
    files: ["main.ts"],
  }));
  run(process.execPath, join(modules, "typescript/bin/tsc"), "-p", ".");
  run(process.execPath, join(modules, "vite/bin/vite.js"), "build", "--logLevel", "warn");

  const site = await serve({ folder: join(folder, "dist/") });
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${site.origin}/`);
  const result = await (await page.waitForFunction(() => (window as unknown as { result?: { loss: number } }).result)).jsonValue();
  const { loss, ...facts } = result as { loss: number };
  assert.deepEqual(facts, { thread: "worker", engine: "worker", dataset: "spiral", digits: "digits", refused: "training.batch_size", reached: true });
  assert.ok(loss > 0 && loss < 1);
  assert.deepEqual(errors, []);
  await page.close();
  await site.close();
});

test("a bundled project has WebGPU too", async () => {
  writeFileSync(join(folder, "main.ts"), `import { Engine } from "neural-playground";
    const engine = await Engine.create({ backend: "webgpu" });
    await engine.train({ steps: 5 });
    Object.assign(window, { result: engine.info.why });`);
  run(process.execPath, join(modules, "vite/bin/vite.js"), "build", "--logLevel", "warn");
  const site = await serve({ folder: join(folder, "dist/") });
  const page = await browser.newPage();
  await page.goto(`${site.origin}/`);
  assert.equal(await (await page.waitForFunction(() => (window as unknown as { result?: string }).result)).jsonValue(), "webgpu_asked_for");
  await page.close();
  await site.close();
});

test("a plain page of another origin loads the package, hears its events and trains", async () => {
  const library = await serve({ headers: { "access-control-allow-origin": "*" } });
  const host = await serve({ pages: { "/plain.html": `<!doctype html><html lang="en"><title>Plain</title>
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
    </script>` } });
  const page = await browser.newPage();
  const elsewhere: string[] = [];
  page.on("request", (request) => { if (![library.origin, host.origin].includes(new URL(request.url()).origin) && request.url().startsWith("http")) elsewhere.push(request.url()); });
  await page.goto(`${host.origin}/plain.html`);
  assert.deepEqual(await (await page.waitForFunction(() => (window as unknown as { result?: object }).result)).jsonValue(), { dataset: "gauss", thread: "blob_worker", fell: true, step: 5 });
  assert.deepEqual(elsewhere, [], "nothing is asked of anybody else");
  assert.equal(page.workers().length, 1, "element and engine share a worker");
  await page.close();
  await Promise.all([library.close(), host.close()]);
});

test("what is packed is what is needed: no source, no test, and every address of the exports", () => {
  const root = join(folder, "node_modules/neural-playground");
  const { exports } = JSON.parse(execFileSync("cat", [join(root, "package.json")], { encoding: "utf8" })) as { exports: Record<string, string | Record<string, string>> };
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  for (const path of Object.values(exports).flatMap((each) => (typeof each === "string" ? [each] : Object.values(each)))) assert.ok(files.includes(path.slice(2)), path);
  assert.deepEqual(files.filter((file) => /\.(map|rs)$|(?<!\.d)\.ts$|test/.test(file)), []);
  assert.ok(files.includes("embed.html") && files.includes("LICENSE") && files.includes("README.md"));
});
