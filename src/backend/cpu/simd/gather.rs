//! The rows of a step of a narrow network, four at a time.

use std::any::TypeId;

use super::{LANES, Lanes, Plain, Single};
use crate::real::Float;

/// Safety: there is room for `columns` rows of `stride` at `to`.
#[inline(never)]
pub(super) unsafe fn gather<T: Float>(
    from: &[T],
    columns: usize,
    rows: &[u32],
    to: *mut T,
    stride: usize,
) {
    // The largest row that is there, if any is.
    let Some(most) = (from.len() / columns.max(1)).checked_sub(1) else {
        return;
    };
    // SAFETY: every row is held against the most; T is f32 where it is taken as such.
    unsafe {
        if TypeId::of::<T>() == TypeId::of::<f32>() {
            gather_rows::<Single>(
                from.as_ptr().cast(),
                (columns, most),
                rows,
                to.cast(),
                stride,
            );
        } else {
            gather_rows::<Plain<T, 4>>(from.as_ptr(), (columns, most), rows, to, stride);
        }
    }
}

/// Safety: rows up to `most` lie at `from`, there is room at `to`, and there is a row.
#[inline(always)]
unsafe fn gather_rows<L: Lanes>(
    from: *const L::Scalar,
    (columns, most): (usize, usize),
    rows: &[u32],
    mut to: *mut L::Scalar,
    stride: usize,
) {
    let mut left = rows;
    while let [first, rest @ ..] = left {
        let four = match *rest {
            [second, third, fourth, ..] => [*first, second, third, fourth],
            [second, third] => [*first, second, third, third],
            [second] => [*first, second, second, second],
            [] => [*first; LANES],
        };
        // SAFETY: rows and columns are there, on both sides.
        unsafe {
            let mut from = four.map(|row| {
                assert!(row as usize <= most);
                from.add(row as usize * columns)
            });
            let mut out = to;
            for _ in 0..columns {
                L::of(from.map(|from| *from)).store(out);
                from = from.map(|from| from.wrapping_add(1));
                out = out.wrapping_add(stride);
            }
        }
        to = to.wrapping_add(LANES);
        left = rest.get(LANES - 1..).unwrap_or(&[]);
    }
}
