#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript and types, in www/wasm/.
set -euo pipefail
cd "$(dirname "$0")/.."

wasm-pack build --target web --release --out-dir www/wasm --no-pack --no-opt --mode no-install
# Binaryen's optimizer, the version of package-lock.json. Only features that every supported browser has.
# A function with a single caller stays one when it is large: all of a training step in one function leaves no registers.
wasm-opt -O3 --strip-debug --one-caller-inline-max-function-size=60 \
  --enable-simd --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext \
  --enable-mutable-globals --enable-reference-types --enable-multivalue \
  www/wasm/neural_playground_bg.wasm -o www/wasm/optimized.wasm
mv www/wasm/optimized.wasm www/wasm/neural_playground_bg.wasm
