//! When to stop: a number of epochs, a target reached, or no improvement for a while; and what these rules remember.

/// Stop when a validation metric reaches a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Metric id.
    pub metric: String,
    /// Value to reach.
    pub value: f64,
    /// Whether larger is better.
    pub higher_is_better: bool,
}

/// Stop when a validation metric has not improved for `patience` epochs. `keras.callbacks.EarlyStopping` without a
/// baseline and from the first epoch on.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlyStopping {
    /// Metric id.
    pub metric: String,
    /// Epochs without improvement that are borne.
    pub patience: u32,
    /// Smallest change that counts as improvement.
    pub min_delta: f64,
    /// Whether larger is better.
    pub higher_is_better: bool,
    /// Go back to the best epoch's parameters when training ends, whatever ends it.
    pub restore_best: bool,
}

/// The rules of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stopping {
    /// Stop after so many epochs; 0 = never.
    pub epochs: u64,
    /// Stop at a target.
    pub target: Option<Target>,
    /// Stop without improvement.
    pub early: Option<EarlyStopping>,
}

/// The loss of a step was not a finite number; the parameters are those of the last finite state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diverged {
    /// The step whose loss was not finite, counted from 1.
    pub step: u64,
    /// The step that the parameters went back to.
    pub restored_step: u64,
}

/// Why a run ended by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// The epochs asked for are done.
    Epochs,
    /// The target is reached, with this value.
    Target(f64),
    /// No improvement; best value and its epoch.
    EarlyStopping {
        /// Best value seen.
        best: f64,
        /// Its epoch.
        epoch: u64,
    },
    /// The loss became infinite or not a number.
    Diverged(Diverged),
}

/// What early stopping has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Best<T> {
    /// The metric watched.
    pub metric: String,
    /// Its best value.
    pub value: f64,
    /// Epochs done when it was measured.
    pub epoch: u64,
    /// Epochs judged since.
    pub wait: u64,
    /// The parameters at that epoch's end.
    pub parameters: Vec<T>,
}

/// What the stop rules remember of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory<T> {
    /// Early stopping's; none before the first epoch that it judged.
    pub best: Option<Best<T>>,
    /// Epochs done when training began, or was taken up after it had ended.
    pub since: u64,
    /// Why the run has ended; none while it goes on.
    pub ended: Option<Ending>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self {
            best: None,
            since: 0,
            ended: None,
        }
    }
}

impl EarlyStopping {
    fn improves(&self, value: f64, best: f64) -> bool {
        if self.higher_is_better {
            value - self.min_delta > best
        } else {
            value + self.min_delta < best
        }
    }
}

impl Stopping {
    /// Whether an epoch's end needs metrics at all.
    pub(super) fn needs_metrics(&self) -> bool {
        self.target.is_some() || self.early.is_some()
    }

    /// The epoch at whose end a run stops that began, or was taken up, after `since` epochs: a run that had them all
    /// already trains as many more.
    pub(super) fn last_epoch(&self, since: u64) -> Option<u64> {
        match self.epochs {
            0 => None,
            epochs if since < epochs => Some(epochs),
            epochs => Some(since + epochs),
        }
    }

    /// Judges the end of `epoch`, with the parameters there; `metric` looks a validation metric up by id.
    pub(super) fn judge<T: Copy>(
        &self,
        memory: &mut Memory<T>,
        epoch: u64,
        parameters: &[T],
        metric: impl Fn(&str) -> Option<f64>,
    ) -> Option<Ending> {
        // First of all, so that the best is known whichever rule ends the run.
        let early = self.watch(memory, epoch, parameters, &metric);
        if let Some(target) = &self.target
            && let Some(value) = metric(&target.metric)
            && (if target.higher_is_better {
                value >= target.value
            } else {
                value <= target.value
            })
        {
            return Some(Ending::Target(value));
        }
        let last = self.last_epoch(memory.since);
        early.or_else(|| {
            last.is_some_and(|last| epoch >= last)
                .then_some(Ending::Epochs)
        })
    }

    fn watch<T: Copy>(
        &self,
        memory: &mut Memory<T>,
        epoch: u64,
        parameters: &[T],
        metric: &impl Fn(&str) -> Option<f64>,
    ) -> Option<Ending> {
        let early = self.early.as_ref()?;
        let value = metric(&early.metric)?;
        match &mut memory.best {
            Some(best) if best.metric == early.metric => {
                best.wait += 1;
                if early.improves(value, best.value) {
                    (best.value, best.epoch, best.wait) = (value, epoch, 0);
                    // In place: an epoch may be one step.
                    best.parameters.copy_from_slice(parameters);
                    return None;
                }
                (best.wait >= u64::from(early.patience)).then_some(Ending::EarlyStopping {
                    best: best.value,
                    epoch: best.epoch,
                })
            }
            none => {
                *none = Some(Best {
                    metric: early.metric.clone(),
                    value,
                    epoch,
                    wait: 0,
                    parameters: parameters.to_vec(),
                });
                None
            }
        }
    }

    /// The best that the run is to end with; none where it ends with what it has.
    pub(super) fn to_restore<'a, T>(&self, memory: &'a Memory<T>) -> Option<&'a Best<T>> {
        let early = self.early.as_ref().filter(|early| early.restore_best)?;
        let best = memory.best.as_ref()?;
        (best.metric == early.metric).then_some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn early(patience: u32) -> Stopping {
        Stopping {
            early: Some(EarlyStopping {
                metric: "loss".into(),
                patience,
                min_delta: 0.01,
                higher_is_better: false,
                restore_best: true,
            }),
            ..Stopping::default()
        }
    }

    #[test]
    fn early_stopping_waits_its_patience_and_names_the_best_epoch() {
        let rules = early(2);
        let mut memory = Memory::default();
        let losses = [1.0, 0.5, 0.495, 0.6, 0.4];
        let endings: Vec<Option<Ending>> = (1..=4)
            .map(|epoch| {
                let loss = losses[epoch as usize - 1];
                rules.judge(&mut memory, epoch, &[loss], |_| Some(loss))
            })
            .collect();
        // 0.495 is an improvement smaller than min_delta, so it does not count.
        assert_eq!(endings[..3], [None; 3]);
        let ending = Ending::EarlyStopping {
            best: 0.5,
            epoch: 2,
        };
        assert_eq!(endings[3], Some(ending));
        assert_eq!(rules.to_restore(&memory).unwrap().parameters, [0.5]);
    }

    #[test]
    fn epochs_and_target_stop() {
        let rules = Stopping {
            epochs: 3,
            ..Stopping::default()
        };
        let mut memory = Memory::<f32>::default();
        assert_eq!(rules.judge(&mut memory, 2, &[], |_| None), None);
        let ending = rules.judge(&mut memory, 3, &[], |_| None);
        assert_eq!(ending, Some(Ending::Epochs));
        let target = Target {
            metric: "accuracy".into(),
            value: 0.9,
            higher_is_better: true,
        };
        let rules = Stopping {
            target: Some(target),
            ..Stopping::default()
        };
        let mut judge = |value| rules.judge(&mut memory, 1, &[], |_| Some(value));
        assert_eq!(judge(0.89), None);
        assert_eq!(judge(0.9), Some(Ending::Target(0.9)));
    }

    #[test]
    fn a_run_that_is_taken_up_after_its_last_epoch_trains_as_many_more() {
        let rules = Stopping {
            epochs: 3,
            ..Stopping::default()
        };
        let limits = [0, 2, 3, 7].map(|since| rules.last_epoch(since));
        assert_eq!(limits, [Some(3), Some(3), Some(6), Some(10)]);
        assert_eq!(Stopping::default().last_epoch(5), None);
    }
}
