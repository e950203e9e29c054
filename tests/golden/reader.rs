//! Reads a golden file and compares numbers with it.

use std::collections::BTreeMap;
use std::path::Path;

use neural_playground::config::Choice;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Layout of the files; `FORMAT` in generate.py.
const FORMAT: u64 = 1;
const COMMAND: &str = "pip install torch keras numpy scikit-learn && KERAS_BACKEND=torch python tests/golden/generate.py";

/// An absolute tolerance up to 1, a relative one above: figures near 0 are differences of numbers near 1.
///
/// f64: both sides round each operation to 1e-16 and their exp, tanh, erf differ in the last bits; twenty steps and
/// sums of some hundred terms lose three more digits.
pub(crate) const F64: f64 = 1e-12;
/// f32: rounding is 6e-8 and the engine's own exp, tanh and erf are held to 4e-7; a few such errors meet in a
/// derivative, or add up over twenty steps of a small network.
pub(crate) const F32: f64 = 2e-6;

/// The content of `tests/golden/<name>.json`.
pub(crate) fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; {COMMAND}", path.display()));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value["format"],
        FORMAT,
        "{}: another format; {COMMAND}",
        path.display()
    );
    for library in ["torch", "keras"] {
        assert!(
            value[library].is_string(),
            "{}: no version of {library}; {COMMAND}",
            path.display()
        );
    }
    serde_json::from_value(value)
        .unwrap_or_else(|error| panic!("{}: {error}; {COMMAND}", path.display()))
}

/// A choice from an id and its parameters.
pub(crate) fn choice(id: &str, params: &BTreeMap<String, f64>) -> Choice {
    Choice {
        id: id.to_owned(),
        params: params
            .iter()
            .map(|(id, value)| (id.as_str(), *value))
            .collect(),
    }
}

/// One number against its figure.
#[track_caller]
pub(crate) fn assert_close(what: &str, actual: f64, expected: f64, tolerance: f64) {
    let apart = (actual - expected).abs() / expected.abs().max(1.0);
    // Written so that NaN fails.
    assert!(
        apart <= tolerance,
        "{what}: {actual:e}, the reference has {expected:e}; apart {apart:.1e} > {tolerance:.0e}"
    );
}

/// Each number against its figure; a failure names the first.
#[track_caller]
pub(crate) fn assert_all_close(what: &str, actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}: so many numbers");
    for (index, (&actual, &expected)) in actual.iter().zip(expected).enumerate() {
        assert_close(
            &format!("{what}, number {index}"),
            actual,
            expected,
            tolerance,
        );
    }
}
