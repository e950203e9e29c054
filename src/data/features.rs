//! The input features of points: one function and one table row each.

use serde::Serialize;

use super::Kind;
use crate::error::Error;

/// A column computed from a point.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FeatureEntry {
    /// Permanent id, unique within its kind.
    pub id: &'static str,
    /// What stands beside the input neuron.
    pub symbol: &'static str,
    /// Sets of points it belongs to: `Plane` or `Line`.
    pub kind: Kind,
    /// The column in NumPy, of the columns `x1` and `x2` of a plane or `x` of a line.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub numpy: &'static str,
    /// The value at `(x, y)`; on a line `y` is not read.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub value: fn(f64, f64) -> f64,
}

/// Every feature, in the order in which TensorFlow Playground lists them.
pub static FEATURES: &[FeatureEntry] = &[
    FeatureEntry {
        id: "x",
        symbol: "X₁",
        kind: Kind::Plane,
        numpy: "x1",
        value: |x, _| x,
    },
    FeatureEntry {
        id: "y",
        symbol: "X₂",
        kind: Kind::Plane,
        numpy: "x2",
        value: |_, y| y,
    },
    FeatureEntry {
        id: "x_squared",
        symbol: "X₁²",
        kind: Kind::Plane,
        numpy: "x1 ** 2",
        value: |x, _| x * x,
    },
    FeatureEntry {
        id: "y_squared",
        symbol: "X₂²",
        kind: Kind::Plane,
        numpy: "x2 ** 2",
        value: |_, y| y * y,
    },
    FeatureEntry {
        id: "x_times_y",
        symbol: "X₁X₂",
        kind: Kind::Plane,
        numpy: "x1 * x2",
        value: |x, y| x * y,
    },
    FeatureEntry {
        id: "sin_x",
        symbol: "sin(X₁)",
        kind: Kind::Plane,
        numpy: "np.sin(x1)",
        value: |x, _| libm::sin(x),
    },
    FeatureEntry {
        id: "sin_y",
        symbol: "sin(X₂)",
        kind: Kind::Plane,
        numpy: "np.sin(x2)",
        value: |_, y| libm::sin(y),
    },
    FeatureEntry {
        id: "x",
        symbol: "x",
        kind: Kind::Line,
        numpy: "x",
        value: |x, _| x,
    },
    FeatureEntry {
        id: "x_squared",
        symbol: "x²",
        kind: Kind::Line,
        numpy: "x ** 2",
        value: |x, _| x * x,
    },
    FeatureEntry {
        id: "sin_x",
        symbol: "sin(x)",
        kind: Kind::Line,
        numpy: "np.sin(x)",
        value: |x, _| libm::sin(x),
    },
];

/// The rows for `ids`, in the order given.
///
/// Refused: no id at all, an id that `kind` does not have, an id given twice. The field names the place,
/// `data.features[1]`.
pub fn choose(ids: &[String], kind: Kind) -> Result<Vec<&'static FeatureEntry>, Error> {
    let of_kind: Vec<_> = FEATURES.iter().filter(|entry| entry.kind == kind).collect();
    if ids.is_empty() || ids.len() > of_kind.len() {
        return Err(Error::OutOfRange {
            field: "data.features".to_owned(),
            value: ids.len() as f64,
            min: 1.0,
            max: of_kind.len() as f64,
        });
    }
    let mut chosen = Vec::with_capacity(ids.len());
    for (position, id) in ids.iter().enumerate() {
        let field = || format!("data.features[{position}]");
        if ids[..position].contains(id) {
            return Err(Error::Mismatch {
                field: field(),
                expected: "each feature once".to_owned(),
                found: id.clone(),
            });
        }
        let Some(entry) = of_kind.iter().find(|entry| entry.id == id) else {
            let known: Vec<&str> = of_kind.iter().map(|entry| entry.id).collect();
            return Err(Error::UnknownId {
                field: field(),
                id: id.clone(),
                known: known.join(", "),
            });
        };
        chosen.push(*entry);
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn values_follow_their_symbols() {
        let value = |id: &str| {
            let entry = FEATURES.iter().find(|entry| entry.id == id).unwrap();
            (entry.value)(0.5, -3.0)
        };
        assert_eq!(value("x"), 0.5);
        assert_eq!(value("y"), -3.0);
        assert_eq!(value("x_squared"), 0.25);
        assert_eq!(value("y_squared"), 9.0);
        assert_eq!(value("x_times_y"), -1.5);
        assert_eq!(value("sin_x"), libm::sin(0.5));
        assert_eq!(value("sin_y"), libm::sin(-3.0));
    }

    #[test]
    fn ids_are_unique_within_a_kind() {
        for (position, entry) in FEATURES.iter().enumerate() {
            let twin = FEATURES[..position]
                .iter()
                .find(|other| other.id == entry.id && other.kind == entry.kind);
            assert!(twin.is_none(), "{}", entry.id);
        }
    }

    #[test]
    fn order_is_the_callers() {
        let chosen = choose(&ids(&["sin_y", "x"]), Kind::Plane).unwrap();
        assert_eq!(
            chosen.iter().map(|entry| entry.symbol).collect::<Vec<_>>(),
            ["sin(X₂)", "X₁"]
        );
    }

    #[test]
    fn a_line_has_no_second_axis() {
        let error = choose(&ids(&["x", "y"]), Kind::Line).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("unknown_id", "data.features[1]")
        );
    }

    #[test]
    fn none_and_twice_are_refused() {
        assert_eq!(choose(&[], Kind::Plane).unwrap_err().code(), "out_of_range");
        let error = choose(&ids(&["x", "y", "x"]), Kind::Plane).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("mismatch", "data.features[2]")
        );
    }
}
