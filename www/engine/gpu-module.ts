// What the wasm module with the GPU interpreters offers, and how it is found. Fetched only where there is WebGPU.

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

/** Names of adapters that are programs. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render|warp/i;

const webgpu = (): GPU | undefined => (globalThis.navigator as Navigator | undefined)?.gpu;

/** Browsers without WebGPU, and pages that are not secure, have none to ask. */
export const missingInBrowser = (): Trouble | null => (webgpu() ? null : { code: "webgpu_missing", message: "this browser has no WebGPU" });

/** What the browser says of its adapter. The module's own library panics without `navigator.gpu`, so this comes first. */
export async function probeBrowser(): Promise<Adapter> {
  const adapter = await webgpu()?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw { code: "adapter_null", message: "the browser gives no adapter" } satisfies Trouble;
  const { vendor, architecture, device, description } = adapter.info;
  const name = description || [vendor, architecture || device].filter(Boolean).join(" ");
  const fallback = (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  return { name, software: fallback || SOFTWARE.test(`${name} ${architecture}`), subgroups: adapter.features.has("subgroups") };
}

/**
 * While `ask` runs, devices are asked for with subgroups: the module's library does not know of them yet. An adapter that
 * refuses is asked without.
 */
export async function withSubgroups(ask: () => Promise<GpuDevice>): Promise<GpuDevice> {
  const { prototype } = (globalThis as unknown as { GPUAdapter: { prototype: GPUAdapter } }).GPUAdapter;
  const plain = prototype.requestDevice;
  let given = false;
  prototype.requestDevice = async function (this: GPUAdapter, descriptor?: GPUDeviceDescriptor) {
    const requiredFeatures = [...(descriptor?.requiredFeatures ?? []), "subgroups" as GPUFeatureName];
    try {
      const device = await plain.call(this, { ...descriptor, requiredFeatures });
      given = true;
      return device;
    } catch {
      return plain.call(this, descriptor);
    }
  };
  try {
    const device = await ask();
    if (given) device.has_subgroups();
    return device;
  } finally {
    prototype.requestDevice = plain;
  }
}
