//! When to stop: a number of epochs, a target reached, or no improvement for a while.

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

/// Stop when a validation metric has not improved for `patience` epochs.
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
    /// Go back to the best epoch's parameters when stopping.
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

/// What the rules say at the end of an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Go on.
    Continue,
    /// Go on; this epoch is the best so far and its parameters are worth keeping.
    Best,
    /// The epochs asked for are done.
    Epochs,
    /// The target is reached, with this value.
    Target(f64),
    /// No improvement; the best value and its epoch.
    Early {
        /// Best value seen.
        best: f64,
        /// Epoch of it.
        epoch: u64,
    },
}

/// The state of early stopping.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Best {
    value: Option<(f64, u64)>,
}

impl Stopping {
    /// Whether an epoch's end needs metrics at all.
    pub(super) fn needs_metrics(&self) -> bool {
        self.target.is_some() || self.early.is_some()
    }

    /// Judges the end of `epoch`; `metric` looks a validation metric up by id.
    pub(super) fn judge(
        &self,
        best: &mut Best,
        epoch: u64,
        metric: impl Fn(&str) -> Option<f64>,
    ) -> Verdict {
        if let Some(target) = &self.target
            && let Some(value) = metric(&target.metric)
            && (if target.higher_is_better {
                value >= target.value
            } else {
                value <= target.value
            })
        {
            return Verdict::Target(value);
        }
        let mut verdict = Verdict::Continue;
        if let Some(early) = &self.early
            && let Some(value) = metric(&early.metric)
        {
            let improved = best.value.is_none_or(|(best, _)| {
                if early.higher_is_better {
                    value > best + early.min_delta
                } else {
                    value < best - early.min_delta
                }
            });
            if improved {
                best.value = Some((value, epoch));
                verdict = Verdict::Best;
            } else if let Some((value, at)) = best.value
                && epoch - at >= u64::from(early.patience)
            {
                return Verdict::Early {
                    best: value,
                    epoch: at,
                };
            }
        }
        if self.epochs > 0 && epoch >= self.epochs {
            Verdict::Epochs
        } else {
            verdict
        }
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
        let mut best = Best::default();
        let losses = [1.0, 0.5, 0.495, 0.6, 0.4];
        let verdicts: Vec<Verdict> = (1..=4)
            .map(|epoch| rules.judge(&mut best, epoch, |_| Some(losses[epoch as usize - 1])))
            .collect();
        assert_eq!(verdicts[1], Verdict::Best);
        // 0.495 is an improvement smaller than min_delta, so it does not count.
        assert_eq!(verdicts[2], Verdict::Continue);
        assert_eq!(
            verdicts[3],
            Verdict::Early {
                best: 0.5,
                epoch: 2
            }
        );
    }

    #[test]
    fn epochs_and_target_stop() {
        let rules = Stopping {
            epochs: 3,
            ..Stopping::default()
        };
        let mut best = Best::default();
        assert_eq!(rules.judge(&mut best, 2, |_| None), Verdict::Continue);
        assert_eq!(rules.judge(&mut best, 3, |_| None), Verdict::Epochs);
        let target = Target {
            metric: "accuracy".into(),
            value: 0.9,
            higher_is_better: true,
        };
        let rules = Stopping {
            target: Some(target),
            ..Stopping::default()
        };
        assert_eq!(rules.judge(&mut best, 1, |_| Some(0.89)), Verdict::Continue);
        assert_eq!(
            rules.judge(&mut best, 2, |_| Some(0.9)),
            Verdict::Target(0.9)
        );
    }
}
