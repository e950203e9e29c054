//! How far the GPU may be from the CPU's f32, by operation. Rounding is 2^-24 relative; WGSL grants `exp` 3 + 2|x|
//! units in the last place, division 2.5, and leaves the order of sums and fused multiply-adds open.

/// One unit in the last place of 1.
const UNIT: f64 = f32::EPSILON as f64;

/// Of a result of size about 1 that took one rounding each in a handful of operations.
pub(crate) const ARITHMETIC: f64 = 8.0 * UNIT;
/// `exp` of up to 88 in units of its result: 3 + 2 * 88, and as many again for the CPU's reduction of the argument.
pub(crate) const EXP: f64 = 360.0 * UNIT;
/// `exp`, where its argument is at most 1 (series, quotients of exponentials below 1).
pub(crate) const EXP_SMALL: f64 = 16.0 * UNIT;
/// Abramowitz and Stegun 7.1.26, which erf's outer branch is: 1.5e-7 absolute, and its rounding.
pub(crate) const ERF: f64 = 1.5e-7 + 8.0 * UNIT;
/// The argument of sine is reduced with an absolute error of about |x| units, up to 1e3 here.
pub(crate) const SINE: f64 = 1e3 * UNIT;
/// `log`: WGSL grants 3 units outside [0.5, 2] and 2^-21 absolute inside.
pub(crate) const LN: f64 = 4.8e-7 + 4.0 * UNIT;

/// A loss after one step, relative: a mean of up to some thousand terms of one sign, in another order.
pub(crate) const LOSS: f64 = 64.0 * UNIT;
/// A gradient of one step, relative to the largest of its kind: sums of some hundred terms in another order, of values
/// that are themselves results of such sums.
pub(crate) const GRADIENT: f64 = 256.0 * UNIT;
/// Twenty steps, relative to the largest parameter: each step's gradients differ by [`GRADIENT`], and what they move
/// enters the next step's.
pub(crate) const TRAINED: f64 = 20.0 * GRADIENT;
/// Losses over the first 100 steps of the page's own problems, relative: what the page promises.
pub(crate) const FIRST_HUNDRED: f64 = 1e-4;
