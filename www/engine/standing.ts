// Which engine trains, and why: what is known before, and without, anything of the GPU.

export type Backend = "auto" | "cpu" | "webgpu";

/** Who makes frames while the GPU trains: evaluates the splits and draws the maps. Milliseconds of both where they were tried. */
export interface Looks {
  backend: "cpu" | "webgpu";
  cpu: number | null;
  webgpu: number | null;
}

/** Why an engine is at work. Each has a sentence in the dictionaries. */
export type EngineReason =
  | "cpu_asked_for" | "webgpu_asked_for" | "webgpu_preparing" | "not_raced_yet" | "race_cpu" | "race_webgpu"
  | "webgpu_missing" | "adapter_null" | "adapter_failed" | "device_refused" | "gpu_module_unavailable"
  | "probe_failed" | "limits" | "shader_error" | "out_of_memory" | "device_lost" | "device_stalled" | "mismatch"
  | "gpu_failed";

/** What is known of the engine at work. */
export interface Standing {
  backend: "cpu" | "webgpu";
  /** What the visitor asked for. */
  choice: Backend;
  adapter: string | null;
  /** The adapter is a program on the processor. */
  software: boolean;
  why: EngineReason;
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

/** What has gone to the GPU and come back since its device was made; bytes where it is data. */
export interface Traffic {
  dispatches: number;
  submits: number;
  uploaded: number;
  read_back: number;
}

/** The processor trains. */
export function onCpu(choice: Backend, why: EngineReason, values: Standing["values"] = {}): Standing {
  return { backend: "cpu", choice, adapter: null, software: false, why, values, interpreter: null, race: null, difference: null };
}
