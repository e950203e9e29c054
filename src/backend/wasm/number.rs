//! Four f32 of a function under way, as a number that formulas can be read with.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::assembler::{Local, Simd, constant, shift, vector};
use crate::real::{Bits, Quotient, Real, single as elementary};

/// A vector of four f32. Every operation is IEEE's, one instruction for one of `f32`'s, so results are the same to the
/// bit; constants are folded only where no value could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lanes {
    pub(super) local: Local,
    /// Its value where all four are one constant, as bits.
    literal: Option<u32>,
}

impl From<Local> for Lanes {
    fn from(local: Local) -> Self {
        Self {
            local,
            literal: None,
        }
    }
}

/// All bits set where true.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask(Local);

/// Four i32.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ints(Local);

fn splat(bits: u32) -> Local {
    let bits = u128::from(bits);
    constant(bits | bits << 32 | bits << 64 | bits << 96)
}

impl Lanes {
    pub(super) fn splat(value: f32) -> Self {
        Self {
            local: splat(value.to_bits()),
            literal: Some(value.to_bits()),
        }
    }

    /// Where all four are one number known now.
    pub(super) fn constant(self) -> Option<f32> {
        self.literal.map(f32::from_bits)
    }

    fn is_one(self) -> bool {
        self.literal == Some(1.0_f32.to_bits())
    }

    fn with(self, other: Self, number: u32) -> Self {
        vector(Simd(number), &[self.local, other.local]).into()
    }

    fn compare(self, other: Self, number: u32) -> Mask {
        Mask(vector(Simd(number), &[self.local, other.local]))
    }
}

impl Add for Lanes {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, 228)
    }
}

impl Sub for Lanes {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        match (self.literal, other.literal) {
            (Some(a), Some(b)) => Self::splat(f32::from_bits(a) - f32::from_bits(b)),
            _ => self.with(other, 229),
        }
    }
}

impl Mul for Lanes {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        match (self.literal, other.literal) {
            (Some(a), Some(b)) => Self::splat(f32::from_bits(a) * f32::from_bits(b)),
            _ if other.is_one() => self,
            _ if self.is_one() => other,
            _ => self.with(other, 230),
        }
    }
}

impl Div for Lanes {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.is_one() {
            self
        } else {
            self.with(other, 231)
        }
    }
}

impl Neg for Lanes {
    type Output = Self;
    fn neg(self) -> Self {
        vector(Simd(225), &[self.local]).into()
    }
}

impl Real for Lanes {
    type Mask = Mask;

    fn lit(value: f64) -> Self {
        Self::splat(value as f32)
    }
    fn abs(self) -> Self {
        vector(Simd(224), &[self.local]).into()
    }
    fn sqrt(self) -> Self {
        vector(Simd(227), &[self.local]).into()
    }
    fn exp(self) -> Self {
        elementary::exp(self)
    }
    fn exp_m1(self) -> Self {
        elementary::exp_m1(self)
    }
    fn ln(self) -> Self {
        elementary::ln(self)
    }
    fn ln_1p(self) -> Self {
        elementary::ln_1p(self)
    }
    fn tanh(self) -> Self {
        elementary::tanh(self)
    }
    fn sigmoid(self) -> Self {
        elementary::sigmoid(self)
    }
    fn sin(self) -> Self {
        elementary::sin(self, 0)
    }
    fn cos(self) -> Self {
        elementary::sin(self, 1)
    }
    fn erf(self) -> Self {
        elementary::erf(self)
    }
    fn max(self, other: Self) -> Self {
        Self::select(self.gt(other), self, other)
    }
    fn min(self, other: Self) -> Self {
        Self::select(self.lt(other), self, other)
    }
    fn gt(self, other: Self) -> Mask {
        self.compare(other, 68)
    }
    fn ge(self, other: Self) -> Mask {
        self.compare(other, 70)
    }
    fn lt(self, other: Self) -> Mask {
        self.compare(other, 67)
    }
    fn le(self, other: Self) -> Mask {
        self.compare(other, 69)
    }
    fn select(mask: Mask, if_true: Self, if_false: Self) -> Self {
        if if_true == if_false {
            return if_true;
        }
        vector(Simd(82), &[if_true.local, if_false.local, mask.0]).into()
    }
    fn sign(self) -> Self {
        let (zero, one) = (Self::splat(0.0), Self::splat(1.0));
        let positive = Self::select(self.gt(zero), one, zero);
        Self::select(self.lt(zero), Self::splat(-1.0), positive)
    }
}

impl Bits for Lanes {
    type Int = Ints;

    fn to_bits(self) -> Ints {
        Ints(self.local)
    }
    fn from_bits(bits: Ints) -> Self {
        bits.0.into()
    }
    fn int(value: i32) -> Ints {
        Ints(splat(value as u32))
    }
    fn int_add(a: Ints, b: Ints) -> Ints {
        Ints(vector(Simd(174), &[a.0, b.0]))
    }
    fn int_sub(a: Ints, b: Ints) -> Ints {
        Ints(vector(Simd(177), &[a.0, b.0]))
    }
    fn int_and(a: Ints, b: Ints) -> Ints {
        Ints(vector(Simd(78), &[a.0, b.0]))
    }
    fn int_or(a: Ints, b: Ints) -> Ints {
        Ints(vector(Simd(80), &[a.0, b.0]))
    }
    fn shift_left(a: Ints, by: u32) -> Ints {
        Ints(shift(Simd(171), a.0, by))
    }
    fn shift_right(a: Ints, by: u32) -> Ints {
        Ints(shift(Simd(172), a.0, by))
    }
    fn to_number(a: Ints) -> Self {
        vector(Simd(250), &[a.0]).into()
    }
    fn is_zero(a: Ints) -> Mask {
        Mask(vector(Simd(55), &[a.0, splat(0)]))
    }
    fn equals(self, other: Self) -> Mask {
        self.compare(other, 65)
    }
}

impl Quotient for Lanes {
    fn constant(value: f32) -> Self {
        Self::splat(value)
    }
    fn plus(self, other: Self) -> Self {
        self + other
    }
    fn times(self, other: Self) -> Self {
        self * other
    }
    fn over(self, other: Self) -> Self {
        self / other
    }
    fn at_most(self, limit: f32) -> Self {
        // pmin gives the second where it is smaller than the first.
        self.with(Self::splat(limit), 234)
    }
    fn at_least(self, limit: f32) -> Self {
        self.with(Self::splat(limit), 235)
    }
}
