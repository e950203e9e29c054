//! The steps to come, for an interpreter that takes many at a time.

use super::batches::Batches;
use super::groups::Groups;
use super::snapshot::{Layout, Progress, Snapshot};
use super::stopping::Memory;
use super::trainer::Settings;
use crate::backend::cpu::StepScalars;
use crate::backend::gpu::{Place, Step};
use crate::formula::schedule::Plateau;
use crate::random::Random;

/// Hands out one step after the other, as the trainer that made it would take them. The plateau's factor stays what it
/// is, since it depends on what is measured.
#[derive(Debug, Clone)]
pub struct Feed {
    pub(super) settings: Settings,
    pub(super) batches: Batches,
    pub(super) groups: Groups,
    pub(super) layout: Layout,
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
        let learning_rate = self
            .settings
            .rate_at(self.step, self.batches.epoch(), &self.plateau);
        let (epoch, start) = (self.batches.epoch(), self.batches.position());
        let rows = self.batches.next_rows()?.len();
        let carried = rows - (self.batches.position() - start);
        let mut groups = Vec::new();
        self.groups
            .next(&self.settings.optimizer, learning_rate, &mut groups);
        let scalars = StepScalars {
            step: self.step,
            dropout: self.dropout,
            groups,
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

    /// Hands out the steps from there on; false, and nothing has changed, where the layers' clocks need other parameter
    /// groups.
    pub(super) fn go_to(&mut self, progress: &Progress<f32>) -> bool {
        if !self.groups.set_clocks(&progress.clocks) {
            return false;
        }
        self.plateau = progress.plateau;
        self.step = progress.step;
        self.batches.seek(progress.epoch, progress.position);
        true
    }

    /// Where training is after the steps handed out, with the parameters and state that it has come to.
    pub(super) fn snapshot(&self, words: &[f32]) -> Snapshot<f32> {
        let count = words.len() / (1 + self.layout.states);
        let part = |index: usize| {
            if index > self.layout.states {
                return Vec::new();
            }
            words[index * count..(index + 1) * count].to_vec()
        };
        Snapshot {
            layout: self.layout.clone(),
            progress: Progress {
                parameters: part(0),
                state: std::array::from_fn(|index| part(index + 1)),
                clocks: self.groups.clocks(),
                plateau: self.plateau,
                step: self.step,
                epoch: self.batches.epoch(),
                position: self.batches.position(),
            },
            finite: None,
            memory: Memory::default(),
        }
    }
}
