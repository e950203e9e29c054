//! The catalog: every table, field and limit, sent once. The whole interface is built from it.

use serde::Serialize;

use crate::config::{Config, FIELDS, Facts, FieldSpec, resolve};
use crate::data::{DATASETS, DatasetEntry, FEATURES, Kind, SCALINGS};
use crate::formula::activation::{Activation, SOFTMAX};
use crate::formula::initializer::Initializer;
use crate::formula::loss::Loss;
use crate::formula::metric::Metric;
use crate::formula::optimizer::Optimizer;
use crate::formula::penalty::{Clip, Penalty};
use crate::formula::schedule::Schedule;
use crate::formula::{Entry, Param};
use crate::model::MAX_PARAMETERS;

/// A parameter of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct ParamSpec {
    id: &'static str,
    min: f64,
    max: f64,
    default: f64,
    #[cfg_attr(test, ts(type = "\"linear\" | \"log\""))]
    scale: &'static str,
    integer: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "Entry"))]
pub(super) struct EntryRow {
    id: &'static str,
    params: Vec<ParamSpec>,
}

/// A row of the activations, with where it may stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "ActivationEntry"))]
pub(super) struct ActivationRow {
    #[serde(flatten)]
    entry: EntryRow,
    hidden: bool,
    output: bool,
}

/// A metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "MetricEntry"))]
pub(super) struct MetricRow {
    id: &'static str,
    #[cfg_attr(test, ts(type = "\"classification\" | \"regression\" | \"both\""))]
    task: &'static str,
    #[cfg_attr(test, ts(type = "\"higher\" | \"lower\""))]
    better: &'static str,
}

/// An input feature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "FeatureEntry"))]
pub(super) struct FeatureRow {
    id: &'static str,
    symbol: &'static str,
    kind: Kind,
}

/// Limits that are not a field's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(super) struct Limits {
    hidden_layers: usize,
    units: usize,
    /// Neurons of a layer that the page draws one by one.
    drawn_units: usize,
    samples: [u32; 2],
    digit_samples: [u32; 2],
    parameters: usize,
}

/// Everything a page needs to build its controls.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Catalog {
    engine_version: &'static str,
    activations: Vec<ActivationRow>,
    losses: Vec<EntryRow>,
    optimizers: Vec<EntryRow>,
    schedules: Vec<EntryRow>,
    penalties: Vec<EntryRow>,
    clips: Vec<EntryRow>,
    initializers: Vec<EntryRow>,
    scalings: Vec<EntryRow>,
    metrics: Vec<MetricRow>,
    datasets: Vec<DatasetEntry>,
    features: Vec<FeatureRow>,
    fields: Vec<FieldSpec>,
    limits: Limits,
    defaults: Config,
}

fn row(entry: &Entry) -> EntryRow {
    let spec = |param: &Param| ParamSpec {
        id: param.id,
        min: param.min,
        max: param.max,
        default: param.default,
        scale: param.scale.id(),
        integer: param.integer,
    };
    EntryRow {
        id: entry.id,
        params: entry.params.iter().map(spec).collect(),
    }
}

fn rows(entries: &[Entry]) -> Vec<EntryRow> {
    entries.iter().map(row).collect()
}

impl Catalog {
    /// The catalog of this engine.
    pub fn new() -> Self {
        let mut activations: Vec<ActivationRow> = Activation::ENTRIES
            .iter()
            .map(|entry| ActivationRow {
                entry: row(entry),
                hidden: true,
                output: true,
            })
            .collect();
        activations.push(ActivationRow {
            entry: row(&SOFTMAX),
            hidden: false,
            output: true,
        });
        let mut defaults = Config::default();
        // The defaults fit by construction (a test holds it); resolving writes every parameter out.
        let _ = resolve(&mut defaults, Facts { classes: 2 });
        let limit = |path: &str| {
            FIELDS
                .iter()
                .find(|field| field.path == path)
                .map_or(0, |field| field.max as usize)
        };
        let scaling = |id: &&'static str| EntryRow { id, params: vec![] };
        Self {
            engine_version: env!("CARGO_PKG_VERSION"),
            activations,
            losses: rows(Loss::ENTRIES),
            optimizers: rows(Optimizer::ENTRIES),
            schedules: rows(Schedule::ENTRIES),
            penalties: rows(Penalty::ENTRIES),
            clips: rows(Clip::ENTRIES),
            initializers: rows(Initializer::ENTRIES),
            scalings: SCALINGS.iter().map(scaling).collect(),
            metrics: Metric::ALL
                .iter()
                .map(|metric| MetricRow {
                    id: metric.id(),
                    task: metric.task().id(),
                    better: metric.better().id(),
                })
                .collect(),
            datasets: DATASETS.to_vec(),
            features: FEATURES
                .iter()
                .map(|feature| FeatureRow {
                    id: feature.id,
                    symbol: feature.symbol,
                    kind: feature.kind,
                })
                .collect(),
            fields: FIELDS.to_vec(),
            limits: Limits {
                hidden_layers: limit("network.hidden"),
                units: limit("network.hidden[].units"),
                drawn_units: 64,
                samples: crate::data::SAMPLES,
                digit_samples: crate::data::DIGIT_SAMPLES,
                parameters: MAX_PARAMETERS,
            },
            defaults,
        }
    }
}

impl Default for Catalog {
    fn default() -> Self {
        Self::new()
    }
}
