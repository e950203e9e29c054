//! Whether a device computes as this engine does: two steps of a tiny network by both interpreters and by every way of making
//! products, beside the CPU's.

use std::rc::Rc;

use super::on_gpu::{OnGpu, Taking};
use super::run::Run;
use crate::backend::gpu::{Device, Layered, Table, Trouble};
use crate::config::Config;
use crate::data::Dataset;

const STEPS: usize = 2;

/// The largest difference of parameters and optimizer state between two progresses, relative to the largest value.
pub fn difference(ours: &[f32], theirs: &[f32]) -> f64 {
    let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    if ours.len() != theirs.len() {
        return f64::INFINITY;
    }
    let scale = largest(&mut ours.iter().map(|&value| f64::from(value).abs()));
    let apart = ours.iter().zip(theirs).map(|(&our, &their)| {
        let apart = (f64::from(our) - f64::from(their)).abs();
        // What is no number is as far away as can be.
        if apart.is_nan() { f64::INFINITY } else { apart }
    });
    largest(&mut apart.into_iter()) / scale.max(f64::MIN_POSITIVE)
}

/// The largest [`difference`] of the device's interpreters from the CPU; infinite where the CPU itself cannot run.
///
/// # Errors
/// Whatever the device reports.
pub async fn trust(device: &Device, clock: &dyn Fn() -> f64) -> Result<f64, Trouble> {
    let mut config = Config::default();
    let built = Dataset::build(&config.data, &config.seeds, config.mode, None);
    let Ok(mut dataset) = built else {
        return Ok(f64::INFINITY);
    };
    let inputs = Rc::from(std::mem::take(&mut dataset.inputs));
    let Ok(mut run) = Run::<f32>::new(&mut config, &dataset, inputs, None) else {
        return Ok(f64::INFINITY);
    };
    let mut resident = OnGpu::new(device, &mut run, clock).await?;
    let trained = resident
        .train(STEPS as u64, f64::INFINITY, Taking::Now, clock)
        .await?;
    let ours = trained.map(|snapshot| snapshot.words()).unwrap_or_default();

    let data = run.trainer.interpreter().data();
    let (inputs, targets) = (Rc::clone(&data.inputs), data.targets.clone());
    let table = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let mut feed = run.trainer.feed();
    let (mut steps, mut rows) = (Vec::new(), Vec::new());
    for _ in 0..STEPS {
        if let Some((step, its)) = feed.next_step() {
            steps.push(step);
            rows.extend_from_slice(its);
        }
    }
    let start = run.trainer.start(0);
    let mut layered = Layered::new(device, &table, &start, None).await?;
    let from = layered.progress().await?;
    let mut theirs = Vec::new();
    for &product in device.products() {
        layered.set_product(product);
        layered.restore(&from)?;
        layered.train(&steps, &rows)?;
        theirs.push(layered.progress().await?.parameters);
    }

    for _ in 0..STEPS {
        if run.step(&dataset).is_some() {
            return Ok(f64::INFINITY);
        }
    }
    let right = run.trainer.hand_over().words();
    let right_parameters = run.trainer.parameters();
    let apart = theirs
        .iter()
        .map(|theirs| difference(right_parameters, theirs));
    Ok(apart.fold(difference(&right, &ours), f64::max))
}
