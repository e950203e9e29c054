//! `Real`: the number a formula is read with.
//!
//! A formula is written once, over `T: Real`. Read with `f32` it is the fast code, with `f64` the oracle, with
//! [`Dual`] its derivative, with [`Wgsl`] the shader's text. Nothing here may branch on a value: comparisons
//! give masks and [`Real::select`] takes both sides, so that a loop over a slice becomes SIMD.
//!
//! ```
//! use neural_playground::real::{Dual, Real, Wgsl, wgsl_function};
//!
//! fn swish<T: Real>(z: T) -> T {
//!     z * z.sigmoid()
//! }
//! assert_eq!(swish(0.0_f32), 0.0);
//! assert_eq!(swish(Dual::variable(0.0_f64)).slope, 0.5);
//! let text = wgsl_function("swish", "z: f32", "f32", || vec![swish(Wgsl::name("z"))]);
//! assert_eq!(text, "fn swish(z: f32) -> f32 {\n    return (z * np_sigmoid(z));\n}\n");
//! ```

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

mod dual;
pub(crate) mod single;
mod wgsl;

pub use dual::Dual;
pub(crate) use single::{Bits, Quotient, tanh};
pub use wgsl::{Wgsl, WgslMask, wgsl_function};

/// A number a formula can be read with.
pub trait Real:
    Copy
    + Debug
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// What a comparison gives.
    type Mask: Copy;

    /// A constant.
    fn lit(value: f64) -> Self;
    /// Magnitude; derivative 0 at 0.
    fn abs(self) -> Self;
    /// Square root. Derivative 0 at 0, where PyTorch has infinity.
    fn sqrt(self) -> Self;
    /// e^x.
    fn exp(self) -> Self;
    /// e^x - 1, precise near 0.
    fn exp_m1(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x), precise near 0.
    fn ln_1p(self) -> Self;
    /// Hyperbolic tangent, exactly +-1 where it saturates.
    fn tanh(self) -> Self;
    /// 1 / (1 + e^-x), for any size of x.
    fn sigmoid(self) -> Self;
    /// Sine.
    fn sin(self) -> Self;
    /// Cosine.
    fn cos(self) -> Self;
    /// Error function.
    fn erf(self) -> Self;
    /// The larger; the derivative at a tie is the mean of both, as `torch.maximum`.
    fn max(self, other: Self) -> Self;
    /// The smaller; the derivative at a tie is the mean of both, as `torch.minimum`.
    fn min(self, other: Self) -> Self;
    /// self > other.
    fn gt(self, other: Self) -> Self::Mask;
    /// self >= other.
    fn ge(self, other: Self) -> Self::Mask;
    /// self < other.
    fn lt(self, other: Self) -> Self::Mask;
    /// self <= other.
    fn le(self, other: Self) -> Self::Mask;
    /// One of two values that are both computed.
    fn select(mask: Self::Mask, if_true: Self, if_false: Self) -> Self;
    /// -1, 0 or 1; 0 at 0; derivative 0.
    fn sign(self) -> Self;
}

/// What a buffer can hold: `f32` and `f64`.
pub trait Float: Real + PartialOrd + Default + Send + Sync {
    /// Widened.
    fn to_f64(self) -> f64;
    /// Rounded to nearest.
    fn from_f64(value: f64) -> Self;
    /// Neither NaN nor infinite.
    fn is_finite(self) -> bool;
}

/// Places of the keys from the smallest on; equal ones stay in their order. One sort for every use keeps the module small,
/// and merging keeps it smaller than std's, which is 5 KB of wasm.
pub fn order(keys: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    let mut merged = places.clone();
    let mut width = 1;
    while width < keys.len() {
        for (from, to) in places.chunks(2 * width).zip(merged.chunks_mut(2 * width)) {
            let (mut left, mut right) = from.split_at(width.min(from.len()));
            for place in to {
                let side = match (left.first(), right.first()) {
                    (Some(&a), Some(&b)) if keys[b].total_cmp(&keys[a]).is_lt() => &mut right,
                    (Some(_), _) => &mut left,
                    (None, _) => &mut right,
                };
                if let Some((first, rest)) = side.split_first() {
                    *place = *first;
                    *side = rest;
                }
            }
        }
        std::mem::swap(&mut places, &mut merged);
        width *= 2;
    }
    places
}

/// The oracle. libm's pure Rust functions give the same bits on every platform.
impl Real for f64 {
    type Mask = bool;

    #[inline(always)]
    fn lit(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline]
    fn exp(self) -> Self {
        libm::exp(self)
    }
    #[inline]
    fn exp_m1(self) -> Self {
        libm::expm1(self)
    }
    #[inline]
    fn ln(self) -> Self {
        libm::log(self)
    }
    #[inline]
    fn ln_1p(self) -> Self {
        libm::log1p(self)
    }
    #[inline]
    fn tanh(self) -> Self {
        libm::tanh(self)
    }
    #[inline]
    fn sigmoid(self) -> Self {
        let e = libm::exp(-f64::abs(self));
        (if self >= 0.0 { 1.0 } else { e }) / (1.0 + e)
    }
    #[inline]
    fn sin(self) -> Self {
        libm::sin(self)
    }
    #[inline]
    fn cos(self) -> Self {
        libm::cos(self)
    }
    #[inline]
    fn erf(self) -> Self {
        libm::erf(self)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn gt(self, other: Self) -> bool {
        self > other
    }
    #[inline(always)]
    fn ge(self, other: Self) -> bool {
        self >= other
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self <= other
    }
    #[inline(always)]
    fn select(mask: bool, if_true: Self, if_false: Self) -> Self {
        if mask { if_true } else { if_false }
    }
    #[inline(always)]
    fn sign(self) -> Self {
        let positive = if self > 0.0 { 1.0 } else { 0.0 };
        if self < 0.0 { -1.0 } else { positive }
    }
}

impl Float for f64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay_in_their_order() {
        for count in [0_u32, 1, 2, 3, 7, 8, 9, 500, 1000] {
            // A few keys only, so that many are equal.
            let keys: Vec<f64> = (0..count)
                .map(|place| f64::from(place * 37 % 11) - 5.0)
                .collect();
            let mut expected: Vec<usize> = (0..keys.len()).collect();
            expected.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]));
            assert_eq!(order(&keys), expected, "{count}");
        }
    }
}
