//! Every refusal the engine can utter. Sentences belong to the page's dictionaries; here are codes and facts.

use std::collections::BTreeMap;

use serde::Serialize;

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
    #[error("{field}: {id:?} is not one of {known}")]
    UnknownId {
        /// Path of the field.
        field: String,
        /// What was given.
        id: String,
        /// The table's ids, comma separated.
        known: String,
    },
    /// A number outside its limits (NaN and infinities too).
    #[error("{field}: {value} is not in {min}..={max}")]
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

/// A refusal as it crosses the boundary: the page says `error.<code>` with `values` filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Refusal {
    /// Stable code of the sentence.
    pub code: String,
    /// Path of the field, `training.batch_size`.
    pub field: String,
    /// The facts of the sentence.
    pub values: BTreeMap<String, String>,
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
                    ("value", value.to_string()),
                    ("min", min.to_string()),
                    ("max", max.to_string()),
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
            Self::Pairing { loss, output, rule } => {
                vec![
                    ("loss", loss.clone()),
                    ("output", output.clone()),
                    ("rule", (*rule).to_owned()),
                ]
            }
            Self::NotNow { reason, .. } => vec![("reason", (*reason).to_owned())],
        };
        // One by one: collecting would bring a sort of its own.
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            values.insert(name.to_owned(), value);
        }
        Refusal {
            code: self.code().to_owned(),
            field: self.field().to_owned(),
            values,
            message: self.to_string(),
        }
    }
}
