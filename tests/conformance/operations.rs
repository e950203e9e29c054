//! Every operation of a plan, at sizes 1, odd, at and over the size of a workgroup.

use std::collections::BTreeSet;

use neural_playground::backend::gpu::Product;
use neural_playground::config::{Choice, Config, Mode};
use neural_playground::plan::Op;
use neural_playground::train::Trainer;

use crate::follow::{Limits, compare, compare_all, compare_in_turn};
use crate::setting::{Case, dataset, device, network, with_output};
use crate::tolerance::{GRADIENT, LOSS};

/// Two steps: gradients are the second's, so that everything that the first moved has been read.
const STEPS: usize = 2;
const LIMITS: Limits = Limits {
    loss: LOSS,
    gradient: GRADIENT,
    parameter: GRADIENT,
};

/// Over so many columns and classes, in batches of that size.
type Size = (usize, usize, u32);

async fn check(name: &str, change: impl Fn(&mut Config), size: Size) {
    let Some(device) = device().await else { return };
    compare(&device, &mut case(name, change, size), STEPS, None, LIMITS).await;
}

/// For tests of many cases, see [`compare_in_turn`].
async fn check_in_turn(turn: usize, name: &str, change: impl Fn(&mut Config), size: Size) {
    let Some(device) = device().await else { return };
    let mut case = case(name, change, size);
    compare_in_turn(turn, &device, &mut case, STEPS, None, LIMITS).await;
}

fn case(name: &str, change: impl Fn(&mut Config), (columns, classes, batch): Size) -> Case {
    let mut config = network(&[(5, "tanh"), (3, "tanh")]);
    config.training.batch_size = batch;
    config.training.optimizer = Choice::of("sgd").with("learning_rate", 0.1);
    change(&mut config);
    let dataset = dataset(3, batch as usize * 3, columns, classes, &config);
    Case::new(name, config, &dataset)
}

async fn plane(change: impl Fn(&mut Config), name: &str) {
    check(name, change, (2, 2, 10)).await;
}

async fn dense_layers_of_every_size() {
    let sizes = [
        (1, 1),
        (7, 5),
        (31, 33),
        (32, 32),
        (64, 16),
        (65, 17),
        (130, 3),
    ];
    for (turn, (width, batch)) in sizes.into_iter().enumerate() {
        check_in_turn(
            turn,
            &format!("width {width}, batch {batch}"),
            |config| {
                config.network.hidden = network(&[(width, "tanh"), (width, "sigmoid")])
                    .network
                    .hidden;
            },
            (width as usize, 2, batch),
        )
        .await;
    }
}

/// What an operation is called; an operation that is new has no name here, and the tests do not compile.
fn name_of(op: &Op) -> &'static str {
    match op {
        Op::Gather { .. } => "gather",
        Op::MatMul { .. } => "mat_mul",
        Op::Activate { .. } => "activate",
        Op::Softmax { .. } => "softmax",
        Op::Dropout { .. } => "dropout",
        Op::Loss { .. } => "loss",
        Op::CrossEntropy { .. } => "cross_entropy",
        Op::SoftmaxGrad { .. } => "softmax_grad",
        Op::Multiply { .. } => "multiply",
        Op::Transpose { .. } => "transpose",
        Op::GradWeight { .. } => "grad_weight",
        Op::GradBias { .. } => "grad_bias",
        Op::GradInput { .. } => "grad_input",
        Op::GradPenalty { .. } => "grad_penalty",
        Op::ClipNorm { .. } => "clip_norm",
        Op::ClipValue { .. } => "clip_value",
        Op::Decay { .. } => "decay",
        Op::Update { .. } => "update",
        Op::SoftThreshold { .. } => "soft_threshold",
        Op::MaxNorm { .. } => "max_norm",
        Op::UpdateTfPlayground { .. } => "update_tf_playground",
    }
}
const OPERATIONS: usize = 21;

/// A name, the classes that the data have, and what is changed.
type Rules = (&'static str, usize, fn(&mut Config));

/// Under one or another every operation occurs.
fn rules() -> [Rules; 4] {
    [
        ("dropout, elastic net, norms", 2, |config| {
            config.network.hidden[0].dropout = 0.25;
            config.training.penalty = Choice::of("elastic_net").with("l1", 0.02).with("l2", 0.03);
            config.training.clip = Choice::of("norm").with("limit", 0.1);
            config.training.max_norm = 0.5;
        }),
        ("softmax, decay, limited values", 3, |config| {
            *config = with_output(config.clone(), "softmax", "mse");
            config.training.penalty = Choice::of("weight_decay").with("lambda", 0.5);
            config.training.clip = Choice::of("value").with("limit", 0.005);
        }),
        ("cross entropy, l1", 3, |config| {
            *config = with_output(config.clone(), "softmax", "categorical_cross_entropy");
            config.training.penalty = Choice::of("l1").with("lambda", 0.05);
        }),
        ("playground", 0, |config| {
            config.mode = Mode::TfPlayground;
            *config = with_output(config.clone(), "tanh", "half_mse");
            config.training.penalty = Choice::of("l1").with("lambda", 0.03);
        }),
    ]
}

async fn every_operation_at_every_size() {
    let Some(device) = device().await else { return };
    let mut seen = BTreeSet::new();
    for (rule, (name, classes, change)) in rules().into_iter().enumerate() {
        // 1, odd, at and over the size of a workgroup.
        let sizes = [(1, 1), (7, 5), (64, 64), (67, 65)];
        for (turn, (width, batch)) in sizes.into_iter().enumerate() {
            let mut config = network(&[(width, "tanh"), (width, "sigmoid")]);
            config.training.batch_size = batch;
            config.training.optimizer = Choice::of("sgd").with("learning_rate", 0.1);
            change(&mut config);
            let name = format!("{name}, width {width}, batch {batch}");
            let mut case = if config.mode == Mode::TfPlayground {
                Case::built(&name, config)
            } else {
                let dataset = dataset(3, batch as usize * 3, width as usize, classes, &config);
                Case::new(&name, config, &dataset)
            };
            seen.extend(case.run.trainer.plan().step.iter().map(name_of));
            // Every rule, and every size, in every way.
            compare_in_turn(rule + turn, &device, &mut case, STEPS, None, LIMITS).await;
        }
    }
    assert_eq!(seen.len(), OPERATIONS, "{seen:?}");
}

// Rows of weights that start at whole fours, which quads load at once, and rows that do not; sums that end within a four,
// and a batch of the second epoch that is smaller than the first's.
async fn every_way_of_making_products() {
    let Some(device) = device().await else { return };
    let products = [Product::Tiles, Product::Blocks, Product::Quads];
    assert_eq!(device.products(), products, "no subgroups");
    for (width, columns, batch, rows) in [(36, 20, 19, 52), (33, 7, 18, 50)] {
        let mut config = network(&[(width, "tanh"), (width, "relu")]);
        config.network.hidden[0].dropout = 0.25;
        config.training.batch_size = batch;
        config.training.optimizer = Choice::of("sgd").with("learning_rate", 0.1);
        config.training.penalty = Choice::of("l2").with("lambda", 0.05);
        let dataset = dataset(3, rows, columns, 2, &config);
        let mut case = Case::new(&format!("width {width}"), config, &dataset);
        // Three steps an epoch, the last one of fewer rows.
        compare_all(&device, &mut case, 4, LIMITS).await;
    }
}

async fn batches_of_every_size() {
    for (turn, batch) in [1, 63, 64, 65, 257].into_iter().enumerate() {
        check_in_turn(turn, &format!("batch {batch}"), |_| {}, (3, 2, batch)).await;
    }
}

async fn softmax_with_both_of_its_losses() {
    for (turn, classes) in [2, 3, 10, 65].into_iter().enumerate() {
        for (other, loss) in ["categorical_cross_entropy", "mse"].into_iter().enumerate() {
            check_in_turn(
                turn + other,
                &format!("softmax of {classes}, {loss}"),
                |config| *config = with_output(config.clone(), "softmax", loss),
                (3, classes, 65),
            )
            .await;
        }
    }
}

async fn the_network_without_hidden_layers() {
    plane(|config| config.network.hidden.clear(), "no hidden layer").await;
}

async fn dropout() {
    for rate in [0.1, 0.5, 0.9] {
        check(
            &format!("dropout {rate}"),
            |config| {
                config.network.hidden = network(&[(33, "tanh"), (9, "relu")]).network.hidden;
                for layer in &mut config.network.hidden {
                    layer.dropout = rate;
                }
            },
            (3, 2, 20),
        )
        .await;
    }
}

async fn frozen_layers_stay() {
    for frozen in [
        [true, false, false],
        [false, true, false],
        [false, false, true],
        [true; 3],
    ] {
        plane(
            |config| {
                config.network.hidden[0].frozen = frozen[0];
                config.network.hidden[1].frozen = frozen[1];
                config.network.output.frozen = frozen[2];
            },
            &format!("frozen {frozen:?}"),
        )
        .await;
    }
}

async fn penalties() {
    for penalty in [
        Choice::of("l1").with("lambda", 0.05),
        Choice::of("l2").with("lambda", 0.05),
        Choice::of("elastic_net").with("l1", 0.02).with("l2", 0.03),
        Choice::of("weight_decay").with("lambda", 0.5),
    ] {
        plane(
            |config| config.training.penalty = penalty.clone(),
            &penalty.id,
        )
        .await;
    }
}

async fn clipping() {
    for clip in [
        Choice::of("norm").with("limit", 0.01),
        Choice::of("norm").with("limit", 1e4),
        Choice::of("value").with("limit", 0.005),
    ] {
        plane(
            |config| {
                config.training.clip = clip.clone();
                config.training.penalty = Choice::of("l2").with("lambda", 0.1);
            },
            &format!("{clip:?}"),
        )
        .await;
    }
}

async fn options_of_optimizers_with_all_their_states() {
    for optimizer in [
        Choice::of("rmsprop")
            .with("centered", 1.0)
            .with("momentum", 0.5),
        Choice::of("rmsprop").with("momentum", 0.5),
        Choice::of("adam")
            .with("amsgrad", 1.0)
            .with("weight_decay", 0.1),
        Choice::of("adamw").with("amsgrad", 1.0),
        Choice::of("adagrad")
            .with("initial_accumulator", 0.1)
            .with("lr_decay", 0.1),
        Choice::of("nadam")
            .with("decoupled_weight_decay", 1.0)
            .with("weight_decay", 0.1),
        Choice::of("momentum").with("dampening", 0.3),
        Choice::of("nesterov").with("weight_decay", 0.1),
    ] {
        plane(
            |config| config.training.optimizer = optimizer.clone().with("learning_rate", 0.01),
            &format!("{optimizer:?}"),
        )
        .await;
    }
}

// The compiler always puts a product with a slope where it joins its neighbour; a plan need not.
async fn a_slope_apart_from_its_gradient() {
    let Some(device) = device().await else { return };
    let mut config = network(&[(5, "tanh")]);
    config = with_output(config, "tanh", "mse");
    config.training.optimizer = Choice::of("sgd").with("learning_rate", 0.1);
    let dataset = dataset(3, 30, 3, 2, &config);
    let mut case = Case::new("slope apart", config, &dataset);
    let trainer = &mut case.run.trainer;
    let mut plan = trainer.plan().clone();
    let gather = plan.step[0];
    let multiply = plan
        .step
        .iter()
        .position(|op| matches!(op, Op::Multiply { .. }))
        .unwrap();
    // Once more, to the same effect.
    plan.step.insert(multiply, gather);
    let (data, settings) = (
        trainer.interpreter().data().clone(),
        trainer.settings().clone(),
    );
    let parameters = trainer.parameters().to_vec();
    *trainer = Trainer::new(plan, data, &dataset.train, parameters, settings);
    compare(&device, &mut case, STEPS, None, LIMITS).await;
}

async fn bounded_norms_of_units() {
    plane(|config| config.training.max_norm = 0.5, "max norm").await;
}

async fn tensorflow_playground_s_own_rule() {
    let Some(device) = device().await else { return };
    for penalty in ["none", "l1", "l2"] {
        let mut config = network(&[(4, "tanh"), (2, "tanh")]);
        config.mode = Mode::TfPlayground;
        config.network.output.activation = Choice::of("tanh");
        config.training.loss = Choice::of("half_mse");
        config.training.optimizer = Choice::of("sgd").with("learning_rate", 0.1);
        if penalty != "none" {
            config.training.penalty = Choice::of(penalty).with("lambda", 0.03);
        }
        config.training.batch_size = 30;
        // 20 steps: the carried batch of the second epoch, and links that L1 has cut.
        let mut case = Case::built(&format!("playground, {penalty}"), config);
        compare(
            &device,
            &mut case,
            20,
            None,
            Limits {
                parameter: 20.0 * GRADIENT,
                gradient: 20.0 * GRADIENT,
                ..LIMITS
            },
        )
        .await;
    }
}

async fn a_run_too_large_for_workgroup_memory() {
    check(
        "in storage",
        |config| config.network.hidden = network(&[(40, "tanh"), (40, "tanh")]).network.hidden,
        (2, 2, 64),
    )
    .await;
}

tests! {
    dense_layers_of_every_size,
    every_operation_at_every_size,
    every_way_of_making_products,
    batches_of_every_size,
    softmax_with_both_of_its_losses,
    the_network_without_hidden_layers,
    dropout,
    frozen_layers_stay,
    penalties,
    clipping,
    options_of_optimizers_with_all_their_states,
    a_slope_apart_from_its_gradient,
    bounded_norms_of_units,
    tensorflow_playground_s_own_rule,
    a_run_too_large_for_workgroup_memory,
}
