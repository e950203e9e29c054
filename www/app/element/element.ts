/** `<neural-playground>`: the product as a custom element. Attributes say what is trained and how it looks, methods give live control, events report. */

import { effect, signal } from "@preact/signals-core";
import { html, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { THEMES, WRITTEN, adopt, fault, isOn, reflect, wishesOf } from "./attributes.js";
import { Calls } from "./calls.js";
import { EngineError, engineError } from "../../engine/errors.js";
import type { Engine, EngineInfo, Pace } from "../../engine/index.js";
import type { PlaygroundRefusal } from "./playground.js";
import type { Config } from "../../engine/types.js";
import { dictionaries, otherWords } from "../../i18n/dictionaries.js";
import { canSpeak, knowDictionaries, loadLanguage, lookUp, preferredLanguage, type Language } from "../../i18n/index.js";
import { Life } from "./life.js";
import { recall, remember } from "../../state/preferences.js";
import type { PlaygroundElement } from "./playground.js";
import { refusalOf, say } from "./report.js";
import { followSurroundings } from "../../state/environment.js";
import { Store, type Theme } from "../../state/store.js";
import { lazy } from "../../ui/lazy.js";
import base from "../../style/base.css?inline";
import controls from "../../style/controls.css?inline";
import host from "../../style/host.css?inline";
import tokens from "../../style/tokens.css?inline";
import { keepKeys } from "./typing.js";
import "../app.js";

const figures = lazy(() => import("../figure.js"));

knowDictionaries(dictionaries, otherWords);

/** A call to an element that is on no page waits for so long to be put on one, in milliseconds. */
const CONNECTION = 1000;

class Playground extends Calls {
  static override styles = [unsafeCSS(host), unsafeCSS(tokens), unsafeCSS(base), unsafeCSS(controls)];
  static override properties = { page: { type: Boolean } };
  /** The playground is the page: it keeps the visitor's language and theme, and takes Space. */
  declare page: boolean;

  readonly store = new Store();
  #life: Life | null = null;
  #stops: (() => void)[] = [];
  /** Calls that wait for the element to be put on a page. */
  readonly #waiting = new Set<(life: Life) => void>();
  /** Attributes of the looks that have changed since they were last read. */
  readonly #changed = new Set<string>();
  /** Faults in attributes that nobody has been told of: while the engine starts there is no place for them. */
  #faults: PlaygroundRefusal[] = [];
  /** In other people's pages it has the looks of a figure, and is not drawn before they are there. */
  readonly #dressed = signal(false);
  #drawn = false;
  #forbidden = false;
  readonly #internals = this.attachInternals();

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...WRITTEN, "data-scheme"];
  }

  constructor() {
    super();
    this.page = false;
    adopt(this);
    keepKeys(this);
  }

  protected override render(): TemplateResult {
    if (canSpeak() && (this.page || this.#dressed.value)) return html`<np-app lang=${this.store.language.value} .store=${this.store}></np-app>`;
    // While there are no words the page's own children are seen; where none can be had, what the browser says of it besides.
    return html`<slot></slot>${this.store.broken.value ? html`<p role="alert">${this.store.message.value?.text ?? this.store.message.value?.refusal?.message}</p>` : nothing}`;
  }

  /** Where the page forbids what Lit draws with, there is a sentence and no blank. */
  protected override update(changed: PropertyValues): void {
    if (this.#forbidden) return;
    try {
      super.update(changed);
      this.#drawn = true;
    } catch (error) {
      if (this.#drawn || !(error instanceof TypeError) || !("trustedTypes" in globalThis)) throw error;
      this.#forbidden = true;
      this.#stops.push(effect(() => { this.renderRoot.textContent = lookUp(this.store.language.value, "ui.forbidden"); }));
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.#life) {
      this.#follow();
      this.#life = new Life(this);
    }
    for (const tell of this.#waiting) tell(this.#life);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element that is only moved is back at once, and keeps its engine.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  #end(): void {
    this.#life?.end();
    this.#life = null;
    this.#faults = [];
    this.store.forget();
    // Last: `:state()` tells that it has ended.
    for (const stop of this.#stops.splice(0)) stop();
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (before === after) return;
    // Whoever makes the page like another one takes off what the other has not.
    if (name === "data-scheme") {
      if (this.#life && after !== this.store.scheme.value) this.setAttribute(name, this.store.scheme.value);
      return;
    }
    this.#changed.add(name);
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    const { store } = this;
    const changed = [...this.#changed];
    this.#changed.clear();
    const is = (...names: string[]): boolean => names.some((name) => changed.includes(name));
    store.wholePage.value = this.page;
    if (is("lang")) store.language.value = this.#language();
    if (is("theme")) this.#theme();
    if (is("controls", "hide", "lock")) {
      const { wishes, faults } = wishesOf(this);
      store.wishes.value = wishes;
      this.blame(faults);
    }
    if (is("autoplay")) this.#life?.sight?.autoplay(isOn(this.getAttribute("autoplay")));
    // What is not of the looks says what is trained; whether it differs is seen there.
    if (changed.some((name) => !["lang", "theme", "controls", "hide", "lock", "autoplay"].includes(name))) this.#life?.follow();
  }

  /** "zh" is a wish too, and "fr" none that can be granted: then it is the visitor's. */
  #language(): Language {
    const kept = this.page ? recall().language : "";
    return preferredLanguage([this.getAttribute("lang") ?? "", kept ?? "", ...navigator.languages].filter(Boolean));
  }

  #theme(): void {
    const theme = this.getAttribute("theme") || "auto";
    if (THEMES.includes(theme as Theme)) this.store.theme.value = theme as Theme;
    else this.blame([fault("unknown_name", "theme", theme, `"${theme}" is none of ${THEMES.join(", ")}`)]);
  }

  /** What the visitor's system says, and what they chose the last time. */
  #follow(): void {
    const { store } = this;
    store.ownPage ||= this.page;
    const kept = this.page ? recall() : {};
    store.language.value = this.#language();
    if (!this.hasAttribute("theme") && kept.theme) store.theme.value = kept.theme;
    store.singleKeys.value = kept.singleKeys ?? true;
    // Nothing is drawn before there are words for it.
    loadLanguage(store.language.value).catch((error: unknown) => this.fail(error));
    this.#stops.push(effect(() => {
      store.language.value;
      if (canSpeak() && (this.#dressed.value || this.page)) this.requestUpdate();
    }));
    if (!this.page) void this.#dress();
    this.#stops.push(followSurroundings(this, store));
    for (const [state, on] of [["ready", store.started], ["playing", store.playing], ["broken", store.broken]] as const)
      this.#stops.push(effect(() => showState(this.#internals, state, on.value)));
    this.#stops.push(effect(() => {
      this.setAttribute("data-scheme", store.scheme.value);
      if (!this.page) return;
      const root = document.documentElement;
      root.dataset.scheme = store.scheme.value;
      root.lang = store.language.value;
      document.title = store.words.value("ui.page_title");
      remember({ language: store.language.value, theme: store.theme.value, singleKeys: store.singleKeys.value });
    }));
  }

  async #dress(): Promise<void> {
    const figure = await figures.get().catch(() => null);
    if (figure && !this.#dressed.value) this.shadowRoot!.adoptedStyleSheets.push(figure.sheet);
    this.#dressed.value = true;
  }

  /** @internal Tells the page around and the visitor what is wrong with attributes, now or when there is a place for it. */
  blame(faults: PlaygroundRefusal[]): void {
    this.#faults.push(...faults);
    if (!this.#life?.standing) return;
    for (const refusal of this.#faults.splice(0)) {
      this.store.message.value = { kind: "refusal", field: "", refusal };
      say(this, "np-error", refusal);
    }
  }

  /** @internal */
  fail(error: unknown): void {
    this.store.broken.value = true;
    this.requestUpdate();
    this.store.message.value = error instanceof EngineError ? { kind: "refusal", field: "", refusal: error.refusal } : { kind: "failure", field: "", text: refusalOf(error).message };
    say(this, "np-error", refusalOf(error));
  }

  /** Who is made by a script is put on a page soon, or never. */
  #connected(): Promise<Life> {
    return new Promise((resolve, reject) => {
      const tell = (life: Life): void => {
        clearTimeout(timer);
        this.#waiting.delete(tell);
        resolve(life);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(tell);
        reject(engineError("not_connected", "", "the element is on no page"));
      }, CONNECTION);
      this.#waiting.add(tell);
    });
  }

  async #use(): Promise<{ engine: Engine; life: Life }> {
    // What has just been taken off has its life until it is known that it is not only moved.
    const life = (this.isConnected && this.#life) || (await this.#connected());
    // Attributes set before the call hold for it.
    await this.updateComplete;
    return { engine: await life.use(), life };
  }

  /** @internal Resolves when all attributes are in force. */
  async settled(): Promise<void> {
    await this.#use();
  }

  override get info(): EngineInfo | null {
    return this.#life?.engine?.info ?? null;
  }

  override get ready(): Promise<EngineInfo> {
    return excused(this.#use().then(({ engine }) => engine.info));
  }

  override openLink(text: string): Promise<Config> {
    return this.ask(async (engine, life) => {
      await life.open(text, engine);
      return engine.config;
    });
  }

  override play(pace?: Pace): Promise<void> {
    return excused(this.#use().then(({ life }) => life.sight?.whenSeen(() => this.ask((engine) => (pace ? engine.play(pace) : this.store.actions.play())))));
  }

  override pause(): Promise<void> {
    this.#life?.sight?.rest();
    return this.ask((engine) => engine.pause());
  }

  protected override ask<T>(ask: (engine: Engine, life: Life) => Promise<T>): Promise<T> {
    return excused(this.#ask(ask));
  }

  async #ask<T>(ask: (engine: Engine, life: Life) => Promise<T>): Promise<T> {
    const { engine, life } = await this.#use();
    const { store } = this;
    const answer = await store.errand(() => ask(engine, life));
    store.actions.dirty = true;
    return answer;
  }
}

/** For `:state(ready)` in the page's styles; browsers that do not know it yet have no such set, or take other names alone. */
function showState({ states }: { states?: CustomStateSet }, name: string, on: boolean): void {
  try {
    if (on) states?.add(name);
    else states?.delete(name);
  } catch {
    // It is told by events too.
  }
}

/** Who calls and does not wait has made no mistake when the figure goes: nothing is reported then as unhandled. Who waits is told. */
function excused<T>(answer: Promise<T>): Promise<T> {
  const told = answer.catch((error: unknown) => {
    if (error instanceof EngineError && ["disposed", "not_connected"].includes(error.code)) told.catch(() => {});
    throw error;
  });
  return told;
}

reflect(Playground.prototype);

/** The class that has the name: with two copies on a page, the first one's. */
export const NeuralPlayground = define("neural-playground", Playground) as unknown as { new (): NeuralPlayground; readonly prototype: NeuralPlayground };
export type NeuralPlayground = Playground & PlaygroundElement;
