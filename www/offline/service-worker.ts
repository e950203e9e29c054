/**
 * The service worker of the page: what a visit fetched opens the next one, with or without a network. Written here rather than
 * taken from a library, because all there is to it is one list of files that never change and one page that names them.
 *
 * Every build is a version with a cache of its own, filled whole or not at all. A page is answered from the newest whole cache,
 * whichever worker answers; a file with a hashed name from whichever cache holds it. So a new version shows at the next visit
 * or reload, a page that is open goes on with its own files, and the old cache goes when the last such page is closed.
 */

/// <reference lib="webworker" />

export {};

declare const self: ServiceWorkerGlobalScope;
/**
 * Written by the build: a digest of everything; the hashed files that every visitor may need; those for WebGPU; and the digits',
 * SHA-256 in hexadecimal, because their name has none.
 */
declare const OFFLINE: { version: string; files: string[]; gpu: string[]; digits: string };

const { version, files, gpu, digits } = OFFLINE;
const { scope } = self.registration;
/** Another copy of the site in another folder of the same server has caches of its own. */
const PREFIX = `neural-playground ${scope} `;
const CACHE = PREFIX + version;
const PAGE = scope;
const DIGITS = new URL("digits.bin", scope).href;
const ASSETS = new URL("assets/", scope).href;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  // What few visitors need: each is kept once it is fetched, or in a quiet moment, when the page says so.
  const { rest, withGpu } = event.data as { rest?: boolean; withGpu?: boolean };
  if (rest) event.waitUntil(Promise.all([DIGITS, ...(withGpu ? gpu : []).map(address)].map(answer)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = request.url.replace(/[?#].*/, "");
  // A page in a frame is an embed, and needs its network as its host does.
  if (request.mode === "navigate") {
    if (request.destination === "document" && (url === PAGE || url === `${PAGE}index.html`)) event.respondWith(page(request));
  } else if (url.startsWith(ASSETS) || url === DIGITS) event.respondWith(answer(request));
});

async function install(): Promise<void> {
  try {
    const cache = await caches.open(CACHE);
    const start = await fetched(PAGE);
    for (const [name] of (await start.clone().text()).matchAll(/assets\/[\w.-]+/g)) {
      // The site is being replaced at this moment: the browser tries again at the next visit.
      if (!files.includes(name)) throw new Error(`${name} is of another build`);
    }
    // What a version has in common with the last one is not fetched twice.
    await Promise.all(files.map(address).map(async (url) => cache.put(url, (await kept(url)) ?? (await fetched(url)))));
    for (const url of [DIGITS, ...gpu.map(address)]) {
      const old = await kept(url);
      if (old && (url !== DIGITS || (await sha256(old.clone())) === digits)) await cache.put(url, old);
    }
    // The page comes last: a cache that holds it is whole.
    await cache.put(PAGE, start);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** No page of an older version is open any more. */
async function activate(): Promise<void> {
  for (const name of await versions()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

async function page(request: Request): Promise<Response> {
  return (await kept(PAGE)) ?? fetch(request);
}

/** From a cache, else from the network; what comes from there is kept. */
async function answer(request: Request | string): Promise<Response> {
  const found = await kept(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.status !== 200) return response;
  const copy = response.clone();
  // A disk that is full is no reason to withhold the file.
  await caches.open(CACHE).then((cache) => cache.put(request, copy)).catch(() => {});
  return response;
}

/** In the newest cache that has it. */
async function kept(request: Request | string): Promise<Response | undefined> {
  for (const name of (await versions()).reverse()) {
    const found = await (await caches.open(name)).match(request, { ignoreSearch: true, ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

/** Names of our caches, oldest first. */
async function versions(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

function address(path: string): string {
  return new URL(path, scope).href;
}

async function sha256(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Never an old copy out of the browser's own cache. */
async function fetched(url: string): Promise<Response> {
  const response = await fetch(url, { cache: "no-cache" });
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  // A page that was redirected to may not answer a visit.
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response;
}
