//! Scaling of columns, fitted on the training part alone.

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
        values: &[f32],
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
                *value = f64::from(values[row as usize * columns + index]);
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

    /// Scales `values` `(rows, columns)` in place.
    pub fn apply_all(&self, values: &mut [f32]) {
        let columns = self.shift.len();
        if columns == 0 || self.is_identity() {
            return;
        }
        for row in values.chunks_exact_mut(columns) {
            for (column, value) in row.iter_mut().enumerate() {
                *value = self.apply(column, f64::from(*value)) as f32;
            }
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
    let variance = column
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / count;
    [mean, variance.sqrt()]
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
        let mut values = vec![1.0, 3.0, 1000.0];
        let scaler = Scaler::fit(&choice("standard"), &values, 1, &[0, 1]).unwrap();
        assert_eq!((scaler.shift[0], scaler.scale[0]), (2.0, 1.0));
        scaler.apply_all(&mut values);
        assert_eq!(values, [-1.0, 1.0, 998.0]);
    }

    #[test]
    fn min_max_maps_the_training_rows_onto_zero_to_one() {
        let mut values = vec![-2.0, 6.0, 2.0, 10.0];
        Scaler::fit(&choice("min_max"), &values, 1, &[0, 1, 2])
            .unwrap()
            .apply_all(&mut values);
        assert_eq!(values, [0.0, 1.0, 0.5, 1.5]);
    }

    #[test]
    fn a_constant_column_becomes_zero_and_stays_finite() {
        for id in ["standard", "min_max"] {
            let mut values = vec![0.1, 1.0, 0.1, 2.0, 0.1, 3.0, 0.6, 4.0];
            let scaler = Scaler::fit(&choice(id), &values, 2, &[0, 1, 2]).unwrap();
            assert_eq!(scaler.scale[0], 1.0);
            scaler.apply_all(&mut values);
            assert_eq!([values[0], values[2], values[4]], [0.0; 3]);
            assert!((values[6] - 0.5).abs() < 1e-7, "{id}: {}", values[6]);
        }
    }

    #[test]
    fn unknown_scalings_are_refused_by_name() {
        let error = Scaler::fit(&choice("robust"), &[1.0], 1, &[0]).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("unknown_id", "data.scaling")
        );
        let mut with_parameter = choice("none");
        with_parameter.params.insert("power", 2.0);
        let error = Scaler::fit(&with_parameter, &[1.0], 1, &[0]).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("unknown_field", "data.scaling.power")
        );
    }
}
