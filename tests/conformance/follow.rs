//! One run on the CPU and on both GPU interpreters, compared.

use neural_playground::backend::gpu::{
    Device, Layered, Product, Progress, Repertoire, Resident, Table,
};

use crate::setting::{Case, tables};

/// What an interpreter made of a run.
pub(crate) struct Outcome {
    pub(crate) losses: Vec<f64>,
    pub(crate) progress: Progress,
}

/// How far apart two outcomes may be, relative to the largest value of a kind.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) loss: f64,
    pub(crate) gradient: f64,
    pub(crate) parameter: f64,
}

pub(crate) fn on_cpu(case: &mut Case, steps: usize) -> Outcome {
    let losses = case.train(steps);
    Outcome {
        losses,
        progress: case.progress(),
    }
}

/// Must come before the CPU trains the case.
pub(crate) async fn on_resident(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
) -> Outcome {
    let contents = [case.table()];
    let start = case.run.trainer.start(0);
    let mut resident = Resident::new(device, &tables(&contents), &[start], repertoire)
        .await
        .unwrap_or_else(|trouble| panic!("{}: {trouble}", case.name));
    let slice = resident
        .train(&[case.run.trainer.feed().take_steps(steps)])
        .unwrap();
    let losses = resident.losses(&slice).await.unwrap().remove(0);
    Outcome {
        losses: losses.into_iter().map(f64::from).collect(),
        progress: resident.progress().await.unwrap().remove(0),
    }
}

/// Must come before the CPU trains the case.
pub(crate) async fn on_layered(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    product: &'static Product,
) -> Outcome {
    let (inputs, targets) = case.table();
    let table = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let start = case.run.trainer.start(0);
    let products = std::slice::from_ref(product);
    let mut layered = Layered::with_products(device, &table, &start, repertoire, products)
        .await
        .unwrap_or_else(|trouble| panic!("{}: {trouble}", case.name));
    let mut feed = case.run.trainer.feed();
    let (mut records, mut rows) = (Vec::new(), Vec::new());
    for _ in 0..steps {
        let (step, its) = feed.next_step().unwrap();
        records.push(step);
        rows.extend_from_slice(its);
    }
    layered.train(&records, &rows).unwrap();
    Outcome {
        losses: layered
            .losses()
            .await
            .unwrap()
            .into_iter()
            .map(f64::from)
            .collect(),
        progress: layered.progress().await.unwrap(),
    }
}

/// Both interpreters, and every way of making products, against the CPU.
pub(crate) async fn compare(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    limits: Limits,
) {
    let mut outcomes = vec![(
        "resident".to_owned(),
        on_resident(device, case, steps, repertoire).await,
    )];
    // In the browser the one that every adapter has and the trial mostly takes: shaders compile slowly there.
    let products = if cfg!(target_arch = "wasm32") {
        &[Product::Blocks]
    } else {
        device.products()
    };
    for product in products {
        let outcome = on_layered(device, case, steps, repertoire, product).await;
        outcomes.push((format!("layered, {product:?}"), outcome));
    }
    let expected = on_cpu(case, steps);
    for (engine, found) in &outcomes {
        let name = format!("{} on {engine}", case.name);
        assert_same(&name, found, &expected, limits);
    }
}

pub(crate) fn assert_same(name: &str, found: &Outcome, expected: &Outcome, limits: Limits) {
    assert_eq!(found.losses.len(), expected.losses.len(), "{name}");
    for (step, (found, expected)) in found.losses.iter().zip(&expected.losses).enumerate() {
        let error = (found - expected).abs() / expected.abs().max(1e-3);
        assert!(
            error <= limits.loss,
            "{name}: loss of step {step}: {found}, expected {expected} ({error:e})"
        );
    }
    assert_close(
        name,
        "gradient",
        &found.progress.gradients,
        &expected.progress.gradients,
        limits.gradient,
    );
    assert_close(
        name,
        "parameter",
        &found.progress.parameters,
        &expected.progress.parameters,
        limits.parameter,
    );
    assert_eq!(
        found.progress.state.len(),
        expected.progress.state.len(),
        "{name}"
    );
    for (found, expected) in found.progress.state.iter().zip(&expected.progress.state) {
        assert_close(name, "state", found, expected, limits.parameter);
    }
}

/// Differences relative to the largest value.
pub(crate) fn assert_close(name: &str, what: &str, found: &[f32], expected: &[f32], limit: f64) {
    assert_eq!(found.len(), expected.len(), "{name}: {what}");
    let scale = expected
        .iter()
        .fold(0.0_f32, |most, value| most.max(value.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = f64::from((found - expected).abs());
        assert!(
            error <= limit * f64::from(scale).max(1e-6),
            "{name}: {what} {index}: {found}, expected {expected} ({:e} of {scale})",
            error / f64::from(scale)
        );
    }
}
