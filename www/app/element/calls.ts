/** What a page may ask of `<neural-playground>`: the engine's calls, on the element. */

import { LitElement } from "lit";
import type { Backend, CallOptions, ConfigInput, CustomData, Engine, EngineInfo, Maps, Pace, Rows, TrainOptions } from "../../engine/index.js";
import type { Config, Metrics, NamedTensor, SeedName } from "../../engine/types.js";

/** Every call by name: what a page around an embedded frame may ask for by message. */
export const CALLS = [
  "play", "pause", "step", "epoch", "train", "reset", "newSeed", "configure", "patch", "chooseDataset", "setData", "openLink",
  "metrics", "revealTest", "weights", "setWeights", "predict", "activationMaps", "setBackend",
] as const satisfies readonly (keyof Calls)[];

export abstract class Calls extends LitElement {
  /** Asks the engine, once it stands, and has the page show what came of it. */
  protected abstract ask<T>(ask: (engine: Engine) => Promise<T>): Promise<T>;

  /** Which engine trains, on what, and why; null until it stands. */
  abstract get info(): EngineInfo | null;

  /** Resolves when the engine stands, with link and attributes in force; rejects when it cannot be started. */
  abstract get ready(): Promise<EngineInfo>;

  /** Opens a link of this page's or of TensorFlow Playground's. Rejects with what is wrong with it; nothing has changed then. */
  abstract openLink(text: string): Promise<Config>;

  /** At the pace of the speed slider, or at the one given. Out of sight it starts when the element is seen. */
  abstract play(pace?: Pace): Promise<void>;

  /** Stops what plays or trains; nothing is lost. */
  abstract pause(): Promise<void>;

  /** Pauses, then makes `count` updates. */
  step(count = 1, options?: CallOptions): Promise<void> {
    return this.ask((engine) => engine.step(count, options));
  }

  /** Trains flat out to the end of the epoch, `count` times, then pauses. */
  epoch(count = 1, options?: CallOptions): Promise<void> {
    return this.ask((engine) => engine.epoch(count, options));
  }

  /** Trains flat out; resolves to the metrics when done. */
  train(options: TrainOptions & { metrics: false }): Promise<null>;
  train(options: TrainOptions & { metrics?: true }): Promise<Metrics>;
  train(options: TrainOptions): Promise<Metrics | null>;
  train(options: TrainOptions): Promise<Metrics | null> {
    return this.ask((engine) => engine.train(options));
  }

  /** Back to the start: same seeds, so the same weights. */
  reset(options?: CallOptions): Promise<void> {
    return this.ask((engine) => engine.reset(options));
  }

  /** Draws new seeds and starts again. */
  newSeed(which?: SeedName[], options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.newSeed(which, options));
  }

  /** Lays `config` over the engine's defaults; resolves to the accepted config, rejects with what was refused. */
  configure(config: ConfigInput, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.configure(config, options));
  }

  /** The same over the config in force. */
  patch(patch: ConfigInput, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.patch(patch, options));
  }

  /** Chooses a data set and adapts what no longer fits it. */
  chooseDataset(id: string, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.chooseDataset(id, options));
  }

  /** Trains on the caller's own rows from now on. The arrays are copied. */
  setData(data: CustomData, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.setData(data, options));
  }

  /** Loss, penalty and metrics of every part, measured now; `test` is absent while sealed. */
  metrics(options?: CallOptions): Promise<Metrics> {
    return this.ask((engine) => engine.metrics(options));
  }

  /** Breaks the seal of the test set. */
  revealTest(): Promise<void> {
    return this.ask((engine) => engine.revealTest());
  }

  /** All parameters by name, `(outputs, inputs)` row-major. */
  weights(options?: CallOptions): Promise<NamedTensor[]> {
    return this.ask((engine) => engine.weights(options));
  }

  /** Replaces parameters; names and shapes must be those of `weights()`. */
  setWeights(tensors: NamedTensor[], options?: CallOptions): Promise<void> {
    return this.ask((engine) => engine.setWeights(tensors, options));
  }

  /** Class probabilities or values, `(rows, outputs)` row-major, for rows of as many numbers as the data have columns. */
  predict(inputs: Rows, options?: CallOptions): Promise<Float32Array> {
    return this.ask((engine) => engine.predict(inputs, options));
  }

  /** Every unit's output over the plane, `resolution` points a side. */
  activationMaps(resolution: number, options?: CallOptions & { reuse?: Maps }): Promise<Maps> {
    return this.ask((engine) => engine.activationMaps(resolution, options));
  }

  /** Which engine trains; also tries a lost device again. */
  setBackend(backend: Backend, options?: CallOptions): Promise<EngineInfo> {
    return this.ask((engine) => engine.setBackend(backend, options));
  }

  /** @internal Gives the GPU up, as a driver may at any time. */
  loseDeviceForTest(): Promise<void> {
    return this.ask((engine) => engine.loseDeviceForTest());
  }
}
