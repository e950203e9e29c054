//! The training step of a narrow network: whole layers at a time, with as little as possible between them.
//!
//! A playground's network has a few neurons and a batch of ten: its sums take less time than walking through the ops that
//! ask for them. A plan of plain layers is therefore run by this shorter way. The arithmetic, and the order of every sum,
//! are those of the ops.

use super::kernels::{self, Extent};
use super::simd::{self, LANES, NARROW_VECTORS};
use crate::formula::activation::Activation;
use crate::formula::loss::Loss;
use crate::model::{Layer, Nonlinearity};
use crate::plan::{Op, Plan};
use crate::real::Float;

/// Wider layers gain nothing here.
const MAX_WIDTH: usize = 32;

struct Dense<T> {
    shape: simd::Narrow,
    parameters: std::ops::Range<usize>,
    activation: Activation,
    params: [f64; 2],
    trained: bool,
    /// Inputs, with a row of ones behind them.
    x: Vec<T>,
    z: Vec<T>,
    slope: Vec<T>,
    d: Vec<T>,
}

/// The step up to the gradients, compiled for one plan and one size of batch.
pub(super) struct NarrowStep<T> {
    layers: Vec<Dense<T>>,
    /// The prediction.
    output: Vec<T>,
    target: Vec<T>,
    x_t: Vec<T>,
    scratch: [Vec<T>; 2],
    loss: Loss,
    loss_params: [f64; 2],
    /// Layers below this one get no gradients.
    first_trained: usize,
    stride: usize,
}

impl<T: Float> NarrowStep<T> {
    /// `None` where the plan has anything that is not a plain layer or an element-wise loss, or is wide.
    pub(super) fn new(plan: &Plan, capacity: usize) -> Option<Self> {
        let vectors = capacity.div_ceil(LANES);
        let layers = &plan.network.layers;
        let plain = |layer: &Layer| {
            matches!(layer.activation, Nonlinearity::ElementWise(..))
                && layer.dropout == 0.0
                && layer.inputs.max(layer.outputs) <= MAX_WIDTH
        };
        let mut losses = plan.step.iter().filter_map(|op| {
            if let Op::Loss { loss, params, .. } = op {
                Some((*loss, *params))
            } else {
                None
            }
        });
        let (loss, loss_params) = losses.next()?;
        let first_trained = layers.iter().position(|layer| !layer.frozen)?;
        if vectors == 0 || vectors > NARROW_VECTORS || !layers.iter().all(plain) {
            return None;
        }
        let stride = vectors * LANES;
        let zeros = |rows: usize| vec![T::lit(0.0); rows * stride];
        let with_ones = |features: usize| {
            let mut values = zeros(simd::batch_major_stride(features));
            values[features * stride..(features + 1) * stride].fill(T::lit(1.0));
            values
        };
        let widest = layers.iter().map(|layer| layer.inputs).max()?;
        let dense = layers.iter().filter_map(|layer| {
            let Nonlinearity::ElementWise(activation, params) = layer.activation else {
                return None;
            };
            Some(Dense {
                shape: simd::Narrow {
                    inputs: layer.inputs,
                    outputs: layer.outputs,
                    vectors,
                },
                parameters: layer.parameters(),
                activation,
                params,
                trained: !layer.frozen,
                x: with_ones(layer.inputs),
                z: zeros(layer.outputs),
                slope: zeros(layer.outputs),
                d: zeros(layer.outputs),
            })
        });
        Some(Self {
            layers: dense.collect(),
            output: zeros(plan.network.outputs()),
            target: zeros(plan.network.outputs()),
            x_t: vec![T::lit(0.0); simd::batch_major_stride(widest) * stride],
            scratch: [zeros(1), zeros(1)],
            loss,
            loss_params,
            first_trained,
            stride,
        })
    }

    /// The batch's mean loss; `gradients` of all layers that are trained.
    pub(super) fn run(
        &mut self,
        (inputs, targets): (&[T], &[T]),
        rows: &[u32],
        parameters: &[T],
        gradients: &mut [T],
    ) -> f64 {
        let (stride, batch) = (self.stride, rows.len());
        let outputs = self.target.len() / stride;
        if let Some(first) = self.layers.first_mut() {
            scatter(inputs, first.shape.inputs, rows, stride, &mut first.x);
        }
        scatter(targets, outputs, rows, stride, &mut self.target);
        for index in 0..self.layers.len() {
            let (before, after) = self.layers.split_at_mut(index + 1);
            let Some(layer) = before.last_mut() else {
                continue;
            };
            let out = match after.first_mut() {
                Some(next) => &mut next.x,
                None => &mut self.output,
            };
            simd::narrow_forward(
                layer.shape,
                &parameters[layer.parameters.clone()],
                &layer.x,
                &mut layer.z,
            );
            let count = layer.z.len();
            layer.activation.forward_with_slope(
                &layer.params,
                &layer.z,
                &mut out[..count],
                &mut layer.slope,
            );
        }
        let Some(last) = self.layers.last_mut() else {
            return 0.0;
        };
        let logits = self.loss.takes_logits();
        let loss = kernels::loss(
            Extent { batch, stride },
            (self.loss, &self.loss_params),
            if logits { &last.z } else { &self.output },
            &self.target,
            &mut last.d,
            &mut self.scratch,
        );
        if !logits {
            for (d, slope) in last.d.iter_mut().zip(&last.slope) {
                *d = *d * *slope;
            }
        }
        for index in (self.first_trained..self.layers.len()).rev() {
            let (below, above) = self.layers.split_at_mut(index);
            let Some(layer) = above.first() else {
                continue;
            };
            let place = layer.parameters.clone();
            let below = match below.last_mut() {
                Some(below) if index > self.first_trained => {
                    Some((below.slope.as_slice(), below.d.as_mut_slice()))
                }
                _ => None,
            };
            simd::narrow_backward(
                layer.shape,
                batch,
                (
                    &parameters[place.clone()],
                    layer.trained.then_some(&mut gradients[place]),
                ),
                (&layer.d, &layer.x),
                &mut self.x_t,
                below,
            );
        }
        loss
    }
}

/// Rows of row-major `values` to feature-major `out`; what lies behind the batch stays and is not used.
fn scatter<T: Float>(values: &[T], columns: usize, rows: &[u32], stride: usize, out: &mut [T]) {
    let out = &mut out[..columns * stride];
    for (sample, row) in rows.iter().enumerate() {
        let start = *row as usize * columns;
        let values = &values[start..start + columns];
        for (out, value) in out.chunks_exact_mut(stride).zip(values) {
            out[sample] = *value;
        }
    }
}
