// A session without mathematics, to test what stands around it: run, step and epoch move, weights count the steps.

import type { Maps, Session, SessionEvent } from "../../../www/engine/session";
import type { Catalog, Command, Config, EngineInfo, Frame, Metrics, ModelSummary, NamedTensor, Points } from "../../../www/engine/types";

const STEPS_PER_EPOCH = 25;

export class FakeSession implements Session {
  run = 1;
  steps = 0;
  playing = false;
  dataset = "circle";
  digitsLoaded = false;
  offset = 0;
  /** Called for every command; may throw as a trap does. */
  onCommand: (command: Command) => void = () => {};
  /** Milliseconds that a step takes. */
  stepMs = 0;
  finishAt = Infinity;
  readonly advanced: number[] = [];

  catalog(): Catalog {
    return { engine_version: "fake" } as Catalog;
  }

  handle(text: string): SessionEvent[] {
    const command = JSON.parse(text) as Command;
    this.onCommand(command);
    switch (command.type) {
      case "configure": {
        const data = (command.config as { data?: { dataset?: string } }).data;
        return this.#choose(data?.dataset ?? "circle");
      }
      case "choose_dataset":
        return this.#choose(command.dataset);
      case "patch":
        if ("nonsense" in (command.patch as object)) {
          return [{ type: "rejected", refusal: { code: "unknown_field", field: "nonsense", values: {} } }];
        }
        return [this.#configured("live")];
      case "play":
        this.playing = true;
        return [{ type: "playing", run: this.run }];
      case "pause":
        this.playing = false;
        return [{ type: "paused", run: this.run }];
      case "step":
        for (let count = 0; count < command.count && this.steps < this.finishAt; count += 1) this.#step();
        return [{ type: "paused", run: this.run }, ...this.#finished()];
      case "reset":
        this.run += 1;
        this.steps = 0;
        return [this.#configured("reset")];
      default:
        return [];
    }
  }

  #choose(dataset: string): SessionEvent[] {
    if (dataset === "digits" && !this.digitsLoaded) return [{ type: "needs_digits" }];
    this.dataset = dataset;
    this.run += 1;
    this.steps = 0;
    return [this.#configured("reset"), { type: "points", run: this.run }];
  }

  #configured(effect: "live" | "reset"): SessionEvent {
    const config = { data: { dataset: this.dataset } } as Config;
    const summary = { steps_per_epoch: STEPS_PER_EPOCH } as ModelSummary;
    return { type: "configured", run: this.run, config, summary, effect, adapted: [] };
  }

  #step(): void {
    const until = performance.now() + this.stepMs;
    while (performance.now() < until);
    this.steps += 1;
  }

  #finished(): SessionEvent[] {
    if (this.steps < this.finishAt) return [];
    this.playing = false;
    return [
      { type: "finished", run: this.run, step: this.steps, epoch: this.#epoch(), reason: "epochs", detail: {}, remedies: [] },
    ];
  }

  set_data(inputs: Float32Array, columns: number): SessionEvent[] {
    if (inputs.length % columns !== 0) {
      return [{ type: "rejected", refusal: { code: "mismatch", field: "inputs", values: {} } }];
    }
    return this.#choose("custom");
  }

  load_digits(): SessionEvent[] {
    this.digitsLoaded = true;
    return [];
  }

  advance(budget_ms: number): SessionEvent[] {
    this.advanced.push(budget_ms);
    if (!this.playing) return [];
    const until = performance.now() + Math.min(budget_ms, 2);
    while (performance.now() < until && this.steps < this.finishAt) this.#step();
    return this.#finished();
  }

  #epoch(): number {
    return this.steps / STEPS_PER_EPOCH;
  }

  frame(): Frame {
    return { run: this.run, step: this.steps, epoch: this.#epoch(), playing: this.playing } as Frame;
  }

  points(): Points {
    return { kind: "plane" } as Points;
  }

  metrics(): Metrics {
    return { epoch: this.#epoch(), step: this.steps, test: null } as Metrics;
  }

  weights(): NamedTensor[] {
    return [{ name: "output.bias", shape: [1], data: Float32Array.of(this.steps + this.offset) }];
  }

  set_weights(tensors: NamedTensor[]): SessionEvent[] {
    if (tensors[0]?.data.length !== 1) {
      throw { code: "mismatch", field: "output.bias", values: { expected: "1", found: "0" }, message: "wrong shape" };
    }
    this.offset = tensors[0].data[0]! - this.steps;
    return [];
  }

  predict(inputs: Float32Array): Float32Array {
    return inputs.map((value) => value * 2);
  }

  maps(resolution: number): Maps {
    return { resolution, layers: [new Float32Array(resolution * resolution)] };
  }

  thumbnail(): Points {
    return { kind: "plane" } as Points;
  }

  curve() {
    return { z: new Float32Array(1), value: new Float32Array(1), slope: new Float32Array(1) };
  }

  info(): EngineInfo {
    return { backend: "cpu", adapter: null, why: "cpu_only", simd: true, version: "fake" };
  }
}
