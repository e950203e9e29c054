/** `<neural-playground>` as the TypeScript of other pages knows it: the package's types, and nothing at run time. */

import type { Engine, EngineInfo } from "./engine/index.js";
import type { Config, Event, Metrics, Refusal } from "./engine/types.js";

/** What the events tell, in `detail`. */
export interface PlaygroundDetails {
  "np-ready": { info: EngineInfo; config: Config };
  "np-frame": { run: number; step: number; epoch: number; metrics: Metrics | null };
  "np-goal": { run: number; step: number; epoch: number; metric: string; goal: number; value: number };
  "np-done": Extract<Event, { type: "finished" }>;
  "np-error": Refusal;
}
export type PlaygroundEvents = { [Type in keyof PlaygroundDetails]: CustomEvent<PlaygroundDetails[Type]> };

/** The engine's calls that the element has too. */
type EngineCalls = Pick<Engine,
  | "play" | "pause" | "step" | "epoch" | "train" | "reset" | "newSeed" | "configure" | "patch" | "chooseDataset" | "setData"
  | "metrics" | "revealTest" | "weights" | "setWeights" | "predict" | "maps" | "setBackend">;

export interface PlaygroundElement extends HTMLElement, EngineCalls {
  /** The attribute `dataset`; that name is taken on every element. */
  datasetId: string | null;
  /** Units of the hidden layers, "8,8"; "" for none. */
  layers: string | null;
  activation: string | null;
  optimizer: string | null;
  learningRate: string | number | null;
  loss: string | null;
  batchSize: string | number | null;
  /** A validation metric to be reached, "accuracy>=0.95": training stops there, and `np-goal` says so. */
  goal: string | null;
  /** A link of this page's or of TensorFlow Playground's, or what stands after its `#`; opened at the start. */
  link: string | null;
  /** Present, with whatever value: plays when it is first seen. */
  autoplay: string | null;
  /** Parts and single controls that alone are shown; "none" for no part. */
  controls: string | null;
  /** Parts and single controls that are not there. */
  hide: string | null;
  /** Parts and single controls that are there and cannot be used. */
  lock: string | null;
  theme: "auto" | "light" | "dark" | null;

  /** Null until the engine stands. */
  readonly info: EngineInfo | null;
  /** Opens a link of this page's or of TensorFlow Playground's. Rejects with what is wrong with it; nothing has changed then. */
  openLink(text: string): Promise<Config>;

  addEventListener<Type extends keyof PlaygroundEvents>(type: Type, listener: (event: PlaygroundEvents[Type]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export declare const NeuralPlayground: { new (): PlaygroundElement; readonly prototype: PlaygroundElement };
