//! The steps to come, for an interpreter that takes many at a time.

use super::batches::Batches;
use super::handover::Progress;
use super::trainer::Settings;
use crate::backend::cpu::StepScalars;
use crate::backend::gpu::{Place, Step};
use crate::formula::optimizer::Clock;
use crate::formula::schedule::{Plateau, Tick};
use crate::random::Random;

/// Hands out one step after the other, as the trainer that made it would take them. The plateau's factor stays what it
/// is, since it depends on what is measured.
#[derive(Debug, Clone)]
pub struct Feed {
    pub(super) settings: Settings,
    pub(super) batches: Batches,
    pub(super) clock: Clock,
    pub(super) plateau: Plateau,
    pub(super) dropout: Random,
    pub(super) step: u64,
}

impl Feed {
    /// The next step and its rows; `None` when the data has none. An epoch that is over starts the next one first.
    pub fn next_step(&mut self) -> Option<(Step, &[u32])> {
        if self.batches.is_epoch_over() {
            self.batches.finish_epoch();
        }
        let (schedule, params) = &self.settings.schedule;
        let tick = match schedule.tick() {
            Tick::Epoch => self.batches.epoch(),
            Tick::Step => self.step,
        };
        let learning_rate =
            self.settings.learning_rate * schedule.factor(params, tick) * self.plateau.factor;
        let (epoch, start) = (self.batches.epoch(), self.batches.position());
        let rows = self.batches.next_rows()?.len();
        let carried = rows - (self.batches.position() - start);
        let (optimizer, params) = &self.settings.optimizer;
        let scalars = StepScalars {
            step: self.step,
            learning_rate,
            optimizer: optimizer.scalars(params, learning_rate, &mut self.clock),
            dropout: self.dropout,
        };
        self.step += 1;
        let place = Place {
            epoch,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            count: u32::try_from(rows).unwrap_or(u32::MAX),
            carried: u32::try_from(carried).unwrap_or(u32::MAX),
        };
        Some((Step { scalars, place }, self.batches.last_rows()))
    }

    /// The next `count` steps without their rows; fewer when the data has none.
    pub fn take_steps(&mut self, count: usize) -> Vec<Step> {
        (0..count)
            .map_while(|_| self.next_step().map(|(step, _)| step))
            .collect()
    }

    /// Updates handed out so far, those of the trainer before included.
    pub fn step_count(&self) -> u64 {
        self.step
    }

    /// Hands out the steps from there on.
    pub(super) fn go_to(&mut self, progress: &Progress) {
        self.clock = progress.clock();
        self.plateau = progress.plateau();
        self.step = progress.step();
        let (epoch, position) = progress.place();
        self.batches.seek(epoch, position);
    }

    /// Where training is after the steps handed out, with the values that it has come to.
    pub(super) fn progress(&self, words: Vec<f32>) -> Progress {
        let (epoch, position) = (self.batches.epoch(), self.batches.position());
        Progress {
            words,
            counters: Progress::counters(self.clock, self.plateau, self.step, epoch, position),
        }
    }
}
