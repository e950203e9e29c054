//! Scaling of columns, fitted on the training part alone.

use super::Numbers;
use crate::config::Choice;
use crate::error::Error;

/// Ids of the scalings.
pub const SCALINGS: &[&str] = &["none", "standard", "min_max"];

/// One affine map per column: `(value - shift) / scale`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaler {
    /// `(columns)`: subtracted.
    pub shift: Vec<f64>,
    /// `(columns)`: divided by; never 0.
    pub scale: Vec<f64>,
}

impl Scaler {
    /// Leaves every value as it is.
    pub fn identity(columns: usize) -> Self {
        Self {
            shift: vec![0.0; columns],
            scale: vec![1.0; columns],
        }
    }

    /// The map that `choice` asks for, fitted on the rows `train` of `values` `(rows, columns)`.
    ///
    /// `standard`: mean 0 and standard deviation 1 (divided by n, as scikit-learn's `StandardScaler`).
    /// `min_max`: onto 0..=1. A column that is constant in the training part is shifted, and its scale is 1.
    pub fn fit(
        choice: &Choice,
        values: &Numbers,
        columns: usize,
        train: &[u32],
    ) -> Result<Self, Error> {
        if let Some((name, _)) = choice.params.iter().next() {
            return Err(Error::UnknownField {
                field: format!("data.scaling.{name}"),
            });
        }
        let mut scaler = Self::identity(columns);
        let fit: fn(&[f64]) -> [f64; 2] = match choice.id.as_str() {
            "none" => return Ok(scaler),
            "standard" => standard,
            "min_max" => min_max,
            _ => {
                return Err(Error::UnknownId {
                    field: "data.scaling".to_owned(),
                    id: choice.id.clone(),
                    known: SCALINGS.join(", "),
                });
            }
        };
        let mut column = vec![0.0; train.len()];
        for index in 0..columns {
            for (value, &row) in column.iter_mut().zip(train) {
                *value = values.at(row as usize * columns + index);
            }
            let Some(&first) = column.first() else {
                continue;
            };
            // Compared value by value: a rounded variance of a constant column need not be 0.
            let constant = column.iter().all(|&value| value == first);
            [scaler.shift[index], scaler.scale[index]] =
                if constant { [first, 1.0] } else { fit(&column) };
        }
        Ok(scaler)
    }

    /// The scaled value of one column.
    #[inline]
    pub fn apply(&self, column: usize, value: f64) -> f64 {
        (value - self.shift[column]) / self.scale[column]
    }

    /// `values` `(rows, columns)` scaled, and narrowed after that.
    pub fn apply_all(&self, values: Numbers) -> Vec<f32> {
        let columns = self.shift.len().max(1);
        match values {
            Numbers::Single(values) if self.is_identity() => values,
            values => values
                .iter()
                .enumerate()
                .map(|(place, value)| self.apply(place % columns, value) as f32)
                .collect(),
        }
    }

    /// Whether it leaves every value as it is.
    pub fn is_identity(&self) -> bool {
        self.shift.iter().all(|&shift| shift == 0.0) && self.scale.iter().all(|&scale| scale == 1.0)
    }
}

fn standard(column: &[f64]) -> [f64; 2] {
    let count = column.len() as f64;
    let mean = column.iter().sum::<f64>() / count;
    // Squares of very small or very large distances are no numbers: then the largest of them is the unit.
    let spread = |unit: f64| {
        let squares = column.iter().map(|value| {
            let distance = (value - mean) / unit;
            distance * distance
        });
        (squares.sum::<f64>() / count).sqrt() * unit
    };
    let plain = spread(1.0);
    if (1e-140..1e140).contains(&plain) {
        return [mean, plain];
    }
    let largest = column.iter().map(|value| (value - mean).abs());
    [mean, spread(largest.fold(f64::MIN_POSITIVE, f64::max))]
}

fn min_max(column: &[f64]) -> [f64; 2] {
    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
    let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    [low, high - low]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(id: &str) -> Choice {
        Choice {
            id: id.to_owned(),
            params: Default::default(),
        }
    }

    #[test]
    fn standard_is_fitted_on_the_training_rows_alone() {
        let values = Numbers::from(vec![1.0, 3.0, 1000.0]);
        let scaler = Scaler::fit(&choice("standard"), &values, 1, &[0, 1]).unwrap();
        assert_eq!((scaler.shift[0], scaler.scale[0]), (2.0, 1.0));
        assert_eq!(scaler.apply_all(values), [-1.0, 1.0, 998.0]);
    }

    #[test]
    fn min_max_maps_the_training_rows_onto_zero_to_one() {
        let values = Numbers::from(vec![-2.0, 6.0, 2.0, 10.0]);
        let scaler = Scaler::fit(&choice("min_max"), &values, 1, &[0, 1, 2]).unwrap();
        assert_eq!(scaler.apply_all(values), [0.0, 1.0, 0.5, 1.5]);
    }

    #[test]
    fn a_constant_column_becomes_zero_and_stays_finite() {
        for id in ["standard", "min_max"] {
            let values = Numbers::from(vec![0.1, 1.0, 0.1, 2.0, 0.1, 3.0, 0.6, 4.0]);
            let scaler = Scaler::fit(&choice(id), &values, 2, &[0, 1, 2]).unwrap();
            assert_eq!(scaler.scale[0], 1.0);
            let values = scaler.apply_all(values);
            assert_eq!([values[0], values[2], values[4]], [0.0; 3]);
            assert!((values[6] - 0.5).abs() < 1e-7, "{id}: {}", values[6]);
        }
    }

    #[test]
    fn unknown_scalings_are_refused_by_name() {
        let error = Scaler::fit(&choice("robust"), &Numbers::from(&[1.0]), 1, &[0]).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("unknown_id", "data.scaling")
        );
        let mut with_parameter = choice("none");
        with_parameter.params.insert("power", 2.0);
        let error = Scaler::fit(&with_parameter, &Numbers::from(&[1.0]), 1, &[0]).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("unknown_field", "data.scaling.power")
        );
    }

    #[test]
    fn what_is_scaled_is_narrowed_after_it() {
        // Seconds of a clock: in single precision they lie 128 apart.
        let clock: Vec<f64> = (0..4).map(|row| 1.7e9 + f64::from(row)).collect();
        let values = Numbers::from(clock);
        let scaler = Scaler::fit(&choice("min_max"), &values, 1, &[0, 1, 2, 3]).unwrap();
        let third = (1.0_f64 / 3.0) as f32;
        assert_eq!(scaler.apply_all(values), [0.0, third, 2.0 * third, 1.0]);
    }

    #[test]
    fn very_small_and_very_large_distances_have_a_spread() {
        for unit in [1e-200, 1e-160, 1e99] {
            let values = Numbers::from(vec![-unit, unit]);
            let scaler = Scaler::fit(&choice("standard"), &values, 1, &[0, 1]).unwrap();
            assert_eq!(scaler.apply_all(values), [-1.0, 1.0], "{unit}");
        }
    }
}
