//! What differs from step to step, as the shaders read it. Computed in f64 here and rounded once.

use super::Start;
use super::dispatches::RECORD;
use super::fuse::{Fused, Update};
use crate::backend::cpu::Rates;
use crate::backend::cpu::StepScalars;
use crate::formula::optimizer::MAX_SCALARS;

/// Which rows a step trains on: a stretch of its epoch's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which epoch's order.
    pub epoch: u64,
    /// First position in it.
    pub start: u32,
    /// Rows of the step, the carried ones included.
    pub count: u32,
    /// Rows from the end of the order that come first: those that the epoch before left over.
    pub carried: u32,
}

/// One training step to come.
#[derive(Debug, Clone)]
pub struct Step {
    /// Rates and the optimizer's scalars.
    pub scalars: StepScalars,
    /// Its rows.
    pub place: Place,
}

/// Words of a step's record; `kernels/step.wgsl` names them. A step has one for each parameter group, which differ in rates
/// and scalars alone.
pub(super) const STEP_WORDS: usize = 24;

/// What a step's record needs to know of its plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recorder {
    outputs: usize,
    /// Records of a step.
    pub(super) groups: usize,
    decay: f64,
    l1: f64,
    l2: f64,
}

impl Recorder {
    pub(super) fn new(start: &Start<'_>, fused: &[Fused]) -> Self {
        let update = fused.iter().find_map(|op| match op {
            Fused::Update(update) => Some(*update),
            _ => None,
        });
        let (decay, l1, l2) = match update {
            Some(Update {
                tf_playground: Some((l1, l2)),
                ..
            }) => (0.0, l1, l2),
            Some(update) => (update.decay, update.l1, 0.0),
            None => (0.0, 0.0, 0.0),
        };
        Self {
            outputs: start.plan.network.outputs(),
            groups: start.groups.iter().max().map_or(1, |last| last + 1),
            decay,
            l1,
            l2,
        }
    }

    /// The record of a step up to its gradients, on the first `count` rows.
    pub(super) fn trial(&self, count: usize) -> Vec<u32> {
        let rows = count as f64;
        let mut record = vec![0; RECORD];
        record[0] = word(count);
        record[8] = real(1.0 / (rows * self.outputs as f64));
        record[9] = real(1.0 / rows);
        record.repeat(self.groups)
    }

    /// Words of all records of a step.
    pub(super) fn words(&self) -> usize {
        self.groups * STEP_WORDS
    }

    /// The record of a parameter group; `order` says that the epoch's order is to be made first.
    pub(super) fn record(&self, step: &Step, group: usize, order: bool) -> [u32; STEP_WORDS] {
        let Place {
            epoch,
            start,
            count,
            carried,
        } = step.place;
        let scalars = &step.scalars;
        // Of a network that is frozen throughout there are none.
        let none = Rates {
            learning_rate: 0.0,
            optimizer: [0.0; MAX_SCALARS],
        };
        let rates = scalars.groups.get(group).unwrap_or(&none);
        let rate = rates.learning_rate;
        let rows = f64::from(count);
        let real = |value: f64| (value as f32).to_bits();
        let mut record = [0; STEP_WORDS];
        let index = epoch << 20;
        record[..14].copy_from_slice(&[
            count,
            start,
            carried,
            u32::from(order),
            low(index),
            low(index >> 32),
            low(scalars.step),
            0,
            real(1.0 / (rows * self.outputs as f64)),
            real(1.0 / rows),
            real(rate),
            real(1.0 - rate * self.decay),
            real(rate * self.l1),
            real(rate * self.l2),
        ]);
        for (word, scalar) in record[14..14 + MAX_SCALARS].iter_mut().zip(rates.optimizer) {
            *word = real(scalar);
        }
        record
    }
}

/// The lower half.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub(super) fn low(value: u64) -> u32 {
    value as u32
}

/// A count or an offset of a buffer, all of which are below 2^32 by the limits on parameters and rows.
#[expect(
    clippy::cast_possible_truncation,
    reason = "limits keep counts below 2^32"
)]
pub(super) fn word(value: usize) -> u32 {
    value as u32
}

/// A real number as the shader's bits.
pub(super) fn real(value: f64) -> u32 {
    (value as f32).to_bits()
}

/// Dropout's threshold and factor, as the CPU has them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rate is below 1"
)]
pub(super) fn dropout(rate: f64) -> (u32, u32) {
    ((rate * 16_777_216.0) as u32, real(1.0 / (1.0 - rate)))
}
