// Starts a session in this thread and puts a host before it. The only file that names the wasm modules.

import instance from "../wasm/neural_playground.js?instance";
import { coder } from "./code";
import { missingInBrowser } from "./gpu-module";
import type { GpuAccess } from "./gpu-module";
import { Host } from "./host";
import type { HostSettings, Ready } from "./protocol";
import { inflate, readBytes } from "./read";
import type { Session } from "./session";

/** The digits, read once for all sessions of this thread; a failure is not kept. */
const digits = new Map<string, Promise<Uint8Array>>();
/** Addresses whose bytes were bad: the browser's own copy of them is passed over. */
const bad = new Set<string>();

function readDigits(url: string): Promise<Uint8Array> {
  let bytes = digits.get(url);
  if (!bytes) {
    bytes = readBytes(url, bad.has(url) ? "reload" : "default").then(inflate);
    digits.set(url, bytes);
    bytes.catch(() => dropDigits(url));
  }
  return bytes;
}

function dropDigits(url: string): void {
  digits.delete(url);
  bad.add(url);
}

/** The GPU of this thread, by the address of its wasm: engines share it. */
const gpus = new Map<string, GpuAccess>();

function gpuAccess(url: string, moduleUrl: string): GpuAccess {
  let access = gpus.get(url);
  if (!access) {
    access = {
      missing: missingInBrowser,
      probe: async () => (await import("./gpu")).probeBrowser(),
      load: async () => (await import("./gpu")).loadModule(url, moduleUrl),
    };
    gpus.set(url, access);
  }
  return access;
}

interface Module {
  Session: new () => Session;
  code: ReturnType<typeof coder>;
}

/** Sessions of a thread share the engine's module, and so the code made for it. After a trap another is made: the memory of the
 *  old one is in no known state, and only its end gives it back. */
let shared: Promise<Module> | null = null;

async function load(wasmUrl: string, compilerUrl: string): Promise<Module> {
  const { init, Session, place_code } = instance();
  const { memory } = await init({ module_or_path: wasmUrl.startsWith("file:") ? await readBytes(wasmUrl) : wasmUrl });
  return { Session, code: coder(compilerUrl, memory, place_code) };
}

/** Answers `ready` or `failed` on the port, then calls. */
export async function serve(port: MessagePort, { wasmUrl, compilerUrl, gpuWasmUrl, gpuModuleUrl, digitsUrl, asLink }: HostSettings): Promise<void> {
  let answer: Ready;
  try {
    const mine = (shared ??= load(wasmUrl, compilerUrl));
    const gone = () => {
      if (shared === mine) shared = null;
    };
    mine.catch(gone);
    const { Session, code } = await mine;
    const session = new Session();
    if (asLink) session.limit_as_link();
    new Host(session, port, { readDigits: () => readDigits(digitsUrl), dropDigits: () => dropDigits(digitsUrl), gpu: gpuAccess(gpuWasmUrl, gpuModuleUrl), code, trapped: gone });
    answer = { ready: true };
  } catch (error) {
    answer = { failed: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
}
