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
            pytorch: Some("torch.optim.lr_scheduler.StepLR"), keras: Some("ExponentialDecay"), onnx: None,
            latex: r"\eta_t=\eta\,\gamma^{\lfloor t/T\rfloor}",
            reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html",
        };
        /// Times gamma every epoch.
        Exponential => Entry {
            id: "exponential", params: &[Param::linear("gamma", 0.0, 1.0, 0.95)],
            pytorch: Some("torch.optim.lr_scheduler.ExponentialLR"), keras: Some("ExponentialDecay"), onnx: None,
            latex: r"\eta_t=\eta\,\gamma^t",
            reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html",
        };
        /// Down half a cosine in `period` epochs, and up again in the next, as PyTorch has it.
        Cosine => Entry {
            id: "cosine", params: &[epochs(50.0), MIN_FACTOR],
            pytorch: Some("torch.optim.lr_scheduler.CosineAnnealingLR"), keras: Some("CosineDecay"), onnx: None,
            latex: r"\eta_t=\eta_{\min}+\tfrac12(\eta-\eta_{\min})\left(1+\cos\tfrac{\pi t}{T}\right)",
            reference: "Loshchilov and Hutter, arXiv:1608.03983, 2016",
        };
        /// Half cosines, each `multiplier` times as long as the one before.
        CosineRestarts => Entry {
            id: "cosine_restarts", params: &[epochs(10.0), Param::count("multiplier", 1.0, 10.0, 2.0), MIN_FACTOR],
            pytorch: Some("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts"),
            keras: Some("CosineDecayRestarts"), onnx: None,
            latex: r"\eta_t=\eta_{\min}+\tfrac12(\eta-\eta_{\min})\left(1+\cos\tfrac{\pi t_i}{T_i}\right)",
            reference: "Loshchilov and Hutter, SGDR, arXiv:1608.03983, 2016",
        };
        /// A straight line from `start_factor` to 1 in so many steps.
        WarmUp => Entry {
            id: "warm_up", params: &[steps("steps", 100.0), Param::linear("start_factor", 0.0, 1.0, 0.1)],
            pytorch: Some("torch.optim.lr_scheduler.LinearLR"), keras: None, onnx: None,
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
            pytorch: Some("torch.optim.lr_scheduler.OneCycleLR"), keras: None, onnx: None,
            latex: r"\eta_0\nearrow\eta\searrow\eta_T",
            reference: "Smith and Topin, Super-Convergence, arXiv:1708.07120, 2017",
        };
        /// A triangle between `min_factor` and 1 in each period of steps.
        Cyclic => Entry {
            id: "cyclic", params: &[steps("period", 200.0), Param::linear("min_factor", 0.0, 1.0, 0.1)],
            pytorch: Some("torch.optim.lr_scheduler.CyclicLR"), keras: None, onnx: None,
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
            pytorch: Some("torch.optim.lr_scheduler.ReduceLROnPlateau"), keras: Some("ReduceLROnPlateau"), onnx: None,
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
                    return half_cosine(1.0, min, libm::fmod(t, period) / period);
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
                if t >= last {
                    end
                } else if t <= peak {
                    half_cosine(start, 1.0, t / peak)
                } else {
                    half_cosine(1.0, end, (t - peak) / (last - peak))
                }
            }
            Self::Cyclic => {
                let [period, min] = [params[0], params[1]];
                let x = libm::fmod(t, period) / period;
                min + (1.0 - min) * (if x <= 0.5 { 2.0 * x } else { 2.0 - 2.0 * x })
            }
        }
    }
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
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number of 0..=1000"
            )]
            {
                self.cooldown = cooldown as u64;
            }
            self.bad_epochs = 0;
        }
        self.factor
    }
}
