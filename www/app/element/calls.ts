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

  abstract get info(): EngineInfo | null;

  /** Resolves when the engine stands, with link and attributes in force; rejects when it cannot be started. */
  abstract get ready(): Promise<EngineInfo>;

  /** Opens a link of this page's or of TensorFlow Playground's. Rejects with what is wrong with it; nothing has changed then. */
  abstract openLink(text: string): Promise<Config>;

  /** At the pace of the speed slider, or at the one given. Out of sight it starts when the element is seen. */
  abstract play(pace?: Pace): Promise<void>;

  abstract pause(): Promise<void>;

  /** `count` updates. */
  step(count = 1, options?: CallOptions): Promise<void> {
    return this.ask((engine) => engine.step(count, options));
  }

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

  reset(): Promise<void> {
    return this.ask((engine) => engine.reset());
  }

  newSeed(which?: SeedName[]): Promise<Config> {
    return this.ask((engine) => engine.newSeed(which));
  }

  /** Lays `config` over the engine's defaults; resolves to the accepted config, rejects with what was refused. */
  configure(config: ConfigInput, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.configure(config, options));
  }

  /** The same over the config in force. */
  patch(patch: ConfigInput, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.patch(patch, options));
  }

  chooseDataset(id: string, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.chooseDataset(id, options));
  }

  setData(data: CustomData, options?: CallOptions): Promise<Config> {
    return this.ask((engine) => engine.setData(data, options));
  }

  metrics(options?: CallOptions): Promise<Metrics> {
    return this.ask((engine) => engine.metrics(options));
  }

  revealTest(): Promise<void> {
    return this.ask((engine) => engine.revealTest());
  }

  weights(): Promise<NamedTensor[]> {
    return this.ask((engine) => engine.weights());
  }

  setWeights(tensors: NamedTensor[], options?: CallOptions): Promise<void> {
    return this.ask((engine) => engine.setWeights(tensors, options));
  }

  predict(inputs: Rows, options?: CallOptions): Promise<Float32Array> {
    return this.ask((engine) => engine.predict(inputs, options));
  }

  activationMaps(resolution: number, options?: CallOptions & { reuse?: Maps }): Promise<Maps> {
    return this.ask((engine) => engine.activationMaps(resolution, options));
  }

  /** Which engine trains; also tries a lost device again. */
  setBackend(backend: Backend): Promise<EngineInfo> {
    return this.ask((engine) => engine.setBackend(backend));
  }

  /** @internal Gives the GPU up, as a driver may at any time. */
  loseDeviceForTest(): Promise<void> {
    return this.ask((engine) => engine.loseDeviceForTest());
  }
}
