// The set-up of every end-to-end test: a server and a browser of the file's own, and whatever a test opens. All of it is closed
// however the test ends, so that nobody waits for a file that has failed.

import { after, afterEach, before } from "node:test";

import type { Browser, BrowserContext } from "playwright-core";

import { everything } from "../../support/everything";
import { context, launch, open } from "./browser";
import type { Opening, Opened, Visitor } from "./browser";
import { serve } from "./server";
import type { Serving, ServingOptions } from "./server";

export interface Closing {
  close(): Promise<unknown>;
}

export interface SiteOptions extends ServingOptions {
  /** Flags of Chromium beside the usual ones; null: this file starts no Chromium. */
  flags?: readonly string[] | null;
  /** The browser has WebGPU: for tests of it. The others have it in `make test-all`. */
  webgpu?: boolean;
}

/** How long a file may live on after its last test before it is ended and has failed; it closes its browser meanwhile. */
const REST_MS = Number(process.env["SITE_REST_MS"] ?? 30_000);

export class Site {
  /** Closed after the file and after the test, last opened first. */
  readonly #ofFile: Closing[] = [];
  readonly #ofTest: Closing[] = [];
  #browser: Browser | undefined;
  #server: Serving | undefined;

  async start({ flags = [], webgpu = everything, ...options }: SiteOptions): Promise<void> {
    // One by one: when the second does not start, the first is closed.
    this.#server = this.keep(await serve(options));
    if (flags !== null) this.#browser = this.keep(await launch({ webgpu, flags }));
  }

  get browser(): Browser {
    if (!this.#browser) throw new Error("there is a browser while tests run, unless flags are null");
    return this.#browser;
  }

  /** Serves the built site, with the pages and headers that `withSite` was given. */
  get server(): Serving {
    if (!this.#server) throw new Error("there is a server while tests run");
    return this.#server;
  }

  /** Of the file's server; without a slash at the end. */
  get origin(): string {
    return this.server.origin;
  }

  /** Closed after the test. */
  own<T extends Closing>(thing: T): T {
    this.#ofTest.push(thing);
    return thing;
  }

  /** Closed after the last test of the file. */
  keep<T extends Closing>(thing: T): T {
    this.#ofFile.push(thing);
    return thing;
  }

  /** Another server, for this test: another origin. */
  async serve(options: ServingOptions = {}): Promise<Serving> {
    return this.own(await serve(options));
  }

  /** Somebody with an empty profile who has opened nothing yet. */
  async visitor(options: Opening = {}): Promise<Visitor> {
    const visitor = await context(this.browser, options);
    this.own(visitor.context as BrowserContext & Closing);
    return visitor;
  }

  /** Opens a page in a profile of its own; a path is one of the file's server. */
  async open(address = "/", options: Opening = {}): Promise<Opened> {
    return this.own(await open(this.browser, new URL(address, this.origin).href, options));
  }

  /** The same, once the page shows its first figures. */
  async visit(address = "/", options: Opening = {}): Promise<Opened> {
    const opened = await this.open(address, options);
    await opened.playground.until("metric-train-loss", Number.isFinite);
    return opened;
  }

  /** An empty page, from which the package is imported. */
  blank(origin = this.origin): Promise<Opened> {
    return this.open(`${origin}/blank.html`);
  }

  /** A page of another origin, with that text; what it asks of its server lies in `folder`. */
  async elsewhere(html: string, { headers, folder, ...options }: Opening & Pick<ServingOptions, "headers" | "folder"> = {}): Promise<Opened> {
    const host = await this.serve({ pages: { "/page.html": html }, ...(headers && { headers }), ...(folder && { folder }) });
    return this.open(`${host.origin}/page.html`, options);
  }

  closeTest(): Promise<void> {
    return closeAll(this.#ofTest);
  }

  async closeFile(): Promise<void> {
    await closeAll(this.#ofTest).finally(() => closeAll(this.#ofFile));
  }
}

/** One that does not close keeps no other from being closed; then it is told. */
async function closeAll(things: Closing[]): Promise<void> {
  const results: PromiseSettledResult<unknown>[] = [];
  for (const thing of things.splice(0).reverse()) results.push(...(await Promise.allSettled([thing.close()])));
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

/** Called once at the top of a file: the server and the browser are there while its tests run. */
export function withSite(options: SiteOptions = {}): Site {
  const site = new Site();
  before(() => site.start(options));
  afterEach(() => site.closeTest());
  after(() => site.closeFile());
  return site;
}

// What a test has opened by itself and left open would keep the process, and who waits for it. The timer does not.
after(() => {
  setTimeout(() => {
    console.error(`left open after the last test: ${process.getActiveResourcesInfo().join(", ")}`);
    process.exit(1);
  }, REST_MS).unref();
});
