//! A run's progress as plain numbers, so that another engine can go on from it and bring its own back.

use super::run::{Ending, Run};
use super::trainer::Trainer;
use crate::data::Dataset;
use crate::formula::optimizer::Clock;
use crate::formula::schedule::Plateau;

/// How many counters a progress has.
pub const COUNTERS: usize = 9;

/// Everything that training changes. Training from here gives the same bits again, wherever it goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Flat parameters, then each state of the optimizer, one value per parameter.
    pub words: Vec<f32>,
    /// Updates seen by the optimizer, product of NAdam's momenta; the plateau's factor, best metric (NaN: none yet), bad
    /// epochs, cooldown; steps, epochs, rows of this epoch already trained on.
    pub counters: [f64; COUNTERS],
}

impl Progress {
    pub(super) fn counters(
        clock: Clock,
        plateau: Plateau,
        step: u64,
        epoch: u64,
        position: usize,
    ) -> [f64; COUNTERS] {
        [
            clock.step as f64,
            clock.mu_product,
            plateau.factor,
            plateau.best.unwrap_or(f64::NAN),
            plateau.bad_epochs as f64,
            plateau.cooldown as f64,
            step as f64,
            epoch as f64,
            position as f64,
        ]
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.counters[6] as u64
    }

    /// Whether every value is a finite number.
    pub fn is_finite(&self) -> bool {
        self.words.iter().all(|value| value.is_finite())
    }

    pub(super) fn clock(&self) -> Clock {
        Clock {
            step: self.counters[0] as u64,
            mu_product: self.counters[1],
        }
    }

    pub(super) fn plateau(&self) -> Plateau {
        let [_, _, factor, best, bad_epochs, cooldown, ..] = self.counters;
        Plateau {
            factor,
            best: (!best.is_nan()).then_some(best),
            bad_epochs: bad_epochs as u64,
            cooldown: cooldown as u64,
        }
    }

    /// Epoch and position in it.
    pub(super) fn place(&self) -> (u64, usize) {
        (self.counters[7] as u64, self.counters[8] as usize)
    }
}

impl Trainer<f32> {
    /// Where training is.
    pub fn progress(&self) -> Progress {
        let snapshot = self.snapshot();
        let mut words = snapshot.parameters;
        for state in &snapshot.state {
            words.extend_from_slice(state);
        }
        Progress {
            words,
            counters: Progress::counters(
                snapshot.clock,
                snapshot.plateau,
                snapshot.step,
                snapshot.epoch,
                snapshot.position,
            ),
        }
    }

    /// Goes on from there; false, and nothing has changed, when it is another network's or another optimizer's.
    pub fn adopt(&mut self, progress: &Progress) -> bool {
        let (clock, plateau) = (progress.clock(), progress.plateau());
        if !self.go_to(
            &progress.words,
            clock,
            plateau,
            progress.step(),
            progress.place(),
        ) {
            return false;
        }
        self.keep_finite();
        true
    }
}

impl Run<f32> {
    /// Takes over what another engine has trained. At the end of an epoch the stop rules are judged, as after a step.
    /// `None` when it is another network's.
    pub fn adopt(&mut self, dataset: &Dataset, progress: &Progress) -> Option<Option<Ending>> {
        self.trainer
            .adopt(progress)
            .then(|| self.close_epoch(dataset))
    }

    /// Steps that another engine may take before this run must judge its stop rules or its schedule: to the end of this
    /// epoch where they look at metrics, to the last epoch where only its number counts.
    pub fn steps_unwatched(&self) -> u64 {
        let trainer = &self.trainer;
        let per_epoch = trainer.steps_per_epoch() as u64;
        let epochs = trainer.settings().stopping.epochs;
        let left = match (trainer.needs_metrics(), epochs) {
            (true, _) => 1,
            (false, 0) => return u64::MAX,
            (false, epochs) => epochs.saturating_sub(trainer.epoch() as u64).max(1),
        };
        (left * per_epoch).saturating_sub(trainer.steps_into_epoch() as u64)
    }
}
