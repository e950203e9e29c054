//! The CPU interpreter, over f32 (the product) and f64 (the oracle of the tests).

mod interpreter;
mod kernels;
mod narrow;
mod simd;

pub use interpreter::{Interpreter, Resident, StepScalars};
