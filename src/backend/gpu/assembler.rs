//! A plan as records for the resident kernel, and whether a workgroup can take it.

use super::Start;
use super::device::Trouble;
use super::fuse::{Dense, Fused, Update};
use super::source::{Code, OP_WORDS};
use super::steps::{STEP_WORDS, dropout, real, word};
use crate::model::{Layer, Network};
use crate::plan::{BufferId, Plan};

const NONE: u32 = u32::MAX;
/// Elements of one operation: beyond, the kernel's division by a rounded inverse is not exact.
pub(super) const MOST_ELEMENTS: usize = 1 << 20;

/// Iterations of loops that one dispatch may take: Mesa's software driver ends every loop of an invocation, without a
/// word, once they have made 65,535 together. It also keeps dispatches far under the patience of drivers' watchdogs.
pub(super) const MOST_ITERATIONS: usize = 48_000;

/// A run's program: records, and where its values lie in its memory.
pub(super) struct Program {
    pub(super) words: Vec<u32>,
    pub(super) codes: Vec<(Code, bool)>,
    /// Words of memory that must survive a dispatch: parameters, gradients, state.
    pub(super) kept: usize,
    /// All words of memory.
    pub(super) memory: usize,
    pub(super) states: usize,
    pub(super) loss_items: usize,
    /// Iterations of loops that a step takes, at most.
    pub(super) iterations: usize,
}

pub(super) struct Assembler<'a> {
    pub(super) network: &'a Network,
    /// Each layer's parameter group.
    pub(super) groups: &'a [usize],
    pub(super) stride: usize,
    pub(super) places: Vec<Option<usize>>,
    pub(super) features: Vec<usize>,
    pub(super) next: usize,
    pub(super) count: usize,
    pub(super) states: usize,
    pub(super) records: Vec<[u32; OP_WORDS]>,
    pub(super) codes: Vec<(Code, bool)>,
    pub(super) loss_items: usize,
    pub(super) iterations: usize,
    /// Invocations of a workgroup.
    pub(super) size: usize,
}

impl Assembler<'_> {
    /// Where a working buffer starts; it gets its place when it is first named.
    pub(super) fn place(&mut self, buffer: BufferId) -> u32 {
        let place = *self.places[buffer].get_or_insert_with(|| {
            let place = self.next;
            self.next += self.features[buffer] * self.stride;
            place
        });
        word(place)
    }

    pub(super) fn place_of(&mut self, buffer: Option<BufferId>) -> u32 {
        buffer.map_or(NONE, |buffer| self.place(buffer))
    }

    /// Counts a loop over elements, shared by the workgroup, with loops of `inner` iterations inside.
    pub(super) fn loops(&mut self, elements: usize, inner: usize) {
        self.iterations += 1 + elements.div_ceil(self.size) * (inner + 2);
    }

    pub(super) fn push(&mut self, code: Code, words: &[u32], barrier: bool) {
        let mut record = [0; OP_WORDS];
        record[0] = code as u32;
        record[1..=words.len()].copy_from_slice(words);
        record[OP_WORDS - 1] = u32::from(barrier);
        self.records.push(record);
        self.codes.push((code, barrier));
    }

    pub(super) fn barrier_before(&mut self) {
        if let (Some(record), Some(code)) = (self.records.last_mut(), self.codes.last_mut()) {
            record[OP_WORDS - 1] = 1;
            code.1 = true;
        }
    }

    pub(super) fn add(&mut self, op: &Fused, update: Option<&Update>) {
        let network = self.network;
        match *op {
            Fused::Gather { x, y } => {
                let words = [
                    self.place(x),
                    word(network.inputs),
                    self.place(y),
                    word(network.outputs()),
                ];
                self.loops((network.inputs + network.outputs()) * self.stride, 0);
                self.push(Code::Gather, &words, true);
            }
            Fused::Dense(Dense {
                layer,
                x,
                z,
                activation,
                a,
                slope,
                dropout: rate,
            }) => {
                let number = word(layer);
                let layer = &network.layers[layer];
                let (row, params) =
                    activation.map_or((NONE, [0.0; 2]), |(row, params)| (row as u32, params));
                let (threshold, factor) = dropout(rate);
                let words = [
                    word(layer.weight().start),
                    word(layer.bias().start),
                    word(layer.inputs),
                    word(layer.outputs),
                    self.place(x),
                    self.place_of(z),
                    self.place_of(a),
                    self.place_of(slope),
                    row,
                    real(params[0]),
                    real(params[1]),
                    threshold,
                    factor,
                    number,
                ];
                self.loops(layer.outputs * self.stride, layer.inputs);
                self.push(Code::Dense, &words, true);
            }
            Fused::Softmax { z, a } => {
                let words = [self.place(z), self.place(a), word(self.features[z])];
                self.loops(self.stride, 3 * self.features[z]);
                self.push(Code::Softmax, &words, true);
            }
            Fused::Loss {
                loss,
                params,
                y_hat,
                y,
                d,
                by,
            } => {
                let words = [
                    loss as u32,
                    real(params[0]),
                    real(params[1]),
                    self.place(y_hat),
                    self.place(y),
                    self.place(d),
                    word(self.features[d]),
                    self.place_of(by),
                ];
                self.loss_items = self.features[d];
                self.loops(self.features[d] * self.stride, 0);
                self.push(Code::Loss, &words, true);
            }
            Fused::CrossEntropy { z, y, d } => {
                let words = [
                    self.place(z),
                    self.place(y),
                    self.place(d),
                    word(self.features[d]),
                ];
                self.loss_items = 1;
                self.loops(self.stride, 4 * self.features[d]);
                self.push(Code::CrossEntropy, &words, true);
            }
            Fused::SoftmaxGrad { a, d } => {
                let words = [self.place(a), self.place(d), word(self.features[d])];
                self.loops(self.stride, 2 * self.features[d]);
                self.push(Code::SoftmaxGrad, &words, true);
            }
            Fused::Multiply { d, by } => {
                let words = [self.place(d), self.place(by), word(self.features[d])];
                self.loops(self.features[d] * self.stride, 0);
                self.push(Code::Multiply, &words, true);
            }
            Fused::GradInput {
                layer,
                d_z,
                d_x,
                by,
            } => {
                let layer = &network.layers[layer];
                let words = [
                    word(layer.weight().start),
                    word(layer.inputs),
                    word(layer.outputs),
                    self.place(d_z),
                    self.place(d_x),
                    self.place_of(by),
                ];
                self.loops(layer.inputs * self.stride, layer.outputs);
                self.push(Code::GradInput, &words, true);
            }
            Fused::Gradients { layer, d_z, x } => {
                let layer = &network.layers[layer];
                let words = [
                    self.place(d_z),
                    self.place(x),
                    word(layer.inputs),
                    word(layer.weight().len()),
                    word(layer.parameters().len()),
                    word(self.count + layer.offset),
                    real(1.0 / layer.inputs as f64),
                    real(update.map_or(0.0, |update| update.l2)),
                    word(layer.offset),
                ];
                self.loops(layer.parameters().len(), self.stride);
                // Only the update reads gradients, and there every invocation those that it made itself.
                self.push(Code::Gradients, &words, false);
            }
            Fused::Update(update) => self.add_update(&update),
        }
    }

    pub(super) fn add_update(&mut self, update: &Update) {
        let network = self.network;
        let groups = self.groups;
        let trained = || {
            let layers = network.layers.iter().zip(groups);
            layers.filter(|(layer, _)| !layer.frozen)
        };
        let to_group = |group: usize| word(group * STEP_WORDS);
        let count = self.count;
        let common = |layer: &Layer| {
            [
                word(layer.offset),
                word(layer.weight().len()),
                word(layer.parameters().len()),
                word(count + layer.offset),
                word(2 * count + layer.offset),
            ]
        };
        if let Some((l1, _)) = update.tf_playground {
            for (layer, &group) in trained() {
                let mut words = common(layer).to_vec();
                words.extend([u32::from(l1 > 0.0), to_group(group)]);
                self.loops(layer.parameters().len(), 0);
                self.push(Code::TfPlayground, &words, false);
            }
        }
        if let Some(optimizer) = update.optimizer {
            if update.clip_norm > 0.0 {
                self.loops(1, self.size);
                self.push(Code::Norm, &[real(update.clip_norm)], false);
            }
            let parts = u32::from(update.clip_norm > 0.0)
                + 2 * u32::from(update.decay > 0.0)
                + 4 * u32::from(update.l1 > 0.0);
            for (layer, &group) in trained() {
                let mut words = common(layer).to_vec();
                words.extend([
                    word(count),
                    word(self.states),
                    optimizer as u32,
                    real(update.clip_value),
                    parts,
                    to_group(group),
                ]);
                // Ten for the scalars.
                self.loops(layer.parameters().len(), 0);
                self.iterations += 10;
                self.push(Code::Update, &words, false);
            }
            if update.max_norm > 0.0 {
                self.barrier_before();
                for (layer, _) in trained() {
                    let words = [
                        word(layer.offset),
                        word(layer.inputs),
                        word(layer.outputs),
                        real(update.max_norm),
                    ];
                    self.loops(layer.outputs, 2 * layer.inputs);
                    self.push(Code::MaxNorm, &words, false);
                }
            }
        }
        self.barrier_before();
    }
}

pub(super) fn assemble(
    plan: &Plan,
    capacity: usize,
    states: usize,
    groups: &[usize],
    fused: &[Fused],
    size: usize,
) -> Program {
    let count = plan.network.parameter_count();
    let kept = count * (2 + states);
    let update = fused.iter().find_map(|op| match op {
        Fused::Update(update) => Some(update),
        _ => None,
    });
    let mut assembler = Assembler {
        network: &plan.network,
        groups,
        stride: capacity,
        places: vec![None; plan.buffers.len()],
        features: plan.buffers.iter().map(|buffer| buffer.features).collect(),
        next: kept,
        count,
        states,
        records: Vec::new(),
        codes: Vec::new(),
        loss_items: 0,
        iterations: 0,
        size,
    };
    for op in fused {
        assembler.add(op, update);
    }
    // A step of a network that is frozen throughout ends with its loss, which the next step must not overwrite.
    assembler.barrier_before();
    Program {
        words: assembler.records.concat(),
        codes: assembler.codes,
        kept,
        memory: assembler.next,
        states,
        loss_items: assembler.loss_items,
        // The loop over steps, that over records, and the sum of the loss.
        iterations: assembler.iterations + 1 + fused.len() * 3 + size,
    }
}

/// How many steps fit into [`MOST_ITERATIONS`].
pub(super) fn steps_per_dispatch(
    start: &Start<'_>,
    program: &Program,
    size: usize,
) -> Result<usize, Trouble> {
    let rows = start.rows.len();
    let order = rows + 3 * rows.div_ceil(size);
    let epoch = (rows / start.capacity.max(1)).max(1);
    let step = program.iterations + order.div_ceil(epoch);
    // Values in and out, and one order more than the average has.
    let once = order + 2 * program.kept.div_ceil(size) + 2;
    if once + step > MOST_ITERATIONS {
        return Err(Trouble::Mismatch {
            message: format!("{} iterations a step are too many for one workgroup", step),
        });
    }
    Ok((MOST_ITERATIONS - once) / step)
}

pub(super) fn check_size(start: &Start<'_>) -> Result<(), Trouble> {
    let network = &start.plan.network;
    let widest = network
        .layers
        .iter()
        .map(|layer| layer.outputs)
        .max()
        .unwrap_or(0)
        .max(network.inputs + network.outputs());
    let most = (widest * start.capacity).max(network.parameter_count());
    if most > MOST_ELEMENTS || start.rows.is_empty() {
        return Err(Trouble::Mismatch {
            message: format!("{most} elements are too many for one workgroup"),
        });
    }
    if start.parameters.len() != network.parameter_count()
        || start
            .state
            .iter()
            .any(|state| state.len() != start.parameters.len())
        || start.state.len() > 3
    {
        return Err(Trouble::Mismatch {
            message: "parameters or state are not the network's".to_owned(),
        });
    }
    Ok(())
}
