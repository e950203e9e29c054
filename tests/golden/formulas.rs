//! Activations and losses: values and derivatives.

use std::collections::{BTreeMap, BTreeSet};

use neural_playground::formula::activation::Activation;
use neural_playground::formula::loss::{Loss, cross_entropy, cross_entropy_with_slope, softmax};
use neural_playground::formula::pair;
use neural_playground::real::{Dual, Float};
use serde::Deserialize;

use super::reader::{F32, F64, assert_all_close, assert_close, choice, read};

#[derive(Deserialize)]
struct Activations {
    points: Vec<f64>,
    entries: Vec<ActivationFigures>,
    softmax: Vec<SoftmaxFigures>,
}

#[derive(Deserialize)]
struct ActivationFigures {
    id: String,
    params: BTreeMap<String, f64>,
    kinks: Vec<f64>,
    value: Vec<f64>,
    derivative: Vec<f64>,
}

#[derive(Deserialize)]
struct SoftmaxFigures {
    z: Vec<f64>,
    value: Vec<f64>,
    vector: Vec<f64>,
    jacobian_vector_product: Vec<f64>,
}

impl ActivationFigures {
    fn resolve(&self) -> (Activation, [f64; 2], String) {
        let (activation, params) =
            Activation::resolve(&choice(&self.id, &self.params), "activation").unwrap();
        (
            activation,
            pair(&params),
            format!("{} {:?}", self.id, self.params),
        )
    }
}

#[test]
fn every_activation_and_its_derivative_are_pytorch_s_in_f64() {
    let file: Activations = read("activations");
    for figures in &file.entries {
        let (activation, params, name) = figures.resolve();
        assert_eq!(figures.value.len(), file.points.len());
        for (index, &z) in file.points.iter().enumerate() {
            let result = activation.value(Dual::variable(z), &params.map(Dual::constant));
            assert_close(
                &format!("{name} at {z}"),
                result.value,
                figures.value[index],
                F64,
            );
            assert_close(
                &format!("{name}' at {z}"),
                result.slope,
                figures.derivative[index],
                F64,
            );
            assert_eq!(
                activation.value(z, &params),
                result.value,
                "{name} at {z}: the derivative's value"
            );
        }
    }
}

/// The derivative at a kink is a choice; PyTorch's is taken, exactly.
#[test]
fn derivatives_at_kinks_are_pytorch_s() {
    let file: Activations = read("activations");
    let mut seen = 0;
    for figures in &file.entries {
        let (activation, params, name) = figures.resolve();
        for &kink in &figures.kinks {
            let index = file.points.iter().position(|&z| z == kink).unwrap();
            let slope = activation
                .value(Dual::variable(kink), &params.map(Dual::constant))
                .slope;
            assert_close(
                &format!("{name}' at its kink {kink}"),
                slope,
                figures.derivative[index],
                f64::EPSILON,
            );
            seen += 1;
        }
    }
    // relu, leaky_relu twice, elu with alpha 0.5, selu; two each of hard_sigmoid and hard_swish.
    assert_eq!(seen, 9);
}

/// The f32 code that trains, over whole slices.
#[test]
fn every_activation_and_its_derivative_hold_in_f32() {
    let file: Activations = read("activations");
    let z: Vec<f32> = file.points.iter().map(|&z| z as f32).collect();
    for figures in &file.entries {
        let (activation, params, name) = figures.resolve();
        let (mut alone, mut a, mut slope) =
            (vec![0.0; z.len()], vec![0.0; z.len()], vec![0.0; z.len()]);
        activation.forward(&params, &z, &mut alone);
        activation.forward_with_slope(&params, &z, &mut a, &mut slope);
        assert_eq!(alone, a, "{name}: with and without the slope");
        assert_all_close(&name, &widened(&a), &figures.value, F32);
        assert_all_close(
            &format!("{name}'"),
            &widened(&slope),
            &figures.derivative,
            F32,
        );
    }
}

#[test]
fn the_files_hold_every_activation_and_loss() {
    let activations: Activations = read("activations");
    let held: BTreeSet<&str> = activations
        .entries
        .iter()
        .map(|figures| figures.id.as_str())
        .collect();
    assert_eq!(held, Activation::ALL.iter().map(|row| row.id()).collect());
    let losses: Losses = read("losses");
    let held: BTreeSet<&str> = losses
        .entries
        .iter()
        .map(|figures| figures.id.as_str())
        .collect();
    assert_eq!(held, Loss::ALL.iter().map(|row| row.id()).collect());
}

#[test]
fn softmax_and_its_jacobian_are_pytorch_s() {
    let file: Activations = read("activations");
    for SoftmaxFigures {
        z,
        value,
        vector,
        jacobian_vector_product,
    } in file.softmax
    {
        let mut p = vec![0.0; z.len()];
        softmax(&z, &mut p);
        assert_all_close(&format!("softmax of {z:?}"), &p, &value, F64);
        // The Jacobian is diag(p) - p p^T.
        let dot: f64 = p.iter().zip(&vector).map(|(p, v)| p * v).sum();
        let product: Vec<f64> = p.iter().zip(&vector).map(|(p, v)| p * (v - dot)).collect();
        assert_all_close(
            &format!("softmax' of {z:?}"),
            &product,
            &jacobian_vector_product,
            F64,
        );
    }
}

#[derive(Deserialize)]
struct Losses {
    entries: Vec<LossFigures>,
}

#[derive(Deserialize)]
struct LossFigures {
    id: String,
    params: BTreeMap<String, f64>,
    kind: String,
    batches: Vec<LossBatch>,
}

#[derive(Deserialize)]
struct LossBatch {
    rows: usize,
    outputs: usize,
    prediction: Vec<f64>,
    target: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

/// Mean over all elements (cross entropy: over rows), and its gradient with respect to each prediction.
fn evaluate<T: Float>(loss: Loss, params: &[f64; 2], batch: &LossBatch) -> (f64, Vec<f64>) {
    let narrow = |values: &[f64]| {
        values
            .iter()
            .map(|&value| T::from_f64(value))
            .collect::<Vec<T>>()
    };
    let prediction = narrow(&batch.prediction);
    let zero = T::from_f64(0.0);
    let mut gradient = vec![zero; prediction.len()];
    let (sum, terms) = if loss.is_elementwise() {
        let target = narrow(&batch.target);
        let mut values = vec![zero; prediction.len()];
        let of = params.map(T::from_f64);
        let alone: Vec<T> = prediction
            .iter()
            .zip(&target)
            .map(|(&y_hat, &y)| loss.value(y_hat, y, &of))
            .collect();
        loss.forward_with_slope(params, &prediction, &target, &mut values, &mut gradient);
        assert!(alone == values, "{}: with and without the slope", loss.id());
        (
            values.iter().map(|value| value.to_f64()).sum::<f64>(),
            prediction.len(),
        )
    } else {
        let mut sum = 0.0;
        for row in 0..batch.rows {
            let range = row * batch.outputs..(row + 1) * batch.outputs;
            let mut one_hot = vec![0.0; batch.outputs];
            one_hot[batch.target[row] as usize] = 1.0;
            let (logits, y) = (&prediction[range.clone()], narrow(&one_hot));
            let value = cross_entropy_with_slope(logits, &y, &mut gradient[range]);
            assert_close(
                "cross entropy without the slope",
                cross_entropy(logits, &y).to_f64(),
                value.to_f64(),
                1e-6,
            );
            sum += value.to_f64();
        }
        (sum, batch.rows)
    };
    let count = terms as f64;
    (
        sum / count,
        gradient
            .iter()
            .map(|slope| slope.to_f64() / count)
            .collect(),
    )
}

#[test]
fn every_loss_and_its_gradient_are_the_references() {
    let file: Losses = read("losses");
    for figures in &file.entries {
        let (loss, params) =
            Loss::resolve(&choice(&figures.id, &figures.params), "training.loss").unwrap();
        let params = pair(&params);
        assert_eq!(
            figures.kind == "class",
            !loss.is_elementwise(),
            "{}",
            figures.id
        );
        for (number, batch) in figures.batches.iter().enumerate() {
            let name = format!("{} {:?}, batch {number}", figures.id, figures.params);
            for (precision, tolerance, (value, gradient)) in [
                ("f64", F64, evaluate::<f64>(loss, &params, batch)),
                ("f32", F32, evaluate::<f32>(loss, &params, batch)),
            ] {
                assert_close(
                    &format!("{name}, {precision}"),
                    value,
                    batch.value,
                    tolerance,
                );
                assert_all_close(
                    &format!("{name}, gradient, {precision}"),
                    &gradient,
                    &batch.gradient,
                    tolerance,
                );
            }
        }
    }
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}
