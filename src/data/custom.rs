//! The caller's own numbers.

use super::{Part, Task};
use crate::error::{Error, decimal_f32};

/// Most rows.
pub const MAX_ROWS: usize = 100_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 4096;
/// Most numbers in all, 128 MiB of them.
pub const MAX_VALUES: usize = 1 << 25;
/// Most classes.
pub const MAX_CLASSES: usize = 256;
/// Fewest rows: one for each part.
const MIN_ROWS: usize = 3;
/// Whole numbers with more different values than this are taken for a quantity.
const GUESSED_CLASSES: usize = 20;

/// Inputs and targets that were checked once and may be split and scaled again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomData {
    pub(super) inputs: Vec<f32>,
    pub(super) columns: usize,
    pub(super) targets: Vec<f64>,
    pub(super) parts: Option<Vec<Part>>,
    pub(super) task: Task,
    pub(super) classes: usize,
}

impl CustomData {
    /// Takes `inputs` `(rows, columns)` row-major and `targets` `(rows)`.
    ///
    /// `parts`: 0 training, 1 validation, 2 test for each row, at least one of them training; `None`: split by
    /// the config. `task` `None`: guessed, see [`CustomData::task`]. For classification targets are class
    /// indices from 0, and the largest one says how many classes there are (two at least).
    ///
    /// Refused, by field: lengths that do not fit, NaN and infinities (row and column named), class indices that are
    /// not whole, and more than [`MAX_ROWS`], [`MAX_COLUMNS`], [`MAX_VALUES`] or [`MAX_CLASSES`].
    pub fn new(
        inputs: Vec<f32>,
        columns: usize,
        targets: &[f32],
        parts: Option<&[u8]>,
        task: Option<Task>,
    ) -> Result<Self, Error> {
        let rows = targets.len();
        in_range("columns", columns, 1, MAX_COLUMNS)?;
        in_range("targets", rows, MIN_ROWS, MAX_ROWS)?;
        in_range("inputs", inputs.len(), 1, MAX_VALUES)?;
        if inputs.len() != rows * columns {
            return Err(Error::Mismatch {
                field: "inputs".to_owned(),
                expected: format!("{} ({rows} rows, {columns} columns)", rows * columns),
                found: inputs.len().to_string(),
            });
        }
        finite("inputs", &inputs, columns)?;
        finite("targets", targets, 1)?;
        let parts = parts.map(|parts| read_parts(parts, rows)).transpose()?;
        let task = task.unwrap_or_else(|| guess(targets));
        let classes = match task {
            Task::Regression => 0,
            Task::Classification => count_classes(targets)?,
        };
        let targets = targets.iter().map(|&target| f64::from(target)).collect();
        Ok(Self {
            inputs,
            columns,
            targets,
            parts,
            task,
            classes,
        })
    }

    /// Given or guessed: classification when the targets are the whole numbers 0, 1, ... up to at most 19,
    /// none left out, at least two of them, and no more of them than half the rows.
    pub fn task(&self) -> Task {
        self.task
    }

    /// Number of classes; 0 for regression.
    pub fn classes(&self) -> usize {
        self.classes
    }
}

fn in_range(field: &str, value: usize, min: usize, max: usize) -> Result<(), Error> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        field: field.to_owned(),
        value: value as f64,
        min: min as f64,
        max: max as f64,
    })
}

fn finite(field: &str, values: &[f32], columns: usize) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Error::NotFinite {
            field: field.to_owned(),
            row: at / columns,
            column: at % columns,
        }),
    }
}

fn read_parts(parts: &[u8], rows: usize) -> Result<Vec<Part>, Error> {
    if parts.len() != rows {
        return Err(Error::Mismatch {
            field: "split".to_owned(),
            expected: rows.to_string(),
            found: parts.len().to_string(),
        });
    }
    let parts: Vec<Part> = parts
        .iter()
        .enumerate()
        .map(|(row, &part)| match part {
            0 => Ok(Part::Train),
            1 => Ok(Part::Validation),
            2 => Ok(Part::Test),
            _ => Err(Error::OutOfRange {
                field: format!("split[{row}]"),
                value: part.into(),
                min: 0.0,
                max: 2.0,
            }),
        })
        .collect::<Result<_, _>>()?;
    if parts.contains(&Part::Train) {
        return Ok(parts);
    }
    Err(Error::Mismatch {
        field: "split".to_owned(),
        expected: "at least one row for training".to_owned(),
        found: "0".to_owned(),
    })
}

fn guess(targets: &[f32]) -> Task {
    let mut seen = [0_usize; GUESSED_CLASSES];
    for &target in targets {
        if target.fract() != 0.0 || !(0.0..GUESSED_CLASSES as f32).contains(&target) {
            return Task::Regression;
        }
        seen[target as usize] += 1;
    }
    let classes = seen.iter().take_while(|&&count| count > 0).count();
    let all = seen.iter().filter(|&&count| count > 0).count();
    if classes == all && classes >= 2 && 2 * classes <= targets.len() {
        Task::Classification
    } else {
        Task::Regression
    }
}

fn count_classes(targets: &[f32]) -> Result<usize, Error> {
    let mut last = 0;
    for (row, &target) in targets.iter().enumerate() {
        let field = || format!("targets[{row}]");
        if !(0.0..MAX_CLASSES as f32).contains(&target) {
            let max = (MAX_CLASSES - 1) as f64;
            return Err(Error::OutOfRange {
                field: field(),
                value: target.into(),
                min: 0.0,
                max,
            });
        }
        if target.fract() != 0.0 {
            return Err(Error::Mismatch {
                field: field(),
                expected: "a whole number".to_owned(),
                found: decimal_f32(target),
            });
        }
        last = last.max(target as usize);
    }
    if last == 0 {
        return Err(Error::Mismatch {
            field: "targets".to_owned(),
            expected: "at least two classes".to_owned(),
            found: "1".to_owned(),
        });
    }
    Ok(last + 1)
}
