//! Primitives over the whole range of f32, and every row of the tables, value by value.

use neural_playground::backend::gpu::probe;
use neural_playground::formula::activation::Activation;
use neural_playground::formula::loss::Loss;
use neural_playground::formula::optimizer::{Clock, MAX_SCALARS, Optimizer};
use neural_playground::formula::penalty;
use neural_playground::formula::{PRIMITIVES_WGSL, pair};
use neural_playground::random::{Purpose, Random};
use neural_playground::real::{Dual, Real};

use crate::setting::device;
use crate::tolerance::{arithmetic, erf, exp, gated, gated_erf, ln, saturating, sine};

/// Every magnitude that formulas meet, both signs.
fn everywhere() -> Vec<f32> {
    let mut x = vec![0.0];
    for exponent in -30..=13 {
        for mantissa in [1.0, 1.1, 1.37, 1.5, 1.9] {
            let value = mantissa * 2.0_f32.powi(exponent);
            x.extend([value, -value]);
        }
    }
    x.extend([1e4, -1e4, 3e4, -3e4]);
    x
}

/// Absolute up to 1, relative beyond.
fn error(found: f32, expected: f64) -> f64 {
    (f64::from(found) - expected).abs() / expected.abs().max(1.0)
}

async fn primitives_are_safe_and_precise_over_the_whole_range() {
    type Reference = fn(f64) -> f64;
    let Some(device) = device().await else { return };
    let largest = Real::exp(88.0_f64);
    let everything: Vec<f32> = everywhere();
    let cases: [(&str, Reference, Reference, f32, f32); 10] = [
        ("np_tanh(x)", Real::tanh, saturating, -3e4, 3e4),
        ("np_sigmoid(x)", Real::sigmoid, saturating, -3e4, 3e4),
        ("np_exp(x)", Real::exp, exp, -3e4, 88.0),
        ("np_exp_m1(x)", Real::exp_m1, exp, -3e4, 88.0),
        ("np_ln(x)", Real::ln, ln, 1e-30, 3e4),
        ("np_ln_1p(x)", Real::ln_1p, ln, -0.9, 3e4),
        ("np_sqrt(x)", Real::sqrt, arithmetic, 0.0, 3e4),
        ("np_erf(x)", Real::erf, erf, -3e4, 3e4),
        ("np_sin(x)", Real::sin, sine, -1e3, 1e3),
        ("np_cos(x)", Real::cos, sine, -1e3, 1e3),
    ];
    for line in PRIMITIVES_WGSL
        .lines()
        .filter_map(|line| line.strip_prefix("fn "))
    {
        // A quarter's sine is the sine and the cosine.
        let function = line.split('(').next().unwrap_or_default();
        let tested = cases
            .iter()
            .any(|case| case.0.strip_suffix("(x)") == Some(function));
        assert!(tested || function == "np_sin_quarter", "{function}");
    }
    let expressions: Vec<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    let found = probe(&device, &expressions, &everything).await.unwrap();
    for ((name, reference, limit, low, high), found) in cases.iter().zip(&found) {
        for (&x, &found) in everything.iter().zip(found) {
            assert!(found.is_finite(), "{name} at {x}: {found}");
            if (*low..=*high).contains(&x) {
                let error = error(found, reference(f64::from(x)));
                assert!(
                    error <= limit(f64::from(x)),
                    "{name} at {x}: {found} ({error:e})"
                );
            }
        }
    }
    // Beyond what f32 holds the largest power stands, and saturation is exact.
    let at = async |expression: &str, x: f32| {
        probe(&device, &[expression.to_owned()], &[x])
            .await
            .unwrap()[0][0]
    };
    assert!((f64::from(at("np_exp(x)", 1e4).await) / largest - 1.0).abs() < exp(88.0));
    assert_eq!(
        (at("np_tanh(x)", 1e4).await, at("np_tanh(x)", -1e4).await),
        (1.0, -1.0)
    );
    assert_eq!(
        (at("np_sigmoid(x)", 1e4).await, at("np_exp(x)", -1e4).await),
        (1.0, 0.0)
    );
}

async fn every_activation_and_its_slope() {
    let Some(device) = device().await else { return };
    // Beyond, sine and the slopes of smooth gates lose their digits to the argument's rounding.
    let x: Vec<f32> = everywhere()
        .into_iter()
        .filter(|x| x.abs() <= 50.0)
        .collect();
    let expressions: Vec<String> = Activation::ALL
        .iter()
        .flat_map(|&row| {
            let [first, second] = pair(&row.entry().defaults());
            ["x", "y"].map(|part| {
                let number = row as u32;
                format!(
                    "activation_with_slope({number}u, x, vec2<f32>({first:?}, {second:?})).{part}"
                )
            })
        })
        .collect();
    let found = probe(&device, &expressions, &x).await.unwrap();
    for (&row, found) in Activation::ALL.iter().zip(found.chunks_exact(2)) {
        let params = pair(&row.entry().defaults()).map(|param| Dual::constant(param as f32));
        let limit: fn(f64) -> f64 = match row {
            Activation::Gelu => gated_erf,
            Activation::Sine => sine,
            Activation::Softplus => ln,
            Activation::Silu | Activation::GeluTanh | Activation::Mish => gated,
            _ => saturating,
        };
        for (index, &x) in x.iter().enumerate() {
            let expected = row.value(Dual::variable(x), &params);
            for (what, found, expected) in [
                ("value", found[0][index], expected.value),
                ("slope", found[1][index], expected.slope),
            ] {
                let error = error(found, f64::from(expected));
                assert!(
                    error <= limit(f64::from(x)),
                    "{} at {x}: {what} {found}, expected {expected} ({error:e})",
                    row.id()
                );
            }
        }
    }
}

async fn every_loss_and_its_slope() {
    let Some(device) = device().await else { return };
    let x: Vec<f32> = everywhere()
        .into_iter()
        .filter(|x| x.abs() <= 100.0)
        .collect();
    for target in [-1.0_f32, 0.0, 0.25, 1.0] {
        let rows: Vec<Loss> = Loss::ALL
            .iter()
            .copied()
            .filter(|loss| loss.is_elementwise())
            .collect();
        let expressions: Vec<String> = rows
            .iter()
            .flat_map(|&row| {
                let [first, second] = pair(&row.entry().defaults());
                ["x", "y"].map(|part| {
                    let number = row as u32;
                    format!("loss_with_slope({number}u, x, {target:?}, vec2<f32>({first:?}, {second:?})).{part}")
                })
            })
            .collect();
        let found = probe(&device, &expressions, &x).await.unwrap();
        for (&row, found) in rows.iter().zip(found.chunks_exact(2)) {
            let params = pair(&row.entry().defaults()).map(|param| Dual::constant(param as f32));
            for (index, &x) in x.iter().enumerate() {
                let expected = row.value(Dual::variable(x), Dual::constant(target), &params);
                for (what, found, expected) in [
                    ("value", found[0][index], expected.value),
                    ("slope", found[1][index], expected.slope),
                ] {
                    let error = error(found, f64::from(expected));
                    assert!(
                        error <= ln(f64::from(x)),
                        "{} at {x}: {what} {found}, expected {expected} ({error:e})",
                        row.id()
                    );
                }
            }
        }
    }
}

async fn every_optimizer_at_its_first_and_its_thousandth_step() {
    let Some(device) = device().await else { return };
    let gradients: Vec<f32> = everywhere()
        .into_iter()
        .filter(|x| x.abs() <= 100.0)
        .collect();
    for &row in Optimizer::ALL {
        let mut params = row.entry().defaults();
        params[1] = 0.01;
        for steps in [1, 1000] {
            let mut clock = Clock::default();
            let mut h = [0.0; MAX_SCALARS];
            for _ in 0..steps {
                h = row.scalars(&params, params[0], &mut clock);
            }
            let h = h.map(|value| value as f32);
            let kept = row.state_count(&params);
            let state: [f32; 3] = std::array::from_fn(|index| if index < kept { 0.3 } else { 0.0 });
            let list = h.map(|value| format!("{value:?}")).join(", ");
            let expressions: Vec<String> = ["x", "y", "z", "w"]
                .iter()
                .take(1 + kept)
                .map(|part| {
                    let number = row as u32;
                    let [a, b, c] = state;
                    format!("optimizer({number}u + with_scalars(array<f32, 10>({list})), 0.75, x, vec3<f32>({a:?}, {b:?}, {c:?})).{part}")
                })
                .collect();
            let found = probe(&device, &expressions, &gradients).await.unwrap();
            for (index, &g) in gradients.iter().enumerate() {
                let (p, moved) = row.update(0.75, g, state, &h);
                let expected = [p, moved[0], moved[1], moved[2]];
                for (found, expected) in found.iter().zip(expected) {
                    let error = error(found[index], f64::from(expected));
                    assert!(
                        error <= arithmetic(1.0),
                        "{} after {steps}, gradient {g}: {}, expected {expected} ({error:e})",
                        row.id(),
                        found[index]
                    );
                }
            }
        }
    }
}

async fn what_penalties_and_clipping_do_to_a_value() {
    type Reference = fn(f32) -> f32;
    let Some(device) = device().await else { return };
    let cases: [(&str, Reference); 4] = [
        ("penalty_value(x, vec2<f32>(0.02, 0.03))", |x| {
            penalty::value(x, &[0.02, 0.03])
        }),
        ("penalty_smooth_slope(x, 0.03)", |x| {
            penalty::smooth_slope(x, 0.03)
        }),
        ("penalty_soft_threshold(x, 0.02)", |x| {
            penalty::soft_threshold(x, 0.02)
        }),
        ("clip_value(x, 0.5)", |x| x.clamp(-0.5, 0.5)),
    ];
    let x = everywhere();
    let expressions: Vec<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    let found = probe(&device, &expressions, &x).await.unwrap();
    for ((name, reference), found) in cases.iter().zip(&found) {
        for (&x, &found) in x.iter().zip(found) {
            let expected = reference(x);
            let error = error(found, f64::from(expected));
            assert!(
                error <= arithmetic(f64::from(x)),
                "{name} at {x}: {found}, expected {expected} ({error:e})"
            );
        }
    }
}

async fn random_bits_and_dropout_masks_are_the_cpu_s() {
    let Some(device) = device().await else { return };
    let x: Vec<f32> = (0..2000_u16).map(f32::from).collect();
    let (seed, step, layer, rate) = (12345, 77, 17, 0.3);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of 2^24"
    )]
    let threshold = (rate * 16_777_216.0) as u32;
    let expressions = [
        format!(
            "select(0.0, 1.0, dropout_keeps({seed}u, {step}u, {layer}u, u32(x), {threshold}u))"
        ),
        format!(
            "bitcast<f32>((threefry(vec2<u32>({seed}u, 6u), vec2<u32>(u32(x), 9u)).x & 0x3fffffffu) | 0x800000u)"
        ),
        // 4,000,000,001 rows: both halves of the product matter.
        format!(
            "f32(multiply_high(threefry(vec2<u32>({seed}u, 6u), vec2<u32>(u32(x), 9u)).x, 4000000001u) & 0xffffffu)"
        ),
    ];
    let found = probe(&device, &expressions, &x).await.unwrap();
    let (dropout, batches) = (
        Random::new(seed, Purpose::Dropout),
        Random::new(seed, Purpose::Batches),
    );
    for element in 0..2000_u64 {
        let index = element as usize;
        let kept = dropout.bits(step << 32 | (layer as u64) << 28 | element)[0] >> 8 >= threshold;
        assert_eq!(found[0][index] == 1.0, kept, "mask at {element}");
        let place = 9 << 32 | element;
        assert_eq!(
            found[1][index].to_bits(),
            batches.bits(place)[0] & 0x3fff_ffff | 0x80_0000,
            "bits at {element}"
        );
        assert_eq!(
            found[2][index] as u32,
            batches.below(place, 4_000_000_001) & 0xff_ffff,
            "below at {element}"
        );
    }
}

tests! {
    primitives_are_safe_and_precise_over_the_whole_range,
    every_activation_and_its_slope,
    every_loss_and_its_slope,
    every_optimizer_at_its_first_and_its_thousandth_step,
    what_penalties_and_clipping_do_to_a_value,
    random_bits_and_dropout_masks_are_the_cpu_s,
}
