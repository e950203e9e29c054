/**
 * The service worker of the page: what a visit fetched opens the next one, with or without a network. Written here rather than
 * taken from a library, because all there is to it is one list of files that never change and one page that names them.
 *
 * Every build is a version with a cache of its own, filled whole or not at all. A page is answered from the whole cache that was
 * filled last, whichever worker answers; a file with a hashed name from whichever cache holds it. So a new version, or an older one
 * that the site went back to, shows at the next visit or reload, a page that is open goes on with its own files, and the old cache
 * goes when the last such page is closed.
 *
 * Servers answer wrongly in many ways: an error's page with 200, a login or a hotel's portal for a script, half a site, a redirect,
 * other bytes. Nothing is kept but what has the digest that the build wrote down, and of pages the one that names this build's files.
 * Where the cache itself fails, the network answers.
 */

/// <reference lib="webworker" />

export {};

declare const self: ServiceWorkerGlobalScope;
/**
 * Written by the build: a digest of everything; the hashed files that every visitor may need, and what few do (the digits, whose name
 * has no hash, and WebGPU's), each with its SHA-256 in hexadecimal.
 */
declare const OFFLINE: { version: string; files: Record<string, string>; rest: Record<string, string> };

const { version, files, rest } = OFFLINE;
const { scope } = self.registration;
/** Another copy of the site in another folder of the same server has caches of its own. */
const PREFIX = `neural-playground ${scope} `;
const CACHE = PREFIX + version;
const PAGE = scope;
const DIGITS = new URL("digits.bin", scope).href;
const ASSETS = new URL("assets/", scope).href;
/** In which order caches were filled: their own order is that in which they were first made. */
const ORDER = "x-kept-order";
/** Digests by address. */
const DIGESTS = new Map(Object.entries({ ...files, ...rest }).map(([path, digest]) => [address(path), digest]));

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  // What few visitors need: each is kept once it is fetched, or in a quiet moment, when the page says so.
  const { rest: wanted, withGpu } = (event.data ?? {}) as { rest?: boolean; withGpu?: boolean };
  if (wanted) event.waitUntil(Promise.allSettled(Object.keys(rest).map(address).filter((url) => withGpu || url === DIGITS).map((url) => answer(url, url))));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = plain(request.url);
  // A page in a frame is an embed, and needs its network as its host does.
  if (request.mode === "navigate") {
    if (request.destination === "document" && (url === PAGE || url === `${PAGE}index.html`)) event.respondWith(page(request));
  } else if (url.startsWith(ASSETS) || url === DIGITS) event.respondWith(answer(request, url));
});

async function install(): Promise<void> {
  const isWhole = (await orderOf(CACHE)) > 0;
  try {
    const cache = await caches.open(CACHE);
    const start = await thePage();
    // What a version has in common with the last one is not fetched twice.
    await Promise.all(Object.keys(files).map(address).map(async (url) => cache.put(url, (await keptAndGood(url)) ?? (await fetched(url)))));
    for (const url of Object.keys(rest).map(address)) {
      const old = await keptAndGood(url);
      if (old) await cache.put(url, old);
    }
    // The page comes last: a cache that holds it is whole.
    const newest = Math.max(0, ...(await Promise.all((await names()).map(orderOf))));
    start.headers.set(ORDER, String(newest + 1));
    await cache.put(PAGE, start);
  } catch (error) {
    // What was whole before is whole still.
    if (!isWhole) await caches.delete(CACHE);
    throw error;
  }
}

/** No page of an older version is open any more. */
async function activate(): Promise<void> {
  for (const name of await names()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function page(request: Request): Promise<Response> {
  return (await kept(PAGE)) ?? fetch(request);
}

/** From a cache, else from the network; what comes from there is kept if it is what the build made. */
async function answer(request: Request | string, url: string): Promise<Response> {
  const found = await kept(url);
  if (found) return found;
  const response = await fetch(request);
  // A disk that is full is no reason to withhold the file.
  if (DIGESTS.has(url)) await keep(url, response.clone()).catch(() => {});
  return response;
}

async function keep(url: string, response: Response): Promise<void> {
  const whole = await good(url, response);
  if (whole) await (await caches.open(CACHE)).put(url, whole);
}

/** In the cache that was filled last, of those that have it. A cache that cannot be read has nothing. */
async function kept(url: string): Promise<Response | undefined> {
  try {
    for (const name of await versions()) {
      const found = await (await caches.open(name)).match(url, { ignoreSearch: true, ignoreVary: true });
      if (found) return found;
    }
  } catch {
    // The network is asked.
  }
  return undefined;
}

async function keptAndGood(url: string): Promise<Response | null> {
  const found = await kept(url);
  return found ? good(url, found) : null;
}

/** Names of our caches. */
async function names(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** The same, the last filled first; those that are not whole at the end. */
async function versions(): Promise<string[]> {
  const ordered = await Promise.all((await names()).map(async (name) => ({ name, order: await orderOf(name) })));
  return ordered.sort((a, b) => b.order - a.order).map(({ name }) => name);
}

/** 0 where it is not whole; a cache that was filled by an older worker has no number, and is whole all the same. */
async function orderOf(name: string): Promise<number> {
  const start = (await caches.has(name)) ? await (await caches.open(name)).match(PAGE) : undefined;
  return start ? Number(start.headers.get(ORDER) ?? 0.5) : 0;
}

function address(path: string): string {
  return new URL(path, scope).href;
}

/** Without what stands behind `?` and `#`. */
function plain(url: string): string {
  return url.replace(/[?#].*/, "");
}

/** The response with nothing about it but bytes and type, if those are the build's; else null. */
async function good(url: string, response: Response): Promise<Response | null> {
  if (response.status !== 200) return null;
  const bytes = await response.arrayBuffer();
  if ((await sha256(bytes)) !== DIGESTS.get(url)) return null;
  return new Response(bytes, { headers: headersOf(response) });
}

/** Those that are still true of the bytes as they lie here; a cache takes nothing that varies by everything. */
function headersOf({ headers }: Response): Headers {
  const rest = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding", "vary"]) rest.delete(name);
  return rest;
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** So often is one asked that does not answer at all, with a pause between in milliseconds: one of many may be lost on its way. */
const TRIES = 3;
const PAUSE = 1000;

/** Never an old copy out of the browser's own cache. */
async function asked(url: string, tries = TRIES): Promise<Response> {
  try {
    return await fetch(url, { cache: "no-cache" });
  } catch (error) {
    if (tries === 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return asked(url, tries - 1);
  }
}

async function fetched(url: string): Promise<Response> {
  const whole = await good(url, await asked(url));
  if (!whole) throw new Error(`${url} is not what the build made`);
  return whole;
}

/** The page of this build. Hosts add to pages, so its digest says nothing: the files that it names do. */
async function thePage(): Promise<Response> {
  const response = await asked(PAGE);
  const text = await response.text();
  const named = [...text.matchAll(/assets\/[\w.-]+/g)].map(([name]) => name);
  // The site may be being replaced at this moment: the browser tries again at the next visit.
  const strange = named.find((name) => !(name in files));
  if (response.status !== 200 || named.length === 0 || strange !== undefined) throw new Error(`the page is not of this build (${response.status}, ${strange ?? "none of its files"})`);
  // A page that was redirected to may not answer a visit.
  return new Response(text, { headers: headersOf(response) });
}
