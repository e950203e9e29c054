//! One run: a network under one set of rules, step by step.

use super::batches::{Batches, Order};
use super::stopping::{Best, Stopping, Verdict};
use crate::backend::cpu::{Interpreter, Resident, StepScalars};
use crate::backend::wasm::Shape;
use crate::formula::Params;
use crate::formula::metric::Better;
use crate::formula::optimizer::{Clock, MAX_SCALARS, Optimizer};
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

/// Everything that training changes, copied: training from here gives the same bits again.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T> {
    /// Flat parameters.
    pub parameters: Vec<T>,
    pub(super) state: [Vec<T>; 3],
    pub(super) clock: Clock,
    pub(super) plateau: Plateau,
    /// Updates done.
    pub step: u64,
    pub(super) epoch: u64,
    pub(super) position: usize,
}

/// The loss of a step was not a finite number; the parameters are those of the last finite state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diverged {
    /// The step whose loss was not finite, counted from 1.
    pub step: u64,
    /// The step that the parameters went back to.
    pub restored_step: u64,
}

/// A run.
pub struct Trainer<T> {
    interpreter: Interpreter<T>,
    settings: Settings,
    batches: Batches,
    clock: Clock,
    plateau: Plateau,
    step: u64,
    best: Best,
    best_snapshot: Option<Snapshot<T>>,
    /// The parameters at the start of the newest epoch of which a step had a finite loss.
    finite: Snapshot<T>,
    candidate: Option<Snapshot<T>>,
    last_loss: Option<f64>,
    scalars: StepScalars,
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
        let interpreter = Interpreter::new(plan, batches.capacity(), data, parameters, initial);
        let clock = Clock::default();
        let plateau = Plateau::default();
        let finite = Snapshot {
            parameters: interpreter.parameters().to_vec(),
            state: interpreter.state().clone(),
            clock,
            plateau,
            step: 0,
            epoch: 0,
            position: 0,
        };
        Self {
            scalars: StepScalars {
                step: 0,
                // No rate yet: the first step computes them.
                learning_rate: f64::NAN,
                optimizer: [0.0; MAX_SCALARS],
                dropout: Random::new(settings.batch_seed, Purpose::Dropout),
            },
            interpreter,
            settings,
            batches,
            clock,
            plateau,
            step: 0,
            best: Best::default(),
            best_snapshot: None,
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
            clock: self.clock,
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
        let (schedule, params) = &self.settings.schedule;
        if *schedule == Schedule::Constant {
            return self.settings.learning_rate * self.plateau.factor;
        }
        let tick = match schedule.tick() {
            Tick::Epoch => self.batches.epoch(),
            Tick::Step => self.step,
        };
        self.settings.learning_rate * schedule.factor(params, tick) * self.plateau.factor
    }

    /// One update, on the next batch. An epoch that is over starts the next one first.
    ///
    /// # Errors
    /// [`Diverged`] when the batch's loss is not finite; the last finite state is restored.
    pub fn train_step(&mut self) -> Result<(), Diverged> {
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

    /// Closes the epoch: counters, plateau, stop rules. `metric` looks a validation metric up by id.
    pub fn finish_epoch(&mut self, metric: impl Fn(&str) -> Option<f64>) -> Verdict {
        self.batches.finish_epoch();
        if self.settings.schedule.0 == Schedule::ReduceOnPlateau
            && let Some(loss) = metric("loss")
        {
            self.plateau
                .observe(&self.settings.schedule.1, loss, Better::Lower);
        }
        let verdict = self
            .settings
            .stopping
            .judge(&mut self.best, self.batches.epoch(), metric);
        match verdict {
            Verdict::Best => self.best_snapshot = Some(self.snapshot()),
            Verdict::Early { .. } => {
                let restore = self
                    .settings
                    .stopping
                    .early
                    .as_ref()
                    .is_some_and(|early| early.restore_best);
                if let (true, Some(best)) = (restore, self.best_snapshot.take()) {
                    // Only the parameters go back: the counters say how long training ran.
                    self.interpreter
                        .parameters_mut()
                        .copy_from_slice(&best.parameters);
                }
            }
            Verdict::Continue | Verdict::Epochs | Verdict::Target(_) => {}
        }
        verdict
    }

    /// Whether the end of an epoch needs validation metrics.
    pub fn needs_metrics(&self) -> bool {
        self.settings.stopping.needs_metrics()
            || self.settings.schedule.0 == Schedule::ReduceOnPlateau
    }

    /// Everything that training changes.
    pub fn snapshot(&self) -> Snapshot<T> {
        Snapshot {
            parameters: self.interpreter.parameters().to_vec(),
            state: self.interpreter.state().clone(),
            clock: self.clock,
            plateau: self.plateau,
            step: self.step,
            epoch: self.batches.epoch(),
            position: self.batches.position(),
        }
    }

    /// Goes back (or forth) to a snapshot of the same network.
    pub fn restore(&mut self, snapshot: &Snapshot<T>) {
        self.interpreter
            .parameters_mut()
            .copy_from_slice(&snapshot.parameters);
        for (state, kept) in self.interpreter.state_mut().iter_mut().zip(&snapshot.state) {
            state.copy_from_slice(kept);
        }
        self.clock = snapshot.clock;
        self.plateau = snapshot.plateau;
        self.step = snapshot.step;
        self.batches.seek(snapshot.epoch, snapshot.position);
        self.candidate = None;
    }

    /// Goes on with these values, parameters before state; false, and nothing has changed, when they are another network's.
    pub(super) fn go_to(
        &mut self,
        words: &[T],
        clock: Clock,
        plateau: Plateau,
        step: u64,
        (epoch, position): (u64, usize),
    ) -> bool {
        let Some((parameters, mut words)) = words.split_at_checked(self.parameters().len()) else {
            return false;
        };
        if words.len() != self.interpreter.state().iter().map(Vec::len).sum::<usize>() {
            return false;
        }
        self.interpreter
            .parameters_mut()
            .copy_from_slice(parameters);
        for state in self.interpreter.state_mut() {
            let (own, rest) = words.split_at(state.len());
            state.copy_from_slice(own);
            words = rest;
        }
        (self.clock, self.plateau, self.step) = (clock, plateau, step);
        self.batches.seek(epoch, position);
        self.candidate = None;
        true
    }

    /// Takes parameters and counters over from another run, and the optimizer's state where it is the same optimizer.
    pub fn continue_from(&mut self, snapshot: &Snapshot<T>, optimizer_kept: bool) {
        self.interpreter
            .parameters_mut()
            .copy_from_slice(&snapshot.parameters);
        if optimizer_kept {
            for (state, kept) in self.interpreter.state_mut().iter_mut().zip(&snapshot.state) {
                // A variant of the optimizer may have one state more or less.
                if state.len() == kept.len() {
                    state.copy_from_slice(kept);
                }
            }
            self.clock = snapshot.clock;
        }
        self.plateau = snapshot.plateau;
        self.step = snapshot.step;
        let position = snapshot.position;
        self.batches.seek(
            snapshot.epoch,
            if self.fits(position) { position } else { 0 },
        );
        self.keep_finite();
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
        finite
            .parameters
            .copy_from_slice(self.interpreter.parameters());
        for (kept, state) in finite.state.iter_mut().zip(self.interpreter.state()) {
            kept.copy_from_slice(state);
        }
        (finite.clock, finite.plateau, finite.step) = (self.clock, self.plateau, self.step);
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
        let learning_rate = self.learning_rate();
        let (optimizer, params) = &self.settings.optimizer;
        self.scalars.step = self.step;
        if optimizer.is_steady() && learning_rate == self.scalars.learning_rate {
            self.clock.step += 1;
            return;
        }
        self.scalars.learning_rate = learning_rate;
        self.scalars.optimizer = optimizer.scalars(params, learning_rate, &mut self.clock);
    }

    fn keep_candidate(&mut self) {
        let mut candidate = self.candidate.take().unwrap_or_else(|| self.finite.clone());
        candidate
            .parameters
            .copy_from_slice(self.interpreter.parameters());
        for (kept, state) in candidate.state.iter_mut().zip(self.interpreter.state()) {
            kept.copy_from_slice(state);
        }
        candidate.clock = self.clock;
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
        self.restore(&finite);
        Diverged {
            step,
            restored_step: self.step,
        }
    }
}

#[cfg(feature = "gpu")]
impl Trainer<f32> {
    /// What another interpreter needs to go on from here; `table` numbers its data there.
    pub fn start(&self, table: usize) -> crate::backend::gpu::Start<'_> {
        let states = self
            .interpreter
            .state()
            .iter()
            .take_while(|state| !state.is_empty())
            .count();
        crate::backend::gpu::Start {
            plan: self.plan(),
            capacity: self.batches.capacity(),
            table,
            rows: self.batches.rows(),
            shuffled: self.settings.order == Order::Shuffled,
            batch_seed: self.settings.batch_seed,
            parameters: self.parameters(),
            state: &self.interpreter.state()[..states],
        }
    }
}
