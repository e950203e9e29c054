/** `<neural-playground>`: the product as a custom element. Attributes give the start, methods live control, events report. */

import { effect, signal } from "@preact/signals-core";
import { html, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { Actions } from "./actions.js";
import { THEMES, fault, isLink, wishesOf } from "./attributes.js";
import { Calls } from "./calls.js";
import { Engine, EngineError, type EngineInfo, type Pace } from "./engine/index.js";
import type { Config, Refusal } from "./engine/types.js";
import { FrameLoop } from "./frames.js";
import { dictionaries, otherWords } from "./i18n/dictionaries.js";
import { LANGUAGES, canSpeak, knowDictionaries, loadLanguage, preferredLanguage, type Language } from "./i18n/index.js";
import { recall, remember } from "./kept.js";
import type { PlaygroundElement } from "./playground.js";
import { refusalOf, report, say } from "./report.js";
import { followSurroundings } from "./surroundings.js";
import { Store, type Theme } from "./store.js";
import base from "./style/base.css?inline";
import controls from "./style/controls.css?inline";
import tokens from "./style/tokens.css?inline";
import { Visibility } from "./visibility.js";
import "./views/app.js";

knowDictionaries(dictionaries, otherWords);

export class NeuralPlayground extends Calls implements PlaygroundElement {
  static override styles = [unsafeCSS(tokens), unsafeCSS(base), unsafeCSS(controls)];
  static override properties = {
    datasetId: { attribute: "dataset" }, layers: {}, activation: {}, optimizer: {}, learningRate: { attribute: "learning-rate" }, loss: {},
    batchSize: { attribute: "batch-size" }, goal: {}, lang: {}, theme: {}, autoplay: {}, controls: {}, hide: {}, lock: {}, link: {}, page: { type: Boolean },
  };
  // What they mean stands in playground.ts.
  declare datasetId: string | null;
  declare layers: string | null;
  declare activation: string | null;
  declare optimizer: string | null;
  declare learningRate: string | number | null;
  declare loss: string | null;
  declare batchSize: string | number | null;
  declare goal: string | null;
  declare theme: Theme | null;
  declare autoplay: string | null;
  declare controls: string | null;
  declare hide: string | null;
  declare lock: string | null;
  declare link: string | null;
  /** The playground is the page: it keeps the visitor's language and theme, and takes Space. */
  declare page: boolean;

  readonly store = new Store();
  #engine: Engine | null = null;
  #loop: FrameLoop | null = null;
  #sight: Visibility | null = null;
  #stops: (() => void)[] = [];
  #ready: Promise<void> | null = null;
  /** Faults in attributes that nobody has been told of: while the engine starts there is no place for them. */
  #faults: Refusal[] = [];

  constructor() {
    super();
    this.datasetId = this.layers = this.activation = this.optimizer = this.learningRate = this.loss = this.batchSize = this.goal = this.theme = null;
    this.autoplay = this.controls = this.hide = this.lock = this.link = null;
    this.page = false;
  }

  /** In other people's pages it has the looks of a figure, and is not drawn before they are there. */
  readonly #dressed = signal(false);

  protected override render(): TemplateResult {
    if (canSpeak() && (this.page || this.#dressed.value)) return html`<np-app .store=${this.store}></np-app>`;
    // Not even words could be fetched: what the browser says of it is better than a blank page.
    return html`${this.store.broken.value ? html`<p role="alert">${this.store.message.value?.text}</p>` : nothing}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#ready) return;
    this.#follow();
    this.#ready = this.#start().catch((error: unknown) => this.#fail(error));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element that is only moved is back at once, and keeps its engine.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  #end(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#loop?.stop();
    this.#sight?.stop();
    this.#engine?.dispose();
    this.#engine = this.#loop = this.#sight = this.#ready = null;
    this.store.started.value = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { store } = this;
    if (changed.has("lang") && LANGUAGES.includes(this.lang as Language)) store.language.value = this.lang as Language;
    if (changed.has("theme") && this.theme !== null) {
      if (THEMES.includes(this.theme)) store.theme.value = this.theme;
      else this.blame([fault("unknown_name", "theme", this.theme, `"${this.theme}" is none of ${THEMES.join(", ")}`)]);
    }
    if (changed.has("controls") || changed.has("hide") || changed.has("lock")) {
      const { wishes, faults } = wishesOf(this);
      store.wishes.value = wishes;
      this.blame(faults);
    }
    store.wholePage.value = this.page;
  }

  /** What the visitor's system says, and what they chose the last time. */
  #follow(): void {
    const { store } = this;
    const kept = this.page ? recall() : {};
    // "zh" is a wish too, and "fr" none that can be granted: then it is the visitor's.
    store.language.value = preferredLanguage([this.lang, kept.language ?? "", ...navigator.languages].filter(Boolean));
    if (!this.theme && kept.theme) store.theme.value = kept.theme;
    store.singleKeys.value = kept.singleKeys ?? true;
    // Nothing is drawn before there are words for it.
    loadLanguage(store.language.value).catch((error: unknown) => this.#fail(error));
    this.#stops.push(effect(() => { if (canSpeak() && (this.#dressed.value || this.page)) this.requestUpdate(); }));
    if (!this.page) void this.#dress();
    this.#stops.push(followSurroundings(this, store));
    this.#stops.push(effect(() => {
      this.setAttribute("data-scheme", store.scheme.value);
      this.setAttribute("lang", store.language.value);
      if (!this.page) return;
      const root = document.documentElement;
      root.dataset.scheme = store.scheme.value;
      root.lang = store.language.value;
      document.title = store.words.value("ui.page_title");
      remember({ language: store.language.value, theme: store.theme.value, singleKeys: store.singleKeys.value });
    }));
  }

  async #dress(): Promise<void> {
    const figure = await import("./views/figure.js").catch(() => null);
    if (figure && !this.#dressed.value) this.shadowRoot!.adoptedStyleSheets.push(figure.sheet);
    this.#dressed.value = true;
  }

  async #start(): Promise<void> {
    const { store } = this;
    const engine = await Engine.create({ backend: "auto", worker: true });
    if (!this.isConnected) {
      engine.dispose();
      return;
    }
    this.#engine = engine;
    store.actions = new Actions(engine, store);
    store.catalog.value = engine.catalog;
    store.info.value = engine.info;
    this.#stops.push(report(this, store, engine));
    await store.actions.configure({});
    const link = this.link ?? (this.page && isLink(location.hash) ? location.hash : "");
    // What is wrong with a link is shown by then, and what the attributes say holds all the same.
    if (link) await this.#open(link, engine).catch(() => {});
    if (this.datasetId) await store.actions.chooseDataset(this.datasetId);
    const start = [this.layers, this.activation, this.optimizer, this.learningRate, this.loss, this.batchSize, this.goal].some((each) => each !== null);
    const { patch, faults } = start ? (await import("./start.js")).patchOf(this, engine.config, engine.catalog) : { patch: null, faults: [] };
    if (patch) await store.actions.patch(patch, "");
    store.started.value = true;
    store.points.value ??= await engine.points();
    if (this.page) this.#followAddress();
    this.#loop = new FrameLoop(store, store.actions);
    this.#sight = new Visibility(this, store, this.#loop, this.autoplay !== null);
    this.blame([...this.#faults.splice(0), ...faults]);
    say(this, "np-ready", { info: engine.info, config: engine.config });
  }

  /** Puts a link in force; what is wrong with it is shown and thrown, and nothing has changed then. */
  async #open(text: string, engine: Engine): Promise<void> {
    const { openInPage } = await import("./links/page.js");
    const wrong = await openInPage(text, this.store, engine);
    if (!wrong) return;
    say(this, "np-error", refusalOf(wrong));
    throw wrong;
  }

  /** A link pasted into the address of the open page changes what stands after `#`, and nothing else. */
  #followAddress(): void {
    const listen = (): void => {
      if (isLink(location.hash)) this.openLink(location.hash).catch(() => {});
    };
    addEventListener("hashchange", listen);
    this.#stops.push(() => removeEventListener("hashchange", listen));
  }

  /** @internal Tells the page around and the visitor what is wrong with attributes, now or when there is a place for it. */
  blame(faults: Refusal[]): void {
    if (!this.#loop) {
      this.#faults.push(...faults);
      return;
    }
    for (const refusal of faults) {
      this.store.message.value = { kind: "refusal", field: "", refusal };
      say(this, "np-error", refusal);
    }
  }

  #fail(error: unknown): void {
    this.store.broken.value = true;
    this.requestUpdate();
    this.store.message.value = error instanceof EngineError ? { kind: "refusal", field: "", refusal: error.refusal } : { kind: "failure", field: "", text: refusalOf(error).message };
    say(this, "np-error", refusalOf(error));
  }

  async #use(): Promise<Engine> {
    await this.updateComplete;
    await this.#ready;
    if (!this.#engine) throw new Error("The engine could not be started.");
    return this.#engine;
  }

  override get info(): EngineInfo | null {
    return this.#engine?.info ?? null;
  }

  override openLink(text: string): Promise<Config> {
    return this.ask(async (engine) => {
      await this.#open(text, engine);
      return engine.config;
    });
  }

  override async play(pace?: Pace): Promise<void> {
    await this.#use();
    await this.#sight?.whenSeen(() => this.ask((engine) => (pace ? engine.play(pace) : this.store.actions.play())));
  }

  override pause(): Promise<void> {
    this.#sight?.rest();
    return this.ask((engine) => engine.pause());
  }

  protected override async ask<T>(ask: (engine: Engine) => Promise<T>): Promise<T> {
    const engine = await this.#use();
    const answer = await ask(engine);
    this.store.actions.dirty = true;
    return answer;
  }
}

customElements.define("neural-playground", NeuralPlayground);
