//! Steps per second of the GPU interpreters, natively: `cargo bench --features gpu --bench gpu`.

#![expect(
    clippy::disallowed_methods,
    reason = "a native program that measures time"
)]

use std::rc::Rc;
use std::time::Instant;

use neural_playground::backend::gpu::{Device, Layered, Needs, Resident, Table};
use neural_playground::config::{Choice, Config, LayerConfig};
use neural_playground::data::{CustomData, Dataset, Task};
use neural_playground::random::{Purpose, Random};
use neural_playground::train::Run;
use pollster::block_on;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let device = block_on(Device::request(Needs::default()))?;
    println!("{}", device.adapter());
    for size in Resident::WORKGROUPS {
        resident(&device, size)?;
    }
    if std::env::var("QUICK").is_ok() {
        return Ok(());
    }
    many(&device)?;
    layered(&device, &[64, 64], 32, 200)?;
    layered(&device, &[512, 512], 128, 20)
}

fn run(config: &Config, dataset: &Dataset) -> Outcome<Run<f32>> {
    let inputs: Rc<[f32]> = dataset.inputs.as_slice().into();
    Ok(Run::new(&mut config.clone(), dataset, inputs, None)?)
}

fn table(run: &mut Run<f32>) -> (Vec<f32>, Vec<f32>) {
    let data = run.trainer.interpreter().data();
    (data.inputs.to_vec(), data.targets.clone())
}

fn resident(device: &Device, size: usize) -> Outcome<()> {
    const SLICE: usize = 2000;
    let config = Config::default();
    let dataset = Dataset::build(&config.data, &config.seeds, config.mode, None)?;
    let mut run = run(&config, &dataset)?;
    let (inputs, targets) = table(&mut run);
    let data = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let start = run.trainer.start(0);
    let mut resident = block_on(Resident::with_workgroup(
        device,
        &[data],
        &[start],
        None,
        size,
    ))?;
    let mut feed = run.trainer.feed();
    resident.train(&[feed.take_steps(SLICE)])?;
    block_on(device.finished())?;
    let before = device.traffic();
    let clock = Instant::now();
    for _ in 0..10 {
        resident.train(&[feed.take_steps(SLICE)])?;
        block_on(device.finished())?;
    }
    let rate = 10.0 * SLICE as f64 / clock.elapsed().as_secs_f64();
    println!("resident 2-4-2-1, batch 10, {size} invocations: {rate:.0} steps/s");
    report(device, before, 10 * SLICE);
    let clock = Instant::now();
    for _ in 0..10 * SLICE {
        let _ = run.step(&dataset);
    }
    let rate = 10.0 * SLICE as f64 / clock.elapsed().as_secs_f64();
    println!("  the same on the CPU: {rate:.0} steps/s");
    Ok(())
}

fn many(device: &Device) -> Outcome<()> {
    let mut config = Config::default();
    let dataset = Dataset::build(&config.data, &config.seeds, config.mode, None)?;
    let mut runs = Vec::new();
    for seed in 0..1024 {
        config.seeds.init = seed;
        config.seeds.batches = seed;
        runs.push(run(&config, &dataset)?);
    }
    let (inputs, targets) = table(&mut runs[0]);
    let data = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let starts: Vec<_> = runs.iter().map(|run| run.trainer.start(0)).collect();
    let mut resident = block_on(Resident::new(device, &[data], &starts, None))?;
    let slices: Vec<_> = runs
        .iter()
        .map(|run| run.trainer.feed().take_steps(100))
        .collect();
    let clock = Instant::now();
    resident.train(&slices)?;
    block_on(device.finished())?;
    let rate = 1024.0 * 100.0 / clock.elapsed().as_secs_f64();
    println!("resident, 1,024 runs in one dispatch: {rate:.0} steps/s in all");
    Ok(())
}

fn layered(device: &Device, hidden: &[u32], batch: u32, steps: usize) -> Outcome<()> {
    let mut config = Config::default();
    config.network.hidden = hidden
        .iter()
        .map(|&units| LayerConfig::new(units, "relu"))
        .collect();
    config.network.output.activation = Choice::of("softmax");
    config.training.loss = Choice::of("categorical_cross_entropy");
    config.training.optimizer = Choice::of("adam").with("learning_rate", 0.001);
    config.training.batch_size = batch;
    let rows = 2048;
    let random = Random::new(1, Purpose::Points);
    let inputs: Vec<f32> = (0..rows * 784)
        .map(|index| random.uniform(index) as f32)
        .collect();
    let labels: Vec<f32> = (0..rows).map(|row| (row % 10) as f32).collect();
    let parts = vec![0; labels.len()];
    let custom = CustomData::new(
        inputs,
        784,
        &labels,
        Some(&parts),
        Some(Task::Classification),
    )?;
    let dataset = Dataset::from_custom(&custom, &config.data, &config.seeds)?;
    let mut run = run(&config, &dataset)?;
    let (inputs, targets) = table(&mut run);
    let data = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let mut layered = block_on(Layered::new(device, &data, &run.trainer.start(0), None))?;
    let mut feed = run.trainer.feed();
    let begin = Instant::now();
    let times = block_on(layered.race(|| begin.elapsed().as_secs_f64() * 1000.0))?;
    println!("layered 784-{hidden:?}-10, batch {batch}: products of a step");
    for (product, milliseconds) in &times {
        println!("  {product:?}: {milliseconds:.2} ms");
    }
    for (product, _) in times {
        layered.set_product(product);
        let (mut records, mut rows) = (Vec::new(), Vec::new());
        for _ in 0..steps {
            if let Some((step, its)) = feed.next_step() {
                records.push(step);
                rows.extend_from_slice(its);
            }
        }
        let before = device.traffic();
        let clock = Instant::now();
        layered.train(&records, &rows)?;
        block_on(device.finished())?;
        let rate = steps as f64 / clock.elapsed().as_secs_f64();
        println!("  {product:?}: {rate:.0} steps/s");
        report(device, before, steps);
    }
    let times = block_on(layered.times(|| begin.elapsed().as_secs_f64() * 1000.0))?;
    for (kernel, time) in times.iter().filter(|(_, time)| *time > 0.05) {
        println!("  {kernel}: {time:.2} ms a step");
    }
    let clock = Instant::now();
    for _ in 0..steps {
        let _ = run.step(&dataset);
    }
    let rate = steps as f64 / clock.elapsed().as_secs_f64();
    println!("  the same on the CPU: {rate:.0} steps/s");
    Ok(())
}

fn report(device: &Device, before: neural_playground::backend::gpu::Traffic, steps: usize) {
    let now = device.traffic();
    let per = |count: u64| count as f64 * 1000.0 / steps as f64;
    println!(
        "  per 1,000 steps: {:.1} dispatches, {:.1} submits, {:.0} bytes uploaded, {:.0} read back",
        per(now.dispatches - before.dispatches),
        per(now.submits - before.submits),
        per(now.uploaded - before.uploaded),
        per(now.read_back - before.read_back)
    );
}
