//! Penalties on weights (the engine leaves biases out) and the clipping of gradients.

use super::{Entry, Param, Params, table};
use crate::real::{Float, Real, Wgsl, wgsl_function};

table! {
    /// What large weights cost.
    pub enum Penalty {
        /// Nothing.
        None => Entry {
            id: "none", params: &[], pytorch: None, keras: None, onnx: None, latex: r"0", reference: "",
        };
        /// lambda sum |w|, by a proximal step: zeros are exact and can revive.
        L1 => Entry {
            id: "l1", params: &[Param::log("lambda", 0.0, 10.0, 0.001)],
            pytorch: Some("w.copy_(w.sign() * (w.abs() - rate * {lambda}).clamp(min=0))"),
            keras: Some("keras.regularizers.L1({lambda})"),
            onnx: None,
            latex: r"\lambda\sum|w|",
            reference: "Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996",
        };
        /// lambda sum w^2.
        L2 => Entry {
            id: "l2", params: &[Param::log("lambda", 0.0, 10.0, 0.001)],
            pytorch: Some("{lambda} * w.square().sum()"),
            keras: Some("keras.regularizers.L2({lambda})"),
            onnx: None,
            latex: r"\lambda\sum w^2",
            reference: "Hoerl and Kennard, Ridge Regression, 1970",
        };
        /// Both.
        ElasticNet => Entry {
            id: "elastic_net",
            params: &[Param::log("l1", 0.0, 10.0, 0.001), Param::log("l2", 0.0, 10.0, 0.001)],
            pytorch: Some("{l2} * w.square().sum()\nw.copy_(w.sign() * (w.abs() - rate * {l1}).clamp(min=0))"),
            keras: Some("keras.regularizers.L1L2(l1={l1}, l2={l2})"),
            onnx: None,
            latex: r"\lambda_1\sum|w|+\lambda_2\sum w^2",
            reference: "Zou and Hastie, Regularization and Variable Selection via the Elastic Net, 2005",
        };
        /// Weights shrink by learning rate times lambda each step, past the optimizer; nothing is added to the loss.
        WeightDecay => Entry {
            id: "weight_decay", params: &[Param::log("lambda", 0.0, 10.0, 0.01)],
            pytorch: Some("w.mul_(1 - rate * {lambda})"),
            keras: Some("weight_decay={lambda}"),
            onnx: None,
            latex: r"w\leftarrow(1-\eta\lambda)\,w",
            reference: "Loshchilov and Hutter, Decoupled Weight Decay Regularization, arXiv:1711.05101, 2017",
        };
    }
}

impl Penalty {
    /// The weights of |w| and w^2 in the loss; both 0 for none and for weight decay.
    pub fn strengths(self, params: &Params) -> [f64; 2] {
        match self {
            Self::None | Self::WeightDecay => [0.0, 0.0],
            Self::L1 => [params[0], 0.0],
            Self::L2 => [0.0, params[0]],
            Self::ElasticNet => [params[0], params[1]],
        }
    }

    /// What a weight is multiplied with before each update, 1 - learning rate * lambda; 1 but for weight decay.
    pub fn decay_factor(self, params: &Params, learning_rate: f64) -> f64 {
        if self == Self::WeightDecay {
            1.0 - learning_rate * params[0]
        } else {
            1.0
        }
    }
}

/// What one weight costs: l1 |w| + l2 w^2.
#[inline(always)]
pub fn value<T: Real>(w: T, [l1, l2]: &[T; 2]) -> T {
    *l1 * w.abs() + *l2 * w * w
}

/// The derivative of the smooth part, 2 l2 w, which joins the gradient.
#[inline(always)]
pub fn smooth_slope<T: Real>(w: T, l2: T) -> T {
    T::lit(2.0) * l2 * w
}

/// The proximal step of L1: w moved towards 0 by `threshold` (learning rate * l1), and held at 0 rather than past it.
#[inline(always)]
pub fn soft_threshold<T: Real>(w: T, threshold: T) -> T {
    let zero = T::lit(0.0);
    let size = w.abs() - threshold;
    T::select(size.gt(zero), w.sign() * size, zero)
}

/// The penalty of a slice of weights, summed in f64 in order.
pub fn total<T: Float>(strengths: &[f64; 2], weights: &[T]) -> f64 {
    weights
        .iter()
        .fold(0.0, |sum, w| sum + value(w.to_f64(), strengths))
}

/// Adds 2 l2 w to the gradient; slices of one length.
pub fn add_smooth_slope<T: Float>(l2: f64, weights: &[T], gradient: &mut [T]) {
    debug_assert_eq!(weights.len(), gradient.len());
    let l2 = T::from_f64(l2);
    for (g, &w) in gradient.iter_mut().zip(weights) {
        *g = *g + smooth_slope(w, l2);
    }
}

/// [`soft_threshold`] over a slice.
pub fn shrink<T: Float>(threshold: f64, weights: &mut [T]) {
    let threshold = T::from_f64(threshold);
    for w in weights {
        *w = soft_threshold(*w, threshold);
    }
}

/// Multiplies a slice: decay of weights, scaling of gradients.
pub fn scale<T: Float>(factor: f64, values: &mut [T]) {
    let factor = T::from_f64(factor);
    for value in values {
        *value = *value * factor;
    }
}

/// The penalties' WGSL: `penalty_value(w, strengths: vec2<f32>)`, `penalty_smooth_slope(w, l2)`,
/// `penalty_soft_threshold(w, threshold)`, each -> f32.
pub fn wgsl() -> String {
    let w = || Wgsl::name("w");
    [
        wgsl_function(
            "penalty_value",
            "w: f32, strengths: vec2<f32>",
            "f32",
            || {
                vec![value(
                    w(),
                    &[Wgsl::name("strengths.x"), Wgsl::name("strengths.y")],
                )]
            },
        ),
        wgsl_function("penalty_smooth_slope", "w: f32, l2: f32", "f32", || {
            vec![smooth_slope(w(), Wgsl::name("l2"))]
        }),
        wgsl_function(
            "penalty_soft_threshold",
            "w: f32, threshold: f32",
            "f32",
            || vec![soft_threshold(w(), Wgsl::name("threshold"))],
        ),
        wgsl_function("clip_value", "g: f32, limit: f32", "f32", || {
            vec![clamp(Wgsl::name("g"), Wgsl::name("limit"))]
        }),
    ]
    .join("\n")
}

table! {
    /// How gradients are kept small.
    pub enum Clip {
        /// Not at all.
        None => Entry {
            id: "none", params: &[], pytorch: None, keras: None, onnx: None, latex: r"g", reference: "",
        };
        /// The norm over all parameters together is bounded.
        Norm => Entry {
            id: "norm", params: &[Param::log("limit", 1e-4, 1e4, 1.0)],
            pytorch: Some("torch.nn.utils.clip_grad_norm_(max_norm={limit})"),
            keras: Some("global_clipnorm={limit}"),
            onnx: None,
            latex: r"g\min\left(1,\frac{c}{\lVert g\rVert}\right)",
            reference: "Pascanu, Mikolov and Bengio, arXiv:1211.5063, 2012",
        };
        /// Each element is bounded.
        Value => Entry {
            id: "value", params: &[Param::log("limit", 1e-4, 1e4, 1.0)],
            pytorch: Some("torch.nn.utils.clip_grad_value_(clip_value={limit})"),
            keras: Some("clipvalue={limit}"),
            onnx: None,
            latex: r"\min(c,\max(-c,g))",
            reference: "Mikolov, Statistical Language Models Based on Neural Networks, 2012",
        };
    }
}

/// What the gradient is multiplied with when its norm over all parameters is `norm`; at most 1. The 1e-6 is that of
/// `torch.nn.utils.clip_grad_norm_`.
pub fn norm_factor(norm: f64, limit: f64) -> f64 {
    let factor = limit / (norm + 1e-6);
    if factor < 1.0 { factor } else { 1.0 }
}

/// `value` within -limit..=limit. NaN stays NaN, so that divergence is seen.
#[inline(always)]
pub fn clamp<T: Real>(value: T, limit: T) -> T {
    let value = T::select(value.gt(limit), limit, value);
    T::select(value.lt(-limit), -limit, value)
}

/// [`clamp`] over a slice.
pub fn clamp_all<T: Float>(limit: f64, values: &mut [T]) {
    let limit = T::from_f64(limit);
    for value in values {
        *value = clamp(*value, limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soft_threshold_gives_exact_zeros_and_keeps_signs() {
        assert_eq!(soft_threshold(0.05, 0.1), 0.0);
        assert_eq!(soft_threshold(-0.1, 0.1), 0.0);
        assert_eq!(soft_threshold(0.5, 0.125), 0.375);
        assert_eq!(soft_threshold(-0.5, 0.125), -0.375);
    }

    #[test]
    fn soft_threshold_minimises_the_proximal_objective() {
        // argmin over v of (v - w)^2 / 2 + t |v|, by search.
        for (w, t) in [(0.7, 0.2), (-0.7, 0.2), (0.1, 0.3)] {
            let objective = |v: f64| 0.5 * (v - w) * (v - w) + t * v.abs();
            let best = objective(soft_threshold(w, t));
            assert!((-1000..=1000).all(|step| objective(f64::from(step) * 1e-3) >= best - 1e-15));
        }
    }

    #[test]
    fn weight_decay_is_decoupled_and_costs_nothing_in_the_loss() {
        let params = Penalty::WeightDecay.entry().defaults();
        assert_eq!(Penalty::WeightDecay.strengths(&params), [0.0, 0.0]);
        assert_eq!(Penalty::WeightDecay.decay_factor(&params, 0.5), 0.995);
        assert_eq!(Penalty::L2.decay_factor(&params, 0.5), 1.0);
    }

    #[test]
    fn norm_clipping_never_enlarges() {
        assert_eq!(norm_factor(0.5, 1.0), 1.0);
        assert!((norm_factor(4.0, 1.0) * 4.0 - 1.0).abs() < 1e-6);
        assert_eq!(norm_factor(0.0, 1.0), 1.0);
    }

    #[test]
    fn clamping_lets_nan_through() {
        assert!(clamp(f32::NAN, 1.0).is_nan());
        assert_eq!((clamp(3.0_f32, 1.0), clamp(-3.0_f32, 1.0)), (1.0, -1.0));
    }
}
