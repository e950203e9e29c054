/** What the visitor may do: each wish goes to the engine, its answer into the store. */

import { batch } from "@preact/signals-core";
import type { Backend, Engine, EngineInfo } from "./engine/index.js";
import type { Config, Event, LayerConfig, Refusal } from "./engine/types.js";
import { defaultSpeed, rateOf } from "./speed.js";
import type { Message, Store } from "./store.js";

/** Refusals that need no sentence: a newer wish of the visitor's took the place of the older. */
const QUIET = ["superseded", "disposed"];
/** How long a notice that asks for nothing stays, in milliseconds. */
const NOTICE_TIME = 8000;

export type SeedName = "data" | "split" | "init" | "batches";

export class Actions {
  /** Set when something changed that only a new frame can show. */
  dirty = true;
  #field = "";
  #last: Promise<void> = Promise.resolve();

  constructor(readonly engine: Engine, readonly store: Store) {
    engine.on("configured", (event) => this.#configured(event));
    engine.on("rejected", (event) => this.#refused(event.refusal));
    engine.on("points", () => void this.#fetchPoints());
    engine.on("engine", ({ info }) => this.#engineChanged(info));
    engine.on("playing", () => batch(() => {
      store.playing.value = true;
      store.finish.value = null;
    }));
    engine.on("paused", () => this.#stopped());
    engine.on("restarted", ({ restored }) => this.#say({ kind: "restarted", field: "", restored }));
    engine.on("finished", (event) => batch(() => {
      this.#stopped();
      store.finish.value = event;
    }));
  }

  /**
   * Lays a JSON merge patch over the accepted config, one after the other: a patch given as a function is made
   * when its turn comes, from what the engine accepted before it. `field` names the control, so that a refusal
   * is shown beside it.
   */
  patch(patch: unknown, field: string): Promise<void> {
    const wish = (): Promise<unknown> => this.engine.patch(typeof patch === "function" ? patch() : patch);
    this.#last = this.#last.then(() => this.#ask(field, wish));
    return this.#last;
  }

  /** Sets the field at a dotted path of the config, `training.batch_size`. */
  set(path: string, value: unknown): Promise<void> {
    const patch = path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    return this.patch(patch, path);
  }

  /** Replaces the list of hidden layers by what `change` makes of it. */
  changeLayers(change: (layers: LayerConfig[]) => LayerConfig[], field = "network.hidden"): Promise<void> {
    return this.patch(() => {
      const layers = this.store.config.value?.network.hidden ?? [];
      return { network: { hidden: change(structuredClone(layers)) } };
    }, field);
  }

  configure(config: unknown): Promise<void> {
    return this.#ask("", () => this.engine.configure(config));
  }

  async chooseDataset(id: string): Promise<void> {
    const playing = this.store.playing.value;
    const kind = this.store.summary.value?.kind;
    await this.#ask("data.dataset", () => this.engine.chooseDataset(id));
    const summary = this.store.summary.value;
    if (!summary) return;
    if (summary.kind !== kind) this.store.speed.value = defaultSpeed(summary.kind);
    this.store.selection.value = null;
    if (playing && this.store.playing.value) await this.play();
  }

  play(): Promise<void> {
    return this.#ask("transport", () => this.engine.play(rateOf(this.store.speed.value, this.store.summary.value)));
  }

  pause(): Promise<void> {
    return this.#ask("transport", () => this.engine.pause());
  }

  toggle(): Promise<void> {
    return this.store.playing.value ? this.pause() : this.play();
  }

  step(count = 1): Promise<void> {
    return this.#ask("transport", () => this.engine.step(count));
  }

  epoch(count = 1): Promise<void> {
    return this.#ask("transport", () => this.engine.epoch(count));
  }

  reset(): Promise<void> {
    this.store.finish.value = null;
    return this.#ask("transport", () => this.engine.reset());
  }

  newSeed(which: SeedName[]): Promise<void> {
    return this.#ask("seeds", () => this.engine.newSeed(which));
  }

  /** Which engine trains; also tries a lost device again. */
  setBackend(backend: Backend): Promise<void> {
    return this.#ask("engine", () => this.engine.setBackend(backend));
  }

  setSpeed(position: number): void {
    this.store.speed.value = position;
    if (this.store.playing.value) void this.play();
  }

  setParameter(layer: number, unit: number, input: number | null, value: number): Promise<void> {
    return this.#ask("parameter", () => this.engine.setParameter(layer, unit, input, value));
  }

  revealTest(): Promise<void> {
    return this.#ask("test", () => this.engine.revealTest());
  }

  async #ask(field: string, wish: () => Promise<unknown>): Promise<void> {
    this.#field = field;
    if (this.store.message.value?.kind === "refusal") this.store.message.value = null;
    try {
      await wish();
    } catch (error) {
      const refusal = (error as { refusal?: Refusal }).refusal;
      if (refusal && QUIET.includes(refusal.code)) return;
      if (refusal) this.#refused(refusal);
      else this.#say({ kind: "failure", field, text: error instanceof Error ? error.message : String(error) });
    }
    this.dirty = true;
  }

  /** That the GPU is lost is said where it is seen: the visitor had it, and training goes on without. */
  #engineChanged(info: EngineInfo): void {
    const before = this.store.info.value;
    this.store.info.value = info;
    if (before?.backend === "webgpu" && info.backend === "cpu" && info.choice !== "cpu" && info.race === null) this.#say({ kind: "engine", field: "", engine: info });
    else if (this.store.message.value?.kind === "engine") this.store.message.value = null;
  }

  #configured(event: Extract<Event, { type: "configured" }>): void {
    batch(() => {
      const { store } = this;
      store.config.value = event.config as Config;
      store.summary.value = event.summary;
      store.run.value = event.run;
      if (event.effect === "reset") store.finish.value = null;
      if (event.adapted.length > 0) this.#say({ kind: "adapted", field: "", adapted: event.adapted });
      const selected = store.selection.value;
      const units = selected && (event.summary.layers[selected.layer]?.units ?? 0);
      if (selected && !(units && selected.unit < units)) store.selection.value = null;
    });
    this.dirty = true;
  }

  #refused(refusal: Refusal): void {
    this.#say({ kind: "refusal", field: this.#field || refusal.field, refusal });
  }

  #say(message: Message): void {
    const { message: shown } = this.store;
    shown.value = message;
    if (message.kind === "adapted") setTimeout(() => { if (shown.value === message) shown.value = null; }, NOTICE_TIME);
  }

  #stopped(): void {
    this.store.playing.value = false;
    this.dirty = true;
  }

  async #fetchPoints(): Promise<void> {
    this.store.points.value = await this.engine.points();
    this.dirty = true;
  }
}
