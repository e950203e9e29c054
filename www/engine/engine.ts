// The engine as a page or a script sees it: promises and events before a host that may be anywhere.

import { EngineError, engineError } from "./errors";
import type { Backend, Standing } from "./standing";
import type { Traffic } from "./gpu-module";
import { openLink } from "./link";
import type { Link, LinkSettings, Thread } from "./link";
import { transferables } from "./protocol";
import type { Calls, Message, Method, Request } from "./protocol";
import { flatten, rowsOf } from "./rows";
import type { References } from "./references";
import type { Rows } from "./rows";
import type { Curve, Maps } from "./session";
import type {
  Catalog,
  Choice,
  Command,
  Config,
  EngineInfo as SessionInfo,
  Event,
  Frame,
  FrameWants,
  Metrics,
  ModelSummary,
  NamedTensor,
  Points,
} from "./types";

/** A part of a config: what is left out is the engine's default (`configure`) or stays as it is (`patch`). */
export type ConfigInput = Partially<Config>;
type Partially<T> = T extends Choice
  ? Choice | string
  : T extends readonly (infer Item)[]
    ? Partially<Item>[]
    : T extends object
      ? { [Key in keyof T]?: Partially<T[Key]> }
      : T;

/** After a crash: a new engine stands, with what could be brought over. It is paused. */
export interface Restarted {
  type: "restarted";
  restored: "config_and_weights" | "config" | "nothing";
  message: string;
}
/** Another engine trains from now on, or the same for another reason. */
export interface EngineChanged {
  type: "engine";
  info: EngineInfo;
}
export type EngineEvent = Exclude<Event, { type: "needs_digits" }> | Restarted | EngineChanged;
type EventOf<Type> = Type extends "event" ? EngineEvent : Extract<EngineEvent, { type: Type }>;

export type { Backend };
export type EngineInfo = SessionInfo & Standing & { thread: Thread };

export interface EngineOptions {
  /** Where to compute; `info` says what it has become, and why. */
  backend?: Backend;
  /** false: in this thread, in slices of at most 8 ms. */
  worker?: boolean;
  /** Engines that name the same worker share it; by default all do. */
  workerName?: string;
  /** Addresses of the engine's own files; by default beside the module. */
  wasmUrl?: string | URL;
  compilerUrl?: string | URL;
  gpuWasmUrl?: string | URL;
  gpuModuleUrl?: string | URL;
  workerUrl?: string | URL;
  digitsUrl?: string | URL;
}

export interface TrainOptions {
  /** Parameter updates. */
  steps?: number | null;
  /** Whole epochs; the rest of an epoch in hand is the first. */
  epochs?: number | null;
  /** Stops the training where it is; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface CustomData {
  /** One row for each sample: arrays of numbers, or one typed array and `columns`. */
  inputs: Rows;
  columns?: number;
  /** Class index (classification) or value (regression) for each row. */
  targets: Rows;
  /** 0 training, 1 validation, 2 test for each row; left out, the config's percents are used. */
  split?: Uint8Array | number[];
  /** Left out, the engine decides: whole numbers from 0 are classes. */
  task?: "classification" | "regression";
}

export interface Pace {
  stepsPerSecond?: number | null;
  epochsPerSecond?: number | null;
}

/** Where the engine's files lie unless the caller says; set by the entry (index.ts). */
export const defaultUrls: { worker?: string; wasm?: string; compiler?: string; gpuWasm?: string; gpuModule?: string; digits?: string } = {};

interface Pending {
  resolve(result: never): void;
  reject(error: unknown): void;
}

export class Engine {
  #backend: Backend;
  readonly #settings: LinkSettings;
  #link: Link | null = null;
  #info!: EngineInfo;
  #catalog!: Catalog;
  #config!: Config;
  #summary!: ModelSummary;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  readonly #listeners = new Map<string, Set<(event: never) => void>>();
  /** Why no call is taken any more. */
  #ended: EngineError | null = null;
  /** A new engine is being set up after a crash; calls wait for it. */
  #restarting: Promise<void> | null = null;
  /** What a new engine would be given. */
  #customData: Calls["set_data"]["args"] | null = null;
  #snapshot: NamedTensor[] | null = null;
  #testRevealed = 0;
  #run = 0;
  /** Run numbers start anew with a new session; the page's go on. */
  #runOffset = 0;

  private constructor(backend: Backend, settings: LinkSettings) {
    this.#backend = backend;
    this.#settings = settings;
  }

  /** Starts an engine with the default network on the default data. Rejects with `engine_unavailable`. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    const address = (given: string | URL | undefined, fallback: string | undefined, name: string) => {
      const url = given ?? fallback;
      if (url === undefined) throw engineError("engine_unavailable", name, `${name} is needed here`);
      return new URL(url, typeof document === "undefined" ? undefined : document.baseURI).href;
    };
    const { backend = "auto" } = options;
    checkBackend(backend);
    const engine = new Engine(backend, {
      worker: options.worker ?? true,
      ...(options.workerName === undefined ? {} : { workerName: options.workerName }),
      workerUrl: address(options.workerUrl, defaultUrls.worker, "workerUrl"),
      wasmUrl: address(options.wasmUrl, defaultUrls.wasm, "wasmUrl"),
      compilerUrl: address(options.compilerUrl, defaultUrls.compiler, "compilerUrl"),
      gpuWasmUrl: address(options.gpuWasmUrl, defaultUrls.gpuWasm, "gpuWasmUrl"),
      gpuModuleUrl: address(options.gpuModuleUrl, defaultUrls.gpuModule, "gpuModuleUrl"),
      digitsUrl: address(options.digitsUrl, defaultUrls.digits, "digitsUrl"),
    });
    try {
      await engine.#open();
      engine.#catalog = await engine.#request("catalog");
      await engine.#send({ type: "configure", config: {} });
      // Who asks for it waits for it; else the first picture comes first.
      if (backend === "webgpu") await engine.setBackend(backend);
      else engine.#settleSoon();
    } catch (error) {
      engine.dispose();
      throw error;
    }
    return engine;
  }

  // ------------------------------------------------------------------ what stands

  /** Which backend computes, on what, in which thread, and why. */
  get info(): EngineInfo {
    return this.#info;
  }

  /**
   * Has the processor (`cpu`) or the graphics card (`webgpu`) train from now on, or the faster of both (`auto`): they are
   * raced. Weights and optimizer state are kept. Resolves to what has become of it: where WebGPU cannot be had, the
   * processor trains and `info.why` says why. Also tries a lost device again.
   */
  async setBackend(backend: Backend): Promise<EngineInfo> {
    checkBackend(backend);
    this.#backend = backend;
    this.#know(await this.#call("set_backend", backend));
    return this.#info;
  }

  /** What has gone to the GPU and come back since its device was made; null while there is none. */
  traffic(): Promise<Traffic | null> {
    return this.#call("traffic");
  }

  /** The accepted config, complete. */
  get config(): Config {
    return this.#config;
  }

  /** Shapes and counts of the network and the data. */
  get summary(): ModelSummary {
    return this.#summary;
  }

  /** Every table, limit and default of the engine. */
  get catalog(): Catalog {
    return this.#catalog;
  }

  /** What PyTorch, Keras and ONNX call the rows of the catalog's tables, their formulas in LaTeX and where they are from. */
  async references(): Promise<References> {
    return (await import("./references")).references;
  }

  /** The caller's own rows, as `setData` took them; null where other data are in use. Not to be written to. */
  get customData(): CustomData | null {
    if (!this.#customData) return null;
    const [inputs, columns, targets, split, task] = this.#customData;
    return { inputs, columns, targets, ...(split && { split }), ...(task && { task: task as CustomData["task"] }) };
  }

  // ------------------------------------------------------------------ configuring

  /** Lays `config` over the engine's defaults; resolves to the whole accepted config. */
  configure(config: ConfigInput): Promise<Config>;
  /** The same for text from a link or a file: the engine checks it, whatever it is. */
  configure(config: unknown): Promise<Config>;
  async configure(config: unknown): Promise<Config> {
    await this.#send({ type: "configure", config });
    return this.#config;
  }

  /** Lays `patch` over the config in force (as a JSON merge patch; lists are replaced whole). */
  patch(patch: ConfigInput): Promise<Config>;
  patch(patch: unknown): Promise<Config>;
  async patch(patch: unknown): Promise<Config> {
    await this.#send({ type: "patch", patch });
    return this.#config;
  }

  /** Chooses a data set and adapts what no longer fits it. Digits are fetched when first chosen. */
  async chooseDataset(dataset: string): Promise<Config> {
    await this.#send({ type: "choose_dataset", dataset });
    return this.#config;
  }

  /** Trains on the caller's own rows from now on. The arrays are copied. */
  async setData({ inputs, columns, targets, split, task }: CustomData): Promise<Config> {
    const x = flatten("inputs", inputs, columns);
    const y = flatten("targets", targets);
    const args: Calls["set_data"]["args"] = [
      x.data.slice(),
      x.columns,
      y.data.slice(),
      split === undefined ? undefined : Uint8Array.from(split),
      task,
    ];
    this.#take(await this.#call("set_data", ...args));
    this.#customData = args;
    return this.#config;
  }

  /** Sets one weight, or with `input: null` a bias. Layers count from the first hidden one, 0. */
  async setParameter(layer: number, unit: number, input: number | null, value: number): Promise<void> {
    await this.#send({ type: "set_parameter", layer, unit, input, value });
  }

  // ------------------------------------------------------------------ training

  /** Trains flat out; resolves to the metrics when done, or earlier when the run finishes or is ended by another call. */
  async train({ steps = null, epochs = null, signal }: TrainOptions): Promise<Metrics> {
    signal?.throwIfAborted();
    const stop = () => void this.pause().catch(() => {});
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const metrics = await this.#call("train", { steps, epochs });
      signal?.throwIfAborted();
      return metrics;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Pauses, then makes `count` parameter updates. */
  async step(count = 1): Promise<void> {
    if (count <= FEW_STEPS) await this.#send({ type: "step", count });
    else await this.train({ steps: count });
  }

  /** Trains flat out to the end of the epoch, `count` times, then pauses. */
  async epoch(count = 1): Promise<void> {
    await this.train({ epochs: count });
  }

  /** Trains until paused or finished; flat out unless a pace is given. */
  async play({ stepsPerSecond, epochsPerSecond }: Pace = {}): Promise<void> {
    await this.#send({
      type: "play",
      steps_per_second: stepsPerSecond ?? null,
      epochs_per_second: epochsPerSecond ?? null,
    });
  }

  async pause(): Promise<void> {
    await this.#send({ type: "pause" });
  }

  /** Back to the start: same seeds, so the same weights. */
  async reset(): Promise<void> {
    await this.#send({ type: "reset" });
  }

  /** Draws new seeds and starts again. */
  async newSeed(which: ("data" | "split" | "init" | "batches")[] = ["init", "batches"]): Promise<Config> {
    await this.#send({ type: "new_seed", which });
    return this.#config;
  }

  /** Breaks the seal of the test set; from now on `metrics().test` is there, and how often this was done. */
  async revealTest(): Promise<void> {
    await this.#send({ type: "reveal_test" });
    this.#testRevealed += 1;
  }

  // ------------------------------------------------------------------ looking

  /** Loss, penalty and metrics of every part, measured now. `test` is absent while sealed. */
  metrics(): Promise<Metrics> {
    return this.#call("metrics");
  }

  /** What is wanted for one picture of the training, all of one moment. `reuse`: maps of an earlier frame, as for `maps`. */
  async frame(wants: FrameWants = {}, { reuse }: { reuse?: Partial<Pick<Frame, "maps" | "output">> } = {}): Promise<Frame> {
    const frame = await this.#call("frame", wants, reuse?.maps?.layers, reuse?.output?.data);
    const { units } = wants.maps ?? {};
    if (frame.maps && units) frame.maps.units = units;
    return { ...frame, run: frame.run + this.#runOffset };
  }

  /**
   * Every unit's output over the plane. `reuse`: maps of an earlier answer that are needed no more. Their arrays are given
   * up: where they have the size they are filled and answered again, which is several times faster; to a worker they are
   * moved, and are empty here.
   */
  maps(resolution: number, { reuse }: { reuse?: Maps } = {}): Promise<Maps> {
    return reuse ? this.#call("maps", resolution, reuse.layers) : this.#call("maps", resolution);
  }

  points(): Promise<Points> {
    return this.#call("points");
  }

  /** A few noise-free points of a data set, for its picture. */
  thumbnail(dataset: string): Promise<Points> {
    return this.#call("thumbnail", dataset);
  }

  /** A feature of the present points over their domain, before scaling: `resolution`² values, or as many on a line. */
  featureMap(feature: string, resolution: number): Promise<Float32Array> {
    return this.#call("feature_map", feature, resolution);
  }

  /** Value and slope of an activation over z, for its picture. */
  curve(activation: Choice | string): Promise<Curve> {
    return this.#call("curve", activation);
  }

  /** Class probabilities or values, `(rows, outputs)` row-major, for inputs `(rows, columns)` row-major. */
  predict(inputs: Rows): Promise<Float32Array> {
    const rows = rowsOf("inputs", inputs);
    return this.#call("predict", rows);
  }

  /** All parameters by name, `(outputs, inputs)` row-major. */
  weights(): Promise<NamedTensor[]> {
    return this.#call("weights");
  }

  /** The derivative of the mean loss over the training part by each parameter, by name as `weights()`: without penalty,
   *  dropout and clipping. */
  gradients(): Promise<NamedTensor[]> {
    return this.#call("gradients");
  }

  /** Replaces parameters; names and shapes must be those of `weights()`. */
  async setWeights(tensors: NamedTensor[]): Promise<void> {
    this.#take(await this.#call("set_weights", tensors));
    this.#snapshot = null;
    this.#snapshot = await this.#call("weights");
  }

  // ------------------------------------------------------------------ events and the end

  /** Calls `listener` for events of `type`, or for all (`"event"`). Returns a function that ends it. */
  on<Type extends EngineEvent["type"] | "event">(type: Type, listener: (event: EventOf<Type>) => void): () => void {
    let listeners = this.#listeners.get(type);
    if (!listeners) this.#listeners.set(type, (listeners = new Set()));
    listeners.add(listener as (event: never) => void);
    return () => void listeners.delete(listener as (event: never) => void);
  }

  /** Ends the engine and frees its memory. Waiting calls reject with `disposed`. */
  dispose(): void {
    this.#ended = engineError("disposed", "", "the engine was disposed");
    this.#rejectPending(this.#ended);
    this.#listeners.clear();
    this.#link?.close();
  }

  /** @internal Gives the GPU up, as a driver may at any time. */
  async loseDeviceForTest(): Promise<void> {
    await this.#call("lose_device_for_test");
  }

  /** @internal Makes the engine trap, as a bug in it would. */
  async crashForTest(): Promise<void> {
    await this.#call("crash_for_test");
  }

  // ------------------------------------------------------------------ inside

  async #open(): Promise<void> {
    const link = await openLink(this.#settings);
    if (this.#ended) {
      link.close();
      throw this.#ended;
    }
    this.#link = link;
    link.onlost = (message) => this.#crashed(link, message);
    link.port.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(link, data);
    const info = await this.#request("info");
    this.#info = { ...info, choice: this.#backend, why: this.#backend === "cpu" ? info.why : UNRACED, thread: link.thread };
  }

  /** The choice between the engines, once nothing more urgent is under way. Who has chosen need not be chosen for. */
  #settleSoon(): void {
    setTimeout(() => {
      if (this.#info.why !== UNRACED) return;
      this.setBackend(this.#backend).catch((error: unknown) => {
        // The engine has ended or is starting anew: then there is nothing to choose for.
        if (!(error instanceof EngineError)) throw error;
      });
    }, SETTLE_MS);
  }

  #know(info: SessionInfo & Standing): void {
    this.#info = { ...info, thread: this.#info.thread };
  }

  async #call<M extends Method>(method: M, ...args: Calls[M]["args"]): Promise<Calls[M]["result"]> {
    if (this.#restarting) await this.#restarting;
    return this.#request(method, ...args);
  }

  #request<M extends Method>(method: M, ...args: Calls[M]["args"]): Promise<Calls[M]["result"]> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      try {
        // What is given up moves; everything else is copied.
        const given = method === "maps" || method === "frame" ? args.slice(1).flatMap((array) => transferables(array)) : [];
        this.#link!.port.postMessage({ id, method, args } satisfies Request, given);
      } catch (error) {
        // A function or the like inside a config cannot be sent.
        this.#pending.delete(id);
        const message = error instanceof Error ? error.message : String(error);
        reject(engineError("malformed", method, message, { message }));
      }
    });
  }

  /** Sends a command; rejects when the engine refuses it. */
  async #send(command: Command): Promise<void> {
    this.#take(await this.#call("command", command));
  }

  /** Reports the events of a call, then throws if it was refused. */
  #take(events: Event[]): void {
    this.#report(events);
    for (const event of events) if (event.type === "rejected") throw new EngineError(event.refusal);
  }

  #receive(link: Link, message: Message): void {
    if (link !== this.#link) return;
    if ("events" in message) return this.#report(message.events);
    if ("engine" in message) {
      this.#know(message.engine);
      return this.#emit({ type: "engine", info: this.#info });
    }
    if ("snapshot" in message) {
      this.#snapshot = message.snapshot;
      return;
    }
    if ("crash" in message) return this.#crashed(link, message.crash);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ("refusal" in message) pending?.reject(new EngineError(message.refusal));
    else pending?.resolve(message.result as never);
  }

  #report(events: Event[]): void {
    for (const event of events) {
      // The host has seen to it.
      if (event.type === "needs_digits") continue;
      this.#emit("run" in event ? { ...event, run: event.run + this.#runOffset } : event);
    }
  }

  #emit(event: EngineEvent): void {
    if ("run" in event) this.#run = Math.max(this.#run, event.run);
    if (event.type === "configured") {
      this.#config = event.config;
      this.#summary = event.summary;
      if (event.config.data.dataset !== "custom") this.#customData = null;
      // Other shapes, perhaps. Reset gives these weights again from the seeds.
      if (event.effect === "reset") this.#snapshot = null;
    } else if (event.type === "points") {
      this.#testRevealed = 0;
    }
    for (const type of [event.type, "event"]) {
      for (const listener of this.#listeners.get(type) ?? []) {
        try {
          listener(event as never);
        } catch (error) {
          // One listener's mistake is not the others'.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    }
  }

  #rejectPending(error: EngineError): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(error);
  }

  /** The engine trapped: its memory is in no known state. Throw it away, start another and bring over what is known. */
  #crashed(link: Link, message: string): void {
    if (this.#ended || link !== this.#link) return;
    link.close(true);
    this.#rejectPending(engineError("engine_crashed", "", message, { message }));
    // A crash while restoring is the restoring's own concern.
    if (this.#restarting) return;
    const restarting = this.#restart(message).finally(() => {
      this.#restarting = null;
    });
    this.#restarting = restarting;
    restarting.catch((error: unknown) => {
      this.#ended ??= error instanceof EngineError ? error : engineError("engine_unavailable", "", String(error));
      this.#rejectPending(this.#ended);
    });
  }

  async #restart(message: string): Promise<void> {
    const [config, customData, snapshot, revealed] = [this.#config, this.#customData, this.#snapshot, this.#testRevealed];
    // What brought the engine down may do so again: each attempt brings over less.
    const attempts: Restarted["restored"][] = snapshot ? ["config_and_weights", "config", "nothing"] : ["config", "nothing"];
    for (const restored of attempts) {
      this.#runOffset = this.#run + 1;
      try {
        await this.#open();
        if (restored === "nothing" || !config) {
          this.#take(await this.#request("command", { type: "configure", config: {} }));
        } else {
          if (customData) this.#take(await this.#request("set_data", ...customData));
          this.#take(await this.#request("command", { type: "configure", config }));
          this.#customData = customData;
          for (let count = 0; count < revealed; count += 1) {
            this.#take(await this.#request("command", { type: "reveal_test" }));
          }
          this.#testRevealed = revealed;
          if (restored === "config_and_weights") {
            this.#take(await this.#request("set_weights", snapshot!));
            this.#snapshot = snapshot;
          }
        }
      } catch (error) {
        const hopeless = this.#ended || (error instanceof EngineError && error.code === "engine_unavailable");
        if (hopeless || restored === "nothing") throw error;
        this.#link?.close(true);
        continue;
      }
      this.#settleSoon();
      this.#emit({ type: "paused", run: this.#run });
      this.#emit({ type: "restarted", restored, message });
      return;
    }
  }
}

const BACKENDS: readonly string[] = ["auto", "cpu", "webgpu"];

function checkBackend(backend: unknown): void {
  if (BACKENDS.includes(backend as string)) return;
  const known = BACKENDS.join(", ");
  throw engineError("unknown_id", "backend", `backend: ${String(backend)} is not one of ${known}`, { id: String(backend), known });
}

/** Nobody has chosen yet. */
const UNRACED = "not_raced_yet";
/** The race between the engines begins so long after the engine stands: the first picture comes first. */
const SETTLE_MS = 1500;
/** So many steps are made in one go; more are trained in slices, so that nothing waits for them. */
const FEW_STEPS = 100;
