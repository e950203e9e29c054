/** One life of an element on a page: from where it is put there until it is taken away. Every wait in it ends with it. */

import { Actions } from "../../state/actions.js";
import { isLink, isOn, START, textAt, type StartName } from "./attributes.js";
import { engineError } from "../../engine/errors.js";
import { Engine } from "../../engine/index.js";
import type { PlaygroundRefusal } from "./playground.js";
import { FrameLoop } from "../../state/frames/frames.js";
import { Visibility } from "../../state/frames/autopause.js";
import { refusalOf, report, say } from "./report.js";
import type { Start } from "./start.js";
import type { Store } from "../../state/store.js";
import { lazy } from "../../ui/lazy.js";

/** The element, as far as its life needs it. */
export interface Body extends HTMLElement {
  readonly store: Store;
  page: boolean;
  fail(error: unknown): void;
  blame(faults: PlaygroundRefusal[]): void;
}

const starting = lazy(() => import("./start.js"));
const linking = lazy(() => import("../../links/page.js"));
const NONE = Object.fromEntries(Object.keys(START).map((name) => [name, null])) as Start;

export class Life {
  /** The engine, with link and attributes in force. Rejects with `disposed` when the life ends before. */
  readonly ready: Promise<Engine>;
  engine: Engine | null = null;
  sight: Visibility | null = null;
  /** Nothing stands yet that could show what is wrong. */
  standing = false;
  readonly #body: Body;
  readonly #ending = new AbortController();
  #stops: (() => void)[] = [];
  /** Attributes that are in force, and the end of what puts them there. */
  #before = NONE;
  #settled: Promise<void> = Promise.resolve();
  /** While attributes are put in force what the engine refuses is told under the attribute's name. */
  #applying = false;

  constructor(body: Body) {
    this.#body = body;
    this.ready = this.#start();
    this.ready.catch((error: unknown) => {
      if (!this.ended) body.fail(error);
    });
  }

  get ended(): boolean {
    return this.#ending.signal.aborted;
  }

  /** The engine once all attributes are in force, those too that have just been changed. */
  async use(): Promise<Engine> {
    const engine = await this.ready;
    await this.#settled;
    return engine;
  }

  /** Attributes may have changed. */
  follow(): void {
    this.#settled = Promise.all([this.ready, this.#settled]).then(() => this.#apply(), () => {});
  }

  end(): void {
    this.#ending.abort(engineError("disposed", "", "the element was taken out of its page"));
    for (const stop of this.#stops.splice(0)) stop();
    this.engine?.dispose();
  }

  async #start(): Promise<Engine> {
    const { store } = this.#body;
    const { signal } = this.#ending;
    const engine = await Engine.create({ backend: "auto", worker: true, signal });
    this.engine = engine;
    // The end may have come between the engine and these lines.
    if (signal.aborted) engine.dispose();
    signal.throwIfAborted();
    const actions = new Actions(engine, store);
    store.actions = actions;
    store.catalog.value = engine.catalog;
    store.info.value = engine.info;
    this.#stops.push(report(this.#body, store, engine, () => this.#applying));
    await actions.configure({});
    signal.throwIfAborted();
    await this.#apply();
    signal.throwIfAborted();
    store.started.value = true;
    store.points.value ??= await engine.points();
    signal.throwIfAborted();
    if (this.#body.page) this.#followAddress(engine);
    const loop = new FrameLoop(store, actions);
    this.sight = new Visibility(this.#body, store, loop, isOn(this.#body.getAttribute("autoplay")));
    this.#stops.push(() => loop.stop(), () => this.sight?.stop());
    this.standing = true;
    this.#body.blame([]);
    say(this.#body, "np-ready", { info: engine.info, config: engine.config });
    return engine;
  }

  /** Puts the attributes in force as they are now. */
  async #apply(): Promise<void> {
    const body = this.#body;
    const engine = this.engine!;
    const now = Object.fromEntries(Object.keys(START).map((name) => [name, textAt(body, name)])) as Record<StartName, string | null>;
    const before = this.#before;
    // A link in the address that the page was opened with is as good as the attribute.
    if (body.page) now.link ??= body.store.started.value ? before.link : isLink(location.hash) ? location.hash : null;
    this.#before = now;
    if (this.ended || Object.keys(now).every((name) => now[name as StartName] === before[name as StartName])) return;
    this.#applying = true;
    try {
      const { carryOut } = await starting.get();
      const faults = await carryOut(now, before, body.store, engine, (link) => this.open(link, engine));
      if (!this.ended) body.blame(faults);
    } catch (error) {
      if (this.ended) return;
      body.blame([refusalOf(error)]);
      // When what reads them comes after all, they are put in force.
      this.#before = before;
      starting.want(() => this.follow());
    } finally {
      this.#applying = false;
    }
  }

  /** Puts a link in force; what is wrong with it is shown and thrown, and nothing has changed then. */
  async open(text: string, engine: Engine): Promise<void> {
    const { openInPage } = await linking.get().catch((error: unknown) => {
      // When what reads links comes after all, this one is opened.
      linking.want(() => {
        if (!this.ended) this.open(text, engine).catch(() => {});
      });
      throw error;
    });
    const wrong = await openInPage(text, this.#body.store, engine);
    if (!wrong) return;
    if (!this.ended) say(this.#body, "np-error", refusalOf(wrong));
    throw wrong;
  }

  /** A link pasted into the address of the open page changes what stands after `#`, and nothing else. */
  #followAddress(engine: Engine): void {
    const listen = (): void => {
      if (isLink(location.hash)) this.open(location.hash, engine).catch(() => {});
    };
    addEventListener("hashchange", listen);
    this.#stops.push(() => removeEventListener("hashchange", listen));
  }
}
