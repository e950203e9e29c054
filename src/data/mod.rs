//! Data sets: where the numbers come from, which columns they make, how they are split and scaled.
//!
//! One table of data sets; a generated set is one function in `synthetic` and one row here. A [`Dataset`]
//! is everything the trainer, the maps and the page need to know of the data, and never changes.

pub mod custom;
pub mod dataset;
pub mod digits;
pub mod features;
pub mod kind;
pub mod numbers;
pub mod scaling;
pub mod split;
pub mod synthetic;
pub mod tf_playground;

use serde::Serialize;

pub use custom::CustomData;
pub use dataset::Dataset;
pub use digits::Digits;
pub use features::{FEATURES, FeatureEntry};
pub use kind::{Capabilities, Kind};
pub use numbers::Numbers;
pub use scaling::{SCALINGS, Scaler};
pub use tf_playground::{SeedRandom, in_tf_playground};

use crate::error::Error;
use synthetic::Generator;

/// What is to be learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Task {
    /// One of several classes.
    Classification,
    /// A number.
    Regression,
}

impl Task {
    /// The task with this spelling on the wire.
    ///
    /// # Errors
    /// `UnknownId` on `task`.
    pub fn parse(id: &str) -> Result<Self, Error> {
        match id {
            "classification" => Ok(Self::Classification),
            "regression" => Ok(Self::Regression),
            _ => Err(Error::UnknownId {
                field: "task".to_owned(),
                id: id.to_owned(),
                known: "classification, regression".to_owned(),
            }),
        }
    }
}

/// How many classes a set can have; all 0 for regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClassRange {
    /// Fewest.
    pub min: u32,
    /// Most.
    pub max: u32,
    /// At first.
    pub default: u32,
}

impl ClassRange {
    const NONE: Self = Self::only(0);

    const fn only(count: u32) -> Self {
        Self {
            min: count,
            max: count,
            default: count,
        }
    }
}

/// A row of the table of data sets.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DatasetEntry {
    /// Permanent id.
    pub id: &'static str,
    /// What is to be learned; `custom` follows the caller's targets.
    pub task: Task,
    /// What a row is.
    pub kind: Kind,
    /// How many classes it can have.
    pub classes: ClassRange,
    /// Whether `data.balance` counts.
    pub has_balance: bool,
    /// Whether `data.noise` and `data.label_noise` count.
    pub has_noise: bool,
    /// Plotted range of both axes. Noisy points may lie beyond it.
    pub domain: [f64; 2],
    /// How it is made.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub generator: Generator,
}

const DOMAIN: [f64; 2] = [-synthetic::EXTENT, synthetic::EXTENT];
/// Classes of the sets that have a choice.
const SEVERAL: ClassRange = ClassRange {
    min: 2,
    max: 8,
    default: 3,
};

const fn classes(
    id: &'static str,
    classes: ClassRange,
    point: fn(&synthetic::Draw) -> [f64; 2],
    noise: f64,
) -> DatasetEntry {
    DatasetEntry {
        id,
        task: Task::Classification,
        kind: Kind::Plane,
        classes,
        has_balance: classes.max == 2,
        has_noise: true,
        domain: DOMAIN,
        generator: Generator::Classes { point, noise },
    }
}

const fn function(id: &'static str, kind: Kind, generator: Generator) -> DatasetEntry {
    DatasetEntry {
        id,
        task: Task::Regression,
        kind,
        classes: ClassRange::NONE,
        has_balance: false,
        has_noise: true,
        domain: DOMAIN,
        generator,
    }
}

/// Every data set, in the order of the menu.
pub static DATASETS: &[DatasetEntry] = &[
    classes("circle", ClassRange::only(2), synthetic::circle, 2.0),
    classes("xor", ClassRange::only(2), synthetic::xor, 2.0),
    classes("gauss", ClassRange::only(2), synthetic::gauss, 2.0),
    classes("spiral", ClassRange::only(2), synthetic::spiral, 0.6),
    classes("moons", ClassRange::only(2), synthetic::moons, 1.5),
    classes(
        "checkerboard",
        ClassRange::only(2),
        synthetic::checkerboard,
        1.5,
    ),
    classes("rings", ClassRange::only(3), synthetic::rings, 1.5),
    classes("blobs", SEVERAL, synthetic::blobs, 2.0),
    classes("pinwheel", SEVERAL, synthetic::pinwheel, 1.0),
    function("reg_plane", Kind::Plane, Generator::Plane(synthetic::plane)),
    function("reg_gauss", Kind::Plane, Generator::Plane(synthetic::bumps)),
    function(
        "reg_ripple",
        Kind::Plane,
        Generator::Plane(synthetic::ripple),
    ),
    function(
        "reg_saddle",
        Kind::Plane,
        Generator::Plane(synthetic::saddle),
    ),
    function(
        "line_sine",
        Kind::Line,
        Generator::Line(synthetic::line_sine),
    ),
    function(
        "line_step",
        Kind::Line,
        Generator::Line(synthetic::line_step),
    ),
    function(
        "line_cubic",
        Kind::Line,
        Generator::Line(synthetic::line_cubic),
    ),
    DIGITS,
    CUSTOM,
];

static DIGITS: DatasetEntry = DatasetEntry {
    id: "digits",
    task: Task::Classification,
    kind: Kind::Digits,
    classes: ClassRange::only(digits::CLASSES as u32),
    has_balance: false,
    has_noise: false,
    domain: [0.0, 1.0],
    generator: Generator::None,
};

static CUSTOM: DatasetEntry = DatasetEntry {
    id: "custom",
    task: Task::Classification,
    kind: Kind::Custom,
    classes: ClassRange {
        min: 2,
        max: custom::MAX_CLASSES as u32,
        default: 2,
    },
    has_balance: false,
    has_noise: false,
    domain: [0.0, 1.0],
    generator: Generator::None,
};

/// What a row is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// Parameters are fitted to it.
    Train = 0,
    /// Choices are made by it.
    Validation = 1,
    /// Sealed until asked for.
    Test = 2,
}

/// Fewest and most points of a generated set.
pub const SAMPLES: [u32; 2] = [10, 5000];
/// Fewest and most digits for training and validation.
pub const DIGIT_SAMPLES: [u32; 2] = [100, 8000];
/// The row of the table for `id`; `data.dataset` is refused when there is none.
pub fn entry(id: &str) -> Result<&'static DatasetEntry, Error> {
    DATASETS
        .iter()
        .find(|entry| entry.id == id)
        .ok_or_else(|| unknown_dataset(id, DATASETS.iter().map(|entry| entry.id)))
}

fn unknown_dataset(id: &str, known: impl Iterator<Item = &'static str>) -> Error {
    Error::UnknownId {
        field: "data.dataset".to_owned(),
        id: id.to_owned(),
        known: known.collect::<Vec<_>>().join(", "),
    }
}
