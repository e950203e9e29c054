// The browser benchmark: this engine beside its peers in one headless Chromium, in turn, and a table of medians.
//
//   node benches/browser/run.mjs [--quick] [--only=W1,W2] [--json=file]

import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import binaryen from "binaryen";
import { chromium } from "playwright-core";
import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const site = resolve(here, "../../target/bench-browser");
const option = (name) => process.argv.find((given) => given.startsWith(`--${name}`))?.split("=")[1] ?? null;
const quick = process.argv.includes("--quick");
/** W1 and so on are on the CPU; G1 and so on are the same on WebGPU. */
const names = option("only")?.split(",") ?? ["W1", "W2", "W3", "epochs", "W4", "W5a", "W5b", "first", "G1", "G3", "G4"];
const settings = quick ? { repeats: 3, milliseconds: 250 } : { repeats: 7, milliseconds: 500 };
if (option("engines")) settings.only = option("engines").split(",");

if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: here, stdio: "inherit" });
}
await build({ configFile: join(here, "vite.config.js"), logLevel: "warn" });

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".bin": "application/octet-stream" };
const server = createServer((request, response) => {
  const file = join(site, decodeURIComponent(new URL(request.url, "http://x").pathname));
  if (!file.startsWith(site) || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}`;

const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);
const software = ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-webgpu-adapter=swiftshader"];
// `--hardware` takes the machine's own graphics card instead of Chromium's software adapter.
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", ...(process.argv.includes("--hardware") ? ["--enable-unsafe-webgpu", "--enable-features=Vulkan"] : software)],
});
async function open(path) {
  const opened = await browser.newPage();
  opened.on("console", (message) => message.type() === "log" && console.error(message.text()));
  opened.on("pageerror", (error) => console.error(String(error)));
  await opened.goto(`${address}/${path}`);
  return opened;
}

async function page(path, use) {
  const opened = await open(path);
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** A figure of every engine in turn, each in a page of its own, several times over: `{engine: [figure, ...]}`. */
async function inTurn(name) {
  const gpu = name.startsWith("G");
  const path = gpu ? "index.html?gpu" : "index.html?";
  const names = await page(path, async (opened) => {
    await opened.waitForFunction(() => window.benchmark);
    return opened.evaluate(() => window.benchmark.engines);
  });
  const opened = [];
  for (const engine of names.filter((engine) => !settings.only || settings.only.includes(engine))) {
    if (name === "epochs" && engine !== "this engine" && engine !== "jax-js wasm") continue;
    const tab = await open(`${path}&engine=${encodeURIComponent(engine)}`);
    await tab.waitForFunction(() => window.benchmark);
    if (name === "epochs" || (await tab.evaluate((name) => window.benchmark.prepare(name), name.replace("G", "W")))) opened.push({ engine, tab });
    else await tab.close();
  }
  const found = Object.fromEntries(opened.map(({ engine }) => [engine, []]));
  const round = async (keep) => {
    for (const { engine, tab } of opened) {
      await tab.bringToFront();
      const figure = name === "epochs" ? await tab.evaluate(() => window.benchmark.epochs()) : await tab.evaluate((time) => window.benchmark.run(time), settings.milliseconds);
      if (keep) found[engine].push(figure);
      // What it has left to do (garbage, say) would take the other half of a core from the next one.
      await new Promise((done) => setTimeout(done, 300));
    }
  };
  // Browsers compile what turns out to be hot, in the background: the first second or two are not what follows.
  if (name !== "epochs") for (let warm = 0; warm < 3; warm += 1) await round(false);
  for (let repeat = 0; repeat < (name === "epochs" ? (quick ? 1 : 3) : settings.repeats); repeat += 1) await round(true);
  if (gpu) {
    const { traffic, kernels } = await opened[0].tab.evaluate(() => window.benchmark.costs());
    if (traffic) console.error(`${name}, per 1,000 steps: ${JSON.stringify(traffic)}`);
    if (kernels) console.error(`${name}, ms of a step: ${kernels.map(([kernel, time]) => `${kernel} ${time.toFixed(2)}`).join(", ")}`);
  }
  for (const { tab } of opened) await tab.close();
  return found;
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const results = {};
const rows = [];
try {
  const peak = await page("index.html", async (opened) => {
    await opened.waitForFunction(() => window.benchmark);
    return opened.evaluate((bytes) => window.benchmark.peak(bytes), [...peakModule()]);
  });
  results.peak = peak;
  for (const name of names) {
    if (name === "first") {
      const first = { "this engine": [], "jax-js wasm": [] };
      for (let repeat = 0; repeat < settings.repeats; repeat += 1) {
        for (const [engine, path] of [["this engine", "first-engine.html"], ["jax-js wasm", "first-jax.html"]]) {
          first[engine].push(await page(path, async (opened) => (await opened.waitForFunction(() => window.first)).jsonValue()));
        }
      }
      results.first = first;
      rows.push(["first, ms", first]);
      continue;
    }
    const found = await inTurn(name);
    results[name] = found;
    if (name === "epochs") {
      const pick = (key) => Object.fromEntries(Object.entries(found).map(([engine, list]) => [engine, list.map((each) => each[key])]));
      rows.push(["W3, ten epochs, s", pick("seconds")], ["W3, accuracy after", pick("accuracy")]);
    } else rows.push([name, found]);
    console.error(name, JSON.stringify(Object.fromEntries(Object.entries(rows.at(-1)[1]).map(([engine, list]) => [engine, median(list)]))));
  }
  print(peak, await browser.version());
} finally {
  await browser.close();
  server.close();
}
if (option("json")) writeFileSync(option("json"), JSON.stringify(results, null, 1));

function print(peak, version) {
  const engines = [...new Set(rows.flatMap(([, found]) => Object.keys(found)))];
  const figure = (value) => (value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3));
  console.log(`${cpus()[0].model}, ${cpus().length} cores; Chromium ${version}; SIMD multiply-add peak ${peak.toFixed(1)} GFLOP/s\n`);
  console.log(`| | ${engines.join(" | ")} | ratio to the best peer | to ConvNetJS | to jax-js |`);
  console.log(`|---|${engines.map(() => "---:").join("|")}|---:|---:|---:|`);
  for (const [name, found] of rows) {
    const middle = Object.fromEntries(Object.entries(found).map(([engine, list]) => [engine, median(list)]));
    const mine = middle["this engine"];
    const others = Object.entries(middle).filter(([engine]) => engine !== "this engine").map(([, value]) => value);
    const less = /, (s|ms)$/.test(name);
    const ratio = (other) => (other === undefined || mine === undefined ? "" : (less ? other / mine : mine / other).toFixed(2));
    const best = others.length ? (less ? Math.min(...others) : Math.max(...others)) : undefined;
    const cells = engines.map((engine) => (middle[engine] === undefined ? "" : figure(middle[engine])));
    console.log(`| ${name} | ${cells.join(" | ")} | ${ratio(best)} | ${ratio(middle.ConvNetJS)} | ${ratio(middle["jax-js wasm"])} |`);
  }
  const flops = { W3: flopsOf([784, 64, 64, 10]), W4: flopsOf([784, 512, 512, 10]) };
  for (const [name, each] of Object.entries(flops)) {
    if (!results[name]) continue;
    const rate = (median(results[name]["this engine"]) * each) / 1e9;
    console.log(`${name}: ${rate.toFixed(1)} GFLOP/s in products, ${((100 * rate) / peak).toFixed(0)} % of the peak`);
  }
}

/** Multiplications and additions of one sample's step: forward, weight gradient, and input gradient past the first layer. */
function flopsOf(sizes) {
  return sizes.slice(1).reduce((sum, outputs, index) => sum + 2 * sizes[index] * outputs * (index === 0 ? 2 : 3), 0);
}

/** Twelve independent chains of multiply and add over four lanes: what one core can do at best. */
function peakModule() {
  const chains = 12;
  const each = (text) => Array.from({ length: chains }, (_, chain) => text.replaceAll("@", chain)).join("\n");
  const sum = Array.from({ length: chains }, (_, chain) => `(local.get $a${chain})`).reduce((a, b) => `(f32x4.add ${a} ${b})`);
  const module = binaryen.parseText(`(module
    (global (export "flops") i32 (i32.const ${chains * 8}))
    (func (export "spin") (param $n i32) (result f32)
      ${each("(local $a@ v128)")} (local $x v128) (local $y v128)
      (local.set $x (f32x4.splat (f32.const 0.999)))
      (local.set $y (f32x4.splat (f32.const 0.001)))
      (loop $again
        ${each("(local.set $a@ (f32x4.add (f32x4.mul (local.get $a@) (local.get $x)) (local.get $y)))")}
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (f32x4.extract_lane 0 ${sum})))`);
  module.setFeatures(binaryen.Features.SIMD128);
  return module.emitBinary();
}
