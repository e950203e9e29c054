//! `Dual`: derivatives.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Real;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dual_follows_the_rules_of_differentiation() {
        let at = |value| Dual::variable(value);
        let x = at(0.7_f64);
        assert_eq!((x * x).slope, 1.4);
        assert!(((Dual::lit(1.0) / x).slope + 1.0 / 0.49).abs() < 1e-15);
        assert!((x.sqrt().slope - 0.5 / 0.7_f64.sqrt()).abs() < 1e-15);
        assert_eq!((at(0.0).abs().slope, at(0.0).sqrt().slope), (0.0, 0.0));
        assert_eq!(
            (
                at(0.0).max(Dual::lit(0.0)).slope,
                at(0.0).min(Dual::lit(0.0)).slope
            ),
            (0.5, 0.5)
        );
        assert_eq!(
            (
                at(1.0).max(Dual::lit(0.0)).slope,
                at(-1.0).max(Dual::lit(0.0)).slope
            ),
            (1.0, 0.0)
        );
        assert_eq!(
            (
                at(1.0).min(Dual::lit(0.0)).slope,
                at(-1.0).min(Dual::lit(0.0)).slope
            ),
            (0.0, 1.0)
        );
        assert_eq!(at(-3.0).sign().slope, 0.0);
    }
}
