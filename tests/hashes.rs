//! The same config and seeds end at the same bytes: natively here, in node and in Chromium by the page's tests.
//!
//! `tests/golden/hashes.json` holds configs, steps, and FNV-1a of the weights' bytes. Every activation, loss and optimizer
//! whose arithmetic could differ between platforms stands in one of them. After a change that means to change figures:
//! `UPDATE=1 cargo test --test engine hashes`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail as the test does"
)]

use neural_playground::session::{Event, Session};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/hashes.json");
const DIGITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/digits.bin");

fn layer(activation: &str, dropout: f64) -> Value {
    json!({"units": 5, "activation": activation, "dropout": dropout, "frozen": false})
}

fn wide(units: u32, activation: &str, dropout: f64) -> Value {
    json!({"units": units, "activation": activation, "dropout": dropout, "frozen": false})
}

/// Name, config over the defaults, steps.
fn cases() -> Vec<(&'static str, Value, u64)> {
    let smooth = [
        "sigmoid", "elu", "gelu", "mish", "softplus", "sine", "gaussian", "silu",
    ];
    let jagged = [
        "selu",
        "gelu_tanh",
        "softsign",
        "hard_swish",
        "leaky_relu",
        "hard_sigmoid",
    ];
    let layers = |names: &[&str], dropout| {
        names
            .iter()
            .map(|name| layer(name, dropout))
            .collect::<Vec<_>>()
    };
    vec![
        ("the page as it opens", json!({}), 500),
        (
            "smooth activations on the spiral",
            json!({
                "data": {"dataset": "spiral", "noise": 0.2, "label_noise": 0.1, "features": ["x", "y", "x_squared", "sin_x"]},
                "network": {"hidden": layers(&smooth, 0.0), "weight_initializer": "orthogonal"},
                "training": {"optimizer": "nadam", "schedule": "cosine_restarts", "penalty": "elastic_net"}
            }),
            300,
        ),
        (
            "piecewise activations, dropout and classes",
            json!({
                "data": {"dataset": "blobs", "classes": 5, "scaling": "standard"},
                "network": {"hidden": layers(&jagged, 0.2), "weight_initializer": "he_normal"},
                "training": {"optimizer": "adamw", "schedule": "one_cycle", "clip": "norm", "max_norm": 2.0}
            }),
            300,
        ),
        (
            "regression",
            json!({
                "data": {"dataset": "reg_ripple"},
                "training": {"loss": "log_cosh", "optimizer": "rmsprop", "penalty": "weight_decay", "batch_size": 7}
            }),
            300,
        ),
        (
            "TensorFlow Playground's rules",
            json!({
                "mode": "tf_playground",
                "training": {"loss": "half_mse", "optimizer": "sgd", "penalty": "l1"},
                "network": {"output": {"activation": "tanh"}}
            }),
            300,
        ),
        (
            "the worked example",
            json!({"data": {"dataset": "digits"}}),
            60,
        ),
        (
            "relu, sgd, circle",
            json!({
                "network": {"hidden": [wide(8, "relu", 0.0)], "weight_initializer": "he_uniform"},
                "training": {"optimizer": {"id": "sgd", "learning_rate": 0.05}}
            }),
            1000,
        ),
        (
            "gelu and silu, adamw, one cycle, spiral",
            json!({
                "data": {"dataset": "spiral", "noise": 0.2, "features": ["x", "y", "sin_x", "sin_y"]},
                "network": {"hidden": [wide(16, "gelu", 0.0), wide(13, "silu", 0.0)]},
                "training": {"optimizer": "adamw", "schedule": "one_cycle", "batch_size": 32}
            }),
            1000,
        ),
        (
            "dropout, momentum, clipped, moons",
            json!({
                "data": {"dataset": "moons", "label_noise": 0.1},
                "network": {"hidden": [wide(12, "leaky_relu", 0.3), wide(12, "elu", 0.2)]},
                "training": {"optimizer": "momentum", "clip": {"id": "norm", "limit": 0.5}}
            }),
            1000,
        ),
        (
            "softmax, nadam, rings",
            json!({
                "data": {"dataset": "rings"},
                "network": {"hidden": [wide(9, "mish", 0.0)], "output": {"activation": "softmax"}},
                "training": {"loss": "categorical_cross_entropy", "optimizer": "nadam", "batch_size": 7}
            }),
            1000,
        ),
        (
            "softmax of squared error, rmsprop, blobs",
            json!({
                "data": {"dataset": "blobs", "classes": 5, "scaling": "standard"},
                "network": {"hidden": [wide(6, "softsign", 0.0)], "output": {"activation": "softmax"}},
                "training": {"loss": "mse", "optimizer": "rmsprop", "shuffled": false}
            }),
            1000,
        ),
        (
            "hinge, adagrad, elastic net, pinwheel",
            json!({
                "data": {"dataset": "pinwheel", "classes": 4, "scaling": "min_max"},
                "network": {"hidden": [wide(10, "softplus", 0.0), wide(5, "selu", 0.0)], "output": {"activation": "linear"}},
                "training": {
                    "loss": "hinge", "optimizer": "adagrad",
                    "penalty": {"id": "elastic_net", "l1": 0.001, "l2": 0.001}
                }
            }),
            1000,
        ),
        (
            "huber, lion, sine, line",
            json!({
                "data": {"dataset": "line_sine", "features": ["x", "sin_x"], "label_noise": 0.1},
                "network": {
                    "hidden": [wide(20, "sine", 0.0), wide(20, "gaussian", 0.0)],
                    "output": {"activation": "linear"}, "weight_initializer": "orthogonal"
                },
                "training": {"loss": "huber", "optimizer": "lion", "schedule": "cosine_restarts"}
            }),
            1000,
        ),
        (
            "log cosh, adadelta, max norm, gauss bumps",
            json!({
                "data": {"dataset": "reg_gauss", "samples": 333},
                "network": {
                    "hidden": [wide(11, "hard_swish", 0.0), wide(4, "gelu_tanh", 0.0)],
                    "output": {"activation": "linear"}, "weight_initializer": "lecun_normal",
                    "bias_initializer": {"id": "normal", "std": 0.1}
                },
                "training": {"loss": "log_cosh", "optimizer": "adadelta", "max_norm": 2.0, "penalty": "weight_decay"}
            }),
            1000,
        ),
        (
            "TensorFlow Playground's mode, carrying over",
            json!({
                "mode": "tf_playground",
                "network": {"output": {"activation": "tanh"}},
                "training": {
                    "loss": "half_mse", "optimizer": {"id": "sgd", "learning_rate": 0.03}, "batch_size": 30,
                    "penalty": {"id": "l1", "lambda": 0.001}
                }
            }),
            1000,
        ),
    ]
}

fn accepted(events: &[Event]) {
    if let Some(Event::Rejected { refusal }) = events
        .iter()
        .find(|event| matches!(event, Event::Rejected { .. }))
    {
        panic!("{}", refusal.message);
    }
}

/// FNV-1a, 64 bits, over the little-endian bytes of all tensors in order, in 16 hexadecimal digits.
fn hash(session: &Session) -> String {
    let tensors = session.weights();
    let bytes = tensors
        .iter()
        .flat_map(|tensor| &tensor.data)
        .flat_map(|value| value.to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

fn trained(config: &Value, steps: u64) -> String {
    let mut session = Session::new().unwrap();
    let configure = json!({"type": "configure", "config": config}).to_string();
    let mut events = session.handle(&configure, &|| 0.0);
    if events.contains(&Event::NeedsDigits) {
        let asset = std::fs::read(DIGITS)
            .expect("www/public/digits.bin is missing: make it with `make test-rust`");
        session
            .load_digits(&miniz_oxide::inflate::decompress_to_vec(&asset).unwrap())
            .unwrap();
        events = session.handle(&configure, &|| 0.0);
    }
    accepted(&events);
    accepted(&session.handle(
        &json!({"type": "step", "count": steps}).to_string(),
        &|| 0.0,
    ));
    hash(&session)
}

#[test]
fn configs_end_at_their_bytes() {
    let found: Vec<Value> = cases()
        .into_iter()
        .map(|(name, config, steps)| {
            let hash = trained(&config, steps);
            json!({"name": name, "config": config, "steps": steps, "hash": hash})
        })
        .collect();
    let found = json!({"cases": found});
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, format!("{found:#}\n")).unwrap();
    }
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert_eq!(found, expected);
}
