//! One run on the CPU and on both GPU interpreters, compared.

use neural_playground::backend::gpu::{
    Device, Layered, Product, Readback, Repertoire, Resident, Table, Trouble,
};

use crate::setting::{Case, EVERYTHING, tables};

/// What an interpreter made of a run.
pub(crate) struct Outcome {
    pub(crate) losses: Vec<f64>,
    pub(crate) progress: Readback,
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

/// Of a run with more parameters the smaller workgroup may refuse to take a whole step.
const SMALL: usize = 300;

/// `None`: too large for a workgroup of this size. Must come before the CPU trains the case.
async fn on_resident(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    size: usize,
) -> Option<Outcome> {
    let contents = [case.table()];
    let start = case.run.trainer.start(0);
    let parameters = start.parameters.to_vec();
    let made =
        Resident::with_workgroup(device, &tables(&contents), &[start], repertoire, size).await;
    let mut resident = match made {
        Err(Trouble::Mismatch { .. }) if size < 64 && parameters.len() > SMALL => return None,
        made => made.unwrap_or_else(|trouble| panic!("{}: {trouble}", case.name)),
    };
    let untrained = resident.progress().await.unwrap().remove(0);
    assert_eq!(untrained.parameters, parameters, "{}", case.name);
    let slice = resident
        .train(&[case.run.trainer.feed().take_steps(steps)])
        .unwrap();
    let losses = resident.losses(&slice).await.unwrap().remove(0);
    Some(Outcome {
        losses: losses.into_iter().map(f64::from).collect(),
        progress: resident.progress().await.unwrap().remove(0),
    })
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
    let untrained = layered.progress().await.unwrap();
    assert_eq!(
        untrained.parameters,
        case.run.trainer.parameters(),
        "{}",
        case.name
    );
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

/// Both interpreters against the CPU, in workgroups of every size and by every way of making products. In the browser
/// [`compare_drawn`], since shaders compile slowly there; [`compare_all`] takes all.
pub(crate) async fn compare(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    limits: Limits,
) {
    if cfg!(target_arch = "wasm32") {
        compare_drawn(device, case, steps, repertoire, limits).await;
    } else {
        let (sizes, products) = (&Resident::WORKGROUPS, device.products());
        compare_by(sizes, products, device, case, steps, repertoire, limits).await;
    }
}

/// [`compare`] with one size and one way for each case, by its name: for many cases. All of them in `make test-all`.
pub(crate) async fn compare_drawn(
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    limits: Limits,
) {
    let drawn = case.name.bytes().map(usize::from).sum::<usize>();
    compare_in_turn(drawn, device, case, steps, repertoire, limits).await;
}

/// [`compare`] with one size and one way for each case, the next one for the next case: for as many cases as there are
/// sizes and ways, so that each of them has its turn. All of them in `make test-all`.
pub(crate) async fn compare_in_turn(
    turn: usize,
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    limits: Limits,
) {
    let (mut sizes, mut products) = (&Resident::WORKGROUPS[..], device.products());
    if !EVERYTHING {
        sizes = std::slice::from_ref(&sizes[turn % sizes.len()]);
        products = std::slice::from_ref(&products[turn % products.len()]);
    }
    compare_by(sizes, products, device, case, steps, repertoire, limits).await;
}

/// [`compare`] in every way, in the browser too.
pub(crate) async fn compare_all(device: &Device, case: &mut Case, steps: usize, limits: Limits) {
    let (sizes, products) = (&Resident::WORKGROUPS, device.products());
    compare_by(sizes, products, device, case, steps, None, limits).await;
}

async fn compare_by(
    sizes: &[usize],
    products: &'static [Product],
    device: &Device,
    case: &mut Case,
    steps: usize,
    repertoire: Option<&Repertoire>,
    limits: Limits,
) {
    let mut outcomes = Vec::new();
    for &size in sizes {
        let outcome = on_resident(device, case, steps, repertoire, size).await;
        outcomes.extend(outcome.map(|outcome| (format!("resident, {size}"), outcome)));
    }
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
