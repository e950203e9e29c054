//! Activations: what a neuron does with its weighted sum.

use super::{Entry, Param, table};
use crate::real::{Dual, Float, Real, Wgsl, wgsl_function};

/// The identity, so that a network of such layers is a linear model.
#[inline(always)]
fn linear<T: Real>(z: T, _params: &[T; 2]) -> T {
    z
}

/// `torch.nn.Sigmoid`.
#[inline(always)]
fn sigmoid<T: Real>(z: T, _params: &[T; 2]) -> T {
    z.sigmoid()
}

/// `torch.nn.Tanh`.
#[inline(always)]
fn tanh<T: Real>(z: T, _params: &[T; 2]) -> T {
    z.tanh()
}

/// `torch.nn.ReLU`; the derivative at 0 is 0.
#[inline(always)]
fn relu<T: Real>(z: T, _params: &[T; 2]) -> T {
    let zero = T::lit(0.0);
    T::select(z.gt(zero), z, zero)
}

/// `torch.nn.LeakyReLU`; the derivative at 0 is the slope.
#[inline(always)]
fn leaky_relu<T: Real>(z: T, [slope, _]: &[T; 2]) -> T {
    T::select(z.gt(T::lit(0.0)), z, *slope * z)
}

/// `torch.nn.ELU`; the derivative at 0 is alpha.
#[inline(always)]
fn elu<T: Real>(z: T, [alpha, _]: &[T; 2]) -> T {
    let zero = T::lit(0.0);
    let positive = z.gt(zero);
    // e^z of the side not taken must not overflow.
    let negative = T::select(positive, zero, z);
    T::select(positive, z, *alpha * negative.exp_m1())
}

/// `torch.nn.SELU`; the derivative at 0 is scale * alpha.
#[inline(always)]
fn selu<T: Real>(z: T, _params: &[T; 2]) -> T {
    const ALPHA: f64 = 1.673_263_242_354_377_2;
    const SCALE: f64 = 1.050_700_987_355_480_5;
    T::lit(SCALE) * elu(z, &[T::lit(ALPHA), T::lit(0.0)])
}

/// `torch.nn.GELU()`: z times the normal distribution function.
#[inline(always)]
fn gelu<T: Real>(z: T, _params: &[T; 2]) -> T {
    T::lit(0.5) * z * (T::lit(1.0) + (z * T::lit(std::f64::consts::FRAC_1_SQRT_2)).erf())
}

/// `torch.nn.GELU(approximate="tanh")`.
#[inline(always)]
fn gelu_tanh<T: Real>(z: T, _params: &[T; 2]) -> T {
    const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;
    let inner = T::lit(SQRT_2_OVER_PI) * (z + T::lit(0.044_715) * z * z * z);
    // (1 + tanh u) / 2 = sigmoid(2 u), which keeps its digits where 1 + tanh u would cancel.
    z * (T::lit(2.0) * inner).sigmoid()
}

/// `torch.nn.SiLU`, swish.
#[inline(always)]
fn silu<T: Real>(z: T, _params: &[T; 2]) -> T {
    z * z.sigmoid()
}

/// `torch.nn.Softplus()` without its linear threshold at 20, which moves values by less than 3e-9.
#[inline(always)]
fn softplus<T: Real>(z: T, _params: &[T; 2]) -> T {
    z.max(T::lit(0.0)) + (-z.abs()).exp().ln_1p()
}

/// `torch.nn.Softsign`.
#[inline(always)]
fn softsign<T: Real>(z: T, _params: &[T; 2]) -> T {
    z / (T::lit(1.0) + z.abs())
}

/// `torch.nn.Mish`: z tanh(softplus(z)). With e = e^z, tanh(ln(1 + e)) = e (e + 2) / (e (e + 2) + 2): one exponential.
#[inline(always)]
fn mish<T: Real>(z: T, _params: &[T; 2]) -> T {
    // From 20 on the quotient is 1 in f64 too.
    let e = z.min(T::lit(20.0)).exp();
    let n = e * (e + T::lit(2.0));
    z * (n / (n + T::lit(2.0)))
}

/// `torch.nn.Hardsigmoid`: relu6(z + 3) / 6; the derivative at both kinks is 0. (Keras before 3 had 0.2 z + 0.5.)
#[inline(always)]
fn hard_sigmoid<T: Real>(z: T, _params: &[T; 2]) -> T {
    let inside = T::select(
        z.lt(T::lit(3.0)),
        z / T::lit(6.0) + T::lit(0.5),
        T::lit(1.0),
    );
    T::select(z.gt(T::lit(-3.0)), inside, T::lit(0.0))
}

/// `torch.nn.Hardswish`; the derivative at -3 is 0 and at 3 is 1.
#[inline(always)]
fn hard_swish<T: Real>(z: T, _params: &[T; 2]) -> T {
    let inside = T::select(z.lt(T::lit(3.0)), z * (z + T::lit(3.0)) / T::lit(6.0), z);
    T::select(z.gt(T::lit(-3.0)), inside, T::lit(0.0))
}

/// `torch.sin`.
#[inline(always)]
fn sine<T: Real>(z: T, _params: &[T; 2]) -> T {
    z.sin()
}

/// e^(-z^2).
#[inline(always)]
fn gaussian<T: Real>(z: T, _params: &[T; 2]) -> T {
    (-(z * z)).exp()
}

/// The table, and for each row the match that stands outside the loops.
macro_rules! activations {
    (
        $(#[$meta:meta])*
        pub enum Activation {
            $( $(#[doc = $doc:literal])* $variant:ident = $formula:ident => $entry:expr; )+
        }
    ) => {
        table! {
            $(#[$meta])*
            pub enum Activation { $( $(#[doc = $doc])* $variant => $entry; )+ }
        }

        impl Activation {
            /// The activation of one weighted sum.
            #[inline(always)]
            pub fn value<T: Real>(self, z: T, params: &[T; 2]) -> T {
                match self { $( Self::$variant => $formula(z, params), )+ }
            }

            /// a = f(z), slices of one length.
            pub fn forward<T: Float>(self, params: &[f64; 2], z: &[T], a: &mut [T]) {
                let params = params.map(T::from_f64);
                match self { $( Self::$variant => map(z, a, |z| $formula(z, &params)), )+ }
            }

            /// a = f(z) and slope = f'(z) in one pass, slices of one length.
            pub fn forward_with_slope<T: Float>(self, params: &[f64; 2], z: &[T], a: &mut [T], slope: &mut [T]) {
                let params = params.map(|param| Dual::constant(T::from_f64(param)));
                match self {
                    $( Self::$variant => map_with_slope(z, a, slope, |z| $formula(z, &params)), )+
                }
            }
        }
    };
}

#[inline(always)]
fn map<T: Float>(z: &[T], a: &mut [T], formula: impl Fn(T) -> T) {
    debug_assert_eq!(z.len(), a.len());
    for (a, &z) in a.iter_mut().zip(z) {
        *a = formula(z);
    }
}

#[inline(always)]
fn map_with_slope<T: Float>(
    z: &[T],
    a: &mut [T],
    slope: &mut [T],
    formula: impl Fn(Dual<T>) -> Dual<T>,
) {
    debug_assert_eq!((z.len(), z.len()), (a.len(), slope.len()));
    for ((a, slope), &z) in a.iter_mut().zip(slope).zip(z) {
        let result = formula(Dual::variable(z));
        *a = result.value;
        *slope = result.slope;
    }
}

activations! {
    /// The element-wise activations. Every one may stand in a hidden layer or at the output.
    ///
    /// ```
    /// use neural_playground::formula::activation::Activation;
    ///
    /// let (mut a, mut slope) = ([0.0_f32; 3], [0.0_f32; 3]);
    /// Activation::LeakyRelu.forward_with_slope(&[0.5, 0.0], &[-2.0, 0.0, 3.0], &mut a, &mut slope);
    /// assert_eq!((a, slope), ([-1.0, 0.0, 3.0], [0.5, 0.5, 1.0]));
    /// ```
    pub enum Activation {
        /// z.
        Linear = linear => Entry {
            id: "linear", params: &[],
            pytorch: Some("torch.nn.Identity()"), keras: Some("linear"), onnx: Some("Identity"),
            latex: r"z", reference: "https://pytorch.org/docs/stable/generated/torch.nn.Identity.html",
        };
        /// 1 / (1 + e^-z).
        Sigmoid = sigmoid => Entry {
            id: "sigmoid", params: &[],
            pytorch: Some("torch.nn.Sigmoid()"), keras: Some("sigmoid"), onnx: Some("Sigmoid"),
            latex: r"\frac{1}{1+e^{-z}}", reference: "https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html",
        };
        /// tanh z.
        Tanh = tanh => Entry {
            id: "tanh", params: &[],
            pytorch: Some("torch.nn.Tanh()"), keras: Some("tanh"), onnx: Some("Tanh"),
            latex: r"\tanh z", reference: "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998",
        };
        /// max(0, z).
        Relu = relu => Entry {
            id: "relu", params: &[],
            pytorch: Some("torch.nn.ReLU()"), keras: Some("relu"), onnx: Some("Relu"),
            latex: r"\max(0, z)", reference: "Glorot, Bordes and Bengio, Deep Sparse Rectifier Neural Networks, 2011",
        };
        /// z, or slope z below 0.
        LeakyRelu = leaky_relu => Entry {
            id: "leaky_relu", params: &[Param::linear("slope", 0.0, 1.0, 0.01)],
            pytorch: Some("torch.nn.LeakyReLU(negative_slope={slope})"),
            keras: Some("keras.layers.LeakyReLU(negative_slope={slope})"),
            onnx: Some("LeakyRelu"),
            latex: r"\begin{cases}z & z>0\\ \mathrm{slope}\cdot z & z\le 0\end{cases}",
            reference: "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013",
        };
        /// z, or alpha (e^z - 1) below 0.
        Elu = elu => Entry {
            id: "elu", params: &[Param::linear("alpha", 0.0, 10.0, 1.0)],
            pytorch: Some("torch.nn.ELU(alpha={alpha})"),
            keras: Some("keras.layers.ELU(alpha={alpha})"),
            onnx: Some("Elu"),
            latex: r"\begin{cases}z & z>0\\ \alpha(e^z-1) & z\le 0\end{cases}",
            reference: "Clevert, Unterthiner and Hochreiter, arXiv:1511.07289, 2015",
        };
        /// ELU scaled so that activations normalise themselves.
        Selu = selu => Entry {
            id: "selu", params: &[],
            pytorch: Some("torch.nn.SELU()"), keras: Some("selu"), onnx: Some("Selu"),
            latex: r"1.0507\begin{cases}z & z>0\\ 1.6733(e^z-1) & z\le 0\end{cases}",
            reference: "Klambauer, Unterthiner, Mayr and Hochreiter, arXiv:1706.02515, 2017",
        };
        /// z Phi(z).
        Gelu = gelu => Entry {
            id: "gelu", params: &[],
            pytorch: Some("torch.nn.GELU()"), keras: Some("gelu"), onnx: Some("Gelu"),
            latex: r"\tfrac{z}{2}\left(1+\operatorname{erf}\tfrac{z}{\sqrt2}\right)",
            reference: "Hendrycks and Gimpel, arXiv:1606.08415, 2016",
        };
        /// GELU by its tanh approximation.
        GeluTanh = gelu_tanh => Entry {
            id: "gelu_tanh", params: &[],
            pytorch: Some(r#"torch.nn.GELU(approximate="tanh")"#),
            keras: Some("lambda z: keras.ops.gelu(z, approximate=True)"),
            onnx: Some("Gelu"),
            latex: r"\tfrac{z}{2}\left(1+\tanh\left(\sqrt{\tfrac2\pi}\,(z+0.044715z^3)\right)\right)",
            reference: "Hendrycks and Gimpel, arXiv:1606.08415, 2016",
        };
        /// z sigmoid(z).
        Silu = silu => Entry {
            id: "silu", params: &[],
            pytorch: Some("torch.nn.SiLU()"), keras: Some("silu"), onnx: Some("Swish"),
            latex: r"\frac{z}{1+e^{-z}}", reference: "Elfwing, Uchibe and Doya, arXiv:1702.03118, 2017",
        };
        /// ln(1 + e^z).
        Softplus = softplus => Entry {
            id: "softplus", params: &[],
            pytorch: Some("torch.nn.Softplus()"), keras: Some("softplus"), onnx: Some("Softplus"),
            latex: r"\ln(1+e^z)", reference: "Dugas, Bengio, Bélisle, Nadeau and Garcia, 2001",
        };
        /// z / (1 + |z|).
        Softsign = softsign => Entry {
            id: "softsign", params: &[],
            pytorch: Some("torch.nn.Softsign()"), keras: Some("softsign"), onnx: Some("Softsign"),
            latex: r"\frac{z}{1+|z|}", reference: "Glorot and Bengio, 2010",
        };
        /// z tanh(softplus(z)).
        Mish = mish => Entry {
            id: "mish", params: &[],
            pytorch: Some("torch.nn.Mish()"), keras: Some("mish"), onnx: Some("Mish"),
            latex: r"z\tanh(\ln(1+e^z))", reference: "Misra, arXiv:1908.08681, 2019",
        };
        /// A sigmoid of three straight pieces.
        HardSigmoid = hard_sigmoid => Entry {
            id: "hard_sigmoid", params: &[],
            pytorch: Some("torch.nn.Hardsigmoid()"), keras: Some("hard_sigmoid"), onnx: Some("HardSigmoid"),
            latex: r"\min\left(1,\max\left(0,\tfrac{z}{6}+\tfrac12\right)\right)",
            reference: "https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html",
        };
        /// z hard_sigmoid(z).
        HardSwish = hard_swish => Entry {
            id: "hard_swish", params: &[],
            pytorch: Some("torch.nn.Hardswish()"), keras: Some("hard_swish"), onnx: Some("HardSwish"),
            latex: r"z\min\left(1,\max\left(0,\tfrac{z}{6}+\tfrac12\right)\right)",
            reference: "Howard et al., Searching for MobileNetV3, arXiv:1905.02244, 2019",
        };
        /// sin z.
        Sine = sine => Entry {
            id: "sine", params: &[],
            pytorch: Some("torch.sin"), keras: Some("keras.ops.sin"), onnx: Some("Sin"),
            latex: r"\sin z", reference: "Sitzmann et al., arXiv:2006.09661, 2020",
        };
        /// e^(-z^2).
        Gaussian = gaussian => Entry {
            id: "gaussian", params: &[],
            pytorch: Some("lambda z: torch.exp(-z.square())"),
            keras: Some("lambda z: keras.ops.exp(-keras.ops.square(z))"),
            onnx: None,
            latex: r"e^{-z^2}", reference: "Broomhead and Lowe, 1988",
        };
    }
}

/// Softmax, at the output only: it couples the units of a layer. Its arithmetic is in [`loss`](super::loss).
pub const SOFTMAX: Entry = Entry {
    id: "softmax",
    params: &[],
    pytorch: Some("torch.nn.Softmax(dim=-1)"),
    keras: Some("softmax"),
    onnx: Some("Softmax"),
    latex: r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
    reference: "Bridle, 1990",
}
.carried();

impl Activation {
    /// Two WGSL functions: `activation_<id>(z, params) -> f32` and `activation_<id>_with_slope(z, params) ->
    /// vec2<f32>` (value, slope), `params: vec2<f32>`.
    pub fn wgsl(self) -> String {
        let name = format!("activation_{}", self.id());
        let arguments = "z: f32, params: vec2<f32>";
        let params = || [Wgsl::name("params.x"), Wgsl::name("params.y")];
        let value = wgsl_function(&name, arguments, "f32", || {
            vec![self.value(Wgsl::name("z"), &params())]
        });
        let with_slope = wgsl_function(
            &format!("{name}_with_slope"),
            arguments,
            "vec2<f32>",
            || {
                let result = self.value(
                    Dual::variable(Wgsl::name("z")),
                    &params().map(Dual::constant),
                );
                vec![result.value, result.slope]
            },
        );
        format!("{value}\n{with_slope}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(activation: Activation, z: f64) -> Dual<f64> {
        let params = super::super::pair(&activation.entry().defaults()).map(Dual::constant);
        activation.value(Dual::variable(z), &params)
    }

    #[test]
    fn softplus_derivative_is_half_at_zero() {
        assert_eq!(at(Activation::Softplus, 0.0).slope, 0.5);
    }

    #[test]
    fn relu_derivative_is_zero_at_zero() {
        assert_eq!(at(Activation::Relu, 0.0).slope, 0.0);
    }

    #[test]
    fn leaky_relu_derivative_is_its_slope_at_zero() {
        assert_eq!(at(Activation::LeakyRelu, 0.0).slope, 0.01);
    }

    #[test]
    fn elu_derivative_is_alpha_at_zero() {
        let params = [2.5, 0.0].map(Dual::constant);
        assert_eq!(
            Activation::Elu.value(Dual::variable(0.0), &params).slope,
            2.5
        );
    }

    #[test]
    fn selu_derivative_is_scale_times_alpha_at_zero() {
        assert!((at(Activation::Selu, 0.0).slope - 1.758_099_340_847_376_6).abs() < 1e-15);
    }

    #[test]
    fn hard_sigmoid_is_flat_at_both_kinks() {
        assert_eq!(
            (
                at(Activation::HardSigmoid, -3.0).slope,
                at(Activation::HardSigmoid, 3.0).slope
            ),
            (0.0, 0.0)
        );
        assert_eq!(
            (
                at(Activation::HardSigmoid, -3.0).value,
                at(Activation::HardSigmoid, 3.0).value
            ),
            (0.0, 1.0)
        );
    }

    #[test]
    fn hard_swish_is_flat_at_minus_three_and_the_identity_at_three() {
        assert_eq!(
            (
                at(Activation::HardSwish, -3.0).slope,
                at(Activation::HardSwish, 3.0).slope
            ),
            (0.0, 1.0)
        );
    }

    #[test]
    fn softsign_derivative_is_one_at_zero() {
        assert_eq!(at(Activation::Softsign, 0.0).slope, 1.0);
    }

    // From Python's math module, by the definitions.
    #[test]
    #[expect(clippy::unreadable_literal, reason = "printed figures")]
    fn values_are_those_of_the_definitions() {
        for (activation, z, expected) in [
            (Activation::Gelu, 1.0, 0.8413447460685429),
            (Activation::Gelu, -2.0, -0.04550026389635844),
            (Activation::GeluTanh, 1.0, 0.8411919906082768),
            (Activation::Selu, -1.0, -1.1113307378125625),
            (Activation::Selu, 2.0, 2.101401974710961),
            (Activation::Silu, 1.0, 0.7310585786300049),
            (Activation::Elu, -1.0, -0.6321205588285577),
            (Activation::Mish, 1.0, 0.8650983882673103),
            (Activation::Softplus, 1.0, 1.3132616875182228),
            (Activation::Gaussian, 1.0, 0.36787944117144233),
            (Activation::HardSigmoid, 1.0, 0.6666666666666666),
            (Activation::HardSwish, 1.0, 0.6666666666666666),
            (Activation::Softsign, -3.0, -0.75),
        ] {
            let found = at(activation, z).value;
            assert!(
                (found - expected).abs() < 4e-16,
                "{activation:?}({z}) = {found}, expected {expected}"
            );
        }
    }
}
