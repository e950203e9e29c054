// The second visit: without a network, with a newer build on the server, from any folder; and no visit asks any other server for anything.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import type { BrowserContext, Page } from "playwright-core";

import { writeServiceWorker } from "../../scripts/offline.mjs";
import { words } from "./support/browser";
import { Playground, eventually } from "./support/playground";
import { dist } from "./support/server";
import { withSite } from "./support/site";

// Chromium asks its maker which fields of a form it might fill in: that is no request of the page's.
const flags = ["--disable-features=AutofillServerCommunication"];
const chromium = withSite({ flags });
const withWebGpu = withSite({ flags, webgpu: true });
const visitor = () => chromium.visitor({ locale: "en" });

const SCRIPT_POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:";
/** A folder of the server, as a page of a course would have it. */
const BASE = "/courses/2026/network/";

async function open(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await new Playground(page).until("metric-train-loss", Number.isFinite);
  return page;
}

async function trains(page: Page): Promise<void> {
  const playground = new Playground(page);
  const epoch = await playground.figure("epoch-counter");
  await playground.click("epoch");
  await playground.until("epoch-counter", (now) => now > epoch);
}

/** Names of the caches and the paths in each, relative to the site. */
function caches(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(async () => {
    const found: Record<string, string[]> = {};
    for (const name of await window.caches.keys()) {
      const requests = await (await window.caches.open(name)).keys();
      found[name] = requests.map(({ url }) => url.replace(document.baseURI.replace(/#.*/, ""), "")).sort();
    }
    return found;
  });
}

/** Waits until the worker has kept the site, the digits too. */
async function isKept(page: Page, count = 1): Promise<Record<string, string[]>> {
  let now: Record<string, string[]> = {};
  await eventually(`${count} whole sites are kept`, async () => {
    now = await caches(page);
    return Object.keys(now).length === count && Object.values(now).every((paths) => paths.includes("") && paths.includes("digits.bin"));
  }, 60_000);
  return now;
}

test("after one visit the page opens without a network, from a folder: it trains, speaks both languages, has the digits", async (t) => {
  const site = await chromium.serve({ base: BASE, headers: { "content-security-policy": SCRIPT_POLICY } });
  const { context, errors } = await visitor();
  const address = `${site.origin}${BASE}`;
  const first = await open(context, address);
  assert.equal(await first.evaluate(() => navigator.serviceWorker.controller), null, "nothing is kept before the first picture");
  await trains(first);
  const [paths] = Object.values(await isKept(first));
  for (const language of ["en", "zh-CN"]) assert.ok(paths!.some((path) => path.startsWith(`assets/${language}-`)), language);
  await first.close();

  await site.close();
  const page = await open(context, address);
  t.diagnostic(`without a network there are figures after ${Math.round(await page.evaluate(() => performance.now()))} ms`);
  await trains(page);
  await page.close();
  // A link opens too, and so does the file by its name.
  const again = await open(context, `${address}index.html#seed=0.59704&dataset=xor`);
  const playground = new Playground(again);
  await playground.part("mode-note").waitFor();
  await playground.click("language");
  await again.getByRole("button", { name: words("zh-CN")["ui.play"]!, exact: true }).waitFor();
  await playground.click("share");
  await playground.part("share-dialog").waitFor();
  await again.keyboard.press("Escape");
  await playground.click("sound-defaults");
  await playground.click("dataset-digits");
  await playground.part("digits-wrong").waitFor();
  await trains(again);
  assert.deepEqual(await playground.untranslated(), []);
  assert.deepEqual(errors, []);
});

test("after a visit that saves data WebGPU's module is missing without a network: the processor trains, it is said, and a network mends it", async () => {
  const site = await withWebGpu.serve();
  const { context } = await withWebGpu.visitor({ locale: "en" });
  await context.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  const first = await open(context, `${site.origin}/`);
  await eventually("the page is kept", async () => Object.values(await caches(first)).some((paths) => paths.includes("")), 60_000);
  const [paths] = Object.values(await caches(first));
  assert.deepEqual(paths!.filter((path) => path.includes("_gpu") || path === "digits.bin"), [], "what few need is not kept");
  await first.close();

  // The server is there, and has nothing: what the browser itself may have kept is no part of this.
  const gpu = readdirSync(join(dist, "assets")).filter((name) => name.includes("_gpu")).map((name) => `/assets/${name}`);
  for (const path of gpu) site.missing.add(path);
  const page = await context.newPage();
  await (await context.newCDPSession(page)).send("Network.clearBrowserCache");
  await page.goto(`${site.origin}/`);
  const playground = new Playground(page);
  await playground.until("metric-train-loss", Number.isFinite);
  await playground.click("engine-badge");
  await playground.click("engine-webgpu");
  const said = words("en")["engine.gpu_module_unavailable"]!.replace("{message}", "");
  await playground.part("engine-why").filter({ hasText: said }).waitFor();
  assert.match(await playground.part("engine-name").innerText(), /CPU/);
  await page.keyboard.press("Escape");
  await trains(page);

  site.missing.clear();
  await playground.click("engine-badge");
  await playground.click("engine-retry");
  await playground.part("engine-name").filter({ hasText: "WebGPU" }).waitFor({ timeout: 200_000 });
});

/** Another build: a chunk has other contents, so another name; and so have all files that name it, and those that name them. */
async function otherBuild(): Promise<{ second: string; changed: string[] }> {
  const second = `${mkdtempSync(join(tmpdir(), "neural-playground-"))}/`;
  cpSync(dist, second, { recursive: true, filter: (path) => !path.includes("package") });
  const assets = join(second, "assets");
  const texts = new Map(readdirSync(assets).filter((name) => name.endsWith(".js")).map((name) => [name, readFileSync(join(assets, name), "utf8")]));
  const chart = [...texts.keys()].find((name) => name.startsWith("chart-"))!;
  texts.set(chart, `${texts.get(chart)!}\nglobalThis.secondBuild = true;\n`);
  const changed = new Set([chart]);
  for (const name of changed) for (const [other, text] of texts) if (text.includes(name)) changed.add(other);
  const renamed = (text: string): string => [...changed].reduce((now, name) => now.replaceAll(name, `SECOND-${name}`), text);
  for (const [name, text] of texts) {
    rmSync(join(assets, name));
    writeFileSync(join(assets, renamed(name)), renamed(text));
  }
  const page = join(second, "index.html");
  writeFileSync(page, renamed(readFileSync(page, "utf8")));
  await writeServiceWorker(second);
  return { second, changed: [...changed].map((name) => `/assets/SECOND-${name}`).sort() };
}

test("a newer build takes over at the next visit; a page that is open goes on with its own files; the old cache goes", async () => {
  const { second, changed } = await otherBuild();
  const site = await chromium.serve();
  const { context, errors } = await visitor();
  const address = `${site.origin}/`;
  const script = (page: Page): Promise<string> => page.evaluate(() => document.querySelector<HTMLScriptElement>("script[src]")!.src.replace(/.*\//, ""));
  const hasSecondChart = (page: Page): Promise<boolean> => page.evaluate(() => (globalThis as { secondBuild?: boolean }).secondBuild === true);

  const first = await open(context, address);
  const name = await script(first);
  await trains(first);
  const [old] = Object.keys(await isKept(first));
  await first.close();

  // From here on the first build's files are gone from the server.
  site.folder = second;
  site.requests.length = 0;
  const page = await open(context, address);
  assert.equal(await script(page), name, "what was kept opens at once");
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  const both = await isKept(page, 2);
  const fetched = site.requests.filter((path) => path.startsWith("/assets/") || path === "/digits.bin");
  assert.deepEqual(fetched.sort(), changed, "only what is new is fetched");
  await trains(page);
  assert.equal(await hasSecondChart(page), false, "the open page has its own charts");

  await page.reload();
  await new Playground(page).until("metric-train-loss", Number.isFinite);
  assert.equal(await script(page), `SECOND-${name}`, "the next visit has the new build");
  await trains(page);
  await page.waitForFunction(() => (globalThis as { secondBuild?: boolean }).secondBuild === true);
  await page.close();

  // A page that comes before the browser has seen the last one closed belongs to the old version, and keeps it.
  let last = await open(context, address);
  for (const deadline = Date.now() + 60_000; Object.keys(await caches(last)).length > 1 && Date.now() < deadline;) {
    await last.close();
    await new Promise((done) => setTimeout(done, 1000));
    last = await open(context, address);
  }
  const [now] = Object.keys(await isKept(last));
  assert.ok(both[now!] && now !== old, "one cache is left, the newer one");
  await site.close();
  await last.reload();
  await new Playground(last).until("metric-train-loss", Number.isFinite);
  assert.equal(await script(last), `SECOND-${name}`);
  assert.deepEqual(errors, []);
  rmSync(second, { recursive: true });
});

test("a build that is only half on the server is not kept", async () => {
  const site = await chromium.serve();
  const page = await (await visitor()).context.newPage();
  const chunk = readdirSync(join(dist, "assets")).find((name) => name.startsWith("share-dialog-"))!;
  site.missing.add(`/assets/${chunk}`);
  await page.goto(`${site.origin}/`);
  await new Playground(page).until("metric-train-loss", Number.isFinite);
  const refused = await page.evaluate(() => navigator.serviceWorker.register("sw.js").then((registration) => new Promise((resolve) => {
    const worker = registration.installing!;
    worker.addEventListener("statechange", () => resolve(worker.state));
  })));
  assert.equal(refused, "redundant");
  assert.deepEqual(await caches(page), {});
});

test("a whole visit asks the page's own server and no other", async () => {
  const site = await chromium.serve();
  // The server is also the browser's proxy, for its own address too: it sees whatever leaves the page, its workers and its service worker.
  const { context } = await chromium.visitor({ locale: "en", proxy: { server: site.origin, bypass: "<-loopback>" } });
  const asked = new Set<string>();
  context.on("request", (request) => {
    if (/^(https?|wss?):/.test(request.url())) asked.add(new URL(request.url()).host);
  });
  const page = await open(context, `${site.origin}/#tutorial=intro&seed=1&dataset=spiral`);
  const playground = new Playground(page);
  await playground.click("sound-defaults");
  await trains(page);
  await playground.click("dataset-digits");
  await playground.part("digits-wrong").waitFor();
  for (const id of ["language", "theme", "share"]) await playground.click(id);
  await playground.part("share-dialog").waitFor();
  await page.locator("np-embed-section summary").first().click();
  await playground.part("embed-code").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.keyboard.press("Escape");
  await isKept(page);
  await page.reload();
  await playground.until("metric-train-loss", Number.isFinite);
  const own = new URL(site.origin).host;
  assert.deepEqual([...site.hosts], [own]);
  assert.deepEqual([...asked], [own]);
});
