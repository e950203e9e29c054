//! Walks every table of `formula`: ids, limits, finiteness, f32 against f64, derivatives against central differences
//! on both sides of every seam, WGSL accepted by naga. Facts about one row stand beside its code.

// naga is a native dependency; the bits of f32 are the same in wasm.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::HashSet;

use neural_playground::formula::activation::{Activation, SOFTMAX};
use neural_playground::formula::initializer::Initializer;
use neural_playground::formula::loss::{
    Loss, cross_entropy, cross_entropy_with_slope, log_sum_exp, softmax,
};
use neural_playground::formula::metric::Metric;
use neural_playground::formula::optimizer::{Clock, MAX_SCALARS, MAX_STATE, Optimizer};
use neural_playground::formula::penalty::{self, Clip, Penalty};
use neural_playground::formula::schedule::Schedule;
use neural_playground::formula::{Entry, PRIMITIVES_WGSL, Param, Params, Scale, pair};
use neural_playground::real::{Dual, Real};

/// f32 beside f64, relative to 1 + |value|: a dozen roundings of 6e-8, and erf's 3e-7.
const NARROW_VALUE: f64 = 1e-6;
/// The same of derivatives, which have about twice as many roundings. GELU's and Mish's are products of terms that
/// are up to 2 and nearly cancel.
const NARROW_SLOPE: f64 = 2e-6;
/// Central differences with step 1e-5 in f64: truncation h^2 f''' / 6 and rounding eps |f| / h are each below 2e-9
/// for |z| <= 50, relative to 1 + |slope|.
const DIFFERENCE: f64 = 1e-8;
const DIFFERENCE_STEP: f64 = 1e-5;
/// Twenty optimizer steps in f32 beside f64, relative to 1 + |p|: four roundings of 6e-8 in each step.
const NARROW_OPTIMIZER: f64 = 5e-6;

/// Where a formula or its derivative is made of pieces.
const SEAMS: [f64; 10] = [-20.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0, 20.0];

fn grid() -> Vec<f64> {
    let even = (-5_000..=5_000).map(|k| f64::from(k) * 0.01);
    let far = [-1e4, -1e3, -100.0, 100.0, 1e3, 1e4];
    let near = SEAMS
        .iter()
        .flat_map(|seam| [-1e-2, -1e-4, -1e-6, 0.0, 1e-6, 1e-4, 1e-2].map(|offset| seam + offset));
    even.chain(far).chain(near).collect()
}

/// The grid without its far ends and without points closer to a seam than the step of a central difference.
fn smooth_grid() -> Vec<f64> {
    let clear = |z: &f64| {
        SEAMS
            .iter()
            .all(|seam| (z - seam).abs() > 1.5 * DIFFERENCE_STEP)
    };
    grid()
        .into_iter()
        .filter(|z| z.abs() <= 50.0)
        .filter(clear)
        .collect()
}

/// Default parameters and the ends of each one's range (held to 100, beyond which only rounding is tested).
fn parameter_sets(entry: &Entry) -> Vec<[f64; 2]> {
    let defaults = pair(&entry.defaults());
    let mut sets = vec![defaults];
    for (position, param) in entry.params.iter().enumerate() {
        for value in [param.min, param.max.min(100.0)] {
            let mut set = defaults;
            set[position] = value;
            sets.push(set);
        }
    }
    sets
}

fn tables() -> Vec<(&'static str, Vec<Entry>)> {
    let mut activations = Activation::ENTRIES.to_vec();
    activations.push(SOFTMAX);
    vec![
        ("activation", activations),
        ("loss", Loss::ENTRIES.to_vec()),
        ("optimizer", Optimizer::ENTRIES.to_vec()),
        ("schedule", Schedule::ENTRIES.to_vec()),
        ("penalty", Penalty::ENTRIES.to_vec()),
        ("clip", Clip::ENTRIES.to_vec()),
        ("initializer", Initializer::ENTRIES.to_vec()),
    ]
}

fn is_snake_case(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn ids_are_permanent_unique_and_snake_case() {
    let expected = [
        "linear sigmoid tanh relu leaky_relu elu selu gelu gelu_tanh silu softplus softsign mish \
         hard_sigmoid hard_swish sine gaussian softmax",
        "mse half_mse mae huber log_cosh binary_cross_entropy categorical_cross_entropy hinge",
        "gd sgd momentum nesterov adagrad rmsprop adadelta adam adamw nadam lion",
        "constant step exponential cosine cosine_restarts warm_up one_cycle cyclic reduce_on_plateau",
        "none l1 l2 elastic_net weight_decay",
        "none norm value",
        "zeros constant uniform normal glorot_uniform glorot_normal he_uniform he_normal \
         lecun_uniform lecun_normal orthogonal",
    ];
    for ((table, entries), expected) in tables().iter().zip(expected) {
        let ids: Vec<&str> = entries.iter().map(|entry| entry.id).collect();
        assert_eq!(
            ids,
            expected.split_whitespace().collect::<Vec<_>>(),
            "{table}"
        );
        assert_eq!(
            ids.iter().collect::<HashSet<_>>().len(),
            ids.len(),
            "{table}"
        );
        assert!(ids.iter().all(|id| is_snake_case(id)), "{table}");
    }
    let metrics: Vec<&str> = Metric::ALL.iter().map(|metric| metric.id()).collect();
    let expected = "loss accuracy balanced_accuracy precision recall f1 precision_macro recall_macro f1_macro \
                    precision_micro recall_micro f1_micro log_loss rmse mae r2";
    assert_eq!(metrics, expected.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn ids_lead_back_to_their_rows() {
    assert!(
        Activation::ALL
            .iter()
            .all(|row| Activation::from_id(row.id()) == Some(*row))
    );
    assert!(
        Loss::ALL
            .iter()
            .all(|row| Loss::from_id(row.id()) == Some(*row))
    );
    assert!(
        Optimizer::ALL
            .iter()
            .all(|row| Optimizer::from_id(row.id()) == Some(*row))
    );
    assert!(
        Schedule::ALL
            .iter()
            .all(|row| Schedule::from_id(row.id()) == Some(*row))
    );
    assert!(
        Metric::ALL
            .iter()
            .all(|row| Metric::from_id(row.id()) == Some(*row))
    );
    assert_eq!(Activation::from_id("softmax"), None);
}

#[test]
fn parameters_have_limits_around_their_defaults() {
    for (table, entries) in tables() {
        for entry in entries {
            let ids: HashSet<_> = entry.params.iter().map(|param| param.id).collect();
            assert_eq!(ids.len(), entry.params.len(), "{table}.{}", entry.id);
            assert!(!entry.latex.is_empty(), "{table}.{}", entry.id);
            for Param {
                id,
                min,
                max,
                default,
                scale,
                integer,
            } in entry.params
            {
                let path = format!("{table}.{}.{id}", entry.id);
                assert!(is_snake_case(id) && *id != "id", "{path}");
                assert!(min < max && (min..=max).contains(&default), "{path}");
                assert!(*scale == Scale::Linear || *min >= 0.0, "{path}");
                assert!(
                    !integer || [min, max, default].iter().all(|x| x.fract() == 0.0),
                    "{path}"
                );
            }
        }
    }
}

#[test]
fn choices_made_from_rows_resolve_to_the_same_rows() {
    for row in Optimizer::ALL {
        let params = row.entry().defaults();
        let choice = row.entry().choice(&params);
        assert_eq!(
            Optimizer::resolve(&choice, "training.optimizer"),
            Ok((*row, params))
        );
    }
}

#[test]
fn every_optimizer_has_its_learning_rate_first() {
    assert!(
        Optimizer::ENTRIES
            .iter()
            .all(|entry| entry.position("learning_rate") == Some(0))
    );
}

// ------------------------------------------------------------------------------------ activations

fn activation_at(row: Activation, params: &[f64; 2], z: f64) -> Dual<f64> {
    row.value(Dual::variable(z), &params.map(Dual::constant))
}

#[test]
fn activations_are_finite_and_f32_agrees_with_f64() {
    let z = grid();
    let narrow_z: Vec<f32> = z.iter().map(|&z| z as f32).collect();
    let (mut a, mut slope) = (vec![0.0_f32; z.len()], vec![0.0_f32; z.len()]);
    let mut a_alone = vec![0.0_f32; z.len()];
    for &row in Activation::ALL {
        for params in parameter_sets(row.entry()) {
            row.forward_with_slope(&params, &narrow_z, &mut a, &mut slope);
            row.forward(&params, &narrow_z, &mut a_alone);
            assert_eq!(a, a_alone, "{row:?}: the pass without slopes differs");
            // Parameters are rounded to f32 too.
            let rounded = params.map(|param| f64::from(param as f32));
            for ((&z, &a), &slope) in narrow_z.iter().zip(&a).zip(&slope) {
                let exact = activation_at(row, &rounded, f64::from(z));
                assert!(
                    exact.value.is_finite() && exact.slope.is_finite(),
                    "{row:?} {params:?} at {z}: {exact:?}"
                );
                let value_error = (f64::from(a) - exact.value).abs() / (1.0 + exact.value.abs());
                let slope_error =
                    (f64::from(slope) - exact.slope).abs() / (1.0 + exact.slope.abs());
                // sine's argument is reduced in f32: precise up to 1,000, bounded beyond.
                if row == Activation::Sine && z.abs() > 1e3 {
                    assert!(a.abs() <= 1.0 && slope.abs() <= 1.0);
                    continue;
                }
                assert!(
                    value_error <= NARROW_VALUE,
                    "{row:?} {params:?} at {z}: {a}, f64 {}",
                    exact.value
                );
                assert!(
                    slope_error <= NARROW_SLOPE,
                    "{row:?} {params:?} at {z}: slope {slope}, f64 {}",
                    exact.slope
                );
            }
        }
    }
}

#[test]
fn activation_derivatives_agree_with_central_differences() {
    for &row in Activation::ALL {
        for params in parameter_sets(row.entry()) {
            for z in smooth_grid() {
                let h = DIFFERENCE_STEP;
                let difference =
                    (row.value(z + h, &params) - row.value(z - h, &params)) / (2.0 * h);
                let slope = activation_at(row, &params, z).slope;
                let error = (slope - difference).abs() / (1.0 + slope.abs());
                assert!(
                    error <= DIFFERENCE,
                    "{row:?} {params:?} at {z}: {slope}, difference {difference}"
                );
            }
        }
    }
}

#[test]
fn activations_are_continuous_at_their_seams() {
    for &row in Activation::ALL {
        for params in parameter_sets(row.entry()) {
            for seam in SEAMS {
                let (below, above) = (
                    row.value(seam - 1e-9, &params),
                    row.value(seam + 1e-9, &params),
                );
                // Slopes are at most 100 here (elu's alpha is held there).
                assert!(
                    (below - above).abs() < 1e-6,
                    "{row:?} {params:?} at {seam}: {below} {above}"
                );
            }
        }
    }
}

#[test]
fn slices_of_f64_give_what_single_values_give() {
    let z = grid();
    let (mut a, mut slope) = (vec![0.0; z.len()], vec![0.0; z.len()]);
    for &row in Activation::ALL {
        let params = pair(&row.entry().defaults());
        row.forward_with_slope(&params, &z, &mut a, &mut slope);
        for (k, &z) in z.iter().enumerate() {
            assert_eq!(
                Dual {
                    value: a[k],
                    slope: slope[k]
                },
                activation_at(row, &params, z),
                "{row:?} at {z}"
            );
        }
    }
}

// ------------------------------------------------------------------------------------ losses

/// What a loss may be asked: log-probabilities are never above 0.
fn outputs(row: Loss) -> Vec<f64> {
    let all = grid().into_iter();
    if row.is_elementwise() {
        all.collect()
    } else {
        all.filter(|z| *z <= 0.0).collect()
    }
}

fn targets(row: Loss) -> &'static [f64] {
    match row {
        Loss::BinaryCrossEntropy | Loss::CategoricalCrossEntropy => &[0.0, 0.25, 1.0],
        Loss::Hinge => &[-1.0, 1.0],
        Loss::Mse | Loss::HalfMse | Loss::Mae | Loss::Huber | Loss::LogCosh => {
            &[0.0, -1.0, 0.5, 3.0]
        }
    }
}

#[test]
fn losses_are_finite_never_negative_and_f32_agrees_with_f64() {
    for &row in Loss::ALL {
        let y_hat: Vec<f32> = outputs(row).iter().map(|&z| z as f32).collect();
        let (mut value, mut slope) = (vec![0.0_f32; y_hat.len()], vec![0.0_f32; y_hat.len()]);
        for params in parameter_sets(row.entry()) {
            for &target in targets(row) {
                let y = vec![target as f32; y_hat.len()];
                row.forward_with_slope(&params, &y_hat, &y, &mut value, &mut slope);
                let narrow = params.map(|param| param as f32);
                let alone: Vec<f32> = y_hat
                    .iter()
                    .map(|&z| row.value(z, target as f32, &narrow))
                    .collect();
                assert_eq!(value, alone, "{row:?}: the value differs without its slope");
                let rounded = params
                    .map(|param| f64::from(param as f32))
                    .map(Dual::constant);
                for ((&z, &value), &slope) in y_hat.iter().zip(&value).zip(&slope) {
                    let exact = row.value(
                        Dual::variable(f64::from(z)),
                        Dual::constant(target),
                        &rounded,
                    );
                    assert!(
                        exact.value.is_finite() && exact.slope.is_finite() && exact.value >= 0.0
                    );
                    let value_error =
                        (f64::from(value) - exact.value).abs() / (1.0 + exact.value.abs());
                    let slope_error =
                        (f64::from(slope) - exact.slope).abs() / (1.0 + exact.slope.abs());
                    assert!(
                        value_error <= NARROW_VALUE,
                        "{row:?} {params:?} of {z}, {target}: {value} {exact:?}"
                    );
                    assert!(
                        slope_error <= NARROW_SLOPE,
                        "{row:?} {params:?} of {z}, {target}: {slope} {exact:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn loss_derivatives_agree_with_central_differences() {
    let h = DIFFERENCE_STEP;
    for &row in Loss::ALL {
        for params in parameter_sets(row.entry()) {
            for &y in targets(row) {
                // Seams lie around the target and, for Huber, at delta from it.
                let clear = |z: &f64| {
                    let distance = (z - y).abs();
                    [
                        distance,
                        (distance - params[0]).abs(),
                        (distance - 1.0).abs(),
                        (1.0 - z * y).abs(),
                    ]
                    .iter()
                    .all(|gap| *gap > 1.5 * h)
                };
                let near = [-1e-3, 1e-3].iter().flat_map(|gap| {
                    [
                        y + gap,
                        y + params[0] + gap,
                        y - params[0] + gap,
                        y + 1.0 + gap,
                        y - 1.0 + gap,
                    ]
                });
                let near: Vec<f64> = near.filter(|z| row.is_elementwise() || *z <= 0.0).collect();
                let points = outputs(row).into_iter().chain(near);
                for z in points.filter(|z| z.abs() <= 50.0).filter(clear) {
                    let slope = row
                        .value(
                            Dual::variable(z),
                            Dual::constant(y),
                            &params.map(Dual::constant),
                        )
                        .slope;
                    let difference =
                        (row.value(z + h, y, &params) - row.value(z - h, y, &params)) / (2.0 * h);
                    let size = 1.0 + slope.abs() + row.value(z, y, &params) * 1e-3;
                    let error = (slope - difference).abs() / size;
                    assert!(
                        error <= DIFFERENCE,
                        "{row:?} {params:?} of {z}, {y}: {slope} {difference}"
                    );
                }
            }
        }
    }
}

#[test]
fn softmax_sums_to_one_and_cross_entropy_stands_any_logits() {
    for scale in [1e-3, 1.0, 50.0, 1e4_f32] {
        let logits: Vec<f32> = (0..10)
            .map(|k| scale * ((k * 7 % 10) as f32 - 4.5) / 4.5)
            .collect();
        let mut p = vec![0.0; 10];
        softmax(&logits, &mut p);
        // Ten roundings of 6e-8.
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 6e-7);
        for class in 0..10 {
            let mut y = vec![0.0; 10];
            y[class] = 1.0;
            let mut slope = vec![0.0; 10];
            let value = cross_entropy_with_slope(&logits, &y, &mut slope);
            assert!(value.is_finite() && value >= 0.0 && slope.iter().all(|s| s.abs() <= 1.0));
            assert_eq!(value, cross_entropy(&logits, &y));
            let wide: Vec<f64> = logits.iter().map(|&z| f64::from(z)).collect();
            let exact = log_sum_exp(&wide) - wide[class];
            assert!((f64::from(value) - exact).abs() <= NARROW_VALUE * (1.0 + f64::from(scale)));
        }
    }
}

// ------------------------------------------------------------------------------------ optimizers

/// Defaults, and sets that switch every option on.
fn optimizer_params(row: Optimizer) -> Vec<Params> {
    let defaults = row.entry().defaults();
    let with = |changes: &[(&str, f64)]| {
        let mut params = defaults;
        for &(id, value) in changes {
            params[row.entry().position(id).unwrap()] = value;
        }
        params
    };
    let decayed = with(&[("weight_decay", 0.1)]);
    let more: Vec<Params> = match row {
        Optimizer::Momentum => vec![with(&[("dampening", 0.3), ("weight_decay", 0.1)])],
        Optimizer::Adagrad => vec![with(&[("lr_decay", 0.1), ("initial_accumulator", 0.5)])],
        Optimizer::Rmsprop => vec![
            with(&[("momentum", 0.9)]),
            with(&[("centered", 1.0)]),
            with(&[("momentum", 0.5), ("centered", 1.0), ("weight_decay", 0.1)]),
        ],
        Optimizer::Adam | Optimizer::Adamw => {
            vec![with(&[("amsgrad", 1.0), ("weight_decay", 0.1)])]
        }
        Optimizer::Nadam => vec![with(&[
            ("decoupled_weight_decay", 1.0),
            ("weight_decay", 0.1),
        ])],
        Optimizer::Gd
        | Optimizer::Sgd
        | Optimizer::Nesterov
        | Optimizer::Adadelta
        | Optimizer::Lion => vec![],
    };
    [defaults, decayed].into_iter().chain(more).collect()
}

/// The algorithms of `torch.optim` (single tensor, 2.x) and of the Lion paper, transcribed one by one with their own
/// branches and their own state, in f64: the other reading, against which the shared formulas are held.
#[derive(Default)]
struct Transcript {
    step: i32,
    buffer: Option<f64>,
    square: f64,
    other: f64,
    mean: f64,
    mu_product: f64,
}

impl Transcript {
    fn update(&mut self, row: Optimizer, params: &Params, p: f64, g: f64) -> f64 {
        let of = |id: &str| params[row.entry().position(id).unwrap()];
        let (lr, weight_decay) = (of("learning_rate"), of("weight_decay"));
        self.step += 1;
        let power = |base: f64| (0..self.step).fold(1.0, |product, _| product * base);
        let decoupled = matches!(row, Optimizer::Adamw | Optimizer::Lion)
            || (row == Optimizer::Nadam && of("decoupled_weight_decay") == 1.0);
        let (p, g) = if decoupled {
            (p - lr * weight_decay * p, g)
        } else {
            (p, g + weight_decay * p)
        };
        match row {
            Optimizer::Gd | Optimizer::Sgd => p - lr * g,
            Optimizer::Momentum | Optimizer::Nesterov => {
                let momentum = of("momentum");
                let dampening = if row == Optimizer::Momentum {
                    of("dampening")
                } else {
                    0.0
                };
                let buffer = match self.buffer {
                    None => g,
                    Some(buffer) => momentum * buffer + (1.0 - dampening) * g,
                };
                self.buffer = Some(buffer);
                p - lr
                    * if row == Optimizer::Nesterov {
                        g + momentum * buffer
                    } else {
                        buffer
                    }
            }
            Optimizer::Adagrad => {
                if self.step == 1 {
                    self.square = of("initial_accumulator");
                }
                let rate = lr / (1.0 + f64::from(self.step - 1) * of("lr_decay"));
                self.square += g * g;
                p - rate * g / (self.square.sqrt() + of("eps"))
            }
            Optimizer::Rmsprop => {
                let alpha = of("alpha");
                self.square = alpha * self.square + (1.0 - alpha) * g * g;
                let average = if of("centered") == 1.0 {
                    self.mean = alpha * self.mean + (1.0 - alpha) * g;
                    (self.square - self.mean * self.mean).sqrt() + of("eps")
                } else {
                    self.square.sqrt() + of("eps")
                };
                if of("momentum") > 0.0 {
                    self.other = of("momentum") * self.other + g / average;
                    p - lr * self.other
                } else {
                    p - lr * g / average
                }
            }
            Optimizer::Adadelta => {
                let (rho, eps) = (of("rho"), of("eps"));
                self.square = rho * self.square + (1.0 - rho) * g * g;
                let delta = (self.other + eps).sqrt() / (self.square + eps).sqrt() * g;
                self.other = rho * self.other + (1.0 - rho) * delta * delta;
                p - lr * delta
            }
            Optimizer::Adam | Optimizer::Adamw => {
                let (beta1, beta2) = (of("beta1"), of("beta2"));
                self.mean = beta1 * self.mean + (1.0 - beta1) * g;
                self.square = beta2 * self.square + (1.0 - beta2) * g * g;
                self.other = self.other.max(self.square);
                let second = if of("amsgrad") == 1.0 {
                    self.other
                } else {
                    self.square
                };
                let denominator = (second / (1.0 - power(beta2))).sqrt() + of("eps");
                p - lr * (self.mean / (1.0 - power(beta1))) / denominator
            }
            Optimizer::Nadam => {
                let (beta1, beta2, decay) = (of("beta1"), of("beta2"), of("momentum_decay"));
                if self.step == 1 {
                    self.mu_product = 1.0;
                }
                let mu = |step: i32| {
                    beta1 * (1.0 - 0.5 * libm::exp(f64::from(step) * decay * libm::log(0.96)))
                };
                let (now, ahead) = (mu(self.step), mu(self.step + 1));
                self.mu_product *= now;
                self.mean = beta1 * self.mean + (1.0 - beta1) * g;
                self.square = beta2 * self.square + (1.0 - beta2) * g * g;
                let denominator = (self.square / (1.0 - power(beta2))).sqrt() + of("eps");
                let p = p - lr * (1.0 - now) / (1.0 - self.mu_product) * g / denominator;
                p - lr * ahead / (1.0 - self.mu_product * ahead) * self.mean / denominator
            }
            Optimizer::Lion => {
                let (beta1, beta2) = (of("beta1"), of("beta2"));
                let direction = beta1 * self.mean + (1.0 - beta1) * g;
                self.mean = beta2 * self.mean + (1.0 - beta2) * g;
                p - lr
                    * if direction > 0.0 {
                        1.0
                    } else if direction < 0.0 {
                        -1.0
                    } else {
                        0.0
                    }
            }
        }
    }
}

/// A gradient that changes sign and size, now and then 0.
fn gradient(p: f64, step: usize) -> f64 {
    if step % 7 == 5 {
        0.0
    } else {
        3.0 * (p - 0.5) + Real::sin(step as f64)
    }
}

#[test]
fn optimizers_take_the_steps_of_their_references() {
    for &row in Optimizer::ALL {
        for params in optimizer_params(row) {
            let mut transcript = Transcript::default();
            let mut clock = Clock::default();
            let mut state = row.initial_state(&params);
            let (mut p, mut reference) = (1.25, 1.25);
            for step in 0..20 {
                let g = gradient(reference, step);
                reference = transcript.update(row, &params, reference, g);
                let h = row.scalars(&params, params[0], &mut clock);
                (p, state) = row.update(p, g, state, &h);
                // What the optimizer does not keep is lost between steps.
                state[row.state_count(&params)..].fill(0.0);
                let error = (p - reference).abs() / (1.0 + reference.abs());
                assert!(
                    error < 1e-13,
                    "{row:?} {params:?} step {step}: {p}, reference {reference}"
                );
            }
            assert_eq!(clock.step, 20);
        }
    }
}

#[test]
fn optimizers_over_slices_agree_with_single_updates_and_f32_with_f64() {
    const N: usize = 37;
    let start: [f64; N] = std::array::from_fn(|k| (k as f64 - 18.0) * 0.125);
    for &row in Optimizer::ALL {
        for params in optimizer_params(row) {
            let count = row.state_count(&params);
            let initial = row.initial_state(&params);
            let mut clock = Clock::default();
            let mut wide = start;
            let mut wide_state = [initial; N];
            let mut narrow = start.map(|p| p as f32);
            let mut narrow_state: Vec<Vec<f32>> = (0..MAX_STATE)
                .map(|k| vec![initial[k] as f32; if k < count { N } else { 0 }])
                .collect();
            for step in 0..20 {
                // The same gradients for both, so that only the update's own rounding is compared. Small enough to
                // be exact in f32.
                let g: [f64; N] =
                    std::array::from_fn(|k| f64::from(gradient(start[k] * 0.5, step + k) as f32));
                let h = row.scalars(&params, params[0], &mut clock);
                for k in 0..N {
                    let mut state = wide_state[k];
                    (wide[k], state) = row.update(wide[k], g[k], state, &h);
                    state[count..].fill(0.0);
                    wide_state[k] = state;
                }
                let before = (narrow, narrow_state.clone());
                let narrow_g = g.map(|g| g as f32);
                let [first, second, third] = narrow_state.as_mut_slice() else {
                    unreachable!()
                };
                row.update_all(&mut narrow, &narrow_g, [first, second, third], &h);
                let narrow_h: [f32; MAX_SCALARS] = h.map(|h| h as f32);
                for k in 0..N {
                    let state = std::array::from_fn(|s| before.1[s].get(k).copied().unwrap_or(0.0));
                    let (alone, state) = row.update(before.0[k], narrow_g[k], state, &narrow_h);
                    assert_eq!(
                        alone.to_bits(),
                        narrow[k].to_bits(),
                        "{row:?} step {step} element {k}"
                    );
                    for s in 0..count {
                        assert_eq!(
                            state[s].to_bits(),
                            narrow_state[s][k].to_bits(),
                            "{row:?} state {s}"
                        );
                    }
                    // Where Lion's sum is within rounding of 0 its sign is a matter of luck.
                    if row != Optimizer::Lion {
                        let error = (f64::from(narrow[k]) - wide[k]).abs() / (1.0 + wide[k].abs());
                        assert!(
                            error < NARROW_OPTIMIZER,
                            "{row:?} {params:?} step {step}: {} {}",
                            narrow[k],
                            wide[k]
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn optimizers_stand_a_gradient_of_zero_from_the_start() {
    for &row in Optimizer::ALL {
        let params = row.entry().defaults();
        let mut clock = Clock::default();
        let mut state = row.initial_state(&params).map(|s| s as f32);
        for _ in 0..5 {
            let h = row
                .scalars(&params, params[0], &mut clock)
                .map(|h| h as f32);
            let (p, next) = row.update(2.0_f32, 0.0, state, &h);
            state = next;
            // AdamW's default decay shrinks the parameter; nothing else moves it.
            let expected = if row == Optimizer::Adamw {
                2.0 * h[7]
            } else {
                2.0
            };
            assert_eq!(p, expected, "{row:?}");
        }
    }
}

// ------------------------------------------------------------------------------------ penalties

#[test]
fn penalty_slopes_agree_with_central_differences() {
    for row in [Penalty::L2, Penalty::ElasticNet] {
        let [_, l2] = row.strengths(&row.entry().defaults());
        assert!(l2 > 0.0);
        for k in -50..=50 {
            let w = f64::from(k) * 0.1;
            let h = DIFFERENCE_STEP;
            let smooth = [0.0, l2];
            let difference =
                (penalty::value(w + h, &smooth) - penalty::value(w - h, &smooth)) / (2.0 * h);
            assert!((penalty::smooth_slope(w, l2) - difference).abs() < DIFFERENCE);
        }
    }
}

#[test]
fn penalties_over_slices_agree_with_single_values() {
    let w: Vec<f32> = (-20..=20).map(|k| k as f32 * 0.05).collect();
    let strengths = [0.25, 0.5];
    let expected: f64 = w
        .iter()
        .map(|&w| 0.25 * f64::from(w).abs() + 0.5 * f64::from(w) * f64::from(w))
        .sum();
    assert!((penalty::total(&strengths, &w) - expected).abs() < 1e-12);
    let mut g = vec![1.0_f32; w.len()];
    penalty::add_smooth_slope(0.5, &w, &mut g);
    let mut shrunk = w.clone();
    penalty::shrink(0.25, &mut shrunk);
    for k in 0..w.len() {
        assert_eq!(g[k], 1.0 + w[k]);
        assert_eq!(shrunk[k], penalty::soft_threshold(w[k], 0.25));
    }
    assert_eq!(shrunk.iter().filter(|w| **w == 0.0).count(), 11);
}

// ------------------------------------------------------------------------------------ WGSL

fn assert_valid_wgsl(what: &str, text: &str) {
    // What the shaders around the formulas have: the step's scalars.
    let scalars = "fn step_scalar(i: u32) -> f32 { return f32(i); }";
    let source = format!("{PRIMITIVES_WGSL}\n{scalars}\n{text}");
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|error| panic!("{what}: {}\n{text}", error.emit_to_string(&source)));
    let flags = naga::valid::ValidationFlags::all();
    naga::valid::Validator::new(flags, naga::valid::Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|error| panic!("{what}: {error:?}\n{text}"));
}

#[test]
fn naga_accepts_the_wgsl_of_every_row() {
    let mut all = vec![penalty::wgsl()];
    all.extend(Activation::ALL.iter().map(|row| row.wgsl()));
    all.extend(Loss::ALL.iter().map(|row| row.wgsl()));
    all.extend(Optimizer::ALL.iter().map(|row| row.wgsl()));
    for text in &all {
        assert_valid_wgsl(text.lines().next().unwrap(), text);
    }
    // And together, so that no two names collide.
    assert_valid_wgsl("all", &all.join("\n"));
}

#[test]
fn naga_refuses_what_is_wrong_so_that_the_test_above_means_something() {
    assert!(naga::front::wgsl::parse_str("fn f(x: f32) -> f32 { return np_none(x); }").is_err());
}

#[test]
fn wgsl_calls_no_builtin_that_is_unsafe_over_the_whole_range() {
    let rows = Activation::ALL.iter().map(|row| row.wgsl());
    let rows = rows
        .chain(Loss::ALL.iter().map(|row| row.wgsl()))
        .chain(Optimizer::ALL.iter().map(|row| row.wgsl()));
    for text in rows {
        for unsafe_call in ["tanh(", "exp(", "log(", "sin(", "cos(", "sqrt(", "pow("] {
            for (at, _) in text.match_indices(unsafe_call) {
                let before = text[..at].chars().next_back().unwrap();
                assert!(
                    before == '_' || before.is_alphanumeric(),
                    "{unsafe_call} in\n{text}"
                );
            }
        }
        assert!(!text.contains("inf") && !text.contains("nan"), "{text}");
    }
}
