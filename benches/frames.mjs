// What the page costs while it is looked at: pictures a second, what of the main thread is busy, layouts, processor time a picture;
// then at rest, and while it opens. Of one built page or of several side by side, in turn.
//
//   node benches/frames.mjs [--dist=dist,/path/of/another] [--only=default,six,slow,idle,load] [--seconds=5] [--repeats=3]

import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const option = (name, otherwise) => process.argv.find((given) => given.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise;
const dists = option("dist", "dist").split(",").map((each) => resolve(root, each));
const seconds = Number(option("seconds", "5"));
const repeats = Number(option("repeats", "3"));

/** What plays: hidden layers in place of the page's own, how often the processor is slowed, whether another process keeps one core busy. */
const PLAYING = {
  default: {},
  six: { layers: [8, 8, 8, 8, 8, 8] },
  slow: { slowed: 4 },
  busy: { beside: true },
  "six-busy": { layers: [8, 8, 8, 8, 8, 8], beside: true },
};
const only = option("only", [...Object.keys(PLAYING), "idle", "load"].join()).split(",");

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".json": "application/json" };
function serve(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://x");
    const file = join(folder, pathname === "/" ? "index.html" : decodeURIComponent(pathname));
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done({ origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() })));
}

const { args } = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"))["goog:chromeOptions"];
const executablePath = process.env.CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();

/** Seconds of processor time that a process and those it started have used. */
function used(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100 + children.reduce((sum, child) => sum + (existsSync(`/proc/${child}`) ? used(child) : 0), 0);
}

async function opened(origin, use) {
  // As the tests start it: full Chromium in the new headless mode, which draws in software where there is no graphics card.
  const server = await chromium.launchServer({ executablePath, headless: false, args: ["--headless=new", ...args.filter((flag) => !flag.startsWith("--headless"))] });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en", serviceWorkers: "block" })).newPage();
    await page.addInitScript(() => {
      window.noted = { long: [], shifts: 0 };
      new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.noted.long.push(Math.round(duration)); }).observe({ type: "longtask", buffered: true });
      new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.noted.shifts += value; }).observe({ type: "layout-shift", buffered: true });
      window.asked = 0;
      const request = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) => { window.asked += 1; return request(callback); };
    });
    await page.goto(origin);
    await page.getByTestId("play").first().isEnabled();
    return await use(page, server.process().pid);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Traces the main thread of the page for so long. */
async function traced(page, during) {
  const cdp = await page.context().newCDPSession(page);
  const events = [];
  cdp.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await cdp.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel", "devtools.timeline"], excludedCategories: ["*"] } });
  const result = await during();
  const over = new Promise((done) => { cdp.once("Tracing.tracingComplete", done); });
  await cdp.send("Tracing.end");
  await over;
  const main = events.find(({ name, ph }) => name === "FireAnimationFrame" && ph === "X") ?? events.find(({ name }) => name === "FunctionCall");
  const mine = events.filter(({ ph, pid, tid }) => ph === "X" && pid === main?.pid && tid === main?.tid).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  let [busy, cpu, end] = [0, 0, -Infinity];
  for (const { ts, dur, tdur } of mine) {
    // What lies within another is counted with it.
    if (ts < end) continue;
    busy += dur;
    cpu += tdur ?? 0;
    end = ts + dur;
  }
  const count = (name) => mine.filter((each) => each.name === name).length;
  return { ...result, busy: busy / 1e6, cpu: cpu / 1e6, layouts: count("Layout"), commits: count("Commit") };
}

async function playing(origin, { layers, slowed }) {
  return opened(origin, async (page, pid) => {
    await page.waitForTimeout(1000);
    if (layers) {
      await page.evaluate(async (units) => {
        const { actions, config } = document.querySelector("neural-playground").store;
        await actions.changeLayers(() => units.map((each) => ({ ...structuredClone(config.value.network.hidden[0]), units: each })));
      }, layers);
    }
    if (slowed) await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slowed });
    await page.getByTestId("play").first().click();
    await page.mouse.move(5, 5);
    await page.waitForTimeout(2500);
    const before = used(pid);
    const measured = await traced(page, () => page.evaluate(async (milliseconds) => {
      const { frame } = document.querySelector("neural-playground").store;
      const seen = new Set();
      const from = performance.now();
      let pictures = 0;
      while (performance.now() - from < milliseconds) {
        await new Promise(requestAnimationFrame);
        pictures += 1;
        seen.add(frame.value);
      }
      return { pictures, frames: seen.size, seconds: (performance.now() - from) / 1000 };
    }, seconds * 1000));
    const { pictures, frames, seconds: took, busy, cpu, layouts } = measured;
    return {
      "pictures/s": pictures / took, "frames/s": frames / took, "main thread %": (100 * busy) / took, "main thread ms/picture": (1000 * cpu) / pictures,
      "layouts/picture": layouts / pictures, "all processes ms/picture": (1000 * (used(pid) - before)) / pictures,
    };
  });
}

async function idle(origin) {
  return opened(origin, async (page) => {
    await page.waitForTimeout(4000);
    const asked = await page.evaluate(() => window.asked);
    const { busy } = await traced(page, async () => { await page.waitForTimeout(5000); return {}; });
    return { "animation frames asked for in 5 s": (await page.evaluate(() => window.asked)) - asked, "main thread %": (100 * busy) / 5 };
  });
}

async function load(origin) {
  return opened(origin, async (page) => {
    await page.waitForTimeout(5000);
    const { long, shifts } = await page.evaluate(() => window.noted);
    return { "longest task, ms": Math.max(0, ...long), "layout shift": shifts };
  });
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const sites = await Promise.all(dists.map(serve));
for (const name of only) {
  const measure = name === "idle" ? idle : name === "load" ? load : (origin) => playing(origin, PLAYING[name]);
  const runs = sites.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [at, { origin }] of sites.entries()) {
      const beside = PLAYING[name]?.beside ? (await import("node:child_process")).spawn(process.execPath, ["-e", "for(;;);"]) : null;
      try {
        runs[at].push(await measure(origin));
      } finally {
        beside?.kill();
      }
    }
  }
  console.log(`\n${name}`);
  for (const key of Object.keys(runs[0][0])) {
    console.log(`  ${key.padEnd(34)}${runs.map((each) => median(each.map((run) => run[key])).toPrecision(4).padStart(12)).join("")}`);
  }
}
for (const { close } of sites) close();
