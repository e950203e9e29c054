//! A run whose steps another engine takes for a while.

use super::run::Run;
use super::snapshot::Snapshot;
use super::stopping::Ending;
use crate::data::Dataset;
use crate::error::Error;
use crate::real::Float;

impl<T: Float> Run<T> {
    /// Takes over what another engine has trained. At the end of an epoch the stop rules are judged, as after a step.
    ///
    /// # Errors
    /// `Mismatch` when it is another network's or another optimizer's; nothing has changed then.
    pub fn adopt(
        &mut self,
        dataset: &Dataset,
        trained: &Snapshot<T>,
    ) -> Result<Option<Ending>, Error> {
        let trainer = &mut self.trainer;
        let ended = trainer.memory().ended.is_some();
        let (before, epoch) = (trainer.step_count(), trainer.whole_epochs());
        trainer.adopt(trained)?;
        if ended && trainer.step_count() != before {
            trainer.take_up_at(epoch);
        }
        Ok(self.after_step(dataset))
    }

    /// Steps that another engine may take before this run must measure its curves, or judge its stop rules or its schedule:
    /// to the end of this epoch where they look at metrics, to the last epoch where only its number counts.
    pub fn steps_unwatched(&self) -> u64 {
        let trainer = &self.trainer;
        let per_epoch = trainer.steps_per_epoch() as u64;
        let row = self.steps_to_row();
        let left = match (trainer.needs_metrics(), trainer.last_epoch()) {
            (true, _) => 1,
            (false, None) => return row,
            (false, Some(last)) => last.saturating_sub(trainer.whole_epochs()).max(1),
        };
        (left * per_epoch)
            .saturating_sub(trainer.steps_into_epoch() as u64)
            .min(row)
    }
}
