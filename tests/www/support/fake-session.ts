// A session without mathematics, to test what stands around it: run, step and epoch move, weights count the steps.

import type { Maps, Session } from "../../../www/engine/session";
import type { Catalog, Command, Config, EngineInfo, Event, Frame, FrameWants, Metrics, ModelSummary, NamedTensor, Points } from "../../../www/engine/types";

const STEPS_PER_EPOCH = 25;
const refusal = (code: string, field: string) => ({ code, field, values: {}, message: `${field}: ${code}` });

/** The fakes' own form of a snapshot. */
export const snapshotOf = (step: number, weight: number): Uint8Array => new Uint8Array(Float64Array.of(step, weight).buffer);

export function readSnapshot(snapshot: Uint8Array): { step: number; weight: number } {
  const [step, weight] = new Float64Array(snapshot.slice().buffer);
  return { step: step!, weight: weight! };
}

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
  /** What `wait_ms` says while playing. */
  wait = 0;
  finishAt = Infinity;
  until = Infinity;
  readonly advanced: number[] = [];

  catalog(): Catalog {
    return { engine_version: "fake" } as Catalog;
  }

  handle(text: string): Event[] {
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
          return [{ type: "rejected", refusal: refusal("unknown_field", "nonsense") }];
        }
        return [this.#configured("live")];
      case "play":
        this.playing = true;
        this.until = Infinity;
        return [{ type: "playing", run: this.run }];
      case "train":
        if (command.steps === 0) return [{ type: "rejected", refusal: refusal("out_of_range", "command.steps") }];
        this.playing = true;
        this.until = command.steps
          ? this.steps + command.steps
          : (Math.floor(this.#epoch()) + command.epochs!) * STEPS_PER_EPOCH;
        return [{ type: "playing", run: this.run }];
      case "pause":
        return this.#pause();
      case "step":
        this.steps += command.count;
        return this.#pause();
      case "reset": {
        const paused = this.#pause();
        this.run += 1;
        this.steps = 0;
        return [...paused, this.#configured("reset")];
      }
      default:
        return [];
    }
  }

  #choose(dataset: string): Event[] {
    if (dataset === "digits" && !this.digitsLoaded) return [{ type: "needs_digits" }];
    this.dataset = dataset;
    this.run += 1;
    this.steps = 0;
    return [this.#configured("reset"), { type: "points", run: this.run }];
  }

  #configured(effect: "live" | "reset"): Event {
    const config = { data: { dataset: this.dataset }, training: { batch_size: 10 } } as Config;
    const summary = {
      kind: "plane",
      steps_per_epoch: STEPS_PER_EPOCH, counts: { train: 250, validation: 0, test: 0 }, input_count: 2, multiply_adds: 18,
    } as ModelSummary;
    return { type: "configured", run: this.run, config, summary, effect, adapted: [] };
  }

  #step(): void {
    const until = performance.now() + this.stepMs;
    while (performance.now() < until);
    this.steps += 1;
  }

  #pause(): Event[] {
    if (!this.playing) return [];
    this.playing = false;
    return [{ type: "paused", run: this.run }];
  }

  #ended(): Event[] {
    const { run, steps } = this;
    if (steps >= this.finishAt) {
      const facts = { step: steps, epoch: this.#epoch(), reason: "epochs", detail: {}, remedies: [] } as const;
      return [{ type: "finished", run, ...facts, remedies: [] }, ...this.#pause()];
    }
    return steps >= this.until ? [{ type: "trained", run }, ...this.#pause()] : [];
  }

  set_data(inputs: Float32Array, columns: number): Event[] {
    if (inputs.length % columns !== 0) {
      return [{ type: "rejected", refusal: refusal("mismatch", "inputs") }];
    }
    return this.#choose("custom");
  }

  /** No bytes are bad bytes. */
  limit_as_link(): void {}

  load_digits(bytes: Uint8Array): Event[] {
    if (bytes.length === 0) return [{ type: "rejected", refusal: refusal("malformed", "digits") }];
    this.digitsLoaded = true;
    return [];
  }

  advance(budget_ms: number): Event[] {
    this.advanced.push(budget_ms);
    if (!this.playing) return [];
    const until = performance.now() + Math.min(budget_ms, 2);
    while (performance.now() < until && this.steps < Math.min(this.finishAt, this.until)) this.#step();
    return this.#ended();
  }

  permitted(): number {
    return this.playing ? Math.max(0, Math.min(this.finishAt, this.until) - this.steps) : 0;
  }

  /** Its steps and its one weight. */
  snapshot(): Uint8Array {
    return snapshotOf(this.steps, this.steps + this.offset);
  }

  hand_over(): Uint8Array {
    return this.snapshot();
  }

  restore(snapshot: Uint8Array): Event[] {
    const { step, weight } = readSnapshot(snapshot);
    [this.steps, this.offset] = [step, weight - step];
    return this.#pause();
  }

  plateau_factor(): number {
    return 0.5;
  }

  step_shape(): Float64Array {
    return Float64Array.of(this.run);
  }

  use_code(): boolean {
    return true;
  }

  step_count(): number {
    return this.steps;
  }

  adopt(trained: Uint8Array): Event[] {
    const { step, weight } = readSnapshot(trained);
    [this.steps, this.offset] = [step, weight - step];
    return this.#ended();
  }

  wait_ms(): number | undefined {
    return this.playing ? this.wait : undefined;
  }

  #epoch(): number {
    return this.steps / STEPS_PER_EPOCH;
  }

  /** Called for every frame that has maps. */
  onMaps: () => void = () => {};
  /** Steps whose maps were made here. */
  readonly mapped: number[] = [];

  frame(wants_json = "{}"): Frame {
    const { maps, weights } = JSON.parse(wants_json) as FrameWants;
    if (maps) {
      this.mapped.push(this.steps);
      this.onMaps();
    }
    return {
      run: this.run, step: this.steps, epoch: this.#epoch(), playing: this.playing, metrics: this.metrics(),
      maps: maps ? this.maps(1) : null, weights: weights ? [{ bias: Float32Array.of(this.steps + this.offset) }] : null,
    } as Frame;
  }

  /** Steps whose figures were taken over. */
  readonly figured: number[] = [];

  is_due(): boolean {
    return this.figured.at(-1) !== this.steps;
  }

  take_figures(numbers: Float64Array): void {
    if (numbers[0] !== this.steps) throw new Error(`figures of step ${numbers[0]} at step ${this.steps}`);
    this.figured.push(this.steps);
  }

  points(): Points {
    return { kind: "plane" } as Points;
  }

  metrics(): Metrics {
    return { epoch: this.#epoch(), step: this.steps } as Metrics;
  }

  gradients(): NamedTensor[] {
    return [{ name: "w", shape: [1], data: Float32Array.of(-this.steps) }];
  }

  feature_map(_feature: string, resolution: number): Float32Array {
    return new Float32Array(resolution * resolution);
  }

  weights(): NamedTensor[] {
    return [{ name: "output.bias", shape: [1], data: Float32Array.of(this.steps + this.offset) }];
  }

  set_weights(tensors: NamedTensor[]): Event[] {
    if (tensors[0]?.data.length !== 1) {
      throw { code: "mismatch", field: "output.bias", values: { expected: "1", found: "0" }, message: "wrong shape" };
    }
    this.offset = tensors[0].data[0]! - this.steps;
    return [];
  }

  /** Rows of each call, and the first of them. */
  readonly predicted: [rows: number, first: number | undefined][] = [];

  predict(inputs: Float32Array, columns = 1, first?: number): Float32Array {
    this.predicted.push([inputs.length / columns, first]);
    return inputs.map((value) => value * 2);
  }

  maps(resolution: number): Maps {
    return { resolution, layers: [new Float32Array(resolution * resolution).fill(this.steps)] };
  }

  thumbnail(): Points {
    return { kind: "plane" } as Points;
  }

  curve() {
    return { z: new Float32Array(1), value: new Float32Array(1), slope: new Float32Array(1) };
  }

  freed = false;

  free(): void {
    this.freed = true;
  }

  info(): EngineInfo {
    return { simd: true, version: "fake" };
  }
}
