//! `Real for f32`: elementary functions of our own, for speed and for equal bits everywhere.

use super::{Float, Real};

/// 1.5 * 2^23: added and taken away again it rounds to the nearest integer, and while it is added the low bits
/// of the sum are that integer. SSE2 has no rounding instruction, and a saturating cast is a dozen.
const ROUND: f32 = 12_582_912.0;
const ROUND_BITS: i32 = 0x4B40_0000;
/// ln 2 in two parts: the first is 355 / 512, so that its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// Numbers whose bits can be taken as whole numbers: what the elementary functions below are made of. They are written
/// once, for a number and for whatever else computes as f32 does.
pub(crate) trait Bits: Real {
    /// An i32, wrapping around.
    type Int: Copy;
    fn to_bits(self) -> Self::Int;
    fn from_bits(bits: Self::Int) -> Self;
    fn int(value: i32) -> Self::Int;
    fn int_add(a: Self::Int, b: Self::Int) -> Self::Int;
    fn int_sub(a: Self::Int, b: Self::Int) -> Self::Int;
    fn int_and(a: Self::Int, b: Self::Int) -> Self::Int;
    fn int_or(a: Self::Int, b: Self::Int) -> Self::Int;
    fn shift_left(a: Self::Int, by: u32) -> Self::Int;
    /// The sign comes in from the left.
    fn shift_right(a: Self::Int, by: u32) -> Self::Int;
    fn to_number(a: Self::Int) -> Self;
    fn is_zero(a: Self::Int) -> Self::Mask;
    fn equals(self, other: Self) -> Self::Mask;
}

impl Bits for f32 {
    type Int = i32;
    #[inline(always)]
    fn to_bits(self) -> i32 {
        f32::to_bits(self) as i32
    }
    #[inline(always)]
    fn from_bits(bits: i32) -> Self {
        f32::from_bits(bits as u32)
    }
    #[inline(always)]
    fn int(value: i32) -> i32 {
        value
    }
    #[inline(always)]
    fn int_add(a: i32, b: i32) -> i32 {
        a.wrapping_add(b)
    }
    #[inline(always)]
    fn int_sub(a: i32, b: i32) -> i32 {
        a.wrapping_sub(b)
    }
    #[inline(always)]
    fn int_and(a: i32, b: i32) -> i32 {
        a & b
    }
    #[inline(always)]
    fn int_or(a: i32, b: i32) -> i32 {
        a | b
    }
    #[inline(always)]
    fn shift_left(a: i32, by: u32) -> i32 {
        a << by
    }
    #[inline(always)]
    fn shift_right(a: i32, by: u32) -> i32 {
        a >> by
    }
    #[inline(always)]
    fn to_number(a: i32) -> Self {
        a as f32
    }
    #[inline(always)]
    fn is_zero(a: i32) -> bool {
        a == 0
    }
    #[inline(always)]
    fn equals(self, other: Self) -> bool {
        self == other
    }
}

#[inline(always)]
fn c<T: Real>(value: f32) -> T {
    T::lit(f64::from(value))
}

#[inline(always)]
fn pick<T: Real>(mask: T::Mask, if_true: T, if_false: T) -> T {
    T::select(mask, if_true, if_false)
}

/// The sum of the terms of a polynomial, the highest power's factor first: one multiplication and one addition each.
#[inline(always)]
fn polynomial<T: Real, const N: usize>(x: T, factors: [f32; N]) -> T {
    let mut sum = c::<T>(factors[0]);
    let mut place = 1;
    while place < N {
        sum = sum * x + c(factors[place]);
        place += 1;
    }
    sum
}

/// 2^n for n in -126..=127.
#[inline(always)]
fn power_of_two<T: Bits>(n: T::Int) -> T {
    T::from_bits(T::shift_left(T::int_add(n, T::int(127)), 23))
}

/// x = n ln 2 + r with |r| <= ln 2 / 2, and e^r - 1. NaN stays NaN.
#[inline(always)]
fn exp_parts<T: Bits>(x: T) -> (T::Int, T) {
    let shifted = x * c(std::f32::consts::LOG2_E) + c(ROUND);
    let n = shifted - c(ROUND);
    let exponent = T::int_sub(shifted.to_bits(), T::int(ROUND_BITS));
    let r = (x - n * c(LN2_HIGH)) - n * c(LN2_LOW);
    // The series to r^7 / 7!: the next term is below 6e-9.
    let q = polynomial(
        r,
        [
            1.0 / 5_040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
        ],
    );
    (exponent, r + r * r * q)
}

#[inline(always)]
pub(crate) fn exp<T: Bits>(x: T) -> T {
    // Past these ends the result is infinity, or zero; NaN passes through both comparisons.
    let x = pick(x.gt(c(89.0)), c(89.0), x);
    let x = pick(x.lt(c(-104.0)), c(-104.0), x);
    let (n, m) = exp_parts(x);
    // In two steps, so that subnormal results are right and n = 128 has a scale.
    let half = T::shift_right(n, 1);
    (c::<T>(1.0) + m) * power_of_two(half) * power_of_two(T::int_sub(n, half))
}

#[inline(always)]
pub(crate) fn exp_m1<T: Bits>(x: T) -> T {
    let x = pick(x.gt(c(89.0)), c(89.0), x);
    let x = pick(x.lt(c(-30.0)), c(-30.0), x);
    let (n, m) = exp_parts(x);
    let scale = power_of_two::<T>(T::int_sub(n, T::int(1)));
    (m * scale + (scale - c(0.5))) * c(2.0)
}

#[inline(always)]
pub(crate) fn ln<T: Bits>(x: T) -> T {
    // Subnormal numbers are lifted into the normal range first.
    let tiny = x.lt(c(f32::MIN_POSITIVE));
    let lifted = pick(tiny, x * c(8_388_608.0), x);
    // The mantissa is taken in [sqrt(1/2), sqrt(2)): adding the distance from sqrt(1/2) to 1 carries into the exponent.
    const SQRT_HALF: i32 = 0x3F35_04F3;
    let bits = T::int_sub(lifted.to_bits(), T::int(SQRT_HALF));
    let exponent = T::shift_right(bits, 23);
    let mantissa = T::from_bits(T::int_add(
        T::int_and(bits, T::int(0x007F_FFFF)),
        T::int(SQRT_HALF),
    ));
    let exponent = T::to_number(exponent) - pick(tiny, c(23.0), c(0.0));
    // ln(1 + f) = 2 artanh(s), s = f / (2 + f), written as f - s (f - R) so that f itself stays exact.
    let f = mantissa - c(1.0);
    let s = f / (c::<T>(2.0) + f);
    let z = s * s;
    let series = polynomial(z, [2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0]);
    let rest = s * (f - series * z);
    let result = exponent * c(LN2_HIGH) - ((rest - exponent * c(LN2_LOW)) - f);
    // The ends: ln 0 = -inf, ln inf = inf, of a negative number or NaN: NaN.
    let result = pick(x.lt(c(f32::INFINITY)), result, x);
    let result = pick(x.equals(c(0.0)), c(f32::NEG_INFINITY), result);
    pick(x.lt(c(0.0)), c(f32::NAN), result)
}

#[inline(always)]
pub(crate) fn ln_1p<T: Bits>(x: T) -> T {
    let one = c::<T>(1.0);
    let u = one + x;
    // What the addition rounded away, put back to first order. At the ends (u = 0, inf) there is nothing to put back.
    let lost = pick(u.gt(c(0.0)), (x - (u - one)) / u, c(0.0));
    let lost = pick(u.lt(c(f32::INFINITY)), lost, c(0.0));
    ln(u) + lost
}

/// What tanh is made of, so that it is one formula for a number and for the machine's vectors.
pub(crate) trait Quotient: Copy {
    fn constant(value: f32) -> Self;
    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn over(self, other: Self) -> Self;
    /// The smaller of both; NaN stays.
    fn at_most(self, limit: f32) -> Self;
    /// The larger of both; NaN stays.
    fn at_least(self, limit: f32) -> Self;
}

impl Quotient for f32 {
    #[inline(always)]
    fn constant(value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn at_most(self, limit: f32) -> Self {
        pick(self > limit, limit, self)
    }
    #[inline(always)]
    fn at_least(self, limit: f32) -> Self {
        pick(self < limit, limit, self)
    }
}

/// x P(x^2) / Q(x^2), fitted to tanh on -8.6..=8.6 by weighted least squares with Lawson's weights: the fit is off by
/// 1.3e-8 at most, rounding by 2.5e-7. Half the operations of the quotient of exponentials; playground networks spend
/// most of their time here. Both polynomials are in pairs of terms, which need not wait for each other.
#[inline(always)]
pub(crate) fn tanh<Q: Quotient>(x: Q) -> Q {
    // Here the quotient is 1 to the bit, and up to here no more than that.
    const END: f32 = 8.116_569;
    let x = x.at_most(END).at_least(-END);
    let z = x.times(x);
    let zz = z.times(z);
    let c = Q::constant;
    let pair = |a, b| c(a).plus(z.times(c(b)));
    let p = pair(3.521_772_8e-3, 2.104_972_7e-5).plus(zz.times(c(1.398_793_5e-8)));
    let p = pair(0.999_999_94, 0.134_028_99).plus(zz.times(p));
    let q = pair(2.597_605e-2, 3.328_855e-4).plus(zz.times(c(8.030_672e-7)));
    let q = pair(1.0, 0.467_362_14).plus(zz.times(q));
    x.times(p).over(q)
}

#[inline(always)]
pub(crate) fn sigmoid<T: Bits>(x: T) -> T {
    let e = exp(-x.abs());
    pick(x.ge(c(0.0)), c(1.0), e) / (c::<T>(1.0) + e)
}

/// sin(x + quarter * pi / 2). The argument is reduced with pi / 2 in three parts; precise to |x| = 1,000 and
/// somewhat beyond, bounded by 1 everywhere.
#[inline(always)]
pub(crate) fn sin<T: Bits>(x: T, quarter: i32) -> T {
    const HALF_PI_HIGH: f32 = 1.570_312_5;
    const HALF_PI_MIDDLE: f32 = 4.837_513e-4;
    const HALF_PI_LOW: f32 = 7.549_79e-8;
    let shifted = x * c(std::f32::consts::FRAC_2_PI) + c(ROUND);
    let n = shifted - c(ROUND);
    let quadrant = T::int_add(shifted.to_bits(), T::int(quarter));
    let r = ((x - n * c(HALF_PI_HIGH)) - n * c(HALF_PI_MIDDLE)) - n * c(HALF_PI_LOW);
    let r = pick(r.gt(c(1.0)), c(1.0), r);
    let r = pick(r.lt(c(-1.0)), c(-1.0), r);
    let z = r * r;
    let sine = polynomial(
        z,
        [1.0 / 362_880.0, -1.0 / 5_040.0, 1.0 / 120.0, -1.0 / 6.0],
    );
    let sine = r + r * z * sine;
    let cosine = polynomial(z, [1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5]);
    let cosine = c::<T>(1.0) + z * cosine;
    let bit = |bit: i32| T::is_zero(T::int_and(quadrant, T::int(bit)));
    let value = pick(bit(1), sine, cosine);
    pick(bit(2), value, -value)
}

/// Below 0.5 the series; above, Abramowitz and Stegun 7.1.26, whose error is at most 1.5e-7.
#[inline(always)]
pub(crate) fn erf<T: Bits>(x: T) -> T {
    let z = x * x;
    // (2 / sqrt(pi)) sum (-1)^n x^(2n + 1) / (n! (2n + 1)) to n = 6.
    let near = polynomial(
        z,
        [
            1.0 / 9_360.0,
            -1.0 / 1_320.0,
            1.0 / 216.0,
            -1.0 / 42.0,
            0.1,
            -1.0 / 3.0,
            1.0,
        ],
    );
    let near = near * x * c(std::f32::consts::FRAC_2_SQRT_PI);
    let t = c::<T>(1.0) / (c::<T>(1.0) + c::<T>(0.327_591_1) * x.abs());
    let far = polynomial(
        t,
        [
            1.061_405_4,
            -1.453_152_1,
            1.421_413_8,
            -0.284_496_72,
            0.254_829_6,
        ],
    );
    let far = c::<T>(1.0) - far * t * exp(-z);
    // With the sign of x.
    let sign = T::int_and(x.to_bits(), T::int(i32::MIN));
    let far = T::from_bits(T::int_or(T::int_and(far.to_bits(), T::int(i32::MAX)), sign));
    pick(z.lt(c(0.25)), near, far)
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
        exp(self)
    }
    #[inline(always)]
    fn exp_m1(self) -> Self {
        exp_m1(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        ln(self)
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        ln_1p(self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        tanh(self)
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        sigmoid(self)
    }
    #[inline(always)]
    fn sin(self) -> Self {
        sin(self, 0)
    }
    #[inline(always)]
    fn cos(self) -> Self {
        sin(self, 1)
    }
    #[inline(always)]
    fn erf(self) -> Self {
        erf(self)
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
        if mask { if_true } else { if_false }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every 997th f32, of both signs, NaN and infinities left out: some 4 million.
    fn everywhere() -> impl Iterator<Item = f32> {
        (0..=u32::MAX)
            .step_by(997)
            .map(f32::from_bits)
            .filter(|x| x.is_finite())
    }

    /// Distance from the true value in units of the last place of an f32 of that size.
    fn ulps(found: f32, truth: f64) -> f64 {
        let size = (truth.abs() as f32).max(f32::MIN_POSITIVE);
        let unit = f64::from(f32::from_bits(size.to_bits() + 1)) - f64::from(size);
        (f64::from(found) - truth).abs() / unit
    }

    /// The largest `error` of `xs` with its x. NaN counts as infinite.
    fn worst(xs: impl Iterator<Item = f32>, error: impl Fn(f32) -> f64) -> (f64, f32) {
        xs.map(|x| (error(x), x))
            .map(|(error, x)| (if error.is_nan() { f64::INFINITY } else { error }, x))
            .fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a })
    }

    fn assert_within(what: &str, limit: f64, (error, x): (f64, f32)) {
        println!("{what}: worst {error:.3e} at {x:e}");
        assert!(error <= limit, "{what}: {error:e} at {x:e}");
    }

    fn relative(found: f32, truth: f64) -> f64 {
        (f64::from(found) - truth).abs() / truth.abs()
    }

    #[test]
    fn exp_is_within_two_ulps_over_the_whole_range() {
        let range = everywhere().filter(|&x| x < 88.722 && x > -104.0);
        assert_within(
            "exp",
            2.0,
            worst(range, |x| ulps(Real::exp(x), libm::exp(x.into()))),
        );
        let over = everywhere().filter(|&x| x > 88.723);
        assert!(over.map(Real::exp).all(|y| y == f32::INFINITY));
        assert!(
            everywhere()
                .filter(|&x| x < -104.0)
                .map(Real::exp)
                .all(|y| y == 0.0)
        );
        assert_eq!(Real::exp(0.0_f32), 1.0);
    }

    #[test]
    fn ln_is_within_two_ulps_over_the_whole_range() {
        let range = everywhere().filter(|&x| x > 0.0);
        assert_within(
            "ln",
            2.0,
            worst(range, |x| ulps(Real::ln(x), libm::log(x.into()))),
        );
        // All that lie around 1, where the result is small.
        let near = (0x3F00_0000..0x4000_0000).step_by(7).map(f32::from_bits);
        assert_within(
            "ln near 1",
            2.0,
            worst(near, |x| ulps(Real::ln(x), libm::log(x.into()))),
        );
        assert_eq!(
            (
                Real::ln(1.0_f32),
                Real::ln(0.0_f32),
                Real::ln(f32::INFINITY)
            ),
            (0.0, f32::NEG_INFINITY, f32::INFINITY)
        );
        assert!(Real::ln(-1.0_f32).is_nan());
    }

    #[test]
    fn exp_m1_and_ln_1p_are_precise_relative_to_their_size() {
        let range = everywhere().filter(|&x| x < 88.722 && x.abs() > f32::MIN_POSITIVE);
        assert_within(
            "exp_m1",
            1e-6,
            worst(range, |x| relative(Real::exp_m1(x), libm::expm1(x.into()))),
        );
        let range = everywhere().filter(|&x| x > -1.0 && x.abs() > f32::MIN_POSITIVE);
        assert_within(
            "ln_1p",
            1e-6,
            worst(range, |x| relative(Real::ln_1p(x), libm::log1p(x.into()))),
        );
        assert_eq!(
            (Real::exp_m1(-1e4_f32), Real::ln_1p(-1.0_f32)),
            (-1.0, f32::NEG_INFINITY)
        );
        assert_eq!(
            (Real::exp_m1(1e4_f32), Real::ln_1p(f32::INFINITY)),
            (f32::INFINITY, f32::INFINITY)
        );
    }

    #[test]
    fn tanh_and_sigmoid_are_within_4e_7_and_saturate_exactly() {
        assert_within(
            "tanh",
            4e-7,
            worst(everywhere(), |x| {
                (f64::from(Real::tanh(x)) - libm::tanh(x.into())).abs()
            }),
        );
        let normal = everywhere().filter(|&x| x.abs() > f32::MIN_POSITIVE);
        assert_within(
            "tanh, relative",
            1e-6,
            worst(normal, |x| relative(Real::tanh(x), libm::tanh(x.into()))),
        );
        assert_within(
            "sigmoid",
            4e-7,
            worst(everywhere(), |x| {
                (f64::from(x.sigmoid()) - f64::from(x).sigmoid()).abs()
            }),
        );
        for x in [10.0, 88.0, 1e4, f32::MAX, f32::INFINITY] {
            assert_eq!((Real::tanh(x), Real::tanh(-x)), (1.0, -1.0));
        }
        for x in [110.0, 1e4, f32::MAX, f32::INFINITY] {
            assert_eq!((x.sigmoid(), (-x).sigmoid()), (1.0, 0.0));
        }
        assert_eq!((Real::tanh(0.0_f32), 0.0_f32.sigmoid()), (0.0, 0.5));
    }

    #[test]
    fn tanh_never_exceeds_one() {
        assert!(everywhere().map(Real::tanh).all(|y| y.abs() <= 1.0));
        // Every number from where it can reach 1 to beyond where it ends.
        let near_its_end = (7.5_f32.to_bits()..9.5_f32.to_bits()).map(f32::from_bits);
        assert!(near_its_end.map(Real::tanh).all(|y| y <= 1.0));
        assert_eq!(
            [8.117_f32, 9.0, f32::MAX, f32::INFINITY].map(Real::tanh),
            [1.0; 4]
        );
    }

    #[test]
    fn sine_and_cosine_are_within_1e_6_up_to_a_thousand_and_bounded_beyond() {
        let range = || {
            everywhere()
                .filter(|x| x.abs() <= 1000.0)
                .chain((-1_000_000..=1_000_000).map(|k| k as f32 * 1e-3))
        };
        assert_within(
            "sin",
            1e-6,
            worst(range(), |x| {
                (f64::from(Real::sin(x)) - libm::sin(x.into())).abs()
            }),
        );
        assert_within(
            "cos",
            1e-6,
            worst(range(), |x| {
                (f64::from(Real::cos(x)) - libm::cos(x.into())).abs()
            }),
        );
        assert!(everywhere().all(|x| Real::sin(x).abs() <= 1.0 && Real::cos(x).abs() <= 1.0));
        assert_eq!((Real::sin(0.0_f32), Real::cos(0.0_f32)), (0.0, 1.0));
    }

    #[test]
    fn erf_is_within_1e_6_and_odd() {
        assert_within(
            "erf",
            1e-6,
            worst(everywhere(), |x| {
                (f64::from(Real::erf(x)) - libm::erf(x.into())).abs()
            }),
        );
        assert!(everywhere().all(|x| Real::erf(-x) == -Real::erf(x)));
        assert_eq!((Real::erf(0.0_f32), Real::erf(5.0_f32)), (0.0, 1.0));
    }

    #[test]
    fn nan_stays_nan() {
        let functions: [fn(f32) -> f32; 10] = [
            Real::sqrt,
            Real::exp,
            Real::exp_m1,
            Real::ln,
            Real::ln_1p,
            Real::tanh,
            Real::sigmoid,
            Real::sin,
            Real::cos,
            Real::erf,
        ];
        assert!(functions.iter().all(|f| f(f32::NAN).is_nan()));
    }

    /// Loops over slices, which become SIMD, beside the same function called for one value at a time.
    #[test]
    fn a_loop_over_a_slice_gives_the_same_bits_as_single_calls() {
        let xs: Vec<f32> = (-40_000..40_000)
            .map(|k| k as f32 * 0.003_7)
            .chain([0.0, -0.0, 1e-30, 1e30, f32::INFINITY])
            .collect();
        macro_rules! compare {
            ($($function:ident),+) => { $( {
                #[inline(never)]
                fn single(x: f32) -> f32 {
                    Real::$function(x)
                }
                let mut all = vec![0.0_f32; xs.len()];
                for (y, &x) in all.iter_mut().zip(&xs) {
                    *y = Real::$function(x);
                }
                for (y, &x) in all.iter().zip(&xs) {
                    let alone = single(std::hint::black_box(x));
                    // Which NaN comes out is not defined by IEEE; that it is one is.
                    assert!(y.to_bits() == alone.to_bits() || (y.is_nan() && alone.is_nan()), "{} {x}", stringify!($function));
                }
            } )+ };
        }
        compare!(
            abs, sqrt, exp, exp_m1, ln, ln_1p, tanh, sigmoid, sin, cos, erf, sign
        );
    }

    /// Bits written down once: another platform, or another compiler, must give the same ones.
    #[test]
    fn bits_are_those_of_every_platform() {
        let mut digest = 0_u32;
        for k in -2_000..2_000 {
            let x = k as f32 * 0.037;
            for y in [
                Real::exp(x),
                Real::exp_m1(x),
                Real::ln(x.abs()),
                Real::tanh(x),
                x.sigmoid(),
                Real::sin(x),
                Real::cos(x),
                Real::erf(x),
                Real::ln_1p(x.abs()),
            ] {
                digest = digest
                    .rotate_left(5)
                    .wrapping_add(y.to_bits())
                    .wrapping_mul(0x9E37_79B1);
            }
        }
        assert_eq!(digest, 0xe6d2_7208, "{digest:#x}");
    }
}
