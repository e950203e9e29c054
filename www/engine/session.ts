// What the wasm module offers. The host knows only this interface, so that it can be tested without wasm.

import type { Numbers } from "./protocol";
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
    inputs: Numbers,
    columns: number,
    targets: Numbers,
    split: Uint8Array | undefined,
    task: string | undefined,
  ): Event[];
  load_digits(bytes: Uint8Array): Event[];
  /** What comes in a link may take less from now on. */
  limit_as_link(): void;
  /** Trains for at most `budget_ms` at the current pace. */
  advance(budget_ms: number): Event[];
  /** Steps that another engine may take now; 0 when not playing. */
  permitted(): number;
  /** Everything that training has changed. */
  snapshot(): Uint8Array;
  /** Goes on where the snapshot was taken, paused. */
  restore(snapshot: Uint8Array): Event[];
  /** Where training is, for another engine. */
  hand_over(): Uint8Array;
  /** What reduce-on-plateau has come to. */
  plateau_factor(): number;
  step_count(): number;
  /** Takes over what another engine has trained. */
  adopt(trained: Uint8Array): Event[];
  /** What code for the run's steps depends on; empty where such code gains nothing. */
  step_shape(): Float64Array;
  /** Takes steps by the function in that place of the table, made for that shape, with so many bytes of working memory;
   * false when the run is another's. */
  use_code(shape: Float64Array, place: number, scratch: number): boolean;
  /** Milliseconds until the pace allows another step; undefined when not playing. */
  wait_ms(): number | undefined;
  /** Its maps and its large map in these arrays where they have the size. */
  frame(wants_json: string, maps?: Float32Array[], output?: Float32Array): Frame;
  /** Whether the next frame measures the splits. */
  is_due(): boolean;
  /** Takes over figures of the present parameters that another engine has measured in so many milliseconds. */
  take_figures(numbers: Float64Array, cost_ms: number): void;
  points(): Points;
  metrics(): Metrics;
  weights(): NamedTensor[];
  gradients(): NamedTensor[];
  set_weights(tensors: NamedTensor[]): Event[];
  /** Without `columns`, rows of as many numbers as the data have columns. */
  /** Rows, which may be some of many: from the row `first`, of `rows` in all. */
  predict(inputs: Numbers, columns?: number, first?: number, rows?: number): Float32Array;
  /** In the arrays of `reuse` where they have the size. */
  maps(resolution: number, reuse?: Float32Array[]): Maps;
  thumbnail(dataset: string): Points;
  feature_map(feature: string, resolution: number): Float32Array;
  curve(activation_json: string): Curve;
  info(): EngineInfo;
  /** Gives its memory back; nothing may be asked of it any more. */
  free(): void;
}
