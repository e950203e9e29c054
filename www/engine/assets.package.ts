// Where the engine's files lie in the package: beside engine.js, under fixed names.

/** Absolute addresses. */
export const assets = {
  worker: new URL(/* @vite-ignore */ "./worker.js", import.meta.url).href,
  wasm: new URL(/* @vite-ignore */ "./neural_playground_bg.wasm", import.meta.url).href,
  gpuWasm: new URL(/* @vite-ignore */ "./neural_playground_gpu_bg.wasm", import.meta.url).href,
  digits: new URL(/* @vite-ignore */ "./digits.bin", import.meta.url).href,
};
