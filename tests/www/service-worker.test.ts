// The built service worker, before servers that answer wrongly in every way that could be thought of: what it keeps, and what it gives.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import vm from "node:vm";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const SCOPE = "https://example.org/playground/";
const script = readFileSync(join(dist, "sw.js"), "utf8");
const TYPES: Record<string, string> = { js: "text/javascript", wasm: "application/wasm", css: "text/css", html: "text/html; charset=utf-8" };

type Answer = (path: string) => Response | Promise<Response>;

/** As the site answers. */
const honest: Answer = (path) => {
  const file = join(dist, path === "" ? "index.html" : path);
  if (!existsSync(file)) return new Response("not found", { status: 404 });
  return new Response(readFileSync(file), { headers: { "content-type": TYPES[file.split(".").at(-1)!] ?? "application/octet-stream" } });
};
const portal = (): Response => new Response("<!doctype html><title>Hotel</title><form>Please sign in</form>", { headers: { "content-type": "text/html" } });

class FakeCache {
  readonly entries = new Map<string, Response>();
  full = false;
  async put(url: string, response: Response): Promise<void> {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    if (response.headers.get("vary") === "*") throw new TypeError("varies by everything");
    assert.equal(response.status, 200);
    this.entries.set(url, new Response(await response.arrayBuffer(), { headers: response.headers }));
  }
  async match(url: string): Promise<Response | undefined> {
    return this.entries.get(url.replace(/[?#].*/, ""))?.clone();
  }
}

/** A browser's storage, which lives on while workers come and go. */
class FakeCaches {
  readonly all = new Map<string, FakeCache>();
  broken = false;
  full = false;
  async open(name: string): Promise<FakeCache> {
    if (this.broken) throw new DOMException("cannot", "UnknownError");
    if (!this.all.has(name)) this.all.set(name, new FakeCache());
    this.all.get(name)!.full = this.full;
    return this.all.get(name)!;
  }
  async keys(): Promise<string[]> {
    if (this.broken) throw new DOMException("cannot", "UnknownError");
    return [...this.all.keys()];
  }
  async has(name: string): Promise<boolean> { return this.all.has(name); }
  async delete(name: string): Promise<boolean> { return this.all.delete(name); }
}

interface Worker {
  install(): Promise<void>;
  activate(): Promise<void>;
  message(data: unknown): Promise<void>;
  /** Null where the worker leaves the request to the network. */
  get(path: string, navigate?: boolean): Promise<Response> | null;
  asked: string[];
}

/** A worker of that script, as a browser runs it. */
function worker(caches: FakeCaches, answer: () => Answer, source = script): Worker {
  const listeners: Record<string, (event: unknown) => void> = {};
  const asked: string[] = [];
  const self = { registration: { scope: SCOPE }, addEventListener: (type: string, listen: (event: unknown) => void) => { listeners[type] = listen; }, clients: { claim: async () => {} } };
  const fetch = async (request: string | { url: string }): Promise<Response> => {
    const path = (typeof request === "string" ? request : request.url).replace(SCOPE, "").replace(/[?#].*/, "");
    asked.push(path);
    return answer()(path);
  };
  vm.runInNewContext(source, { self, caches, fetch, Response, Headers, URL, crypto, Map, Promise, Uint8Array, addEventListener: self.addEventListener, setTimeout: (then: () => void) => setTimeout(then, 1) });
  const wait = async (type: string, more: object = {}): Promise<void> => {
    let until: Promise<unknown> = Promise.resolve();
    listeners[type]!({ ...more, waitUntil: (promise: Promise<unknown>) => { until = promise; } });
    await until;
  };
  return {
    asked,
    install: () => wait("install"), activate: () => wait("activate"), message: (data) => wait("message", { data }),
    get(path, navigate = false) {
      let response: Promise<Response> | null = null;
      const request = { url: SCOPE + path, method: "GET", mode: navigate ? "navigate" : "cors", destination: navigate ? "document" : "script" };
      listeners.fetch!({ request, respondWith: (given: Promise<Response>) => { response = given; } });
      return response;
    },
  };
}

const first = /"(assets\/index-[^"]+\.js)"|`(assets\/index-[^`]+\.js)`/.exec(script)!;
const MAIN = (first[1] ?? first[2])!;
const wasm = /assets\/neural_playground_bg-[\w-]+\.wasm/.exec(script)![0];
const keptOf = (caches: FakeCaches): string[] => [...caches.all.values()].flatMap(({ entries }) => [...entries.keys()]);

test("an honest server's site is kept whole, and opens without one", async () => {
  const caches = new FakeCaches();
  let answer: Answer = honest;
  const it = worker(caches, () => answer);
  await it.install();
  await it.activate();
  answer = () => Promise.reject(new TypeError("no network"));
  assert.match(await (await it.get("", true)!).text(), /neural-playground/);
  assert.deepEqual(Buffer.from(await (await it.get(`${MAIN}?again=2`)!).arrayBuffer()), readFileSync(join(dist, MAIN)));
  assert.equal(it.get("v1/playground.js"), null, "what others embed is none of its business");
});

const PAGES: Record<string, Answer> = {
  "a portal answers everything": portal,
  "a portal answers for the page": (path) => (path === "" ? portal() : honest(path)),
  "a page of another build": (path) => (path === "" ? new Response(readFileSync(join(dist, "index.html"), "utf8").replace(/assets\/index-/g, "assets/index-other-")) : honest(path)),
  "a page with 503 that looks right": (path) => (path === "" ? new Response(readFileSync(join(dist, "index.html")), { status: 503 }) : honest(path)),
  "a piece is a page (a server that answers index.html for what it has not)": (path) => (path === MAIN ? honest("") : honest(path)),
  "a piece is missing": (path) => (path === MAIN ? new Response("gone", { status: 404 }) : honest(path)),
  "a piece is cut off": (path) => (path === MAIN ? new Response(readFileSync(join(dist, MAIN)).subarray(0, 5000)) : honest(path)),
  "a piece is partial": (path) => (path === MAIN ? new Response(readFileSync(join(dist, MAIN)), { status: 206 }) : honest(path)),
  "a piece has other bytes under its name": (path) => (path === wasm ? new Response(readFileSync(join(dist, wasm)).fill(0, 100, 110)) : honest(path)),
  "a piece is empty": (path) => (path === wasm ? new Response("") : honest(path)),
  "a piece never comes": (path) => (path === MAIN ? Promise.reject(new TypeError("reset")) : honest(path)),
};
for (const [name, answer] of Object.entries(PAGES)) test(`nothing is kept, and the version before stays: ${name}`, async () => {
  const caches = new FakeCaches();
  await assert.rejects(worker(caches, () => answer).install());
  assert.deepEqual(keptOf(caches), []);
  // Where the same version was whole already, it is whole still.
  await worker(caches, () => honest).install();
  const before = keptOf(caches).length;
  await worker(caches, () => answer).install().catch(() => {});
  assert.equal(keptOf(caches).length, before);
  assert.match(await (await worker(caches, () => answer).get("", true)!).text(), /neural-playground/);
});

test("a piece that is lost on its way once or twice is asked for again", async () => {
  const caches = new FakeCaches();
  const lost = new Map<string, number>([[MAIN, 2], ["", 1], [wasm, 2]]);
  const it = worker(caches, () => (path) => {
    const left = lost.get(path) ?? 0;
    lost.set(path, left - 1);
    return left > 0 ? Promise.reject(new TypeError("reset")) : honest(path);
  });
  await it.install();
  assert.ok([MAIN, "", wasm].every((path) => keptOf(caches).includes(SCOPE + path)));
  assert.equal(it.asked.filter((path) => path === MAIN).length, 3);
});

test("redirects, and headers that a cache does not take, do no harm", async () => {
  const caches = new FakeCaches();
  await worker(caches, () => async (path) => {
    const response = await honest(path);
    return Object.defineProperty(new Response(response.body, { headers: { ...Object.fromEntries(response.headers), vary: "*", "content-encoding": "br", "content-length": "7" } }), "redirected", { value: true });
  }).install();
  const [page] = [...caches.all.values()].map(({ entries }) => entries.get(SCOPE)!);
  assert.equal(page!.headers.get("content-encoding"), null);
  assert.equal(page!.redirected, false);
});

test("what few need is kept only if it is right", async () => {
  const caches = new FakeCaches();
  let answer: Answer = honest;
  const it = worker(caches, () => answer);
  await it.install();
  answer = (path) => (path === "digits.bin" ? portal() : honest(path));
  await it.message({ rest: true, withGpu: true });
  assert.ok(!keptOf(caches).includes(`${SCOPE}digits.bin`));
  assert.match(await (await it.get("digits.bin")!).text(), /sign in/, "the page is told what the server said");
  assert.match(await (await it.get("assets/unknown-12345678.js")!.then((response) => response.clone())).text(), /not found/);
  assert.ok(!keptOf(caches).some((url) => url.includes("unknown")));
  answer = honest;
  await it.message(null);
  await it.message({ rest: true });
  assert.ok(keptOf(caches).includes(`${SCOPE}digits.bin`));
  answer = portal;
  assert.equal((await (await it.get("digits.bin")!).arrayBuffer()).byteLength, readFileSync(join(dist, "digits.bin")).byteLength);
});

test("a full disk, or a cache that cannot be read, withholds nothing", async () => {
  const caches = new FakeCaches();
  caches.full = true;
  const it = worker(caches, () => honest);
  await assert.rejects(it.install(), { name: "QuotaExceededError" });
  assert.deepEqual(keptOf(caches), []);
  assert.equal((await it.get(MAIN)!).status, 200);
  caches.broken = true;
  assert.match(await (await it.get("", true)!).text(), /neural-playground/);
  assert.equal((await it.get(MAIN)!).status, 200);
});

/** The same site, built at another time: another version of which only the page differs. */
function other(mark: string): { source: string; answer: Answer } {
  return {
    source: script.replace(/version:\s*(["'`])[0-9a-f]{16}\1/, (_, quote: string) => `version:${quote}${mark.padEnd(16, "0")}${quote}`),
    answer: async (path) => (path === "" ? new Response(`${await (await honest("")).text()}<!-- ${mark} -->`) : honest(path)),
  };
}

test("a newer version takes over, and after a roll-back the older one does, whatever is in the caches", async () => {
  const caches = new FakeCaches();
  const bad = other("bad");
  assert.notEqual(bad.source, script);
  const shown = async (it: Worker): Promise<boolean> => (await (await it.get("", true)!).text()).includes("<!-- bad -->");
  const good = worker(caches, () => honest);
  await good.install();
  await good.activate();
  const worse = worker(caches, () => bad.answer, bad.source);
  await worse.install();
  assert.equal(await shown(good), true, "the newest whole version, whichever worker answers");
  // The site goes back before the bad version's worker took over: its own cache is there still, and older.
  const back = worker(caches, () => honest);
  await back.install();
  assert.equal(await shown(good), false);
  assert.equal(await shown(back), false);
  assert.ok(back.asked.every((path) => path === ""), "and nothing is fetched twice");
  await back.activate();
  assert.equal(caches.all.size, 1);
  // And after it had taken over, and the good version's cache was gone.
  const again = worker(caches, () => bad.answer, bad.source);
  await again.install();
  await again.activate();
  assert.equal(await shown(again), true);
  const mended = worker(caches, () => honest);
  await mended.install();
  assert.equal(await shown(again), false);
});
