//! The training loop: batches, schedule, stopping, history. It knows plans and interpreters, not sessions.

mod batches;
mod evaluation;
#[cfg(feature = "gpu")]
mod feed;
mod history;
mod run;
mod stopping;
mod trainer;

pub use batches::{Batches, Order};
pub use evaluation::{Evaluation, Judge, evaluate};
#[cfg(feature = "gpu")]
pub use feed::Feed;
pub use history::{COLUMNS, History, Row};
pub use run::{Ending, Run};
pub use stopping::{EarlyStopping, Stopping, Target, Verdict};
pub use trainer::{Diverged, Settings, Snapshot, Trainer};
