//! Initializers: what parameters are before training.

use super::{Entry, Param, Params, table};
use crate::random::Random;

table! {
    /// The initializers. The normal ones are not truncated, as in PyTorch; Keras truncates at two deviations.
    pub enum Initializer {
        /// 0.
        Zeros => Entry {
            id: "zeros", params: &[],
            pytorch: Some("torch.nn.init.zeros_()"), keras: Some("zeros"), onnx: None, latex: r"0",
            reference: "https://pytorch.org/docs/stable/nn.init.html",
        };
        /// One value.
        Constant => Entry {
            id: "constant", params: &[Param::linear("value", -10.0, 10.0, 0.1)],
            pytorch: Some("torch.nn.init.constant_({value})"),
            keras: Some("keras.initializers.Constant({value})"),
            onnx: None, latex: r"c",
            reference: "https://pytorch.org/docs/stable/nn.init.html",
        };
        /// Evenly on low..high; the two may be given in either order.
        Uniform => Entry {
            id: "uniform",
            params: &[Param::linear("low", -10.0, 10.0, -0.5), Param::linear("high", -10.0, 10.0, 0.5)],
            pytorch: Some("torch.nn.init.uniform_({low}, {high})"),
            keras: Some("keras.initializers.RandomUniform({low}, {high})"),
            onnx: None, latex: r"U(a,b)",
            reference: "https://pytorch.org/docs/stable/nn.init.html",
        };
        /// Normal.
        Normal => Entry {
            id: "normal",
            params: &[Param::linear("mean", -10.0, 10.0, 0.0), Param::log("std", 0.0, 10.0, 0.1)],
            pytorch: Some("torch.nn.init.normal_({mean}, {std})"),
            keras: Some("keras.initializers.RandomNormal({mean}, {std})"),
            onnx: None,
            latex: r"N(\mu,\sigma^2)", reference: "https://pytorch.org/docs/stable/nn.init.html",
        };
        /// Variance 2 / (inputs + outputs), uniform.
        GlorotUniform => Entry {
            id: "glorot_uniform", params: &[],
            pytorch: Some("torch.nn.init.xavier_uniform_()"),
            keras: Some("glorot_uniform"),
            onnx: None,
            latex: r"U(-a,a),\ a=\sqrt{\tfrac{6}{n_{in}+n_{out}}}",
            reference: "Glorot and Bengio, Understanding the Difficulty of Training Deep Networks, 2010",
        };
        /// Variance 2 / (inputs + outputs), normal.
        GlorotNormal => Entry {
            id: "glorot_normal", params: &[],
            pytorch: Some("torch.nn.init.xavier_normal_()"), keras: Some("glorot_normal"), onnx: None,
            latex: r"N\left(0,\tfrac{2}{n_{in}+n_{out}}\right)",
            reference: "Glorot and Bengio, Understanding the Difficulty of Training Deep Networks, 2010",
        };
        /// Variance 2 / inputs, uniform.
        HeUniform => Entry {
            id: "he_uniform", params: &[],
            pytorch: Some(r#"torch.nn.init.kaiming_uniform_(nonlinearity="relu")"#),
            keras: Some("he_uniform"),
            onnx: None,
            latex: r"U(-a,a),\ a=\sqrt{\tfrac{6}{n_{in}}}",
            reference: "He, Zhang, Ren and Sun, arXiv:1502.01852, 2015",
        };
        /// Variance 2 / inputs, normal.
        HeNormal => Entry {
            id: "he_normal", params: &[],
            pytorch: Some(r#"torch.nn.init.kaiming_normal_(nonlinearity="relu")"#),
            keras: Some("he_normal"),
            onnx: None,
            latex: r"N\left(0,\tfrac{2}{n_{in}}\right)",
            reference: "He, Zhang, Ren and Sun, arXiv:1502.01852, 2015",
        };
        /// Variance 1 / inputs, uniform.
        LecunUniform => Entry {
            id: "lecun_uniform", params: &[],
            pytorch: Some(r#"torch.nn.init.kaiming_uniform_(nonlinearity="linear")"#),
            keras: Some("lecun_uniform"),
            onnx: None,
            latex: r"U(-a,a),\ a=\sqrt{\tfrac{3}{n_{in}}}",
            reference: "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998",
        };
        /// Variance 1 / inputs, normal.
        LecunNormal => Entry {
            id: "lecun_normal", params: &[],
            pytorch: Some(r#"torch.nn.init.kaiming_normal_(nonlinearity="linear")"#),
            keras: Some("lecun_normal"),
            onnx: None,
            latex: r"N\left(0,\tfrac{1}{n_{in}}\right)",
            reference: "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998",
        };
        /// Orthonormal rows (or columns, whichever are fewer), times gain.
        Orthogonal => Entry {
            id: "orthogonal", params: &[Param::linear("gain", 0.0, 10.0, 1.0)],
            pytorch: Some("torch.nn.init.orthogonal_(gain={gain})"),
            keras: Some("keras.initializers.Orthogonal(gain={gain})"),
            onnx: None,
            latex: r"W^\top W=g^2I", reference: "Saxe, McClelland and Ganguli, arXiv:1312.6120, 2013",
        };
    }
}

impl Initializer {
    /// Fills a weight matrix (outputs, inputs), row-major, or a bias vector. The value at position i is drawn at
    /// `index + i`. Orthogonal takes `out` as `fan_out` rows.
    pub fn fill(
        self,
        params: &Params,
        fan_in: usize,
        fan_out: usize,
        random: &Random,
        index: u64,
        out: &mut [f64],
    ) {
        let [inputs, outputs] = [fan_in.max(1) as f64, fan_out.max(1) as f64];
        match self {
            Self::Zeros => out.fill(0.0),
            Self::Constant => out.fill(params[0]),
            Self::Uniform => {
                let [low, high] = [params[0], params[1]];
                uniform(random, index, f64::min(low, high), f64::max(low, high), out);
            }
            Self::Normal => normal(random, index, params[0], params[1], out),
            Self::GlorotUniform => symmetric(random, index, 2.0 / (inputs + outputs), out),
            Self::GlorotNormal => normal(
                random,
                index,
                0.0,
                libm::sqrt(2.0 / (inputs + outputs)),
                out,
            ),
            Self::HeUniform => symmetric(random, index, 2.0 / inputs, out),
            Self::HeNormal => normal(random, index, 0.0, libm::sqrt(2.0 / inputs), out),
            Self::LecunUniform => symmetric(random, index, 1.0 / inputs, out),
            Self::LecunNormal => normal(random, index, 0.0, libm::sqrt(1.0 / inputs), out),
            Self::Orthogonal => {
                normal(random, index, 0.0, 1.0, out);
                orthogonalise(fan_out.max(1), params[0], out);
            }
        }
    }
}

fn uniform(random: &Random, index: u64, low: f64, high: f64, out: &mut [f64]) {
    for (at, value) in (index..).zip(out) {
        *value = random.between(at, low, high);
    }
}

/// Uniform around 0 with the given variance: the limit is sqrt(3 variance).
fn symmetric(random: &Random, index: u64, variance: f64, out: &mut [f64]) {
    let limit = libm::sqrt(3.0 * variance);
    uniform(random, index, -limit, limit, out);
}

fn normal(random: &Random, index: u64, mean: f64, std: f64, out: &mut [f64]) {
    for (at, value) in (index..).zip(out) {
        *value = mean + std * random.normal(at);
    }
}

/// Replaces a row-major matrix by gain times the Q of its QR decomposition with positive diagonal of R, or, when it is
/// wider than high, of its transpose's: what `torch.nn.init.orthogonal_` does with its sign correction.
///
/// Gram-Schmidt, each vector cleared twice of those before it, which keeps it orthogonal to rounding (Giraud et al.,
/// 2005). A vector that the others span (possible in theory only) becomes 0.
fn orthogonalise(rows: usize, gain: f64, matrix: &mut [f64]) {
    let columns = matrix.len() / rows;
    if columns == 0 {
        return;
    }
    let by_columns = rows > columns;
    let (count, length) = if by_columns {
        (columns, rows)
    } else {
        (rows, columns)
    };
    let at = |vector: usize, k: usize| {
        if by_columns {
            k * columns + vector
        } else {
            vector * columns + k
        }
    };
    let mut vectors: Vec<f64> = (0..count)
        .flat_map(|vector| (0..length).map(move |k| (vector, k)))
        .map(|(v, k)| matrix[at(v, k)])
        .collect();
    for vector in 0..count {
        let (done, rest) = vectors.split_at_mut(vector * length);
        let current = &mut rest[..length];
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let share = dot(current, other);
                for (x, &y) in current.iter_mut().zip(other) {
                    *x -= share * y;
                }
            }
        }
        let norm = libm::sqrt(dot(current, current));
        let scale = if norm > 0.0 { 1.0 / norm } else { 0.0 };
        for x in current {
            *x *= scale;
        }
    }
    for vector in 0..count {
        for k in 0..length {
            matrix[at(vector, k)] = gain * vectors[vector * length + k];
        }
    }
}

/// Four running sums in a fixed order: the same bits everywhere, and SIMD.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a_blocks, b_blocks) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a_blocks
        .remainder()
        .iter()
        .zip(b_blocks.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in a_blocks.zip(b_blocks) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn filled(initializer: Initializer, fan_in: usize, fan_out: usize) -> Vec<f64> {
        let mut out = vec![f64::NAN; fan_in * fan_out];
        let random = Random::new(11, Purpose::Init);
        initializer.fill(
            &initializer.entry().defaults(),
            fan_in,
            fan_out,
            &random,
            0,
            &mut out,
        );
        out
    }

    #[test]
    fn variances_are_those_of_the_formulas() {
        let (fan_in, fan_out) = (200, 300);
        for (initializer, variance) in [
            (Initializer::Uniform, 1.0 / 12.0),
            (Initializer::Normal, 0.01),
            (Initializer::GlorotUniform, 2.0 / 500.0),
            (Initializer::GlorotNormal, 2.0 / 500.0),
            (Initializer::HeUniform, 2.0 / 200.0),
            (Initializer::HeNormal, 2.0 / 200.0),
            (Initializer::LecunUniform, 1.0 / 200.0),
            (Initializer::LecunNormal, 1.0 / 200.0),
        ] {
            let values = filled(initializer, fan_in, fan_out);
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let found = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
            // Four standard errors: sqrt(2 / n) of the variance (less for uniform), sqrt(variance / n) of the mean.
            assert!(
                (found / variance - 1.0).abs() < 4.0 * (2.0 / n).sqrt(),
                "{initializer:?}: {found}"
            );
            assert!(
                mean.abs() < 4.0 * (variance / n).sqrt(),
                "{initializer:?}: {mean}"
            );
        }
    }

    #[test]
    fn orthogonal_rows_or_columns_are_orthonormal() {
        for (inputs, outputs) in [(7, 7), (13, 5), (5, 13), (1, 4), (4, 1)] {
            let w = filled(Initializer::Orthogonal, inputs, outputs);
            let wide = inputs >= outputs;
            let count = if wide { outputs } else { inputs };
            for a in 0..count {
                for b in 0..count {
                    let product: f64 = if wide {
                        (0..inputs)
                            .map(|k| w[a * inputs + k] * w[b * inputs + k])
                            .sum()
                    } else {
                        (0..outputs)
                            .map(|k| w[k * inputs + a] * w[k * inputs + b])
                            .sum()
                    };
                    let expected = if a == b { 1.0 } else { 0.0 };
                    assert!(
                        (product - expected).abs() < 1e-14,
                        "{inputs}x{outputs} {a} {b}: {product}"
                    );
                }
            }
        }
    }

    #[test]
    fn orthogonal_keeps_the_sign_of_the_first_normal_vector() {
        let mut normals = vec![0.0; 12];
        normal(&Random::new(11, Purpose::Init), 0, 0.0, 1.0, &mut normals);
        let w = filled(Initializer::Orthogonal, 4, 3);
        // Diagonal of R positive: the first row of Q is the first row of normals, normalised.
        let norm = normals[..4].iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!((0..4).all(|k| (w[k] - normals[k] / norm).abs() < 1e-15));
    }

    #[test]
    fn a_value_depends_on_its_index_alone() {
        let random = Random::new(3, Purpose::Init);
        let params = Initializer::HeNormal.entry().defaults();
        let (mut whole, mut part) = (vec![0.0; 8], vec![0.0; 4]);
        Initializer::HeNormal.fill(&params, 4, 2, &random, 100, &mut whole);
        Initializer::HeNormal.fill(&params, 4, 1, &random, 104, &mut part);
        assert_eq!(whole[4..], part[..]);
    }
}
