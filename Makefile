# Everything starts here. `make serve` and `make test` set up what they need, say what they do, and are quick the second
# time. Beyond Rust (rustup), Node 20.19 or newer and make, nothing has to be installed first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
# The phases of the tests come one after another.
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory
export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(PATH)
# A RUSTFLAGS variable would silently replace the flags of .cargo/config.toml, SIMD among them.
unexport RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_ENCODED_RUSTFLAGS

RUST := Cargo.toml Cargo.lock .cargo/config.toml rust-toolchain.toml $(shell find src -name '*.rs' -o -name '*.wgsl')
PAGE := index.html package.json vite.config.ts tsconfig.json $(shell find www -type f -not -path 'www/wasm/*' -not -path 'www/wasm-*/*' -not -path 'www/public/digits.bin')
# What the package is besides: its documents, and the scripts that write it.
PACKAGE := CHANGELOG.md DATA.md LICENSE docs/embed.md docs/npm.md tsconfig.types.json \
  $(addprefix scripts/,build-page.mjs custom-elements.mjs first-load.mjs offline.mjs package-files.ts page-head.ts third-party-licenses.mjs write-package.mjs)
WASM := www/wasm/neural_playground_bg.wasm
COMPILER := www/wasm-compiler/neural_playground_compiler.wasm
GPU_WASM := www/wasm-gpu/neural_playground_gpu_bg.wasm
DIGITS := www/public/digits.bin
MODULES := node_modules/.package-lock.json
TOOLS := .tools/rust.stamp
PHASE := scripts/phase.sh

# Conformance in the browser keeps what a browser can change: every kernel's text is validated by it, every formula is compiled by
# it, limits and losses are its own, and all of it runs in a worker. What the interpreters do with these texts the same tests show
# natively; `make test-all` runs them in the browser too. tests/www/everything.test.ts knows each name.
NATIVELY := operations::tests::dense_layers_of_every_size operations::tests::batches_of_every_size \
  operations::tests::softmax_with_both_of_its_losses operations::tests::dropout operations::tests::frozen_layers_stay \
  operations::tests::penalties operations::tests::clipping operations::tests::options_of_optimizers_with_all_their_states \
  operations::tests::bounded_norms_of_units operations::tests::tensorflow_playground_s_own_rule networks::tests::random_networks \
  networks::tests::every_row_of_every_table studies::tests::runs_of_every_optimizer_and_activation_beside_each_other

.PHONY: help setup serve build docs screenshots check test test-all test-platforms test-rust test-web test-page timed browser clean
help:
	@echo 'make serve   build and open the page at a local address'
	@echo 'make test    what is checked before every commit: formats, lints, types, unit, browser and end-to-end tests'
	@echo 'make test-all        the same with nothing left out: every combination, every browser (an hour or more)'
	@echo 'make test-platforms  what other tools make of the package: needs a network'
	@echo 'make check   formats, lints and types only'
	@echo 'make build   the static site in dist/ and the package in dist/package/'
	@echo 'make docs    the generated part of docs/api.md'
	@echo 'make fuzz    half an hour for each way in: needs cargo-fuzz'
	@echo 'make clean   remove what was built (tools and packages stay)'

setup: $(TOOLS) $(MODULES)

$(TOOLS): scripts/setup-tools.sh Cargo.lock
	@scripts/setup-tools.sh
	@touch $@

$(MODULES): package.json package-lock.json
	@$(PHASE) 'packages of the page (npm ci)'
	npm ci --no-audit --no-fund
	@touch $@

$(WASM): $(RUST) scripts/build-wasm.sh | setup
	@$(PHASE) 'the engine as WebAssembly'
	scripts/build-wasm.sh

$(COMPILER): $(RUST) scripts/build-wasm.sh | setup
	@$(PHASE) 'the compiler of steps as WebAssembly'
	scripts/build-wasm.sh compiler

$(GPU_WASM): $(RUST) scripts/build-wasm.sh | setup
	@$(PHASE) 'the WebGPU interpreters as WebAssembly'
	scripts/build-wasm.sh gpu

$(DIGITS): scripts/build-digits.mjs $(MODULES)
	@$(PHASE) 'handwritten digits'
	node scripts/build-digits.mjs

serve: setup $(WASM) $(COMPILER) $(GPU_WASM) $(DIGITS)
	@echo '== the page; stop it with Ctrl-C'
	vite

build: dist/package/package.json

dist/package/package.json: $(PAGE) $(PACKAGE) $(WASM) $(COMPILER) $(GPU_WASM) $(DIGITS) | setup
	@$(PHASE) 'site and package'
	node scripts/build-page.mjs

screenshots: build browser
	@echo "== pictures of the README"
	node scripts/screenshots.mjs

docs: build
	node scripts/write-api-config.mjs

.PHONY: released release-check
# Other people's frameworks and bundlers, fetched from npm: minutes, and some hundred megabytes.
test-platforms: build browser
	@$(PHASE) 'the package in projects of React, Vue, Next and others'
	node --import tsx scripts/run-tests.mjs platforms

# Before the site is published: earlier versions, as npm has them, beside the new one.
released: build
	node scripts/released.mjs

release-check:
	@node scripts/release-check.mjs "$(TAG)"

check: setup $(WASM) $(COMPILER) $(GPU_WASM)
	@$(PHASE) 'formats, lints, types'
	cargo fmt --check
	cargo clippy --all-targets --features gpu -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --features gpu,compiler --lib --tests -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --features gpu
	tsc --noEmit -p tsconfig.json
	tsc --noEmit -p tsconfig.tests.json
	tsc --noEmit -p tsconfig.offline.json

# The order is that of the phases; the page's tests come last, and end with the times of all.
test: export PHASES := $(CURDIR)/test-results/phases
test: timed check test-rust test-web test-page

test-all: export TEST_ALL := 1
test-all: export PHASES := $(CURDIR)/test-results/phases
test-all: NATIVELY :=
test-all: timed check test-rust test-web test-page

timed:
	@mkdir -p test-results && rm -f test-results/phases
	@$(PHASE) 'tools, packages, modules'

# All Rust tests in one compilation: with the GPU interpreters, on whatever Vulkan driver there is.
test-rust: export REQUIRE_GPU := 1
test-rust: setup $(DIGITS)
	@scripts/setup-browser.sh
	@$(PHASE) 'tests of the engine, and of the GPU interpreters: compiling'
	cargo test --features gpu --no-run
	@$(PHASE) 'tests of the engine, and of the GPU interpreters'
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --features gpu && cargo test --features gpu --doc; else cargo test --features gpu; fi

test-web: export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER := wasm-bindgen-test-runner
test-web: export WASM_BINDGEN_TEST_TIMEOUT := 1200
test-web: setup browser
	@$(PHASE) 'tests in the browser: compiling'
	cargo test --target wasm32-unknown-unknown --features gpu --lib --test engine --test conformance --no-run
	@$(PHASE) 'the engine, and the GPU interpreters on its software adapter, in a worker of the browser'
	CHROMEDRIVER="$$(command -v chromedriver)" cargo test --target wasm32-unknown-unknown --features gpu --lib --test engine --test conformance -- $(NATIVELY:%=--skip %)

test-page: build browser
	@$(PHASE) 'tests of the page'
	node --import tsx scripts/run-tests.mjs

# Five minutes of a change every 200 ms; `make test` has twenty seconds of it.
.PHONY: soak
soak: build browser
	@echo '== a change every 200 ms for five minutes'
	SOAK_SECONDS=300 node --import tsx scripts/run-tests.mjs tests/e2e/soak.spec.ts

# Needs cargo-fuzz, which nothing else does; the halves written in TypeScript are fuzzed from a seed.
.PHONY: fuzz
fuzz: build
	@echo '== configs, links, commands and snapshots that nobody would write'
	scripts/fuzz.sh
	LINKS=100000 node --import tsx tests/www/links-malformed.test.ts

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
