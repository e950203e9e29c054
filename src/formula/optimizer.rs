//! Optimizers: how a parameter moves when its gradient is known.
//!
//! Each family is one formula over [`Real`]. What depends on the step alone (bias corrections, momentum schedules)
//! is computed in f64 on the CPU by [`Optimizer::scalars`], since `1 - beta2^t` in f32 loses about three digits in
//! the first steps. Figures are those of `torch.optim` and, for Lion, of `keras.optimizers.Lion`.

use serde::{Deserialize, Serialize};

use super::{Entry, Param, Params, table};
use crate::real::{Float, Real, Wgsl, wgsl_function};

/// The most numbers an optimizer keeps for each parameter.
pub const MAX_STATE: usize = 3;
/// The most numbers that an update takes beside parameter, gradient and state.
pub const MAX_SCALARS: usize = 10;

/// What an optimizer remembers of time. Plain data: saved and restored with the state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Updates done.
    pub step: u64,
    /// Product of NAdam's momenta so far.
    pub mu_product: f64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            step: 0,
            mu_product: 1.0,
        }
    }
}

/// Gradient descent with momentum. h: rate, weight decay, momentum, share of the gradient, Nesterov (0 or 1).
///
/// Without momentum the state is left aside. `torch.optim.SGD`: on the first step the buffer is the gradient itself
/// (share 1), afterwards the share is 1 - dampening.
#[inline(always)]
fn descent<T: Real>(
    p: T,
    g: T,
    state: [T; MAX_STATE],
    h: &[T; MAX_SCALARS],
) -> (T, [T; MAX_STATE]) {
    let [rate, weight_decay, momentum, share, nesterov, ..] = *h;
    let zero = T::lit(0.0);
    let g = g + weight_decay * p;
    let buffer = momentum * state[0] + share * g;
    let ahead = T::select(nesterov.gt(zero), g + momentum * buffer, buffer);
    let direction = T::select(momentum.gt(zero), ahead, g);
    (p - rate * direction, [buffer, state[1], state[2]])
}

/// Adagrad. h: decayed rate, weight decay, eps. State: sum of squares. `torch.optim.Adagrad`.
#[inline(always)]
fn adagrad<T: Real>(
    p: T,
    g: T,
    state: [T; MAX_STATE],
    h: &[T; MAX_SCALARS],
) -> (T, [T; MAX_STATE]) {
    let [rate, weight_decay, eps, ..] = *h;
    let g = g + weight_decay * p;
    let sum = state[0] + g * g;
    (p - rate * g / (sum.sqrt() + eps), [sum, state[1], state[2]])
}

/// RMSprop. h: rate, weight decay, alpha, 1 - alpha, eps, momentum, centered (0 or 1). State: mean square, momentum
/// buffer, mean gradient. `torch.optim.RMSprop`; the centred variance is held at 0 where rounding would make it
/// negative and PyTorch would give NaN.
#[inline(always)]
fn rmsprop<T: Real>(
    p: T,
    g: T,
    state: [T; MAX_STATE],
    h: &[T; MAX_SCALARS],
) -> (T, [T; MAX_STATE]) {
    let [
        rate,
        weight_decay,
        alpha,
        one_minus_alpha,
        eps,
        momentum,
        centered,
        ..,
    ] = *h;
    let zero = T::lit(0.0);
    let g = g + weight_decay * p;
    let square = alpha * state[0] + one_minus_alpha * g * g;
    let mean = state[2] + one_minus_alpha * (g - state[2]);
    let variance = T::select(centered.gt(zero), square - mean * mean, square);
    let variance = T::select(variance.lt(zero), zero, variance);
    let buffer = momentum * state[1] + g / (variance.sqrt() + eps);
    (p - rate * buffer, [square, buffer, mean])
}

/// Adadelta. h: rate, weight decay, rho, 1 - rho, eps. State: mean square of gradients, of steps.
/// `torch.optim.Adadelta`.
#[inline(always)]
fn adadelta<T: Real>(
    p: T,
    g: T,
    state: [T; MAX_STATE],
    h: &[T; MAX_SCALARS],
) -> (T, [T; MAX_STATE]) {
    let [rate, weight_decay, rho, one_minus_rho, eps, ..] = *h;
    let g = g + weight_decay * p;
    let square = rho * state[0] + one_minus_rho * g * g;
    let step = (state[1] + eps).sqrt() / (square + eps).sqrt() * g;
    let steps = rho * state[1] + one_minus_rho * step * step;
    (p - rate * step, [square, steps, state[2]])
}

/// Adam and AdamW: first and second moment with bias correction. h: rate / (1 - beta1^t), 1 - beta1, beta2,
/// 1 - beta2, sqrt(1 - beta2^t), eps, weight decay into the gradient (Adam), factor of the parameter (AdamW),
/// AMSGrad (0 or 1). State: first moment, second moment, its maximum.
///
/// Kingma and Ba, 2015, algorithm 1; `torch.optim.Adam`, `torch.optim.AdamW`.
#[inline(always)]
fn adam<T: Real>(p: T, g: T, state: [T; MAX_STATE], h: &[T; MAX_SCALARS]) -> (T, [T; MAX_STATE]) {
    let [
        rate,
        one_minus_beta1,
        beta2,
        one_minus_beta2,
        correction,
        eps,
        weight_decay,
        decay,
        amsgrad,
        ..,
    ] = *h;
    let p = p * decay;
    let g = g + weight_decay * p;
    let first = state[0] + one_minus_beta1 * (g - state[0]);
    let second = beta2 * state[1] + one_minus_beta2 * g * g;
    let largest = T::select(second.lt(state[2]), state[2], second);
    let used = T::select(amsgrad.gt(T::lit(0.0)), largest, second);
    (
        p - rate * first / (used.sqrt() / correction + eps),
        [first, second, largest],
    )
}

/// NAdam. h: rate of the gradient, rate of the first moment, 1 - beta1, beta2, 1 - beta2, 1 - beta2^t, eps, weight
/// decay, factor of the parameter. State: first moment, second moment. Dozat, 2016; `torch.optim.NAdam`.
#[inline(always)]
fn nadam<T: Real>(p: T, g: T, state: [T; MAX_STATE], h: &[T; MAX_SCALARS]) -> (T, [T; MAX_STATE]) {
    let [
        rate_now,
        rate_ahead,
        one_minus_beta1,
        beta2,
        one_minus_beta2,
        correction,
        eps,
        weight_decay,
        decay,
        ..,
    ] = *h;
    let p = p * decay;
    let g = g + weight_decay * p;
    let first = state[0] + one_minus_beta1 * (g - state[0]);
    let second = beta2 * state[1] + one_minus_beta2 * g * g;
    let divisor = (second / correction).sqrt() + eps;
    (
        p - rate_now * g / divisor - rate_ahead * first / divisor,
        [first, second, state[2]],
    )
}

/// Lion. h: rate, beta1, 1 - beta1, beta2, 1 - beta2, factor of the parameter. State: momentum. Chen et al.,
/// arXiv:2302.06675, 2023, program 1; `keras.optimizers.Lion`.
#[inline(always)]
fn lion<T: Real>(p: T, g: T, state: [T; MAX_STATE], h: &[T; MAX_SCALARS]) -> (T, [T; MAX_STATE]) {
    let [
        rate,
        beta1,
        one_minus_beta1,
        beta2,
        one_minus_beta2,
        decay,
        ..,
    ] = *h;
    let direction = (beta1 * state[0] + one_minus_beta1 * g).sign();
    let momentum = beta2 * state[0] + one_minus_beta2 * g;
    (p * decay - rate * direction, [momentum, state[1], state[2]])
}

const WEIGHT_DECAY: Param = Param::log("weight_decay", 0.0, 10.0, 0.0);
const BETA1: Param = Param::linear("beta1", 0.0, 0.9999, 0.9);
const BETA2: Param = Param::linear("beta2", 0.0, 0.999_999, 0.999);
const MOMENTUM: Param = Param::linear("momentum", 0.0, 0.9999, 0.9);

const fn learning_rate(default: f64) -> Param {
    Param::log("learning_rate", 1e-6, 100.0, default)
}

const fn eps(default: f64) -> Param {
    Param::log("eps", 1e-16, 1.0, default)
}

/// The table, and for each row the match that stands outside the loops.
macro_rules! optimizers {
    (
        $(#[$meta:meta])*
        pub enum Optimizer {
            $( $(#[doc = $doc:literal])* $variant:ident = $formula:ident => $entry:expr; )+
        }
    ) => {
        table! {
            $(#[$meta])*
            pub enum Optimizer { $( $(#[doc = $doc])* $variant => $entry; )+ }
        }

        impl Optimizer {
            /// A parameter and its state after one update with gradient `g`. `h` is what [`Optimizer::scalars`]
            /// gave for this step. State beyond [`Optimizer::state_count`] must be 0 and what comes back for it is
            /// to be dropped.
            #[inline(always)]
            pub fn update<T: Real>(
                self,
                p: T,
                g: T,
                state: [T; MAX_STATE],
                h: &[T; MAX_SCALARS],
            ) -> (T, [T; MAX_STATE]) {
                match self { $( Self::$variant => $formula(p, g, state, h), )+ }
            }

            /// [`Optimizer::update`] over slices of one length. State that the optimizer does not keep is an empty
            /// slice; those in use come first.
            pub fn update_all<T: Float>(
                self,
                p: &mut [T],
                g: &[T],
                state: [&mut [T]; MAX_STATE],
                h: &[f64; MAX_SCALARS],
            ) {
                let h = h.map(T::from_f64);
                match self { $( Self::$variant => sweep(p, g, state, |p, g, state| $formula(p, g, state, &h)), )+ }
            }
        }
    };
}

/// One loop for each number of states in use.
#[inline(always)]
fn sweep<T: Float>(
    p: &mut [T],
    g: &[T],
    [first, second, third]: [&mut [T]; MAX_STATE],
    formula: impl Fn(T, T, [T; MAX_STATE]) -> (T, [T; MAX_STATE]),
) {
    let zero = T::lit(0.0);
    debug_assert_eq!(p.len(), g.len());
    debug_assert!(
        [&*first, &*second, &*third]
            .iter()
            .all(|state| state.is_empty() || state.len() == p.len())
    );
    let parameters = p.iter_mut().zip(g);
    if first.is_empty() {
        for (p, &g) in parameters {
            *p = formula(*p, g, [zero; MAX_STATE]).0;
        }
    } else if second.is_empty() {
        for ((p, &g), first) in parameters.zip(first) {
            let state;
            (*p, state) = formula(*p, g, [*first, zero, zero]);
            *first = state[0];
        }
    } else if third.is_empty() {
        for (((p, &g), first), second) in parameters.zip(first).zip(second) {
            let state;
            (*p, state) = formula(*p, g, [*first, *second, zero]);
            [*first, *second, _] = state;
        }
    } else {
        for ((((p, &g), first), second), third) in parameters.zip(first).zip(second).zip(third) {
            let state;
            (*p, state) = formula(*p, g, [*first, *second, *third]);
            [*first, *second, *third] = state;
        }
    }
}

optimizers! {
    /// The optimizers. Defaults are PyTorch's except for the learning rate of gradient descent, which has none
    /// there (0.03, TensorFlow Playground's). The first parameter of each is `learning_rate`.
    pub enum Optimizer {
        /// Gradient descent over the whole training set.
        Gd = descent => Entry {
            id: "gd", params: &[learning_rate(0.03), WEIGHT_DECAY],
            pytorch: Some("torch.optim.SGD(lr={learning_rate}[, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.SGD(learning_rate={learning_rate})"),
            onnx: None,
            latex: r"w\leftarrow w-\eta g", reference: "Cauchy, 1847",
        };
        /// Stochastic gradient descent over mini-batches.
        Sgd = descent => Entry {
            id: "sgd", params: &[learning_rate(0.03), WEIGHT_DECAY],
            pytorch: Some("torch.optim.SGD(lr={learning_rate}[, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.SGD(learning_rate={learning_rate})"),
            onnx: None,
            latex: r"w\leftarrow w-\eta g", reference: "Robbins and Monro, A Stochastic Approximation Method, 1951",
        };
        /// SGD with momentum.
        Momentum = descent => Entry {
            id: "momentum",
            params: &[learning_rate(0.03), WEIGHT_DECAY, MOMENTUM, Param::linear("dampening", 0.0, 1.0, 0.0)],
            pytorch: Some("torch.optim.SGD(lr={learning_rate}, momentum={momentum}[, dampening={dampening}][, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.SGD(learning_rate={learning_rate}, momentum={momentum})"),
            onnx: Some("Momentum"),
            latex: r"v\leftarrow\mu v+g,\quad w\leftarrow w-\eta v",
            reference: "Polyak, 1964; Sutskever et al., 2013",
        };
        /// SGD with Nesterov's momentum.
        Nesterov = descent => Entry {
            id: "nesterov", params: &[learning_rate(0.03), WEIGHT_DECAY, MOMENTUM],
            pytorch: Some("torch.optim.SGD(lr={learning_rate}, momentum={momentum}, nesterov=True[, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.SGD(learning_rate={learning_rate}, momentum={momentum}, nesterov=True)"),
            onnx: Some("Momentum"),
            latex: r"v\leftarrow\mu v+g,\quad w\leftarrow w-\eta(g+\mu v)",
            reference: "Nesterov, 1983; Sutskever et al., 2013",
        };
        /// Adagrad.
        Adagrad = adagrad => Entry {
            id: "adagrad",
            params: &[
                learning_rate(0.01), WEIGHT_DECAY, eps(1e-10), Param::log("lr_decay", 0.0, 1.0, 0.0),
                Param::log("initial_accumulator", 0.0, 100.0, 0.0),
            ],
            pytorch: Some("torch.optim.Adagrad(lr={learning_rate}[, lr_decay={lr_decay}][, initial_accumulator_value={initial_accumulator}], eps={eps}[, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.Adagrad(learning_rate={learning_rate}, initial_accumulator_value={initial_accumulator}, epsilon={eps} ** 2)"),
            onnx: Some("Adagrad"),
            latex: r"s\leftarrow s+g^2,\quad w\leftarrow w-\eta\frac{g}{\sqrt s+\epsilon}",
            reference: "Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011",
        };
        /// RMSprop.
        Rmsprop = rmsprop => Entry {
            id: "rmsprop",
            params: &[
                learning_rate(0.01), WEIGHT_DECAY, Param::linear("alpha", 0.0, 0.999_999, 0.99), eps(1e-8),
                Param::linear("momentum", 0.0, 0.9999, 0.0), Param::switch("centered"),
            ],
            pytorch: Some("torch.optim.RMSprop(lr={learning_rate}, alpha={alpha}, eps={eps}[, momentum={momentum}][, centered={centered?}][, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.RMSprop(learning_rate={learning_rate}, rho={alpha}, epsilon={eps} ** 2[, momentum={momentum}][, centered={centered?}])"),
            onnx: None,
            latex: r"s\leftarrow\alpha s+(1-\alpha)g^2,\quad w\leftarrow w-\eta\frac{g}{\sqrt s+\epsilon}",
            reference: "Tieleman and Hinton, lecture 6.5, 2012; centred: Graves, arXiv:1308.0850, 2013",
        };
        /// Adadelta.
        Adadelta = adadelta => Entry {
            id: "adadelta",
            params: &[learning_rate(1.0), WEIGHT_DECAY, Param::linear("rho", 0.0, 0.999_999, 0.9), eps(1e-6)],
            pytorch: Some("torch.optim.Adadelta(lr={learning_rate}, rho={rho}, eps={eps}[, weight_decay={weight_decay}])"),
            keras: Some("keras.optimizers.Adadelta(learning_rate={learning_rate}, rho={rho}, epsilon={eps})"),
            onnx: None,
            latex: r"\Delta=\frac{\sqrt{u+\epsilon}}{\sqrt{s+\epsilon}}g,\quad w\leftarrow w-\eta\Delta",
            reference: "Zeiler, arXiv:1212.5701, 2012",
        };
        /// Adam.
        Adam = adam => Entry {
            id: "adam",
            params: &[learning_rate(0.001), WEIGHT_DECAY, BETA1, BETA2, eps(1e-8), Param::switch("amsgrad")],
            pytorch: Some("torch.optim.Adam(lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}[, weight_decay={weight_decay}][, amsgrad={amsgrad?}])"),
            keras: Some("keras.optimizers.Adam(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}, epsilon={eps}[, amsgrad={amsgrad?}])"),
            onnx: Some("Adam"),
            latex: r"w\leftarrow w-\eta\frac{\hat m}{\sqrt{\hat v}+\epsilon}",
            reference: "Kingma and Ba, arXiv:1412.6980, 2014; AMSGrad: Reddi, Kale and Kumar, 2018",
        };
        /// Adam with decoupled weight decay.
        Adamw = adam => Entry {
            id: "adamw",
            params: &[
                learning_rate(0.001), Param::log("weight_decay", 0.0, 10.0, 0.01), BETA1, BETA2, eps(1e-8),
                Param::switch("amsgrad"),
            ],
            pytorch: Some("torch.optim.AdamW(lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}, weight_decay={weight_decay}[, amsgrad={amsgrad?}])"),
            keras: Some("keras.optimizers.AdamW(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}, epsilon={eps}, weight_decay={weight_decay}[, amsgrad={amsgrad?}])"),
            onnx: None,
            latex: r"w\leftarrow(1-\eta\lambda)w-\eta\frac{\hat m}{\sqrt{\hat v}+\epsilon}",
            reference: "Loshchilov and Hutter, arXiv:1711.05101, 2017",
        };
        /// Adam with Nesterov's momentum.
        Nadam = nadam => Entry {
            id: "nadam",
            params: &[
                learning_rate(0.002), WEIGHT_DECAY, BETA1, BETA2, eps(1e-8),
                Param::log("momentum_decay", 0.0, 1.0, 0.004), Param::switch("decoupled_weight_decay"),
            ],
            pytorch: Some("torch.optim.NAdam(lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}, momentum_decay={momentum_decay}[, weight_decay={weight_decay}][, decoupled_weight_decay={decoupled_weight_decay?}])"),
            keras: Some("keras.optimizers.Nadam(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}, epsilon={eps})"),
            onnx: None,
            latex: r"w\leftarrow w-\eta\frac{\mu_{t+1}\hat m+(1-\mu_t)\hat g}{\sqrt{\hat v}+\epsilon}",
            reference: "Dozat, Incorporating Nesterov Momentum into Adam, 2016",
        };
        /// Lion: the sign of a momentum. Default rate as Keras; the paper advises a third to a tenth of Adam's.
        Lion = lion => Entry {
            id: "lion",
            params: &[learning_rate(0.001), WEIGHT_DECAY, BETA1, Param::linear("beta2", 0.0, 0.999_999, 0.99)],
            pytorch: None,
            keras: Some("keras.optimizers.Lion(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}[, weight_decay={weight_decay}])"),
            onnx: None,
            latex: r"w\leftarrow w-\eta\operatorname{sign}(\beta_1m+(1-\beta_1)g)",
            reference: "Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675, 2023",
        };
    }
}

impl Optimizer {
    /// Whether every update sees the whole training set, whatever the batch size.
    pub fn full_batch(self) -> bool {
        self == Self::Gd
    }

    /// Whether the scalars are the same at every step with one learning rate.
    pub fn is_steady(self) -> bool {
        matches!(
            self,
            Self::Gd | Self::Sgd | Self::Rmsprop | Self::Adadelta | Self::Lion
        )
    }

    /// How many numbers are kept for each parameter, 0..=3.
    pub fn state_count(self, params: &Params) -> usize {
        match self {
            Self::Gd | Self::Sgd => 0,
            Self::Momentum | Self::Nesterov | Self::Adagrad | Self::Lion => 1,
            Self::Adadelta | Self::Nadam => 2,
            Self::Rmsprop => {
                if params[5] > 0.0 {
                    3
                } else if params[4] > 0.0 {
                    2
                } else {
                    1
                }
            }
            Self::Adam | Self::Adamw => {
                if params[5] > 0.0 {
                    3
                } else {
                    2
                }
            }
        }
    }

    /// What the state starts with.
    pub fn initial_state(self, params: &Params) -> [f64; MAX_STATE] {
        if self == Self::Adagrad {
            [params[4], 0.0, 0.0]
        } else {
            [0.0; MAX_STATE]
        }
    }

    /// What [`Optimizer::update`] takes in this step, at the learning rate that the schedule gives (`params[0]` is its
    /// base and not read). Advances the clock.
    pub fn scalars(
        self,
        params: &Params,
        learning_rate: f64,
        clock: &mut Clock,
    ) -> [f64; MAX_SCALARS] {
        let first = clock.step == 0;
        clock.step += 1;
        // A f64 counts to 2^53 without gaps.
        let step = clock.step as f64;
        let weight_decay = params[1];
        let factor = 1.0 - learning_rate * weight_decay;
        let mut h = [0.0; MAX_SCALARS];
        let used: &[f64] = match self {
            Self::Gd | Self::Sgd => &[learning_rate, weight_decay, 0.0, 1.0, 0.0],
            Self::Momentum => {
                let share = if first { 1.0 } else { 1.0 - params[3] };
                &[learning_rate, weight_decay, params[2], share, 0.0]
            }
            Self::Nesterov => &[learning_rate, weight_decay, params[2], 1.0, 1.0],
            Self::Adagrad => &[
                learning_rate / (1.0 + (step - 1.0) * params[3]),
                weight_decay,
                params[2],
            ],
            Self::Rmsprop => &[
                learning_rate,
                weight_decay,
                params[2],
                1.0 - params[2],
                params[3],
                params[4],
                params[5],
            ],
            Self::Adadelta => &[
                learning_rate,
                weight_decay,
                params[2],
                1.0 - params[2],
                params[3],
            ],
            Self::Adam | Self::Adamw => {
                let [beta1, beta2, eps, amsgrad] = [params[2], params[3], params[4], params[5]];
                let rate = learning_rate / (1.0 - libm::pow(beta1, step));
                let correction = libm::sqrt(1.0 - libm::pow(beta2, step));
                let (coupled, factor) = if self == Self::Adam {
                    (weight_decay, 1.0)
                } else {
                    (0.0, factor)
                };
                &[
                    rate,
                    1.0 - beta1,
                    beta2,
                    1.0 - beta2,
                    correction,
                    eps,
                    coupled,
                    factor,
                    amsgrad,
                ]
            }
            Self::Nadam => {
                let [beta1, beta2, eps, momentum_decay] =
                    [params[2], params[3], params[4], params[5]];
                let mu = |step: f64| beta1 * (1.0 - 0.5 * libm::pow(0.96, step * momentum_decay));
                let (now, ahead) = (mu(step), mu(step + 1.0));
                clock.mu_product *= now;
                let rate_now = learning_rate * (1.0 - now) / (1.0 - clock.mu_product);
                let rate_ahead = learning_rate * ahead / (1.0 - clock.mu_product * ahead);
                let correction = 1.0 - libm::pow(beta2, step);
                let (coupled, factor) = if params[6] > 0.0 {
                    (0.0, factor)
                } else {
                    (weight_decay, 1.0)
                };
                &[
                    rate_now,
                    rate_ahead,
                    1.0 - beta1,
                    beta2,
                    1.0 - beta2,
                    correction,
                    eps,
                    coupled,
                    factor,
                ]
            }
            Self::Lion => &[
                learning_rate,
                params[2],
                1.0 - params[2],
                params[3],
                1.0 - params[3],
                factor,
            ],
        };
        h[..used.len()].copy_from_slice(used);
        h
    }

    /// `optimizer_<id>(p, g, state: vec3<f32>) -> vec4<f32>`: the parameter and its state. The step's scalars are
    /// `step_scalar(i: u32)`, which the shader around it has: an array handed over costs more than the update.
    pub fn wgsl(self) -> String {
        let arguments = "p: f32, g: f32, state: vec3<f32>";
        wgsl_function(
            &format!("optimizer_{}", self.id()),
            arguments,
            "vec4<f32>",
            || {
                let state = ["state.x", "state.y", "state.z"].map(Wgsl::name);
                let h = std::array::from_fn(|index| Wgsl::name(&format!("step_scalar({index}u)")));
                let (p, state) = self.update(Wgsl::name("p"), Wgsl::name("g"), state, &h);
                vec![p, state[0], state[1], state[2]]
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(optimizer: Optimizer, params: &Params, gradients: &[f64]) -> Vec<f64> {
        let mut clock = Clock::default();
        let (mut p, mut state) = (1.0, optimizer.initial_state(params));
        gradients
            .iter()
            .map(|&g| {
                let h = optimizer.scalars(params, params[0], &mut clock);
                (p, state) = optimizer.update(p, g, state, &h);
                p
            })
            .collect()
    }

    #[test]
    fn steady_optimizers_are_those_whose_scalars_do_not_depend_on_the_step() {
        for optimizer in Optimizer::ALL {
            let params = optimizer.entry().defaults();
            let mut clock = Clock::default();
            let steps: Vec<_> = (0..5)
                .map(|_| optimizer.scalars(&params, 0.01, &mut clock))
                .collect();
            let same = steps.iter().all(|scalars| *scalars == steps[0]);
            assert!(same || !optimizer.is_steady(), "{}", optimizer.id());
        }
    }

    #[test]
    fn adam_moves_by_its_learning_rate_in_the_first_step_whatever_the_gradient() {
        for g in [1e-3, 1.0, 1e3] {
            let p = run(Optimizer::Adam, &Optimizer::Adam.entry().defaults(), &[g])[0];
            assert!((1.0 - p - 0.001).abs() < 1.1e-8, "{g}: {p}");
        }
    }

    #[test]
    fn momentum_grows_to_ten_times_the_gradient() {
        let mut params = Optimizer::Momentum.entry().defaults();
        params[0] = 1.0;
        let p = run(Optimizer::Momentum, &params, &[1.0; 300]);
        assert!((p[298] - p[299] - 10.0).abs() < 1e-9);
    }

    #[test]
    fn momentum_takes_the_first_gradient_whole_whatever_its_dampening() {
        let mut params = Optimizer::Momentum.entry().defaults();
        params[0] = 1.0;
        params[3] = 0.75;
        assert_eq!(
            run(Optimizer::Momentum, &params, &[1.0, 1.0]),
            [0.0, -(0.9 + 0.25)]
        );
    }

    #[test]
    fn nesterov_looks_one_momentum_ahead() {
        let mut params = Optimizer::Nesterov.entry().defaults();
        params[0] = 1.0;
        assert_eq!(run(Optimizer::Nesterov, &params, &[1.0])[0], 1.0 - 1.9);
    }

    #[test]
    fn lion_moves_by_its_learning_rate_or_not_at_all() {
        let params = Optimizer::Lion.entry().defaults();
        assert_eq!(
            run(Optimizer::Lion, &params, &[0.0, 5.0, -1e-9]),
            [1.0, 0.999, 0.998]
        );
    }

    #[test]
    fn adamw_decays_without_a_gradient_and_adam_does_not_decouple() {
        let mut params = Optimizer::Adamw.entry().defaults();
        params[1] = 0.5;
        assert_eq!(run(Optimizer::Adamw, &params, &[0.0])[0], 1.0 - 0.001 * 0.5);
        // In Adam the decay is a gradient of 0.5 and is normalised like one.
        assert!((run(Optimizer::Adam, &params, &[0.0])[0] - 0.999).abs() < 1e-9);
    }

    #[test]
    fn state_is_kept_only_where_an_option_needs_it() {
        let mut params = Optimizer::Adam.entry().defaults();
        assert_eq!(Optimizer::Adam.state_count(&params), 2);
        params[5] = 1.0;
        assert_eq!(Optimizer::Adam.state_count(&params), 3);
        let mut params = Optimizer::Rmsprop.entry().defaults();
        assert_eq!(Optimizer::Rmsprop.state_count(&params), 1);
        params[4] = 0.9;
        assert_eq!(Optimizer::Rmsprop.state_count(&params), 2);
        params[5] = 1.0;
        assert_eq!(Optimizer::Rmsprop.state_count(&params), 3);
    }

    #[test]
    fn only_gd_takes_the_whole_training_set() {
        assert!(
            Optimizer::ALL
                .iter()
                .all(|row| row.full_batch() == (row.id() == "gd"))
        );
    }
}
