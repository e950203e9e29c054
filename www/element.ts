/** `<neural-playground>`: the product as a custom element. Attributes give the start, methods live control, events report. */

import { effect } from "@preact/signals-core";
import { LitElement, html, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { Actions, type SeedName } from "./actions.js";
import { patchOf } from "./attributes.js";
import { Engine, EngineError, type Backend, type ConfigInput, type CustomData, type EngineInfo, type Maps, type Pace, type Rows, type TrainOptions } from "./engine/index.js";
import type { Config, Metrics, NamedTensor } from "./engine/types.js";
import { FrameLoop } from "./frames.js";
import { dictionaries } from "./i18n/dictionaries.js";
import { LANGUAGES, canSpeak, knowDictionaries, loadLanguage, preferredLanguage, type Language } from "./i18n/index.js";
import { recall, remember } from "./kept.js";
import { report, say } from "./report.js";
import { followSurroundings } from "./surroundings.js";
import { PARTS, Store, type Part, type Theme } from "./store.js";
import base from "./style/base.css?inline";
import controls from "./style/controls.css?inline";
import tokens from "./style/tokens.css?inline";
import "./views/app.js";

knowDictionaries(dictionaries);

export class NeuralPlayground extends LitElement {
  static override styles = [unsafeCSS(tokens), unsafeCSS(base), unsafeCSS(controls)];
  static override properties = {
    datasetId: { attribute: "dataset" }, layers: {}, activation: {}, optimizer: {}, learningRate: { attribute: "learning-rate", type: Number }, loss: {},
    batchSize: { attribute: "batch-size", type: Number }, lang: {}, theme: {}, autoplay: {}, controls: {}, link: {}, page: { type: Boolean },
  };
  /** The attribute is `dataset`; that name is taken on every element. */
  declare datasetId: string | null;
  /** Units of the hidden layers, "8,8"; "" for none. */
  declare layers: string | null;
  declare activation: string | null;
  declare optimizer: string | null;
  declare learningRate: number | null;
  declare loss: string | null;
  declare batchSize: number | null;
  declare theme: Theme | null;
  /** Present: plays at once; "visible": when it is first seen. */
  declare autoplay: string | null;
  /** Parts that are shown, of `header data training layer tabs`, or "none"; all when absent. */
  declare controls: string | null;
  /** A link of this page's, or what stands after its `#`; opened at the start. */
  declare link: string | null;
  /** The playground is the page: it keeps the visitor's language and theme, and takes Space. */
  declare page: boolean;

  readonly store = new Store();
  #engine: Engine | null = null;
  #loop: FrameLoop | null = null;
  #stops: (() => void)[] = [];
  #ready: Promise<void> | null = null;

  constructor() {
    super();
    this.datasetId = this.layers = this.activation = this.optimizer = this.loss = this.theme = this.autoplay = this.controls = this.link = null;
    this.learningRate = this.batchSize = null;
    this.page = false;
  }

  protected override render(): TemplateResult {
    if (canSpeak()) return html`<np-app .store=${this.store}></np-app>`;
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
    this.#engine?.dispose();
    this.#engine = this.#loop = this.#ready = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { store } = this;
    if (changed.has("lang") && LANGUAGES.includes(this.lang as Language)) store.language.value = this.lang as Language;
    if (changed.has("theme") && this.theme) store.theme.value = this.theme;
    if (changed.has("controls") && this.controls !== null) {
      store.controls.value = new Set(this.controls.split(/[\s,]+/).filter((part): part is Part => (PARTS as readonly string[]).includes(part)));
    }
    store.wholePage.value = this.page;
  }

  /** What the visitor's system says, and what they chose the last time. */
  #follow(): void {
    const { store } = this;
    const kept = this.page ? recall() : {};
    if (LANGUAGES.includes(this.lang as Language)) store.language.value = this.lang as Language;
    else store.language.value = kept.language ?? preferredLanguage(navigator.languages);
    if (!this.theme && kept.theme) store.theme.value = kept.theme;
    store.singleKeys.value = kept.singleKeys ?? true;
    // Nothing is drawn before there are words for it.
    loadLanguage(store.language.value).catch((error: unknown) => this.#fail(error));
    this.#stops.push(effect(() => { if (canSpeak()) this.requestUpdate(); }));
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
    await store.actions.configure({});
    if (this.datasetId) await store.actions.chooseDataset(this.datasetId);
    const wishes = patchOf(this, store.config.value, engine.catalog.defaults);
    if (wishes) await store.actions.patch(wishes, "");
    const link = this.link ?? (this.page ? location.hash : "");
    if (isLink(link)) await this.#openLink(link);
    // The start is nothing to be taken back.
    store.actions.history.clear();
    store.points.value ??= await engine.points();
    if (this.page) this.#followAddress();
    this.#loop = new FrameLoop(store, store.actions);
    this.#watchVisibility();
    this.#stops.push(report(this, store, engine));
    say(this, "np-ready", { info: engine.info, config: store.config.value });
  }

  /** Opens a link of this page's or of TensorFlow Playground's; what is wrong with it is shown, and nothing changes then. */
  async #openLink(text: string): Promise<void> {
    const { openInPage } = await import("./links/page.js");
    if (this.#engine) await openInPage(text, this.store, this.#engine);
  }

  /** A link pasted into the address of the open page changes what stands after `#`, and nothing else. */
  #followAddress(): void {
    const listen = (): void => {
      if (isLink(location.hash)) void this.#openLink(location.hash);
    };
    addEventListener("hashchange", listen);
    this.#stops.push(() => removeEventListener("hashchange", listen));
  }

  /** Only what is seen is drawn and trained; what starts of its own accord starts when it is seen. */
  #watchVisibility(): void {
    let resume = this.autoplay !== null;
    const { playing } = this.store;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry || !this.#loop) return;
      const seen = entry.isIntersecting;
      this.#loop.visible = seen;
      if (seen && resume) {
        resume = false;
        void this.play();
      } else if (!seen && playing.value) {
        resume = true;
        void this.pause();
      }
    });
    observer.observe(this);
    this.#stops.push(() => observer.disconnect());
  }

  #fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.store.broken.value = true;
    this.requestUpdate();
    this.store.message.value = error instanceof EngineError ? { kind: "refusal", field: "", refusal: error.refusal } : { kind: "failure", field: "", text };
    say(this, "np-error", error instanceof EngineError ? error.refusal : { code: "failure", field: "", values: {}, message: text });
  }

  async #use(): Promise<Engine> {
    await this.updateComplete;
    await this.#ready;
    if (!this.#engine) throw new Error("The engine could not be started.");
    return this.#engine;
  }

  get info(): EngineInfo | null {
    return this.#engine?.info ?? null;
  }

  play(pace?: Pace): Promise<void> {
    return this.#then((engine) => (pace ? engine.play(pace) : this.store.actions.play()));
  }

  pause(): Promise<void> {
    return this.#then((engine) => engine.pause());
  }

  /** `count` updates. */
  step(count = 1): Promise<void> {
    return this.#then((engine) => engine.step(count));
  }

  epoch(count = 1): Promise<void> {
    return this.#then((engine) => engine.epoch(count));
  }

  /** Trains flat out; resolves to the metrics when done. */
  train(options: TrainOptions): Promise<Metrics> {
    return this.#then((engine) => engine.train(options));
  }

  reset(): Promise<void> {
    return this.#then((engine) => engine.reset());
  }

  newSeed(which?: SeedName[]): Promise<Config> {
    return this.#then((engine) => engine.newSeed(which));
  }

  /** Lays `config` over the engine's defaults; resolves to the accepted config, rejects with what was refused. */
  configure(config: ConfigInput): Promise<Config> {
    return this.#then((engine) => engine.configure(config));
  }

  /** The same over the config in force. */
  patch(patch: ConfigInput): Promise<Config> {
    return this.#then((engine) => engine.patch(patch));
  }

  chooseDataset(id: string): Promise<Config> {
    return this.#then((engine) => engine.chooseDataset(id));
  }

  setData(data: CustomData): Promise<Config> {
    return this.#then((engine) => engine.setData(data));
  }

  metrics(): Promise<Metrics> { return this.#then((engine) => engine.metrics()); }

  revealTest(): Promise<void> { return this.#then((engine) => engine.revealTest()); }

  weights(): Promise<NamedTensor[]> { return this.#then((engine) => engine.weights()); }

  setWeights(tensors: NamedTensor[]): Promise<void> {
    return this.#then((engine) => engine.setWeights(tensors));
  }

  predict(inputs: Rows): Promise<Float32Array> {
    return this.#then((engine) => engine.predict(inputs));
  }

  maps(resolution: number, options?: { reuse?: Maps }): Promise<Maps> {
    return this.#then((engine) => engine.maps(resolution, options));
  }

  /** Which engine trains; also tries a lost device again. */
  setBackend(backend: Backend): Promise<EngineInfo> {
    return this.#then((engine) => engine.setBackend(backend));
  }

  /** @internal Gives the GPU up, as a driver may at any time. */
  loseDeviceForTest(): Promise<void> {
    return this.#then((engine) => engine.loseDeviceForTest());
  }

  /** Asks the engine and has the page show what came of it. */
  async #then<T>(ask: (engine: Engine) => Promise<T>): Promise<T> {
    const engine = await this.#use();
    const answer = await ask(engine);
    this.store.actions.dirty = true;
    return answer;
  }
}

/** What has no `=` is a place on a page, and no link of anybody's. */
function isLink(text: string): boolean {
  return text.includes("=");
}

customElements.define("neural-playground", NeuralPlayground);
