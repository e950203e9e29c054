//! What a run and the looks at it take, known before memory and time are spent.

use super::Plan;
use crate::error::{Error, Resource};

/// Rows that a step takes at a time. Larger batches go block by block, and their gradients are added up.
pub const BLOCK_ROWS: usize = 8192;
/// What a run may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Bytes: parameters and all that stands beside them, working memory, and the data as it reads them.
    pub bytes: f64,
    /// Multiply-adds of a step, which nothing interrupts.
    pub step: f64,
    /// Multiply-adds of all rows measured at once.
    pub look: f64,
    /// Multiply-adds of a map at once.
    pub map: f64,
    /// Multiply-adds of a prediction, which is made in slices.
    pub prediction: f64,
}

impl Limits {
    /// Of whoever sets it up by hand or by script: a step of a second or two.
    pub const OWN: Self = Self {
        bytes: 384.0 * 1024.0 * 1024.0,
        step: 1e10,
        look: 4e10,
        map: 2e10,
        prediction: 1e12,
    };
    /// Of what comes in a link: whoever opens it has not chosen it.
    pub const LINK: Self = Self {
        bytes: 192.0 * 1024.0 * 1024.0,
        step: 2.5e9,
        look: 2e10,
        map: 2e10,
        prediction: 1e12,
    };
}

/// Copies of the parameters: values, gradients, three states, the last finite ones and the best.
const COPIES: usize = 7;
/// A step goes forward once and backward twice.
const PASSES: f64 = 3.0;

/// Refuses a plan over `rows` of data, `batch` of them a step, that would take too much.
///
/// # Errors
/// `TooMuch` on the field by which it becomes less.
pub fn check(plan: &Plan, batch: usize, rows: usize, limits: Limits) -> Result<(), Error> {
    let network = &plan.network;
    let multiply_adds = network.multiply_adds() as f64;
    let step = PASSES * multiply_adds * batch as f64;
    afford("training.batch_size", Resource::Work, step, limits.step)?;
    look("network.hidden", multiply_adds, rows, limits.look)?;
    let features: usize = plan.buffers.iter().map(|buffer| buffer.features + 1).sum();
    let numbers = COPIES * network.parameter_count()
        + features * batch.min(BLOCK_ROWS)
        + rows * (network.inputs + network.outputs());
    afford(
        "network.hidden",
        Resource::Memory,
        4.0 * numbers as f64,
        limits.bytes,
    )
}

/// Refuses a look at so many samples through a network of so many multiply-adds where they are more than `most`.
///
/// # Errors
/// `TooMuch` on `field`.
pub fn look(field: &str, multiply_adds: f64, samples: usize, most: f64) -> Result<(), Error> {
    afford(field, Resource::Work, multiply_adds * samples as f64, most)
}

fn afford(field: &str, of: Resource, needed: f64, max: f64) -> Result<(), Error> {
    if needed <= max {
        return Ok(());
    }
    Err(Error::TooMuch {
        field: field.into(),
        of,
        needed,
        max,
    })
}
