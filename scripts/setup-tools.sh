#!/usr/bin/env bash
# The Rust tools of the build, in .tools/ unless the machine has the very version.
set -euo pipefail
cd "$(dirname "$0")/.."

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

# rust-toolchain.toml names version, target and components. Any cargo command would install them, unless a machine forbids it.
rustup which cargo >/dev/null 2>&1 || rustup toolchain install
cargo --version
rustup target add wasm32-unknown-unknown
rustup component add rustfmt clippy

# Each version has a folder of its own and stays: another branch's Cargo.lock builds nothing anew.
install() { # crate, version, its commands
  local name=$1 version=$2 home=.tools/$1-$2
  if [ "$("$3" --version 2>/dev/null | awk '{print $2}')" = "$version" ]; then
    echo "== $name $version is there"
    return
  fi
  if [ ! -x "$home/bin/$3" ]; then
    scripts/phase.sh "building $name $version (once)"
    build "$name" "$version" --locked || build "$name" "$version"
    rm -rf .tools/build
  fi
  local command
  for command in "${@:3}"; do ln -sf "../$name-$version/bin/$command" ".tools/bin/$command"; done
}
# It runs for seconds and takes minutes to build, so without the release profile's heavier steps. A registry mirror may lag behind a
# tool's lock file; then the newest that it has must do.
build() { # crate, version, flags
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$PWD/.tools/build" cargo install "$1" --version "$2" --root ".tools/$1-$2" "${@:3}"
}
mkdir -p .tools/bin
install wasm-bindgen-cli "$wasm_bindgen" wasm-bindgen wasm-bindgen-test-runner
