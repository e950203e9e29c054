//! One network under one config over one data set: what a session plays, and what a study will hold many of.

use super::evaluation::{Evaluation, Judge, evaluate};
use super::history::{History, Measuring, Row};
use super::stopping::Ending;
use super::trainer::{Kept, Trainer};
use crate::data::{Dataset, Part};
use crate::formula::optimizer::Optimizer;
use crate::formula::penalty;
use crate::plan::Training;
use crate::real::Float;

/// A run. `setup.rs` builds it.
pub struct Run<T> {
    /// The training loop.
    pub trainer: Trainer<T>,
    /// How outputs are judged.
    pub judge: Judge,
    /// What its plan was compiled for.
    pub training: Training,
    /// The curves.
    pub history: History,
    pub(super) measuring: Measuring,
    /// Penalty strengths, for the figure beside the data loss.
    pub(super) strengths: [f64; 2],
    pub(super) optimizer: Optimizer,
}

impl<T: Float> Run<T> {
    /// Whether the other run's parameters fit this network.
    pub fn has_shape_of(&self, other: &Self) -> bool {
        let shape = |run: &Self| -> Vec<(usize, usize)> {
            run.trainer
                .plan()
                .network
                .layers
                .iter()
                .map(|layer| (layer.inputs, layer.outputs))
                .collect()
        };
        shape(self) == shape(other)
    }

    /// Goes on from where `other`, a run of the same shape under other rules, is. What its rules have measured is kept as
    /// long as the same parameters would give it again: not with other data, another function or another loss.
    pub fn continue_from(&mut self, other: &Self, same_data: bool) {
        let kept = Kept {
            optimizer: self.optimizer == other.optimizer,
            figures: same_data && self.measures_as(other),
        };
        self.trainer.continue_from(&other.trainer, kept);
        self.history = other.history.clone();
    }

    fn measures_as(&self, other: &Self) -> bool {
        let function = |run: &Self| (run.judge, run.trainer.plan().forward.clone());
        let loss = |run: &Self| (run.training.loss, run.training.loss_params);
        function(self) == function(other) && loss(self) == loss(other)
    }

    /// The penalty of the present weights, biases excluded; not part of the data loss.
    pub fn penalty(&self) -> f64 {
        let parameters = self.trainer.parameters();
        let layers = &self.trainer.plan().network.layers;
        layers
            .iter()
            .map(|layer| penalty::total(&self.strengths, &parameters[layer.weight()]))
            .sum()
    }

    /// Loss and metrics of a part of the data; `None` when the part is empty.
    pub fn evaluate(&mut self, dataset: &Dataset, part: Part) -> Option<Evaluation> {
        let (rows, targets) = (dataset.part(part), &dataset.targets);
        (!rows.is_empty()).then(|| evaluate(self.trainer.interpreter(), rows, targets, self.judge))
    }

    /// One step. Where the curves are due they are measured; at the end of an epoch the stop rules are judged on the
    /// validation set (on training without one).
    pub fn step(&mut self, dataset: &Dataset) -> Option<Ending> {
        self.open_history(dataset);
        if let Err(diverged) = self.trainer.train_step() {
            self.history.truncate_after(self.trainer.epoch());
            return Some(Ending::Diverged(diverged));
        }
        self.after_step(dataset)
    }

    /// The first row of the curves, of the untrained network.
    pub fn open_history(&mut self, dataset: &Dataset) {
        if self.history.rows().is_empty() {
            let row = self.measure(dataset);
            self.history.push(row);
        }
    }

    pub(super) fn after_step(&mut self, dataset: &Dataset) -> Option<Ending> {
        let trainer = &self.trainer;
        if trainer.is_epoch_over() {
            return self.close_epoch(dataset);
        }
        let (into, per_epoch) = (trainer.steps_into_epoch(), trainer.steps_per_epoch());
        if trainer.whole_epochs() == 0 && Measuring::is_due_within(into, per_epoch) {
            let row = self.measure(dataset);
            self.history.push(row);
        }
        None
    }

    /// Steps from here to the next row of the curves.
    pub(super) fn steps_to_row(&self) -> u64 {
        let trainer = &self.trainer;
        let (into, per_epoch) = (trainer.steps_into_epoch(), trainer.steps_per_epoch());
        self.measuring
            .steps_to_next(trainer.whole_epochs(), into, per_epoch)
    }

    /// So many samples of the training part the curves are measured on.
    pub fn train_samples(&self, dataset: &Dataset) -> usize {
        self.measuring.train(dataset).len()
    }

    /// A row of the curves before the end of the first epoch. Large parts are measured on samples.
    fn measure(&mut self, dataset: &Dataset) -> Row {
        let rows = self.measuring.first_validation(dataset);
        let (targets, judge) = (&dataset.targets, self.judge);
        let validation =
            (!rows.is_empty()).then(|| evaluate(self.trainer.interpreter(), rows, targets, judge));
        self.row(dataset, validation.as_ref())
    }

    fn row(&mut self, dataset: &Dataset, validation: Option<&Evaluation>) -> Row {
        let rows = self.measuring.train(dataset);
        let (targets, judge) = (&dataset.targets, self.judge);
        let train = evaluate(self.trainer.interpreter(), rows, targets, judge);
        let score = if dataset.classes == 0 {
            "r2"
        } else {
            "accuracy"
        };
        let of = |evaluation: Option<&Evaluation>, id: &str| {
            evaluation
                .and_then(|evaluation| evaluation.get(id))
                .unwrap_or(f64::NAN)
        };
        [
            self.trainer.epoch(),
            train.loss,
            of(validation, "loss"),
            self.penalty(),
            of(Some(&train), score),
            of(validation, score),
            self.trainer.learning_rate(),
        ]
    }

    fn close_epoch(&mut self, dataset: &Dataset) -> Option<Ending> {
        let due = self
            .measuring
            .is_due_at_end(self.trainer.whole_epochs() + 1);
        let judged = self.trainer.needs_metrics();
        let validation = if due || judged {
            self.evaluate(dataset, Part::Validation)
        } else {
            None
        };
        // Measured before the rules are judged: early stopping may put other parameters in place.
        let row = due.then(|| self.row(dataset, validation.as_ref()));
        let evaluation = if judged {
            validation.or_else(|| self.evaluate(dataset, Part::Train))
        } else {
            None
        };
        let metric = |id: &str| {
            evaluation
                .as_ref()
                .and_then(|evaluation| evaluation.get(id))
        };
        let ending = self.trainer.finish_epoch(metric);
        if let Some(mut row) = row {
            row[0] = self.trainer.epoch();
            row[row.len() - 1] = self.trainer.learning_rate();
            self.history.push(row);
        }
        ending
    }
}
