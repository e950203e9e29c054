#!/usr/bin/env bash
# The Rust tools of the build, in .tools/ unless the machine has the very version.
set -euo pipefail
cd "$(dirname "$0")/.."

wasm_pack=0.15.1
# The tool and the crate must be of one version.
wasm_bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)

command -v rustup >/dev/null || {
  echo 'Rust is missing: install it from https://rustup.rs and run make again.' >&2
  exit 1
}
command -v npm >/dev/null || {
  echo 'Node is missing: install Node 20.19 or newer from https://nodejs.org and run make again.' >&2
  exit 1
}

# rust-toolchain.toml names channel, target and components; any cargo command installs them.
cargo --version
rustup target add wasm32-unknown-unknown

mkdir -p .tools
# They run for seconds and take minutes to build, so without the release profile's heavier steps.
build() { # crate, version, flags
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$PWD/.tools/build" cargo install "$1" --version "$2" --root .tools "${@:3}"
}
install() { # crate, version, command that prints its version
  if [ "$($3 2>/dev/null | awk '{print $2}')" = "$2" ]; then
    echo "== $1 $2 is there"
  else
    echo "== building $1 $2 (once)"
    # A registry mirror may lag behind a tool's lock file; then the newest that it has must do.
    build "$1" "$2" --locked || build "$1" "$2"
  fi
}
install wasm-pack "$wasm_pack" 'wasm-pack --version'
install wasm-bindgen-cli "$wasm_bindgen" 'wasm-bindgen --version'
rm -rf .tools/build
