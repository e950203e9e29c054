//! What a run and the looks at it take, known before memory and time are spent.

use super::Plan;
use crate::error::{Error, Resource};

/// Rows that a step takes at a time. Larger batches go block by block, and their gradients are added up.
pub const BLOCK_ROWS: usize = 8192;
/// Most bytes of a run: parameters and all that stands beside them, working memory, and the data as it reads them.
pub const MAX_BYTES: f64 = 384.0 * 1024.0 * 1024.0;
/// Most multiply-adds of a step: a second or two, which nothing interrupts.
pub const MAX_STEP: f64 = 1e10;
/// Most multiply-adds of one look: all rows measured, a map, a prediction.
pub const MAX_LOOK: f64 = 6e10;

/// Copies of the parameters: values, gradients, three states, the last finite ones and the best.
const COPIES: usize = 7;
/// A step goes forward once and backward twice.
const PASSES: f64 = 3.0;

/// Refuses a plan over `rows` of data, `batch` of them a step, that would take too much.
///
/// # Errors
/// `TooMuch` on the field by which it becomes less.
pub fn check(plan: &Plan, batch: usize, rows: usize) -> Result<(), Error> {
    let network = &plan.network;
    let multiply_adds = network.multiply_adds() as f64;
    let step = PASSES * multiply_adds * batch as f64;
    afford("training.batch_size", Resource::Work, step, MAX_STEP)?;
    look("network.hidden", multiply_adds, rows)?;
    let features: usize = plan.buffers.iter().map(|buffer| buffer.features + 1).sum();
    let numbers = COPIES * network.parameter_count()
        + features * batch.min(BLOCK_ROWS)
        + rows * (network.inputs + network.outputs());
    afford(
        "network.hidden",
        Resource::Memory,
        4.0 * numbers as f64,
        MAX_BYTES,
    )
}

/// Refuses a look at so many samples through a network of so many multiply-adds.
///
/// # Errors
/// `TooMuch` on `field`.
pub fn look(field: &str, multiply_adds: f64, samples: usize) -> Result<(), Error> {
    afford(
        field,
        Resource::Work,
        multiply_adds * samples as f64,
        MAX_LOOK,
    )
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
