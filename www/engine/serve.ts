// Starts a session in this thread and puts a host before it. The only file that names the wasm modules.

import init, { Session, place_code } from "../wasm/neural_playground.js";
import { coder } from "./code";
import { missingInBrowser, probeBrowser } from "./gpu-module";
import type { GpuAccess, GpuModule } from "./gpu-module";
import { Host } from "./host";
import type { HostSettings, Ready } from "./protocol";
import { inflate, readBytes } from "./read";

/** The digits, read once for all sessions of this thread; a failure is not kept. */
const digits = new Map<string, Promise<Uint8Array>>();

function readDigits(url: string): Promise<Uint8Array> {
  let bytes = digits.get(url);
  if (!bytes) {
    bytes = readBytes(url).then(inflate);
    digits.set(url, bytes);
    bytes.catch(() => digits.delete(url));
  }
  return bytes;
}

/** The GPU of this thread, by the address of its wasm: engines share it. */
const gpus = new Map<string, GpuAccess>();

function gpuAccess(url: string, moduleUrl: string): GpuAccess {
  let access = gpus.get(url);
  if (!access) {
    access = {
      missing: missingInBrowser,
      probe: probeBrowser,
      async load() {
        // By its address, and not by name: so a worker that a bundler has moved finds it.
        const module = (await import(/* @vite-ignore */ moduleUrl)) as typeof import("../wasm-gpu/neural_playground_gpu.js");
        await module.default({ module_or_path: url });
        return module as unknown as GpuModule;
      },
    };
    gpus.set(url, access);
  }
  return access;
}

/** Sessions of a thread share the engine's module, and so the code made for it. */
let code: ReturnType<typeof coder> | undefined;

/** Answers `ready` or `failed` on the port, then calls. */
export async function serve(port: MessagePort, { wasmUrl, compilerUrl, gpuWasmUrl, gpuModuleUrl, digitsUrl }: HostSettings): Promise<void> {
  let answer: Ready;
  try {
    const { memory } = await init({ module_or_path: wasmUrl.startsWith("file:") ? await readBytes(wasmUrl) : wasmUrl });
    code ??= coder(compilerUrl, memory, place_code);
    new Host(new Session(), port, { readDigits: () => readDigits(digitsUrl), gpu: gpuAccess(gpuWasmUrl, gpuModuleUrl), code });
    answer = { ready: true };
  } catch (error) {
    answer = { failed: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
}
