//! The worked example: 784-64-64-10, ReLU, softmax, categorical cross entropy, Adam, batches of 32.

use std::collections::BTreeMap;

use neural_playground::real::Float;
use serde::Deserialize;
use serde_json::Value;

use super::pictures::{WIDTHS, initial_weight, label, pixels};
use super::reader::{assert_close, read};
use super::setting::{Setting, tensors};

const BATCH: u32 = 32;
/// Norms of gradients, sums of weights and losses in f64: sums over 784 pixels and 50,000 weights, fifty steps.
const SUMS: f64 = 1e-10;
/// What is promised to whoever compares the page with a script of their own, relative. Keras alone needs it, as it
/// rounds 1 - beta2^t in f32: its losses leave PyTorch's by up to 8e-6, the engine's by 5e-7.
const LOSS_F32: f64 = 1e-5;

#[derive(Deserialize)]
struct WorkedExample {
    network: Value,
    training: Value,
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

/// What the engine made of it.
struct Trained {
    losses: Vec<f64>,
    first_gradients: BTreeMap<String, Vec<f64>>,
    last: BTreeMap<String, Vec<f64>>,
}

fn worked_example<T: Float>(file: &WorkedExample) -> Trained {
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
    let mut first_gradients = BTreeMap::new();
    for batch in 0..file.batches {
        let rows: Vec<u32> = (batch * BATCH..(batch + 1) * BATCH).collect();
        losses.push(run.trainer.train_rows(&rows).unwrap());
        if batch == 0 {
            let flat = run.trainer.interpreter().gradients().to_vec();
            first_gradients = tensors(&run, &flat);
        }
    }
    let last = tensors(&run, run.trainer.parameters());
    Trained {
        losses,
        first_gradients,
        last,
    }
}

fn sum_of_squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

#[test]
fn the_worked_example_s_fifty_steps_are_pytorch_s_in_f64() {
    let file: WorkedExample = read("worked_example");
    let Trained {
        losses,
        first_gradients,
        last,
    } = worked_example::<f64>(&file);
    assert_eq!(first_gradients.len(), file.first_step_gradient_norm.len());
    for (name, expected) in &file.first_step_gradient_norm {
        let norm = sum_of_squares(&first_gradients[name]).sqrt();
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

#[test]
fn the_worked_example_s_fifty_steps_hold_in_f32() {
    let file: WorkedExample = read("worked_example");
    let Trained { losses, .. } = worked_example::<f32>(&file);
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
                apart <= LOSS_F32,
                "step {}: loss {loss}, {reference} has {expected}; {apart:.1e}",
                step + 1
            );
        }
    }
}
