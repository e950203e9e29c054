//! Schedules: how the learning rate changes with time, as a factor of the base rate.
//!
//! Each is a pure function of the number of epochs or steps done, so that any moment can be drawn without running to
//! it; only [`Plateau`] depends on what was measured.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::metric::Better;
use super::{Entry, Param, Params, table};

/// What a schedule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// Epochs done.
    Epoch,
    /// Updates done.
    Step,
}

const MIN_FACTOR: Param = Param::linear("min_factor", 0.0, 1.0, 0.0);

const fn epochs(default: f64) -> Param {
    Param::count("period", 1.0, 100_000.0, default)
}

const fn steps(id: &'static str, default: f64) -> Param {
    Param::count(id, 1.0, 10_000_000.0, default)
}

table! {
    /// The schedules.
    pub enum Schedule {
        /// The base rate.
        Constant => Entry {
            id: "constant", params: &[],
            pytorch: None, keras: None, onnx: None, latex: r"\eta_t=\eta", reference: "",
        };
        /// Times gamma every `period` epochs.
        Step => Entry {
            id: "step", params: &[epochs(30.0), Param::linear("gamma", 0.0, 1.0, 0.1)],
            pytorch: Some("torch.optim.lr_scheduler.StepLR(step_size={period}, gamma={gamma})"),
            keras: Some("keras.callbacks.LearningRateScheduler(lambda epoch: {learning_rate} * {gamma} ** (epoch // {period}))"),
            onnx: None,
            latex: r"\eta_t=\eta\,\gamma^{\lfloor t/T\rfloor}",
            reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html",
        };
        /// Times gamma every epoch.
        Exponential => Entry {
            id: "exponential", params: &[Param::linear("gamma", 0.0, 1.0, 0.95)],
            pytorch: Some("torch.optim.lr_scheduler.ExponentialLR(gamma={gamma})"),
            keras: Some("keras.callbacks.LearningRateScheduler(lambda epoch: {learning_rate} * {gamma} ** epoch)"),
            onnx: None,
            latex: r"\eta_t=\eta\,\gamma^t",
            reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html",
        };
        /// Down half a cosine in `period` epochs, and up again in the next, as PyTorch has it.
        Cosine => Entry {
            id: "cosine", params: &[epochs(50.0), MIN_FACTOR],
            pytorch: Some("torch.optim.lr_scheduler.CosineAnnealingLR(T_max={period}, eta_min={learning_rate} * {min_factor})"),
            keras: Some("keras.callbacks.LearningRateScheduler(lambda epoch: {learning_rate} * ({min_factor} + (1 - {min_factor}) * (1 + math.cos(math.pi * epoch / {period})) / 2))"),
            onnx: None,
            latex: r"\eta_t=\eta_{\min}+\tfrac12(\eta-\eta_{\min})\left(1+\cos\tfrac{\pi t}{T}\right)",
            reference: "Loshchilov and Hutter, arXiv:1608.03983, 2016",
        };
        /// Half cosines, each `multiplier` times as long as the one before.
        CosineRestarts => Entry {
            id: "cosine_restarts", params: &[epochs(10.0), Param::count("multiplier", 1.0, 10.0, 2.0), MIN_FACTOR],
            pytorch: Some("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(T_0={period}, T_mult={multiplier}, eta_min={learning_rate} * {min_factor})"),
            keras: Some("keras.optimizers.schedules.CosineDecayRestarts({learning_rate}, first_decay_steps={period} * steps_per_epoch, t_mul={multiplier}, alpha={min_factor})"),
            onnx: None,
            latex: r"\eta_t=\eta_{\min}+\tfrac12(\eta-\eta_{\min})\left(1+\cos\tfrac{\pi t_i}{T_i}\right)",
            reference: "Loshchilov and Hutter, SGDR, arXiv:1608.03983, 2016",
        };
        /// A straight line from `start_factor` to 1 in so many steps.
        WarmUp => Entry {
            id: "warm_up", params: &[steps("steps", 100.0), Param::linear("start_factor", 0.0, 1.0, 0.1)],
            pytorch: Some("torch.optim.lr_scheduler.LinearLR(start_factor={start_factor}, total_iters={steps})"),
            keras: Some("keras.optimizers.schedules.PolynomialDecay({learning_rate} * {start_factor}, decay_steps={steps}, end_learning_rate={learning_rate})"),
            onnx: None,
            latex: r"\eta_t=\eta\left(s+(1-s)\min\left(1,\tfrac tT\right)\right)",
            reference: "Goyal et al., arXiv:1706.02677, 2017",
        };
        /// Up half a cosine and down another; the base rate is the peak. Holds its end.
        OneCycle => Entry {
            id: "one_cycle",
            params: &[
                steps("period", 1000.0), Param::linear("warm_share", 0.0, 1.0, 0.3),
                Param::linear("start_factor", 0.0, 1.0, 0.04), Param::log("final_factor", 0.0, 1.0, 4e-6),
            ],
            pytorch: Some("torch.optim.lr_scheduler.OneCycleLR(max_lr={learning_rate}, total_steps={period}, pct_start={warm_share}, div_factor=1 / {start_factor}, final_div_factor={start_factor} / {final_factor}, cycle_momentum=False)"),
            keras: None,
            onnx: None,
            latex: r"\eta_0\nearrow\eta\searrow\eta_T",
            reference: "Smith and Topin, Super-Convergence, arXiv:1708.07120, 2017",
        };
        /// A triangle between `min_factor` and 1 in each period of steps.
        Cyclic => Entry {
            id: "cyclic", params: &[steps("period", 200.0), Param::linear("min_factor", 0.0, 1.0, 0.1)],
            pytorch: Some("torch.optim.lr_scheduler.CyclicLR(base_lr={learning_rate} * {min_factor}, max_lr={learning_rate}, step_size_up={period} / 2, cycle_momentum=False)"),
            keras: None,
            onnx: None,
            latex: r"\eta_t=\eta_{\min}+(\eta-\eta_{\min})\left(1-\left|\tfrac{2t}{T}-1\right|\right),\ t\bmod T",
            reference: "Smith, Cyclical Learning Rates, arXiv:1506.01186, 2015",
        };
        /// Times `factor` when the metric has not improved for more than `patience` epochs.
        ReduceOnPlateau => Entry {
            id: "reduce_on_plateau",
            params: &[
                Param::linear("factor", 0.0, 0.999, 0.1), Param::linear("patience", 0.0, 1000.0, 10.0).whole(),
                Param::log("threshold", 0.0, 1.0, 1e-4), Param::linear("cooldown", 0.0, 1000.0, 0.0).whole(),
                MIN_FACTOR,
            ],
            pytorch: Some("torch.optim.lr_scheduler.ReduceLROnPlateau(factor={factor}, patience={patience}, threshold={threshold}, cooldown={cooldown}, min_lr={learning_rate} * {min_factor}, eps=0)"),
            keras: Some(r#"keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor={factor}, patience={patience} + 1, min_delta={threshold}, cooldown={cooldown}, min_lr={learning_rate} * {min_factor})"#),
            onnx: None,
            latex: r"\eta\leftarrow\max(\gamma\,\eta,\eta_{\min})",
            reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html",
        };
    }
}

impl Schedule {
    /// What it counts.
    pub fn tick(self) -> Tick {
        match self {
            Self::Constant
            | Self::Step
            | Self::Exponential
            | Self::Cosine
            | Self::CosineRestarts
            | Self::ReduceOnPlateau => Tick::Epoch,
            Self::WarmUp | Self::OneCycle | Self::Cyclic => Tick::Step,
        }
    }

    /// The factor after `tick` epochs or steps. For `reduce_on_plateau` it is 1: see [`Plateau`].
    pub fn factor(self, params: &Params, tick: u64) -> f64 {
        // A f64 counts to 2^53 without gaps.
        let t = tick as f64;
        match self {
            Self::Constant | Self::ReduceOnPlateau => 1.0,
            Self::Step => libm::pow(params[1], libm::floor(t / params[0])),
            Self::Exponential => libm::pow(params[0], t),
            Self::Cosine => half_cosine(1.0, params[1], t / params[0]),
            Self::CosineRestarts => {
                let [period, multiplier, min] = [params[0], params[1], params[2]];
                if multiplier == 1.0 {
                    return half_cosine(1.0, min, within(tick, period) / period);
                }
                // Few rounds: the periods grow at least twofold.
                let (mut start, mut length) = (0.0, period);
                while t >= start + length {
                    start += length;
                    length *= multiplier;
                }
                half_cosine(1.0, min, (t - start) / length)
            }
            Self::WarmUp => {
                let share = t / params[0];
                if share < 1.0 {
                    params[1] + (1.0 - params[1]) * share
                } else {
                    1.0
                }
            }
            Self::OneCycle => {
                let [period, warm_share, start, end] = [params[0], params[1], params[2], params[3]];
                let peak = warm_share * period - 1.0;
                let last = period - 1.0;
                if t < peak {
                    half_cosine(start, 1.0, t / peak)
                } else if peak >= last {
                    1.0
                } else if t < last {
                    half_cosine(1.0, end, (t - peak) / (last - peak))
                } else {
                    end
                }
            }
            Self::Cyclic => {
                let [period, min] = [params[0], params[1]];
                let x = within(tick, period) / period;
                min + (1.0 - min) * (if x <= 0.5 { 2.0 * x } else { 2.0 - 2.0 * x })
            }
        }
    }
}

/// Ticks since the period, which is whole, began last.
fn within(tick: u64, period: f64) -> f64 {
    (tick % (period as u64).max(1)) as f64
}

/// From one value to another along half a cosine, as `share` goes from 0 to 1.
fn half_cosine(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) * 0.5 * (1.0 + libm::cos(PI * share))
}

/// The state of `reduce_on_plateau`. `torch.optim.lr_scheduler.ReduceLROnPlateau` with relative threshold; its `eps`,
/// which skips changes of the rate below 1e-8, is left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plateau {
    /// The present factor of the base rate.
    pub factor: f64,
    /// The best metric so far; none before the first.
    pub best: Option<f64>,
    /// Epochs since it improved.
    pub bad_epochs: u64,
    /// Epochs during which bad ones do not count yet.
    pub cooldown: u64,
}

impl Default for Plateau {
    fn default() -> Self {
        Self {
            factor: 1.0,
            best: None,
            bad_epochs: 0,
            cooldown: 0,
        }
    }
}

impl Plateau {
    /// Takes the metric of an epoch and gives the factor from now on. NaN counts as no improvement.
    pub fn observe(&mut self, params: &Params, metric: f64, better: Better) -> f64 {
        let [factor, patience, threshold, cooldown, min] =
            [params[0], params[1], params[2], params[3], params[4]];
        let improved = match (self.best, better) {
            (None, _) => !metric.is_nan(),
            (Some(best), Better::Lower) => metric < best * (1.0 - threshold),
            (Some(best), Better::Higher) => metric > best * (1.0 + threshold),
        };
        if improved {
            self.best = Some(metric);
            self.bad_epochs = 0;
        } else {
            self.bad_epochs += 1;
        }
        if self.cooldown > 0 {
            self.cooldown -= 1;
            self.bad_epochs = 0;
        }
        if self.bad_epochs as f64 > patience {
            let lower = self.factor * factor;
            // A factor that already stands below the minimum (set by hand since) is not raised.
            self.factor = if lower > min {
                lower
            } else {
                f64::min(self.factor, min)
            };
            {
                self.cooldown = cooldown as u64;
            }
            self.bad_epochs = 0;
        }
        self.factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(schedule: Schedule, changes: &[(&str, f64)]) -> Params {
        let mut params = schedule.entry().defaults();
        for &(id, value) in changes {
            params[schedule.entry().position(id).unwrap()] = value;
        }
        params
    }

    fn assert_near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found}, expected {expected}"
        );
    }

    #[test]
    fn every_schedule_stays_within_zero_and_one_for_any_tick() {
        for &schedule in Schedule::ALL {
            let params = schedule.entry().defaults();
            let ticks = (0..3_000).chain((10..53).map(|power| 1 << power));
            for tick in ticks {
                let factor = schedule.factor(&params, tick);
                assert!(
                    (0.0..=1.0).contains(&factor),
                    "{schedule:?} at {tick}: {factor}"
                );
            }
        }
    }

    #[test]
    fn every_schedule_is_finite_at_the_ends_of_its_parameters() {
        for &schedule in Schedule::ALL {
            let entry = schedule.entry();
            for choice in 0..1_u32 << (2 * entry.params.len()) {
                let mut params = entry.defaults();
                for (k, param) in entry.params.iter().enumerate() {
                    params[k] = [param.default, param.min, param.max, param.default]
                        [(choice >> (2 * k)) as usize & 3];
                }
                for tick in [0, 1, 2, 29, 30, 1_000_000] {
                    let factor = schedule.factor(&params, tick);
                    assert!(
                        (0.0..=1.0).contains(&factor),
                        "{schedule:?} {params:?} at {tick}: {factor}"
                    );
                }
            }
        }
    }

    #[test]
    fn step_falls_at_multiples_of_its_period() {
        let params = with(Schedule::Step, &[("period", 3.0), ("gamma", 0.5)]);
        let factors: Vec<f64> = (0..7).map(|t| Schedule::Step.factor(&params, t)).collect();
        assert_eq!(factors, [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]);
    }

    #[test]
    fn cosine_is_the_recursion_of_pytorch() {
        // CosineAnnealingLR's own recursion, in which the next rate follows from the last.
        let params = with(Schedule::Cosine, &[("period", 10.0), ("min_factor", 0.1)]);
        let mut rate = 1.0;
        for t in 1..=10 {
            let next = |t: i32| 1.0 + libm::cos(PI * f64::from(t) / 10.0);
            rate = next(t) / next(t - 1) * (rate - 0.1) + 0.1;
            let factor = Schedule::Cosine.factor(&params, t as u64);
            assert_near(factor, rate);
        }
        assert_near(Schedule::Cosine.factor(&params, 20), 1.0);
    }

    #[test]
    fn cosine_restarts_at_the_end_of_each_round() {
        let params = with(
            Schedule::CosineRestarts,
            &[("period", 2.0), ("multiplier", 2.0)],
        );
        let factor = |t| Schedule::CosineRestarts.factor(&params, t);
        // Rounds of 2, 4 and 8 epochs begin at 0, 2 and 6.
        for (t, expected) in [
            (0, 1.0),
            (1, 0.5),
            (2, 1.0),
            (4, 0.5),
            (6, 1.0),
            (10, 0.5),
            (14, 1.0),
        ] {
            assert_near(factor(t), expected);
        }
    }

    #[test]
    fn warm_up_ends_at_one_and_stays() {
        let params = with(Schedule::WarmUp, &[("steps", 4.0), ("start_factor", 0.2)]);
        for (t, expected) in [(0, 0.2), (1, 0.4), (2, 0.6), (3, 0.8), (4, 1.0), (400, 1.0)] {
            assert_near(Schedule::WarmUp.factor(&params, t), expected);
        }
    }

    #[test]
    fn one_cycle_peaks_where_pytorch_does() {
        let params = with(Schedule::OneCycle, &[("period", 100.0)]);
        let factor = |t| Schedule::OneCycle.factor(&params, t);
        // Peak at 0.3 * 100 - 1, end at 99; halfway along each half cosine stands the mean.
        assert_near(factor(0), 0.04);
        assert_near(factor(29), 1.0);
        assert_near(factor(64), f64::midpoint(1.0, 4e-6));
        assert_near(factor(99), 4e-6);
        assert_near(factor(5_000), 4e-6);
    }

    #[test]
    fn cyclic_is_a_triangle() {
        let params = with(Schedule::Cyclic, &[("period", 8.0), ("min_factor", 0.2)]);
        for (t, expected) in [(0, 0.2), (2, 0.6), (4, 1.0), (6, 0.6), (8, 0.2), (12, 1.0)] {
            assert_near(Schedule::Cyclic.factor(&params, t), expected);
        }
    }

    #[test]
    fn plateau_waits_for_its_patience_and_its_cooldown() {
        let changes = [
            ("factor", 0.5),
            ("patience", 1.0),
            ("cooldown", 2.0),
            ("min_factor", 0.2),
        ];
        let params = with(Schedule::ReduceOnPlateau, &changes);
        let mut plateau = Plateau::default();
        let mut observe = |metric| plateau.observe(&params, metric, Better::Lower);
        // One better, one bad, the second bad reduces; two epochs of cooldown; two bad ones again; NaN and 0.9 fall into
        // the cooldown; two bad ones reduce to the minimum.
        let metrics = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, f64::NAN, 0.9, 1.0, 1.0];
        let factors: Vec<f64> = metrics.into_iter().map(&mut observe).collect();
        assert_eq!(
            factors,
            [1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2]
        );
        assert_eq!((0..9).map(|_| observe(1.0)).fold(1.0, f64::min), 0.2);
    }

    #[test]
    fn plateau_ignores_improvements_below_its_threshold() {
        let params = with(
            Schedule::ReduceOnPlateau,
            &[("patience", 0.0), ("threshold", 0.1)],
        );
        let mut plateau = Plateau::default();
        assert_eq!(plateau.observe(&params, 0.5, Better::Higher), 1.0);
        assert_eq!(plateau.observe(&params, 0.56, Better::Higher), 1.0);
        assert_eq!(plateau.observe(&params, 0.6, Better::Higher), 0.1);
    }
}
