//! Every refusal the engine can utter. Sentences belong to the page's dictionaries; here are codes and facts.

use serde::Serialize;
use serde_json::{Map, Value};

/// Why a wish was refused. Nothing changed when one of these is returned.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The text is no JSON, or not of the expected form.
    #[error("{field}: malformed: {message}")]
    Malformed {
        /// Where.
        field: String,
        /// The parser's own words.
        message: String,
    },
    /// A field that the schema does not have.
    #[error("{field}: unknown field")]
    UnknownField {
        /// Path of the field.
        field: String,
    },
    /// An id that the table does not have.
    #[error("{field}: \"{id}\" is not one of {known}")]
    UnknownId {
        /// Path of the field.
        field: String,
        /// What was given.
        id: String,
        /// The table's ids, comma separated.
        known: String,
    },
    /// A number outside its limits (NaN and infinities too).
    #[error("{field}: {} is not in {}..={}", decimal(*value), decimal(*min), decimal(*max))]
    OutOfRange {
        /// Path of the field.
        field: String,
        /// What was given.
        value: f64,
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
    },
    /// Two counts that must agree do not.
    #[error("{field}: expected {expected}, found {found}")]
    Mismatch {
        /// Path of the field.
        field: String,
        /// What would fit.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A value in the caller's data is NaN or infinite.
    #[error("{field}: row {row}, column {column} is not a finite number")]
    NotFinite {
        /// `inputs` or `targets` or a tensor's name.
        field: String,
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// More memory or time than is given.
    #[error("{field}: {} {} needed, at most {} are given", decimal(of.count(*needed)), of.unit(), decimal(of.count(*max)))]
    TooMuch {
        /// The field by which it becomes less.
        field: String,
        /// What is needed.
        of: Resource,
        /// Bytes or multiply-adds.
        needed: f64,
        /// Most of them.
        max: f64,
    },
    /// Loss, output activation and targets do not fit together.
    #[error("training.loss: {loss} does not fit output {output} ({rule})")]
    Pairing {
        /// Loss id.
        loss: String,
        /// Output activation id.
        output: String,
        /// Which rule was broken; the page explains it (`pairing.<rule>`).
        rule: &'static str,
    },
    /// A request that has no meaning in the present state.
    #[error("{field}: {reason}")]
    NotNow {
        /// What was asked.
        field: String,
        /// Why not; the page explains it (`not_now.<reason>`).
        reason: &'static str,
    },
}

/// What a wish may need too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Bytes.
    Memory,
    /// Multiply-adds at a time.
    Work,
}

impl Resource {
    /// What is told: rounded up, in millions.
    fn count(self, amount: f64) -> f64 {
        (amount / 1e6).ceil()
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Memory => "MB",
            Self::Work => "million multiply-adds at a time",
        }
    }
}

/// A refusal as it crosses the boundary: the page says `error.<code>` with `values` filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Refusal {
    /// Stable code of the sentence.
    pub code: String,
    /// Path of the field, `training.batch_size`.
    pub field: String,
    /// The facts of the sentence.
    #[cfg_attr(test, ts(type = "{ [key in string]: string }"))]
    pub values: Map<String, Value>,
    /// The same in plain English, for logs and for callers without a dictionary.
    pub message: String,
}

impl Error {
    /// Stable code: the key of the sentence in the dictionaries.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::UnknownField { .. } => "unknown_field",
            Self::UnknownId { .. } => "unknown_id",
            Self::OutOfRange { .. } => "out_of_range",
            Self::Mismatch { .. } => "mismatch",
            Self::NotFinite { .. } => "not_finite",
            Self::TooMuch {
                of: Resource::Memory,
                ..
            } => "too_much_memory",
            Self::TooMuch {
                of: Resource::Work, ..
            } => "too_much_work",
            Self::Pairing { .. } => "pairing",
            Self::NotNow { .. } => "not_now",
        }
    }

    /// Path of the field that was refused.
    pub fn field(&self) -> &str {
        match self {
            Self::Malformed { field, .. }
            | Self::UnknownField { field }
            | Self::UnknownId { field, .. }
            | Self::OutOfRange { field, .. }
            | Self::Mismatch { field, .. }
            | Self::NotFinite { field, .. }
            | Self::TooMuch { field, .. }
            | Self::NotNow { field, .. } => field,
            Self::Pairing { .. } => "training.loss",
        }
    }

    /// The refusal as it crosses the boundary.
    pub fn refusal(&self) -> Refusal {
        let pairs: Vec<(&str, String)> = match self {
            Self::Malformed { message, .. } => vec![("message", message.clone())],
            Self::UnknownField { .. } => vec![],
            Self::UnknownId { id, known, .. } => vec![("id", id.clone()), ("known", known.clone())],
            Self::OutOfRange {
                value, min, max, ..
            } => {
                vec![
                    ("value", decimal(*value)),
                    ("min", decimal(*min)),
                    ("max", decimal(*max)),
                ]
            }
            Self::Mismatch {
                expected, found, ..
            } => {
                vec![("expected", expected.clone()), ("found", found.clone())]
            }
            Self::NotFinite { row, column, .. } => {
                vec![("row", row.to_string()), ("column", column.to_string())]
            }
            Self::TooMuch {
                of, needed, max, ..
            } => {
                vec![
                    ("needed", decimal(of.count(*needed))),
                    ("max", decimal(of.count(*max))),
                ]
            }
            Self::Pairing { loss, output, rule } => {
                vec![
                    ("loss", loss.clone()),
                    ("output", output.clone()),
                    ("rule", (*rule).to_owned()),
                ]
            }
            Self::NotNow { reason, .. } => vec![("reason", (*reason).to_owned())],
        };
        let mut values = Map::new();
        for (name, value) in pairs {
            values.insert(name.to_owned(), shortened(value, LONGEST_TEXT).into());
        }
        Refusal {
            code: self.code().to_owned(),
            field: shortened(self.field().to_owned(), LONGEST_FIELD),
            values,
            message: shortened(self.to_string(), LONGEST_TEXT),
        }
    }
}

/// What is refused may be of any length, what is said of it not: names and values of a caller's are cut, in characters.
const LONGEST_FIELD: usize = 200;
const LONGEST_TEXT: usize = 1000;

fn shortened(text: String, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text;
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// The number as `Display` prints it: no exponent, and no more digits than tell it from its neighbours.
#[cfg(not(all(
    target_arch = "wasm32",
    any(debug_assertions, not(any(feature = "gpu", feature = "compiler")))
)))]
pub(crate) fn decimal(value: f64) -> String {
    value.to_string()
}

#[cfg(all(
    target_arch = "wasm32",
    any(debug_assertions, not(any(feature = "gpu", feature = "compiler")))
))]
pub(crate) use browser::{decimal, print_with};

/// The browser prints numbers too, and `Display` would be 17 KB of the module that the first picture waits for.
#[cfg(all(
    target_arch = "wasm32",
    any(debug_assertions, not(any(feature = "gpu", feature = "compiler")))
))]
mod browser {
    use std::cell::Cell;

    type Printer = fn(f64) -> String;

    thread_local!(static PRINTER: Cell<Option<Printer>> = const { Cell::new(None) });

    /// Sets what prints numbers; `web.rs` does, before anything can be refused.
    pub(crate) fn print_with(printer: Printer) {
        PRINTER.set(Some(printer));
    }

    /// The number as `Display` prints it.
    pub(crate) fn decimal(value: f64) -> String {
        PRINTER.get().map_or_else(String::new, |print| print(value))
    }
}

/// The same of an `f32`, whose neighbours are further away. (Below 1e-9, with all the digits of its `f64`.)
pub(crate) fn decimal_f32(value: f32) -> String {
    let wide = f64::from(value);
    let mut power = 1.0;
    while power <= 1e9 {
        let rounded = (wide * power).round() / power;
        if rounded as f32 == value {
            return decimal(rounded);
        }
        power *= 10.0;
    }
    decimal(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_number_has_no_digit_of_its_double() {
        for value in [
            0.1,
            2.5,
            0.333_333_34,
            9.999_999,
            1e-9,
            -0.7,
            7.0,
            f32::NAN,
            f32::INFINITY,
        ] {
            assert_eq!(decimal_f32(value), value.to_string());
        }
    }
}
