// Which engine trains, and why: what is known before, and without, anything of the GPU.

export type Backend = "auto" | "cpu" | "webgpu";

/** Who makes frames while the GPU trains: evaluates the splits and draws the maps. Milliseconds of both where they were tried. */
export interface Looks {
  backend: "cpu" | "webgpu";
  cpu: number | null;
  webgpu: number | null;
}

/** What is known of the engine at work. */
export interface Standing {
  backend: "cpu" | "webgpu";
  /** What the visitor asked for. */
  choice: Backend;
  adapter: string | null;
  /** The adapter is a program on the processor. */
  software: boolean;
  /** Why this engine: a key of the dictionaries. */
  why: string;
  /** Facts of the sentence. */
  values: Record<string, string | number>;
  /** `resident`: the whole run in one workgroup; `layered`: a dispatch for each operation. */
  interpreter: string | null;
  /** Steps a second of both engines at this size, where they were raced. */
  race: { cpu: number; webgpu: number } | null;
  /** Largest difference of both engines on one step, relative to the largest value; from when the GPU took over. */
  difference: number | null;
  /** Absent as long as it has not been tried, and where the processor trains: it then does this too. */
  looks?: Looks | null;
}

/** The processor trains. */
export function onCpu(choice: Backend, why: string, values: Standing["values"] = {}): Standing {
  return { backend: "cpu", choice, adapter: null, software: false, why, values, interpreter: null, race: null, difference: null };
}

/** Where the counters of a progress hold the steps. */
export const STEP = 6;
