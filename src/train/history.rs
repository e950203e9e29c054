//! The curves: a bounded list of measured rows.

/// What a row holds, in this order. NaN where there is nothing to measure.
pub const COLUMNS: [&str; 7] = [
    "epoch",
    "train_loss",
    "validation_loss",
    "penalty",
    "train_score",
    "validation_score",
    "learning_rate",
];

/// One measurement; see [`COLUMNS`]. The score is accuracy (classification) or R² (regression).
pub type Row = [f64; COLUMNS.len()];

/// At most this many rows are kept.
const MAX_ROWS: usize = 600;

/// Measured rows in order. When full, of every four rows two are kept: those with the smallest and the largest
/// training loss. So spikes survive, every value shown was measured, and memory is bounded.
#[derive(Debug, Clone, Default)]
pub struct History {
    rows: Vec<Row>,
}

impl History {
    /// Appends a row; a row for the same epoch as the last one replaces it.
    pub fn push(&mut self, row: Row) {
        if let Some(last) = self.rows.last_mut()
            && last[0] >= row[0]
        {
            *last = row;
            return;
        }
        self.rows.push(row);
        if self.rows.len() > MAX_ROWS {
            self.thin();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// Forgets the rows after `epoch`, when a run goes back to a snapshot.
    pub fn truncate_after(&mut self, epoch: f64) {
        self.rows.retain(|row| row[0] <= epoch);
    }

    /// The rows, oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    fn thin(&mut self) {
        // The first row (the untrained network) and the last stay as they are.
        let last = self.rows.pop();
        let mut kept = Vec::with_capacity(MAX_ROWS);
        kept.extend(self.rows.first().copied());
        for group in self.rows.get(1..).unwrap_or_default().chunks(4) {
            let by_loss = |a: &&Row, b: &&Row| a[1].total_cmp(&b[1]);
            let pair = (group.iter().min_by(by_loss), group.iter().max_by(by_loss));
            if let (Some(low), Some(high)) = pair {
                let (first, second) = if low[0] <= high[0] {
                    (low, high)
                } else {
                    (high, low)
                };
                kept.push(*first);
                if second[0] > first[0] {
                    kept.push(*second);
                }
            }
        }
        kept.extend(last);
        self.rows = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(epoch: f64, loss: f64) -> Row {
        [epoch, loss, 0.0, 0.0, 0.0, 0.0, 0.0]
    }

    #[test]
    fn memory_is_bounded_and_spikes_and_both_ends_survive() {
        let mut history = History::default();
        for epoch in 0..100_000 {
            history.push(row(
                f64::from(epoch),
                if epoch == 31_337 {
                    9.0
                } else {
                    1.0 / f64::from(epoch + 1)
                },
            ));
        }
        let rows = history.rows();
        assert!(rows.len() <= MAX_ROWS);
        assert!(rows.iter().any(|row| row[1] == 9.0));
        assert_eq!(rows[0], row(0.0, 1.0));
        assert_eq!(rows[rows.len() - 1][0], 99_999.0);
        assert!(rows.windows(2).all(|pair| pair[0][0] < pair[1][0]));
    }
}
