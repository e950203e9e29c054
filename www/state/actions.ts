/** What the visitor may do: each wish goes to the engine, its answer into the store. */

import { batch, signal } from "@preact/signals-core";
import type { Change } from "./changes.js";
import type { Backend, CustomData, Engine } from "../engine/index.js";
import type { Config, Event, LayerConfig, NamedTensor, Refusal, SeedName } from "../engine/types.js";
import { defaultSpeed, rateOf } from "./speed.js";
import { lazy } from "../ui/lazy.js";
import { goOn, say, sayEngine } from "./say.js";
import type { Store } from "./store.js";
import type { History, Undo } from "./undo.js";

const undoing = lazy(() => import("./undo.js"));

/** Refusals that need no sentence: a newer wish of the visitor's took the place of the older. */
export const QUIET = ["superseded", "disposed"];

export class Actions {
  readonly #dirty = signal(true);
  /** The patch under way. */
  #wish: unknown;
  refused: Refusal | null = null; // why the last wish was not granted
  #last: Promise<void> = Promise.resolve();
  /** What can be taken back and made again; what keeps it is fetched with the first change. */
  readonly history: History = { past: signal([]), future: signal([]) };
  #undo: Undo | null = null;
  /** What the engine accepted last, until it is known whose wish it was. */
  #accepted: Pick<Change, "before" | "after" | "restarted"> | null = null;
  /** While a change is taken back nothing new is noted. */
  #returning = false;

  constructor(readonly engine: Engine, readonly store: Store) {
    engine.on("configured", (event) => this.#configured(event));
    engine.on("rejected", (event) => this.#refused(event.refusal, ""));
    engine.on("points", () => void this.#fetchPoints());
    engine.on("engine", ({ info }) => sayEngine(store, info));
    engine.on("playing", () => batch(() => {
      store.playing.value = true;
      store.finish.value = null;
    }));
    engine.on("paused", () => this.#stopped());
    engine.on("restarted", ({ restored }) => say(this.store, { kind: "restarted", field: "", restored }));
    engine.on("finished", (event) => batch(() => {
      this.#stopped();
      store.finish.value = event;
    }));
  }

  /** Set when something changed that only a new frame can show: a signal, so that nobody has to look again and again. */
  get dirty(): boolean {
    return this.#dirty.value;
  }
  set dirty(dirty: boolean) {
    this.#dirty.value = dirty;
  }

  /**
   * Lays a JSON merge patch over the accepted config, one after the other: a patch given as a function is made
   * when its turn comes, from what the engine accepted before it. `field` names the control, so that a refusal
   * is shown beside it.
   */
  patch(patch: unknown, field: string): Promise<void> {
    return this.#queue(() => goOn(this.store, async () => {
      await this.#change(field, () => {
        this.#wish = typeof patch === "function" ? patch() : patch;
        return this.engine.patchUntrusted(this.#wish);
      });
      this.#wish = undefined;
    }));
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
    return this.#queue(() => this.#change("", () => this.engine.configureUntrusted(config)));
  }

  async chooseDataset(id: string): Promise<void> {
    const playing = this.store.playing.value;
    await this.#change("data.dataset", () => this.engine.chooseDataset(id));
    this.store.selection.value = null;
    if (playing && this.store.playing.value) await this.play();
  }

  async play(): Promise<void> {
    this.#leaveReplay();
    await this.#ask("transport", () => this.engine.play(rateOf(this.store.speed.value, this.store.summary.value)));
  }

  async pause(): Promise<void> {
    await this.#ask("transport", () => this.engine.pause());
  }

  toggle(): Promise<void> {
    return this.store.playing.value ? this.pause() : this.play();
  }

  async step(count = 1): Promise<void> {
    this.#leaveReplay();
    await this.store.errand(() => this.#ask("transport", () => this.engine.step(count)));
  }

  async epoch(count = 1): Promise<void> {
    this.#leaveReplay();
    await this.store.errand(() => this.#ask("transport", () => this.engine.epoch(count)));
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
    return this.#queue(() => goOn(this.store, () => this.#return((undo) => undo.undo())));
  }

  redo(): Promise<void> {
    return this.#queue(() => goOn(this.store, () => this.#return((undo) => undo.redo())));
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
      this.#leaveReplay();
      const change = { before: config!, after: config!, restarted: false, parameters: null, steps: 0, at: performance.now() };
      const parameter = { layer, unit, input, from: NaN, to: value };
      if (!config) return;
      // While a slider is dragged the first value is kept already.
      const goesOn = undoing.value && this.#keeper(undoing.value).goesOn({ ...change, parameter });
      if (!goesOn && !(await this.#ask("parameter", async () => { parameter.from = await this.#parameter(layer, unit, input); }))) return;
      if (await this.#ask("parameter", () => this.engine.setParameter(layer, unit, input, value))) this.#note({ ...change, parameter });
    });
  }

  async revealTest(): Promise<void> {
    await this.#ask("test", () => this.engine.revealTest());
  }

  /** One wish after the other; one that comes to grief keeps no other from its turn. */
  #queue(wish: () => Promise<unknown>): Promise<void> {
    const done = this.#last.then(wish).then(() => {}, (error: unknown) => this.#failed(error, ""));
    this.#last = done;
    return done;
  }

  /** Keeps what is needed to take the change back, then makes it; it is noted when the engine has accepted it. */
  async #change(field: string, wish: () => Promise<unknown>, data?: Change["data"]): Promise<void> {
    this.#leaveReplay();
    const steps = this.#steps();
    let parameters: NamedTensor[] | null = null;
    if (this.store.config.value) await this.#ask(field, async () => { parameters = await this.engine.weights(); });
    await this.#ask(field, wish);
    // Its own `configured` came with the answer; others' have come and gone while it waited.
    const accepted = this.#accepted;
    this.#accepted = null;
    if (accepted) this.#noteAccepted(accepted, { parameters, steps, ...(data ? { data } : {}) });
  }

  /** Whoever has a wish has other plans with the network than a link's replay. */
  #leaveReplay(): void {
    this.store.replay.value?.stop();
  }

  async #return(move: (undo: Undo) => Promise<"whole" | "weights" | "new_weights" | null>): Promise<void> {
    this.#leaveReplay();
    this.#returning = true;
    // What was said of the change is past with it.
    this.store.message.value = null;
    await this.#ask("history", async () => {
      const returned = await move(this.#keeper(await undoing.get()));
      if (returned === "weights" || returned === "new_weights") say(this.store, { kind: "returned", field: "", returned });
    });
    this.#returning = false;
    this.#accepted = null;
  }

  #keeper({ Undo }: NonNullable<typeof undoing.value>): Undo {
    return (this.#undo ??= new Undo(this.engine, () => this.#steps(), this.history));
  }

  /** In the order in which changes are made, also while the keeper is on its way; changes are made all the same. */
  #note(change: Change): void {
    const there = undoing.want((module) => this.#keeper(module).note(change));
    if (there) this.#keeper(there).note(change);
  }

  #noteAccepted({ before, after, restarted }: Pick<Change, "before" | "after" | "restarted">, known: Pick<Change, "parameters" | "steps" | "data">): void {
    this.#note({ before, after, restarted, ...known, ...(restarted ? {} : { parameters: null }), at: performance.now() });
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
    if (this.store.message.value?.kind === "refusal") this.store.message.value = null;
    try {
      await wish();
    } catch (error) {
      this.#failed(error, field);
      return false;
    } finally {
      this.dirty = true;
    }
    return true;
  }

  #failed(error: unknown, field: string): void {
    const refusal = (error as { refusal?: Refusal }).refusal;
    this.refused = refusal ?? { code: "failure", field, values: {}, message: error instanceof Error ? error.message : String(error) };
    if (refusal) this.#refused(refusal, field);
    else say(this.store, { kind: "failure", field, text: this.refused.message });
  }

  #configured(event: Extract<Event, { type: "configured" }>): void {
    batch(() => {
      const { store } = this;
      const after = event.config as Config;
      const before = store.config.value;
      // The start is nothing to be taken back.
      if (before && store.started.value && !this.#returning) {
        const accepted = { before, after, restarted: event.effect === "reset" };
        this.#accepted = accepted;
        // A wish that did not come this way (a script's, say) is nobody's when its answer is past.
        setTimeout(() => {
          if (this.#accepted !== accepted) return;
          this.#accepted = null;
          this.#noteAccepted(accepted, { parameters: null, steps: this.#steps() });
        });
      }
      if (store.summary.value?.kind !== event.summary.kind) store.speed.value = defaultSpeed(event.summary);
      store.config.value = after;
      store.summary.value = event.summary;
      store.run.value = event.run;
      if (event.effect === "reset") store.finish.value = null;
      if (event.adapted.length > 0) say(this.store, { kind: "adapted", field: "", adapted: event.adapted });
      const selected = store.selection.value;
      const units = selected && (event.summary.layers[selected.layer]?.units ?? 0);
      if (selected && !(units && selected.unit < units)) store.selection.value = null;
    });
    this.dirty = true;
  }

  /** At the control of the field that was refused; where the page has none, at the control that was moved. */
  #refused(refusal: Refusal, moved: string): void {
    if (QUIET.includes(refusal.code)) return;
    say(this.store, { kind: "refusal", field: this.store.places.of(refusal.field, moved), refusal, wish: this.#wish });
  }

  #stopped(): void {
    this.store.playing.value = false;
    this.dirty = true;
  }

  async #fetchPoints(): Promise<void> {
    this.store.points.value = await this.engine.points().catch(() => this.store.points.value);
    this.dirty = true;
  }
}
