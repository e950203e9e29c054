//! The same config and seeds end at the same bytes: natively here, in node and in Chromium by the page's tests.
//!
//! `tests/golden/hashes.json` holds configs, steps, and FNV-1a of the weights' bytes. Every activation, loss and optimizer
//! whose arithmetic could differ between platforms stands in one of them. After a change that means to change figures:
//! `UPDATE=1 cargo test --test hashes`.

#![cfg(not(target_arch = "wasm32"))]

use neural_playground::session::{Event, Session};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/hashes.json");
const DIGITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/digits.bin");

fn layer(activation: &str, dropout: f64) -> Value {
    json!({"units": 5, "activation": activation, "dropout": dropout, "frozen": false})
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
