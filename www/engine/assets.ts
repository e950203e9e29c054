// Where the engine's files lie, as the bundler of the site knows it. The package has its own (assets.package.ts).

import wasmUrl from "../wasm/neural_playground_bg.wasm?url";
import compilerUrl from "../wasm-compiler/neural_playground_compiler.wasm?url";
import gpuWasmUrl from "../wasm-gpu/neural_playground_gpu_bg.wasm?url";
import gpuModuleUrl from "../wasm-gpu/neural_playground_gpu.js?url";
import workerUrl from "./worker.ts?worker&url";

const base = typeof document === "undefined" ? import.meta.url : document.baseURI;

/** Absolute addresses. */
export const assets = {
  worker: new URL(workerUrl, import.meta.url).href,
  wasm: new URL(wasmUrl, import.meta.url).href,
  compiler: new URL(compilerUrl, import.meta.url).href,
  gpuWasm: new URL(gpuWasmUrl, import.meta.url).href,
  gpuModule: new URL(gpuModuleUrl, import.meta.url).href,
  digits: new URL(`${import.meta.env.BASE_URL}digits.bin`, base).href,
};
