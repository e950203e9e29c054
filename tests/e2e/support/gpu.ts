// Pages with engines for tests of WebGPU, on Chromium's software adapter.

import type { Engine as EngineClass } from "../../../www/engine/index";
import { open } from "./browser";
import type { Opened } from "./browser";
import type { Site } from "./site";

declare global {
  interface Window {
    Engine: typeof EngineClass;
  }
}

/** Shaders are compiled by the processor here. */
export const SHADERS_MS = 60_000;

export const PAGES = {
  "/engine.html": `<!doctype html><title>Engine</title><script type="module">import { Engine } from "/package/engine.js"; window.Engine = Engine;</script>`,
  "/two.html": `<!doctype html><title>Two</title><script type="module" src="/package/playground.js"></script>${"<neural-playground lang=en></neural-playground>".repeat(2)}`,
};

/** A page of the test's own with `Engine`, and a device of its own. */
export async function engines(site: Site): Promise<Opened> {
  return started(await site.open("/engine.html"));
}

/** One for all tests of a file that leave the device alone: to make one takes seconds here, and a page has one. */
export function shared(site: Site): () => Promise<Opened> {
  let together: Promise<Opened> | null = null;
  return () => (together ??= open(site.browser, `${site.origin}/engine.html`).then((opened) => started(site.keep(opened))));
}

async function started(opened: Opened): Promise<Opened> {
  await opened.page.waitForFunction(() => window.Engine !== undefined);
  return opened;
}
