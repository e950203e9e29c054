//! The one matrix product: forward, input gradient and weight gradient are this with other strides.

use crate::real::Float;

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

/// `c = a b + bias`, `bias` one value per row of `c`, each sum over `k` in order from 0.
///
/// `b` and `c` have contiguous columns with row strides `b_stride` and `c_stride`. Blocks of 4 x 8 outputs stay in
/// registers; the order of every sum is that of the naive triple loop, so block sizes never change a bit.
pub(super) fn mat_mul<T: Float>(
    sizes: Sizes,
    a: Matrix<'_, T>,
    (b, b_stride): (&[T], usize),
    (c, c_stride): (&mut [T], usize),
    bias: Option<&[T]>,
) {
    let mut row = 0;
    while row < sizes.m {
        let rows = if sizes.m - row >= 4 { 4 } else { 1 };
        let mut column = 0;
        while column < sizes.n {
            let left = sizes.n - column;
            let place = Place {
                row,
                column,
                k: sizes.k,
                b_stride,
                c_stride,
            };
            let columns = match (rows, left) {
                (4, 8..) => block::<T, 4, 8>(place, a, b, c, bias),
                (4, 4..) => block::<T, 4, 4>(place, a, b, c, bias),
                (4, 2..) => block::<T, 4, 2>(place, a, b, c, bias),
                (4, _) => block::<T, 4, 1>(place, a, b, c, bias),
                (_, 8..) => block::<T, 1, 8>(place, a, b, c, bias),
                (_, 4..) => block::<T, 1, 4>(place, a, b, c, bias),
                (_, 2..) => block::<T, 1, 2>(place, a, b, c, bias),
                _ => block::<T, 1, 1>(place, a, b, c, bias),
            };
            column += columns;
        }
        row += rows;
    }
}

#[derive(Clone, Copy)]
struct Place {
    row: usize,
    column: usize,
    k: usize,
    b_stride: usize,
    c_stride: usize,
}

/// One block of `R` rows and `C` columns; returns `C`.
#[inline]
fn block<T: Float, const R: usize, const C: usize>(
    place: Place,
    a: Matrix<'_, T>,
    b: &[T],
    c: &mut [T],
    bias: Option<&[T]>,
) -> usize {
    let mut sums = [[T::lit(0.0); C]; R];
    let starts: [usize; R] = std::array::from_fn(|r| (place.row + r) * a.row_stride);
    for p in 0..place.k {
        let b_row: [T; C] = load(b, p * place.b_stride + place.column);
        for (sum, start) in sums.iter_mut().zip(starts) {
            let factor = a.values[start + p * a.column_stride];
            for (sum, value) in sum.iter_mut().zip(b_row) {
                *sum = *sum + factor * value;
            }
        }
    }
    for (r, sum) in sums.iter().enumerate() {
        let row = place.row + r;
        let start = row * place.c_stride + place.column;
        let added = bias.map(|bias| bias[row]);
        for (out, sum) in c[start..start + C].iter_mut().zip(sum) {
            *out = added.map_or(*sum, |bias| *sum + bias);
        }
    }
    C
}

#[inline]
fn load<T: Float, const C: usize>(values: &[T], start: usize) -> [T; C] {
    let values = &values[start..start + C];
    std::array::from_fn(|index| values[index])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Random};

    fn matrix(seed: u32, count: usize) -> Vec<f32> {
        let random = Random::new(seed, Purpose::Init);
        (0..count as u64)
            .map(|index| random.between(index, -2.0, 2.0) as f32)
            .collect()
    }

    #[test]
    fn product_equals_the_naive_triple_loop_to_the_bit() {
        for (m, n, k) in [
            (1, 1, 1),
            (3, 2, 5),
            (4, 8, 7),
            (5, 13, 9),
            (10, 32, 64),
            (17, 15, 3),
            (2, 9, 1),
        ] {
            let (a, b) = (matrix(1, m * k), matrix(2, k * n));
            let bias = matrix(3, m);
            let mut c = vec![0.0f32; m * n];
            let a_matrix = Matrix {
                values: &a,
                row_stride: k,
                column_stride: 1,
            };
            mat_mul(
                Sizes { m, n, k },
                a_matrix,
                (&b, n),
                (&mut c, n),
                Some(&bias),
            );
            for row in 0..m {
                for column in 0..n {
                    let mut sum = 0.0f32;
                    for p in 0..k {
                        sum += a[row * k + p] * b[p * n + column];
                    }
                    let expected = sum + bias[row];
                    assert_eq!(
                        c[row * n + column].to_bits(),
                        expected.to_bits(),
                        "{m}x{n}x{k} at {row},{column}"
                    );
                }
            }
        }
    }

    #[test]
    fn product_agrees_with_ndarray() {
        // A sum of k terms of size at most 4 in another order: k * 4 * eps, k = 300.
        const TOLERANCE: f32 = 300.0 * 4.0 * f32::EPSILON;
        let (m, n, k) = (37, 41, 300);
        let (a, b) = (matrix(4, m * k), matrix(5, k * n));
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
        mat_mul(Sizes { m, n, k }, a_matrix, (&b, n), (&mut c, n), None);
        let expected = ndarray::Array2::from_shape_vec((m, k), a)
            .unwrap()
            .dot(&ndarray::Array2::from_shape_vec((k, n), b).unwrap());
        for (mine, theirs) in c.iter().zip(expected.iter()) {
            assert!((mine - theirs).abs() <= TOLERANCE, "{mine} {theirs}");
        }
    }
}
