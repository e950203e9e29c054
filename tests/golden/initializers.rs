//! The spread of every initializer.

use std::collections::{BTreeMap, BTreeSet};

use neural_playground::formula::initializer::Initializer;
use neural_playground::random::{Purpose, Random};
use serde::Deserialize;

use super::reader::{assert_close, choice, read};

/// Sampling error allowed, in standard errors: with some sixty comparisons, chance alone exceeds it once in 8,000 seeds.
const STANDARD_ERRORS: f64 = 4.5;
/// Gram-Schmidt or reflections over up to 64 terms in f64.
const ORTHOGONAL: f64 = 1e-12;

#[derive(Deserialize)]
struct Initializers {
    entries: Vec<Figures>,
    orthogonal: Vec<OrthogonalFigures>,
}

#[derive(Deserialize)]
struct Figures {
    id: String,
    params: BTreeMap<String, f64>,
    fan_in: usize,
    fan_out: usize,
    mean: f64,
    std: f64,
    bound: Option<f64>,
    sample: Sample,
}

/// What a large sample of the reference's shows, and the standard errors of its mean and deviation.
#[derive(Deserialize)]
struct Sample {
    count: usize,
    mean: f64,
    std: f64,
    min: f64,
    max: f64,
    mean_error: f64,
    std_error: f64,
}

#[derive(Deserialize)]
struct OrthogonalFigures {
    outputs: usize,
    inputs: usize,
    params: BTreeMap<String, f64>,
    orthonormal: String,
    squared_gain: f64,
}

#[test]
fn every_initializer_spreads_as_the_reference() {
    let file: Initializers = read("initializers");
    for figures in &file.entries {
        let Figures {
            id,
            params,
            fan_in,
            fan_out,
            mean,
            std,
            bound,
            sample,
        } = figures;
        let (initializer, params) =
            Initializer::resolve(&choice(id, params), "network.weight_initializer").unwrap();
        let size = fan_in * fan_out;
        let random = Random::new(20, Purpose::Init);
        let mut values = vec![0.0; sample.count];
        for (number, matrix) in (0..).zip(values.chunks_exact_mut(size)) {
            initializer.fill(
                &params,
                *fan_in,
                *fan_out,
                &random,
                number * size as u64,
                matrix,
            );
        }
        let count = sample.count as f64;
        let own_mean = values.iter().sum::<f64>() / count;
        let own_std = (values
            .iter()
            .map(|x| (x - own_mean) * (x - own_mean))
            .sum::<f64>()
            / (count - 1.0))
            .sqrt();
        let name = format!("{id}, {fan_in} to {fan_out}");
        let within = |what: &str, own: f64, expected: f64, error: f64| {
            assert!(
                (own - expected).abs() <= STANDARD_ERRORS * error,
                "{name}: {what} {own}, expected {expected}"
            );
        };
        within("mean", own_mean, *mean, sample.mean_error);
        within("deviation", own_std, *std, sample.std_error);
        // Two samples differ by the root of both variances.
        let both = std::f64::consts::SQRT_2;
        within(
            "mean against the sample",
            own_mean,
            sample.mean,
            both * sample.mean_error,
        );
        within(
            "deviation against the sample",
            own_std,
            sample.std,
            both * sample.std_error,
        );
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| {
            (low.min(x), high.max(x))
        });
        match bound {
            Some(bound) => {
                assert!(
                    low >= mean - bound && high <= mean + bound,
                    "{name}: {low}..{high} past {bound}"
                );
                // The chance that 200,000 draws leave the outer 1/1,000 empty is e^-100.
                assert!(
                    high - low >= 1.998 * bound,
                    "{name}: {low}..{high} does not fill {bound}"
                );
            }
            // Normal, not truncated: the reference's extremes lie beyond four deviations, and so must these.
            None => {
                assert!(
                    sample.min < mean - 3.9 * std && sample.max > mean + 3.9 * std,
                    "{name}: reference truncated"
                );
                assert!(
                    low < mean - 3.9 * std && high > mean + 3.9 * std,
                    "{name}: {low}..{high} is truncated"
                );
            }
        }
    }
}

#[test]
fn orthogonal_matrices_are_orthonormal_on_the_shorter_side() {
    let file: Initializers = read("initializers");
    assert_eq!(file.orthogonal.len(), 5);
    for OrthogonalFigures {
        outputs,
        inputs,
        params,
        orthonormal,
        squared_gain,
    } in file.orthogonal
    {
        let (initializer, params) =
            Initializer::resolve(&choice("orthogonal", &params), "network.weight_initializer")
                .unwrap();
        let mut w = vec![0.0; outputs * inputs];
        initializer.fill(
            &params,
            inputs,
            outputs,
            &Random::new(20, Purpose::Init),
            0,
            &mut w,
        );
        let (count, length, at): (usize, usize, &dyn Fn(usize, usize) -> usize) =
            if orthonormal == "rows" {
                (outputs, inputs, &|vector, term| vector * inputs + term)
            } else {
                (inputs, outputs, &|vector, term| term * inputs + vector)
            };
        for a in 0..count {
            for b in 0..count {
                let dot: f64 = (0..length)
                    .map(|term| w[at(a, term)] * w[at(b, term)])
                    .sum();
                let expected = if a == b { squared_gain } else { 0.0 };
                assert_close(
                    &format!("{outputs} by {inputs}, {orthonormal} {a} and {b}"),
                    dot,
                    expected,
                    ORTHOGONAL,
                );
            }
        }
    }
}

#[test]
fn the_file_holds_every_random_initializer() {
    let file: Initializers = read("initializers");
    let held: BTreeSet<&str> = file
        .entries
        .iter()
        .map(|figures| figures.id.as_str())
        .collect();
    let exact = ["zeros", "constant", "orthogonal"];
    assert_eq!(
        held,
        Initializer::ALL
            .iter()
            .map(|row| row.id())
            .filter(|id| !exact.contains(id))
            .collect()
    );
}
