#!/usr/bin/env bash
# The engine as WebAssembly with its JavaScript and types: in www/wasm/; with `gpu` the module with the WebGPU interpreters in
# www/wasm-gpu/, which the page fetches only where there is WebGPU; with `compiler` the one that writes code for one network
# in www/wasm-compiler/, without JavaScript, fetched while training goes on.
set -euo pipefail
cd "$(dirname "$0")/.."

features=(--enable-simd --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-reference-types --enable-multivalue)
# Places in messages of a panic say which file, and not where it lay on the machine that built it.
home="${CARGO_HOME:-$HOME/.cargo}"
release=(cargo build --release --lib --target wasm32-unknown-unknown
  --config "target.wasm32-unknown-unknown.rustflags=['--remap-path-prefix=$home/registry/src/=', '--remap-path-prefix=$PWD/=']")
if [ "${1:-}" = compiler ]; then
  mkdir -p www/wasm-compiler
  CARGO_PROFILE_RELEASE_OPT_LEVEL=2 "${release[@]}" --features compiler
  wasm-opt -Oz --strip-debug --strip-producers --strip-target-features "${features[@]}" \
    target/wasm32-unknown-unknown/release/neural_playground.wasm -o www/wasm-compiler/neural_playground_compiler.wasm
  exit
fi

out=www/wasm name=neural_playground
build=()
if [ "${1:-}" = gpu ]; then
  out=www/wasm-gpu name=neural_playground_gpu
  build=(--features gpu)
fi
CARGO_PROFILE_RELEASE_OPT_LEVEL=2 "${release[@]}" "${build[@]}"
wasm-bindgen --target web --typescript --out-dir "$out" --out-name "$name" target/wasm32-unknown-unknown/release/neural_playground.wasm
# Binaryen's optimizer, the version of package-lock.json. Only features that every supported browser has.
# The first kilobyte is the far end of the stack, which has a megabyte: addresses are never that small.
# A function with a single caller stays one when it is large: all of a training step in one function leaves no registers.
wasm-opt -O3 --strip-debug --strip-producers --strip-target-features --low-memory-unused --one-caller-inline-max-function-size=60 \
  "${features[@]}" \
  "$out/${name}_bg.wasm" -o "$out/optimized.wasm"
mv "$out/optimized.wasm" "$out/${name}_bg.wasm"
