//! Every metric on given predictions: by itself, and as a session measures it.

use std::collections::{BTreeMap, BTreeSet};

use neural_playground::data::Task;
use neural_playground::formula::metric::{Confusion, Errors, Metric, log_loss};
use neural_playground::session::{Session, SplitMetrics, Tensor};
use serde::Deserialize;
use serde_json::json;

use super::reader::{F32, F64, assert_close, read};

#[derive(Deserialize)]
struct Metrics {
    classification: Vec<Classification>,
    regression: Vec<Regression>,
}

/// `probability` is (rows, classes); the largest is the prediction. Of two classes, 1 is the positive one. `undefined` are
/// those of which scikit-learn warns.
#[derive(Deserialize)]
struct Classification {
    name: String,
    classes: usize,
    probability: Vec<f64>,
    truth: Vec<usize>,
    values: BTreeMap<String, f64>,
    undefined: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Regression {
    name: String,
    prediction: Vec<f64>,
    truth: Vec<f64>,
    values: BTreeMap<String, f64>,
    undefined: BTreeSet<String>,
}

fn metric(id: &str) -> Metric {
    Metric::from_id(id).unwrap_or_else(|| panic!("no metric {id}"))
}

fn undefined(of: impl Fn(Metric) -> Option<&'static str>) -> BTreeSet<String> {
    let all = Metric::ALL.iter().filter(|metric| of(**metric).is_some());
    all.map(|metric| metric.id().to_owned()).collect()
}

#[test]
fn classification_metrics_are_scikit_learn_s() {
    let file: Metrics = read("metrics");
    assert_eq!(file.classification.len(), 22);
    for case in file.classification {
        let Classification { name, classes, .. } = &case;
        let mut confusion = Confusion::new(*classes);
        let (mut losses, mut single_losses) = (0.0, 0.0);
        for (row, &truth) in case.probability.chunks_exact(*classes).zip(&case.truth) {
            let predicted = (0..*classes)
                .rev()
                .max_by(|&a, &b| row[a].total_cmp(&row[b]))
                .unwrap();
            confusion.add(truth, predicted);
            losses += log_loss(row[truth]);
            single_losses += log_loss(f64::from(row[truth] as f32));
        }
        // Accuracy, balanced accuracy, three macro and three micro; of two classes three more. And the log losses.
        let logs = case.values.keys().filter(|id| id.starts_with("log_loss"));
        let counted = if *classes == 2 { 11 } else { 8 };
        assert_eq!(case.values.len() - logs.count(), counted, "{name}");
        for (id, expected) in &case.values {
            let rows = case.truth.len() as f64;
            let (own, tolerance) = match id.as_str() {
                "log_loss" => (losses / rows, F64),
                "log_loss_f32" => (single_losses / rows, F64),
                id => (metric(id).of_counts(&confusion).unwrap(), F64),
            };
            assert_close(&format!("{name}, {id}"), own, *expected, tolerance);
        }
        assert_eq!(
            undefined(|metric| confusion.undefined(metric)),
            case.undefined,
            "{name}"
        );
        for two_class in [Metric::Precision, Metric::Recall, Metric::F1] {
            let counted = two_class.of_counts(&confusion).is_some();
            assert_eq!(counted, *classes == 2, "{name}, {}", two_class.id());
        }
    }
}

#[test]
fn regression_metrics_are_scikit_learn_s() {
    let file: Metrics = read("metrics");
    assert_eq!(file.regression.len(), 11);
    for case in file.regression {
        let mut errors = Errors::default();
        for (&predicted, &target) in case.prediction.iter().zip(&case.truth) {
            errors.add(predicted, target);
        }
        for id in ["rmse", "mae", "r2"] {
            let (own, expected) = (errors.of(metric(id)), case.values.get(id).copied());
            assert_eq!(own.is_some(), expected.is_some(), "{}, {id}", case.name);
            let (Some(own), Some(expected)) = (own, expected) else {
                continue;
            };
            // Beside an offset of 1e9 a spread near 1 has seven digits left.
            let tolerance = if case.name == "a large offset" {
                1e-6
            } else {
                F64
            };
            assert_close(&format!("{}, {id}", case.name), own, expected, tolerance);
        }
        assert_eq!(
            undefined(|metric| errors.undefined(metric)),
            case.undefined,
            "{}",
            case.name
        );
    }
}

/// A session whose validation part gives these scores `(rows, outputs)` and has these truths; two rows are for training.
fn measured(
    (scores, outputs): (&[f64], usize),
    (truth, classes): (&[f64], usize),
    (output, loss): (&str, &str),
) -> (SplitMetrics, BTreeSet<String>) {
    let mut session = Session::new().unwrap();
    let mut inputs = vec![0.0; 2 * outputs];
    inputs.extend(scores);
    // The largest label says how many classes there are.
    let mut targets = vec![0.0, classes.saturating_sub(1) as f64];
    targets.extend(truth);
    let parts: Vec<u8> = (0..targets.len()).map(|row| u8::from(row > 1)).collect();
    let task = if classes > 0 {
        Task::Classification
    } else {
        Task::Regression
    };
    session
        .set_data(inputs, outputs, targets, Some(&parts), Some(task))
        .unwrap();
    let config = json!({"type": "patch", "patch": {
        "data": {"scaling": "none"},
        "network": {"hidden": [], "output": {"activation": output}},
        "training": {"loss": loss},
    }});
    let events = session.handle(&config.to_string(), &|| 0.0);
    assert!(!format!("{events:?}").contains("Rejected"), "{events:?}");
    let identity =
        (0..outputs * outputs).map(|place| f32::from(u8::from(place % (outputs + 1) == 0)));
    let tensor = |name: &str, shape: &[usize], data| Tensor {
        name: name.into(),
        shape: shape.to_vec(),
        data,
    };
    session
        .set_weights(&[
            tensor("output.weight", &[outputs, outputs], identity.collect()),
            tensor("output.bias", &[outputs], vec![0.0; outputs]),
        ])
        .unwrap();
    let metrics = session.metrics(&|| 0.0);
    let undefined = metrics
        .undefined
        .iter()
        .filter(|figure| figure.part == "validation");
    let undefined = undefined.map(|figure| figure.metric.to_owned()).collect();
    (metrics.validation.unwrap(), undefined)
}

/// By softmax, by one probability and by one signed score.
#[test]
fn a_session_measures_scikit_learn_s_classification_figures() {
    let file: Metrics = read("metrics");
    for case in &file.classification {
        let Classification {
            name,
            classes,
            values,
            ..
        } = case;
        let truth: Vec<f64> = case.truth.iter().map(|&class| class as f64).collect();
        let log = |p: f64| libm::log(p.max(1e-45));
        let mut ways = vec![(
            "softmax",
            case.probability
                .iter()
                .map(|&p| log(p))
                .collect::<Vec<f64>>(),
            "categorical_cross_entropy",
        )];
        if *classes == 2 {
            let logit: Vec<f64> = case
                .probability
                .chunks_exact(2)
                .map(|p| log(p[1]) - log(p[0]))
                .collect();
            let score = logit.iter().map(|logit| logit / 4.0).collect();
            ways.push(("sigmoid", logit, "binary_cross_entropy"));
            ways.push(("tanh", score, "mse"));
            ways.push((
                "linear",
                case.probability
                    .chunks_exact(2)
                    .map(|p| p[1] - p[0])
                    .collect(),
                "hinge",
            ));
        }
        for (output, scores, loss) in ways {
            let outputs = scores.len() / truth.len();
            let (own, undefined) = measured((&scores, outputs), (&truth, *classes), (output, loss));
            let probabilities = matches!(output, "softmax" | "sigmoid");
            assert_eq!(
                own.metrics.get("log_loss").is_some(),
                probabilities,
                "{name}, {output}"
            );
            for (id, expected) in values.iter().filter(|(id, _)| *id != "log_loss") {
                if id == "log_loss_f32" && !probabilities {
                    continue;
                }
                // Probabilities nearer to 1 than f32 says are held at the same distance on either side.
                let found = own.metrics[id.trim_end_matches("_f32")];
                assert_close(&format!("{name}, {output}, {id}"), found, *expected, F32);
            }
            assert_eq!(undefined, case.undefined, "{name}, {output}");
        }
    }
}

#[test]
fn a_session_measures_scikit_learn_s_regression_figures() {
    let file: Metrics = read("metrics");
    let mut compared = 0;
    for case in &file.regression {
        // In f32 nothing is left of it, so that it is refused.
        if case.name == "a large offset" {
            continue;
        }
        let (own, undefined) = measured((&case.prediction, 1), (&case.truth, 0), ("linear", "mse"));
        for id in ["rmse", "mae", "r2"] {
            let (found, expected) = (own.metrics.get(id), case.values.get(id));
            assert_eq!(found.is_some(), expected.is_some(), "{}, {id}", case.name);
            if let (Some(found), Some(expected)) = (found, expected) {
                assert_close(&format!("{}, {id}", case.name), found, *expected, F32);
                compared += 1;
            }
        }
        assert_eq!(undefined, case.undefined, "{}", case.name);
    }
    assert_eq!(compared, 28);
}
