// What crosses the port between the engine's client (page) and its host (worker, or the page's own thread).

import type { Backend, Standing, Traffic } from "./standing";
import type { Refusal } from "./types";
import type { Maps, Curve } from "./session";
import type { Catalog, Command, EngineInfo, Event, Frame, FrameWants, Metrics, NamedTensor, Points } from "./types";

/** Row-major; in double where single precision would not hold them. */
export type Numbers = Float32Array | Float64Array;

/** Until when to train, flat out: one of the two. Epochs are whole epochs: the rest of the one in hand is the first. */
export interface Goal {
  steps: number | null;
  epochs: number | null;
  /** Whether it is answered with figures, which for many rows take longer than a step; so it is unless this is false. */
  metrics?: boolean;
}

/** The calls, by name: arguments and answer. */
export interface Calls {
  info: { args: []; result: EngineInfo & Standing };
  /** Resolves when it is decided. */
  set_backend: { args: [choice: Backend]; result: EngineInfo & Standing };
  /** Resolves when no choice between the engines is under way. */
  ready: { args: []; result: EngineInfo & Standing };
  /** What has gone to the GPU and come back since its device was made; null without one. */
  traffic: { args: []; result: Traffic | null };
  /** Gives the GPU up as a driver may; lets a test see what follows. */
  lose_device_for_test: { args: []; result: null };
  catalog: { args: []; result: Catalog };
  command: { args: [command: Command]; result: Event[] };
  set_data: {
    args: [inputs: Numbers, columns: number, targets: Numbers, split?: Uint8Array, task?: string];
    result: Event[];
  };
  /** Answered when the goal is reached, the run finishes, or another command ends it. */
  train: { args: [goal: Goal]; result: Metrics | null };
  frame: { args: [wants: FrameWants, maps?: Float32Array[], output?: Float32Array]; result: Frame };
  points: { args: []; result: Points };
  metrics: { args: []; result: Metrics };
  weights: { args: []; result: NamedTensor[] };
  gradients: { args: []; result: NamedTensor[] };
  set_weights: { args: [tensors: NamedTensor[]]; result: Event[] };
  snapshot: { args: []; result: Uint8Array };
  restore: { args: [snapshot: Uint8Array]; result: Event[] };
  predict: { args: [inputs: Numbers, columns: number]; result: Float32Array };
  maps: { args: [resolution: number, reuse?: Float32Array[]]; result: Maps };
  thumbnail: { args: [dataset: string]; result: Points };
  feature_map: { args: [feature: string, resolution: number]; result: Float32Array };
  curve: { args: [activation: unknown]; result: Curve };
  /** Throws as a trap does; lets a test see what follows a crash. */
  crash_for_test: { args: []; result: null };
}
export type Method = keyof Calls;

export interface Request {
  id: number;
  method: Method;
  args: unknown[];
}

/** What the page has given up: where it is not answered yet it is refused as `superseded`, and has changed nothing. */
export interface Cancel {
  cancel: number;
}

/** From the host. Events and the answer to the call that caused them travel in order on one port. */
export type Message =
  | { id: number; result: unknown }
  | { id: number; refusal: Refusal }
  | { id: number; crash: string }
  | { crash: string }
  | { events: Event[] }
  | { engine: EngineInfo & Standing }
  | { snapshot: Uint8Array };

/** First message to a worker, with the host's port among the transferred objects. */
export interface Open {
  open: MessagePort;
  settings: HostSettings;
}
/** Absolute addresses: a worker from a Blob has no base of its own. */
export interface HostSettings {
  wasmUrl: string;
  compilerUrl: string;
  gpuWasmUrl: string;
  gpuModuleUrl: string;
  digitsUrl: string;
  /** What comes in a link may take less. */
  asLink?: boolean;
}
/** The worker's answer once its module runs, and the host's first message on the port once the session stands. */
export type Ready = { ready: true } | { failed: string };

/** The buffers of every typed array in an answer, to be moved instead of copied. */
export function transferables(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    // A view into a larger buffer (wasm memory, say) cannot be moved.
    if (value.buffer instanceof ArrayBuffer && value.buffer.byteLength === value.byteLength) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    if (typeof value[0] === "object") for (const item of value) transferables(item, found);
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) transferables(item, found);
  }
  return [...found];
}

/** Commands that change when is trained, and nothing else. */
export const PACE = new Set<Command["type"]>(["play", "pause", "train"]);
/** What never has to wait for what the GPU has trained ahead. */
export const AT_ANY_TIME = new Set<Method>(["frame", "info", "ready", "traffic", "lose_device_for_test", "catalog", "points", "thumbnail", "feature_map", "curve"]);
