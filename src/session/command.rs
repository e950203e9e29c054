//! What a page or a program may ask for.

use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;

/// A wish. JSON, `{"type": "step", "count": 1}`; unknown fields are refused.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// A config, possibly partial, laid over the engine's defaults for its data set.
    Configure {
        /// The config.
        #[cfg_attr(test, ts(type = "unknown"))]
        config: Value,
    },
    /// Changes laid over the present config.
    Patch {
        /// The changes.
        #[cfg_attr(test, ts(type = "unknown"))]
        patch: Value,
    },
    /// Another data set; output, loss and stop rules are made to fit where they no longer do.
    ChooseDataset {
        /// Its id.
        dataset: String,
    },
    /// Trains from now on, at a pace; with both paces null flat out.
    Play {
        /// Steps a second.
        steps_per_second: Option<f64>,
        /// Epochs a second.
        #[serde(default)]
        epochs_per_second: Option<f64>,
    },
    /// Trains flat out for so many steps or epochs, then emits `trained`.
    Train {
        /// Steps.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "number | null"))]
        steps: Option<u64>,
        /// Whole epochs.
        #[serde(default)]
        #[cfg_attr(test, ts(type = "number | null"))]
        epochs: Option<u64>,
    },
    /// Stops training; nothing is lost.
    Pause,
    /// Pauses, then so many updates at once.
    Step {
        /// Updates, 1..=100,000.
        count: u32,
    },
    /// Pauses, then to the end of the epoch, so many times.
    Epoch {
        /// Epochs, 1..=1,000.
        count: u32,
    },
    /// Step 0 again, with the same weights.
    Reset,
    /// New seeds for the purposes named.
    NewSeed {
        /// Which.
        which: Vec<SeedName>,
    },
    /// One weight or bias.
    SetParameter {
        /// Layer, 0 = the first hidden one (or the output layer, if there is none).
        layer: usize,
        /// Neuron of the layer.
        unit: usize,
        /// Input of the neuron; null = its bias.
        input: Option<usize>,
        /// New value.
        value: f64,
    },
    /// Opens the sealed test set, once more counted.
    RevealTest,
}

/// One of the separate seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SeedName {
    /// Points and noise.
    Data,
    /// Split.
    Split,
    /// Weights.
    Init,
    /// Order of batches, dropout.
    Batches,
}

impl Command {
    /// Reads a command.
    ///
    /// # Errors
    /// `Malformed` with the field `command`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| Error::Malformed {
            field: "command".into(),
            message: error.to_string(),
        })
    }
}

/// What the page wants to draw. Absent = not wanted.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
#[serde(default, deny_unknown_fields)]
pub struct FrameWants {
    /// Small maps of the neurons.
    pub maps: Option<MapWants>,
    /// The large map.
    pub output: Option<OutputWants>,
    /// All weights.
    pub weights: Option<bool>,
    /// The curves.
    pub history: Option<bool>,
    /// Digits it gets wrong.
    pub digits: Option<DigitWants>,
}

/// Which small maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MapWants {
    /// Points on a side, 1..=200.
    pub resolution: usize,
    /// Every neuron, or the output only.
    pub hidden: bool,
}

/// Which large map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
#[serde(deny_unknown_fields)]
pub struct OutputWants {
    /// Points on a side, 1..=400.
    pub resolution: usize,
    /// Layer, 0 = input features; absent = the output.
    #[serde(default)]
    pub layer: Option<usize>,
    /// Unit of that layer.
    #[serde(default)]
    pub unit: Option<usize>,
}

/// How many wrong digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct DigitWants {
    /// At most so many with their pixels.
    pub wrong: usize,
}
