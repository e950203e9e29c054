#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript and types: in www/wasm/, and with `gpu` the module with the WebGPU
# interpreters in www/wasm-gpu/, which the page fetches only where there is WebGPU.
set -euo pipefail
cd "$(dirname "$0")/.."

out=www/wasm name=neural_playground
features=()
if [ "${1:-}" = gpu ]; then
  out=www/wasm-gpu name=neural_playground_gpu
  features=(--features gpu)
fi
CARGO_PROFILE_RELEASE_OPT_LEVEL=2 wasm-pack build --target web --release --out-dir "$out" --out-name "$name" --no-pack --no-opt --mode no-install . "${features[@]}"
# Binaryen's optimizer, the version of package-lock.json. Only features that every supported browser has.
# A function with a single caller stays one when it is large: all of a training step in one function leaves no registers.
wasm-opt -O3 --strip-debug --strip-producers --strip-target-features --one-caller-inline-max-function-size=60 \
  --enable-simd --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext \
  --enable-mutable-globals --enable-reference-types --enable-multivalue \
  "$out/${name}_bg.wasm" -o "$out/optimized.wasm"
mv "$out/optimized.wasm" "$out/${name}_bg.wasm"
