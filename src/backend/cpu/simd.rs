//! Four numbers at a time: the loops that compilers do not turn into SIMD by themselves, and, with `simd/narrow.rs`, the
//! only `unsafe` code.
//!
//! Written once over [`Lanes`]; `f32` has the machine's vectors, any other number plain arrays of the same arithmetic, so
//! every figure is that of the naive loop to the bit. Each public function checks the extent of its slices once; inside,
//! raw pointers walk, since a bounds check in a loop over `k` costs as much as the multiplication beside it.
#![allow(
    unsafe_code,
    reason = "loads and stores in the inner loops, after one check of all extents"
)]

#[cfg(target_arch = "wasm32")]
mod compiled;
mod dense;
mod gather;
mod narrow;

use std::any::TypeId;

use crate::real::{Float, Real};

/// Numbers of a vector.
pub(super) const LANES: usize = 4;

/// Some numbers that are computed with at once.
trait Lanes: Copy {
    type Scalar: Float;
    const COUNT: usize;

    fn splat(value: Self::Scalar) -> Self;
    /// Safety: `COUNT` numbers may be read from `from`.
    unsafe fn load(from: *const Self::Scalar) -> Self;
    /// Safety: `COUNT` numbers may be written to `to`.
    unsafe fn store(self, to: *mut Self::Scalar);
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn tanh(self) -> Self;
    /// Rows to columns; for vectors of four.
    fn turned(rows: [Self; 4]) -> [Self; 4];
    /// Vectors of four: their numbers.
    fn of(parts: [Self::Scalar; LANES]) -> Self;
    /// Vectors of four: their numbers.
    #[inline(always)]
    fn parts(self) -> [Self::Scalar; LANES] {
        const { assert!(Self::COUNT == LANES) };
        let mut parts = [Self::Scalar::lit(0.0); LANES];
        // SAFETY: there is room for as many.
        unsafe { self.store(parts.as_mut_ptr()) };
        parts
    }
}

/// Four of any kind.
#[derive(Clone, Copy)]
struct Plain<T, const N: usize>([T; N]);

impl<T: Float, const N: usize> Lanes for Plain<T, N> {
    type Scalar = T;
    const COUNT: usize = N;

    #[inline(always)]
    fn splat(value: T) -> Self {
        Self([value; N])
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller's; an array has no alignment of its own.
        Self(unsafe { from.cast::<[T; N]>().read() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: the caller's.
        unsafe { to.cast::<[T; N]>().write(self.0) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Self(self.0.map(Real::tanh))
    }
    #[inline(always)]
    fn of(parts: [T; LANES]) -> Self {
        Self(std::array::from_fn(|lane| parts[lane]))
    }
    #[inline(always)]
    fn turned(rows: [Self; 4]) -> [Self; 4] {
        let mut turned = rows;
        for (lane, turned) in turned.iter_mut().enumerate().take(N) {
            for (row, part) in rows.iter().zip(&mut turned.0) {
                *part = row.0[lane];
            }
        }
        turned
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vector {
    use core::arch::wasm32::{
        f32x4, f32x4_add, f32x4_div, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sub,
        i32x4_shuffle, v128, v128_load, v128_store,
    };

    use crate::real::Quotient;

    #[derive(Clone, Copy)]
    pub(super) struct Single(v128);

    impl super::Lanes for Single {
        type Scalar = f32;
        const COUNT: usize = 4;

        #[inline(always)]
        fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's; v128 loads may be unaligned.
            Self(unsafe { v128_load(from.cast()) })
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's.
            unsafe { v128_store(to.cast(), self.0) }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(f32x4_sub(self.0, other.0))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }
        #[inline(always)]
        fn tanh(self) -> Self {
            crate::real::tanh(self)
        }
        #[inline(always)]
        fn of([a, b, c, d]: [f32; 4]) -> Self {
            Self(f32x4(a, b, c, d))
        }
        #[inline(always)]
        fn turned([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            let low = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
            let high = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
            let low2 = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
            let high2 = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
            [
                Self(i32x4_shuffle::<0, 1, 4, 5>(low, low2)),
                Self(i32x4_shuffle::<2, 3, 6, 7>(low, low2)),
                Self(i32x4_shuffle::<0, 1, 4, 5>(high, high2)),
                Self(i32x4_shuffle::<2, 3, 6, 7>(high, high2)),
            ]
        }
    }

    impl Quotient for Single {
        #[inline(always)]
        fn constant(value: f32) -> Self {
            super::Lanes::splat(value)
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            super::Lanes::add(self, other)
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            super::Lanes::mul(self, other)
        }
        #[inline(always)]
        fn over(self, other: Self) -> Self {
            Self(f32x4_div(self.0, other.0))
        }
        #[inline(always)]
        fn at_most(self, limit: f32) -> Self {
            Self(f32x4_pmin(self.0, f32x4_splat(limit)))
        }
        #[inline(always)]
        fn at_least(self, limit: f32) -> Self {
            Self(f32x4_pmax(self.0, f32x4_splat(limit)))
        }
    }
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod vector {
    use core::arch::x86_64::{
        __m128, _mm_add_ps, _mm_div_ps, _mm_loadu_ps, _mm_max_ps, _mm_min_ps, _mm_movehl_ps,
        _mm_movelh_ps, _mm_mul_ps, _mm_set_ps, _mm_set1_ps, _mm_storeu_ps, _mm_sub_ps,
        _mm_unpackhi_ps, _mm_unpacklo_ps,
    };

    use crate::real::Quotient;

    #[derive(Clone, Copy)]
    pub(super) struct Single(__m128);

    impl super::Lanes for Single {
        type Scalar = f32;
        const COUNT: usize = 4;

        #[inline(always)]
        fn splat(value: f32) -> Self {
            // SAFETY: the whole crate is compiled for SSE2.
            Self(unsafe { _mm_set1_ps(value) })
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { _mm_loadu_ps(from) })
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's.
            unsafe { _mm_storeu_ps(to, self.0) }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            // SAFETY: the whole crate is compiled for SSE2.
            Self(unsafe { _mm_add_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            // SAFETY: the whole crate is compiled for SSE2.
            Self(unsafe { _mm_sub_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            // SAFETY: the whole crate is compiled for SSE2.
            Self(unsafe { _mm_mul_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn tanh(self) -> Self {
            crate::real::tanh(self)
        }
        #[inline(always)]
        fn of([a, b, c, d]: [f32; 4]) -> Self {
            // SAFETY: the whole crate is compiled for SSE2.
            Self(unsafe { _mm_set_ps(d, c, b, a) })
        }
        #[inline(always)]
        fn turned([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            // SAFETY: the whole crate is compiled for SSE2.
            unsafe {
                let (low, high) = (_mm_unpacklo_ps(a.0, b.0), _mm_unpackhi_ps(a.0, b.0));
                let (low2, high2) = (_mm_unpacklo_ps(c.0, d.0), _mm_unpackhi_ps(c.0, d.0));
                [
                    Self(_mm_movelh_ps(low, low2)),
                    Self(_mm_movehl_ps(low2, low)),
                    Self(_mm_movelh_ps(high, high2)),
                    Self(_mm_movehl_ps(high2, high)),
                ]
            }
        }
    }

    impl Quotient for Single {
        #[inline(always)]
        fn constant(value: f32) -> Self {
            super::Lanes::splat(value)
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            super::Lanes::add(self, other)
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            super::Lanes::mul(self, other)
        }
        #[inline(always)]
        fn over(self, other: Self) -> Self {
            // SAFETY: the whole crate is compiled for SSE2.
            Self(unsafe { _mm_div_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn at_most(self, limit: f32) -> Self {
            // SAFETY: the whole crate is compiled for SSE2. Where one is NaN it gives the second.
            Self(unsafe { _mm_min_ps(_mm_set1_ps(limit), self.0) })
        }
        #[inline(always)]
        fn at_least(self, limit: f32) -> Self {
            // SAFETY: the whole crate is compiled for SSE2. Where one is NaN it gives the second.
            Self(unsafe { _mm_max_ps(_mm_set1_ps(limit), self.0) })
        }
    }
}

#[cfg(not(any(
    all(target_arch = "wasm32", target_feature = "simd128"),
    all(target_arch = "x86_64", target_feature = "sse2")
)))]
mod vector {
    /// Compilers do well enough with an array.
    pub(super) type Single = super::Plain<f32, 4>;
}

#[cfg(target_arch = "wasm32")]
pub(super) use compiled::Compiled;
pub(super) use dense::{FUSED_INPUTS, dense_tanh};
pub(super) use narrow::{Layers, NARROW_VECTORS};
use vector::Single;

/// A read-only matrix by strides: element `(row, column)` lies at `row * row_stride + column * column_stride`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a, T> {
    pub(super) values: &'a [T],
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

/// Sizes of `c (m, n) = a (m, k) b (k, n)`.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
}

/// Numbers from the first of `rows` rows of `columns` to one behind the last.
fn extent(rows: usize, columns: usize, row_stride: usize, column_stride: usize) -> usize {
    if rows == 0 || columns == 0 {
        return 0;
    }
    (rows - 1) * row_stride + (columns - 1) * column_stride + 1
}

/// From this many rows on, a panel of `b` is copied to lie densely before it is used.
const PACKING_ROWS: usize = 12;

/// `c = a b + bias`, `bias` one value per row of `c`, each sum over `k` in order from 0.
///
/// `b` and `c` have contiguous columns with row strides `b_stride` and `c_stride`. Blocks of 4 rows and 2 or 3 vectors
/// stay in registers; the order of every sum is that of the naive triple loop, so block sizes never change a bit.
/// `pack` is working memory; with less than 8 `k` numbers it is left aside.
#[inline(never)]
pub(super) fn mat_mul<T: Float>(
    Sizes { m, n, k }: Sizes,
    a: Matrix<'_, T>,
    (b, b_stride): (&[T], usize),
    (c, c_stride): (&mut [T], usize),
    bias: Option<&[T]>,
    pack: &mut [T],
) {
    assert!(extent(m, k, a.row_stride, a.column_stride) <= a.values.len());
    assert!(extent(k, n, b_stride, 1) <= b.len() && extent(m, n, c_stride, 1) <= c.len());
    assert!(bias.is_none_or(|bias| bias.len() >= m));
    let pack = if m >= PACKING_ROWS && b_stride > 2 * LANES && pack.len() >= 2 * LANES * k {
        pack.as_mut_ptr()
    } else {
        std::ptr::null_mut()
    };
    let product = Product {
        m,
        n,
        k,
        a: a.values.as_ptr(),
        a_row: a.row_stride,
        a_column: a.column_stride,
        b: b.as_ptr(),
        b_stride,
        c: c.as_mut_ptr(),
        c_stride,
        bias: bias.map_or(std::ptr::null(), <[T]>::as_ptr),
        pack,
    };
    // SAFETY: all extents are checked above, and T is f32 where its pointers are taken as such.
    unsafe {
        if TypeId::of::<T>() == TypeId::of::<f32>() {
            product.cast::<f32>().run::<Single>();
        } else {
            product.run::<Plain<T, 4>>();
        }
    }
}

struct Product<T> {
    m: usize,
    n: usize,
    k: usize,
    a: *const T,
    a_row: usize,
    a_column: usize,
    b: *const T,
    b_stride: usize,
    c: *mut T,
    c_stride: usize,
    /// Null without.
    bias: *const T,
    /// Null without.
    pack: *mut T,
}

impl<T: Float> Product<T> {
    /// Safety: `U` is `T`.
    unsafe fn cast<U>(self) -> Product<U> {
        Product {
            m: self.m,
            n: self.n,
            k: self.k,
            a: self.a.cast(),
            a_row: self.a_row,
            a_column: self.a_column,
            b: self.b.cast(),
            b_stride: self.b_stride,
            c: self.c.cast(),
            c_stride: self.c_stride,
            bias: self.bias.cast(),
            pack: self.pack.cast(),
        }
    }

    /// Safety: the pointers reach as far as the sizes and strides say.
    unsafe fn run<L: Lanes<Scalar = T>>(&self) {
        let mut column = 0;
        // SAFETY: every panel lies within the columns.
        unsafe {
            while self.n - column >= L::COUNT {
                column += match (self.n - column) / L::COUNT {
                    1 => self.panel::<L, 1>(column),
                    3 => self.panel::<L, 3>(column),
                    _ => self.panel::<L, 2>(column),
                };
            }
            while column < self.n {
                column += self.panel::<Plain<T, 1>, 1>(column);
            }
        }
    }

    /// All rows of `V` vectors of columns; returns the number of columns.
    ///
    /// Safety: as `run`, and the columns are there.
    unsafe fn panel<L: Lanes<Scalar = T>, const V: usize>(&self, column: usize) -> usize {
        let (mut b, mut b_stride) = (self.b.wrapping_add(column), self.b_stride);
        // SAFETY: rows and columns lie within the sizes.
        unsafe {
            if V == 2 && !self.pack.is_null() {
                for p in 0..self.k {
                    for v in 0..V {
                        L::load(b.wrapping_add(p * b_stride + v * L::COUNT))
                            .store(self.pack.add((p * V + v) * L::COUNT));
                    }
                }
                (b, b_stride) = (self.pack, V * L::COUNT);
            }
            let mut row = 0;
            while row < self.m {
                row += match self.m - row {
                    1 => self.block::<L, 1, V>(row, column, b, b_stride),
                    2 | 3 => self.block::<L, 2, V>(row, column, b, b_stride),
                    _ => self.block::<L, 4, V>(row, column, b, b_stride),
                };
            }
        }
        V * L::COUNT
    }

    /// One block; returns `R`. Safety: as `run`, and the block lies within the sizes.
    #[inline(always)]
    unsafe fn block<L: Lanes<Scalar = T>, const R: usize, const V: usize>(
        &self,
        row: usize,
        column: usize,
        b: *const T,
        b_stride: usize,
    ) -> usize {
        // SAFETY: the caller's.
        unsafe {
            let a = self.a.wrapping_add(row * self.a_row);
            let sums = sums::<L, R, V>(self.k, (a, self.a_row, self.a_column), (b, b_stride));
            for (r, sums) in sums.iter().enumerate() {
                let c = self.c.add((row + r) * self.c_stride + column);
                let bias = if self.bias.is_null() {
                    None
                } else {
                    Some(L::splat(*self.bias.add(row + r)))
                };
                for (v, sum) in sums.iter().enumerate() {
                    bias.map_or(*sum, |bias| sum.add(bias))
                        .store(c.add(v * L::COUNT));
                }
            }
        }
        R
    }
}

/// The sums over `k`, in order from 0, of `R` rows of `a` times `V` vectors of columns of `b`.
///
/// Safety: `k` columns of `R` rows can be read from `a`, `k` rows of `V` vectors from `b`.
#[inline(always)]
unsafe fn sums<L: Lanes, const R: usize, const V: usize>(
    k: usize,
    (mut a, a_row, a_column): (*const L::Scalar, usize, usize),
    (mut b, b_stride): (*const L::Scalar, usize),
) -> [[L; V]; R] {
    let mut sums = [[L::splat(L::Scalar::lit(0.0)); V]; R];
    for _ in 0..k {
        // SAFETY: the caller's.
        unsafe {
            let vectors: [L; V] = std::array::from_fn(|v| L::load(b.add(v * L::COUNT)));
            for (r, sums) in sums.iter_mut().enumerate() {
                let factor = L::splat(*a.add(r * a_row));
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = sum.add(factor.mul(vector));
                }
            }
        }
        a = a.wrapping_add(a_column);
        b = b.wrapping_add(b_stride);
    }
    sums
}

/// Numbers from one sample to the next in a batch-major buffer of `features`: there is room for a 1 behind them, whose
/// product with the gradients is the bias's gradient.
pub(super) fn batch_major_stride(features: usize) -> usize {
    (features + 1).next_multiple_of(LANES)
}

/// `d_weight (outputs, inputs) = d_z x^T` and `d_bias = sum of d_z`, both sums over the batch in order from 0.
///
/// `d_z (outputs, stride)`; `x_t (batch, batch_major_stride(inputs))` with 1 behind the inputs; `gradients` holds the
/// weights' and then the biases'.
pub(super) fn grad_parameters<T: Float>(
    (outputs, inputs, batch): (usize, usize, usize),
    (d_z, stride): (&[T], usize),
    x_t: &[T],
    gradients: &mut [T],
) {
    let x_stride = batch_major_stride(inputs);
    assert!(extent(outputs, batch, stride, 1) <= d_z.len() && batch * x_stride <= x_t.len());
    assert!(outputs * (inputs + 1) <= gradients.len());
    let gradient = Gradient {
        outputs,
        inputs,
        batch,
        d_z: d_z.as_ptr(),
        stride,
        x_t: x_t.as_ptr(),
        x_stride,
        gradients: gradients.as_mut_ptr(),
    };
    // SAFETY: all extents are checked above, and T is f32 where its pointers are taken as such.
    unsafe {
        if TypeId::of::<T>() == TypeId::of::<f32>() {
            gradient.cast::<f32>().run::<Single>();
        } else {
            gradient.run::<Plain<T, 4>>();
        }
    }
}

struct Gradient<T> {
    outputs: usize,
    inputs: usize,
    batch: usize,
    d_z: *const T,
    stride: usize,
    x_t: *const T,
    x_stride: usize,
    gradients: *mut T,
}

impl<T: Float> Gradient<T> {
    /// Safety: `U` is `T`.
    unsafe fn cast<U>(self) -> Gradient<U> {
        Gradient {
            outputs: self.outputs,
            inputs: self.inputs,
            batch: self.batch,
            d_z: self.d_z.cast(),
            stride: self.stride,
            x_t: self.x_t.cast(),
            x_stride: self.x_stride,
            gradients: self.gradients.cast(),
        }
    }

    /// Safety: the pointers reach as far as the sizes and strides say.
    unsafe fn run<L: Lanes<Scalar = T>>(&self) {
        let mut column = 0;
        while column < self.x_stride {
            // SAFETY: every panel lies within the padded columns.
            column += unsafe {
                match (self.x_stride - column) / LANES {
                    1 => self.panel::<L, 1>(column),
                    3 => self.panel::<L, 3>(column),
                    _ => self.panel::<L, 2>(column),
                }
            };
        }
    }

    unsafe fn panel<L: Lanes<Scalar = T>, const V: usize>(&self, column: usize) -> usize {
        let mut row = 0;
        while row < self.outputs {
            // SAFETY: the rows are there.
            row += unsafe {
                match self.outputs - row {
                    1 => self.block::<L, 1, V>(row, column),
                    2 | 3 => self.block::<L, 2, V>(row, column),
                    _ => self.block::<L, 4, V>(row, column),
                }
            };
        }
        V * LANES
    }

    #[inline(always)]
    unsafe fn block<L: Lanes<Scalar = T>, const R: usize, const V: usize>(
        &self,
        row: usize,
        column: usize,
    ) -> usize {
        // SAFETY: the block lies within the sizes; what is stored is a weight's gradient or the row's bias's.
        unsafe {
            let sums = sums::<L, R, V>(
                self.batch,
                (self.d_z.add(row * self.stride), self.stride, 1),
                (self.x_t.add(column), self.x_stride),
            );
            for (r, sums) in sums.iter().enumerate() {
                let weights = self.gradients.add((row + r) * self.inputs);
                let bias = self.gradients.add(self.outputs * self.inputs + row + r);
                for (v, sum) in sums.iter().enumerate() {
                    let start = column + v * LANES;
                    if start + LANES <= self.inputs {
                        sum.store(weights.add(start));
                        continue;
                    }
                    let mut parts = [T::lit(0.0); LANES];
                    sum.store(parts.as_mut_ptr());
                    for (lane, part) in parts.iter().enumerate() {
                        match start + lane {
                            place if place < self.inputs => *weights.add(place) = *part,
                            place if place == self.inputs => *bias = *part,
                            _ => {}
                        }
                    }
                }
            }
        }
        R
    }
}

/// `x (features, stride)` to `x_t (batch, batch_major_stride(features))`; what lies behind the features stays.
pub(super) fn transpose<T: Float>(
    (features, batch): (usize, usize),
    (x, stride): (&[T], usize),
    x_t: &mut [T],
) {
    let t_stride = batch_major_stride(features);
    assert!(extent(features, batch, stride, 1) <= x.len() && batch * t_stride <= x_t.len());
    let (x, x_t) = (x.as_ptr(), x_t.as_mut_ptr());
    // Tiles of 8 by 8: both sides stay within a few cache lines.
    for first in (0..features).step_by(8) {
        for start in (0..batch).step_by(8) {
            for sample in start..(start + 8).min(batch) {
                for feature in first..(first + 8).min(features) {
                    // SAFETY: features and samples lie within the extents checked above.
                    unsafe {
                        *x_t.add(sample * t_stride + feature) = *x.add(feature * stride + sample)
                    };
                }
            }
        }
    }
}

/// Rows of row-major `values (rows, columns)` to feature-major `x (columns, stride)`, 0 behind the batch, and where it
/// is wanted to `x_t (batch, batch_major_stride(columns))`.
pub(super) fn gather<T: Float>(
    values: &[T],
    columns: usize,
    rows: &[u32],
    (x, stride): (&mut [T], usize),
    x_t: Option<&mut [T]>,
) {
    let t_stride = batch_major_stride(columns);
    let most = rows.iter().max().map_or(0, |row| *row as usize + 1);
    assert!(most * columns <= values.len());
    assert!(rows.len() <= stride && columns * stride <= x.len());
    if let Some(x_t) = x_t {
        assert!(rows.len() * t_stride <= x_t.len());
        for (row, out) in rows.iter().zip(x_t.chunks_exact_mut(t_stride)) {
            let start = *row as usize * columns;
            if columns < 8 {
                for (out, value) in out.iter_mut().zip(&values[start..start + columns]) {
                    *out = *value;
                }
            } else {
                out[..columns].copy_from_slice(&values[start..start + columns]);
            }
        }
    }
    let (from, to) = (values.as_ptr(), x.as_mut_ptr());
    for (block, rows) in rows.chunks(8).enumerate() {
        for first in (0..columns).step_by(8) {
            for column in first..(first + 8).min(columns) {
                for (sample, row) in rows.iter().enumerate() {
                    // SAFETY: rows and columns lie within the extents checked above.
                    unsafe {
                        *to.add(column * stride + block * 8 + sample) =
                            *from.add(*row as usize * columns + column);
                    }
                }
            }
        }
    }
    if rows.len() < stride {
        for out in x[..columns * stride].chunks_exact_mut(stride) {
            out[rows.len()..].fill(T::lit(0.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    fn matrix<T: Float>(seed: u32, count: usize) -> Vec<T> {
        let random = Random::new(seed, Purpose::Init);
        (0..count as u64)
            .map(|index| T::from_f64(random.between(index, -2.0, 2.0)))
            .collect()
    }

    const SIZES: [(usize, usize, usize); 12] = [
        (1, 1, 1),
        (3, 2, 5),
        (4, 8, 7),
        (5, 13, 9),
        (10, 32, 64),
        (17, 15, 3),
        (2, 9, 1),
        (8, 12, 8),
        (6, 20, 4),
        (64, 32, 100),
        (13, 64, 0),
        (7, 4, 31),
    ];

    /// A product, and how its operands lie in memory.
    #[derive(Debug, Clone, Copy)]
    struct Laid {
        m: usize,
        n: usize,
        k: usize,
        a_strides: (usize, usize),
        b_stride: usize,
        c_stride: usize,
        bias: bool,
        pack: usize,
    }

    /// Products of every size up to `LARGEST`, rows and columns at any distance, with room to pack and without.
    fn laid_at_random(count: u64) -> impl Iterator<Item = Laid> {
        const LARGEST: u32 = 70;
        let random = Random::new(7, Purpose::Split);
        (0..count).map(move |case| {
            let draw = |which: u64, n: u32| random.below(16 * case + which, n) as usize;
            // Half of the sizes are small: there the kernels' edges meet.
            let size = |which: u64| {
                draw(
                    which,
                    if draw(which + 3, 2) == 0 {
                        10
                    } else {
                        LARGEST + 1
                    },
                )
            };
            let (m, n, k) = (size(0), size(1), size(2));
            let gap = |which: u64| draw(which, 3) * draw(which + 1, 6);
            let a_strides = match draw(6, 3) {
                0 => (k + gap(7), 1),
                1 => (1, m + gap(7)),
                _ => (3 * k + gap(7), 3),
            };
            Laid {
                m,
                n,
                k,
                a_strides,
                b_stride: n + gap(9),
                c_stride: n + gap(11),
                bias: draw(13, 2) == 0,
                pack: [0, 8 * k, 8 * k + 5][draw(14, 3)],
            }
        })
    }

    fn product_is_the_naive_loop<T: Float>(laid: Laid) {
        const UNTOUCHED: f64 = 7.0;
        let Laid { m, n, k, .. } = laid;
        let (row_stride, column_stride) = laid.a_strides;
        // Not a number more than the product may read.
        let a = matrix::<T>(1, extent(m, k, row_stride, column_stride));
        let b = matrix::<T>(2, extent(k, n, laid.b_stride, 1));
        let bias = laid.bias.then(|| matrix::<T>(3, m));
        let mut c = vec![T::from_f64(UNTOUCHED); extent(m, n, laid.c_stride, 1) + LANES];
        let mut pack = vec![T::lit(9.0); laid.pack];
        mat_mul(
            Sizes { m, n, k },
            Matrix {
                values: &a,
                row_stride,
                column_stride,
            },
            (&b, laid.b_stride),
            (&mut c, laid.c_stride),
            bias.as_deref(),
            &mut pack,
        );
        let mut expected = vec![UNTOUCHED; c.len()];
        for row in 0..m {
            for column in 0..n {
                let mut sum = T::lit(0.0);
                for p in 0..k {
                    sum = sum
                        + a[row * row_stride + p * column_stride] * b[p * laid.b_stride + column];
                }
                let sum = bias.as_ref().map_or(sum, |bias| sum + bias[row]);
                expected[row * laid.c_stride + column] = sum.to_f64();
            }
        }
        for (place, (found, expected)) in c.iter().zip(&expected).enumerate() {
            assert_eq!(
                found.to_f64().to_bits(),
                expected.to_bits(),
                "at {place} of {laid:?}"
            );
        }
    }

    #[test]
    fn product_equals_the_naive_triple_loop_to_the_bit() {
        for laid in laid_at_random(600) {
            product_is_the_naive_loop::<f32>(laid);
            product_is_the_naive_loop::<f64>(laid);
        }
    }

    #[test]
    fn products_at_random_reach_every_path() {
        let cases: Vec<Laid> = laid_at_random(600).collect();
        let some =
            |holds: &dyn Fn(&Laid) -> bool| cases.iter().filter(|each| holds(each)).count() >= 20;
        assert!(some(&|each| each.m == 0 || each.n == 0) && some(&|each| each.k == 0));
        assert!(
            some(&|each| each.m > 60) && some(&|each| each.n > 60) && some(&|each| each.k > 60)
        );
        let packed =
            |each: &Laid| each.m >= PACKING_ROWS && each.b_stride > 2 * LANES && each.k > 0;
        assert!(
            some(&|each| packed(each) && each.pack > 0)
                && some(&|each| packed(each) && each.pack == 0)
        );
    }

    fn gradient_is_the_naive_loop<T: Float>() {
        for (outputs, inputs, batch) in SIZES {
            let stride = batch.next_multiple_of(LANES);
            let (x, d_z) = (
                matrix::<T>(4, inputs * stride),
                matrix::<T>(5, outputs * stride),
            );
            let t_stride = batch_major_stride(inputs);
            let mut x_t = vec![T::lit(0.0); batch * t_stride];
            for row in x_t.chunks_exact_mut(t_stride) {
                row[inputs] = T::lit(1.0);
            }
            transpose((inputs, batch), (&x, stride), &mut x_t);
            let mut gradients = vec![T::lit(7.0); outputs * (inputs + 1)];
            grad_parameters(
                (outputs, inputs, batch),
                (&d_z, stride),
                &x_t,
                &mut gradients,
            );
            for output in 0..outputs {
                let sum = |value: &dyn Fn(usize) -> T| {
                    (0..batch).fold(T::lit(0.0), |sum, sample| {
                        sum + d_z[output * stride + sample] * value(sample)
                    })
                };
                for input in 0..inputs {
                    let expected = sum(&|sample| x[input * stride + sample]);
                    assert_eq!(
                        gradients[output * inputs + input].to_f64().to_bits(),
                        expected.to_f64().to_bits()
                    );
                }
                let expected = sum(&|_| T::lit(1.0));
                assert_eq!(
                    gradients[outputs * inputs + output].to_f64().to_bits(),
                    expected.to_f64().to_bits()
                );
            }
        }
    }

    #[test]
    fn gradient_equals_the_naive_loop_to_the_bit() {
        gradient_is_the_naive_loop::<f32>();
        gradient_is_the_naive_loop::<f64>();
    }

    #[test]
    fn gather_puts_rows_where_they_belong_and_zeros_behind() {
        for (columns, count) in [(2, 10), (7, 10), (784, 32), (9, 3), (1, 1)] {
            let values = matrix::<f32>(6, columns * 50);
            let rows: Vec<u32> = (0..count).map(|place| place * 7 % 50).collect();
            let (count, stride) = (count as usize, (count as usize).next_multiple_of(LANES) + 4);
            let t_stride = batch_major_stride(columns);
            let mut x = vec![5.0; columns * stride];
            let mut x_t = vec![6.0; count * t_stride];
            gather(&values, columns, &rows, (&mut x, stride), Some(&mut x_t));
            for column in 0..columns {
                for sample in 0..stride {
                    let expected = rows
                        .get(sample)
                        .map_or(0.0, |row| values[*row as usize * columns + column]);
                    assert_eq!(x[column * stride + sample], expected);
                    if sample < count {
                        assert_eq!(x_t[sample * t_stride + column], expected);
                    }
                }
            }
        }
    }

    #[test]
    fn product_agrees_with_ndarray() {
        // A sum of k terms of size at most 4 in another order: k * 4 * eps, k = 300.
        const TOLERANCE: f32 = 300.0 * 4.0 * f32::EPSILON;
        let (m, n, k) = (37, 41, 300);
        let (a, b) = (matrix::<f32>(4, m * k), matrix::<f32>(5, k * n));
        let mut c = vec![0.0f32; m * n];
        // `a` given transposed, by strides.
        let transposed: Vec<f32> = (0..k * m)
            .map(|index| a[index % m * k + index / m])
            .collect();
        let a_matrix = Matrix {
            values: &transposed,
            row_stride: 1,
            column_stride: m,
        };
        mat_mul(
            Sizes { m, n, k },
            a_matrix,
            (&b, n),
            (&mut c, n),
            None,
            &mut [],
        );
        let expected = ndarray::Array2::from_shape_vec((m, k), a)
            .unwrap()
            .dot(&ndarray::Array2::from_shape_vec((k, n), b).unwrap());
        for (mine, theirs) in c.iter().zip(expected.iter()) {
            assert!((mine - theirs).abs() <= TOLERANCE, "{mine} {theirs}");
        }
    }
}
