#!/bin/bash
# Looks for input that breaks what its target holds. FUZZ_SECONDS each, 1,800 where nothing is said; TARGETS names some of them.
# What is found lies in fuzz/artifacts, and is a test before it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo fuzz --version >/dev/null 2>&1; then
  echo "cargo-fuzz is missing: cargo install cargo-fuzz" >&2
  exit 1
fi
# The coverage that steers a fuzzer is an option of unstable compilers; stable ones have it when asked for like this.
export RUSTC_BOOTSTRAP=1
seconds=${FUZZ_SECONDS:-1800}
cargo run --quiet --release --manifest-path fuzz/Cargo.toml --example seeds
for target in ${TARGETS:-config link wire snapshot}; do
  echo "== $target, $seconds s"
  # Without a sanitizer: the code is safe, and what is looked for are panics, memory, time, and what the target asserts.
  cargo fuzz run -s none "$target" -- -dict=fuzz/words.dict -rss_limit_mb=512 -timeout=10 -max_len=16384 \
    -max_total_time="$seconds" -print_final_stats=1
done
