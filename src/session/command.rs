//! What a page or a program may ask for.

use serde_json::Value;

use crate::config::read::{At, Read, record};
use crate::error::Error;

/// A wish. JSON, `{"type": "step", "count": 1}`; unknown fields are refused.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(tag = "type", rename_all = "snake_case"))]
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
        epochs_per_second: Option<f64>,
    },
    /// Trains flat out for so many steps or epochs, then emits `trained`.
    Train {
        /// Steps.
        #[cfg_attr(test, ts(type = "number | null"))]
        steps: Option<u64>,
        /// Whole epochs.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename_all = "snake_case"))]
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
    /// `Malformed` with the field `command`, or with the path inside it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let value = json(text, "command")?;
        Self::read(&At::root(&value, "command"))
    }
}

impl Read for Command {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        let kind = at.text_of("type")?;
        let fields = |known: &[&str]| at.object(known);
        Ok(match kind {
            "configure" => Self::Configure {
                config: at.get(fields(&["type", "config"])?, "config", None)?,
            },
            "patch" => Self::Patch {
                patch: at.get(fields(&["type", "patch"])?, "patch", None)?,
            },
            "choose_dataset" => Self::ChooseDataset {
                dataset: at.get(fields(&["type", "dataset"])?, "dataset", None)?,
            },
            "play" => {
                let map = fields(&["type", "steps_per_second", "epochs_per_second"])?;
                Self::Play {
                    steps_per_second: at.get(map, "steps_per_second", Some(None))?,
                    epochs_per_second: at.get(map, "epochs_per_second", Some(None))?,
                }
            }
            "train" => {
                let map = fields(&["type", "steps", "epochs"])?;
                Self::Train {
                    steps: at.get(map, "steps", Some(None))?,
                    epochs: at.get(map, "epochs", Some(None))?,
                }
            }
            "pause" => fields(&["type"]).map(|_| Self::Pause)?,
            "step" => Self::Step {
                count: at.get(fields(&["type", "count"])?, "count", None)?,
            },
            "epoch" => Self::Epoch {
                count: at.get(fields(&["type", "count"])?, "count", None)?,
            },
            "reset" => fields(&["type"]).map(|_| Self::Reset)?,
            "new_seed" => Self::NewSeed {
                which: at.get(fields(&["type", "which"])?, "which", None)?,
            },
            "set_parameter" => {
                let map = fields(&["type", "layer", "unit", "input", "value"])?;
                Self::SetParameter {
                    layer: at.get(map, "layer", None)?,
                    unit: at.get(map, "unit", None)?,
                    input: at.get(map, "input", Some(None))?,
                    value: at.get(map, "value", None)?,
                }
            }
            "reveal_test" => fields(&["type"]).map(|_| Self::RevealTest)?,
            _ => return Err(at.expected("a command that there is")),
        })
    }
}

impl Read for SeedName {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        Ok(match String::read(at)?.as_str() {
            "data" => Self::Data,
            "split" => Self::Split,
            "init" => Self::Init,
            "batches" => Self::Batches,
            _ => return Err(at.expected("data, split, init or batches")),
        })
    }
}

/// The JSON of `text`.
///
/// # Errors
/// `Malformed` with the field `field`.
pub(super) fn json(text: &str, field: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Malformed {
        field: field.to_owned(),
        message: error.to_string(),
    })
}

/// What the page wants to draw. Absent = not wanted.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct FrameWants {
    /// Small maps of the neurons.
    pub maps: Option<MapWants>,
    /// The large map.
    pub output: Option<OutputWants>,
    /// All weights.
    pub weights: Option<bool>,
    /// The loss's derivative by each weight.
    pub gradients: Option<bool>,
    /// What this layer (0 = input features) puts out for each point.
    pub activations: Option<usize>,
    /// The curves.
    pub history: Option<bool>,
    /// Digits it gets wrong.
    pub digits: Option<DigitWants>,
}

/// Which small maps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct MapWants {
    /// Points on a side, 1..=200.
    pub resolution: usize,
    /// Every neuron, or the output only.
    pub hidden: bool,
    /// Of each layer of the answer the units that are wanted, ascending; a layer without any is empty. Absent: all.
    #[cfg_attr(test, ts(as = "Option<Vec<Vec<usize>>>"))]
    pub units: Option<Units>,
}

/// Units by layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units(pub Vec<Vec<usize>>);

impl Read for Units {
    // In one go: a path for each number would be bytes that every visitor waits for.
    fn read(at: &At<'_>) -> Result<Self, Error> {
        let expected = || at.expected("a list of units for each layer");
        let mut layers = Vec::new();
        for layer in at.value.as_array().ok_or_else(expected)? {
            let mut units = Vec::new();
            for unit in layer.as_array().ok_or_else(expected)? {
                let unit = unit.as_u64().ok_or_else(expected)?;
                units.push(usize::try_from(unit).unwrap_or(usize::MAX));
            }
            layers.push(units);
        }
        Ok(Self(layers))
    }
}

/// Which large map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(optional_fields = nullable))]
pub struct OutputWants {
    /// Points on a side, 1..=400.
    pub resolution: usize,
    /// Layer, 0 = input features; absent = the output.
    pub layer: Option<usize>,
    /// Unit of that layer.
    pub unit: Option<usize>,
}

/// How many wrong digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DigitWants {
    /// At most so many with their pixels.
    pub wrong: usize,
}

record!(FrameWants { maps = None, output = None, weights = None, gradients = None, activations = None, history = None, digits = None });
record!(MapWants { resolution, hidden, units = None });
record!(OutputWants { resolution, layer = None, unit = None });
record!(DigitWants { wrong });
