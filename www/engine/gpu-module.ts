// What the wasm module with the GPU interpreters offers, and how it is found. Fetched only where there is WebGPU.

import type { EngineReason, Traffic } from "./standing";
import type { Numbers } from "./protocol";
import type { Frame } from "./types";

/** Where a run is, read back: a snapshot's bytes, the step that they are of, whether all of its values are numbers. */
export interface Taken {
  bytes: Uint8Array;
  step: number;
  finite: boolean;
}

/** Whether what was trained is to be read back: in its time, as soon as that costs little, now. */
export const LATER = 0;
export const WANTED = 1;
export const NOW = 2;

/** Thrown by everything below. */
export interface Trouble {
  code: EngineReason;
  message: string;
  limit?: string;
  needed?: number;
  available?: number;
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
  set_data(inputs: Numbers, columns: number, targets: Numbers, split?: Uint8Array, task?: string): void;
  configure(command_json: string): void;
  prepare(at: Uint8Array): Promise<void>;
  interpreter(): string | undefined;
  restore(at: Uint8Array): void;
  /** Takes the factor of reduce-on-plateau over. */
  follow(factor: number): void;
  train(most: number, budget_ms: number, taking: number): Promise<Taken | undefined>;
  /** Steps done, those under way included. */
  step_count(): number;
  compare(at: Uint8Array): Promise<number>;
  cpu_speed(at: Uint8Array, milliseconds: number): number;
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

/** @internal */
export const webgpu = (): GPU | undefined => (globalThis.navigator as Navigator | undefined)?.gpu;

/** Browsers without WebGPU, and pages that are not secure, have none to ask. */
export const missingInBrowser = (): Trouble | null => (webgpu() ? null : { code: "webgpu_missing", message: "no navigator.gpu" });

/** The facts of the sentence that tells of it. */
export function factsOf({ message, limit, needed, available }: Trouble): Record<string, string | number> {
  return { message, ...(limit === undefined ? {} : { limit }), ...(needed === undefined ? {} : { needed, available: available ?? 0 }) };
}
