//! Sixty ticks of every schedule.

use std::collections::{BTreeMap, BTreeSet};

use neural_playground::formula::metric::Better;
use neural_playground::formula::schedule::{Plateau, Schedule};
use serde::Deserialize;

use super::reader::{F64, assert_close, choice, read};

#[derive(Deserialize)]
struct Schedules {
    base_learning_rate: f64,
    plateau_metric: Vec<f64>,
    entries: Vec<Figures>,
}

#[derive(Deserialize)]
struct Figures {
    id: String,
    params: BTreeMap<String, f64>,
    learning_rates: Vec<f64>,
}

#[test]
fn every_schedule_is_pytorch_s() {
    let file: Schedules = read("schedules");
    for figures in &file.entries {
        let (schedule, params) =
            Schedule::resolve(&choice(&figures.id, &figures.params), "training.schedule").unwrap();
        assert_eq!(
            figures.params.len(),
            schedule.entry().params.len(),
            "{}: a parameter without figures",
            figures.id
        );
        assert_eq!(figures.learning_rates.len(), 60);
        let mut plateau = Plateau::default();
        for (tick, &expected) in (0..).zip(&figures.learning_rates) {
            let factor = if schedule == Schedule::ReduceOnPlateau {
                plateau.factor
            } else {
                schedule.factor(&params, tick)
            };
            let name = format!("{} {:?}, tick {tick}", figures.id, figures.params);
            // Relative to the base rate, so that small rates are held as closely.
            assert_close(&name, factor, expected / file.base_learning_rate, F64);
            plateau.observe(&params, file.plateau_metric[tick as usize], Better::Lower);
        }
    }
}

/// The metric's sequence must make every parameter matter, or the test above shows nothing.
#[test]
fn the_plateau_s_metric_reduces_the_rate_at_different_ticks() {
    let file: Schedules = read("schedules");
    let reductions: BTreeSet<Vec<usize>> = file
        .entries
        .iter()
        .filter(|figures| figures.id == "reduce_on_plateau")
        .map(|figures| {
            (1..60)
                .filter(|&t| figures.learning_rates[t] < figures.learning_rates[t - 1])
                .collect()
        })
        .collect();
    assert_eq!(reductions.len(), 3);
    assert!(
        reductions.iter().all(|ticks| ticks.len() >= 2),
        "{reductions:?}"
    );
}

#[test]
fn the_file_holds_every_schedule() {
    let file: Schedules = read("schedules");
    let held: BTreeSet<&str> = file
        .entries
        .iter()
        .map(|figures| figures.id.as_str())
        .collect();
    assert_eq!(held, Schedule::ALL.iter().map(|row| row.id()).collect());
}
