//! One run on the CPU and on both GPU interpreters, compared.

use neural_playground::backend::gpu::{
    Device, Layered, Product, Progress, Repertoire, Resident, Table,
};
use pollster::block_on;

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
pub(crate) fn on_resident(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
) -> Outcome {
    let contents = [case.table()];
    let start = case.run.trainer.start(0);
    let mut resident = block_on(Resident::new(
        device,
        &tables(&contents),
        &[start],
        repertoire,
    ))
    .unwrap_or_else(|trouble| panic!("{}: {trouble}", case.name));
    let slice = resident
        .train(&[case.run.trainer.feed().take_steps(steps)])
        .unwrap();
    let losses = block_on(resident.losses(&slice)).unwrap().remove(0);
    Outcome {
        losses: losses.into_iter().map(f64::from).collect(),
        progress: block_on(resident.progress()).unwrap().remove(0),
    }
}

/// Must come before the CPU trains the case.
pub(crate) fn on_layered(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    product: Product,
) -> Outcome {
    let (inputs, targets) = case.table();
    let table = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let start = case.run.trainer.start(0);
    let mut layered = block_on(Layered::new(device, &table, &start, repertoire))
        .unwrap_or_else(|trouble| panic!("{}: {trouble}", case.name));
    layered.set_product(product);
    let mut feed = case.run.trainer.feed();
    let (mut records, mut rows) = (Vec::new(), Vec::new());
    for _ in 0..steps {
        let (step, its) = feed.next_step().unwrap();
        records.push(step);
        rows.extend_from_slice(its);
    }
    layered.train(&records, &rows).unwrap();
    Outcome {
        losses: block_on(layered.losses())
            .unwrap()
            .into_iter()
            .map(f64::from)
            .collect(),
        progress: block_on(layered.progress()).unwrap(),
    }
}

/// Both interpreters, and both ways of making products, against the CPU.
pub(crate) fn compare(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    limits: Limits,
) {
    let outcomes = [
        ("resident", on_resident(device, case, steps, repertoire)),
        (
            "layered, tiles",
            on_layered(device, case, steps, repertoire, Product::Tiles),
        ),
        (
            "layered, blocks",
            on_layered(device, case, steps, repertoire, Product::Blocks),
        ),
    ];
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
