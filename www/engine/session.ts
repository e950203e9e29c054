// What the wasm module offers. The host knows only this interface, so that it can be tested without wasm.

import type { Progress } from "./gpu-module";
import type { Catalog, EngineInfo, Event, Frame, Metrics, NamedTensor, Points } from "./types";

export interface Maps {
  resolution: number;
  /** Input features first, then hidden layers, then output; resolution² values for each unit, unit-major. */
  layers: Float32Array[];
}

/** An activation's picture: value and slope at each z. */
export interface Curve {
  z: Float32Array;
  value: Float32Array;
  slope: Float32Array;
}

/** Bad input is answered with a `rejected` event, or thrown as an object with `code`; a trap is thrown as anything else. */
export interface Session {
  catalog(): Catalog;
  handle(command_json: string): Event[];
  set_data(
    inputs: Float32Array,
    columns: number,
    targets: Float32Array,
    split: Uint8Array | undefined,
    task: string | undefined,
  ): Event[];
  load_digits(bytes: Uint8Array): Event[];
  /** Trains for at most `budget_ms` at the current pace. */
  advance(budget_ms: number): Event[];
  /** Steps that another engine may take now; 0 when not playing. */
  permitted(): number;
  /** Where training is. */
  progress(): Progress;
  step_count(): number;
  /** Takes over what another engine has trained. */
  adopt(words: Float32Array, counters: Float64Array): Event[];
  /** What code for the run's steps depends on; empty where such code gains nothing. */
  step_shape(): Float64Array;
  /** Takes steps by the function in that place of the table, made for that shape; false when the run is another's. */
  use_code(shape: Float64Array, place: number): boolean;
  /** Milliseconds until the pace allows another step; undefined when not playing. */
  wait_ms(): number | undefined;
  /** Its maps and its large map in these arrays where they have the size. */
  frame(wants_json: string, maps?: Float32Array[], output?: Float32Array): Frame;
  points(): Points;
  metrics(): Metrics;
  weights(): NamedTensor[];
  gradients(): NamedTensor[];
  set_weights(tensors: NamedTensor[]): Event[];
  predict(inputs: Float32Array): Float32Array;
  /** In the arrays of `reuse` where they have the size. */
  maps(resolution: number, reuse?: Float32Array[]): Maps;
  thumbnail(dataset: string): Points;
  feature_map(feature: string, resolution: number): Float32Array;
  curve(activation_json: string): Curve;
  info(): EngineInfo;
}
