//! One run: a network under one set of rules, step by step.

mod resume;

use super::batches::{Batches, Order};
use super::groups::Groups;
use super::snapshot::Progress;
use super::stopping::{Diverged, Ending, Memory, Stopping};
use crate::backend::cpu::{Interpreter, Resident, StepScalars};
use crate::backend::wasm::Shape;
use crate::formula::Params;
use crate::formula::metric::Better;
use crate::formula::optimizer::{Clock, Optimizer};
use crate::formula::schedule::{Plateau, Schedule, Tick};
use crate::plan::Plan;
use crate::random::{Purpose, Random};
use crate::real::Float;

/// The rules of a run that a plan does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Optimizer and its parameters.
    pub optimizer: (Optimizer, Params),
    /// Base learning rate.
    pub learning_rate: f64,
    /// Schedule and its parameters.
    pub schedule: (Schedule, Params),
    /// Rows of a step.
    pub batch_size: usize,
    /// Their order.
    pub order: Order,
    /// Seed of order and dropout.
    pub batch_seed: u32,
    /// When to stop.
    pub stopping: Stopping,
}

impl Settings {
    /// The learning rate after so many steps and epochs: of base rate and time alone, but for reduce-on-plateau.
    pub(super) fn rate_at(&self, step: u64, epoch: u64, plateau: &Plateau) -> f64 {
        let (schedule, params) = &self.schedule;
        match schedule {
            Schedule::Constant => self.learning_rate,
            Schedule::ReduceOnPlateau => self.learning_rate * plateau.factor,
            _ => {
                let tick = match schedule.tick() {
                    Tick::Epoch => epoch,
                    Tick::Step => step,
                };
                self.learning_rate * schedule.factor(params, tick)
            }
        }
    }
}

/// What a run takes over from the one before it, whose rules were others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    /// The optimizer is the same: its state and its clocks go on.
    pub(super) optimizer: bool,
    /// The same parameters give the same figures: what was measured can be compared with what will be.
    pub(super) figures: bool,
}

/// A run.
pub struct Trainer<T> {
    interpreter: Interpreter<T>,
    settings: Settings,
    batches: Batches,
    groups: Groups,
    plateau: Plateau,
    step: u64,
    memory: Memory<T>,
    /// Where training was at the start of the newest epoch of which a step had a finite loss.
    finite: Progress<T>,
    candidate: Option<Progress<T>>,
    last_loss: Option<f64>,
    scalars: StepScalars,
    /// The learning rate that they are for.
    rate: f64,
}

impl<T: Float> Trainer<T> {
    /// A run from `parameters` over the `train` rows of `data`.
    pub fn new(
        plan: Plan,
        data: Resident<T>,
        train: &[u32],
        parameters: Vec<T>,
        settings: Settings,
    ) -> Self {
        let batch_size = if settings.optimizer.0.full_batch() {
            train.len()
        } else {
            settings.batch_size
        };
        let batches = Batches::new(train, batch_size, settings.order, settings.batch_seed);
        let (optimizer, params) = &settings.optimizer;
        let initial = &optimizer.initial_state(params)[..optimizer.state_count(params)];
        let clocks = vec![Clock::default(); plan.network.layers.len()];
        let groups = Groups::new(&plan.network, &clocks);
        let mut interpreter = Interpreter::new(plan, batches.capacity(), data, parameters, initial);
        interpreter.set_groups(&groups.of_layers());
        let plateau = Plateau::default();
        let finite = Progress {
            parameters: interpreter.parameters().to_vec(),
            state: interpreter.state().clone(),
            clocks,
            plateau,
            step: 0,
            epoch: 0,
            position: 0,
        };
        Self {
            scalars: StepScalars {
                step: 0,
                dropout: Random::new(settings.batch_seed, Purpose::Dropout),
                groups: Vec::with_capacity(groups.len()),
            },
            // None yet: the first step computes them.
            rate: f64::NAN,
            interpreter,
            settings,
            batches,
            groups,
            plateau,
            step: 0,
            memory: Memory::default(),
            finite,
            candidate: None,
            last_loss: None,
        }
    }

    /// The steps to come from here on, for another interpreter.
    #[cfg(feature = "gpu")]
    pub fn feed(&self) -> super::Feed {
        super::Feed {
            settings: self.settings.clone(),
            batches: self.batches.clone(),
            groups: self.groups.clone(),
            layout: self.layout(),
            plateau: self.plateau,
            dropout: self.scalars.dropout,
            step: self.step,
        }
    }

    /// The interpreter, for predictions and weights.
    pub fn interpreter(&mut self) -> &mut Interpreter<T> {
        &mut self.interpreter
    }

    /// What code for the steps of this run depends on; `None` where such code gains nothing.
    pub fn shape(&self) -> Option<Shape> {
        if !self.interpreter.is_narrow() {
            return None;
        }
        Shape::of(self.plan(), self.batches.batch_size())
    }

    /// The loaded plan.
    pub fn plan(&self) -> &Plan {
        self.interpreter.plan()
    }

    /// The rules.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Flat parameters.
    pub fn parameters(&self) -> &[T] {
        self.interpreter.parameters()
    }

    /// Updates done.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// Epochs done, with the fraction of the one under way.
    pub fn epoch(&self) -> f64 {
        self.batches.progress()
    }

    /// Epochs done, without the one under way.
    pub fn whole_epochs(&self) -> u64 {
        self.batches.epoch()
    }

    /// Whether the next step is the first of an epoch.
    pub fn at_epoch_start(&self) -> bool {
        self.batches.position() == 0
    }

    /// Steps of one epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.batches.steps_per_epoch()
    }

    /// Steps of this epoch already done.
    pub fn steps_into_epoch(&self) -> usize {
        self.batches.position().div_ceil(self.batches.batch_size())
    }

    /// Mean data loss of the newest batch.
    pub fn last_loss(&self) -> Option<f64> {
        self.last_loss
    }

    /// Learning rate that the next step will use.
    pub fn learning_rate(&self) -> f64 {
        self.settings
            .rate_at(self.step, self.batches.epoch(), &self.plateau)
    }

    /// What reduce-on-plateau has come to.
    pub fn plateau(&self) -> Plateau {
        self.plateau
    }

    /// What the stop rules remember.
    pub fn memory(&self) -> &Memory<T> {
        &self.memory
    }

    /// Epochs at whose end the rules stop this run; none without such a rule.
    pub(super) fn last_epoch(&self) -> Option<u64> {
        let since = match self.memory.ended {
            Some(_) => self.batches.epoch(),
            None => self.memory.since,
        };
        self.settings.stopping.last_epoch(since)
    }

    /// One update, on the next batch. An epoch that is over starts the next one first.
    ///
    /// # Errors
    /// [`Diverged`] when the batch's loss is not finite; the last finite state is restored.
    pub fn train_step(&mut self) -> Result<(), Diverged> {
        if self.memory.ended.is_some() {
            self.take_up_at(self.batches.epoch());
        }
        // An epoch that is over before it began (a carried batch larger than the data) is closed by the caller alone.
        if self.batches.is_epoch_over() && !self.at_epoch_start() {
            self.batches.finish_epoch();
        }
        if self.at_epoch_start() {
            // A saturated layer hides infinite weights from the loss.
            if !self.is_finite() {
                self.step += 1;
                return Err(self.go_back());
            }
            self.keep_candidate();
        }
        self.update_scalars();
        let Some(rows) = self.batches.next_rows() else {
            return Ok(());
        };
        let loss = self.interpreter.step(rows, &self.scalars);
        self.step += 1;
        self.settle(loss)
    }

    /// One update on the given rows, which need not be a batch of the order. The tests' way in.
    ///
    /// # Errors
    /// As [`Trainer::train_step`].
    pub fn train_rows(&mut self, rows: &[u32]) -> Result<f64, Diverged> {
        self.update_scalars();
        let loss = self.interpreter.step(rows, &self.scalars);
        self.step += 1;
        self.settle(loss).map(|()| loss)
    }

    /// Whether this epoch has no further step.
    pub fn is_epoch_over(&self) -> bool {
        self.batches.is_epoch_over()
    }

    /// Training is taken up after it had ended: the rules start anew, as with Keras's second `fit()`.
    pub(super) fn take_up_at(&mut self, epoch: u64) {
        self.memory = Memory {
            best: None,
            since: epoch,
            ended: None,
        };
    }

    /// Closes the epoch: counters, plateau, stop rules. `metric` looks a validation metric up by id. The ending, if one of
    /// the rules ends the run.
    pub fn finish_epoch(&mut self, metric: impl Fn(&str) -> Option<f64>) -> Option<Ending> {
        self.batches.finish_epoch();
        if self.settings.schedule.0 == Schedule::ReduceOnPlateau
            && let Some(loss) = metric("loss")
        {
            self.plateau
                .observe(&self.settings.schedule.1, loss, Better::Lower);
        }
        let (epoch, parameters) = (self.batches.epoch(), self.interpreter.parameters());
        let rules = &self.settings.stopping;
        let ending = rules.judge(&mut self.memory, epoch, parameters, metric)?;
        self.end(ending);
        Some(ending)
    }

    /// The run ends, with its best parameters where early stopping is to restore them: whatever ends it, as in Keras. Only
    /// the parameters go back; the counters say how long training ran.
    fn end(&mut self, ending: Ending) {
        self.memory.ended = Some(ending);
        if let Some(best) = self.settings.stopping.to_restore(&self.memory) {
            self.interpreter
                .parameters_mut()
                .copy_from_slice(&best.parameters);
        }
    }

    /// Value and epoch of the parameters that the run ended with, where early stopping has restored them.
    pub fn restored(&self) -> Option<(f64, u64)> {
        self.memory.ended?;
        let best = self.settings.stopping.to_restore(&self.memory)?;
        Some((best.value, best.epoch))
    }

    /// Whether the end of an epoch needs validation metrics.
    pub fn needs_metrics(&self) -> bool {
        self.settings.stopping.needs_metrics()
            || self.settings.schedule.0 == Schedule::ReduceOnPlateau
    }

    /// New parameters from outside; counters and optimizer state stay.
    pub fn set_parameters(&mut self, parameters: &[T]) {
        self.interpreter
            .parameters_mut()
            .copy_from_slice(parameters);
        self.keep_finite();
        self.candidate = None;
    }

    /// What to go back to is from here on the present state, unless that has overflown already.
    pub(super) fn keep_finite(&mut self) {
        if !self.is_finite() {
            return;
        }
        // Copied into place: another engine hands much over, and often.
        let finite = &mut self.finite;
        keep(finite, &self.interpreter, &self.groups);
        (finite.plateau, finite.step) = (self.plateau, self.step);
        (finite.epoch, finite.position) = (self.batches.epoch(), self.batches.position());
    }

    fn is_finite(&self) -> bool {
        self.parameters()
            .iter()
            .all(|value| value.to_f64().is_finite())
    }

    fn fits(&self, position: usize) -> bool {
        let batch_size = self.batches.batch_size();
        position.is_multiple_of(batch_size)
            && position < self.batches.steps_per_epoch() * batch_size
    }

    /// Brings the step's scalars up to date; where they are those of the step before they stay as they are.
    fn update_scalars(&mut self) {
        let rate = self.learning_rate();
        self.scalars.step = self.step;
        if self.settings.optimizer.0.is_steady() && rate == self.rate {
            self.groups.tick();
            return;
        }
        self.rate = rate;
        self.groups
            .next(&self.settings.optimizer, rate, &mut self.scalars.groups);
    }

    fn keep_candidate(&mut self) {
        let mut candidate = self.candidate.take().unwrap_or_else(|| self.finite.clone());
        keep(&mut candidate, &self.interpreter, &self.groups);
        candidate.plateau = self.plateau;
        candidate.step = self.step;
        candidate.epoch = self.batches.epoch();
        candidate.position = 0;
        self.candidate = Some(candidate);
    }

    fn settle(&mut self, loss: f64) -> Result<(), Diverged> {
        if loss.is_finite() {
            self.last_loss = Some(loss);
            if let Some(candidate) = &mut self.candidate
                && candidate.step > self.finite.step
            {
                // The old state's memory serves the next candidate: nothing is allocated per step.
                std::mem::swap(&mut self.finite, candidate);
            }
            return Ok(());
        }
        Err(self.go_back())
    }

    fn go_back(&mut self) -> Diverged {
        let step = self.step;
        let finite = self.finite.clone();
        self.go_to(&finite);
        self.plateau = finite.plateau;
        let diverged = Diverged {
            step,
            restored_step: self.step,
        };
        self.end(Ending::Diverged(diverged));
        diverged
    }
}

/// Parameters, state and clocks, copied in place.
fn keep<T: Float>(kept: &mut Progress<T>, interpreter: &Interpreter<T>, groups: &Groups) {
    kept.parameters.copy_from_slice(interpreter.parameters());
    for (kept, state) in kept.state.iter_mut().zip(interpreter.state()) {
        kept.copy_from_slice(state);
    }
    groups.write_clocks(&mut kept.clocks);
}
