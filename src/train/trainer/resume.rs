//! Stopping and going on: snapshots, what other interpreters have trained, and runs that follow a run under other rules.

use super::{Groups, Kept, Memory, Progress, Trainer};
use crate::error::Error;
use crate::formula::optimizer::Clock;
use crate::formula::schedule::Schedule;
use crate::real::Float;
use crate::train::snapshot::{Layout, Snapshot};

impl<T: Float> Trainer<T> {
    pub(in crate::train) fn layout(&self) -> Layout {
        Layout::of(
            self.plan(),
            self.settings.optimizer.0,
            self.interpreter.state(),
        )
    }

    fn progress(&self) -> Progress<T> {
        Progress {
            parameters: self.interpreter.parameters().to_vec(),
            state: self.interpreter.state().clone(),
            clocks: self.groups.clocks(),
            plateau: self.plateau,
            step: self.step,
            epoch: self.batches.epoch(),
            position: self.batches.position(),
        }
    }

    /// Everything that training changes.
    pub fn snapshot(&self) -> Snapshot<T> {
        Snapshot {
            finite: Some(self.finite.clone()),
            memory: self.memory.clone(),
            ..self.hand_over()
        }
    }

    /// The same for an interpreter that judges nothing: without what the stop rules remember, and what to go back to.
    pub fn hand_over(&self) -> Snapshot<T> {
        Snapshot {
            layout: self.layout(),
            progress: self.progress(),
            finite: None,
            memory: Memory::default(),
        }
    }

    /// Goes back (or forth) to a snapshot of a run with the same network and the same optimizer.
    ///
    /// # Errors
    /// `Mismatch` by the first field that does not fit; nothing has changed then.
    pub fn restore(&mut self, snapshot: &Snapshot<T>) -> Result<(), Error> {
        self.adopt(snapshot)?;
        self.plateau = snapshot.progress.plateau;
        self.memory = snapshot.memory.clone();
        match &snapshot.finite {
            Some(finite) => self.finite.clone_from(finite),
            None => self.keep_finite(),
        }
        Ok(())
    }

    /// Goes on from what another interpreter has trained. Plateau and stop rules are this run's.
    pub(in crate::train) fn adopt(&mut self, snapshot: &Snapshot<T>) -> Result<(), Error> {
        self.layout().takes(&snapshot.layout)?;
        let progress = &snapshot.progress;
        if !self.batches.has_place(progress.position) {
            return Err(Error::Mismatch {
                field: "snapshot.position".into(),
                expected: format!(
                    "a multiple of {} up to {}",
                    self.batches.batch_size(),
                    self.batches.rows().len()
                ),
                found: progress.position.to_string(),
            });
        }
        self.go_to(progress);
        self.keep_finite();
        Ok(())
    }

    /// Parameters, state, clocks and place.
    pub(super) fn go_to(&mut self, progress: &Progress<T>) {
        self.interpreter
            .parameters_mut()
            .copy_from_slice(&progress.parameters);
        for (state, kept) in self.interpreter.state_mut().iter_mut().zip(&progress.state) {
            state.copy_from_slice(kept);
        }
        self.set_clocks(&progress.clocks);
        self.step = progress.step;
        self.batches.seek(progress.epoch, progress.position);
        self.candidate = None;
    }

    fn set_clocks(&mut self, clocks: &[Clock]) {
        if !self.groups.set_clocks(clocks) {
            self.groups = Groups::new(&self.interpreter.plan().network, clocks);
            self.interpreter.set_groups(&self.groups.of_layers());
            self.rate = f64::NAN;
        }
    }

    /// Takes over from a run of the same shape under other rules.
    pub(in crate::train) fn continue_from(&mut self, other: &Self, kept: Kept) {
        self.interpreter
            .parameters_mut()
            .copy_from_slice(other.interpreter.parameters());
        self.follow(other, kept);
    }

    /// Takes over from a run of another shape, with these parameters. What its optimizer and its rules remember is of
    /// another network.
    pub(in crate::train) fn grow_from(&mut self, other: &Self, parameters: &[T]) {
        self.interpreter
            .parameters_mut()
            .copy_from_slice(parameters);
        let kept = Kept {
            optimizer: false,
            figures: false,
        };
        self.follow(other, kept);
    }

    /// All but the parameters.
    fn follow(&mut self, other: &Self, kept: Kept) {
        if kept.optimizer {
            let states = other.interpreter.state();
            for (state, other) in self.interpreter.state_mut().iter_mut().zip(states) {
                // A variant of the optimizer may have one state more or less.
                if state.len() == other.len() {
                    state.copy_from_slice(other);
                }
            }
            self.set_clocks(&other.groups.clocks());
        }
        if self.settings.schedule.0 == Schedule::ReduceOnPlateau
            && other.settings.schedule.0 == Schedule::ReduceOnPlateau
        {
            self.plateau = other.plateau;
            self.plateau.best = other.plateau.best.filter(|_| kept.figures);
        }
        self.memory = other.memory.clone();
        if !kept.figures {
            self.memory.best = None;
        }
        self.step = other.step;
        let position = other.batches.position();
        self.batches.seek(
            other.batches.epoch(),
            if self.fits(position) { position } else { 0 },
        );
        self.keep_finite();
    }
}

#[cfg(feature = "gpu")]
impl Trainer<f32> {
    /// What another interpreter needs to go on from here; `table` numbers its data there.
    pub fn start(&self, table: usize) -> crate::backend::gpu::Start<'_> {
        crate::backend::gpu::Start {
            plan: self.plan(),
            capacity: self.batches.capacity(),
            table,
            rows: self.batches.rows(),
            shuffled: self.settings.order == super::Order::Shuffled,
            batch_seed: self.settings.batch_seed,
            parameters: self.parameters(),
            state: &self.interpreter.state()[..self.layout().states],
            groups: self.groups.of_layers(),
        }
    }
}
