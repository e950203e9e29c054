// The engine as a page or a script sees it: promises and events before a host that may be anywhere.

import { bounded } from "./bounded";
import { dataOf } from "./data-kinds";
import { checked, guarded } from "./calls";
import { EngineError, engineError } from "./errors";
import type { EngineRefusal } from "./errors";
import type { Backend, Standing, Traffic } from "./standing";
import { openLink } from "./link";
import type { Link, LinkSettings, Thread } from "./link";
import { transferables } from "./protocol";
import type { Calls, Cancel, Message, Method, Request } from "./protocol";
import { matrix } from "./rows";
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
  SeedName,
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
/** A command was refused; its call rejects as well. */
export interface Rejected {
  type: "rejected";
  refusal: EngineRefusal;
}
export type EngineEvent = Exclude<Event, { type: "needs_digits" | "rejected" }> | Rejected | Restarted | EngineChanged;
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
  /** The folder of the engine's own files, with a slash at its end: a copy of the package's `internal/`. By default where the module is. */
  baseUrl?: string | URL;
  /** Where single ones lie elsewhere. */
  urls?: { [File in EngineFile]?: string | URL };
  /** Gives up the start while it is under way; the promise then rejects with the signal's reason, and nothing stays behind. */
  signal?: AbortSignal;
  /** For what strangers made: configs are refused that would take more memory or time than one in a link may. */
  asLink?: boolean;
}

/** Of a call that may take long. */
export interface CallOptions {
  /** Gives it up: where it is not carried out yet nothing changes, and it rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface TrainOptions {
  /** Parameter updates. */
  steps?: number | null;
  /** Whole epochs; the rest of an epoch in hand is the first. */
  epochs?: number | null;
  /** Stops the training where it is; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** false: it resolves to null, and no part is measured, which for many rows takes longer than a few steps. */
  metrics?: boolean;
  /** Called at the end of every epoch with its figures, and with those of every epoch of this call. The next epoch waits for what it returns. */
  onEpochEnd?(metrics: Metrics, history: readonly Metrics[]): unknown;
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

/** The absolute address of one of the engine's files: as given, in the folder given, or where the entry knows it. */
function address(file: EngineFile, { baseUrl, urls }: Pick<EngineOptions, "baseUrl" | "urls">): string {
  const [given, field] = urls?.[file] !== undefined ? [urls[file], `urls.${file}`] : [baseUrl, "baseUrl"];
  const known = defaultUrls[file];
  const page = typeof document === "undefined" ? undefined : document.baseURI;
  if (given === undefined && known === undefined) throw engineError("engine_unavailable", `urls.${file}`, `urls.${file} is needed here`);
  try {
    if (given === undefined) return new URL(known!, page).href;
    if (field !== "baseUrl") return new URL(given, page).href;
    return new URL(known!.replace(/.*\//, ""), new URL(given, page)).href;
  } catch {
    const message = `${String(given).slice(0, 80)} is no address`;
    throw engineError("malformed", field, `${field}: ${message}`, { message });
  }
}

/** The engine's own files. */
export type EngineFile = "worker" | "wasm" | "compiler" | "gpuWasm" | "gpuModule" | "digits";

/** Where the engine's files lie unless the caller says; set by the entry (index.ts). */
export const defaultUrls: { [File in EngineFile]?: string } = {};

interface Pending {
  resolve(result: never): void;
  reject(error: unknown): void;
}

/** Browsers that do not know it yet know no `using` either. */
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

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
  #snapshot: Uint8Array | null = null;
  #testRevealed = 0;
  #run = 0;
  /** Counts choices of who trains. */
  #wish = 0;
  /** Run numbers start anew with a new session; the page's go on. */
  #runOffset = 0;

  private constructor(backend: Backend, settings: LinkSettings) {
    this.#backend = backend;
    this.#settings = settings;
  }

  /** Starts an engine with the default network on the default data. Rejects with `engine_unavailable`. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    const [given] = checked("create", [options]);
    const { signal } = given;
    const backend = backendOf(given.backend ?? "auto");
    signal?.throwIfAborted();
    const engine = new Engine(backend, {
      worker: given.worker ?? true,
      ...(given.workerName === undefined ? {} : { workerName: given.workerName }),
      workerUrl: address("worker", given),
      wasmUrl: address("wasm", given),
      compilerUrl: address("compiler", given),
      gpuWasmUrl: address("gpuWasm", given),
      gpuModuleUrl: address("gpuModule", given),
      digitsUrl: address("digits", given),
      ...(given.asLink && { asLink: true }),
    });
    const giveUp = () => engine.dispose();
    signal?.addEventListener("abort", giveUp);
    try {
      await engine.#open(signal);
      engine.#catalog = await engine.#request("catalog");
      await engine.#send({ type: "configure", config: {} });
      // Who asks for it waits for it; else the first picture comes first.
      if (backend === "webgpu") await engine.setBackend(backend);
      else engine.#settleSoon();
    } catch (error) {
      engine.dispose();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
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
   * processor trains and `info.why` says why. Also tries a lost device again. Given up by a signal, the choice before holds.
   */
  async setBackend(backend: Backend, options?: CallOptions): Promise<EngineInfo> {
    const [given, { signal } = {}] = checked("setBackend", [backend, options]);
    const [choice, before] = [backendOf(given), this.#backend];
    signal?.throwIfAborted();
    this.#backend = choice;
    const wish = (this.#wish += 1);
    const answer = this.#heeding(signal, "set_backend", choice);
    try {
      this.#know(await bounded(answer, signal));
    } catch (error) {
      if (signal?.aborted && wish === this.#wish) {
        this.#backend = before;
        // What is being made ready is made; then the choice before has its place again.
        answer.then(() => (wish === this.#wish ? this.setBackend(before) : null)).catch(() => {});
      }
      throw error;
    }
    return this.#info;
  }

  /**
   * Resolves to `info` when no choice between the engines is under way: not before the first race is decided, nor while another
   * trainer is made for another config. Until then `info` says who trains meanwhile.
   */
  get ready(): Promise<EngineInfo> {
    return this.#decided();
  }

  async #decided(): Promise<EngineInfo> {
    if (this.#info.why === UNRACED) return this.setBackend(this.#backend);
    this.#know(await this.#call("ready"));
    return this.#info;
  }

  /** What has gone to the GPU and come back since its device was made; null while there is none. */
  gpuStats(): Promise<Traffic | null> {
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
  configure(config: ConfigInput, options?: CallOptions): Promise<Config> {
    return this.configureUntrusted(config, options);
  }

  /** The same for what came from a link, a file or a message, whatever it is: the engine checks it all, and the compiler nothing. */
  async configureUntrusted(config: unknown, options?: CallOptions): Promise<Config> {
    const [wish, { signal } = {}] = checked("configure", [config, options]);
    await this.#send({ type: "configure", config: wish }, signal);
    return this.#config;
  }

  /** Lays `patch` over the config in force (as a JSON merge patch; lists are replaced whole). */
  patch(patch: ConfigInput, options?: CallOptions): Promise<Config> {
    return this.patchUntrusted(patch, options);
  }

  /** The same for what came from elsewhere, as `configureUntrusted`. */
  async patchUntrusted(patch: unknown, options?: CallOptions): Promise<Config> {
    const [wish, { signal } = {}] = checked("patch", [patch, options]);
    await this.#send({ type: "patch", patch: wish }, signal);
    return this.#config;
  }

  /** Chooses a data set and adapts what no longer fits it. Digits are fetched when first chosen. */
  async chooseDataset(dataset: string, options?: CallOptions): Promise<Config> {
    const [id, { signal } = {}] = checked("chooseDataset", [dataset, options]);
    await this.#send({ type: "choose_dataset", dataset: id }, signal);
    return this.#config;
  }

  /** Trains on the caller's own rows from now on. The arrays are copied. */
  async setData(data: CustomData, options?: CallOptions): Promise<Config> {
    const [{ inputs, targets, split, task }, { signal } = {}] = checked("setData", [data, options]);
    const args: Calls["set_data"]["args"] = [inputs.data, inputs.columns ?? 1, targets, split, task];
    this.#take(await this.#heeding(signal, "set_data", ...args));
    this.#customData = args;
    return this.#config;
  }

  /** Sets one weight, or with `input: null` a bias. Layers count from the first hidden one, 0. */
  async setParameter(layer: number, unit: number, input: number | null, value: number): Promise<void> {
    const [at, of, from, to] = checked("setParameter", [layer, unit, input, value]);
    await this.#send({ type: "set_parameter", layer: at, unit: of, input: from, value: to });
  }

  // ------------------------------------------------------------------ training

  /** Trains flat out; resolves to the metrics when done, or earlier when the run finishes or is ended by another call. */
  train(options: TrainOptions & { metrics: false }): Promise<null>;
  train(options: TrainOptions & { metrics?: true }): Promise<Metrics>;
  train(options: TrainOptions): Promise<Metrics | null>;
  async train(options: TrainOptions): Promise<Metrics | null> {
    const [{ steps = null, epochs = null, metrics: measured = true, signal, onEpochEnd }] = checked("train", [options]);
    signal?.throwIfAborted();
    if (onEpochEnd) return this.#trainByEpochs({ steps, epochs }, onEpochEnd, signal).then((metrics) => (measured ? metrics : null));
    const stop = () => void this.pause().catch(() => {});
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const metrics = await this.#call("train", { steps, epochs, metrics: measured });
      signal?.throwIfAborted();
      return metrics;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  async #trainByEpochs({ steps, epochs }: { steps: number | null; epochs: number | null }, onEpochEnd: NonNullable<TrainOptions["onEpochEnd"]>, signal: AbortSignal | undefined): Promise<Metrics> {
    const history: Metrics[] = [];
    let ended = false;
    const stop = [this.on("finished", () => { ended = true; })];
    const more = { ...(signal && { signal }) };
    try {
      let metrics = await this.metrics();
      const [step, { steps_per_epoch: length }] = [metrics.step, this.#summary];
      do {
        const left = steps === null ? Infinity : steps - (metrics.step - step);
        const rest = length - Math.round((metrics.epoch % 1) * length);
        metrics = await this.train(left < rest ? { steps: left, ...more } : { epochs: 1, ...more });
        // Paused or reconfigured by another call: nobody goes on with what it ended.
        if (!Number.isInteger(metrics.epoch)) break;
        history.push(metrics);
        await onEpochEnd(metrics, history);
        signal?.throwIfAborted();
      } while (!ended && (epochs === null || history.length < epochs) && (steps === null || metrics.step - step < steps));
      return metrics;
    } finally {
      for (const each of stop) each();
    }
  }

  /** Pauses, then makes `count` parameter updates. */
  async step(count?: number, options?: CallOptions): Promise<void> {
    const [steps = 1, { signal } = {}] = checked("step", [count, options]);
    // Whoever trains makes them, and many are made in slices.
    if (steps <= FEW_STEPS && this.#info.backend === "cpu") await this.#send({ type: "step", count: steps }, signal);
    else await this.train({ steps, metrics: false, ...(signal && { signal }) });
  }

  /** Trains flat out to the end of the epoch, `count` times, then pauses. */
  async epoch(count?: number, options?: CallOptions): Promise<void> {
    const [epochs = 1, { signal } = {}] = checked("epoch", [count, options]);
    await this.train({ epochs, metrics: false, ...(signal && { signal }) });
  }

  /** Trains until paused or finished; flat out unless a pace is given. */
  async play(pace?: Pace): Promise<void> {
    const [{ stepsPerSecond, epochsPerSecond } = {}] = checked("play", [pace]);
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
  async reset(options?: CallOptions): Promise<void> {
    const [{ signal } = {}] = checked("reset", [options]);
    await this.#send({ type: "reset" }, signal);
  }

  /** Draws new seeds and starts again. */
  async newSeed(which?: SeedName[], options?: CallOptions): Promise<Config> {
    const [seeds = ["init", "batches"], { signal } = {}] = checked("newSeed", [which, options]);
    await this.#send({ type: "new_seed", which: seeds as SeedName[] }, signal);
    return this.#config;
  }

  /** Breaks the seal of the test set; from now on `metrics().test` is there, and how often this was done. */
  async revealTest(): Promise<void> {
    await this.#send({ type: "reveal_test" });
    this.#testRevealed += 1;
  }

  // ------------------------------------------------------------------ looking

  /** Loss, penalty and metrics of every part, measured now. `test` is absent while sealed. */
  async metrics(options?: CallOptions): Promise<Metrics> {
    const [{ signal } = {}] = checked("metrics", [options]);
    return this.#heeding(signal, "metrics");
  }

  /** What is wanted for one picture of the training, all of one moment. `reuse`: maps of an earlier frame, as for `activationMaps`. */
  async frame(wants?: FrameWants, options?: CallOptions & { reuse?: Partial<Pick<Frame, "maps" | "output">> }): Promise<Frame> {
    const [wish = {}, { reuse, signal } = {}] = checked("frame", [wants, options]);
    const frame = await this.#heeding(signal, "frame", wish as FrameWants, reuse?.maps?.layers, reuse?.output?.data);
    const { units } = (wish as FrameWants).maps ?? {};
    if (frame.maps && units) frame.maps.units = units;
    return { ...frame, run: frame.run + this.#runOffset };
  }

  /**
   * Every unit's output over the plane. `reuse`: maps of an earlier answer that are needed no more. Their arrays are given
   * up: where they have the size they are filled and answered again, which is several times faster; to a worker they are
   * moved, and are empty here.
   */
  async activationMaps(resolution: number, options?: CallOptions & { reuse?: Maps }): Promise<Maps> {
    const [size, { reuse, signal } = {}] = checked("activationMaps", [resolution, options]);
    return this.#heeding(signal, "maps", size, ...(reuse ? [reuse.layers] : []));
  }

  points(): Promise<Points> {
    return this.#call("points");
  }

  /** A few noise-free points of a data set, for its picture. */
  async thumbnail(dataset: string): Promise<Points> {
    return this.#call("thumbnail", ...checked("thumbnail", [dataset]));
  }

  /** A feature of the present points over their domain, before scaling: `resolution`² values, or as many on a line. */
  async featureMap(feature: string, resolution: number): Promise<Float32Array> {
    return this.#call("feature_map", ...checked("featureMap", [feature, resolution]));
  }

  /** Value and slope of an activation over z, for its picture. */
  async activationCurve(activation: Choice | string): Promise<Curve> {
    return this.#call("curve", ...checked("activationCurve", [activation]));
  }

  /**
   * Class probabilities or values, `(rows, outputs)` row-major, for rows of as many numbers as the data have columns: lists of
   * numbers, or one flat list or typed array of them, row after row. Many rows are taken in slices: pictures go on meanwhile,
   * training and what changes the network wait.
   */
  async predict(inputs: Rows, options?: CallOptions): Promise<Float32Array> {
    const [rows, { signal } = {}] = checked("predict", [inputs, options]);
    const { data, columns } = guarded("inputs", () => matrix("inputs", rows, undefined, this.#columns));
    return this.#heeding(signal, "predict", data, columns ?? this.#columns);
  }

  /** Numbers of a row of the data, before features. */
  get #columns(): number {
    const { kind, input_count } = this.#summary;
    return { plane: 2, line: 1, digits: input_count, custom: input_count }[kind];
  }

  /** All parameters by name, `(outputs, inputs)` row-major. */
  async weights(options?: CallOptions): Promise<NamedTensor[]> {
    const [{ signal } = {}] = checked("weights", [options]);
    return this.#heeding(signal, "weights");
  }

  /** The derivative of the mean loss over the training part by each parameter, by name as `weights()`: without penalty,
   *  dropout and clipping. */
  async gradients(options?: CallOptions): Promise<NamedTensor[]> {
    const [{ signal } = {}] = checked("gradients", [options]);
    return this.#heeding(signal, "gradients");
  }

  /** Replaces parameters; names and shapes must be those of `weights()`. */
  async setWeights(tensors: NamedTensor[], options?: CallOptions): Promise<void> {
    const [weights, { signal } = {}] = checked("setWeights", [tensors, options]);
    this.#take(await this.#heeding(signal, "set_weights", weights));
    this.#snapshot = null;
    this.#snapshot = await this.snapshot();
  }

  /**
   * Everything that training has changed, in a binary form of its own: parameters, the optimizer's state and clocks, epoch
   * and step, what schedule and stop rules remember. Training from it gives the same bits as not having stopped.
   */
  async snapshot(options?: CallOptions): Promise<Uint8Array> {
    const [{ signal } = {}] = checked("snapshot", [options]);
    return this.#heeding(signal, "snapshot");
  }

  /**
   * Goes on where a snapshot of this or of another engine was taken, paused. The config stays; network and optimizer must be
   * those of the snapshot: else it is refused by field (`snapshot.layers`, `snapshot.optimizer`, ...) and nothing changes.
   */
  async restore(snapshot: Uint8Array, options?: CallOptions): Promise<void> {
    const [bytes, { signal } = {}] = checked("restore", [snapshot, options]);
    this.#take(await this.#heeding(signal, "restore", bytes));
    this.#snapshot = bytes;
  }

  // ------------------------------------------------------------------ events and the end

  /** Calls `listener` for events of `type`, or for all (`"event"`), until the signal says so or the function is called that this returns. */
  on<Type extends EngineEvent["type"] | "event">(type: Type, listener: (event: EventOf<Type>) => void, options?: { signal?: AbortSignal }): () => void {
    const [, , { signal } = {}] = checked("on", [type, listener, options]);
    let listeners = this.#listeners.get(type);
    if (!listeners) this.#listeners.set(type, (listeners = new Set()));
    const end = () => {
      listeners.delete(listener as (event: never) => void);
      signal?.removeEventListener("abort", end);
    };
    if (signal?.aborted) return end;
    listeners.add(listener as (event: never) => void);
    signal?.addEventListener("abort", end);
    return end;
  }

  /** Ends the engine and frees its memory. Waiting calls reject with `disposed`. */
  dispose(): void {
    this.#ended = engineError("disposed", "", "the engine was disposed");
    this.#rejectPending(this.#ended);
    this.#listeners.clear();
    this.#link?.close();
  }

  /** For `using engine = await Engine.create()`. */
  [DISPOSE](): void {
    this.dispose();
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

  async #open(signal?: AbortSignal): Promise<void> {
    const link = await openLink(this.#settings, signal);
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

  #call<M extends Method>(method: M, ...args: Calls[M]["args"]): Promise<Calls[M]["result"]> {
    return this.#heeding(undefined, method, ...args);
  }

  /** The same; when the signal is given before the host has carried it out, nothing has changed and it rejects with the signal's reason. */
  async #heeding<M extends Method>(signal: AbortSignal | undefined, method: M, ...args: Calls[M]["args"]): Promise<Calls[M]["result"]> {
    signal?.throwIfAborted();
    if (this.#restarting) await this.#restarting;
    const id = this.#nextId;
    const answer = this.#request(method, ...args);
    if (!signal) return answer;
    const giveUp = () => this.#link?.port.postMessage({ cancel: id } satisfies Cancel);
    signal.addEventListener("abort", giveUp);
    try {
      return await answer;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
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
  async #send(command: Command, signal?: AbortSignal): Promise<void> {
    this.#take(await this.#heeding(signal, "command", command));
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
      // Codes are those of the list: the dictionaries have a sentence for each.
      this.#emit(("run" in event ? { ...event, run: event.run + this.#runOffset } : event) as EngineEvent);
    }
  }

  #emit(event: EngineEvent): void {
    if ("run" in event) this.#run = Math.max(this.#run, event.run);
    if (event.type === "configured") {
      const units = (summary: ModelSummary | null): string => String(summary?.layers.map((layer) => layer.units));
      const reshaped = units(this.#summary) !== units(event.summary);
      this.#config = event.config;
      this.#summary = event.summary;
      if (!dataOf(event.summary).own) this.#customData = null;
      // Other shapes, perhaps. Reset gives these weights again from the seeds.
      if (event.effect === "reset" || reshaped) this.#snapshot = null;
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
          if (restored === "config_and_weights") {
            this.#take(await this.#request("restore", snapshot!));
            this.#snapshot = snapshot;
          }
          // The test set's figures are those of the weights that are there.
          for (let count = 0; count < revealed; count += 1) {
            this.#take(await this.#request("command", { type: "reveal_test" }));
          }
          this.#testRevealed = revealed;
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

function backendOf(backend: string): Backend {
  if (BACKENDS.includes(backend)) return backend as Backend;
  const [id, known] = [backend.slice(0, 80), BACKENDS.join(", ")];
  throw engineError("unknown_id", "backend", `backend: ${id} is not one of ${known}`, { id, known });
}

/** Nobody has chosen yet. */
const UNRACED = "not_raced_yet";
/** The race between the engines begins so long after the engine stands: the first picture comes first. */
const SETTLE_MS = 1500;
/** So many steps are made in one go; more are trained in slices, so that nothing waits for them. */
const FEW_STEPS = 100;
