/** What the visitor may do: each wish goes to the engine, its answer into the store. */

import { batch, signal } from "@preact/signals-core";
import type { Change } from "./changes.js";
import type { Backend, CustomData, Engine, EngineInfo } from "./engine/index.js";
import type { Config, Event, LayerConfig, NamedTensor, Refusal, SeedName } from "./engine/types.js";
import { defaultSpeed, rateOf } from "./speed.js";
import type { Message, Store } from "./store.js";
import type { History, Undo } from "./undo.js";

/** Refusals that need no sentence: a newer wish of the visitor's took the place of the older. */
const QUIET = ["superseded", "disposed"];
/** How long a notice that asks for nothing stays, in milliseconds. */
const NOTICE_TIME = 8000;

export class Actions {
  /** Set when something changed that only a new frame can show. */
  dirty = true;
  #field = "";
  #last: Promise<void> = Promise.resolve();
  /** What can be taken back and made again; what keeps it is fetched with the first change. */
  readonly history: History = { past: signal([]), future: signal([]) };
  #undo: Promise<Undo> | null = null;
  /** The network before the change that is under way; null while there is none. */
  #before: Pick<Change, "parameters" | "steps" | "data"> | null = null;
  /** While a change is taken back nothing new is noted. */
  #returning = false;

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
    return this.#queue(() => this.#change(field, () => this.engine.patch(typeof patch === "function" ? patch() : patch)));
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
    return this.#queue(() => this.#change("", () => this.engine.configure(config)));
  }

  async chooseDataset(id: string): Promise<void> {
    const playing = this.store.playing.value;
    await this.#change("data.dataset", () => this.engine.chooseDataset(id));
    this.store.selection.value = null;
    if (playing && this.store.playing.value) await this.play();
  }

  async play(): Promise<void> {
    await this.#ask("transport", () => this.engine.play(rateOf(this.store.speed.value, this.store.summary.value)));
  }

  async pause(): Promise<void> {
    await this.#ask("transport", () => this.engine.pause());
  }

  toggle(): Promise<void> {
    return this.store.playing.value ? this.pause() : this.play();
  }

  async step(count = 1): Promise<void> {
    await this.#ask("transport", () => this.engine.step(count));
  }

  async epoch(count = 1): Promise<void> {
    await this.#ask("transport", () => this.engine.epoch(count));
  }

  reset(): Promise<void> {
    this.store.finish.value = null;
    return this.#queue(() => this.#change("transport", () => this.engine.reset()));
  }

  newSeed(which: SeedName[]): Promise<void> {
    return this.#queue(() => this.#change("seeds", () => this.engine.newSeed(which)));
  }

  /** The caller's own rows. */
  setData(data: CustomData): Promise<void> {
    return this.#queue(() => {
      const before = this.history.past.value.findLast((change) => change.data)?.data?.after ?? null;
      return this.#change("data", () => this.engine.setData(data), { before, after: data });
    });
  }

  undo(): Promise<void> {
    return this.#queue(() => this.#return(async () => (await this.#keeper()).undo()));
  }

  redo(): Promise<void> {
    return this.#queue(() => this.#return(async () => (await this.#keeper()).redo()));
  }

  /** Which engine trains; also tries a lost device again. */
  async setBackend(backend: Backend): Promise<void> {
    await this.#ask("engine", () => this.engine.setBackend(backend));
  }

  setSpeed(position: number): void {
    this.store.speed.value = position;
    if (this.store.playing.value) void this.play();
  }

  setParameter(layer: number, unit: number, input: number | null, value: number): Promise<void> {
    return this.#queue(async () => {
      const config = this.store.config.value;
      const change = { before: config!, after: config!, restarted: false, parameters: null, steps: 0, at: performance.now() };
      const parameter = { layer, unit, input, from: NaN, to: value };
      if (!config) return;
      // While a slider is dragged the first value is kept already.
      if (!(await this.#keeper()).goesOn({ ...change, parameter })) parameter.from = await this.#parameter(layer, unit, input);
      if (await this.#ask("parameter", () => this.engine.setParameter(layer, unit, input, value))) this.#note({ ...change, parameter });
    });
  }

  async revealTest(): Promise<void> {
    await this.#ask("test", () => this.engine.revealTest());
  }

  /** One wish after the other. */
  #queue(wish: () => Promise<unknown>): Promise<void> {
    this.#last = this.#last.then(async () => { await wish(); });
    return this.#last;
  }

  /** Keeps what is needed to take the change back, then makes it; it is noted when the engine has accepted it. */
  async #change(field: string, wish: () => Promise<unknown>, data?: Change["data"]): Promise<void> {
    const steps = this.#steps();
    let parameters: NamedTensor[] | null = null;
    if (this.store.config.value) await this.#ask(field, async () => { parameters = await this.engine.weights(); });
    this.#before = { parameters, steps, ...(data ? { data } : {}) };
    await this.#ask(field, wish);
    this.#before = null;
  }

  async #return(move: () => Promise<"whole" | "weights" | "new_weights" | null>): Promise<void> {
    this.#returning = true;
    // What was said of the change is past with it.
    this.store.message.value = null;
    await this.#ask("history", async () => {
      const returned = await move();
      if (returned === "weights" || returned === "new_weights") this.#say({ kind: "returned", field: "", returned });
    });
    this.#returning = false;
  }

  #keeper(): Promise<Undo> {
    return (this.#undo ??= import("./undo.js").then(({ Undo }) => new Undo(this.engine, () => this.#steps(), this.history), (error: unknown) => {
      // It may be there when it is asked for again.
      this.#undo = null;
      throw error;
    }));
  }

  /** In the order in which changes are made, also while the keeper is on its way; without it they are made all the same. */
  #note(change: Change): void {
    void this.#keeper().then((keeper) => keeper.note(change), () => {});
  }

  #steps(): number {
    return this.store.frame.value?.step ?? 0;
  }

  async #parameter(layer: number, unit: number, input: number | null): Promise<number> {
    const tensors = await this.engine.weights();
    const tensor = tensors.filter(({ shape }) => (shape.length === 2) === (input !== null))[layer];
    return tensor?.data[input === null ? unit : unit * (tensor.shape[1] ?? 1) + input] ?? 0;
  }

  /** Whether it was done; if not, the visitor is told why. */
  async #ask(field: string, wish: () => Promise<unknown>): Promise<boolean> {
    this.#field = field;
    if (this.store.message.value?.kind === "refusal") this.store.message.value = null;
    try {
      await wish();
    } catch (error) {
      const refusal = (error as { refusal?: Refusal }).refusal;
      if (refusal && QUIET.includes(refusal.code)) return false;
      if (refusal) this.#refused(refusal);
      else this.#say({ kind: "failure", field, text: error instanceof Error ? error.message : String(error) });
      this.dirty = true;
      return false;
    }
    this.dirty = true;
    return true;
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
      const after = event.config as Config;
      const before = store.config.value;
      const restarted = event.effect === "reset";
      // The start is nothing to be taken back.
      if (before && store.started.value && !this.#returning) {
        const known = this.#before ?? { parameters: null, steps: this.#steps() };
        this.#note({ before, after, restarted, ...known, ...(restarted ? {} : { parameters: null }), at: performance.now() });
      }
      if (store.summary.value?.kind !== event.summary.kind) store.speed.value = defaultSpeed(event.summary.kind);
      store.config.value = after;
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
    if (message.kind === "adapted" || message.kind === "returned") setTimeout(() => { if (shown.value === message) shown.value = null; }, NOTICE_TIME);
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
