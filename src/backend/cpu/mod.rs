//! The CPU interpreter, over f32 (the product) and f64 (the oracle of the tests).

mod interpreter;
mod kernels;
mod narrow;
mod simd;

pub use interpreter::{Interpreter, Rates, Resident, StepScalars};

/// `c (m, n) = a (m, k) b (k, n)`, all row-major: the product that wide layers are made of, for benchmarks and comparisons.
/// Every sum runs in the order of the naive triple loop. Slices must be as long as the sizes say;
/// `pack` is working memory, used where it holds 8 `k` numbers.
pub fn multiply(
    (m, n, k): (usize, usize, usize),
    (a, b): (&[f32], &[f32]),
    c: &mut [f32],
    pack: &mut [f32],
) {
    let a = simd::Matrix {
        values: a,
        row_stride: k,
        column_stride: 1,
    };
    simd::mat_mul(simd::Sizes { m, n, k }, a, (b, n), (c, n), None, pack);
}
