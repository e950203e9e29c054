//! The training loop: batches, schedule, stopping, history. It knows plans and interpreters, not sessions.

mod batches;
mod evaluation;
#[cfg(feature = "gpu")]
mod feed;
mod handover;
mod history;
#[cfg(feature = "gpu")]
mod on_gpu;
mod run;
mod stopping;
mod trainer;
#[cfg(feature = "gpu")]
mod trust;

pub use batches::{Batches, Order};
pub use evaluation::{Evaluation, Judge, Sums, evaluate};
#[cfg(feature = "gpu")]
pub use feed::Feed;
pub use handover::{COUNTERS, Progress};
pub use history::{COLUMNS, History, Row};
#[cfg(feature = "gpu")]
pub use on_gpu::{OnGpu, Taking};
pub use run::{Ending, Run};
pub use stopping::{EarlyStopping, Stopping, Target, Verdict};
pub use trainer::{Diverged, Settings, Snapshot, Trainer};
#[cfg(feature = "gpu")]
pub use trust::{difference, trust};
