//! The caller's own numbers.

use super::{Numbers, Part, Task};
use crate::error::{Error, decimal, decimal_f32};

/// Most rows.
pub const MAX_ROWS: usize = 100_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 4096;
/// Most bytes of inputs in all: 128 MiB.
pub const MAX_BYTES: usize = 1 << 27;
/// Largest size of a value: the squares of larger ones, which scaling takes, are no numbers.
pub const MAX_SIZE: f64 = 1e100;
/// A column of which single precision keeps fewer different steps than this, and rounds, is not told apart by it.
const FEWEST_STEPS: f64 = 1024.0;
/// Most classes.
pub const MAX_CLASSES: usize = 256;
/// Fewest rows: one for each part.
const MIN_ROWS: usize = 3;
/// Whole numbers with more different values than this are taken for a quantity.
const GUESSED_CLASSES: usize = 20;

/// Inputs and targets that were checked once and may be split and scaled again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomData {
    pub(super) inputs: Numbers,
    pub(super) columns: usize,
    pub(super) targets: Vec<f64>,
    pub(super) parts: Option<Vec<Part>>,
    pub(super) task: Task,
    pub(super) classes: usize,
    coarse: Option<usize>,
}

impl CustomData {
    /// Takes `inputs` `(rows, columns)` row-major and `targets` `(rows)`.
    ///
    /// `parts`: 0 training, 1 validation, 2 test for each row, at least one of them training; `None`: split by
    /// the config. `task` `None`: guessed, see [`CustomData::task`]. For classification targets are class
    /// indices from 0, and the largest one says how many classes there are (two at least).
    ///
    /// Refused, by field: lengths that do not fit, NaN and infinities (row and column named), class indices that are
    /// not whole, values of a regression that single precision cannot tell apart, and more than [`MAX_ROWS`],
    /// [`MAX_COLUMNS`], [`MAX_BYTES`], [`MAX_SIZE`] or [`MAX_CLASSES`].
    pub fn new(
        inputs: impl Into<Numbers>,
        columns: usize,
        targets: impl Into<Numbers>,
        parts: Option<&[u8]>,
        task: Option<Task>,
    ) -> Result<Self, Error> {
        let (inputs, targets) = (inputs.into(), targets.into());
        let rows = targets.len();
        in_range("columns", columns, 1, MAX_COLUMNS)?;
        in_range("targets", rows, MIN_ROWS, MAX_ROWS)?;
        let size = inputs.bytes() / inputs.len().max(1);
        in_range("inputs", inputs.len(), 1, MAX_BYTES / size.max(1))?;
        if inputs.len() != rows * columns {
            return Err(Error::Mismatch {
                field: "inputs".to_owned(),
                expected: format!("{} ({rows} rows, {columns} columns)", rows * columns),
                found: inputs.len().to_string(),
            });
        }
        finite("inputs", &inputs, columns, 0)?;
        finite("targets", &targets, 1, 0)?;
        let parts = parts.map(|parts| read_parts(parts, rows)).transpose()?;
        let task = task.unwrap_or_else(|| guess(&targets));
        let classes = match task {
            Task::Regression => 0,
            Task::Classification => count_classes(&targets)?,
        };
        if classes == 0 && coarse_column(&targets, 1).is_some() {
            return Err(Error::Mismatch {
                field: "targets".to_owned(),
                expected: "values that single precision tells apart, so take their mean off"
                    .to_owned(),
                found: decimal(targets.at(0)),
            });
        }
        let targets = targets.iter().collect();
        Ok(Self {
            coarse: coarse_column(&inputs, columns),
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

    /// The first column whose values single precision cannot tell apart unless they are scaled.
    pub fn coarse_column(&self) -> Option<usize> {
        self.coarse
    }
}

/// The first of `columns` that single precision would ruin: values beyond it, or so close together for their size that
/// it rounds them onto a few steps. What it holds exactly is not ruined.
fn coarse_column(values: &Numbers, columns: usize) -> Option<usize> {
    let Numbers::Double(values) = values else {
        return None;
    };
    (0..columns).find(|&column| {
        let values = || values.iter().skip(column).step_by(columns).copied();
        if values().all(|value| f64::from(value as f32) == value) {
            return false;
        }
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        let size = low.abs().max(high.abs());
        let step = (size * f64::from(f32::EPSILON)).max(f64::from(f32::from_bits(1)));
        size > f64::from(f32::MAX) || (high > low && high - low < FEWEST_STEPS * step)
    })
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

/// Refuses what is no number or too large a one, by its row, of which the first is called `first`, and column.
pub(crate) fn finite(
    field: &str,
    values: &Numbers,
    columns: usize,
    first: usize,
) -> Result<(), Error> {
    // A NaN is in no range.
    let beyond = |value: f64| !(-MAX_SIZE..=MAX_SIZE).contains(&value);
    match values.iter().position(beyond) {
        None => Ok(()),
        Some(at) if values.at(at).is_finite() => Err(Error::OutOfRange {
            field: format!("{field}[{}][{}]", first + at / columns, at % columns),
            value: values.at(at),
            min: -MAX_SIZE,
            max: MAX_SIZE,
        }),
        Some(at) => Err(Error::NotFinite {
            field: field.to_owned(),
            row: first + at / columns,
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

fn guess(targets: &Numbers) -> Task {
    let mut seen = [0_usize; GUESSED_CLASSES];
    for target in targets.iter() {
        if target.fract() != 0.0 || !(0.0..GUESSED_CLASSES as f64).contains(&target) {
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

fn count_classes(targets: &Numbers) -> Result<usize, Error> {
    let mut last = 0;
    for (row, target) in targets.iter().enumerate() {
        let field = || format!("targets[{row}]");
        if !(0.0..MAX_CLASSES as f64).contains(&target) {
            let max = (MAX_CLASSES - 1) as f64;
            return Err(Error::OutOfRange {
                field: field(),
                value: target,
                min: 0.0,
                max,
            });
        }
        if target.fract() != 0.0 {
            return Err(Error::Mismatch {
                field: field(),
                expected: "a whole number".to_owned(),
                found: decimal_f32(target as f32),
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
