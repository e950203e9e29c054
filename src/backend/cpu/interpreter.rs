//! Runs a plan on the CPU. Everything is allocated when the plan is loaded, nothing per step.

use std::mem::take;
use std::ops::Range;
use std::rc::Rc;

use super::kernels::{self, Extent};
use super::narrow::NarrowStep;
use super::simd::{self, FUSED_INPUTS, LANES, Matrix, Sizes, dense_tanh, mat_mul};
use crate::formula::activation::Activation;
use crate::formula::optimizer::{MAX_SCALARS, Optimizer};
use crate::formula::penalty;
use crate::model::{Layer, Nonlinearity};
use crate::plan::cost::BLOCK_ROWS;
use crate::plan::{BufferId, Layout, Op, Plan};
use crate::random::Random;
use crate::real::Float;

/// Samples that the forward pass of an evaluation takes at a time: its activations stay in cache.
const EVALUATION_BLOCK: usize = 64;

/// The rows that training draws from, resident for the whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct Resident<T> {
    /// `(rows, inputs)`, row-major; shared, since a new plan over the same data need not copy them.
    pub inputs: Rc<[T]>,
    /// `(rows, outputs)`, encoded as the loss wants them.
    pub targets: Vec<T>,
    /// Number of rows.
    pub rows: usize,
}

/// What differs from step to step.
#[derive(Debug, Clone)]
pub struct StepScalars {
    /// Number of updates before this one; part of dropout's random index.
    pub step: u64,
    /// Source of dropout masks.
    pub dropout: Random,
    /// Of each parameter group, see [`Interpreter::set_groups`].
    pub groups: Vec<Rates>,
}

/// What a parameter group moves by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Its learning rate.
    pub learning_rate: f64,
    /// The optimizer's scalars.
    pub optimizer: [f64; MAX_SCALARS],
}

struct Space<T> {
    buffers: Vec<Vec<T>>,
    scratch: [Vec<T>; 2],
    /// Working memory of products.
    pack: Vec<T>,
    stride: usize,
}

impl<T: Float> Space<T> {
    fn new(plan: &Plan, capacity: usize) -> Self {
        let stride = capacity.next_multiple_of(LANES);
        let zeros = |count: usize| vec![T::lit(0.0); count];
        let widths = plan
            .network
            .layers
            .iter()
            .map(|layer| layer.inputs.max(layer.outputs));
        let widest = widths.max().unwrap_or(0);
        Self {
            buffers: plan
                .buffers
                .iter()
                .map(|buffer| match buffer.layout {
                    Layout::FeatureMajor => zeros(buffer.features * stride),
                    Layout::BatchMajor if buffer.features == 0 => Vec::new(),
                    Layout::BatchMajor => {
                        // A 1 behind the features of each sample: see `simd::grad_parameters`.
                        let row = simd::batch_major_stride(buffer.features);
                        let mut values = zeros(row * capacity);
                        for row in values.chunks_exact_mut(row) {
                            row[buffer.features] = T::lit(1.0);
                        }
                        values
                    }
                })
                .collect(),
            scratch: [zeros(stride), zeros(stride)],
            pack: zeros(2 * LANES * widest),
            stride,
        }
    }
}

/// A loaded plan: parameters, gradients, optimizer state, working buffers and resident data.
pub struct Interpreter<T> {
    plan: Plan,
    data: Resident<T>,
    training: Space<T>,
    /// The shorter way to the gradients, where the plan allows it.
    narrow: Option<NarrowStep<T>>,
    evaluation: Space<T>,
    parameters: Vec<T>,
    gradients: Vec<T>,
    state: [Vec<T>; 3],
    /// Place of the first op behind the gradients.
    first_update: usize,
    /// Parameters of the layers that are not frozen, with their group; neighbours of one group are one range.
    trained: Vec<(Range<usize>, usize)>,
    /// Each layer's group.
    groups: Vec<usize>,
}

impl<T: Float> Interpreter<T> {
    /// Loads `plan` for batches of at most `capacity` rows of `data`, with `parameters` and fresh optimizer state: one
    /// value per parameter for each of the (at most three) `initial_state`s. By TensorFlow Playground's rule it is instead
    /// one state, 1 for a link that L1 has cut for good. All layers are of one parameter group.
    pub fn new(
        plan: Plan,
        capacity: usize,
        data: Resident<T>,
        parameters: Vec<T>,
        initial_state: &[f64],
    ) -> Self {
        let count = parameters.len();
        let tf_playground = plan
            .step
            .iter()
            .any(|op| matches!(op, Op::UpdateTfPlayground { .. }));
        let initial_state = if tf_playground { &[0.0] } else { initial_state };
        let groups = vec![0; plan.network.layers.len()];
        Self {
            narrow: NarrowStep::new(&plan, capacity),
            training: Space::new(&plan, capacity.min(BLOCK_ROWS)),
            evaluation: Space::new(&forward_only(&plan), EVALUATION_BLOCK),
            trained: trained_ranges(&plan, &groups),
            groups,
            first_update: plan
                .step
                .iter()
                .position(is_update)
                .unwrap_or(plan.step.len()),
            gradients: vec![T::lit(0.0); count],
            state: std::array::from_fn(|index| {
                initial_state
                    .get(index)
                    .map_or_else(Vec::new, |value| vec![T::lit(*value); count])
            }),
            plan,
            data,
            parameters,
        }
    }

    /// Says which parameter group each layer is of: the number of its rates in [`StepScalars::groups`].
    pub fn set_groups(&mut self, groups: &[usize]) {
        self.groups.copy_from_slice(groups);
        self.trained = trained_ranges(&self.plan, &self.groups);
    }

    /// Takes steps of `shape`, which must be this plan's, by code made for it: `function` is its place in this module's
    /// table, `scratch` the bytes of working memory that it wants.
    ///
    /// # Safety
    /// What is there is what the shape's `compile` gave, and that is what it wants.
    #[cfg(target_arch = "wasm32")]
    #[allow(unsafe_code, reason = "code from outside")]
    pub unsafe fn use_code(
        &mut self,
        shape: &crate::backend::wasm::Shape,
        function: usize,
        scratch: usize,
    ) {
        if let Some(narrow) = &mut self.narrow {
            // SAFETY: the caller's.
            narrow.compiled = unsafe { super::simd::Compiled::new(shape, function, scratch) };
        }
    }

    /// Whether steps go the shorter way.
    pub(crate) fn is_narrow(&self) -> bool {
        self.narrow.is_some()
    }

    /// The loaded plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The flat parameters, laid out as `Network` says.
    pub fn parameters(&self) -> &[T] {
        &self.parameters
    }

    /// The flat parameters, to be written.
    pub fn parameters_mut(&mut self) -> &mut [T] {
        &mut self.parameters
    }

    /// Gradients of the last step, laid out as the parameters; after clipping.
    pub fn gradients(&self) -> &[T] {
        &self.gradients
    }

    /// Optimizer state: up to three values per parameter.
    pub fn state(&self) -> &[Vec<T>; 3] {
        &self.state
    }

    /// Optimizer state, to be written.
    pub fn state_mut(&mut self) -> &mut [Vec<T>; 3] {
        &mut self.state
    }

    /// The resident rows.
    pub fn data(&self) -> &Resident<T> {
        &self.data
    }

    /// One training step on `rows` of the resident data; the batch's mean data loss.
    ///
    /// `rows` may be shorter than the capacity, not longer. More than [`BLOCK_ROWS`] are taken in blocks.
    pub fn step(&mut self, rows: &[u32], scalars: &StepScalars) -> f64 {
        let extent = Extent {
            batch: rows.len(),
            stride: self.training.stride,
            before: 0,
        };
        let mut loss = 0.0;
        let mut first = 0;
        if let Some(narrow) = &mut self.narrow {
            let data = (&*self.data.inputs, self.data.targets.as_slice());
            loss = narrow.run(data, rows, &self.parameters, &mut self.gradients);
            first = self.first_update;
            // Most plans end with this one op.
            if let [Op::Update { optimizer }] = self.plan.step[first..] {
                self.apply(optimizer, scalars);
                return loss;
            }
        }
        if rows.len() > BLOCK_ROWS {
            loss = self.in_blocks(rows, scalars);
            first = self.first_update;
        }
        for index in first..self.plan.step.len() {
            let op = self.plan.step[index];
            loss += self.run(op, extent, rows, scalars);
        }
        loss
    }

    /// The mean loss of a batch that is larger than the working memory, and its gradients: the mean of the blocks'.
    fn in_blocks(&mut self, rows: &[u32], scalars: &StepScalars) -> f64 {
        let mut sums = vec![T::lit(0.0); self.gradients.len()];
        let mut loss = 0.0;
        for (block, part) in rows.chunks(BLOCK_ROWS).enumerate() {
            let extent = Extent {
                batch: part.len(),
                stride: self.training.stride,
                before: block * BLOCK_ROWS,
            };
            let share = part.len() as f64 / rows.len() as f64;
            for index in 0..self.first_update {
                loss += share * self.run(self.plan.step[index], extent, part, scalars);
            }
            let share = T::lit(share);
            for (sum, gradient) in sums.iter_mut().zip(&self.gradients) {
                *sum = *sum + share * *gradient;
            }
        }
        self.gradients.copy_from_slice(&sums);
        loss
    }

    /// Mean data loss of `rows` (at most the capacity, and [`BLOCK_ROWS`]) and its gradients, without an update: neither penalty nor
    /// clipping is in them. `dropout` is the source of masks where the plan has any.
    pub fn backward(&mut self, rows: &[u32], dropout: Random) -> f64 {
        if let Some(narrow) = &mut self.narrow {
            let data = (&*self.data.inputs, self.data.targets.as_slice());
            return narrow.run(data, rows, &self.parameters, &mut self.gradients);
        }
        let extent = Extent {
            batch: rows.len(),
            stride: self.training.stride,
            before: 0,
        };
        let scalars = StepScalars {
            step: 0,
            dropout,
            groups: Vec::new(),
        };
        (0..self.first_update)
            .map(|index| self.run(self.plan.step[index], extent, rows, &scalars))
            .sum()
    }

    /// Forward pass over `count` samples of feature-major `x (inputs, count)`: blocks of them through as many layers as
    /// there are `maps`. A layer's map takes its activations `(outputs, count)`; an empty one is not wanted.
    pub fn forward_maps(&mut self, x: &[T], count: usize, maps: &mut [Vec<T>]) {
        let Space {
            buffers,
            scratch,
            pack,
            stride,
        } = &mut self.evaluation;
        let (plan, stride) = (&self.plan, *stride);
        for start in (0..count).step_by(EVALUATION_BLOCK) {
            let batch = EVALUATION_BLOCK.min(count - start);
            for (index, layer) in plan.network.layers.iter().enumerate().take(maps.len()) {
                let (below, map) = maps.split_at_mut(index);
                let (z, a) = (plan.pre_activations[index], plan.activations[index]);
                let (mut sums, mut values) = (take(&mut buffers[z]), take(&mut buffers[a]));
                let weights = Matrix {
                    values: &self.parameters[layer.weight()],
                    row_stride: layer.inputs,
                    column_stride: 1,
                };
                let sizes = Sizes {
                    m: layer.outputs,
                    n: batch,
                    k: layer.inputs,
                };
                let bias = &self.parameters[layer.bias()];
                let inputs = match below.last() {
                    None => (&x[start..], count),
                    Some(map) if !map.is_empty() => (&map[start..], count),
                    Some(_) => (&*buffers[plan.activations[index - 1]], stride),
                };
                let map = map[0].get_mut(start..).filter(|map| !map.is_empty());
                match layer.activation {
                    Nonlinearity::ElementWise(Activation::Tanh, _)
                        if layer.inputs <= FUSED_INPUTS =>
                    {
                        let out = map.map_or((&mut *values, stride), |map| (map, count));
                        dense_tanh(sizes, (weights, bias), inputs, out);
                    }
                    Nonlinearity::ElementWise(activation, params) => {
                        let product = (&mut *sums, stride);
                        mat_mul(sizes, weights, inputs, product, Some(bias), pack);
                        let (out, out_stride) =
                            map.map_or((&mut *values, stride), |map| (map, count));
                        for (z, a) in sums.chunks_exact(stride).zip(out.chunks_mut(out_stride)) {
                            activation.forward(&params, &z[..batch], &mut a[..batch]);
                        }
                    }
                    Nonlinearity::Softmax => {
                        let extent = Extent {
                            batch,
                            stride,
                            before: 0,
                        };
                        let product = (&mut *sums, stride);
                        mat_mul(sizes, weights, inputs, product, Some(bias), pack);
                        kernels::softmax(extent, &sums, &mut values, scratch);
                        let rows = map.into_iter().flat_map(|map| map.chunks_mut(count));
                        for (from, to) in values.chunks_exact(stride).zip(rows) {
                            to[..batch].copy_from_slice(&from[..batch]);
                        }
                    }
                }
                (buffers[z], buffers[a]) = (sums, values);
            }
        }
    }

    /// Forward pass over rows of the resident data, block by block: `visit(start, batch, stride, buffers)` reads the working
    /// buffers, see [`Plan::activations`].
    pub fn forward_rows(
        &mut self,
        rows: &[u32],
        mut visit: impl FnMut(usize, usize, usize, &[Vec<T>]),
    ) {
        let stride = self.evaluation.stride;
        let columns = self.plan.network.inputs;
        for (block, rows) in rows.chunks(EVALUATION_BLOCK).enumerate() {
            let batch = rows.len();
            let extent = Extent {
                batch,
                stride,
                before: 0,
            };
            let x = (&mut *self.evaluation.buffers[self.plan.input], stride);
            simd::gather(&self.data.inputs, columns, rows, x, None);
            for op in &self.plan.forward {
                run_forward(
                    *op,
                    extent,
                    &self.plan,
                    &self.parameters,
                    &mut self.evaluation,
                );
            }
            let start = block * EVALUATION_BLOCK;
            visit(start, batch, stride, &self.evaluation.buffers);
        }
    }

    fn run(&mut self, op: Op, extent: Extent, rows: &[u32], scalars: &StepScalars) -> f64 {
        let Space {
            buffers,
            scratch,
            pack,
            stride,
        } = &mut self.training;
        match op {
            Op::Gather { x, x_t, y } => {
                let columns = self.plan.network.inputs;
                let mut by_sample = take(&mut buffers[x_t]);
                simd::gather(
                    &self.data.inputs,
                    columns,
                    rows,
                    (&mut buffers[x], *stride),
                    Some(&mut by_sample),
                );
                buffers[x_t] = by_sample;
                simd::gather(
                    &self.data.targets,
                    self.plan.network.outputs(),
                    rows,
                    (&mut buffers[y], *stride),
                    None,
                );
            }
            Op::MatMul { .. } | Op::Activate { .. } | Op::Softmax { .. } => {
                run_forward(op, extent, &self.plan, &self.parameters, &mut self.training);
            }
            Op::Dropout {
                layer,
                rate,
                a,
                slope,
            } => {
                let mut out = take(&mut buffers[a]);
                let mut slopes = take(&mut buffers[slope]);
                kernels::dropout(
                    extent,
                    &scalars.dropout,
                    (scalars.step, layer, rate),
                    &mut out,
                    &mut slopes,
                );
                buffers[a] = out;
                buffers[slope] = slopes;
            }
            Op::Loss {
                loss,
                params,
                y_hat,
                y,
                d,
            } => {
                let mut out = take(&mut buffers[d]);
                let value = kernels::loss(
                    extent,
                    (loss, &params),
                    &buffers[y_hat],
                    &buffers[y],
                    &mut out,
                    scratch,
                );
                buffers[d] = out;
                return value;
            }
            Op::CrossEntropy { z, y, d } => {
                let mut out = take(&mut buffers[d]);
                let value =
                    kernels::cross_entropy(extent, &buffers[z], &buffers[y], &mut out, scratch);
                buffers[d] = out;
                return value;
            }
            Op::SoftmaxGrad { a, d } => {
                let mut out = take(&mut buffers[d]);
                kernels::softmax_grad(extent, &buffers[a], &mut out, scratch);
                buffers[d] = out;
            }
            Op::Multiply { d, by } => {
                let mut out = take(&mut buffers[d]);
                for (d, by) in out.iter_mut().zip(&buffers[by]) {
                    *d = *d * *by;
                }
                buffers[d] = out;
            }
            Op::Transpose { x, x_t } => {
                let mut out = take(&mut buffers[x_t]);
                let features = self.plan.buffers[x].features;
                simd::transpose((features, extent.batch), (&buffers[x], *stride), &mut out);
                buffers[x_t] = out;
            }
            Op::GradWeight { layer, d_z, x_t } => {
                // The bias's gradient comes with it.
                let layer = &self.plan.network.layers[layer];
                simd::grad_parameters(
                    (layer.outputs, layer.inputs, extent.batch),
                    (&buffers[d_z], *stride),
                    &buffers[x_t],
                    &mut self.gradients[layer.parameters()],
                );
            }
            Op::GradBias { .. } => {}
            Op::GradInput { layer, d_z, d_x } => {
                let layer = &self.plan.network.layers[layer];
                let mut out = take(&mut buffers[d_x]);
                let weight = &self.parameters[layer.weight()];
                let a = Matrix {
                    values: weight,
                    row_stride: 1,
                    column_stride: layer.inputs,
                };
                let sizes = Sizes {
                    m: layer.inputs,
                    n: extent.batch.next_multiple_of(LANES),
                    k: layer.outputs,
                };
                mat_mul(
                    sizes,
                    a,
                    (&buffers[d_z], *stride),
                    (&mut out, *stride),
                    None,
                    pack,
                );
                buffers[d_x] = out;
            }
            Op::GradPenalty { .. }
            | Op::ClipNorm { .. }
            | Op::ClipValue { .. }
            | Op::Decay { .. }
            | Op::Update { .. }
            | Op::SoftThreshold { .. }
            | Op::MaxNorm { .. }
            | Op::UpdateTfPlayground { .. } => self.update(op, scalars),
        }
        0.0
    }

    fn update(&mut self, op: Op, scalars: &StepScalars) {
        if let Op::ClipNorm { limit } = op {
            self.clip_norm(limit);
            return;
        }
        if let Op::Update { optimizer } = op {
            self.apply(optimizer, scalars);
            return;
        }
        for (layer, &group) in self.plan.network.layers.iter().zip(&self.groups) {
            if layer.frozen {
                continue;
            }
            let rate = scalars.groups[group].learning_rate;
            let weights = &mut self.parameters[layer.weight()];
            match op {
                Op::GradPenalty { lambda } => {
                    penalty::add_smooth_slope(lambda, weights, &mut self.gradients[layer.weight()]);
                }
                Op::ClipValue { limit } => {
                    penalty::clamp_all(limit, &mut self.gradients[layer.parameters()]);
                }
                Op::Decay { lambda } => {
                    penalty::scale(1.0 - rate * lambda, weights);
                }
                Op::SoftThreshold { lambda } => {
                    penalty::shrink(rate * lambda, weights);
                }
                Op::MaxNorm { limit } => bound_rows(weights, layer.inputs, limit),
                Op::UpdateTfPlayground { l1, l2 } => {
                    tf_playground_update(
                        layer,
                        rate,
                        (l1, l2),
                        &mut self.parameters,
                        &self.gradients,
                        &mut self.state[0],
                    );
                }
                Op::Gather { .. }
                | Op::MatMul { .. }
                | Op::Activate { .. }
                | Op::Softmax { .. }
                | Op::Dropout { .. }
                | Op::Loss { .. }
                | Op::CrossEntropy { .. }
                | Op::SoftmaxGrad { .. }
                | Op::Multiply { .. }
                | Op::Transpose { .. }
                | Op::GradWeight { .. }
                | Op::GradBias { .. }
                | Op::GradInput { .. }
                | Op::ClipNorm { .. }
                | Op::Update { .. } => {}
            }
        }
    }

    /// One optimizer step on every trained parameter.
    fn apply(&mut self, optimizer: Optimizer, scalars: &StepScalars) {
        for (range, group) in &self.trained {
            // States that the optimizer does not have are empty.
            let state = self.state.each_mut().map(|state| {
                if state.is_empty() {
                    &mut [][..]
                } else {
                    &mut state[range.clone()]
                }
            });
            optimizer.update_all(
                &mut self.parameters[range.clone()],
                &self.gradients[range.clone()],
                state,
                &scalars.groups[*group].optimizer,
            );
        }
    }

    /// The norm is over all trained parameters together, as in `torch.nn.utils.clip_grad_norm_`.
    fn clip_norm(&mut self, limit: f64) {
        let trained = || {
            self.plan
                .network
                .layers
                .iter()
                .filter(|layer| !layer.frozen)
        };
        let mut sum = 0.0;
        for layer in trained() {
            for gradient in &self.gradients[layer.parameters()] {
                sum += gradient.to_f64() * gradient.to_f64();
            }
        }
        let factor = penalty::norm_factor(sum.sqrt(), limit);
        if factor < 1.0 {
            for layer in trained() {
                penalty::scale(factor, &mut self.gradients[layer.parameters()]);
            }
        }
    }
}

/// Lets `run` write one buffer while it reads the others.
fn write<T>(buffers: &mut [Vec<T>], out: BufferId, run: impl FnOnce(&[Vec<T>], &mut [T])) {
    let mut taken = take(&mut buffers[out]);
    run(buffers, &mut taken);
    buffers[out] = taken;
}

fn run_forward<T: Float>(
    op: Op,
    extent: Extent,
    plan: &Plan,
    parameters: &[T],
    space: &mut Space<T>,
) {
    let Space {
        buffers,
        scratch,
        pack,
        stride,
    } = space;
    match op {
        Op::MatMul { layer, x, z } => {
            let layer = &plan.network.layers[layer];
            let a = Matrix {
                values: &parameters[layer.weight()],
                row_stride: layer.inputs,
                column_stride: 1,
            };
            let sizes = Sizes {
                m: layer.outputs,
                n: extent.batch.next_multiple_of(LANES),
                k: layer.inputs,
            };
            let bias = &parameters[layer.bias()];
            write(buffers, z, |buffers, out| {
                mat_mul(
                    sizes,
                    a,
                    (&buffers[x], *stride),
                    (out, *stride),
                    Some(bias),
                    pack,
                );
            });
        }
        Op::Activate {
            activation,
            params,
            z,
            a,
            slope,
        } => match slope {
            Some(slope) => {
                let mut slopes = take(&mut buffers[slope]);
                write(buffers, a, |buffers, out| {
                    activation.forward_with_slope(&params, &buffers[z], out, &mut slopes);
                });
                buffers[slope] = slopes;
            }
            None => write(buffers, a, |buffers, out| {
                activation.forward(&params, &buffers[z], out)
            }),
        },
        Op::Softmax { z, a } => {
            write(buffers, a, |buffers, out| {
                kernels::softmax(extent, &buffers[z], out, scratch)
            });
        }
        Op::Gather { .. }
        | Op::Dropout { .. }
        | Op::Loss { .. }
        | Op::CrossEntropy { .. }
        | Op::SoftmaxGrad { .. }
        | Op::Multiply { .. }
        | Op::Transpose { .. }
        | Op::GradWeight { .. }
        | Op::GradBias { .. }
        | Op::GradInput { .. }
        | Op::GradPenalty { .. }
        | Op::ClipNorm { .. }
        | Op::ClipValue { .. }
        | Op::Decay { .. }
        | Op::Update { .. }
        | Op::SoftThreshold { .. }
        | Op::MaxNorm { .. }
        | Op::UpdateTfPlayground { .. } => debug_assert!(false, "{op:?} is no forward op"),
    }
}

fn trained_ranges(plan: &Plan, groups: &[usize]) -> Vec<(Range<usize>, usize)> {
    let mut ranges: Vec<(Range<usize>, usize)> = Vec::new();
    for (layer, &group) in plan.network.layers.iter().zip(groups) {
        if layer.frozen {
            continue;
        }
        let next = layer.parameters();
        match ranges.last_mut() {
            Some((last, of)) if last.end == next.start && *of == group => last.end = next.end,
            _ => ranges.push((next, group)),
        }
    }
    ranges
}

/// Whether the op works on parameters and gradients alone.
fn is_update(op: &Op) -> bool {
    match op {
        Op::Gather { .. }
        | Op::MatMul { .. }
        | Op::Activate { .. }
        | Op::Softmax { .. }
        | Op::Dropout { .. }
        | Op::Loss { .. }
        | Op::CrossEntropy { .. }
        | Op::SoftmaxGrad { .. }
        | Op::Multiply { .. }
        | Op::Transpose { .. }
        | Op::GradWeight { .. }
        | Op::GradBias { .. }
        | Op::GradInput { .. } => false,
        Op::GradPenalty { .. }
        | Op::ClipNorm { .. }
        | Op::ClipValue { .. }
        | Op::Decay { .. }
        | Op::Update { .. }
        | Op::SoftThreshold { .. }
        | Op::MaxNorm { .. }
        | Op::UpdateTfPlayground { .. } => true,
    }
}

/// The plan with only those buffers kept that the forward pass uses; numbers stay.
fn forward_only(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    let mut used = vec![false; plan.buffers.len()];
    for id in plan
        .pre_activations
        .iter()
        .chain(&plan.activations)
        .chain([&plan.input])
    {
        used[*id] = true;
    }
    for (buffer, used) in plan.buffers.iter_mut().zip(used) {
        if !used {
            buffer.features = 0;
        }
    }
    plan
}

fn bound_rows<T: Float>(weights: &mut [T], inputs: usize, limit: f64) {
    for row in weights.chunks_exact_mut(inputs) {
        let norm = row
            .iter()
            .map(|weight| weight.to_f64() * weight.to_f64())
            .sum::<f64>()
            .sqrt();
        if norm > limit {
            penalty::scale(limit / norm, row);
        }
    }
}

/// `w -= rate g`, then `w -= rate * penalty'(w before)`; with L1 a weight that crosses 0 stays 0 for ever.
fn tf_playground_update<T: Float>(
    layer: &Layer,
    rate: f64,
    (l1, l2): (f64, f64),
    parameters: &mut [T],
    gradients: &[T],
    cut: &mut [T],
) {
    let zero = T::lit(0.0);
    let (rate, l1_step, l2_step) = (T::lit(rate), T::lit(rate * l1), T::lit(rate * l2));
    for index in layer.bias() {
        parameters[index] = parameters[index] - rate * gradients[index];
    }
    for index in layer.weight() {
        if cut[index] != zero {
            continue;
        }
        let before = parameters[index];
        let moved = before - rate * gradients[index];
        let penalised = moved - l1_step * before.sign() - l2_step * before;
        if l1 > 0.0 && moved * penalised < zero {
            parameters[index] = zero;
            cut[index] = T::lit(1.0);
        } else {
            parameters[index] = penalised;
        }
    }
}
