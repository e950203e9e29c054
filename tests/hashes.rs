//! The same seeds give the same bytes: hashes of all weights after a thousand steps.
//!
//! `tests/golden/hashes.json` holds `{name: {config, steps, hash}}`, `config` laid over the defaults by `patch`. Node and
//! Chromium run the same configs through wasm and must find the same hashes. `UPDATE=1 cargo test --test hashes` writes
//! the hashes anew; a change of one is a change of what every shared link shows.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail as the test does"
)]

#[path = "golden/fnv.rs"]
mod fnv;

use std::collections::BTreeSet;

use neural_playground::session::{Event, Session};
use serde_json::{Map, Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/hashes.json");

fn layer(units: u32, activation: &str, dropout: f64) -> Value {
    json!({"units": units, "activation": activation, "dropout": dropout, "frozen": false})
}

fn configs() -> [(&'static str, Value); 10] {
    let one = |layer: Value| json!([layer]);
    [
        ("as the page opens", json!({})),
        (
            "relu, sgd, circle",
            json!({
                "network": {"hidden": one(layer(8, "relu", 0.0)), "weight_initializer": "he_uniform"},
                "training": {"optimizer": {"id": "sgd", "learning_rate": 0.05}}
            }),
        ),
        (
            "gelu and silu, adamw, one cycle, spiral",
            json!({
                "data": {"dataset": "spiral", "noise": 0.2, "features": ["x", "y", "sin_x", "sin_y"]},
                "network": {"hidden": [layer(16, "gelu", 0.0), layer(13, "silu", 0.0)]},
                "training": {"optimizer": "adamw", "schedule": "one_cycle", "batch_size": 32}
            }),
        ),
        (
            "dropout, momentum, clipped, moons",
            json!({
                "data": {"dataset": "moons", "label_noise": 0.1},
                "network": {"hidden": [layer(12, "leaky_relu", 0.3), layer(12, "elu", 0.2)]},
                "training": {"optimizer": "momentum", "clip": {"id": "norm", "limit": 0.5}}
            }),
        ),
        (
            "softmax, nadam, rings",
            json!({
                "data": {"dataset": "rings"},
                "network": {"hidden": one(layer(9, "mish", 0.0)), "output": {"activation": "softmax"}},
                "training": {"loss": "categorical_cross_entropy", "optimizer": "nadam", "batch_size": 7}
            }),
        ),
        (
            "softmax of squared error, rmsprop, blobs",
            json!({
                "data": {"dataset": "blobs", "classes": 5, "scaling": "standard"},
                "network": {"hidden": one(layer(6, "softsign", 0.0)), "output": {"activation": "softmax"}},
                "training": {"loss": "mse", "optimizer": "rmsprop", "shuffled": false}
            }),
        ),
        (
            "hinge, adagrad, elastic net, pinwheel",
            json!({
                "data": {"dataset": "pinwheel", "classes": 4, "scaling": "min_max"},
                "network": {"hidden": [layer(10, "softplus", 0.0), layer(5, "selu", 0.0)], "output": {"activation": "linear"}},
                "training": {
                    "loss": "hinge", "optimizer": "adagrad",
                    "penalty": {"id": "elastic_net", "l1": 0.001, "l2": 0.001}
                }
            }),
        ),
        (
            "huber, lion, sine, line",
            json!({
                "data": {"dataset": "line_sine", "features": ["x", "sin_x"], "label_noise": 0.1},
                "network": {
                    "hidden": [layer(20, "sine", 0.0), layer(20, "gaussian", 0.0)],
                    "output": {"activation": "linear"}, "weight_initializer": "orthogonal"
                },
                "training": {"loss": "huber", "optimizer": "lion", "schedule": "cosine_restarts"}
            }),
        ),
        (
            "log cosh, adadelta, max norm, gauss bumps",
            json!({
                "data": {"dataset": "reg_gauss", "samples": 333},
                "network": {
                    "hidden": [layer(11, "hard_swish", 0.0), layer(4, "gelu_tanh", 0.0)],
                    "output": {"activation": "linear"}, "weight_initializer": "lecun_normal",
                    "bias_initializer": {"id": "normal", "std": 0.1}
                },
                "training": {"loss": "log_cosh", "optimizer": "adadelta", "max_norm": 2.0, "penalty": "weight_decay"}
            }),
        ),
        (
            "TensorFlow Playground's mode",
            json!({
                "mode": "tf_playground",
                "network": {"output": {"activation": "tanh"}},
                "training": {
                    "loss": "half_mse", "optimizer": {"id": "sgd", "learning_rate": 0.03}, "batch_size": 30,
                    "penalty": {"id": "l1", "lambda": 0.001}
                }
            }),
        ),
    ]
}

fn run(config: &Value, steps: u64) -> String {
    let mut session = Session::new().unwrap();
    let patch = json!({"type": "patch", "patch": config}).to_string();
    let events = session.handle(&patch, &|| 0.0);
    let accepted = events
        .iter()
        .any(|event| matches!(event, Event::Configured { .. }));
    assert!(accepted, "{config}: {events:?}");
    let step = json!({"type": "step", "count": steps}).to_string();
    assert_eq!(session.handle(&step, &|| 0.0), [], "{config}");
    fnv::hex(
        session
            .weights()
            .iter()
            .flat_map(|tensor| tensor.data.iter().copied()),
    )
}

#[test]
fn a_thousand_steps_of_each_config_give_the_bytes_on_record() {
    let entry = |(name, config): (&str, Value)| {
        let hash = run(&config, 1000);
        (
            name.to_owned(),
            json!({"config": config, "steps": 1000, "hash": hash}),
        )
    };
    let found: Map<String, Value> = configs().into_iter().map(entry).collect();
    let hashes: BTreeSet<String> = found
        .values()
        .map(|entry| entry["hash"].to_string())
        .collect();
    assert_eq!(hashes.len(), 10, "two configs have one hash");
    if std::env::var_os("UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
        std::fs::write(PATH, text).unwrap();
    }
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(PATH).unwrap()).unwrap();
    for (name, entry) in &found {
        assert_eq!(*entry, recorded[name], "{name}");
    }
    assert_eq!(recorded.as_object().map(Map::len), Some(found.len()));
}

#[test]
fn the_hash_is_fnv_1a_over_little_endian_bits() {
    // Published values of FNV-1a, 64 bit: the empty string, and "foobar" followed by nothing else.
    assert_eq!(fnv::hex([]), "cbf29ce484222325");
    assert_eq!(
        format!("{:016x}", fnv::bytes(*b"foobar")),
        "85944171f73967e8"
    );
    assert_ne!(fnv::hex([0.0]), fnv::hex([-0.0]));
}
