//! `Real`: the number a formula is read with.
//!
//! A formula is written once, over `T: Real`. Read with `f32` it is the fast code, with `f64` the oracle, with
//! [`Dual`] its derivative, with [`Wgsl`] the shader's text. Nothing here may branch on a value: comparisons
//! give masks and [`Real::select`] takes both sides, so that a loop over a slice becomes SIMD.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::ops::{Add, Div, Mul, Neg, Sub};

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

// ------------------------------------------------------------------------------------------------ f64

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

// ------------------------------------------------------------------------------------------------ f32

/// 1.5 * 2^23: added and taken away again it rounds to the nearest integer, and while it is added the low bits
/// of the sum are that integer. SSE2 has no rounding instruction, and a saturating cast is a dozen.
const ROUND: f32 = 12_582_912.0;
const ROUND_BITS: i32 = 0x4B40_0000;
/// ln 2 in two parts: the first is 355 / 512, so that its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// 2^n for n in -126..=127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    #[expect(clippy::cast_sign_loss, reason = "bits of the exponent field")]
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

#[inline(always)]
fn pick(mask: bool, if_true: f32, if_false: f32) -> f32 {
    if mask { if_true } else { if_false }
}

/// x = n ln 2 + r with |r| <= ln 2 / 2, and e^r - 1. NaN stays NaN.
#[inline(always)]
fn exp_parts(x: f32) -> (i32, f32) {
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    #[expect(clippy::cast_possible_wrap, reason = "bits")]
    let exponent = (shifted.to_bits() as i32).wrapping_sub(ROUND_BITS);
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    // The series to r^7 / 7!: the next term is below 6e-9.
    let q = 1.0 / 5_040.0;
    let q = q * r + 1.0 / 720.0;
    let q = q * r + 1.0 / 120.0;
    let q = q * r + 1.0 / 24.0;
    let q = q * r + 1.0 / 6.0;
    let q = q * r + 0.5;
    (exponent, r + r * r * q)
}

#[inline(always)]
fn exp_f32(x: f32) -> f32 {
    // Past these ends the result is infinity, or zero; NaN passes through both comparisons.
    let x = pick(x > 89.0, 89.0, x);
    let x = pick(x < -104.0, -104.0, x);
    let (n, m) = exp_parts(x);
    // In two steps, so that subnormal results are right and n = 128 has a scale.
    let half = n >> 1;
    (1.0 + m) * power_of_two(half) * power_of_two(n.wrapping_sub(half))
}

#[inline(always)]
fn exp_m1_f32(x: f32) -> f32 {
    let x = pick(x > 89.0, 89.0, x);
    let x = pick(x < -30.0, -30.0, x);
    let (n, m) = exp_parts(x);
    let scale = power_of_two(n.wrapping_sub(1));
    (m * scale + (scale - 0.5)) * 2.0
}

#[inline(always)]
fn ln_f32(x: f32) -> f32 {
    // Subnormal numbers are lifted into the normal range first.
    let tiny = x < f32::MIN_POSITIVE;
    let lifted = pick(tiny, x * 8_388_608.0, x);
    // The mantissa is taken in [sqrt(1/2), sqrt(2)): adding the distance from sqrt(1/2) to 1 carries into the exponent.
    const SQRT_HALF: i32 = 0x3F35_04F3;
    #[expect(clippy::cast_possible_wrap, reason = "bits")]
    let bits = (lifted.to_bits() as i32).wrapping_sub(SQRT_HALF);
    let exponent = bits >> 23;
    #[expect(clippy::cast_sign_loss, reason = "bits")]
    let mantissa = f32::from_bits(((bits & 0x007F_FFFF).wrapping_add(SQRT_HALF)) as u32);
    let exponent = exponent as f32 - pick(tiny, 23.0, 0.0);
    // ln(1 + f) = 2 artanh(s), s = f / (2 + f), written as f - s (f - R) so that f itself stays exact.
    let f = mantissa - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let series = 2.0 / 11.0;
    let series = series * z + 2.0 / 9.0;
    let series = series * z + 2.0 / 7.0;
    let series = series * z + 2.0 / 5.0;
    let series = series * z + 2.0 / 3.0;
    let rest = s * (f - series * z);
    let result = exponent * LN2_HIGH - ((rest - exponent * LN2_LOW) - f);
    // The ends: ln 0 = -inf, ln inf = inf, of a negative number or NaN: NaN.
    let result = pick(x < f32::INFINITY, result, x);
    let result = pick(x == 0.0, f32::NEG_INFINITY, result);
    pick(x < 0.0, f32::NAN, result)
}

#[inline(always)]
fn ln_1p_f32(x: f32) -> f32 {
    let u = 1.0 + x;
    // What the addition rounded away, put back to first order. At the ends (u = 0, inf) there is nothing to put back.
    let lost = pick(u > 0.0, (x - (u - 1.0)) / u, 0.0);
    let lost = pick(u < f32::INFINITY, lost, 0.0);
    ln_f32(u) + lost
}

#[inline(always)]
fn tanh_f32(x: f32) -> f32 {
    let twice = x.abs() * 2.0;
    // e^20 + 2 = e^20 in f32, so the quotient is exactly 1 from here on.
    let twice = pick(twice > 20.0, 20.0, twice);
    let (n, m) = exp_parts(twice);
    let scale = power_of_two(n);
    let e = m * scale + (scale - 1.0);
    (e / (e + 2.0)).copysign(x)
}

#[inline(always)]
fn sigmoid_f32(x: f32) -> f32 {
    let e = exp_f32(-x.abs());
    pick(x >= 0.0, 1.0, e) / (1.0 + e)
}

/// sin(x + quarter * pi / 2). The argument is reduced with pi / 2 in three parts; precise to |x| = 1,000 and
/// somewhat beyond, bounded by 1 everywhere.
#[inline(always)]
fn sin_f32(x: f32, quarter: i32) -> f32 {
    const HALF_PI_HIGH: f32 = 1.570_312_5;
    const HALF_PI_MIDDLE: f32 = 4.837_513e-4;
    const HALF_PI_LOW: f32 = 7.549_79e-8;
    let shifted = x * std::f32::consts::FRAC_2_PI + ROUND;
    let n = shifted - ROUND;
    #[expect(clippy::cast_possible_wrap, reason = "bits")]
    let quadrant = (shifted.to_bits() as i32).wrapping_add(quarter);
    let r = ((x - n * HALF_PI_HIGH) - n * HALF_PI_MIDDLE) - n * HALF_PI_LOW;
    let r = pick(r > 1.0, 1.0, r);
    let r = pick(r < -1.0, -1.0, r);
    let z = r * r;
    let sine = 1.0 / 362_880.0;
    let sine = sine * z - 1.0 / 5_040.0;
    let sine = sine * z + 1.0 / 120.0;
    let sine = sine * z - 1.0 / 6.0;
    let sine = r + r * z * sine;
    let cosine = 1.0 / 40_320.0;
    let cosine = cosine * z - 1.0 / 720.0;
    let cosine = cosine * z + 1.0 / 24.0;
    let cosine = cosine * z - 0.5;
    let cosine = 1.0 + z * cosine;
    let value = pick(quadrant & 1 == 0, sine, cosine);
    pick(quadrant & 2 == 0, value, -value)
}

/// Below 0.5 the series; above, Abramowitz and Stegun 7.1.26, whose error is at most 1.5e-7.
#[inline(always)]
fn erf_f32(x: f32) -> f32 {
    let z = x * x;
    // (2 / sqrt(pi)) sum (-1)^n x^(2n + 1) / (n! (2n + 1)) to n = 6.
    let near = 1.0 / 9_360.0;
    let near = near * z - 1.0 / 1_320.0;
    let near = near * z + 1.0 / 216.0;
    let near = near * z - 1.0 / 42.0;
    let near = near * z + 0.1;
    let near = near * z - 1.0 / 3.0;
    let near = near * z + 1.0;
    let near = near * x * std::f32::consts::FRAC_2_SQRT_PI;
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let far = 1.061_405_4;
    let far = far * t - 1.453_152_1;
    let far = far * t + 1.421_413_8;
    let far = far * t - 0.284_496_72;
    let far = far * t + 0.254_829_6;
    let far = (1.0 - far * t * exp_f32(-z)).copysign(x);
    pick(z < 0.25, near, far)
}

/// The fast code. Written with IEEE addition, multiplication, division, comparison and bits only: no branch, no
/// call, no fused multiply-add, so the bits are the same natively and in wasm and loops become SIMD.
impl Real for f32 {
    type Mask = bool;

    #[inline(always)]
    fn lit(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::abs(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        exp_f32(self)
    }
    #[inline(always)]
    fn exp_m1(self) -> Self {
        exp_m1_f32(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        ln_f32(self)
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        ln_1p_f32(self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        tanh_f32(self)
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        sigmoid_f32(self)
    }
    #[inline(always)]
    fn sin(self) -> Self {
        sin_f32(self, 0)
    }
    #[inline(always)]
    fn cos(self) -> Self {
        sin_f32(self, 1)
    }
    #[inline(always)]
    fn erf(self) -> Self {
        erf_f32(self)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        pick(self > other, self, other)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        pick(self < other, self, other)
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
        pick(mask, if_true, if_false)
    }
    #[inline(always)]
    fn sign(self) -> Self {
        pick(self < 0.0, -1.0, pick(self > 0.0, 1.0, 0.0))
    }
}

impl Float for f32 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        f32::is_finite(self)
    }
}

// ------------------------------------------------------------------------------------------------ Dual

/// A value and its derivative with respect to one variable: forward-mode differentiation.
///
/// At kinks the derivative follows PyTorch: |x|' = 0 at 0, `max` and `min` share at a tie, `select` follows the
/// side taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual<T> {
    /// f(x).
    pub value: T,
    /// f'(x).
    pub slope: T,
}

impl<T: Real> Dual<T> {
    /// The variable itself: slope 1.
    #[inline(always)]
    pub fn variable(value: T) -> Self {
        Self {
            value,
            slope: T::lit(1.0),
        }
    }

    /// A constant: slope 0.
    #[inline(always)]
    pub fn constant(value: T) -> Self {
        Self {
            value,
            slope: T::lit(0.0),
        }
    }
}

impl<T: Real> Add for Dual<T> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            slope: self.slope + other.slope,
        }
    }
}

impl<T: Real> Sub for Dual<T> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self {
            value: self.value - other.value,
            slope: self.slope - other.slope,
        }
    }
}

impl<T: Real> Mul for Dual<T> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            slope: self.slope * other.value + self.value * other.slope,
        }
    }
}

impl<T: Real> Div for Dual<T> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self {
            value,
            slope: (self.slope - value * other.slope) / other.value,
        }
    }
}

impl<T: Real> Neg for Dual<T> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            value: -self.value,
            slope: -self.slope,
        }
    }
}

impl<T: Real> Real for Dual<T> {
    type Mask = T::Mask;

    #[inline(always)]
    fn lit(value: f64) -> Self {
        Self::constant(T::lit(value))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self {
            value: self.value.abs(),
            slope: self.slope * self.value.sign(),
        }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        let zero = T::lit(0.0);
        let inside = value.gt(zero);
        let divisor = T::select(inside, value, T::lit(1.0));
        Self {
            value,
            slope: T::select(inside, T::lit(0.5) * self.slope / divisor, zero),
        }
    }
    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        Self {
            value,
            slope: self.slope * value,
        }
    }
    #[inline(always)]
    fn exp_m1(self) -> Self {
        let value = self.value.exp_m1();
        Self {
            value,
            slope: self.slope * (value + T::lit(1.0)),
        }
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Self {
            value: self.value.ln(),
            slope: self.slope / self.value,
        }
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        Self {
            value: self.value.ln_1p(),
            slope: self.slope / (T::lit(1.0) + self.value),
        }
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        let value = self.value.tanh();
        Self {
            value,
            slope: self.slope * (T::lit(1.0) - value * value),
        }
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        let value = self.value.sigmoid();
        Self {
            value,
            slope: self.slope * (value * (T::lit(1.0) - value)),
        }
    }
    #[inline(always)]
    fn sin(self) -> Self {
        Self {
            value: self.value.sin(),
            slope: self.slope * self.value.cos(),
        }
    }
    #[inline(always)]
    fn cos(self) -> Self {
        Self {
            value: self.value.cos(),
            slope: -(self.slope * self.value.sin()),
        }
    }
    #[inline(always)]
    fn erf(self) -> Self {
        let bell = T::lit(std::f64::consts::FRAC_2_SQRT_PI) * (-(self.value * self.value)).exp();
        Self {
            value: self.value.erf(),
            slope: self.slope * bell,
        }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        let mean = T::lit(0.5) * (self.slope + other.slope);
        let slope = T::select(self.value.lt(other.value), other.slope, mean);
        Self {
            value: self.value.max(other.value),
            slope: T::select(self.value.gt(other.value), self.slope, slope),
        }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        let mean = T::lit(0.5) * (self.slope + other.slope);
        let slope = T::select(self.value.gt(other.value), other.slope, mean);
        Self {
            value: self.value.min(other.value),
            slope: T::select(self.value.lt(other.value), self.slope, slope),
        }
    }
    #[inline(always)]
    fn gt(self, other: Self) -> T::Mask {
        self.value.gt(other.value)
    }
    #[inline(always)]
    fn ge(self, other: Self) -> T::Mask {
        self.value.ge(other.value)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> T::Mask {
        self.value.lt(other.value)
    }
    #[inline(always)]
    fn le(self, other: Self) -> T::Mask {
        self.value.le(other.value)
    }
    #[inline(always)]
    fn select(mask: T::Mask, if_true: Self, if_false: Self) -> Self {
        Self {
            value: T::select(mask, if_true.value, if_false.value),
            slope: T::select(mask, if_true.slope, if_false.slope),
        }
    }
    #[inline(always)]
    fn sign(self) -> Self {
        Self::constant(self.value.sign())
    }
}

// ------------------------------------------------------------------------------------------------ Wgsl

/// An expression of WGSL: the number of a node in this thread's arena, hence `Copy`.
///
/// Only meaningful inside the closure of [`wgsl_function`], which empties the arena and renders its result.
/// WGSL may assume that there is no NaN and no infinity, so 0 * x is 0 here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wgsl(u32);

/// A WGSL expression of type bool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WgslMask(u32);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Node {
    /// An argument, or a part of one: `z`, `params.x`.
    Name(String),
    /// An f32 constant, as bits.
    Literal(u32),
    Negate(u32),
    Infix(&'static str, u32, u32),
    Call(&'static str, Vec<u32>),
}

#[derive(Default)]
struct Arena {
    nodes: Vec<Node>,
    /// Equal expressions are one node.
    known: HashMap<Node, u32>,
}

thread_local! {
    static ARENA: RefCell<Arena> = RefCell::default();
}

impl Arena {
    fn add(&mut self, node: Node) -> u32 {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "formulas have some hundred nodes"
        )]
        let id = self.nodes.len() as u32;
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }

    fn constant(&self, id: u32) -> Option<f32> {
        match self.nodes[id as usize] {
            Node::Literal(bits) => Some(f32::from_bits(bits)),
            Node::Name(_) | Node::Negate(_) | Node::Infix(..) | Node::Call(..) => None,
        }
    }

    fn inputs(&self, id: u32) -> Vec<u32> {
        match &self.nodes[id as usize] {
            Node::Name(_) | Node::Literal(_) => vec![],
            Node::Negate(a) => vec![*a],
            Node::Infix(_, a, b) => vec![*a, *b],
            Node::Call(_, inputs) => inputs.clone(),
        }
    }

    fn render(&self, results: &[u32]) -> (String, Vec<String>) {
        let mut uses = vec![0_u32; self.nodes.len()];
        for &id in results {
            uses[id as usize] += 1;
        }
        // Inputs have smaller numbers than what uses them.
        for id in (0..self.nodes.len()).rev() {
            if uses[id] > 0 {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "formulas have some hundred nodes"
                )]
                for input in self.inputs(id as u32) {
                    uses[input as usize] += 1;
                }
            }
        }
        let mut bindings = String::new();
        let mut texts: Vec<String> = Vec::with_capacity(self.nodes.len());
        for (id, node) in self.nodes.iter().enumerate() {
            let text = |input: &u32| texts[*input as usize].as_str();
            let (expression, leaf) = match node {
                _ if uses[id] == 0 => (String::new(), true),
                Node::Name(name) => (name.clone(), true),
                Node::Literal(bits) => {
                    let value = f32::from_bits(*bits);
                    (
                        if value < 0.0 {
                            format!("({value:?}f)")
                        } else {
                            format!("{value:?}f")
                        },
                        true,
                    )
                }
                Node::Negate(a) => (format!("(-{})", text(a)), false),
                Node::Infix(operator, a, b) => {
                    (format!("({} {operator} {})", text(a), text(b)), false)
                }
                Node::Call(name, inputs) => (
                    format!(
                        "{name}({})",
                        inputs.iter().map(text).collect::<Vec<_>>().join(", ")
                    ),
                    false,
                ),
            };
            texts.push(if !leaf && uses[id] > 1 {
                // Writing to a String cannot fail.
                let _ = writeln!(bindings, "    let t{id} = {expression};");
                format!("t{id}")
            } else {
                expression
            });
        }
        (
            bindings,
            results
                .iter()
                .map(|&id| texts[id as usize].clone())
                .collect(),
        )
    }
}

impl Wgsl {
    /// An argument of the function, or a part of one: `z`, `params.x`, `h[3]`.
    pub fn name(name: &str) -> Self {
        Self::add(Node::Name(name.to_owned()))
    }

    fn add(node: Node) -> Self {
        ARENA.with_borrow_mut(|arena| Self(arena.add(node)))
    }

    fn call(name: &'static str, inputs: &[Self]) -> Self {
        Self::add(Node::Call(
            name,
            inputs.iter().map(|input| input.0).collect(),
        ))
    }

    fn compare(operator: &'static str, a: Self, b: Self) -> WgslMask {
        WgslMask(Self::add(Node::Infix(operator, a.0, b.0)).0)
    }

    fn constant(self) -> Option<f32> {
        ARENA.with_borrow(|arena| arena.constant(self.0))
    }

    fn is(self, value: f32) -> bool {
        self.constant() == Some(value)
    }
}

/// The text of one WGSL function.
///
/// `arguments` as WGSL has them (`z: f32, params: vec2<f32>`); `result` is the type, which must have a
/// constructor from the values that `body` returns when they are more than one. Shared subexpressions are
/// bound with `let`. The functions of `formula/primitives.wgsl` must stand beside it.
pub fn wgsl_function(
    name: &str,
    arguments: &str,
    result: &str,
    body: impl FnOnce() -> Vec<Wgsl>,
) -> String {
    ARENA.with_borrow_mut(|arena| *arena = Arena::default());
    let results: Vec<u32> = body().into_iter().map(|value| value.0).collect();
    let (bindings, texts) = ARENA.with_borrow(|arena| arena.render(&results));
    let value = match texts.as_slice() {
        [single] => single.clone(),
        several => format!("{result}({})", several.join(", ")),
    };
    format!("fn {name}({arguments}) -> {result} {{\n{bindings}    return {value};\n}}\n")
}

impl Add for Wgsl {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.is(0.0) {
            other
        } else if other.is(0.0) {
            self
        } else {
            Self::add(Node::Infix("+", self.0, other.0))
        }
    }
}

impl Sub for Wgsl {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        if other.is(0.0) {
            self
        } else if self.is(0.0) {
            -other
        } else {
            Self::add(Node::Infix("-", self.0, other.0))
        }
    }
}

impl Mul for Wgsl {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        if self.is(0.0) || other.is(1.0) {
            self
        } else if other.is(0.0) || self.is(1.0) {
            other
        } else {
            Self::add(Node::Infix("*", self.0, other.0))
        }
    }
}

impl Div for Wgsl {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.is(1.0) || self.is(0.0) {
            self
        } else {
            Self::add(Node::Infix("/", self.0, other.0))
        }
    }
}

impl Neg for Wgsl {
    type Output = Self;
    fn neg(self) -> Self {
        match self.constant() {
            Some(value) => Self::lit(f64::from(-value)),
            None => Self::add(Node::Negate(self.0)),
        }
    }
}

impl Real for Wgsl {
    type Mask = WgslMask;

    /// WGSL has no infinity: larger values become the largest f32.
    fn lit(value: f64) -> Self {
        // + 0.0 turns -0 into 0, so that equal constants are one node.
        let value = (value as f32).clamp(f32::MIN, f32::MAX) + 0.0;
        Self::add(Node::Literal(value.to_bits()))
    }
    fn abs(self) -> Self {
        Self::call("abs", &[self])
    }
    fn sqrt(self) -> Self {
        Self::call("np_sqrt", &[self])
    }
    fn exp(self) -> Self {
        Self::call("np_exp", &[self])
    }
    fn exp_m1(self) -> Self {
        Self::call("np_exp_m1", &[self])
    }
    fn ln(self) -> Self {
        Self::call("np_ln", &[self])
    }
    fn ln_1p(self) -> Self {
        Self::call("np_ln_1p", &[self])
    }
    fn tanh(self) -> Self {
        Self::call("np_tanh", &[self])
    }
    fn sigmoid(self) -> Self {
        Self::call("np_sigmoid", &[self])
    }
    fn sin(self) -> Self {
        Self::call("np_sin", &[self])
    }
    fn cos(self) -> Self {
        Self::call("np_cos", &[self])
    }
    fn erf(self) -> Self {
        Self::call("np_erf", &[self])
    }
    fn max(self, other: Self) -> Self {
        Self::call("max", &[self, other])
    }
    fn min(self, other: Self) -> Self {
        Self::call("min", &[self, other])
    }
    fn gt(self, other: Self) -> WgslMask {
        Self::compare(">", self, other)
    }
    fn ge(self, other: Self) -> WgslMask {
        Self::compare(">=", self, other)
    }
    fn lt(self, other: Self) -> WgslMask {
        Self::compare("<", self, other)
    }
    fn le(self, other: Self) -> WgslMask {
        Self::compare("<=", self, other)
    }
    fn select(mask: WgslMask, if_true: Self, if_false: Self) -> Self {
        if if_true == if_false {
            if_true
        } else {
            Self::call("select", &[if_false, if_true, Self(mask.0)])
        }
    }
    fn sign(self) -> Self {
        Self::call("sign", &[self])
    }
}
