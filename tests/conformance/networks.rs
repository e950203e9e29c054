//! Whole networks: the page's own problems, random ones, and the forward pass.

use neural_playground::backend::gpu::{Forward, Layered, Repertoire, Resident, Table, Wanted};
use neural_playground::config::{Choice, Config, LayerConfig};
use neural_playground::formula::activation::Activation;
use neural_playground::formula::initializer::Initializer;
use neural_playground::formula::loss::Loss;
use neural_playground::formula::optimizer::Optimizer;
use neural_playground::formula::penalty::{Clip, Penalty};
use neural_playground::formula::schedule::Schedule;
use neural_playground::random::{Purpose, Random};

use crate::follow::{Limits, assert_close, compare, compare_drawn, compare_in_turn};
use crate::setting::{Case, amount, dataset, device, network, tables, with_output};
use crate::tolerance::{FIRST_HUNDRED, GRADIENT, TRAINED};

async fn the_first_hundred_losses_of_the_page_s_problems() {
    let Some(device) = device().await else { return };
    for id in ["circle", "xor", "gauss", "spiral"] {
        let mut config = Config::default();
        config.data.dataset = id.to_owned();
        // So large that the limit is one of the loss itself, see `assert_same`.
        let losses = Case::built(id, config.clone()).train(100);
        assert!(losses.iter().all(|&loss| loss > 1e-3), "{id}: {losses:?}");
        let mut case = Case::built(id, config);
        let limits = Limits {
            loss: FIRST_HUNDRED,
            gradient: FIRST_HUNDRED,
            parameter: FIRST_HUNDRED,
        };
        compare(&device, &mut case, 100, None, limits).await;
    }
}

async fn orders_and_initial_weights_are_the_cpu_s() {
    let Some(device) = device().await else { return };
    let mut case = Case::built("orders", Config::default());
    let contents = [case.table()];
    let mut feed = case.run.trainer.feed();
    let start = case.run.trainer.start(0);
    let mut resident = Resident::new(&device, &tables(&contents), &[start], None)
        .await
        .unwrap();
    let untrained = resident.progress().await.unwrap().remove(0);
    assert_eq!(untrained.parameters, case.run.trainer.parameters());
    for epoch in 0..3 {
        let (mut steps, mut expected) = (Vec::new(), Vec::new());
        for _ in 0..case.run.trainer.steps_per_epoch() {
            let (step, rows) = feed.next_step().unwrap();
            steps.push(step);
            expected.extend_from_slice(rows);
        }
        resident.train(&[steps]).unwrap();
        assert_eq!(resident.order(0).await.unwrap(), expected, "epoch {epoch}");
    }
}

/// A whole number in `0..below`.
fn draw(random: &Random, index: &mut u64, below: usize) -> usize {
    *index += 1;
    random.below(*index, u32::try_from(below).unwrap()) as usize
}

/// A random network, its data and its rules.
fn random_case(seed: u32) -> Case {
    let random = Random::new(seed, Purpose::Inspect);
    let mut index = 0;
    let mut pick = |below: usize| draw(&random, &mut index, below);
    let mut config = Config::default();
    config.seeds.init = seed;
    config.seeds.batches = seed + 1;
    config.network.hidden = (0..pick(4))
        .map(|_| {
            let activation = Activation::ALL[pick(Activation::ALL.len())];
            let mut layer = LayerConfig::new(1 + u32::try_from(pick(12)).unwrap(), activation.id());
            layer.dropout = [0.0, 0.0, 0.0, 0.25][pick(4)];
            layer.frozen = pick(8) == 0;
            layer
        })
        .collect();
    let (output, loss, classes) = [
        ("sigmoid", "binary_cross_entropy", 2),
        ("softmax", "categorical_cross_entropy", 3),
        ("softmax", "mse", 4),
        ("tanh", "mse", 2),
        ("linear", "half_mse", 0),
        ("linear", "huber", 0),
        ("linear", "log_cosh", 0),
        ("tanh", "hinge", 2),
        ("linear", "mae", 0),
    ][pick(9)];
    config = with_output(config, output, loss);
    let optimizer = Optimizer::ALL[pick(Optimizer::ALL.len())];
    config.training.optimizer = Choice::of(optimizer.id()).with("learning_rate", 0.01);
    config.training.schedule = Choice::of(["constant", "exponential", "warm_up"][pick(3)]);
    config.training.penalty =
        Choice::of(["none", "none", "l1", "l2", "elastic_net", "weight_decay"][pick(6)]);
    config.training.clip = Choice::of(["none", "none", "norm", "value"][pick(4)]);
    config.training.max_norm = [0.0, 0.0, 0.0, 1.0][pick(4)];
    config.training.shuffled = pick(4) > 0;
    config.training.batch_size = 1 + u32::try_from(pick(20)).unwrap();
    let columns = 1 + pick(5);
    let rows = 20 + pick(30);
    let dataset = dataset(seed, rows, columns, classes, &config);
    let name = format!(
        "network {seed} ({:?}, {output}, {loss}, {})",
        config
            .network
            .hidden
            .iter()
            .map(|layer| layer.activation.id.clone())
            .collect::<Vec<_>>(),
        optimizer.id()
    );
    Case::new(&name, config, &dataset)
}

async fn random_networks() {
    let Some(device) = device().await else { return };
    let everything = Repertoire::everything();
    let limits = Limits {
        loss: TRAINED,
        gradient: TRAINED,
        parameter: TRAINED,
    };
    for seed in 0..amount(300, 60, 10) {
        compare_drawn(
            &device,
            &mut random_case(seed),
            20,
            Some(&everything),
            limits,
        )
        .await;
    }
}

/// A run with the `number`-th row of every table; shorter tables start again.
fn case_of_rows(number: usize) -> Case {
    fn row<T: Copy>(table: &[T], number: usize) -> T {
        table[number % table.len()]
    }
    let loss = row(Loss::ALL, number);
    let (output, classes) = match loss {
        Loss::BinaryCrossEntropy => ("sigmoid", 2),
        Loss::CategoricalCrossEntropy => ("softmax", 3),
        Loss::Hinge => ("tanh", 2),
        _ => ("linear", 0),
    };
    let activation = row(Activation::ALL, number).id();
    let mut config = with_output(network(&[(6, activation), (4, "tanh")]), output, loss.id());
    config.network.weight_initializer = Choice::of(row(Initializer::ALL, number).id());
    // Biases with values that differ where weights that are all the same do not tell units apart.
    config.network.bias_initializer = Choice::of("uniform");
    let optimizer = row(Optimizer::ALL, number).id();
    config.training.optimizer = Choice::of(optimizer).with("learning_rate", 0.01);
    config.training.schedule = Choice::of(row(Schedule::ALL, number).id());
    config.training.penalty = Choice::of(row(Penalty::ALL, number).id());
    config.training.clip = Choice::of(row(Clip::ALL, number).id());
    config.training.batch_size = 8;
    let dataset = dataset(5, 30, 3, classes, &config);
    let name = format!("rows {number} ({activation}, {}, {optimizer})", loss.id());
    Case::new(&name, config, &dataset)
}

async fn every_row_of_every_table() {
    let Some(device) = device().await else { return };
    let longest = [
        Activation::ALL.len(),
        Loss::ALL.len(),
        Optimizer::ALL.len(),
        Schedule::ALL.len(),
        Initializer::ALL.len(),
        Penalty::ALL.len(),
        Clip::ALL.len(),
    ];
    let longest = longest.into_iter().max().unwrap();
    let limits = Limits {
        loss: TRAINED,
        gradient: TRAINED,
        parameter: TRAINED,
    };
    // Five epochs, so that schedules move.
    for number in 0..longest {
        compare_in_turn(number, &device, &mut case_of_rows(number), 20, None, limits).await;
    }
}

async fn forward_passes_of_trained_networks() {
    let Some(device) = device().await else { return };
    for (output, loss, classes) in [
        ("sigmoid", "binary_cross_entropy", 2),
        ("softmax", "categorical_cross_entropy", 5),
    ] {
        let config = with_output(Config::default(), output, loss);
        let dataset = dataset(9, 150, 3, classes, &config);
        let mut case = Case::new(output, config, &dataset);
        let (inputs, targets) = case.table();
        let table = Table {
            inputs: &inputs,
            targets: &targets,
        };
        let start = case.run.trainer.start(0);
        let mut resident = Resident::new(&device, &[table], std::slice::from_ref(&start), None)
            .await
            .unwrap();
        let layered = Layered::new(&device, &table, &start, None).await.unwrap();
        let plan = start.plan.clone();
        resident
            .train(&[case.run.trainer.feed().take_steps(10)])
            .unwrap();
        let trained = resident.progress().await.unwrap().remove(0);
        let mut of_resident = Forward::of_resident(&resident, 0, &plan).await.unwrap();
        let mut of_layered = Forward::of_layered(&layered, &plan).await.unwrap();
        let layers: Vec<Wanted> = plan
            .activations
            .iter()
            .map(|&buffer| Wanted { buffer, unit: None })
            .collect();
        let one = [Wanted {
            buffer: plan.pre_activations[0],
            unit: Some(1),
        }];
        for (forward, parameters) in [
            (&mut of_resident, trained.parameters),
            (&mut of_layered, case.run.trainer.parameters().to_vec()),
        ] {
            case.run.trainer.set_parameters(&parameters);
            // Some rows of the run's own, in an order of their own, and samples from outside; the first submissions are
            // short ones, so that both are cut into blocks.
            let rows: Vec<u32> = (0..150).rev().collect();
            let (some, own) = (&rows[..130], forward.rows(&rows[..130]).await.unwrap());
            let outside = forward.samples(&inputs).await.unwrap();
            forward.take().unwrap();
            for _ in 0..2 {
                let questions: [(_, &[Wanted]); 2] = [(&own, &layers), (&outside, &one)];
                let answers = forward.outputs(&questions, &|| 0.0).await.unwrap();
                assert_eq!(answers[0].len(), layers.len());
                let all: Vec<u32> = (0..150).collect();
                for (rows, wanted, found) in [
                    (some, layers.as_slice(), &answers[0]),
                    (&all, &one, &answers[1]),
                ] {
                    for (&Wanted { buffer, unit }, found) in wanted.iter().zip(found) {
                        let mut expected = vec![0.0; found.len()];
                        let count = rows.len();
                        let units = unit.map_or(0..found.len() / count, |unit| unit..unit + 1);
                        case.run.trainer.interpreter().forward_rows(
                            rows,
                            |first, batch, stride, buffers| {
                                for (place, unit) in units.clone().enumerate() {
                                    expected[place * count + first..][..batch].copy_from_slice(
                                        &buffers[buffer][unit * stride..][..batch],
                                    );
                                }
                            },
                        );
                        assert_close(
                            output,
                            &format!("buffer {buffer}"),
                            found,
                            &expected,
                            GRADIENT,
                        );
                    }
                }
            }
        }
    }
}

tests! {
    the_first_hundred_losses_of_the_page_s_problems,
    orders_and_initial_weights_are_the_cpu_s,
    random_networks,
    every_row_of_every_table,
    forward_passes_of_trained_networks,
}
