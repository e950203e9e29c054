//! `Config`: the one schema. Defaults, limits, validation and what changing each field does.

mod adapt;
mod field;
mod merge;
mod named;
pub(crate) mod read;
mod resolve;
mod value;

use serde::Serialize;

pub use adapt::{Adaptation, adapt, suited};
pub use field::{Effect, FIELDS, FieldKind, FieldSpec, effect_of};
pub use merge::{overlay, parse};
pub use named::Named;
pub use resolve::{Encoding, Facts, OutputSpec, Resolved, probabilities, resolve};
pub(crate) use value::value_of;

/// A row of a table chosen by id, with that row's parameters by name.
///
/// JSON: `{"id": "leaky_relu", "slope": 0.01}`; on input also the bare id, `"tanh"`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// The row's id.
    pub id: String,
    /// The row's parameters; after validation every one is present.
    #[serde(flatten)]
    pub params: Named,
}

/// Which rules the run follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// This project's own.
    Standard,
    /// TensorFlow Playground's generator, fixed order, carried partial batches and dead L1 links.
    TfPlayground,
}

/// Separate seeds, so that one may change while the others hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Seeds {
    /// Points, noise and label noise.
    pub data: u32,
    /// Assignment to training, validation and test.
    pub split: u32,
    /// Initial parameters.
    pub init: u32,
    /// Order of the batches, and dropout.
    pub batches: u32,
    /// TensorFlow Playground's seed, a string; used in that mode only, for data, split and weights.
    pub tf_playground: String,
}

/// Whole percents of the data, sum 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SplitConfig {
    /// Training.
    pub train: u32,
    /// Validation.
    pub validation: u32,
    /// Test, sealed until asked for.
    pub test: u32,
}

/// Which data, how noisy, how split, which columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DataConfig {
    /// Id of the data set, or `custom`.
    pub dataset: String,
    /// Number of points; for digits those of training and validation together.
    pub samples: u32,
    /// Positional noise, 0..=1 of the data set's own scale.
    pub noise: f64,
    /// Share of flipped labels (classification) or spread of targets (regression), 0..=0.5.
    pub label_noise: f64,
    /// Share of the first class in two-class sets, 0.05..=0.95.
    pub balance: f64,
    /// Number of classes, for the sets that have a choice.
    pub classes: u32,
    /// The three parts.
    pub split: SplitConfig,
    /// Ids of the input features, for sets of points.
    pub features: Vec<String>,
    /// How columns are scaled; fitted on the training part.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub scaling: Choice,
}

/// One hidden layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LayerConfig {
    /// Number of neurons, 1..=1024.
    pub units: u32,
    /// Its activation function.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub activation: Choice,
    /// Share of its outputs dropped while training, 0..=0.9; 0 when a wish leaves it out.
    pub dropout: f64,
    /// Whether its parameters are kept as they are; not when a wish leaves it out.
    pub frozen: bool,
    /// Factor of the learning rate for its parameters, 0..=10; 0 keeps them as they are, 1 when a wish leaves it out.
    pub learning_rate_factor: f64,
}

/// The output layer. Its units follow from the data and the activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OutputConfig {
    /// Its activation function; softmax may stand here.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub activation: Choice,
    /// Whether its parameters are kept as they are.
    pub frozen: bool,
    /// Factor of the learning rate for its parameters, 0..=10; 0 keeps them as they are.
    pub learning_rate_factor: f64,
}

/// The network.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkConfig {
    /// Hidden layers, 0..=8.
    pub hidden: Vec<LayerConfig>,
    /// Output layer.
    pub output: OutputConfig,
    /// How weights start.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub weight_initializer: Choice,
    /// How biases start.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub bias_initializer: Choice,
}

/// Early stopping. What a wish leaves out is the default: the loss, 20 epochs, any improvement, restore.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EarlyStoppingConfig {
    /// Metric watched on the validation set.
    pub metric: String,
    /// Epochs without improvement that are borne.
    pub patience: u32,
    /// Smallest change that counts.
    pub min_delta: f64,
    /// Go back to the best epoch's parameters.
    pub restore_best: bool,
}

/// Stop when a validation metric (training, if there is no validation set) reaches a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TargetConfig {
    /// Metric id.
    pub metric: String,
    /// Value to reach.
    pub value: f64,
}

/// When training ends by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StopConfig {
    /// After so many epochs; 0 = never.
    pub epochs: u32,
    /// At a target.
    pub target: Option<TargetConfig>,
    /// Open the test set once when training ends by one of these rules.
    pub evaluate_test: bool,
}

/// How the network is trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrainingConfig {
    /// Loss function.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub loss: Choice,
    /// Optimizer; the learning rate is one of its parameters.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub optimizer: Choice,
    /// Learning-rate schedule.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub schedule: Choice,
    /// Samples of a step; gradient descent (`gd`) takes the whole training set.
    pub batch_size: u32,
    /// Whether every epoch has a new order.
    pub shuffled: bool,
    /// Regularization penalty; biases are excluded.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub penalty: Choice,
    /// Largest norm of a neuron's incoming weights; 0 = off.
    pub max_norm: f64,
    /// Gradient clipping.
    #[cfg_attr(test, ts(type = "Choice"))]
    pub clip: Choice,
    /// Early stopping, or none.
    pub early_stopping: Option<EarlyStoppingConfig>,
    /// Other stop rules.
    pub stop: StopConfig,
}

/// Everything that determines a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Config {
    /// Version of this schema; 1.
    pub version: u32,
    /// Which rules the run follows.
    pub mode: Mode,
    /// Seeds.
    pub seeds: Seeds,
    /// Data.
    pub data: DataConfig,
    /// Network.
    pub network: NetworkConfig,
    /// Training.
    pub training: TrainingConfig,
}

impl Choice {
    /// A row with its default parameters.
    pub fn of(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            params: Named::default(),
        }
    }

    /// The same with one parameter set.
    #[must_use]
    pub fn with(mut self, param: &str, value: f64) -> Self {
        self.params.insert(param, value);
        self
    }
}

impl LayerConfig {
    /// A layer without dropout, not frozen.
    pub fn new(units: u32, activation: &str) -> Self {
        Self {
            units,
            activation: Choice::of(activation),
            dropout: 0.0,
            frozen: false,
            learning_rate_factor: 1.0,
        }
    }
}

impl Default for EarlyStoppingConfig {
    fn default() -> Self {
        Self {
            metric: "loss".into(),
            patience: 20,
            min_delta: 0.0,
            restore_best: true,
        }
    }
}

impl Default for TargetConfig {
    fn default() -> Self {
        Self {
            metric: "loss".into(),
            value: 0.05,
        }
    }
}

impl Default for Config {
    /// The page as it opens: circle, 2-4-2-1.
    fn default() -> Self {
        Self {
            version: 1,
            mode: Mode::Standard,
            seeds: Seeds {
                data: 1,
                split: 1,
                init: 1,
                batches: 1,
                tf_playground: "0.59704".into(),
            },
            data: DataConfig {
                dataset: "circle".into(),
                samples: 500,
                noise: 0.0,
                label_noise: 0.0,
                balance: 0.5,
                classes: 3,
                split: SplitConfig {
                    train: 50,
                    validation: 25,
                    test: 25,
                },
                features: vec!["x".into(), "y".into()],
                scaling: Choice::of("none"),
            },
            network: NetworkConfig {
                hidden: vec![LayerConfig::new(4, "tanh"), LayerConfig::new(2, "tanh")],
                output: OutputConfig {
                    activation: Choice::of("sigmoid"),
                    frozen: false,
                    learning_rate_factor: 1.0,
                },
                weight_initializer: Choice::of("glorot_uniform"),
                bias_initializer: Choice::of("zeros"),
            },
            training: TrainingConfig {
                loss: Choice::of("binary_cross_entropy"),
                optimizer: Choice::of("adam").with("learning_rate", 0.01),
                schedule: Choice::of("constant"),
                batch_size: 10,
                shuffled: true,
                penalty: Choice::of("none"),
                max_norm: 0.0,
                clip: Choice::of("none"),
                early_stopping: None,
                stop: StopConfig {
                    epochs: 0,
                    target: None,
                    evaluate_test: false,
                },
            },
        }
    }
}
