//! The interpreters of a plan. Each runs the same ops over the same buffers; they differ in where and how fast.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod wasm;
