//! The training step of a narrow network: whole passes at a time, with as little as possible between them.
//!
//! A playground's network has a few neurons and a batch of ten: its sums take less time than walking through the ops that
//! ask for them. A plan of plain layers is therefore run by this shorter way. The arithmetic, and the order of every sum,
//! are those of the ops.

#[cfg(target_arch = "wasm32")]
use super::simd::Compiled;
use super::simd::{LANES, Layers, NARROW_VECTORS};
use crate::backend::wasm::layers_of;
use crate::formula::loss::Loss;
use crate::plan::Plan;
use crate::real::Float;

/// Wider layers gain nothing here.
const MAX_WIDTH: usize = 32;

/// The step up to the gradients, compiled for one plan and one size of batch.
pub(super) struct NarrowStep<T> {
    layers: Layers<T>,
    /// The loss of each output and sample.
    values: Vec<T>,
    loss: Loss,
    loss_params: [f64; 2],
    outputs: usize,
    /// The same as code made for this network.
    #[cfg(target_arch = "wasm32")]
    pub(super) compiled: Option<Compiled>,
}

impl<T: Float> NarrowStep<T> {
    /// `None` where the plan has anything that is not a plain layer or an element-wise loss, or is wide.
    pub(super) fn new(plan: &Plan, capacity: usize) -> Option<Self> {
        let (layers, loss, loss_params) = layers_of(plan)?;
        let narrow = layers
            .iter()
            .all(|layer| layer.inputs.max(layer.outputs) <= MAX_WIDTH);
        let vectors = capacity.div_ceil(LANES);
        let outputs = plan.network.outputs();
        if vectors > NARROW_VECTORS || !narrow {
            return None;
        }
        Some(Self {
            layers: Layers::new(&layers, vectors)?,
            values: vec![T::lit(0.0); outputs * vectors * LANES],
            loss,
            loss_params,
            outputs,
            #[cfg(target_arch = "wasm32")]
            compiled: None,
        })
    }

    /// The batch's mean loss; `gradients` of all layers that are trained.
    #[inline(never)]
    pub(super) fn run(
        &mut self,
        (inputs, targets): (&[T], &[T]),
        rows: &[u32],
        parameters: &[T],
        gradients: &mut [T],
    ) -> f64 {
        #[cfg(target_arch = "wasm32")]
        if let Some(compiled) = &mut self.compiled
            && let Some(loss) = compiled.run((inputs, targets), rows, parameters, gradients)
        {
            return loss;
        }
        self.layers.gather(inputs, targets, rows);
        self.layers.forward(parameters);
        let loss = self.judge(rows.len());
        self.layers.backward(rows.len(), parameters, gradients);
        loss
    }

    /// The batch's mean loss, and its derivative by the last layer's weighted sums.
    fn judge(&mut self, batch: usize) -> f64 {
        let stride = self.layers.stride();
        let last = self.layers.last();
        let logits = self.loss.takes_logits();
        self.loss.forward_with_slope(
            &self.loss_params,
            if logits { last.z } else { last.output },
            last.target,
            &mut self.values,
            last.d,
        );
        let count = (batch * self.outputs) as f64;
        let scale = T::lit(1.0 / count);
        let mut total = 0.0;
        for ((values, d), slope) in self
            .values
            .chunks_exact(stride)
            .zip(last.d.chunks_exact_mut(stride))
            .zip(last.slope.chunks_exact(stride))
        {
            let values = values[..batch].iter();
            total += values.map(|value| value.to_f64()).sum::<f64>();
            for (sample, (d, slope)) in d.iter_mut().zip(slope).enumerate() {
                let by_output = *d * scale;
                let by_sum = if logits {
                    by_output
                } else {
                    by_output * *slope
                };
                // Behind the batch there is nothing to learn from.
                *d = if sample < batch { by_sum } else { T::lit(0.0) };
            }
        }
        total / count
    }
}
