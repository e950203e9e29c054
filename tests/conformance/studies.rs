//! Many runs in one dispatch: each is what it is alone, to the bit.

use std::cell::Cell;

use neural_playground::backend::gpu::{
    Layered, Product, Readback, Repertoire, Resident, Start, Table,
};
use neural_playground::config::{Choice, Config};
use neural_playground::formula::activation::Activation;
use neural_playground::formula::optimizer::Optimizer;

use crate::follow::{Limits, Outcome, assert_close, assert_same, on_cpu};
use crate::setting::{Case, amount, device, network, tables};
use crate::tolerance::TRAINED;

async fn train(
    device: &neural_playground::backend::gpu::Device,
    cases: &[Case],
    contents: &[(Vec<f32>, Vec<f32>)],
    steps: usize,
    repertoire: &Repertoire,
) -> Vec<(Vec<f32>, Readback)> {
    let shared = contents.len() == 1;
    let starts: Vec<Start<'_>> = cases
        .iter()
        .enumerate()
        .map(|(index, case)| case.run.trainer.start(if shared { 0 } else { index }))
        .collect();
    let mut resident = Resident::new(device, &tables(contents), &starts, Some(repertoire))
        .await
        .unwrap();
    let slices: Vec<_> = cases
        .iter()
        .map(|case| case.run.trainer.feed().take_steps(steps))
        .collect();
    let slice = resident.train(&slices).unwrap();
    let losses = resident.losses(&slice).await.unwrap();
    losses
        .into_iter()
        .zip(resident.progress().await.unwrap())
        .collect()
}

async fn a_thousand_runs_in_one_dispatch_are_what_they_are_alone() {
    let Some(device) = device().await else { return };
    let mut cases: Vec<Case> = (0..amount(1024, 1024, 64))
        .map(|seed| {
            let mut config = Config::default();
            config.seeds.init = seed;
            config.seeds.batches = seed + 5000;
            config.training.optimizer =
                Choice::of("adam").with("learning_rate", 0.001 + f64::from(seed) * 1e-5);
            Case::built("one of many", config)
        })
        .collect();
    // All are over the same data.
    let contents = [cases[0].table()];
    let mut repertoire = Repertoire::default();
    repertoire.add_plan(cases[0].run.trainer.plan());
    let before = device.traffic().dispatches;
    let together = train(&device, &cases, &contents, 40, &repertoire).await;
    assert_eq!(device.traffic().dispatches - before, 1);
    let each = amount(1, 16, 1) as usize;
    for (index, together) in together.iter().enumerate().step_by(each) {
        let alone = train(&device, &cases[index..=index], &contents, 40, &repertoire).await;
        assert!(together == &alone[0], "run {index} of {}", cases.len());
    }
    assert!(together[0].1 != together[1].1);
}

async fn runs_of_every_optimizer_and_activation_beside_each_other() {
    let Some(device) = device().await else { return };
    let mut cases = Vec::new();
    for (row, optimizer) in Optimizer::ALL.iter().enumerate() {
        for (column, activation) in Activation::ALL.iter().enumerate() {
            let units = 1 + u32::try_from((row + column) % 7).unwrap();
            let mut config = network(&[(units, activation.id()), (3, "tanh")]);
            config.network.hidden.truncate(1 + column % 2);
            config.data.dataset =
                ["circle", "xor", "gauss", "spiral"][(row + column) % 4].to_owned();
            config.data.samples = 60;
            config.seeds.batches = u32::try_from(row * 100 + column).unwrap();
            config.training.optimizer = Choice::of(optimizer.id()).with("learning_rate", 0.01);
            config.training.batch_size = 4 + u32::try_from(column).unwrap();
            cases.push(Case::built(
                &format!("{} with {}", optimizer.id(), activation.id()),
                config,
            ));
        }
    }
    let contents: Vec<_> = cases.iter_mut().map(Case::table).collect();
    let everything = Repertoire::everything();
    let together = train(&device, &cases, &contents, 20, &everything).await;
    for (index, together) in together.into_iter().enumerate() {
        if index.is_multiple_of(amount(1, 5, 20) as usize) {
            let alone = train(
                &device,
                &cases[index..=index],
                &contents[index..=index],
                20,
                &everything,
            )
            .await;
            assert!(
                together == alone[0],
                "{} is not what it is alone",
                cases[index].name
            );
        }
        let case = &mut cases[index];
        let found = Outcome {
            losses: together.0.into_iter().map(f64::from).collect(),
            progress: together.1,
        };
        let expected = on_cpu(case, 20);
        let limits = Limits {
            loss: TRAINED,
            gradient: TRAINED,
            parameter: TRAINED,
        };
        assert_same(&case.name.clone(), &found, &expected, limits);
    }
}

/// Steps that [`TRAINED`] is meant for.
const LAST: usize = 20;

async fn slices_of_any_length_give_the_same_run() {
    let Some(device) = device().await else { return };
    let mut case = Case::built("slices", Config::default());
    let contents = [case.table()];
    let whole = async |parts: &[usize]| {
        let mut feed = case.run.trainer.feed();
        let start = case.run.trainer.start(0);
        let mut resident = Resident::new(&device, &tables(&contents), &[start], None)
            .await
            .unwrap();
        for &count in parts {
            resident.train(&[feed.take_steps(count)]).unwrap();
        }
        resident.progress().await.unwrap().remove(0)
    };
    // Long enough for several dispatches: on Mesa's software driver an unlimited loop would end without a word.
    let steps = amount(4000, 4000, 1000) as usize;
    let long = whole(&[steps]).await;
    assert!(long == whole(&[1, 2, 60, 0, 57, steps / 2 - 120, steps / 2]).await);
    // By then steps still agree with the CPU's: the last twenty do, from where the device was before them. Over thousands of
    // steps the device's fused multiply-adds may lead elsewhere (H200: 1e-4 after 4,000).
    let early = whole(&[steps - LAST]).await;
    case.train(steps - LAST);
    let mut snapshot = case.run.trainer.snapshot();
    snapshot.progress.parameters = early.parameters;
    for (state, found) in snapshot.progress.state.iter_mut().zip(early.state) {
        *state = found;
    }
    case.run.trainer.restore(&snapshot).unwrap();
    case.train(LAST);
    assert_close(
        "slices",
        "parameter",
        &long.parameters,
        case.run.trainer.parameters(),
        TRAINED,
    );
}

async fn the_race_of_products_changes_no_parameter() {
    let Some(device) = device().await else { return };
    let mut case = Case::built("race", Config::default());
    let (inputs, targets) = case.table();
    let table = Table {
        inputs: &inputs,
        targets: &targets,
    };
    let start = case.run.trainer.start(0);
    let mut layered = Layered::new(&device, &table, &start, None).await.unwrap();
    // A clock by which the second kind is the fastest: two readings for the round that warms up, two for five more.
    let reads = Cell::new(0);
    let clock = || {
        let read = reads.replace(reads.get() + 1);
        [
            0.0, 9.0, 9.0, 54.0, 54.0, 55.0, 55.0, 60.0, 60.0, 62.0, 62.0, 72.0,
        ][read]
    };
    let times = layered.race(clock).await.unwrap();
    let milliseconds = [9.0, 1.0, 2.0];
    assert_eq!(times.len(), device.products().len());
    for (&(product, time), (expected, milliseconds)) in
        times.iter().zip(device.products().iter().zip(milliseconds))
    {
        assert_eq!((product, time), (*expected, milliseconds));
    }
    assert_eq!(layered.product(), Product::Blocks);
    let progress = layered.progress().await.unwrap();
    assert_eq!(progress.parameters, case.run.trainer.parameters());
}

tests! {
    a_thousand_runs_in_one_dispatch_are_what_they_are_alone,
    runs_of_every_optimizer_and_activation_beside_each_other,
    slices_of_any_length_give_the_same_run,
    the_race_of_products_changes_no_parameter,
}
