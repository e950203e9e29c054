/** `<neural-playground>`: the product as a custom element. Attributes give the start, methods live control, events report. */

import { effect } from "@preact/signals-core";
import { LitElement, html, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { Actions, type SeedName } from "./actions.js";
import { Engine, type ConfigInput, type CustomData, type EngineInfo, type Maps, type Pace, type Rows, type TrainOptions } from "./engine/index.js";
import type { Config, Metrics, NamedTensor } from "./engine/types.js";
import { FrameLoop } from "./frames.js";
import { LANGUAGES, preferredLanguage, type Language } from "./i18n/index.js";
import { defaultSpeed } from "./speed.js";
import { PARTS, Store, type Part, type Theme } from "./store.js";
import base from "./style/base.css?inline";
import controls from "./style/controls.css?inline";
import tokens from "./style/tokens.css?inline";
import "./views/app.js";

/** At most ten `np-frame` events a second. */
const FRAME_EVENT_PERIOD = 100;
const KEPT = "neural-playground";

export class NeuralPlayground extends LitElement {
  static override styles = [unsafeCSS(tokens), unsafeCSS(base), unsafeCSS(controls)];
  static override properties = {
    datasetId: { attribute: "dataset" }, layers: {}, activation: {}, optimizer: {}, learningRate: { attribute: "learning-rate", type: Number }, loss: {},
    batchSize: { attribute: "batch-size", type: Number }, lang: {}, theme: {}, autoplay: {}, controls: {}, page: { type: Boolean },
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
  /** The playground is the page: it keeps the visitor's language and theme, and takes Space. */
  declare page: boolean;

  readonly store = new Store();
  #engine: Engine | null = null;
  #loop: FrameLoop | null = null;
  #stops: (() => void)[] = [];
  #ready: Promise<void> | null = null;

  constructor() {
    super();
    this.datasetId = this.layers = this.activation = this.optimizer = this.loss = this.theme = this.autoplay = this.controls = null;
    this.learningRate = this.batchSize = null;
    this.page = false;
  }

  protected override render(): TemplateResult {
    return html`<np-app .store=${this.store}></np-app>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
    this.#ready ??= this.#start().catch((error: unknown) => this.#fail(error));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
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
    const observer = new ResizeObserver(([entry]) => { if (entry) store.width.value = entry.contentRect.width; });
    store.width.value = this.clientWidth || innerWidth;
    observer.observe(this);
    this.#stops.push(() => observer.disconnect());
    this.#query("(prefers-color-scheme: dark)", (on) => { store.systemDark.value = on; });
    this.#query("(prefers-reduced-motion: reduce)", (on) => { store.reducedMotion.value = on; });
    this.#stops.push(effect(() => {
      this.setAttribute("data-scheme", store.scheme.value);
      this.setAttribute("lang", store.language.value);
      if (!this.page) return;
      const root = document.documentElement;
      root.dataset.scheme = store.scheme.value;
      root.lang = store.language.value;
      document.title = store.words.value("ui.page_title");
      remember({ language: store.language.value, theme: store.theme.value });
    }));
  }

  #query(query: string, tell: (on: boolean) => void): void {
    const media = matchMedia(query);
    const listen = (): void => tell(media.matches);
    listen();
    media.addEventListener("change", listen);
    this.#stops.push(() => media.removeEventListener("change", listen));
  }

  async #start(): Promise<void> {
    const { store } = this;
    const engine = await Engine.create({ backend: "auto", worker: true });
    this.#engine = engine;
    store.actions = new Actions(engine, store);
    store.catalog.value = engine.catalog;
    store.info.value = engine.info;
    await store.actions.configure({});
    if (this.datasetId) await store.actions.chooseDataset(this.datasetId);
    const wishes = this.#wishes();
    if (wishes) await store.actions.patch(wishes, "");
    store.points.value ??= await engine.points();
    store.speed.value = defaultSpeed(store.summary.value?.kind ?? "plane");
    this.#loop = new FrameLoop(store, store.actions);
    this.#watchVisibility();
    this.#report(engine);
    this.#say("np-ready", { info: engine.info, config: store.config.value });
  }

  /** The attributes as a patch over what the data set's choice has made of the config. */
  #wishes(): object | null {
    const config = this.store.config.value;
    if (!config) return null;
    const training: Record<string, unknown> = {};
    if (this.loss) training.loss = { id: this.loss };
    if (this.batchSize) training.batch_size = this.batchSize;
    if (this.optimizer || this.learningRate) {
      training.optimizer = { id: this.optimizer ?? config.training.optimizer.id, ...(this.learningRate ? { learning_rate: this.learningRate } : {}) };
    }
    const patch: Record<string, unknown> = Object.keys(training).length > 0 ? { training } : {};
    if (this.layers !== null || this.activation) patch.network = { hidden: this.#hidden(config) };
    return Object.keys(patch).length > 0 ? patch : null;
  }

  #hidden(config: Config): unknown[] {
    const model = config.network.hidden[0] ?? this.store.catalog.value?.defaults.network.hidden[0];
    const units = this.layers === null ? config.network.hidden.map((layer) => layer.units)
      : this.layers.split(",").map((text) => text.trim()).filter(Boolean).map(Number);
    return units.map((count, at) => ({ ...(config.network.hidden[at] ?? model), units: count,
      ...(this.activation ? { activation: { id: this.activation } } : {}) }));
  }

  /** Only what is seen is drawn, and only what is seen starts of its own accord. */
  #watchVisibility(): void {
    let started = this.autoplay === null;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry || !this.#loop) return;
      this.#loop.visible = entry.isIntersecting;
      if (entry.isIntersecting && !started) {
        started = true;
        void this.play();
      }
    });
    observer.observe(this);
    this.#stops.push(() => observer.disconnect());
  }

  #report(engine: Engine): void {
    const { store } = this;
    let last = -Infinity;
    this.#stops.push(
      effect(() => {
        const frame = store.frame.value;
        const now = performance.now();
        if (!frame || now - last < FRAME_EVENT_PERIOD) return;
        last = now;
        this.#say("np-frame", { run: frame.run, step: frame.step, epoch: frame.epoch, metrics: frame.metrics });
      }),
      engine.on("finished", (event) => this.#say("np-done", event)),
      engine.on("rejected", (event) => this.#say("np-error", event.refusal)),
    );
  }

  #fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.store.message.value = { kind: "failure", field: "", text };
    this.#say("np-error", { code: "failure", field: "", values: {}, message: text });
  }

  #say(name: "np-ready" | "np-frame" | "np-done" | "np-error", detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
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

  metrics(): Promise<Metrics> {
    return this.#then((engine) => engine.metrics());
  }

  revealTest(): Promise<void> {
    return this.#then((engine) => engine.revealTest());
  }

  weights(): Promise<NamedTensor[]> {
    return this.#then((engine) => engine.weights());
  }

  setWeights(tensors: NamedTensor[]): Promise<void> {
    return this.#then((engine) => engine.setWeights(tensors));
  }

  predict(inputs: Rows): Promise<Float32Array> {
    return this.#then((engine) => engine.predict(inputs));
  }

  maps(resolution: number): Promise<Maps> {
    return this.#then((engine) => engine.maps(resolution));
  }

  /** Asks the engine and has the page show what came of it. */
  async #then<T>(ask: (engine: Engine) => Promise<T>): Promise<T> {
    const engine = await this.#use();
    const answer = await ask(engine);
    this.store.actions.dirty = true;
    return answer;
  }
}

interface Kept { language?: Language; theme?: Theme }

/** What the visitor chose the last time; nothing where storage is not allowed. */
function recall(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Kept;
    return { language: LANGUAGES.find((each) => each === kept.language), theme: (["auto", "light", "dark"] as const).find((each) => each === kept.theme) };
  } catch {
    return {};
  }
}

function remember(kept: Kept): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // Private windows and sandboxed frames refuse: the choice then lasts as long as the page.
  }
}

customElements.define("neural-playground", NeuralPlayground);
