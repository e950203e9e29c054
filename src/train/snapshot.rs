//! Everything that training changes, as values and as bytes. Training from a snapshot gives the same bits as not having
//! stopped, wherever it goes on.

use super::stopping::Memory;
use crate::error::Error;
use crate::formula::optimizer::{Clock, Optimizer};
use crate::formula::schedule::Plateau;
use crate::plan::{Op, Plan};
use crate::real::Float;

/// What each step changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress<T> {
    /// Flat parameters, as the network lays them out.
    pub parameters: Vec<T>,
    /// What the optimizer keeps, one value per parameter each; empty behind those in use. In TensorFlow Playground's mode
    /// the first holds 1 for a link that L1 has cut.
    pub state: [Vec<T>; 3],
    /// The optimizer's clock of each layer.
    pub clocks: Vec<Clock>,
    /// What reduce-on-plateau has come to.
    pub plateau: Plateau,
    /// Updates done.
    pub step: u64,
    /// Epochs done.
    pub epoch: u64,
    /// Rows of this epoch already trained on. TensorFlow Playground's carried gradient follows from it: that of the rows
    /// which the epoch before left over.
    pub position: usize,
}

/// What a run's values are laid out by: a snapshot of one fits where this is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Width of the input vector, then of each layer.
    pub layers: Vec<usize>,
    /// Whose state it is.
    pub optimizer: Optimizer,
    /// How many values per parameter the optimizer keeps.
    pub states: usize,
    /// Whether TensorFlow Playground's rule moves the parameters.
    pub tf_playground: bool,
}

impl Layout {
    pub(super) fn of(plan: &Plan, optimizer: Optimizer, state: &[Vec<impl Sized>; 3]) -> Self {
        let widths = plan.network.layers.iter().map(|layer| layer.outputs);
        Self {
            layers: std::iter::once(plan.network.inputs).chain(widths).collect(),
            optimizer,
            states: state.iter().filter(|state| !state.is_empty()).count(),
            tf_playground: plan
                .step
                .iter()
                .any(|op| matches!(op, Op::UpdateTfPlayground { .. })),
        }
    }

    /// Number of parameters; `None` where they are too many to count.
    pub(super) fn parameters(&self) -> Option<usize> {
        self.layers.windows(2).try_fold(0_usize, |sum, pair| {
            sum.checked_add(pair[0].checked_add(1)?.checked_mul(pair[1])?)
        })
    }

    fn rule(&self) -> String {
        let mode = if self.tf_playground {
            "tf_playground, "
        } else {
            ""
        };
        format!(
            "{mode}{} ({} values per parameter)",
            self.optimizer.id(),
            self.states
        )
    }

    /// Whether a snapshot laid out by `other` fits.
    ///
    /// # Errors
    /// `Mismatch` on `snapshot.layers` or `snapshot.optimizer`.
    pub(super) fn takes(&self, other: &Self) -> Result<(), Error> {
        let mismatch = |field: &str, expected: String, found: String| {
            Err(Error::Mismatch {
                field: field.into(),
                expected,
                found,
            })
        };
        if self.layers != other.layers {
            let list = |layers: &[usize]| {
                let widths: Vec<String> = layers.iter().map(usize::to_string).collect();
                widths.join("-")
            };
            return mismatch("snapshot.layers", list(&self.layers), list(&other.layers));
        }
        if self != other {
            return mismatch("snapshot.optimizer", self.rule(), other.rule());
        }
        Ok(())
    }
}

/// Everything that training changes, copied.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T> {
    /// What its values are laid out by.
    pub layout: Layout,
    /// What each step changes.
    pub progress: Progress<T>,
    /// Where training goes back to when it diverges; none: to here.
    pub finite: Option<Progress<T>>,
    /// What the stop rules remember.
    pub memory: Memory<T>,
}

impl<T: Float> Snapshot<T> {
    /// Parameters, then each state in use.
    pub fn words(&self) -> Vec<T> {
        let Progress {
            parameters, state, ..
        } = &self.progress;
        [parameters, &state[0], &state[1], &state[2]]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    /// Whether every parameter and every value of the optimizer is a finite number.
    pub fn is_finite(&self) -> bool {
        self.words().into_iter().all(Float::is_finite)
    }
}
