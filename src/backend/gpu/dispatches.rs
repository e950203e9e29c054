//! The dispatches of a plan for the layered interpreter, with the records that their kernels read.

use std::ops::Range;

use super::fuse::{Dense, Fused, Update};
use super::quads::Values;
use super::source::StepShape;
use super::steps::{dropout, real, word};
use crate::plan::{BufferId, Plan};

const NONE: u32 = u32::MAX;
/// Words from one record to the next: dynamic offsets are multiples of 256 bytes.
pub(super) const RECORD: usize = 64;

/// How matrix products are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Tiles in workgroup memory.
    Tiles,
    /// A block of outputs per invocation, without workgroup memory.
    Blocks,
    /// A block of outputs for four invocations that lend each other values; where the device has subgroups.
    Quads,
}

/// The kernels' entry points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernel {
    Gather,
    Forward,
    Backward,
    Gradient,
    Softmax,
    Loss,
    CrossEntropy,
    SoftmaxGrad,
    Multiply,
    Norm,
    Update,
    MaxNorm,
    TfPlayground,
}

impl Program {
    /// What of its step is the same for every element.
    pub(super) fn shape(&self, frozen: bool) -> StepShape {
        let mut shape = StepShape::default();
        for (dispatch, record) in self.dispatches.iter().zip(self.records.chunks(RECORD)) {
            match dispatch.kernel {
                Kernel::Forward => shape.dropout |= record[16] > 0,
                Kernel::Gradient => shape.l2 |= f32::from_bits(record[11]) > 0.0,
                Kernel::Update => {
                    shape.states = record[1];
                    shape.parts = record[4];
                    shape.limited = f32::from_bits(record[3]) > 0.0;
                    shape.ranged = self.groups > 1;
                    shape.has_roles = frozen || shape.ranged || record[4] & 6 != 0;
                }
                _ => {}
            }
        }
        shape
    }
}

impl Kernel {
    pub(super) const ALL: [Self; 13] = [
        Self::Gather,
        Self::Forward,
        Self::Backward,
        Self::Gradient,
        Self::Softmax,
        Self::Loss,
        Self::CrossEntropy,
        Self::SoftmaxGrad,
        Self::Multiply,
        Self::Norm,
        Self::Update,
        Self::MaxNorm,
        Self::TfPlayground,
    ];

    pub(super) fn entry(self, product: Product) -> &'static str {
        let (tiles, quads) = (product == Product::Tiles, product == Product::Quads);
        match self {
            Self::Gather => "gather",
            Self::Forward if quads => "quads_forward",
            Self::Forward if tiles => "tiles_forward",
            Self::Forward => "blocks_forward",
            Self::Backward if quads => "quads_backward",
            Self::Backward if tiles => "tiles_backward",
            Self::Backward => "blocks_backward",
            Self::Gradient if quads => "quads_gradient",
            Self::Gradient if tiles => "tiles_gradient",
            Self::Gradient => "blocks_gradient",
            Self::Softmax => "softmax",
            Self::Loss => "loss",
            Self::CrossEntropy => "cross_entropy",
            Self::SoftmaxGrad => "softmax_grad",
            Self::Multiply => "multiply",
            Self::Norm => "norm",
            Self::Update => "update",
            Self::MaxNorm => "max_norm",
            Self::TfPlayground => "tf_playground",
        }
    }

    /// Whether training goes on by it: all that comes behind the gradients.
    pub(super) fn moves_parameters(self) -> bool {
        matches!(
            self,
            Self::Norm | Self::Update | Self::MaxNorm | Self::TfPlayground
        )
    }

    pub(super) fn is_product(self) -> bool {
        matches!(self, Self::Forward | Self::Backward | Self::Gradient)
    }
}

/// How many workgroups a dispatch has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Extent {
    /// One workgroup.
    One,
    /// 64 elements per workgroup; so many elements, and so many more for each row of the step.
    Elements(usize, usize),
    /// A product's rows and columns; the step's rows where there are no columns.
    Product(usize, Option<usize>),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Dispatch {
    pub(super) kernel: Kernel,
    pub(super) extent: Extent,
    /// The parameter group whose record of the step it reads.
    pub(super) group: usize,
}

/// The dispatches of a plan's step or forward pass, with their records.
pub(super) struct Program {
    pub(super) dispatches: Vec<Dispatch>,
    pub(super) records: Vec<u32>,
    /// Where each working buffer starts.
    pub(super) places: Vec<Option<usize>>,
    pub(super) features: Vec<usize>,
    /// Words of all working buffers.
    pub(super) work: usize,
    /// Where as many ones lie as a step has rows.
    pub(super) ones: Option<usize>,
    pub(super) values: Values,
    /// Records of a step.
    pub(super) groups: usize,
}

/// What records are made from.
pub(super) struct Frame<'a> {
    pub(super) plan: &'a Plan,
    /// From one feature to the next; whole fours.
    pub(super) stride: usize,
    /// Where the parameters start in `values`.
    pub(super) base: usize,
    /// Where the targets start in `data`.
    pub(super) targets: usize,
    pub(super) seed: u32,
    pub(super) states: usize,
    /// Each layer's parameter group.
    pub(super) groups: &'a [usize],
}

impl Frame<'_> {
    /// Gradients and states lie whole fours behind the parameters.
    fn values(&self) -> Values {
        let layers = &self.plan.network.layers;
        let in_fours = layers.iter().all(|layer| {
            layer.inputs.is_multiple_of(4) && (self.base + layer.offset).is_multiple_of(4)
        });
        if in_fours {
            Values::InFours
        } else {
            Values::Apart
        }
    }
}

impl Program {
    pub(super) fn new(frame: &Frame<'_>, fused: &[Fused]) -> Self {
        let buffers = &frame.plan.buffers;
        let mut program = Self {
            dispatches: Vec::new(),
            records: Vec::new(),
            places: vec![None; buffers.len()],
            features: buffers.iter().map(|buffer| buffer.features).collect(),
            work: 0,
            ones: None,
            values: frame.values(),
            groups: frame.groups.iter().max().map_or(1, |last| last + 1),
        };
        let update = fused.iter().find_map(|op| match op {
            Fused::Update(update) => Some(update),
            _ => None,
        });
        for op in fused {
            program.add(frame, op, update);
        }
        program
    }

    pub(super) fn place(&mut self, frame: &Frame<'_>, buffer: BufferId) -> u32 {
        let features = self.features[buffer];
        let work = &mut self.work;
        word(*self.places[buffer].get_or_insert_with(|| {
            let place = *work;
            *work += features * frame.stride;
            place
        }))
    }

    pub(super) fn push(&mut self, kernel: Kernel, extent: Extent, words: &[u32]) {
        self.push_for(0, kernel, extent, words);
    }

    fn push_for(&mut self, group: usize, kernel: Kernel, extent: Extent, words: &[u32]) {
        self.dispatches.push(Dispatch {
            kernel,
            extent,
            group,
        });
        self.records.extend_from_slice(words);
        self.records.resize(RECORD * self.dispatches.len(), 0);
    }

    pub(super) fn add(&mut self, frame: &Frame<'_>, op: &Fused, update: Option<&Update>) {
        let network = &frame.plan.network;
        let stride = word(frame.stride);
        let count = network.parameter_count();
        match *op {
            Fused::Gather { x, y } => {
                let words = [
                    self.place(frame, x),
                    word(network.inputs),
                    self.place(frame, y),
                    word(network.outputs()),
                    word(frame.targets),
                    stride,
                ];
                let per_row = network.inputs.div_ceil(8) + network.outputs().div_ceil(8);
                self.push(Kernel::Gather, Extent::Elements(0, per_row), &words);
            }
            Fused::Dense(dense) => self.add_dense(frame, &dense),
            Fused::Softmax { z, a } => {
                let words = [
                    self.place(frame, z),
                    self.place(frame, a),
                    word(self.features[z]),
                    stride,
                ];
                self.push(Kernel::Softmax, Extent::Elements(0, 1), &words);
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
                    self.place(frame, y_hat),
                    self.place(frame, y),
                    self.place(frame, d),
                    word(self.features[d]),
                    by.map_or(NONE, |by| self.place(frame, by)),
                    stride,
                ];
                self.push(Kernel::Loss, Extent::One, &words);
            }
            Fused::CrossEntropy { z, y, d } => {
                let words = [
                    self.place(frame, z),
                    self.place(frame, y),
                    self.place(frame, d),
                    word(self.features[d]),
                    stride,
                ];
                self.push(Kernel::CrossEntropy, Extent::One, &words);
            }
            Fused::SoftmaxGrad { a, d } => {
                let words = [
                    self.place(frame, a),
                    self.place(frame, d),
                    word(self.features[d]),
                    stride,
                ];
                self.push(Kernel::SoftmaxGrad, Extent::Elements(0, 1), &words);
            }
            Fused::Multiply { d, by } => {
                let elements = self.features[d] * frame.stride;
                let words = [self.place(frame, d), self.place(frame, by), word(elements)];
                self.push(Kernel::Multiply, Extent::Elements(elements, 0), &words);
            }
            Fused::GradInput {
                layer,
                d_z,
                d_x,
                by,
            } => {
                let layer = &network.layers[layer];
                let words = [
                    word(layer.inputs),
                    NONE,
                    word(layer.outputs),
                    word(frame.base + layer.weight().start),
                    1,
                    word(layer.inputs),
                    self.place(frame, d_z),
                    stride,
                    1,
                    self.place(frame, d_x),
                    by.map_or(NONE, |by| self.place(frame, by)),
                    stride,
                ];
                self.push(
                    Kernel::Backward,
                    Extent::Product(layer.inputs, None),
                    &words,
                );
            }
            Fused::Gradients { layer, d_z, x } => {
                let layer = &network.layers[layer];
                let work = &mut self.work;
                let ones = *self.ones.get_or_insert_with(|| {
                    let place = *work;
                    *work += frame.stride;
                    place
                });
                let words = [
                    word(layer.outputs),
                    word(layer.inputs + 1),
                    NONE,
                    self.place(frame, d_z),
                    stride,
                    1,
                    self.place(frame, x),
                    1,
                    stride,
                    word(frame.base + padded(count) + layer.offset),
                    word(layer.inputs),
                    real(update.map_or(0.0, |update| update.l2)),
                    word(frame.base + layer.offset),
                    word(ones),
                ];
                self.push(
                    Kernel::Gradient,
                    Extent::Product(layer.outputs, Some(layer.inputs + 1)),
                    &words,
                );
            }
            Fused::Update(update) => self.add_update(frame, &update),
        }
    }

    pub(super) fn add_dense(&mut self, frame: &Frame<'_>, dense: &Dense) {
        let layer = &frame.plan.network.layers[dense.layer];
        let mut place =
            |buffer: Option<BufferId>| buffer.map_or(NONE, |buffer| self.place(frame, buffer));
        let [x, z, a, slope] = [Some(dense.x), dense.z, dense.a, dense.slope].map(&mut place);
        let (row, params) = dense
            .activation
            .map_or((NONE, [0.0; 2]), |(row, params)| (row as u32, params));
        let (threshold, factor) = dropout(dense.dropout);
        let words = [
            word(layer.outputs),
            NONE,
            word(layer.inputs),
            word(frame.base + layer.weight().start),
            word(layer.inputs),
            1,
            x,
            word(frame.stride),
            1,
            word(frame.base + layer.bias().start),
            z,
            a,
            slope,
            row,
            real(params[0]),
            real(params[1]),
            threshold,
            factor,
            word(dense.layer),
            word(frame.stride),
            frame.seed,
        ];
        self.push(
            Kernel::Forward,
            Extent::Product(layer.outputs, None),
            &words,
        );
    }

    pub(super) fn add_update(&mut self, frame: &Frame<'_>, update: &Update) {
        let network = &frame.plan.network;
        let count = network.parameter_count();
        let apart = padded(count);
        if let Some((l1, _)) = update.tf_playground {
            for (group, range) in self.ranges(frame) {
                let kills = u32::from(l1 > 0.0);
                let words = [word(range.end), kills, word(apart), word(range.start)];
                let extent = Extent::Elements(range.len(), 0);
                self.push_for(group, Kernel::TfPlayground, extent, &words);
            }
        }
        let Some(optimizer) = update.optimizer else {
            return;
        };
        let factor = word(factor_place(count, frame.states));
        if update.clip_norm > 0.0 {
            let words = [word(apart), word(count), real(update.clip_norm), factor];
            self.push(Kernel::Norm, Extent::One, &words);
        }
        let parts = u32::from(update.clip_norm > 0.0)
            + 2 * u32::from(update.decay > 0.0)
            + 4 * u32::from(update.l1 > 0.0);
        for (group, range) in self.ranges(frame) {
            let fours = range.start / 4..range.end.div_ceil(4);
            let words = [
                word(apart / 4),
                word(frame.states),
                optimizer as u32,
                real(update.clip_value),
                parts,
                factor,
                word(range.start),
                word(range.end),
            ];
            let extent = Extent::Elements(fours.len(), 0);
            self.push_for(group, Kernel::Update, extent, &words);
        }
        if update.max_norm > 0.0 {
            for layer in network.layers.iter().filter(|layer| !layer.frozen) {
                let words = [
                    word(layer.offset),
                    word(layer.inputs),
                    word(layer.outputs),
                    real(update.max_norm),
                ];
                self.push(Kernel::MaxNorm, Extent::Elements(layer.outputs, 0), &words);
            }
        }
    }
}

impl Program {
    /// The parameters that one update takes: all of them where there is one group, else neighbouring layers of a group.
    fn ranges(&self, frame: &Frame<'_>) -> Vec<(usize, Range<usize>)> {
        let network = &frame.plan.network;
        if self.groups == 1 {
            return vec![(0, 0..network.parameter_count())];
        }
        let mut ranges: Vec<(usize, Range<usize>)> = Vec::new();
        for (layer, &group) in network.layers.iter().zip(frame.groups) {
            let next = layer.parameters();
            match ranges.last_mut() {
                Some((of, last)) if *of == group && last.end == next.start => last.end = next.end,
                _ if layer.frozen => {}
                _ => ranges.push((group, next)),
            }
        }
        ranges
    }
}

/// The factor of the norm lies behind parameters, gradients and states.
pub(super) fn factor_place(count: usize, states: usize) -> usize {
    padded(count) * (2 + states)
}

/// From parameters to gradients, and on to each state: whole fours, which the update takes at once.
pub(super) fn padded(count: usize) -> usize {
    count.next_multiple_of(4)
}

/// Two bits for each parameter: 1 trained, 2 weight.
pub(super) fn roles(plan: &Plan) -> Vec<u32> {
    let network = &plan.network;
    let mut roles = vec![0; network.parameter_count().div_ceil(16)];
    for layer in network.layers.iter().filter(|layer| !layer.frozen) {
        for e in layer.parameters() {
            let role = if layer.weight().contains(&e) { 3 } else { 1 };
            roles[e / 16] |= role << (2 * (e % 16));
        }
    }
    roles
}
