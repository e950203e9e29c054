//! The training loop: batches, schedule, stopping, history. It knows plans and interpreters, not sessions.

mod batches;
mod binary;
mod evaluation;
#[cfg(feature = "gpu")]
mod feed;
mod groups;
mod grow;
mod handover;
mod history;
#[cfg(feature = "gpu")]
mod on_gpu;
mod run;
mod setup;
mod snapshot;
mod stopping;
mod trainer;
#[cfg(feature = "gpu")]
mod trust;

pub use batches::{Batches, Order};
pub use binary::digest;
pub use evaluation::{Evaluation, Judge, Sums, evaluate};
#[cfg(feature = "gpu")]
pub use feed::Feed;
pub use history::{COLUMNS, History, MAX_ROWS, Measuring, Row};
#[cfg(feature = "gpu")]
pub use on_gpu::{OnGpu, Taking};
pub use run::Run;
pub use snapshot::{Layout, Progress, Snapshot};
pub use stopping::{Best, Diverged, EarlyStopping, Ending, Memory, Stopping, Target};
pub use trainer::{Settings, Trainer};
#[cfg(feature = "gpu")]
pub use trust::{difference, trust};
