//! A training step allocates nothing.
//!
//! The allocator of the tests counts; a thousand steps after a warm-up must leave the count where it was, but for
//! those after which a row of the curves is measured.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::rc::Rc;

use neural_playground::config::{Config, overlay, parse};
use neural_playground::data::Dataset;
use neural_playground::train::Run;
use serde_json::{Value, json};

use crate::counting::calls;

fn run(patch: &Value) -> (Run<f32>, Dataset) {
    let mut value = serde_json::to_value(Config::default()).unwrap();
    overlay(&mut value, patch);
    let mut config = parse(&value).unwrap();
    let mut dataset = Dataset::build(&config.data, &config.seeds, config.mode, None).unwrap();
    let inputs = Rc::from(std::mem::take(&mut dataset.inputs));
    (
        Run::new(&mut config, &dataset, inputs, None).unwrap(),
        dataset,
    )
}

fn allocations(run: &mut Run<f32>, dataset: &Dataset, steps: u32) -> u64 {
    let mut allocated = 0;
    for _ in 0..steps {
        let (before, rows) = (calls(), run.history.rows().len());
        assert!(run.step(dataset).is_none());
        if run.history.rows().len() == rows {
            allocated += calls() - before;
        }
    }
    allocated
}

#[test]
fn the_counter_counts() {
    let before = calls();
    let mut vector = vec![1_u8; 100];
    vector.reserve_exact(1000);
    assert_eq!(calls() - before, 2, "{}", vector.len());
}

#[test]
fn a_thousand_steps_allocate_nothing() {
    let layer = |units: u32, activation: &str, dropout: f64| json!({"units": units, "activation": activation, "dropout": dropout, "frozen": false});
    let cases = [
        ("the page as it opens", json!({})),
        (
            "dropout",
            json!({"network": {"hidden": [layer(16, "relu", 0.5), layer(8, "gelu", 0.2)]}}),
        ),
        (
            "nadam, one cycle",
            json!({"training": {"optimizer": "nadam", "schedule": "one_cycle"}}),
        ),
        (
            "gd, every step an epoch",
            json!({"training": {"optimizer": "gd"}}),
        ),
        (
            "softmax, cross entropy",
            json!({
                "data": {"dataset": "rings"},
                "network": {"output": {"activation": "softmax"}},
                "training": {"loss": "categorical_cross_entropy"}
            }),
        ),
        (
            "softmax, squared error",
            json!({
                "data": {"dataset": "blobs"},
                "network": {"output": {"activation": "softmax"}},
                "training": {"loss": "mse", "batch_size": 33}
            }),
        ),
        (
            "penalties, clips, max norm",
            json!({"training": {
                "penalty": {"id": "elastic_net", "l1": 0.001, "l2": 0.001},
                "clip": {"id": "norm", "limit": 0.5},
                "max_norm": 1.0,
                "optimizer": "lion",
                "shuffled": false
            }}),
        ),
        (
            "frozen, adadelta, decay",
            json!({
                "network": {"hidden": [{"units": 5, "activation": "sine", "dropout": 0.0, "frozen": true}, layer(300, "mish", 0.0)]},
                "training": {"optimizer": "adadelta", "penalty": {"id": "weight_decay", "lambda": 0.01}}
            }),
        ),
        (
            "TensorFlow Playground's mode, carrying over",
            json!({
                "mode": "tf_playground",
                "network": {"output": {"activation": "tanh"}},
                "training": {"loss": "half_mse", "optimizer": "sgd", "batch_size": 30, "penalty": {"id": "l1", "lambda": 0.01}}
            }),
        ),
    ];
    for (name, patch) in cases {
        let (mut run, dataset) = run(&patch);
        // Two epochs fill what is kept to go back to after divergence.
        let warm_up = 2 * u32::try_from(run.trainer.steps_per_epoch()).unwrap() + 2;
        allocations(&mut run, &dataset, warm_up);
        assert_eq!(allocations(&mut run, &dataset, 1000), 0, "{name}");
    }
}
