//! Small networks of every kind, trained on given batches from given weights.

use std::collections::BTreeMap;

use neural_playground::config::Encoding;
use neural_playground::real::Float;
use serde::Deserialize;
use serde_json::Value;

use super::reader::{F32, F64, assert_all_close, assert_close, read};
use super::setting::{Setting, tensors};

#[derive(Deserialize)]
struct Mlp {
    inputs: Vec<f64>,
    rows: usize,
    columns: usize,
    entries: Vec<MlpFigures>,
}

#[derive(Deserialize)]
struct MlpFigures {
    name: String,
    network: Value,
    training: Value,
    encoding: String,
    classes: usize,
    labels: Vec<f64>,
    batches: Vec<Vec<u32>>,
    weights: BTreeMap<String, Vec<f64>>,
    f64: Outcome,
    f32: Outcome,
}

/// Data loss and penalty before each step, and the weights after the last.
#[derive(Deserialize)]
struct Outcome {
    loss: Vec<f64>,
    penalty: Vec<f64>,
    weights: BTreeMap<String, Vec<f64>>,
}

impl MlpFigures {
    fn setting(&self, file: &Mlp) -> Setting<'_> {
        assert_eq!(self.labels.len(), file.rows);
        Setting {
            network: &self.network,
            training: &self.training,
            batch_size: 5,
            // Exact: both are multiples of powers of two.
            inputs: file.inputs.iter().map(|&x| x as f32).collect(),
            columns: file.columns,
            labels: self.labels.iter().map(|&label| label as f32).collect(),
            classes: self.classes,
        }
    }
}

fn follow<T: Float>(
    file: &Mlp,
    figures: &MlpFigures,
    expected: &Outcome,
    precision: &str,
    tolerance: f64,
) {
    let name = format!("{}, {precision}", figures.name);
    let mut run = figures.setting(file).run::<T>(&figures.weights);
    let encoding = serde_json::to_value::<Encoding>(run.judge.encoding).unwrap();
    assert_eq!(
        encoding, figures.encoding,
        "{name}: encoding of the targets"
    );
    assert_eq!(
        (
            figures.batches.len(),
            expected.loss.len(),
            expected.penalty.len()
        ),
        (20, 20, 20)
    );
    for (step, rows) in figures.batches.iter().enumerate() {
        let number = step + 1;
        assert_close(
            &format!("{name}, penalty before step {number}"),
            run.penalty(),
            expected.penalty[step],
            tolerance,
        );
        let loss = run.trainer.train_rows(rows).unwrap();
        assert_close(
            &format!("{name}, loss of step {number}"),
            loss,
            expected.loss[step],
            tolerance,
        );
    }
    for (tensor, values) in tensors(&run, run.trainer.parameters()) {
        assert_all_close(
            &format!("{name}, final {tensor}"),
            &values,
            &expected.weights[&tensor],
            tolerance,
        );
    }
}

#[test]
fn small_networks_train_as_pytorch_s_in_f64() {
    let file: Mlp = read("mlp");
    for figures in &file.entries {
        follow::<f64>(&file, figures, &figures.f64, "f64", F64);
    }
}

#[test]
fn small_networks_train_as_pytorch_s_in_f32() {
    let file: Mlp = read("mlp");
    for figures in &file.entries {
        follow::<f32>(&file, figures, &figures.f32, "f32 against f32", F32);
        follow::<f32>(&file, figures, &figures.f64, "f32 against f64", F32);
    }
}

/// To the bit, in the figures and in the engine.
#[test]
fn a_frozen_layer_does_not_change_at_all() {
    let file: Mlp = read("mlp");
    let is_frozen = |figures: &&MlpFigures| {
        figures.network["hidden"]
            .as_array()
            .is_some_and(|hidden| hidden.iter().any(|layer| layer["frozen"] == true))
    };
    let frozen: Vec<&MlpFigures> = file.entries.iter().filter(is_frozen).collect();
    assert_eq!(frozen.len(), 1);
    let figures = frozen[0];
    let mut run = figures.setting(&file).run::<f64>(&figures.weights);
    for rows in &figures.batches {
        run.trainer.train_rows(rows).unwrap();
    }
    let trained = tensors(&run, run.trainer.parameters());
    for last in [&trained, &figures.f64.weights] {
        for tensor in ["hidden.0.weight", "hidden.0.bias"] {
            assert_eq!(last[tensor], figures.weights[tensor]);
        }
        assert_ne!(last["hidden.1.weight"], figures.weights["hidden.1.weight"]);
    }
}

/// L1 is a proximal step: the file must hold exact zeros, and the engine must reach the same ones.
#[test]
fn l1_reaches_the_same_exact_zeros() {
    let file: Mlp = read("mlp");
    let figures = file
        .entries
        .iter()
        .find(|figures| figures.name == "L1, SGD")
        .unwrap();
    let zeros = |weights: &BTreeMap<String, Vec<f64>>| {
        let mut places = Vec::new();
        for (name, values) in weights {
            places.extend(
                (0..values.len())
                    .filter(|&at| values[at] == 0.0)
                    .map(|at| format!("{name}[{at}]")),
            );
        }
        places
    };
    assert!(!zeros(&figures.f64.weights).is_empty());
    let mut run = figures.setting(&file).run::<f32>(&figures.weights);
    for rows in &figures.batches {
        run.trainer.train_rows(rows).unwrap();
    }
    assert_eq!(
        zeros(&tensors(&run, run.trainer.parameters())),
        zeros(&figures.f64.weights)
    );
}
