//! Whole networks, trained on given batches from given weights: small ones of every kind, and the worked example.

use std::collections::BTreeMap;
use std::rc::Rc;

use neural_playground::config::{Choice, Config, Encoding, LayerConfig, OutputConfig};
use neural_playground::data::{CustomData, Dataset, Task};
use neural_playground::real::Float;
use neural_playground::train::Run;
use serde::Deserialize;

use crate::pictures::{WIDTHS, initial_weight, label, pixels};
use crate::reader::{F32, F64, assert_all_close, assert_close, read};

/// Norms of gradients and sums of weights of the worked example in f64: sums over 784 pixels and 50,000 weights.
const SUMS: f64 = 1e-10;

#[derive(Deserialize)]
struct NetworkFigures {
    hidden: Vec<LayerConfig>,
    output: OutputConfig,
}

#[derive(Deserialize)]
struct TrainingFigures {
    loss: Choice,
    optimizer: Choice,
    penalty: Choice,
    clip: Choice,
    max_norm: f64,
}

/// Data and rules of a run; every row is for training.
struct Setting<'a> {
    network: &'a NetworkFigures,
    training: &'a TrainingFigures,
    batch_size: u32,
    inputs: Vec<f32>,
    columns: usize,
    labels: Vec<f32>,
    classes: usize,
}

impl Setting<'_> {
    /// The engine's own way from a config to a run, with parameters given by name.
    fn run<T: Float>(&self, weights: &BTreeMap<String, Vec<f64>>) -> Run<T> {
        let mut config = Config::default();
        config.network.hidden = self.network.hidden.clone();
        config.network.output = self.network.output.clone();
        config.training.loss = self.training.loss.clone();
        config.training.optimizer = self.training.optimizer.clone();
        config.training.penalty = self.training.penalty.clone();
        config.training.clip = self.training.clip.clone();
        config.training.max_norm = self.training.max_norm;
        config.training.batch_size = self.batch_size;
        let task = if self.classes == 0 {
            Task::Regression
        } else {
            Task::Classification
        };
        let parts = vec![0; self.labels.len()];
        let custom = CustomData::new(
            self.inputs.clone(),
            self.columns,
            &self.labels,
            Some(&parts),
            Some(task),
        )
        .unwrap();
        let dataset = Dataset::from_custom(&custom, &config.data, &config.seeds).unwrap();
        assert_eq!(dataset.classes, self.classes);
        let inputs: Rc<[T]> = dataset
            .inputs
            .iter()
            .map(|&x| T::from_f64(f64::from(x)))
            .collect();
        let mut run = Run::<T>::new(&mut config, &dataset, inputs).unwrap();
        let mut parameters = run.trainer.parameters().to_vec();
        let tensors = run.trainer.plan().network.tensors();
        assert_eq!(tensors.len(), weights.len());
        for tensor in tensors {
            let given: Vec<T> = weights[&tensor.name]
                .iter()
                .map(|&value| T::from_f64(value))
                .collect();
            parameters[tensor.range].copy_from_slice(&given);
        }
        run.trainer.set_parameters(&parameters);
        run
    }
}

fn tensors<T: Float>(run: &Run<T>, flat: &[T]) -> BTreeMap<String, Vec<f64>> {
    let network = &run.trainer.plan().network;
    let values =
        |range: std::ops::Range<usize>| flat[range].iter().map(|value| value.to_f64()).collect();
    network
        .tensors()
        .into_iter()
        .map(|tensor| (tensor.name, values(tensor.range)))
        .collect()
}

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
    network: NetworkFigures,
    training: TrainingFigures,
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

/// The frozen layer's own figures are the initial ones, to the bit.
#[test]
fn a_frozen_layer_does_not_change_at_all() {
    let file: Mlp = read("mlp");
    let frozen: Vec<&MlpFigures> = file
        .entries
        .iter()
        .filter(|figures| figures.network.hidden.iter().any(|layer| layer.frozen))
        .collect();
    assert_eq!(frozen.len(), 1);
    for tensor in ["hidden.0.weight", "hidden.0.bias"] {
        assert_eq!(frozen[0].f64.weights[tensor], frozen[0].weights[tensor]);
    }
    assert_ne!(
        frozen[0].f64.weights["hidden.1.weight"],
        frozen[0].weights["hidden.1.weight"]
    );
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

#[derive(Deserialize)]
struct WorkedExample {
    network: NetworkFigures,
    training: TrainingFigures,
    batches: u32,
    first_step_gradient_norm: BTreeMap<String, f64>,
    f64: ExampleFigures,
    f32: ExampleFigures,
    keras_f32: Losses,
}

#[derive(Deserialize)]
struct ExampleFigures {
    loss: Vec<f64>,
    #[serde(rename = "final")]
    last: BTreeMap<String, Moments>,
}

#[derive(Deserialize)]
struct Losses {
    loss: Vec<f64>,
}

#[derive(Deserialize)]
struct Moments {
    sum: f64,
    sum_of_squares: f64,
}

const BATCH: u32 = 32;

/// The losses of all steps, the first step's gradients and the final weights.
fn worked_example<T: Float>(
    file: &WorkedExample,
) -> (
    Vec<f64>,
    BTreeMap<String, Vec<f64>>,
    BTreeMap<String, Vec<f64>>,
) {
    let rows = file.batches * BATCH;
    let setting = Setting {
        network: &file.network,
        training: &file.training,
        batch_size: BATCH,
        // Exact: multiples of 1/256 below 1.
        inputs: (0..rows)
            .flat_map(pixels)
            .map(|pixel| pixel as f32)
            .collect(),
        columns: WIDTHS[0] as usize,
        labels: (0..rows).map(|picture| label(picture) as f32).collect(),
        classes: WIDTHS[3] as usize,
    };
    let mut weights = BTreeMap::new();
    for (layer, name) in (0..3).zip(["hidden.0", "hidden.1", "output"]) {
        weights.insert(format!("{name}.weight"), initial_weight(layer));
        weights.insert(
            format!("{name}.bias"),
            vec![0.0; WIDTHS[layer as usize + 1] as usize],
        );
    }
    let mut run = setting.run::<T>(&weights);
    let mut losses = Vec::new();
    let mut gradients = BTreeMap::new();
    for batch in 0..file.batches {
        let rows: Vec<u32> = (batch * BATCH..(batch + 1) * BATCH).collect();
        losses.push(run.trainer.train_rows(&rows).unwrap());
        if batch == 0 {
            let flat = run.trainer.interpreter().gradients().to_vec();
            gradients = tensors(&run, &flat);
        }
    }
    let last = tensors(&run, run.trainer.parameters());
    (losses, gradients, last)
}

fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

#[test]
fn the_worked_example_s_fifty_steps_are_pytorch_s_in_f64() {
    let file: WorkedExample = read("worked_example");
    let (losses, gradients, last) = worked_example::<f64>(&file);
    assert_eq!(gradients.len(), file.first_step_gradient_norm.len());
    for (name, expected) in &file.first_step_gradient_norm {
        let norm = sum_of_squares(&gradients[name]).sqrt();
        assert_close(
            &format!("norm of the first gradient of {name}"),
            norm,
            *expected,
            SUMS,
        );
    }
    assert_eq!(losses.len(), 50);
    for (step, (loss, expected)) in losses.iter().zip(&file.f64.loss).enumerate() {
        assert_close(
            &format!("loss of step {}", step + 1),
            *loss,
            *expected,
            SUMS,
        );
    }
    for (
        name,
        Moments {
            sum,
            sum_of_squares: squares,
        },
    ) in &file.f64.last
    {
        assert_close(
            &format!("sum of final {name}"),
            last[name].iter().sum(),
            *sum,
            SUMS,
        );
        assert_close(
            &format!("sum of squares of final {name}"),
            sum_of_squares(&last[name]),
            *squares,
            SUMS,
        );
    }
}

/// The promise to whoever compares the page with a script: each of the first fifty losses, relative.
#[test]
fn the_worked_example_s_fifty_steps_hold_in_f32() {
    let file: WorkedExample = read("worked_example");
    let (losses, _, _) = worked_example::<f32>(&file);
    assert_eq!(losses.len(), 50);
    for (reference, expected) in [
        ("PyTorch f64", &file.f64.loss),
        ("PyTorch f32", &file.f32.loss),
        ("Keras f32", &file.keras_f32.loss),
    ] {
        assert_eq!(expected.len(), 50);
        for (step, (loss, expected)) in losses.iter().zip(expected).enumerate() {
            let apart = (loss / expected - 1.0).abs();
            assert!(
                apart <= F32,
                "step {}: loss {loss}, {reference} has {expected}; {apart:.1e}",
                step + 1
            );
        }
    }
}
