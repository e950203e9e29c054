// Where the engine's files lie in the package: beside engine.js, under fixed names. Bundlers know this form, and copy the
// files to wherever they put the script: each is whole, and imports no other.

/** Absolute addresses. */
export const assets = {
  worker: new URL(/* @vite-ignore */ "./worker.js", import.meta.url).href,
  wasm: new URL(/* @vite-ignore */ "./neural_playground_bg.wasm", import.meta.url).href,
  compiler: new URL(/* @vite-ignore */ "./neural_playground_compiler.wasm", import.meta.url).href,
  gpuWasm: new URL(/* @vite-ignore */ "./neural_playground_gpu_bg.wasm", import.meta.url).href,
  gpuModule: new URL(/* @vite-ignore */ "./neural_playground_gpu.js", import.meta.url).href,
  digits: new URL(/* @vite-ignore */ "./digits.bin", import.meta.url).href,
};
