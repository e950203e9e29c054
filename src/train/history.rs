//! The curves: a bounded list of rows that training measures, at steps that depend on nothing but their number.

use crate::data::{Dataset, Part};
use crate::model::Network;

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
pub const MAX_ROWS: usize = 2000;
/// Rows of the first epoch, its end included, after that of the untrained network.
const FIRST_EPOCH: usize = 10;
/// Gaps between ends of epochs grow to this share of the epochs behind them, as a curve's changes take longer and longer ...
const BEHIND: u64 = 20;
/// ... until measuring costs at most this share of training's multiply-adds.
const SHARE: f64 = 0.1;
/// What a neuron's activation is worth in multiply-adds, and what loss and metrics of a sample are: so much time they take on
/// the CPU, beside a multiply-add of a product.
const ACTIVATION: usize = 16;
const SAMPLE_FIGURES: usize = 60;
/// A training part of more rows than this is measured on a sample, or an epoch's end alone would cost a third of the epoch.
const WHOLE: usize = 5000;
/// Rows of that sample ...
const SAMPLE: usize = 400;
/// ... and of the sample that stands for the validation part until the first epoch ends. Both are small enough that the ten
/// rows up to there and the ends of the first ten epochs cost the digits their share of those epochs.
const FIRST_VALIDATION: usize = 150;

/// When the curves are measured, and on which rows. Where the training part is large it is measured on a sample, and before
/// the end of the first epoch so is the validation part; at the end of an epoch that is measured whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measuring {
    /// Rows of a large training part that stand for all of it; empty: all are measured.
    train: Vec<u32>,
    /// Rows of the validation part that stand for it until the first epoch ends; empty: all are measured.
    first_validation: Vec<u32>,
    /// Epochs between two measurements in the long run, a power of two.
    gap: u64,
}

impl Measuring {
    /// For these data and this network: a function of their sizes.
    pub fn of(dataset: &Dataset, network: &Network) -> Self {
        let part = |part| dataset.part(part);
        Self::of_parts(part(Part::Train), part(Part::Validation), network)
    }

    fn of_parts(train: &[u32], validation: &[u32], network: &Network) -> Self {
        let large = train.len() > WHOLE;
        let sample = |rows, size| {
            if large {
                spread(rows, size)
            } else {
                Vec::new()
            }
        };
        let sampled = sample(train, SAMPLE);
        let measured = validation.len() + if large { sampled.len() } else { train.len() };
        Self {
            gap: Work::of(network).gap(train.len(), measured),
            train: sampled,
            first_validation: sample(validation, FIRST_VALIDATION),
        }
    }

    /// The rows that stand for the training part.
    pub fn train<'a>(&'a self, dataset: &'a Dataset) -> &'a [u32] {
        if self.train.is_empty() {
            dataset.part(Part::Train)
        } else {
            &self.train
        }
    }

    /// The rows that stand for the validation part before the end of the first epoch.
    pub(super) fn first_validation<'a>(&'a self, dataset: &'a Dataset) -> &'a [u32] {
        if self.first_validation.is_empty() {
            dataset.part(Part::Validation)
        } else {
            &self.first_validation
        }
    }

    /// Whether a step of the first epoch, the `step`-th of `per_epoch`, is measured after. Its last step is the epoch's end.
    pub(super) fn is_due_within(step: usize, per_epoch: usize) -> bool {
        let tenth = |step: usize| step * FIRST_EPOCH / per_epoch.max(1);
        step > 0 && tenth(step) > tenth(step - 1)
    }

    /// Whether the end of the `epoch`-th epoch is measured.
    pub(super) fn is_due_at_end(&self, epoch: u64) -> bool {
        epoch.is_multiple_of(self.gap_after(epoch))
    }

    /// Epochs from here to the next measurement: twice as many with every doubling of those behind, so that a gap always
    /// ends where the one before it would.
    fn gap_after(&self, epoch: u64) -> u64 {
        let behind = 1 << (epoch / BEHIND).max(1).ilog2();
        // Rows that would be thinned out again need not be measured.
        let kept = (epoch / (MAX_ROWS as u64 / 2)).max(1);
        let kept = 1 << kept.ilog2();
        kept.max(self.gap.min(behind))
    }

    /// Steps from the `into`-th of an epoch, the `epoch`-th counted from 0, to the next measurement.
    pub(super) fn steps_to_next(&self, epoch: u64, into: usize, per_epoch: usize) -> u64 {
        let per_epoch = per_epoch.max(1);
        if epoch == 0 {
            let next = (into + 1..=per_epoch).find(|step| Self::is_due_within(*step, per_epoch));
            return (next.unwrap_or(per_epoch) - into).max(1) as u64;
        }
        // Where the gap doubles on the way, it does so at a multiple of both.
        let end = (epoch + 1).next_multiple_of(self.gap_after(epoch + 1));
        ((end - epoch) * per_epoch as u64)
            .saturating_sub(into as u64)
            .max(1)
    }
}

/// So many rows, evenly spread; empty where there are no more. Rows stand in the order of the split, which is a shuffled one:
/// evenly spread ones are as good as any.
fn spread(rows: &[u32], size: usize) -> Vec<u32> {
    let places = if rows.len() > size { size } else { 0 };
    (0..places)
        .map(|place| rows[place * rows.len() / size])
        .collect()
}

/// What a row of the data costs, in multiply-adds.
#[derive(Debug, Clone, Copy)]
struct Work {
    /// In a step: forward, back to the weights, back to the layer below.
    trained: f64,
    /// When it is measured.
    measured: f64,
}

impl Work {
    fn of(network: &Network) -> Self {
        let units: usize = network.layers.iter().map(|layer| layer.outputs).sum();
        let (products, activations) = (network.multiply_adds(), ACTIVATION * units);
        Self {
            trained: (3 * products + activations) as f64,
            measured: (products + activations + SAMPLE_FIGURES) as f64,
        }
    }

    /// Epochs of `train` rows after which `measured` rows cost the share that they may.
    fn gap(self, train: usize, measured: usize) -> u64 {
        let epochs = self.measured * measured as f64 / (SHARE * self.trained * train.max(1) as f64);
        (epochs.ceil() as u64).max(1).next_power_of_two()
    }
}

/// Measured rows in order. When full, every second one goes, the first and the last stay: so the list is even, every
/// value in it was measured, and memory is bounded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    rows: Vec<Row>,
}

impl History {
    /// From rows that [`History::rows`] gave, to go on from there.
    pub fn of_rows(rows: &[Row]) -> Self {
        let mut history = Self::default();
        rows.iter().for_each(|row| history.push(*row));
        history
    }

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

    /// Forgets the rows after `epoch`, when a run goes back to a snapshot.
    pub fn truncate_after(&mut self, epoch: f64) {
        self.rows.retain(|row| row[0] <= epoch);
    }

    /// The rows, oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    fn thin(&mut self) {
        let last = self.rows.len() - 1;
        let mut place = 0_usize;
        self.rows.retain(|_| {
            place += 1;
            (place - 1).is_multiple_of(2) || place - 1 == last
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::activation::Activation;
    use crate::model::Nonlinearity;

    fn row(epoch: f64, loss: f64) -> Row {
        [epoch, loss, 0.0, 0.0, 0.0, 0.0, 0.0]
    }

    /// With these layers.
    fn network(widths: &[usize]) -> Network {
        let tanh = Nonlinearity::ElementWise(Activation::Tanh, [0.0; 2]);
        let layers: Vec<_> = widths[1..]
            .iter()
            .map(|units| (*units, tanh, 0.0, 1.0))
            .collect();
        Network::new(widths[0], &layers).unwrap()
    }

    fn work(widths: &[usize]) -> Work {
        Work::of(&network(widths))
    }

    fn of(train: u32, validation: u32, widths: &[usize]) -> Measuring {
        let rows: Vec<u32> = (0..train + validation).collect();
        let (train, validation) = rows.split_at(train as usize);
        Measuring::of_parts(train, validation, &network(widths))
    }

    /// Epoch ends up to `epochs` that are measured.
    fn ends(measuring: &Measuring, epochs: u64) -> Vec<u64> {
        (1..=epochs)
            .filter(|epoch| measuring.is_due_at_end(*epoch))
            .collect()
    }

    #[test]
    fn memory_is_bounded_and_both_ends_survive() {
        let mut history = History::default();
        for epoch in 0..100_000 {
            history.push(row(f64::from(epoch), 1.0 / f64::from(epoch + 1)));
            assert!(history.rows().len() <= MAX_ROWS);
        }
        let rows = history.rows();
        assert!(rows.len() >= MAX_ROWS / 2);
        assert_eq!(rows[0], row(0.0, 1.0));
        assert_eq!(rows[rows.len() - 1][0], 99_999.0);
        assert!(rows.windows(2).all(|pair| pair[0][0] < pair[1][0]));
        assert_eq!(History::of_rows(rows), history);
    }

    #[test]
    fn the_digits_have_ten_rows_in_the_first_epoch_and_one_at_the_end_of_each() {
        let within = (1..=219).filter(|step| Measuring::is_due_within(*step, 219));
        let within: Vec<usize> = within.collect();
        assert_eq!((within.len(), within[9]), (10, 219));
        let gaps = within.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(
            gaps.clone().all(|gap| (21..=22).contains(&gap)),
            "{within:?}"
        );
        let digits = of(7000, 1000, &[784, 64, 64, 10]);
        assert_eq!(ends(&digits, 500), (1..=500).collect::<Vec<_>>());
    }

    /// What measuring costs from the end of the epoch `from` to that of `to`, as a share of training; from 0 on with the row of
    /// the untrained network and those within the first epoch.
    fn share(
        measuring: &Measuring,
        parts: (usize, usize),
        widths: &[usize],
        from: u64,
        to: u64,
    ) -> f64 {
        let (work, (train, validation)) = (work(widths), parts);
        let or = |sample: &[u32], whole: usize| {
            if sample.is_empty() {
                whole
            } else {
                sample.len()
            }
        };
        let of_train = or(&measuring.train, train);
        let first = of_train + or(&measuring.first_validation, validation);
        let before_first_end = if from == 0 { FIRST_EPOCH * first } else { 0 };
        let late = ends(measuring, to)
            .iter()
            .filter(|end| **end > from)
            .count();
        let measured = before_first_end + late * (of_train + validation);
        work.measured * measured as f64 / (work.trained * (train as u64 * (to - from)) as f64)
    }

    #[test]
    fn the_digits_are_measured_for_a_tenth_of_training_from_the_first_epoch_on() {
        for widths in [
            &[784, 64, 64, 10][..],
            &[784, 10],
            &[784, 4, 10],
            &[784, 128, 10],
        ] {
            let digits = of(7000, 1000, widths);
            let share = |from, to| share(&digits, (7000, 1000), widths, from, to);
            assert!(share(0, 10) <= SHARE, "{widths:?}: {}", share(0, 10));
            assert!(share(10, 1000) <= SHARE, "{widths:?}: {}", share(10, 1000));
        }
    }

    #[test]
    fn samples_are_of_their_own_part_and_never_larger_than_it() {
        let sizes =
            |measuring: &Measuring| (measuring.train.len(), measuring.first_validation.len());
        let digits = of(7000, 1000, &[784, 10]);
        assert_eq!(sizes(&digits), (SAMPLE, FIRST_VALIDATION));
        assert!(digits.train.iter().all(|row| *row < 7000));
        assert!(
            digits
                .first_validation
                .iter()
                .all(|row| (7000..8000).contains(row))
        );
        assert!(
            digits
                .first_validation
                .windows(2)
                .all(|pair| pair[0] < pair[1])
        );
        // All of a part that is small anyway, and of everything where training is quick to measure.
        assert_eq!(sizes(&of(7000, 100, &[784, 10])), (SAMPLE, 0));
        assert_eq!(sizes(&of(7000, 0, &[784, 10])), (SAMPLE, 0));
        assert_eq!(sizes(&of(5000, 3000, &[784, 10])), (0, 0));
    }

    #[test]
    fn measuring_takes_a_tenth_of_training_beside_a_first_stretch() {
        let networks: [&[usize]; 4] = [
            &[2, 4, 2, 1],
            &[7, 8, 8, 8, 8, 8, 8, 1],
            &[784, 64, 64, 10],
            &[1, 1],
        ];
        let parts = [
            (300, 100),
            (250, 250),
            (1, 1),
            (5000, 0),
            (7000, 1000),
            (60_000, 10_000),
        ];
        for (network, (train, validation)) in networks
            .iter()
            .flat_map(|network| parts.map(|parts| (network, parts)))
        {
            let measuring = of(train, validation, network);
            // After the gaps have grown.
            let grown = BEHIND * measuring.gap;
            let parts = (train as usize, validation as usize);
            let share = share(&measuring, parts, network, grown, 100_000);
            assert!(share <= SHARE, "{network:?} {train} {validation}: {share}");
            // And what stands before that is no more than some dozens.
            let early = ends(&measuring, grown).len() as u64;
            assert!(
                early <= BEHIND * (1 + u64::from(measuring.gap.ilog2())),
                "{early}"
            );
        }
    }

    #[test]
    fn gaps_only_grow_and_no_row_is_measured_to_be_thinned_out_at_once() {
        let measuring = of(300, 100, &[2, 4, 2, 1]);
        let ends = ends(&measuring, 1_000_000);
        let gaps: Vec<u64> = ends.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(
            gaps.windows(2)
                .all(|pair| pair[1] == pair[0] || pair[1] == 2 * pair[0])
        );
        assert!(ends.len() < 12 * MAX_ROWS, "{}", ends.len());
    }

    #[test]
    fn the_way_to_the_next_row_ends_where_a_row_is_due() {
        let measuring = of(300, 100, &[2, 4, 2, 1]);
        for per_epoch in [1, 3, 9, 10, 30, 219] {
            let mut step = 0_u64;
            for _ in 0..60 {
                let (epoch, into) = (step / per_epoch, step % per_epoch);
                let way = measuring.steps_to_next(epoch, into as usize, per_epoch as usize);
                for ahead in 1..=way {
                    let (epoch, into) = ((step + ahead) / per_epoch, (step + ahead) % per_epoch);
                    let due = if into == 0 {
                        measuring.is_due_at_end(epoch)
                    } else {
                        epoch == 0 && Measuring::is_due_within(into as usize, per_epoch as usize)
                    };
                    assert_eq!(due, ahead == way, "{per_epoch}: {step} + {ahead}");
                }
                step += way;
            }
        }
    }
}
