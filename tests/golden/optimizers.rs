//! Twenty steps of every optimizer, on given gradients and on a quadratic.

use std::collections::{BTreeMap, BTreeSet};

use neural_playground::formula::Params;
use neural_playground::formula::optimizer::{Clock, Optimizer};
use neural_playground::real::Float;
use serde::Deserialize;

use super::reader::{F32, F64, assert_all_close, choice, read};

#[derive(Deserialize)]
struct Optimizers {
    given: Given,
    quadratic: Quadratic,
    entries: Vec<Figures>,
}

#[derive(Deserialize)]
struct Given {
    start: Vec<f64>,
    gradients: Vec<Vec<f64>>,
}

/// Half of p^T a p, less b^T p.
#[derive(Deserialize)]
struct Quadratic {
    a: Vec<Vec<f64>>,
    b: Vec<f64>,
    start: Vec<f64>,
}

/// The parameters after each step.
#[derive(Deserialize)]
struct Figures {
    id: String,
    params: BTreeMap<String, f64>,
    given: Vec<Vec<f64>>,
    quadratic: Vec<Vec<f64>>,
}

impl Quadratic {
    fn gradient(&self, p: &[f64]) -> Vec<f64> {
        let row = |row: &Vec<f64>, b: &f64| row.iter().zip(p).map(|(a, p)| a * p).sum::<f64>() - b;
        self.a.iter().zip(&self.b).map(|(a, b)| row(a, b)).collect()
    }
}

/// Runs and compares each step; `gradient` sees the step's number and the parameters before it.
fn follow<T: Float>(
    name: &str,
    (optimizer, params): (Optimizer, &Params),
    start: &[f64],
    expected: &[Vec<f64>],
    tolerance: f64,
    gradient: impl Fn(usize, &[f64]) -> Vec<f64>,
) {
    let narrow = |values: &[f64]| {
        values
            .iter()
            .map(|&value| T::from_f64(value))
            .collect::<Vec<T>>()
    };
    let mut p = narrow(start);
    let kept = optimizer.state_count(params);
    let mut state = optimizer
        .initial_state(params)
        .map(|value| vec![T::from_f64(value); p.len()]);
    state[kept..].iter_mut().for_each(Vec::clear);
    let mut clock = Clock::default();
    for (step, expected) in expected.iter().enumerate() {
        let before: Vec<f64> = p.iter().map(|p| p.to_f64()).collect();
        let g = narrow(&gradient(step, &before));
        let h = optimizer.scalars(params, params[0], &mut clock);
        let [first, second, third] = &mut state;
        optimizer.update_all(&mut p, &g, [first, second, third], &h);
        let after: Vec<f64> = p.iter().map(|p| p.to_f64()).collect();
        assert_all_close(
            &format!("{name}, after step {}", step + 1),
            &after,
            expected,
            tolerance,
        );
    }
}

fn every_optimizer<T: Float>(precision: &str, tolerance: f64) {
    let file: Optimizers = read("optimizers");
    for figures in &file.entries {
        let (optimizer, params) =
            Optimizer::resolve(&choice(&figures.id, &figures.params), "training.optimizer")
                .unwrap();
        assert_eq!(optimizer.entry().params[0].id, "learning_rate");
        assert_eq!(
            figures.params.len(),
            optimizer.entry().params.len(),
            "{}: a parameter without figures",
            figures.id
        );
        assert_eq!((figures.given.len(), figures.quadratic.len()), (20, 20));
        let name = |problem: &str| {
            format!(
                "{} {:?}, {problem}, {precision}",
                figures.id, figures.params
            )
        };
        let row = (optimizer, &params);
        follow::<T>(
            &name("given gradients"),
            row,
            &file.given.start,
            &figures.given,
            tolerance,
            |step, _| file.given.gradients[step].clone(),
        );
        let quadratic = &file.quadratic;
        follow::<T>(
            &name("quadratic"),
            row,
            &quadratic.start,
            &figures.quadratic,
            tolerance,
            |_, p| quadratic.gradient(p),
        );
    }
}

#[test]
fn every_optimizer_s_twenty_steps_are_the_references_in_f64() {
    every_optimizer::<f64>("f64", F64);
}

#[test]
fn every_optimizer_s_twenty_steps_hold_in_f32() {
    every_optimizer::<f32>("f32", F32);
}

#[test]
fn the_file_holds_every_optimizer() {
    let file: Optimizers = read("optimizers");
    let held: BTreeSet<&str> = file
        .entries
        .iter()
        .map(|figures| figures.id.as_str())
        .collect();
    assert_eq!(held, Optimizer::ALL.iter().map(|row| row.id()).collect());
}
