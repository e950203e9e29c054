//! A tanh layer over many samples in one pass: sums, bias and tanh without leaving the registers.

use std::any::TypeId;
use std::mem::MaybeUninit;
use std::ops::Range;

use super::{Lanes, Matrix, Plain, Single, Sizes, extent, sums};
use crate::real::Float;

/// Inputs of such a layer, at most: with more, the product wants its operands packed.
pub(in super::super) const FUSED_INPUTS: usize = 16;

/// `c = tanh(a b + bias)`, with sizes, strides and order of the sums as in [`mat_mul`](super::mat_mul).
pub(in super::super) fn dense_tanh<T: Float>(
    Sizes { m, n, k }: Sizes,
    (a, bias): (Matrix<'_, T>, &[T]),
    (b, b_stride): (&[T], usize),
    (c, c_stride): (&mut [T], usize),
) {
    assert!(k <= FUSED_INPUTS);
    assert!(extent(m, k, a.row_stride, a.column_stride) <= a.values.len() && m <= bias.len());
    assert!(extent(k, n, b_stride, 1) <= b.len() && extent(m, n, c_stride, 1) <= c.len());
    let layer = Layer {
        m,
        n,
        k,
        a: a.values.as_ptr(),
        a_strides: (a.row_stride, a.column_stride),
        bias: bias.as_ptr(),
        b: b.as_ptr(),
        b_stride,
        c: c.as_mut_ptr(),
        c_stride,
    };
    // SAFETY: all extents are checked above, and T is f32 where its pointers are taken as such.
    unsafe {
        if TypeId::of::<T>() == TypeId::of::<f32>() {
            layer.cast::<f32>().run::<Single>();
        } else {
            layer.run::<Plain<T, 4>>();
        }
    }
}

struct Layer<T> {
    m: usize,
    n: usize,
    k: usize,
    a: *const T,
    a_strides: (usize, usize),
    bias: *const T,
    b: *const T,
    b_stride: usize,
    c: *mut T,
    c_stride: usize,
}

impl<T: Float> Layer<T> {
    /// Safety: `U` is `T`.
    unsafe fn cast<U>(self) -> Layer<U> {
        Layer {
            m: self.m,
            n: self.n,
            k: self.k,
            a: self.a.cast(),
            a_strides: self.a_strides,
            bias: self.bias.cast(),
            b: self.b.cast(),
            b_stride: self.b_stride,
            c: self.c.cast(),
            c_stride: self.c_stride,
        }
    }

    /// Safety: the pointers reach as far as the sizes and strides say.
    #[inline(always)]
    unsafe fn run<L: Lanes<Scalar = T>>(&self) {
        let vectors = self.n / (2 * L::COUNT) * (2 * L::COUNT);
        let mut row = 0;
        // SAFETY: every block lies within the sizes.
        unsafe {
            while row + 4 <= self.m {
                row += self.rows::<L, 4, 2>(row, 0..vectors);
            }
            if row + 2 <= self.m {
                row += self.rows::<L, 2, 2>(row, 0..vectors);
            }
            if row < self.m {
                self.rows::<L, 1, 2>(row, 0..vectors);
            }
            if vectors < self.n {
                for row in 0..self.m {
                    self.rows::<Plain<T, 1>, 1, 1>(row, vectors..self.n);
                }
            }
        }
    }

    /// Some columns of `R` rows; returns `R`. Safety: as `run`, and they are there, a multiple of `V` vectors.
    #[inline(always)]
    unsafe fn rows<L: Lanes<Scalar = T>, const R: usize, const V: usize>(
        &self,
        row: usize,
        columns: Range<usize>,
    ) -> usize {
        // SAFETY: the caller's.
        unsafe {
            // Side by side, so that the loop below finds them at fixed distances.
            let mut weights = [[MaybeUninit::<T>::uninit(); R]; FUSED_INPUTS];
            let a = self.a.add(row * self.a_strides.0);
            for (p, weights) in weights.iter_mut().enumerate().take(self.k) {
                for (r, weight) in weights.iter_mut().enumerate() {
                    weight.write(*a.add(r * self.a_strides.0 + p * self.a_strides.1));
                }
            }
            for column in columns.step_by(V * L::COUNT) {
                let b = (self.b.add(column), self.b_stride);
                let sums = sums::<L, R, V>(self.k, (weights.as_ptr().cast(), 1, R), b);
                for (r, sums) in sums.iter().enumerate() {
                    let bias = L::splat(*self.bias.add(row + r));
                    let c = self.c.add((row + r) * self.c_stride + column);
                    for (v, sum) in sums.iter().enumerate() {
                        sum.add(bias).tanh().store(c.add(v * L::COUNT));
                    }
                }
            }
        }
        R
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::real::Real;

    fn layer_is_the_naive_loop<T: Float>() {
        for (m, n, k) in [
            (1, 1, 1),
            (4, 13, 2),
            (3, 64, 7),
            (8, 8, 8),
            (5, 7, 0),
            (7, 19, 16),
        ] {
            let filled = |count: usize, step: usize| -> Vec<T> {
                let value = |i: usize| T::from_f64((i * step % 41) as f64 / 20.0 - 1.0);
                (0..count).map(value).collect()
            };
            let (a, b, bias) = (filled(m * k, 7), filled(k * n, 11), filled(m, 3));
            let mut c = vec![T::lit(7.0); m * n];
            let weights = Matrix {
                values: &a,
                row_stride: k,
                column_stride: 1,
            };
            dense_tanh(Sizes { m, n, k }, (weights, &bias), (&b, n), (&mut c, n));
            for row in 0..m {
                for column in 0..n {
                    let sum = (0..k).fold(T::lit(0.0), |sum, p| {
                        sum + a[row * k + p] * b[p * n + column]
                    });
                    let expected = (sum + bias[row]).tanh().to_f64();
                    let found = c[row * n + column].to_f64();
                    assert_eq!(found.to_bits(), expected.to_bits(), "{m}x{n}x{k}");
                }
            }
        }
    }

    #[test]
    fn tanh_layer_equals_the_naive_loop_to_the_bit() {
        layer_is_the_naive_loop::<f32>();
        layer_is_the_naive_loop::<f64>();
    }

    #[test]
    fn tanh_of_a_vector_is_that_of_its_numbers() {
        let xs = (-4000..4000).map(|i| i as f32 * 0.003);
        for x in xs.chain([f32::MAX, f32::MIN, f32::INFINITY, -f32::INFINITY, -0.0]) {
            let found = Single::splat(x).tanh().parts();
            assert_eq!(found.map(f32::to_bits), [Real::tanh(x).to_bits(); 4], "{x}");
        }
        assert!(Single::splat(f32::NAN).tanh().parts().map(f32::is_nan)[0]);
    }
}
