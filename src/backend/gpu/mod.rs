//! The WebGPU interpreters. They run the plans that the CPU runs, with the formulas' own WGSL text.
//!
//! [`Resident`] trains tiny networks, each inside one workgroup, many steps per dispatch and many runs beside each
//! other; [`Layered`] trains wide ones, one dispatch per operation. Neither reads anything back unless asked to. What
//! depends on the step alone (rates, bias corrections) is computed in f64 by the caller and uploaded, see [`Step`].

mod assembler;
mod bound;
mod device;
mod dispatches;
mod forward;
mod fuse;
mod layered;
mod probe;
mod quads;
mod queue;
mod race;
mod resident;
mod source;
mod steps;

pub use device::{Device, Needs, Submitted, Traffic, Trouble};
pub use dispatches::Product;
pub use forward::{Forward, Samples, Wanted};
pub use layered::Layered;
pub use probe::probe;
pub use resident::{Resident, Slice, Table};
pub use source::Repertoire;
pub use steps::{Place, Step};

use crate::plan::Plan;

/// A run as an interpreter is given it.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    /// What to run.
    pub plan: &'a Plan,
    /// Most rows of a step.
    pub capacity: usize,
    /// Which of the tables holds its data.
    pub table: usize,
    /// Rows it trains on, in the order that epochs start from.
    pub rows: &'a [u32],
    /// Whether each epoch has its own order.
    pub shuffled: bool,
    /// Seed of order and dropout.
    pub batch_seed: u32,
    /// Flat parameters, as the network lays them out.
    pub parameters: &'a [f32],
    /// The optimizer's state, one value per parameter each; at most three.
    pub state: &'a [Vec<f32>],
    /// Each layer's parameter group: the number of its rates in a step's scalars.
    pub groups: Vec<usize>,
}

/// What lies on the device of a run, read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Readback {
    /// Flat parameters.
    pub parameters: Vec<f32>,
    /// Gradients of the last step, after clipping; those of frozen layers are 0.
    pub gradients: Vec<f32>,
    /// The optimizer's state, as many as it keeps.
    pub state: Vec<Vec<f32>>,
}

impl Readback {
    /// From parameters, gradients and state, one after the other.
    fn from_words(words: &[f32], count: usize) -> Self {
        let part = |index: usize| words[index * count..(index + 1) * count].to_vec();
        let parts = words.len().checked_div(count).unwrap_or(0);
        Self {
            parameters: part(0),
            gradients: part(1),
            state: (2..parts).map(part).collect(),
        }
    }

    fn to_words(&self) -> Vec<f32> {
        let mut words = [self.parameters.as_slice(), &self.gradients].concat();
        for state in &self.state {
            words.extend_from_slice(state);
        }
        words
    }
}
