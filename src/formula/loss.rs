//! Losses: how far an output is from its target. Per element; the mean is the engine's.

use super::{Entry, Param, table};
use crate::real::{Dual, Float, Real, Wgsl, wgsl_function};

/// (y_hat - y)^2. `torch.nn.MSELoss`.
#[inline(always)]
fn mse<T: Real>(y_hat: T, y: T, _params: &[T; 2]) -> T {
    let d = y_hat - y;
    d * d
}

/// (y_hat - y)^2 / 2, TensorFlow Playground's.
#[inline(always)]
fn half_mse<T: Real>(y_hat: T, y: T, _params: &[T; 2]) -> T {
    let d = y_hat - y;
    T::lit(0.5) * d * d
}

/// |y_hat - y|; the derivative at 0 is 0. `torch.nn.L1Loss`.
#[inline(always)]
fn mae<T: Real>(y_hat: T, y: T, _params: &[T; 2]) -> T {
    (y_hat - y).abs()
}

/// A parabola up to delta and its tangent beyond. `torch.nn.HuberLoss`.
#[inline(always)]
fn huber<T: Real>(y_hat: T, y: T, [delta, _]: &[T; 2]) -> T {
    let d = y_hat - y;
    let size = d.abs();
    let half = T::lit(0.5);
    T::select(
        size.lt(*delta),
        half * d * d,
        *delta * (size - half * *delta),
    )
}

/// ln cosh(y_hat - y), for any size of difference. `keras.losses.LogCosh`.
#[inline(always)]
fn log_cosh<T: Real>(y_hat: T, y: T, _params: &[T; 2]) -> T {
    let (zero, one, two) = (T::lit(0.0), T::lit(1.0), T::lit(2.0));
    let d = y_hat - y;
    let size = d.abs();
    let near = size.lt(one);
    // With t = tanh(d / 2), cosh d = 1 + 2 t^2 / (1 - t^2): no digit is lost near 0, where the other form cancels.
    let t = (T::lit(0.5) * T::select(near, d, zero)).tanh();
    let square = t * t;
    let inside = (two * square / (one - square)).ln_1p();
    let outside = size + (T::lit(-2.0) * size).exp().ln_1p() - T::lit(std::f64::consts::LN_2);
    T::select(near, inside, outside)
}

/// Binary cross entropy of a logit z and a target 0..=1: softplus(z) - y z, for any size of z.
/// `torch.nn.BCEWithLogitsLoss`.
#[inline(always)]
fn binary_cross_entropy<T: Real>(z: T, y: T, _params: &[T; 2]) -> T {
    // The exact difference comes first, so that the derivative keeps its digits where it is tiny.
    (z.max(T::lit(0.0)) - y * z) + (-z.abs()).exp().ln_1p()
}

/// One class's share: -y ln p, of a log-probability. The whole, from logits, is [`cross_entropy_with_slope`].
#[inline(always)]
fn categorical_cross_entropy<T: Real>(log_probability: T, y: T, _params: &[T; 2]) -> T {
    -(y * log_probability)
}

/// max(0, 1 - y y_hat), targets -1 and 1; at the margin the derivative is -y (PyTorch gives 0 there, Keras -y/2: any value between is a subgradient).
#[inline(always)]
fn hinge<T: Real>(y_hat: T, y: T, _params: &[T; 2]) -> T {
    let zero = T::lit(0.0);
    let margin = T::lit(1.0) - y * y_hat;
    T::select(margin.ge(zero), margin, zero)
}

/// The table, and for each row the match that stands outside the loops.
macro_rules! losses {
    (
        $(#[$meta:meta])*
        pub enum Loss {
            $( $(#[doc = $doc:literal])* $variant:ident = $formula:ident => $entry:expr; )+
        }
    ) => {
        table! {
            $(#[$meta])*
            pub enum Loss { $( $(#[doc = $doc])* $variant => $entry; )+ }
        }

        impl Loss {
            /// The loss of one element. `y_hat` is the output activation's value; for binary cross entropy the
            /// logit before it; for categorical cross entropy the log-probability of the class.
            #[inline(always)]
            pub fn value<T: Real>(self, y_hat: T, y: T, params: &[T; 2]) -> T {
                match self { $( Self::$variant => $formula(y_hat, y, params), )+ }
            }

            /// [`Loss::value`] and its derivative with respect to `y_hat` over slices of one length.
            pub fn forward_with_slope<T: Float>(
                self,
                params: &[f64; 2],
                y_hat: &[T],
                y: &[T],
                value: &mut [T],
                slope: &mut [T],
            ) {
                let params = params.map(|param| Dual::constant(T::from_f64(param)));
                match self {
                    $( Self::$variant => {
                        map_with_slope(y_hat, y, value, slope, |y_hat, y| $formula(y_hat, y, &params));
                    } )+
                }
            }
        }
    };
}

#[inline(always)]
fn map_with_slope<T: Float>(
    y_hat: &[T],
    y: &[T],
    value: &mut [T],
    slope: &mut [T],
    formula: impl Fn(Dual<T>, Dual<T>) -> Dual<T>,
) {
    debug_assert_eq!(
        (y_hat.len(), y_hat.len(), y_hat.len()),
        (y.len(), value.len(), slope.len())
    );
    for (((value, slope), &y_hat), &y) in value.iter_mut().zip(slope).zip(y_hat).zip(y) {
        let result = formula(Dual::variable(y_hat), Dual::constant(y));
        *value = result.value;
        *slope = result.slope;
    }
}

losses! {
    /// The losses.
    pub enum Loss {
        /// Mean squared error.
        Mse = mse => Entry {
            id: "mse", params: &[],
            pytorch: Some("torch.nn.MSELoss()"), keras: Some("mean_squared_error"), onnx: None,
            latex: r"(\hat y-y)^2", reference: "https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html",
        };
        /// Half the mean squared error.
        HalfMse = half_mse => Entry {
            id: "half_mse", params: &[],
            pytorch: Some("lambda y_hat, y: (y_hat - y).square().mean() / 2"),
            keras: Some("lambda y, y_hat: keras.losses.mean_squared_error(y, y_hat) / 2"),
            onnx: None,
            latex: r"\tfrac12(\hat y-y)^2", reference: "https://playground.tensorflow.org",
        };
        /// Mean absolute error.
        Mae = mae => Entry {
            id: "mae", params: &[],
            pytorch: Some("torch.nn.L1Loss()"), keras: Some("mean_absolute_error"), onnx: None,
            latex: r"|\hat y-y|", reference: "https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html",
        };
        /// Squared near 0, absolute beyond delta.
        Huber = huber => Entry {
            id: "huber", params: &[Param::log("delta", 0.001, 100.0, 1.0)],
            pytorch: Some("torch.nn.HuberLoss(delta={delta})"),
            keras: Some("keras.losses.Huber(delta={delta})"),
            onnx: None,
            latex: r"\begin{cases}\tfrac12 d^2 & |d|<\delta\\ \delta(|d|-\tfrac12\delta) & |d|\ge\delta\end{cases},\ d=\hat y-y",
            reference: "Huber, Robust Estimation of a Location Parameter, 1964",
        };
        /// ln cosh of the difference.
        LogCosh = log_cosh => Entry {
            id: "log_cosh", params: &[],
            pytorch: Some("lambda y_hat, y: (y_hat - y + torch.nn.functional.softplus(2 * (y - y_hat)) - math.log(2)).mean()"),
            keras: Some("log_cosh"),
            onnx: None,
            latex: r"\ln\cosh(\hat y-y)", reference: "https://keras.io/api/losses/regression_losses/#logcosh-class",
        };
        /// Binary cross entropy, from the logit.
        BinaryCrossEntropy = binary_cross_entropy => Entry {
            id: "binary_cross_entropy", params: &[],
            pytorch: Some("torch.nn.BCEWithLogitsLoss()"),
            keras: Some("binary_crossentropy"),
            onnx: None,
            latex: r"-y\ln\hat y-(1-y)\ln(1-\hat y)",
            reference: "https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html",
        };
        /// Categorical cross entropy, from the logits.
        CategoricalCrossEntropy = categorical_cross_entropy => Entry {
            id: "categorical_cross_entropy", params: &[],
            pytorch: Some("torch.nn.CrossEntropyLoss()"),
            keras: Some("categorical_crossentropy"),

            onnx: Some("SoftmaxCrossEntropyLoss"),
            latex: r"-\sum_k y_k\ln\hat y_k",
            reference: "https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
        };
        /// Hinge, for targets -1 and 1.
        Hinge = hinge => Entry {
            id: "hinge", params: &[],
            pytorch: Some("lambda y_hat, y: (1 - y * y_hat).clamp(min=0).mean()"),
            keras: Some("hinge"),
            onnx: None,
            latex: r"\max(0, 1-y\hat y)", reference: "Cortes and Vapnik, Support-Vector Networks, 1995",
        };
    }
}

impl Loss {
    /// Whether the loss is a sum over outputs of one function each. If not (categorical cross entropy), use
    /// [`cross_entropy`] and [`cross_entropy_with_slope`] on the row of logits.
    pub fn is_elementwise(self) -> bool {
        self != Self::CategoricalCrossEntropy
    }

    /// Whether the loss takes what comes before the output activation (sigmoid, softmax), which it contains.
    pub fn takes_logits(self) -> bool {
        matches!(
            self,
            Self::BinaryCrossEntropy | Self::CategoricalCrossEntropy
        )
    }

    /// Two WGSL functions: `loss_<id>(y_hat, y, params) -> f32` and `loss_<id>_with_slope(...) -> vec2<f32>`
    /// (value, slope), `params: vec2<f32>`.
    pub fn wgsl(self) -> String {
        let name = format!("loss_{}", self.id());
        let arguments = "y_hat: f32, y: f32, params: vec2<f32>";
        let params = || [Wgsl::name("params.x"), Wgsl::name("params.y")];
        let value = wgsl_function(&name, arguments, "f32", || {
            vec![self.value(Wgsl::name("y_hat"), Wgsl::name("y"), &params())]
        });
        let with_slope = wgsl_function(
            &format!("{name}_with_slope"),
            arguments,
            "vec2<f32>",
            || {
                let (y_hat, y) = (
                    Dual::variable(Wgsl::name("y_hat")),
                    Dual::constant(Wgsl::name("y")),
                );
                let result = self.value(y_hat, y, &params().map(Dual::constant));
                vec![result.value, result.slope]
            },
        );
        format!("{value}\n{with_slope}")
    }
}

/// The largest of a row; the row must not be empty.
#[inline]
fn largest<T: Float>(row: &[T]) -> T {
    row.iter()
        .fold(row[0], |largest, &value| largest.max(value))
}

/// ln sum e^z over a row of logits, for any size of z. The row must not be empty.
pub fn log_sum_exp<T: Float>(logits: &[T]) -> T {
    let shift = largest(logits);
    let sum = logits
        .iter()
        .fold(T::lit(0.0), |sum, &z| sum + (z - shift).exp());
    shift + sum.ln()
}

/// e^z / sum e^z over a row of logits, for any size of z; slices of one length, not empty.
pub fn softmax<T: Float>(logits: &[T], probabilities: &mut [T]) {
    debug_assert_eq!(logits.len(), probabilities.len());
    let shift = largest(logits);
    for (p, &z) in probabilities.iter_mut().zip(logits) {
        *p = (z - shift).exp();
    }
    let sum = probabilities.iter().fold(T::lit(0.0), |sum, &p| sum + p);
    for p in probabilities {
        *p = *p / sum;
    }
}

/// Categorical cross entropy of one sample: -sum y ln softmax(z). `torch.nn.CrossEntropyLoss` with probabilities
/// as target. Slices of one length, not empty.
pub fn cross_entropy<T: Float>(logits: &[T], y: &[T]) -> T {
    debug_assert_eq!(logits.len(), y.len());
    let normaliser = log_sum_exp(logits);
    logits
        .iter()
        .zip(y)
        .fold(T::lit(0.0), |sum, (&z, &y)| sum + y * (normaliser - z))
}

/// [`cross_entropy`] and its derivative with respect to each logit, softmax(z) sum(y) - y.
pub fn cross_entropy_with_slope<T: Float>(logits: &[T], y: &[T], slope: &mut [T]) -> T {
    debug_assert_eq!((logits.len(), logits.len()), (y.len(), slope.len()));
    let shift = largest(logits);
    for (e, &z) in slope.iter_mut().zip(logits) {
        *e = (z - shift).exp();
    }
    let sum = slope.iter().fold(T::lit(0.0), |sum, &e| sum + e);
    let mass = y.iter().fold(T::lit(0.0), |mass, &y| mass + y);
    let normaliser = shift + sum.ln();
    let scale = mass / sum;
    let mut value = T::lit(0.0);
    for ((slope, &z), &y) in slope.iter_mut().zip(logits).zip(y) {
        value = value + y * (normaliser - z);
        *slope = *slope * scale - y;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(loss: Loss, y_hat: f64, y: f64) -> Dual<f64> {
        let params = super::super::pair(&loss.entry().defaults()).map(Dual::constant);
        loss.value(Dual::variable(y_hat), Dual::constant(y), &params)
    }

    #[test]
    fn binary_cross_entropy_derivative_is_probability_minus_target() {
        for (z, y) in [
            (0.0_f64, 0.0),
            (0.0, 1.0),
            (2.5, 1.0),
            (-2.5, 1.0),
            (30.0, 1.0),
            (-30.0, 0.0),
        ] {
            let expected = if y == 1.0 {
                -(-z).sigmoid()
            } else {
                z.sigmoid()
            };
            let slope = at(Loss::BinaryCrossEntropy, z, y).slope;
            assert!(
                (slope - expected).abs() <= 1e-12 * expected.abs(),
                "{z} {y}: {slope} {expected}"
            );
        }
    }

    #[test]
    fn binary_cross_entropy_of_a_wrong_logit_of_ten_thousand_is_ten_thousand() {
        assert_eq!(at(Loss::BinaryCrossEntropy, 1e4, 0.0).value, 1e4);
        assert_eq!(at(Loss::BinaryCrossEntropy, -1e4, 1.0).value, 1e4);
        assert_eq!(at(Loss::BinaryCrossEntropy, 1e4, 1.0).value, 0.0);
        assert_eq!(at(Loss::BinaryCrossEntropy, 1e4, 0.0).slope, 1.0);
    }

    #[test]
    fn mae_derivative_is_zero_at_zero() {
        assert_eq!(at(Loss::Mae, 2.0, 2.0).slope, 0.0);
    }

    #[test]
    fn huber_is_continuous_with_its_derivative_at_delta() {
        assert_eq!(
            (
                at(Loss::Huber, 1.0, 0.0).value,
                at(Loss::Huber, 1.0, 0.0).slope
            ),
            (0.5, 1.0)
        );
        assert_eq!(
            (
                at(Loss::Huber, -3.0, 0.0).value,
                at(Loss::Huber, -3.0, 0.0).slope
            ),
            (2.5, -1.0)
        );
    }

    #[test]
    fn hinge_derivative_at_the_margin_is_minus_the_target() {
        assert_eq!(at(Loss::Hinge, 1.0, 1.0).slope, -1.0);
        assert_eq!(at(Loss::Hinge, -1.0, -1.0).slope, 1.0);
        assert_eq!(at(Loss::Hinge, 1.5, 1.0).slope, 0.0);
    }

    #[test]
    fn log_cosh_derivative_is_tanh_without_losing_digits() {
        for d in [
            -40.0, -3.0, -1.0, -0.3, -1e-6, 1e-9, 0.01, 0.999_999, 1.0, 2.0, 700.0_f64,
        ] {
            let slope = at(Loss::LogCosh, d, 0.0).slope;
            assert!(
                (slope - libm::tanh(d)).abs() <= 4e-16 + 4e-16 * libm::tanh(d).abs(),
                "{d}: {slope}"
            );
            let narrow = Loss::LogCosh.value(
                Dual::variable(d as f32),
                Dual::constant(0.0),
                &[Dual::constant(0.0); 2],
            );
            assert!(
                (f64::from(narrow.slope) - libm::tanh(d)).abs() <= 1e-6 * libm::tanh(d).abs(),
                "{d}: {narrow:?}"
            );
        }
    }

    #[test]
    fn log_cosh_has_its_known_values_and_no_step_where_its_forms_meet() {
        for (d, expected) in [(0.5, 0.12011450695827745), (2.0, 1.3250027473578645)] {
            assert!((at(Loss::LogCosh, d, 0.0).value - expected).abs() < 1e-15);
        }
        let step = at(Loss::LogCosh, 1.0, 0.0).value - at(Loss::LogCosh, 1.0 - 1e-15, 0.0).value;
        assert!(step.abs() < 2e-15, "{step}");
        assert_eq!(
            at(Loss::LogCosh, 1e4, 0.0).value,
            1e4 - std::f64::consts::LN_2
        );
    }

    #[test]
    fn half_mse_is_half_of_mse() {
        assert_eq!(
            (at(Loss::Mse, 3.0, 1.0).value, at(Loss::Mse, 3.0, 1.0).slope),
            (4.0, 4.0)
        );
        assert_eq!(
            (
                at(Loss::HalfMse, 3.0, 1.0).value,
                at(Loss::HalfMse, 3.0, 1.0).slope
            ),
            (2.0, 2.0)
        );
    }

    #[test]
    fn softmax_and_cross_entropy_stand_logits_of_ten_thousand() {
        let logits = [1e4_f32, -1e4, 0.0];
        let mut p = [0.0; 3];
        softmax(&logits, &mut p);
        assert_eq!(p, [1.0, 0.0, 0.0]);
        let mut slope = [0.0; 3];
        assert_eq!(
            cross_entropy_with_slope(&logits, &[0.0, 1.0, 0.0], &mut slope),
            2e4
        );
        assert_eq!(slope, [1.0, -1.0, 0.0]);
        assert_eq!(cross_entropy(&logits, &[1.0, 0.0, 0.0]), 0.0);
    }

    #[test]
    fn cross_entropy_slope_agrees_with_central_differences() {
        let logits = [0.3, -1.2, 2.0, 0.7];
        let y = [0.1, 0.2, 0.6, 0.1];
        let mut slope = [0.0; 4];
        let value: f64 = cross_entropy_with_slope(&logits, &y, &mut slope);
        assert!((value - cross_entropy(&logits, &y)).abs() < 1e-14);
        for k in 0..4 {
            let h = 1e-5;
            let (mut up, mut down) = (logits, logits);
            up[k] += h;
            down[k] -= h;
            let difference = (cross_entropy(&up, &y) - cross_entropy(&down, &y)) / (2.0 * h);
            assert!((difference - slope[k]).abs() < 1e-9);
        }
    }
}
