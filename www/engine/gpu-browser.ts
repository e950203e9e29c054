// What the browser says of its GPU. Fetched only where there is WebGPU.

import { webgpu } from "./gpu-module";
import type { Adapter, GpuDevice, GpuModule, Trouble } from "./gpu-module";

/** Names of adapters that are programs. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render|warp/i;

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

/** The module, by the addresses of its script and its wasm. */
export async function loadModule(wasmUrl: string, moduleUrl: string): Promise<GpuModule> {
  // By its address, and not by name: so a worker that a bundler has moved finds it.
  const module = (await import(/* webpackIgnore: true */ /* @vite-ignore */ moduleUrl)) as typeof import("../wasm-gpu/neural_playground_gpu.js");
  await module.default({ module_or_path: wasmUrl });
  return module as unknown as GpuModule;
}
