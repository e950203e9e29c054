//! The engine against PyTorch, Keras and scikit-learn, figure by figure.
//!
//! The figures are `tests/golden/*.json`; `tests/golden/generate.py` writes them. Sequences are compared step by
//! step, so that a failure names the first wrong step.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers fail as the test does"
)]

#[path = "golden/formulas.rs"]
mod formulas;
#[path = "golden/groups.rs"]
mod groups;
#[path = "golden/initializers.rs"]
mod initializers;
#[path = "golden/metrics.rs"]
mod metrics;
#[path = "golden/optimizers.rs"]
mod optimizers;
#[path = "golden/pictures.rs"]
mod pictures;
#[path = "golden/reader.rs"]
mod reader;
#[path = "golden/schedules.rs"]
mod schedules;
#[path = "golden/setting.rs"]
mod setting;
#[path = "golden/small_networks.rs"]
mod small_networks;
#[path = "golden/stopping.rs"]
mod stopping;
#[path = "golden/worked_example.rs"]
mod worked_example;
