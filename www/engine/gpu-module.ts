// What the wasm module with the GPU interpreters offers, and how it is found. Fetched only where there is WebGPU.

import type { Frame } from "./types";

/** A run's progress as plain numbers: parameters and optimizer state; counters as the engine numbers them. */
export interface Progress {
  words: Float32Array;
  counters: Float64Array;
}

/** A progress read back; whether all of its values are numbers. */
export interface Taken extends Progress {
  finite: boolean;
}

/** Whether what was trained is to be read back: in its time, as soon as that costs little, now. */
export const LATER = 0;
export const WANTED = 1;
export const NOW = 2;

/** Thrown by everything below. */
export interface Trouble {
  code: string;
  message: string;
  limit?: string;
  needed?: number;
  available?: number;
}

/** Since the device was made; bytes where it is data. */
export interface Traffic {
  dispatches: number;
  submits: number;
  uploaded: number;
  read_back: number;
}

export interface GpuDevice {
  /** Largest relative difference from the CPU after two steps of a tiny network. */
  trust(): Promise<number>;
  /** To be told before anything is trained on it. */
  has_subgroups(): void;
  trouble(): Trouble | null;
  destroy(): void;
  traffic(): Traffic;
}

export interface GpuTrainer {
  load_digits(bytes: Uint8Array): void;
  set_data(inputs: Float32Array, columns: number, targets: Float32Array, split?: Uint8Array, task?: string): void;
  configure(command_json: string): void;
  prepare(words: Float32Array, counters: Float64Array): Promise<void>;
  interpreter(): string | undefined;
  restore(words: Float32Array, counters: Float64Array): void;
  follow(counters: Float64Array): void;
  train(most: number, budget_ms: number, taking: number): Promise<Taken | undefined>;
  /** Steps done, those under way included. */
  step_count(): number;
  compare(words: Float32Array, counters: Float64Array): Promise<number>;
  cpu_speed(words: Float32Array, counters: Float64Array, milliseconds: number): number;
  looker(): Promise<GpuLooker>;
  free(): void;
}

/** Parts of a frame; null what was not wanted or is not there. Figures as the session takes them. */
export interface Looked extends Pick<Frame, "maps" | "output" | "activations" | "digits"> {
  figures: Float64Array;
}

/** Looks at a trainer's run while that trains on. */
export interface GpuLooker {
  /** Copies the parameters as they are after everything that has been submitted so far. */
  take(): void;
  /** Throws `{code: "refused"}` for wants that the session refuses. */
  look(wants_json: string, figures: boolean): Promise<Looked>;
  free(): void;
}

export interface GpuModule {
  GpuDevice: { request(storage_bytes: number): Promise<GpuDevice> };
  GpuTrainer: new (device: GpuDevice) => GpuTrainer;
}

export interface Adapter {
  name: string;
  /** Computes on the processor, however it calls itself. */
  software: boolean;
  /** Its invocations can lend each other values. */
  subgroups: boolean;
}

/** The way to the GPU; a test gives its own. */
export interface GpuAccess {
  /** What is known at once: the browser has no WebGPU. */
  missing(): Trouble | null;
  /** Asks the browser, before anything is fetched. Throws a `Trouble`. */
  probe(): Promise<Adapter>;
  load(): Promise<GpuModule>;
}

export const isTrouble = (thrown: unknown): thrown is Trouble =>
  typeof thrown === "object" && thrown !== null && typeof (thrown as Trouble).code === "string";

export const messageOf = (error: unknown): string =>
  isTrouble(error) || error instanceof Error ? error.message : String(error);

export const webgpu = (): GPU | undefined => (globalThis.navigator as Navigator | undefined)?.gpu;

/** Browsers without WebGPU, and pages that are not secure, have none to ask. */
export const missingInBrowser = (): Trouble | null => (webgpu() ? null : { code: "webgpu_missing", message: "no navigator.gpu" });
