//! The tests of the engine in one binary: each file is one module, compiled and linked once. In a browser those that are for one.

#[cfg(not(target_arch = "wasm32"))]
mod allocation;
#[cfg(not(target_arch = "wasm32"))]
mod architecture;
#[cfg(not(target_arch = "wasm32"))]
mod blocks;
#[cfg(not(target_arch = "wasm32"))]
mod counting;
#[cfg(not(target_arch = "wasm32"))]
mod data;
#[cfg(not(target_arch = "wasm32"))]
mod formulas;
#[cfg(not(target_arch = "wasm32"))]
mod golden;
#[cfg(not(target_arch = "wasm32"))]
mod gradients;
#[cfg(not(target_arch = "wasm32"))]
mod hashes;
#[cfg(not(target_arch = "wasm32"))]
mod memory;
#[cfg(not(target_arch = "wasm32"))]
mod session;
#[cfg(not(target_arch = "wasm32"))]
mod tf_playground;
#[cfg(target_arch = "wasm32")]
mod web;
