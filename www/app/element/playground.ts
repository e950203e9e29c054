/** `<neural-playground>` as the TypeScript of other pages knows it: the package's types, and nothing at run time. */

import type { Engine, EngineInfo } from "../../engine/index.js";
import type { EngineRefusal, ErrorCode } from "../../engine/errors.js";
import type { Config, Event, Metrics } from "../../engine/types.js";

/** What is told of a refusal; `failure` is the code of whatever is no `EngineError`. */
export type PlaygroundRefusal = Omit<EngineRefusal, "code"> & { code: ErrorCode | "failure" };

/** What the events tell, in `detail`. */
export interface PlaygroundDetails {
  "np-ready": { info: EngineInfo; config: Config };
  "np-frame": { run: number; step: number; epoch: number; metrics: Metrics | null };
  "np-goal": { run: number; step: number; epoch: number; metric: string; goal: number; value: number };
  "np-done": Extract<Event, { type: "finished" }>;
  "np-error": PlaygroundRefusal;
}
/** The element's own events by name. */
export type PlaygroundEvents = { [Type in keyof PlaygroundDetails]: CustomEvent<PlaygroundDetails[Type]> };

/** Every event that the element may be listened to for: its own, and those of any element. */
export interface PlaygroundEventMap extends HTMLElementEventMap, PlaygroundEvents {}
type Listener<Type extends keyof PlaygroundEventMap> =
  | ((this: PlaygroundElement, event: PlaygroundEventMap[Type]) => unknown)
  | { handleEvent(event: PlaygroundEventMap[Type]): unknown };

/** The engine's calls that the element has too. */
type EngineCalls = Pick<Engine,
  | "play" | "pause" | "step" | "epoch" | "train" | "reset" | "newSeed" | "configure" | "patch" | "chooseDataset" | "setData"
  | "metrics" | "revealTest" | "weights" | "setWeights" | "predict" | "activationMaps" | "setBackend">;

/** A property that reflects its attribute takes what frameworks hand over: nothing and `false` take the attribute away. */
type Nothing = null | undefined | false;
/** Names in one text, with commas or blanks between, or in a list. */
type Names = string | Iterable<string> | Nothing;

/** Every property reflects the attribute of its name. What cannot be read is told by `np-error`, under the attribute's name, and never thrown. */
export interface PlaygroundElement extends HTMLElement, EngineCalls {
  /** Every element has it: reading gives the map of `data-` attributes, writing the attribute `dataset`, which frameworks do. */
  get dataset(): DOMStringMap;
  set dataset(id: DOMStringMap | string | Nothing);
  /** The attribute `dataset`, read too. */
  get datasetId(): string | null;
  set datasetId(id: string | Nothing);
  /** Units of the hidden layers, "8,8"; "" for none. */
  get layers(): string | null;
  set layers(units: string | number | Iterable<number> | Nothing);
  /** Of every hidden layer, an id of the catalog. */
  get activation(): string | null;
  set activation(id: string | Nothing);
  /** An id of the catalog: "sgd", "adam". */
  get optimizer(): string | null;
  set optimizer(id: string | Nothing);
  /** The optimizer's rate; a number where the attribute is one. */
  get learningRate(): number | string | null;
  set learningRate(rate: number | string | Nothing);
  /** An id of the catalog: "cross_entropy". */
  get loss(): string | null;
  set loss(id: string | Nothing);
  /** Rows of an update; a number where the attribute is one. */
  get batchSize(): number | string | null;
  set batchSize(rows: number | string | Nothing);
  /** A validation metric to be reached, "accuracy>=0.95": training stops there, and `np-goal` says so. */
  get goal(): string | null;
  set goal(goal: string | { metric: string; value: number } | Nothing);
  /** A link of this page's or of TensorFlow Playground's, or what stands after its `#`. */
  get link(): string | null;
  set link(link: string | Nothing);
  /** Plays when it is first seen. */
  get autoplay(): boolean;
  set autoplay(on: boolean | string | null | undefined);
  /** Parts and single controls that alone are shown; "none" or false for no part. */
  get controls(): string | null;
  set controls(names: Names | true);
  /** Parts and single controls that are not there. */
  get hide(): string | null;
  set hide(names: Names);
  /** Parts and single controls that are there and cannot be used. */
  get lock(): string | null;
  set lock(names: Names);
  /** Light or dark, or as page and system say. */
  get theme(): "auto" | "light" | "dark" | null;
  set theme(theme: "auto" | "light" | "dark" | Nothing);

  /** Null until the engine stands. */
  readonly info: EngineInfo | null;
  /** Resolves when the engine stands, with link and attributes in force; rejects when it cannot be started. */
  readonly ready: Promise<EngineInfo>;
  /** Opens a link of this page's or of TensorFlow Playground's. Rejects with what is wrong with it; nothing has changed then. */
  openLink(text: string): Promise<Config>;

  addEventListener<Type extends keyof PlaygroundEventMap>(type: Type, listener: Listener<Type>, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<Type extends keyof PlaygroundEventMap>(type: Type, listener: Listener<Type>, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

export declare const NeuralPlayground: { new (): PlaygroundElement; readonly prototype: PlaygroundElement };
