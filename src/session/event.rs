//! What the engine answers.

use serde::Serialize;
use serde_json::Value;

use crate::config::{Adaptation, Choice, Config, Effect, Encoding, Named};
use crate::data::{Kind, Task};
use crate::error::Refusal;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The config that is in force now.
    Configured {
        /// Number of the run; every reset counts one up, and every change of the network's shape.
        run: u32,
        /// Every field, every parameter.
        config: Box<Config>,
        /// What it makes.
        summary: ModelSummary,
        /// What happened to the run.
        effect: Effect,
        /// What the engine changed of its own accord.
        adapted: Vec<Adaptation>,
    },
    /// A wish that was refused; nothing changed.
    Rejected {
        /// Why.
        refusal: Refusal,
    },
    /// The digits must be loaded first; nothing changed. Load them and send the command again.
    NeedsDigits,
    /// The data changed: ask for the points.
    Points {
        /// Number of the run.
        run: u32,
    },
    /// Training began.
    Playing {
        /// Number of the run.
        run: u32,
    },
    /// Training paused.
    Paused {
        /// Number of the run.
        run: u32,
    },
    /// The steps or epochs that `train` asked for are done.
    Trained {
        /// Number of the run.
        run: u32,
    },
    /// The run ended by its own rules.
    Finished {
        /// Number of the run.
        run: u32,
        /// Updates done.
        #[cfg_attr(test, ts(type = "number"))]
        step: u64,
        /// Epochs done.
        epoch: f64,
        /// Which rule.
        reason: FinishReason,
        /// Facts for the sentence `finished.<reason>`.
        #[cfg_attr(test, ts(type = "{ [key in string]: number }"))]
        detail: Named,
        /// One-click changes; after divergence only.
        remedies: Vec<Remedy>,
    },
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The epochs asked for are done.
    Epochs,
    /// The target is reached.
    Target,
    /// No improvement.
    EarlyStopping,
    /// The loss was not finite; the last finite state is restored.
    Diverged,
}

/// A change that would help.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Remedy {
    /// Its label: `remedy.<id>`.
    pub id: String,
    /// What to send as `patch`, then `reset`.
    #[cfg_attr(test, ts(type = "unknown"))]
    pub patch: Value,
}

/// Which part of the network a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// The features.
    Input,
    /// Hidden.
    Hidden,
    /// Output.
    Output,
}

/// A row of the network's summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LayerSummary {
    /// `input`, `hidden.0`, `output`.
    pub name: String,
    /// Which part.
    pub kind: LayerKind,
    /// Width.
    pub units: usize,
    /// Its activation; none for the input.
    #[cfg_attr(test, ts(type = "Choice | null"))]
    pub activation: Option<Choice>,
    /// `(batch, 4)`.
    pub shape: String,
    /// Number of parameters.
    pub parameters: usize,
    /// Whether they are kept as they are.
    pub frozen: bool,
}

/// Rows of each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Counts {
    /// Training.
    pub train: usize,
    /// Validation.
    pub validation: usize,
    /// Test.
    pub test: usize,
}

/// What a config makes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModelSummary {
    /// What is learned.
    pub task: Task,
    /// What a row is.
    pub kind: Kind,
    /// Classes; 0 for regression.
    pub classes: usize,
    /// Symbols of the input columns; empty for digits and custom.
    pub inputs: Vec<String>,
    /// Number of input columns.
    pub input_count: usize,
    /// Input first, output last.
    pub layers: Vec<LayerSummary>,
    /// Number of parameters.
    pub parameters: usize,
    /// Multiply-adds of one sample's forward pass.
    pub multiply_adds: usize,
    /// Rows of each part.
    pub counts: Counts,
    /// Updates of an epoch.
    pub steps_per_epoch: usize,
    /// How labels become targets.
    pub target_encoding: Encoding,
    /// Plot range of both axes.
    pub domain: [f64; 2],
}

/// Figures of one split: `loss`, `penalty`, and the metrics that fit the task, by id.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(
    test,
    ts(type = "{ loss: number; penalty: number; [metric: string]: number }")
)]
pub struct SplitMetrics {
    /// Mean data loss.
    pub loss: f64,
    /// The penalty of the weights, apart.
    pub penalty: f64,
    /// Metrics by id.
    #[serde(flatten)]
    pub metrics: Named,
}

/// A figure that has no value of its own: what stands for it is a convention, or it is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Undefined {
    /// `train`, `validation` or `test`.
    pub part: &'static str,
    /// The metric.
    pub metric: &'static str,
    /// Why; the page explains it (`undefined.<reason>`).
    pub reason: &'static str,
}

/// Confusion matrices, `(classes, classes)` row-major: rows are labels, columns predictions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConfusionMatrices {
    /// Number of classes.
    pub classes: usize,
    /// Training.
    pub train: Vec<u32>,
    /// Validation; null without a validation set.
    pub validation: Option<Vec<u32>>,
    /// Test; null while sealed.
    pub test: Option<Vec<u32>>,
}

/// Measured figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Metrics {
    /// Epoch at which they were measured.
    pub epoch: f64,
    /// Step at which they were measured.
    #[cfg_attr(test, ts(type = "number"))]
    pub step: u64,
    /// Training set.
    pub train: SplitMetrics,
    /// Validation set; null without one.
    pub validation: Option<SplitMetrics>,
    /// Test set; absent while sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub test: Option<SplitMetrics>,
    /// Figures without a value of their own.
    pub undefined: Vec<Undefined>,
    /// Step at which the test set was opened last.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub test_step: Option<u64>,
    /// Epoch at which the test set was opened last.
    pub test_epoch: Option<f64>,
    /// Whether its figures are of this step and nothing was changed since.
    pub test_current: Option<bool>,
    /// How often it was opened with these data; a reset seals it again and does not forget.
    pub test_revealed: u32,
    /// Confusion matrices; null for regression.
    pub confusion: Option<ConfusionMatrices>,
}

/// What stands in a frame beside its arrays.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FrameHead {
    /// Number of the run.
    pub run: u32,
    /// Updates done.
    #[cfg_attr(test, ts(type = "number"))]
    pub step: u64,
    /// Epochs done, with the fraction of the one under way.
    pub epoch: f64,
    /// Step of the newest change of a setting or a parameter; 0 when there was none since the start.
    #[cfg_attr(test, ts(type = "number"))]
    pub changed_step: u64,
    /// Its epoch.
    pub changed_epoch: f64,
    /// Whether it trains.
    pub playing: bool,
    /// Learning rate of the next step.
    pub learning_rate: f64,
    /// Updates a second, measured over the last half second of training.
    pub steps_per_second: f64,
    /// Newest figures; their step may lag behind on large data.
    pub metrics: Option<Metrics>,
}

/// A wrong digit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WrongDigitHead {
    /// Row of the data.
    pub index: u32,
    /// What it is.
    pub truth: usize,
    /// What it was taken for.
    pub predicted: usize,
    /// With which probability.
    pub probability: f64,
}

/// What this build of the engine is. Which one trains is the host's to say, since it chooses.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EngineInfo {
    /// Whether the build uses SIMD.
    pub simd: bool,
    /// Version of the engine.
    pub version: &'static str,
}
