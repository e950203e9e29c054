//! Which rows each step trains on: a pure function of (seed, epoch, position).

use crate::random::{Purpose, Random};

/// How the training rows are ordered within an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// A new permutation every epoch; the last batch may be smaller and is trained on.
    Shuffled,
    /// As given; the last batch may be smaller and is trained on.
    Fixed,
    /// As given; a last partial batch joins the next epoch's first one, as TensorFlow Playground carries gradients
    /// (its weights do not change in between, so the joined batch has the same gradient).
    FixedCarried,
}

/// Hands out the rows of one step after the other.
#[derive(Debug, Clone)]
pub struct Batches {
    rows: Vec<u32>,
    order: Vec<u32>,
    joined: Vec<u32>,
    batch_size: usize,
    kind: Order,
    random: Random,
    epoch: u64,
    position: usize,
    carried: usize,
}

impl Batches {
    /// Batches of `batch_size` of the training `rows`.
    pub fn new(rows: &[u32], batch_size: usize, kind: Order, seed: u32) -> Self {
        let mut batches = Self {
            rows: rows.to_vec(),
            order: rows.to_vec(),
            joined: Vec::new(),
            batch_size: if kind == Order::FixedCarried {
                batch_size
            } else {
                batch_size.min(rows.len())
            }
            .max(1),
            kind,
            random: Random::new(seed, Purpose::Batches),
            epoch: 0,
            position: 0,
            carried: 0,
        };
        batches.joined.reserve(batches.capacity());
        batches.seek(0, 0);
        batches
    }

    /// Most rows that one step can have.
    pub fn capacity(&self) -> usize {
        match self.kind {
            Order::Shuffled | Order::Fixed => self.batch_size,
            Order::FixedCarried => (2 * self.batch_size).min(self.batch_size + self.rows.len()),
        }
    }

    /// Rows of a full batch.
    pub fn batch_size(&self) -> usize {
        self.batch_size
    }

    /// The training rows, unordered.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// What [`Batches::next_rows`] gave last in this epoch; empty before its first step.
    pub fn last_rows(&self) -> &[u32] {
        match self.kind {
            Order::FixedCarried if self.carried > 0 && self.position == self.batch_size => {
                &self.joined
            }
            Order::FixedCarried => {
                &self.order[self.position.saturating_sub(self.batch_size)..self.position]
            }
            Order::Shuffled | Order::Fixed => {
                let count = match self.position % self.batch_size {
                    0 => self.batch_size.min(self.position),
                    partial => partial,
                };
                &self.order[self.position - count..self.position]
            }
        }
    }

    /// Completed epochs.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Rows of this epoch already trained on.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Epochs with the fraction of the one under way.
    pub fn progress(&self) -> f64 {
        self.epoch as f64 + self.position as f64 / self.rows.len().max(1) as f64
    }

    /// Steps of one epoch.
    pub fn steps_per_epoch(&self) -> usize {
        match self.kind {
            Order::Shuffled | Order::Fixed => self.rows.len().div_ceil(self.batch_size),
            Order::FixedCarried => self.rows.len() / self.batch_size,
        }
    }

    /// Whether an epoch has a place after so many rows: between two steps, or at its end.
    pub fn has_place(&self, position: usize) -> bool {
        let last = match self.kind {
            Order::Shuffled | Order::Fixed => self.rows.len(),
            Order::FixedCarried => self.steps_per_epoch() * self.batch_size,
        };
        position == last || position < last && position.is_multiple_of(self.batch_size)
    }

    /// Goes to the given place: the order there is what it would have been on the way.
    pub fn seek(&mut self, epoch: u64, position: usize) {
        self.epoch = epoch;
        self.position = position;
        let left_over = self.rows.len() % self.batch_size;
        self.carried = if self.kind == Order::FixedCarried && epoch > 0 {
            left_over
        } else {
            0
        };
        self.order.copy_from_slice(&self.rows);
        if self.kind == Order::Shuffled {
            self.random.shuffle(epoch << 20, &mut self.order);
        }
    }

    /// Rows of the next step; `None` when this epoch has no further step, see [`Batches::finish_epoch`].
    pub fn next_rows(&mut self) -> Option<&[u32]> {
        let left = self.order.len() - self.position;
        match self.kind {
            Order::Shuffled | Order::Fixed => {
                let count = self.batch_size.min(left);
                self.position += count;
                (count > 0).then(|| &self.order[self.position - count..self.position])
            }
            Order::FixedCarried => {
                if left < self.batch_size {
                    return None;
                }
                let start = self.position;
                self.position += self.batch_size;
                if start > 0 || self.carried == 0 {
                    return Some(&self.order[start..self.position]);
                }
                self.joined.clear();
                self.joined
                    .extend_from_slice(&self.order[self.order.len() - self.carried..]);
                self.joined.extend_from_slice(&self.order[..self.position]);
                Some(&self.joined)
            }
        }
    }

    /// Whether this epoch has no further step.
    pub fn is_epoch_over(&self) -> bool {
        let left = self.order.len() - self.position;
        left == 0 || (self.kind == Order::FixedCarried && left < self.batch_size)
    }

    /// Starts the next epoch.
    pub fn finish_epoch(&mut self) {
        self.seek(self.epoch + 1, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(batches: &mut Batches) -> Vec<Vec<u32>> {
        let mut all = Vec::new();
        while let Some(rows) = batches.next_rows() {
            all.push(rows.to_vec());
        }
        batches.finish_epoch();
        all
    }

    #[test]
    fn shuffled_epochs_cover_every_row_once_and_differ() {
        let rows: Vec<u32> = (100..125).collect();
        let mut batches = Batches::new(&rows, 10, Order::Shuffled, 3);
        assert_eq!(batches.steps_per_epoch(), 3);
        let (first, second) = (epoch(&mut batches), epoch(&mut batches));
        assert_eq!(first.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
        assert_ne!(first, second);
        let mut all = second.concat();
        all.sort_unstable();
        assert_eq!(all, rows);
    }

    #[test]
    fn seeking_gives_the_order_of_the_way_there() {
        let rows: Vec<u32> = (0..37).collect();
        let mut walked = Batches::new(&rows, 5, Order::Shuffled, 9);
        epoch(&mut walked);
        walked.next_rows();
        let mut sought = Batches::new(&rows, 5, Order::Shuffled, 9);
        sought.seek(1, 5);
        assert_eq!(walked.next_rows(), sought.next_rows());
    }

    #[test]
    fn a_partial_batch_is_carried_into_the_next_epoch() {
        let rows: Vec<u32> = (0..25).collect();
        let mut batches = Batches::new(&rows, 10, Order::FixedCarried, 0);
        assert_eq!(batches.steps_per_epoch(), 2);
        let first = epoch(&mut batches);
        assert_eq!(first.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10]);
        let second = epoch(&mut batches);
        assert_eq!(
            second[0],
            [20, 21, 22, 23, 24, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        );
        assert!(second[0].len() <= batches.capacity());
    }

    #[test]
    fn a_carried_batch_larger_than_the_data_never_trains() {
        let mut batches = Batches::new(&[0, 1, 2], 10, Order::FixedCarried, 0);
        assert!(batches.is_epoch_over());
        assert_eq!(batches.next_rows(), None);
    }
}
