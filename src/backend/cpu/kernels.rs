//! The kernels that are not a matrix product, each over feature-major buffers `(features, stride)`.
//!
//! Only the first `batch` samples of a row count; what lies behind them is kept 0 in gradients.

use crate::formula::loss::Loss;
use crate::random::Random;
use crate::real::Float;

/// The batch inside its buffers.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// Samples that count.
    pub(super) batch: usize,
    /// Values from one feature's row to the next.
    pub(super) stride: usize,
    /// Samples of the batch that went before, in blocks of their own.
    pub(super) before: usize,
}

/// Softmax over the features of each sample, shifted by the largest logit.
pub(super) fn softmax<T: Float>(extent: Extent, z: &[T], a: &mut [T], scratch: &mut [Vec<T>; 2]) {
    let stride = extent.stride;
    let [largest, sum] = scratch;
    largest[..stride].copy_from_slice(&z[..stride]);
    for row in z.chunks_exact(stride) {
        for (largest, value) in largest.iter_mut().zip(row) {
            *largest = largest.max(*value);
        }
    }
    sum[..stride].fill(T::lit(0.0));
    for (out, row) in a.chunks_exact_mut(stride).zip(z.chunks_exact(stride)) {
        for (((out, value), largest), sum) in out
            .iter_mut()
            .zip(row)
            .zip(largest.iter())
            .zip(sum.iter_mut())
        {
            *out = (*value - *largest).exp();
            *sum = *sum + *out;
        }
    }
    for out in a.chunks_exact_mut(stride) {
        for (out, sum) in out.iter_mut().zip(sum.iter()) {
            *out = *out / *sum;
        }
    }
}

/// Mean categorical cross entropy from logits; `d = (softmax(z) - y) / batch`.
pub(super) fn cross_entropy<T: Float>(
    extent: Extent,
    z: &[T],
    y: &[T],
    d: &mut [T],
    scratch: &mut [Vec<T>; 2],
) -> f64 {
    softmax(extent, z, d, scratch);
    let Extent { batch, stride, .. } = extent;
    let [largest, sum] = scratch;
    let scale = T::lit(1.0 / batch as f64);
    let mut loss = 0.0;
    for ((d, z), y) in d
        .chunks_exact_mut(stride)
        .zip(z.chunks_exact(stride))
        .zip(y.chunks_exact(stride))
    {
        for sample in 0..batch {
            // log softmax = z - max - ln(sum of exp(z - max)).
            if y[sample] > T::lit(0.0) {
                let log_probability = z[sample] - largest[sample] - sum[sample].ln();
                loss -= (y[sample] * log_probability).to_f64();
            }
            d[sample] = (d[sample] - y[sample]) * scale;
        }
        d[batch..].fill(T::lit(0.0));
    }
    loss / batch as f64
}

/// `d = J^T d` for the softmax: `d_k = a_k (d_k - sum_j a_j d_j)`.
pub(super) fn softmax_grad<T: Float>(
    extent: Extent,
    a: &[T],
    d: &mut [T],
    scratch: &mut [Vec<T>; 2],
) {
    let stride = extent.stride;
    let dot = &mut scratch[0][..stride];
    dot.fill(T::lit(0.0));
    for (d, a) in d.chunks_exact(stride).zip(a.chunks_exact(stride)) {
        for ((dot, d), a) in dot.iter_mut().zip(d).zip(a) {
            *dot = *dot + *a * *d;
        }
    }
    for (d, a) in d.chunks_exact_mut(stride).zip(a.chunks_exact(stride)) {
        for ((d, a), dot) in d.iter_mut().zip(a).zip(dot.iter()) {
            *d = *a * (*d - *dot);
        }
    }
}

/// Mean of an element-wise loss over outputs and samples, and its gradient.
pub(super) fn loss<T: Float>(
    extent: Extent,
    (loss, params): (Loss, &[f64; 2]),
    y_hat: &[T],
    y: &[T],
    d: &mut [T],
    scratch: &mut [Vec<T>; 2],
) -> f64 {
    let Extent { batch, stride, .. } = extent;
    let outputs = d.len() / stride;
    let scale = T::lit(1.0 / (batch * outputs) as f64);
    let values = &mut scratch[0];
    let mut total = 0.0;
    for ((d, y_hat), y) in d
        .chunks_exact_mut(stride)
        .zip(y_hat.chunks_exact(stride))
        .zip(y.chunks_exact(stride))
    {
        loss.forward_with_slope(
            params,
            &y_hat[..batch],
            &y[..batch],
            &mut values[..batch],
            &mut d[..batch],
        );
        total += values[..batch]
            .iter()
            .map(|value| value.to_f64())
            .sum::<f64>();
        for d in &mut d[..batch] {
            *d = *d * scale;
        }
        d[batch..].fill(T::lit(0.0));
    }
    total / (batch * outputs) as f64
}

/// Inverted dropout in place. The mask's random index is (step, layer, sample, unit), so that it depends neither on
/// the batch size nor on the interpreter.
pub(super) fn dropout<T: Float>(
    extent: Extent,
    random: &Random,
    (step, layer, rate): (u64, usize, f64),
    a: &mut [T],
    slope: &mut [T],
) {
    let keep = T::lit(1.0 / (1.0 - rate));
    let units = a.len() / extent.stride;
    // 2^24 steps of the threshold, as a 24-bit uniform on the GPU has.
    let threshold = (rate * 16_777_216.0) as u32;
    for (unit, (a, slope)) in a
        .chunks_exact_mut(extent.stride)
        .zip(slope.chunks_exact_mut(extent.stride))
        .enumerate()
    {
        for (sample, (a, slope)) in a.iter_mut().zip(slope).take(extent.batch).enumerate() {
            let place = (extent.before + sample) * units + unit;
            let element = (layer as u64) << 28 | place as u64;
            let kept = random.bits(step << 32 | element)[0] >> 8 >= threshold;
            let factor = if kept { keep } else { T::lit(0.0) };
            *a = *a * factor;
            *slope = *slope * factor;
        }
    }
}
