//! `Config`: the one schema. Defaults, limits, validation and what changing each field does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A row of a table chosen by id, with that row's parameters by name.
///
/// JSON: `{"id": "leaky_relu", "slope": 0.01}`; on input also the bare id, `"tanh"`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// The row's id.
    pub id: String,
    /// The row's parameters; after validation every one is present.
    #[serde(flatten)]
    pub params: BTreeMap<String, f64>,
}

/// Which rules the run follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// This project's own.
    Standard,
    /// TensorFlow Playground's generator, fixed order, carried partial batches and dead L1 links.
    TfPlayground,
}

/// Separate seeds, so that one may change while the others hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitConfig {
    /// Training.
    pub train: u32,
    /// Validation.
    pub validation: u32,
    /// Test, sealed until asked for.
    pub test: u32,
}

/// Which data, how noisy, how split, which columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    pub scaling: Choice,
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Id(String),
            Row {
                id: String,
                #[serde(flatten)]
                params: BTreeMap<String, f64>,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Id(id) => Self { id, params: BTreeMap::new() },
            Form::Row { id, params } => Self { id, params },
        })
    }
}
