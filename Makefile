# Everything starts here. `make serve` and `make test` set up what they need, say what they do, and are quick the second
# time. Beyond Rust (rustup), Node 20.19 or newer and make, nothing has to be installed first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(PATH)
# A RUSTFLAGS variable would silently replace the flags of .cargo/config.toml, SIMD among them.
unexport RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_ENCODED_RUSTFLAGS

RUST := Cargo.toml Cargo.lock .cargo/config.toml rust-toolchain.toml $(shell find src -name '*.rs' -o -name '*.wgsl')
PAGE := index.html package.json vite.config.ts tsconfig.json $(shell find www -type f -not -path 'www/wasm/*' -not -path 'www/wasm-*/*' -not -path 'www/public/digits.bin')
WASM := www/wasm/neural_playground_bg.wasm
COMPILER := www/wasm-compiler/neural_playground_compiler.wasm
GPU_WASM := www/wasm-gpu/neural_playground_gpu_bg.wasm
DIGITS := www/public/digits.bin
MODULES := node_modules/.package-lock.json
TOOLS := .tools/rust.stamp

.PHONY: help setup serve build docs screenshots check test test-rust test-web test-page browser clean
help:
	@echo 'make serve   build and open the page at a local address'
	@echo 'make test    everything that is checked: formats, lints, types, unit, browser and end-to-end tests'
	@echo 'make check   formats, lints and types only'
	@echo 'make build   the static site in dist/ and the package in dist/package/'
	@echo 'make docs    the generated part of docs/api.md'
	@echo 'make clean   remove what was built (tools and packages stay)'

setup: $(TOOLS) $(MODULES)

$(TOOLS): scripts/setup-tools.sh Cargo.lock
	@scripts/setup-tools.sh
	@touch $@

$(MODULES): package.json package-lock.json
	@echo '== packages of the page (npm ci)'
	npm ci --no-audit --no-fund
	@touch $@

$(WASM): $(RUST) scripts/build-wasm.sh | setup
	@echo '== the engine as WebAssembly'
	scripts/build-wasm.sh

$(COMPILER): $(RUST) scripts/build-wasm.sh | setup
	@echo '== the compiler of steps as WebAssembly'
	scripts/build-wasm.sh compiler

$(GPU_WASM): $(RUST) scripts/build-wasm.sh | setup
	@echo '== the WebGPU interpreters as WebAssembly'
	scripts/build-wasm.sh gpu

$(DIGITS): scripts/build-digits.mjs $(MODULES)
	@echo '== handwritten digits'
	node scripts/build-digits.mjs

serve: setup $(WASM) $(COMPILER) $(GPU_WASM) $(DIGITS)
	@echo '== the page; stop it with Ctrl-C'
	vite

build: dist/package/package.json

dist/package/package.json: $(PAGE) $(WASM) $(COMPILER) $(GPU_WASM) $(DIGITS) scripts/build-page.mjs | setup
	@echo '== site and package'
	node scripts/build-page.mjs

screenshots: build browser
	@echo "== pictures of the README"
	node scripts/screenshots.mjs

docs: build
	node scripts/write-api-config.mjs

check: setup $(WASM) $(COMPILER) $(GPU_WASM)
	@echo '== formats, lints, types'
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy --all-targets --features gpu -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --lib --test web -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --features gpu --lib --test conformance -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --features compiler --lib -- -D warnings
	tsc --noEmit -p tsconfig.json
	tsc --noEmit -p tsconfig.tests.json
	tsc --noEmit -p tsconfig.offline.json

test: check test-rust test-web test-page

test-rust: setup $(DIGITS)
	@echo '== tests of the engine'
	cargo test
	@scripts/setup-browser.sh
	@echo '== tests of the GPU interpreters, on whatever Vulkan driver there is'
	REQUIRE_GPU=1 cargo test --features gpu --test conformance

test-web: setup browser
	@echo '== tests of the engine in the browser'
	wasm-pack test --headless --chrome --chromedriver "$$(command -v chromedriver)" --mode no-install -- --test web
	@echo '== tests of the GPU interpreters in the browser, in a worker, on its software adapter'
	CHROMEDRIVER="$$(command -v chromedriver)" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	  WASM_BINDGEN_TEST_TIMEOUT=600 cargo test --target wasm32-unknown-unknown --features gpu --test conformance

test-page: build browser
	@echo '== tests of the page: in node, then end to end'
	node --import tsx scripts/run-tests.mjs

browser:
	@scripts/setup-browser.sh

clean:
	rm -rf dist target www/wasm www/wasm-gpu $(DIGITS) test-results

# Natively, then this engine beside its peers in Chromium. Quiet the machine first: only ratios of one run mean anything.
.PHONY: bench
bench: setup $(WASM) $(COMPILER) $(GPU_WASM) $(DIGITS) browser
	@echo '== the engine natively'
	cargo bench --bench engine
	@echo '== the engine beside its peers in the browser'
	node benches/browser/run.mjs
