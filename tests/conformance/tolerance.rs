//! How far the GPU may be from the CPU's f32, by operation. Rounding is half a unit in the last place; WGSL grants `exp`
//! 3 + 2|x| units, `log` 3 units outside [0.5, 2] and 2^-21 inside, division 2.5 units, and leaves the order of sums
//! and fused multiply-adds open. Errors are absolute up to 1 and relative beyond, unless said otherwise.

/// One unit in the last place of 1.
const UNIT: f64 = f32::EPSILON as f64;

/// A handful of roundings.
pub(crate) fn arithmetic(_x: f64) -> f64 {
    8.0 * UNIT
}

/// `exp`, with the product that makes its argument.
pub(crate) fn exp(x: f64) -> f64 {
    (4.0 + 2.0 * x.abs()) * UNIT
}

/// Quotients of exponentials below 1: `exp` at an argument whose exponential still matters beside 1, and two divisions.
pub(crate) fn saturating(_x: f64) -> f64 {
    8.0 * UNIT
}

/// Abramowitz and Stegun 7.1.26, which erf's outer branch is: 1.5e-7, and its rounding.
pub(crate) fn erf(_x: f64) -> f64 {
    1.5e-7 + 4.0 * UNIT
}

/// `sin`: its argument is reduced with an error in proportion to it.
pub(crate) fn sine(x: f64) -> f64 {
    (2.0 + x.abs()) * UNIT
}

/// `log` and what is added to it.
pub(crate) fn ln(_x: f64) -> f64 {
    4.8e-7 + 2.0 * UNIT
}

/// A gate between 0 and 1 times its argument.
pub(crate) fn gated(x: f64) -> f64 {
    8.0 * UNIT * x.abs().max(1.0)
}

/// erf's error times the argument.
pub(crate) fn gated_erf(x: f64) -> f64 {
    erf(x) * x.abs().max(1.0)
}

/// A loss after one step, relative: a mean of some hundred terms of one sign, in another order.
pub(crate) const LOSS: f64 = 16.0 * UNIT;
/// A gradient of one step, relative to the largest of its kind: sums of some hundred terms in another order, of values
/// that are themselves results of such sums.
pub(crate) const GRADIENT: f64 = 32.0 * UNIT;
/// Twenty steps, relative to the largest of a kind: each step's gradients differ by [`GRADIENT`], and what they move
/// enters the next step's.
pub(crate) const TRAINED: f64 = 20.0 * GRADIENT;
/// Losses over the first 100 steps of the page's own problems, relative: what the page promises.
pub(crate) const FIRST_HUNDRED: f64 = 1e-4;
