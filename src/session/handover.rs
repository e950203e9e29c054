//! Training by another engine: this session says how many steps it may take, and takes over what came of them. It stays
//! the owner of the run, so that whatever becomes of the other engine nothing is lost but what was not taken over.

use super::{Event, Session};
use crate::error::Error;
use crate::train::Snapshot;

impl Session {
    /// Everything that training has changed, in its binary form.
    pub fn snapshot(&self) -> Vec<u8> {
        self.run.trainer.snapshot().to_bytes()
    }

    /// Goes on where a snapshot of this or another session was taken, paused. What the config says stays; its network and
    /// its optimizer must be those of the snapshot.
    ///
    /// # Errors
    /// What [`Snapshot::from_bytes`] and [`Trainer::restore`](crate::train::Trainer::restore) refuse, by field; nothing has
    /// changed then.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<Vec<Event>, Error> {
        let snapshot = Snapshot::from_bytes(bytes)?;
        self.run.trainer.restore(&snapshot)?;
        let epoch = self.run.trainer.epoch();
        self.run.history.truncate_after(epoch);
        self.measured = None;
        self.mark_stale();
        Ok(self.pause())
    }

    /// Where training is, for another engine.
    pub fn hand_over(&self) -> Vec<u8> {
        self.run.trainer.hand_over().to_bytes()
    }

    /// Factor that reduce-on-plateau has come to.
    pub fn plateau_factor(&self) -> f64 {
        self.run.trainer.plateau().factor
    }

    /// Steps done.
    pub fn step_count(&self) -> u64 {
        self.run.trainer.step_count()
    }

    /// What code for this run's steps depends on; empty where such code gains nothing.
    pub fn step_shape(&self) -> Vec<f64> {
        self.run
            .trainer
            .shape()
            .map_or_else(Vec::new, |shape| shape.words())
    }

    /// Takes steps by code made for that shape, see [`Interpreter::use_code`](crate::backend::cpu::Interpreter); false when
    /// this run's is another.
    ///
    /// # Safety
    /// As there.
    #[cfg(target_arch = "wasm32")]
    #[allow(unsafe_code, reason = "code from outside")]
    pub unsafe fn use_code(&mut self, words: &[f64], function: usize, scratch: usize) -> bool {
        let trainer = &mut self.run.trainer;
        let Some(shape) = trainer.shape().filter(|shape| shape.words() == words) else {
            return false;
        };
        // SAFETY: the caller's.
        unsafe { trainer.interpreter().use_code(&shape, function, scratch) };
        true
    }

    /// Steps that another engine may take now: as many as the pace allows, and none past a moment at which this session
    /// must look. 0 when not playing.
    pub fn permitted(&mut self, now: f64) -> u64 {
        let (per_epoch, step) = (
            self.run.trainer.steps_per_epoch(),
            self.run.trainer.step_count(),
        );
        if self.pace.is_some() {
            self.run.open_history(&self.dataset);
        }
        let unwatched = self.run.steps_unwatched();
        self.pace.as_mut().map_or(0, |pace| {
            pace.allowance(now, per_epoch, step).min(unwatched)
        })
    }

    /// Takes over what another engine has trained.
    ///
    /// # Errors
    /// By field when it is another network's or another optimizer's; nothing has changed then.
    pub fn adopt(&mut self, trained: &[u8], now: f64) -> Result<Vec<Event>, Error> {
        let before = self.run.trainer.step_count();
        let trained = Snapshot::from_bytes(trained)?;
        let ending = self.run.adopt(&self.dataset, &trained)?;
        let done = self.run.trainer.step_count().saturating_sub(before);
        self.speed.record_slice(done, now, self.speed.chunk());
        if let Some(ending) = ending {
            return Ok(self.finish(ending));
        }
        Ok(match self.pace.take() {
            Some(pace) => self.go_on(pace, done),
            None => Vec::new(),
        })
    }
}
