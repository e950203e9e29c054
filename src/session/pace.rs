//! How fast a run plays, and how fast it turned out to be.

use crate::error::Error;
use crate::real::Float;
use crate::train::Trainer;

/// Unspent time counts at most this long: after a pause of the page training does not rush to catch up.
const MAX_OWED_SECONDS: f64 = 0.1;
/// Speed is measured over at least this long, milliseconds.
const WINDOW_MS: f64 = 500.0;

/// A pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    steps_per_second: Option<f64>,
    epochs_per_second: Option<f64>,
    /// Step at which to stop.
    until: Option<u64>,
    owed: f64,
    last: f64,
}

impl Pace {
    /// Plays at a rate; flat out without any.
    pub(super) fn new(steps: Option<f64>, epochs: Option<f64>, now: f64) -> Result<Self, Error> {
        for (field, rate) in [
            ("command.steps_per_second", steps),
            ("command.epochs_per_second", epochs),
        ] {
            if let Some(value) = rate
                && !(0.01..=1e9).contains(&value)
            {
                return Err(Error::OutOfRange {
                    field: field.into(),
                    value,
                    min: 0.01,
                    max: 1e9,
                });
            }
        }
        // One step at once, so that a slow pace answers the press of the button.
        Ok(Self {
            steps_per_second: steps,
            epochs_per_second: epochs,
            until: None,
            owed: 1.0,
            last: now,
        })
    }

    /// Flat out for a number of steps or of whole epochs.
    pub(super) fn until<T: Float>(
        steps: Option<u64>,
        epochs: Option<u64>,
        trainer: &Trainer<T>,
        now: f64,
    ) -> Result<Self, Error> {
        const MAX: u64 = 1_000_000_000_000;
        let (field, count) = match (steps, epochs) {
            (Some(steps), None) => ("command.steps", steps),
            (None, Some(epochs)) => ("command.epochs", epochs),
            _ => {
                let expected = "either steps or epochs".into();
                return Err(Error::Mismatch {
                    field: "command".into(),
                    expected,
                    found: "both or neither".into(),
                });
            }
        };
        if count == 0 || count > MAX {
            let (value, max) = (count as f64, MAX as f64);
            return Err(Error::OutOfRange {
                field: field.into(),
                value,
                min: 1.0,
                max,
            });
        }
        let steps = match epochs {
            None => count,
            // To the end of the epoch under way, which counts as the first.
            Some(_) => {
                let per_epoch = trainer.steps_per_epoch() as u64;
                (count * per_epoch).saturating_sub(trainer.steps_into_epoch() as u64)
            }
        };
        let until = Some(trainer.step_count() + steps);
        Ok(Self {
            steps_per_second: None,
            epochs_per_second: None,
            until,
            owed: 0.0,
            last: now,
        })
    }

    fn rate(&self, steps_per_epoch: usize) -> Option<f64> {
        self.steps_per_second.or_else(|| {
            self.epochs_per_second
                .map(|rate| rate * steps_per_epoch as f64)
        })
    }

    /// Steps that may be done now.
    pub(super) fn allowance(&mut self, now: f64, steps_per_epoch: usize, step: u64) -> u64 {
        let left = self
            .until
            .map_or(u64::MAX, |until| until.saturating_sub(step));
        let Some(rate) = self.rate(steps_per_epoch) else {
            return left;
        };
        self.owed += (now - self.last).max(0.0) / 1000.0 * rate;
        // One step more than that, or a slow pace would lose what it owes beyond the step about to be done.
        self.owed = self.owed.min(1.0 + rate * MAX_OWED_SECONDS);
        self.last = now;
        let owed = self.owed as u64;
        owed.min(left)
    }

    /// Takes steps done off what is owed.
    pub(super) fn spend(&mut self, steps: u64) {
        self.owed = (self.owed - steps as f64).max(0.0);
    }

    /// Whether the steps asked for are done.
    pub(super) fn is_done(&self, step: u64) -> bool {
        self.until.is_some_and(|until| step >= until)
    }

    /// Milliseconds until another step is owed.
    pub(super) fn wait_ms(&self, now: f64, steps_per_epoch: usize) -> f64 {
        match self.rate(steps_per_epoch) {
            None => 0.0,
            Some(rate) => ((1.0 - self.owed).max(0.0) / rate * 1000.0 - (now - self.last)).max(0.0),
        }
    }
}

/// Measured speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speed {
    window_start: Option<f64>,
    steps: u64,
    rate: f64,
    chunk: u64,
}

impl Default for Speed {
    fn default() -> Self {
        Self {
            window_start: None,
            steps: 0,
            rate: 0.0,
            chunk: 1,
        }
    }
}

impl Speed {
    /// Steps a second.
    pub(super) fn steps_per_second(&self) -> f64 {
        self.rate
    }

    /// Steps between two looks at the clock.
    pub(super) fn chunk(&self) -> u64 {
        self.chunk
    }

    /// Begins a new window; the rate stays until it is measured anew.
    pub(super) fn restart(&mut self) {
        self.window_start = None;
        self.steps = 0;
    }

    /// A burst of steps that took so long.
    pub(super) fn record(&mut self, steps: u64, milliseconds: f64) {
        if milliseconds > 0.0 && steps > 0 {
            self.rate = steps as f64 / milliseconds * 1000.0;
        }
    }

    /// A slice of steps that ended at `clock`.
    pub(super) fn record_slice(&mut self, steps: u64, clock: f64, chunk: u64) {
        self.chunk = chunk;
        self.steps += steps;
        match self.window_start {
            None => {
                self.window_start = Some(clock);
                self.steps = 0;
            }
            Some(start) if clock - start >= WINDOW_MS => {
                self.rate = self.steps as f64 / (clock - start) * 1000.0;
                self.window_start = Some(clock);
                self.steps = 0;
            }
            Some(_) => {}
        }
    }
}
