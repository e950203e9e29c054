//! Every metric on given predictions.

use std::collections::BTreeMap;

use neural_playground::formula::metric::{Confusion, Errors, Metric, log_loss};
use serde::Deserialize;

use crate::reader::{F64, assert_close, read};

#[derive(Deserialize)]
struct Metrics {
    classification: Vec<Classification>,
    regression: Vec<Regression>,
}

/// `probability` is (rows, classes); the largest is the prediction. Of two classes, 1 is the positive one.
#[derive(Deserialize)]
struct Classification {
    name: String,
    classes: usize,
    probability: Vec<f64>,
    truth: Vec<usize>,
    values: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct Regression {
    name: String,
    prediction: Vec<f64>,
    truth: Vec<f64>,
    values: BTreeMap<String, f64>,
}

fn metric(id: &str) -> Metric {
    Metric::from_id(id).unwrap_or_else(|| panic!("no metric {id}"))
}

#[test]
fn classification_metrics_are_scikit_learn_s() {
    let file: Metrics = read("metrics");
    assert_eq!(file.classification.len(), 6);
    for Classification {
        name,
        classes,
        probability,
        truth,
        values,
    } in file.classification
    {
        let mut confusion = Confusion::new(classes);
        let mut losses = 0.0;
        for (row, &truth) in probability.chunks_exact(classes).zip(&truth) {
            let predicted = (0..classes)
                .rev()
                .max_by(|&a, &b| row[a].total_cmp(&row[b]))
                .unwrap();
            confusion.add(truth, predicted);
            losses += log_loss(row[truth]);
        }
        // Accuracy, log loss, three macro and three micro; of two classes three more.
        assert_eq!(values.len(), if classes == 2 { 11 } else { 8 });
        for (id, expected) in values {
            let own = match metric(&id) {
                Metric::LogLoss => losses / truth.len() as f64,
                counted => counted
                    .of_counts(&confusion)
                    .unwrap_or_else(|| panic!("{name}: {id} is not counted")),
            };
            assert_close(&format!("{name}, {id}"), own, expected, F64);
        }
        for two_class in [Metric::Precision, Metric::Recall, Metric::F1] {
            assert_eq!(
                two_class.of_counts(&confusion).is_some(),
                classes == 2,
                "{name}, {}",
                two_class.id()
            );
        }
    }
}

#[test]
fn regression_metrics_are_scikit_learn_s() {
    let file: Metrics = read("metrics");
    assert_eq!(file.regression.len(), 3);
    for Regression {
        name,
        prediction,
        truth,
        values,
    } in file.regression
    {
        let mut errors = Errors::default();
        for (&predicted, &target) in prediction.iter().zip(&truth) {
            errors.add(predicted, target);
        }
        assert_eq!(values.len(), 3);
        for (id, expected) in values {
            let own = errors.of(metric(&id)).unwrap();
            assert_close(&format!("{name}, {id}"), own, expected, F64);
        }
    }
}
