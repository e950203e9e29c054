//! Back-propagation against central differences, in `f64`.
//!
//! The objective is the mean data loss of one batch plus `lambda sum w^2` over the weights that are trained, with the
//! dropout mask of one fixed step. Its derivative is taken by the four-point central difference with spacing
//! `h = 2e-4` (truncation `h^4 / 30`, rounding about `1e-12`). The relative error is
//! `|analytic - numeric| / max(|analytic|, |numeric|, 1e-5)`: below the floor of `1e-5` the difference's own rounding
//! would be all that one measures.
//!
//! Where a formula has a kink no difference quotient means anything, so a network that comes near one is drawn anew;
//! the kinks themselves are tested by name below.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail as the test does"
)]

use std::collections::BTreeSet;
use std::rc::Rc;

use neural_playground::backend::cpu::{Rates, StepScalars};
use neural_playground::config::{Choice, Config, LayerConfig, Mode};
use neural_playground::data::{Dataset, Part};
use neural_playground::error::Error;
use neural_playground::formula::Entry;
use neural_playground::formula::activation::{Activation, SOFTMAX};
use neural_playground::formula::loss::Loss;
use neural_playground::formula::optimizer::Optimizer;
use neural_playground::formula::penalty::Penalty;
use neural_playground::inspect::gradients;
use neural_playground::plan::Op;
use neural_playground::random::{Purpose, Random};
use neural_playground::train::Run;

const NETWORKS: u64 = 240;
const TOLERANCE: f64 = 1e-6;
const FLOOR: f64 = 1e-5;
const SPACING: f64 = 2e-4;
/// How near a pre-activation or an output may come to a kink: ten times the largest move of a parameter.
const CLEARANCE: f64 = 4e-3;
/// The step whose dropout mask is used throughout.
const STEP: u64 = 17;

/// A stream of draws.
struct Draw {
    random: Random,
    next: u64,
}

impl Draw {
    fn new(seed: u64) -> Self {
        Self {
            random: Random::new(u32::try_from(seed).unwrap(), Purpose::Points),
            next: 0,
        }
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.next += 1;
        self.random.between(self.next, low, high)
    }

    fn below(&mut self, n: usize) -> usize {
        self.next += 1;
        self.random.below(self.next, u32::try_from(n).unwrap()) as usize
    }

    fn chance(&mut self, share: f64) -> bool {
        self.between(0.0, 1.0) < share
    }

    fn choice(&mut self, entry: &Entry) -> Choice {
        let mut choice = Choice::of(entry.id);
        for param in entry.params {
            let value = (param.default * self.between(0.5, 1.5)).clamp(param.min, param.max);
            choice = choice.with(param.id, value);
        }
        choice
    }
}

fn dataset(config: &Config) -> (Dataset, Rc<[f64]>) {
    let dataset = Dataset::build(&config.data, &config.seeds, Mode::Standard, None).unwrap();
    let inputs = dataset
        .inputs
        .iter()
        .map(|value| f64::from(*value))
        .collect();
    (dataset, inputs)
}

/// A config whose loss is the `number`th, and whose layers, data, penalty and dropout are drawn; outputs are drawn
/// until the pairing rules accept one.
fn draw_config(number: u64, draw: &mut Draw) -> Config {
    let index = usize::try_from(number).unwrap();
    let loss = Loss::ALL[index % Loss::ALL.len()];
    let mut config = Config::default();
    loop {
        let classes = [0, 2, 3, 4, 5][draw.below(5)];
        (config.data.dataset, config.data.classes) = match classes {
            0 => ("reg_plane".into(), 3),
            2 => ("circle".into(), 3),
            several => ("blobs".into(), several),
        };
        config.data.samples = 60;
        config.data.noise = 0.3;
        config.seeds.data = u32::try_from(number).unwrap();
        config.seeds.init = u32::try_from(draw.below(1 << 20)).unwrap();
        config.data.scaling = Choice::of("standard");
        // 0 to 4 hidden layers; every activation comes up about NETWORKS * 2 / 17 times.
        config.network.hidden = (0..index / Loss::ALL.len() % 5)
            .map(|layer| {
                let row = (index + layer * 5) % Activation::ALL.len();
                LayerConfig {
                    units: u32::try_from(1 + draw.below(5)).unwrap(),
                    activation: draw.choice(Activation::ALL[row].entry()),
                    dropout: if draw.chance(0.3) {
                        draw.between(0.1, 0.6)
                    } else {
                        0.0
                    },
                    frozen: draw.chance(0.2),
                    learning_rate_factor: 1.0,
                }
            })
            .collect();
        let output = draw.below(Activation::ALL.len() + 4);
        config.network.output.activation = match (loss, Activation::ALL.get(output)) {
            (Loss::BinaryCrossEntropy, _) => Choice::of("sigmoid"),
            (Loss::CategoricalCrossEntropy, _) | (_, None) => Choice::of(SOFTMAX.id),
            (_, Some(activation)) => draw.choice(activation.entry()),
        };
        config.network.output.frozen = draw.chance(0.1);
        config.network.bias_initializer = Choice::of("uniform");
        config.training.loss = draw.choice(loss.entry());
        config.training.batch_size = [1, 2, 3, 5, 8, 13][draw.below(6)];
        let penalty = Penalty::ALL[(index / 3) % Penalty::ALL.len()];
        config.training.penalty = Choice::of(penalty.id());
        for param in penalty.entry().params {
            let lambda = draw.between(0.01, 0.2);
            config.training.penalty = config.training.penalty.clone().with(param.id, lambda);
        }
        let (dataset, inputs) = dataset(&config);
        match Run::<f64>::new(&mut config.clone(), &dataset, inputs, None) {
            Ok(_) => return config,
            Err(Error::Pairing { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// A network that is taken apart: parameters may be set, the objective read.
struct Probe {
    run: Run<f64>,
    config: Config,
    rows: Vec<u32>,
    scalars: StepScalars,
    l2: f64,
}

impl Probe {
    fn new(config: Config, draw: &mut Draw) -> Self {
        let mut config = config;
        config.training.optimizer = Choice::of("sgd");
        let (dataset, inputs) = dataset(&config);
        let run = Run::<f64>::new(&mut config, &dataset, inputs, None).unwrap();
        let start = draw.below(dataset.train.len());
        let batch = config.training.batch_size as usize;
        let rows = dataset.train.iter().cycle().skip(start).take(batch);
        let penalty = Penalty::from_id(&config.training.penalty.id).unwrap();
        let (_, params) = Penalty::resolve(&config.training.penalty, "penalty").unwrap();
        Self {
            rows: rows.copied().collect(),
            run,
            scalars: StepScalars {
                step: STEP,
                dropout: Random::new(7, Purpose::Dropout),
                groups: vec![Rates {
                    learning_rate: 0.0,
                    optimizer: [0.0; neural_playground::formula::optimizer::MAX_SCALARS],
                }],
            },
            l2: penalty.strengths(&params)[1],
            config,
        }
    }

    fn set(&mut self, place: usize, value: f64) {
        self.run.trainer.interpreter().parameters_mut()[place] = value;
    }

    /// Data loss and smooth penalty; the step's own update is by a learning rate of 0.
    fn objective(&mut self) -> f64 {
        let before = self.run.trainer.parameters().to_vec();
        let (rows, scalars) = (self.rows.clone(), self.scalars.clone());
        let loss = self.run.trainer.interpreter().step(&rows, &scalars);
        assert_eq!(
            self.run.trainer.parameters(),
            before,
            "learning rate 0 moved a parameter"
        );
        let layers = &self.run.trainer.plan().network.layers;
        let squares: f64 = layers
            .iter()
            .filter(|layer| !layer.frozen)
            .flat_map(|layer| &before[layer.weight()])
            .map(|weight| weight * weight)
            .sum();
        loss + self.l2 * squares
    }

    fn gradients(&mut self) -> Vec<f64> {
        self.objective();
        self.run.trainer.interpreter().gradients().to_vec()
    }

    fn numeric(&mut self, place: usize) -> f64 {
        let value = self.run.trainer.parameters()[place];
        let mut at = |offset: f64| {
            self.set(place, value + offset * SPACING);
            self.objective()
        };
        let difference = 8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0));
        self.set(place, value);
        difference / (12.0 * SPACING)
    }

    fn frozen(&self, place: usize) -> bool {
        let layers = &self.run.trainer.plan().network.layers;
        layers
            .iter()
            .any(|layer| layer.frozen && layer.parameters().contains(&place))
    }

    /// Distance of the nearest kink of any formula in use, over the batch and with the mask. What is not an input
    /// of a formula with a kink does not count.
    fn clearance(&mut self) -> f64 {
        let network = self.run.trainer.plan().network.clone();
        let parameters = self.run.trainer.parameters().to_vec();
        let (loss, loss_params) = (
            self.run.trainer.plan().loss,
            self.run.trainer.plan().loss_params,
        );
        let data = self.run.trainer.interpreter().data().clone();
        let outputs = network.outputs();
        let mut nearest = f64::INFINITY;
        for (sample, row) in self.rows.iter().enumerate() {
            let row = *row as usize;
            let mut x = data.inputs[row * network.inputs..][..network.inputs].to_vec();
            for (index, layer) in network.layers.iter().enumerate() {
                let weights = &parameters[layer.weight()];
                let biases = &parameters[layer.bias()];
                let z: Vec<f64> = (0..layer.outputs)
                    .map(|unit| {
                        let row = &weights[unit * layer.inputs..][..layer.inputs];
                        biases[unit] + row.iter().zip(&x).map(|(w, x)| w * x).sum::<f64>()
                    })
                    .collect();
                x = match layer.activation {
                    neural_playground::model::Nonlinearity::Softmax => softmax(&z),
                    neural_playground::model::Nonlinearity::ElementWise(activation, params) => {
                        let skipped = index + 1 == network.layers.len() && loss.takes_logits();
                        for (z, kink) in z
                            .iter()
                            .flat_map(|z| kinks(activation).map(move |k| (z, k)))
                        {
                            if !skipped {
                                nearest = nearest.min((z - kink).abs());
                            }
                        }
                        let mut a = vec![0.0; z.len()];
                        activation.forward(&params, &z, &mut a);
                        a
                    }
                };
                if layer.dropout > 0.0 {
                    for (unit, a) in x.iter_mut().enumerate() {
                        let element = (index as u64) << 28 | (sample * layer.outputs + unit) as u64;
                        let bits = self.scalars.dropout.bits(STEP << 32 | element)[0] >> 8;
                        let kept = f64::from(bits) >= (layer.dropout * 16_777_216.0).floor();
                        *a *= if kept {
                            1.0 / (1.0 - layer.dropout)
                        } else {
                            0.0
                        };
                    }
                }
            }
            for (y_hat, y) in x.iter().zip(&data.targets[row * outputs..]) {
                nearest = nearest.min(match loss {
                    Loss::Mae => (y_hat - y).abs(),
                    Loss::Huber => ((y_hat - y).abs() - loss_params[0]).abs(),
                    Loss::Hinge => (1.0 - y * y_hat).abs(),
                    _ => f64::INFINITY,
                });
            }
        }
        nearest
    }
}

fn softmax(z: &[f64]) -> Vec<f64> {
    let exps: Vec<f64> = z.iter().map(|z| libm::exp(*z)).collect();
    let sum: f64 = exps.iter().sum();
    exps.iter().map(|e| e / sum).collect()
}

/// Where a formula, its first or its second derivative jumps.
fn kinks(activation: Activation) -> impl Iterator<Item = f64> {
    let places: &[f64] = match activation {
        Activation::Relu
        | Activation::LeakyRelu
        | Activation::Elu
        | Activation::Selu
        | Activation::Softsign => &[0.0],
        Activation::HardSigmoid | Activation::HardSwish => &[-3.0, 3.0],
        _ => &[],
    };
    places.iter().copied()
}

/// The `number`th network, drawn until it keeps clear of every kink.
fn probe(number: u64) -> Probe {
    for attempt in 0..2000 {
        let mut draw = Draw::new(number * 2000 + attempt);
        let config = draw_config(number, &mut draw);
        let mut probe = Probe::new(config, &mut draw);
        if probe.clearance() > CLEARANCE {
            return probe;
        }
    }
    panic!("network {number}: no draw keeps clear of kinks")
}

fn relative_error(a: f64, b: f64) -> f64 {
    (a - b).abs() / a.abs().max(b.abs()).max(FLOOR)
}

/// What the random networks must have met by the end.
#[derive(Default)]
struct Met {
    hidden: BTreeSet<String>,
    outputs: BTreeSet<String>,
    losses: BTreeSet<String>,
    penalties: BTreeSet<String>,
    depths: BTreeSet<usize>,
    batches: BTreeSet<u32>,
    classes: BTreeSet<usize>,
    dropout: usize,
    frozen: usize,
    softmax_without_cross_entropy: usize,
    largest_gradient: f64,
}

impl Met {
    fn note(&mut self, probe: &Probe) {
        let Config {
            network, training, ..
        } = &probe.config;
        self.hidden.extend(
            network
                .hidden
                .iter()
                .map(|layer| layer.activation.id.clone()),
        );
        self.outputs.insert(network.output.activation.id.clone());
        self.losses.insert(training.loss.id.clone());
        self.penalties.insert(training.penalty.id.clone());
        self.depths.insert(network.hidden.len());
        self.batches.insert(training.batch_size);
        self.classes.insert(probe.run.judge.classes);
        self.dropout += usize::from(network.hidden.iter().any(|layer| layer.dropout > 0.0));
        self.frozen += usize::from(network.hidden.iter().any(|layer| layer.frozen));
        self.softmax_without_cross_entropy += usize::from(
            network.output.activation.id == "softmax"
                && training.loss.id != "categorical_cross_entropy",
        );
    }
}

#[test]
fn gradients_of_random_networks_are_their_central_differences() {
    let mut met = Met::default();
    let mut worst = (0.0, String::new());
    for number in 0..NETWORKS {
        let mut probe = probe(number);
        met.note(&probe);
        let analytic = probe.gradients();
        for (place, analytic) in analytic.iter().enumerate() {
            if probe.frozen(place) {
                assert_eq!(
                    *analytic, 0.0,
                    "network {number}: a frozen parameter has a gradient"
                );
                continue;
            }
            let numeric = probe.numeric(place);
            let error = relative_error(*analytic, numeric);
            met.largest_gradient = met.largest_gradient.max(analytic.abs());
            // A NaN is the worst of all.
            if error.is_nan() || error > worst.0 {
                let text = format!(
                    "network {number}, parameter {place}: {analytic:e} against {numeric:e} in {:?} {:?}",
                    probe.config.network, probe.config.training
                );
                worst = (error, text);
            }
        }
    }
    assert!(
        worst.0 < TOLERANCE,
        "relative error {:e}: {}",
        worst.0,
        worst.1
    );
    println!("{NETWORKS} networks, largest relative error {:e}", worst.0);

    let ids = |entries: &[Entry]| {
        entries
            .iter()
            .map(|entry| entry.id.to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(met.hidden, ids(Activation::ENTRIES));
    let mut outputs = ids(Activation::ENTRIES);
    outputs.insert(SOFTMAX.id.to_owned());
    assert_eq!(met.outputs, outputs);
    assert_eq!(met.losses, ids(Loss::ENTRIES));
    assert_eq!(met.penalties, ids(Penalty::ENTRIES));
    assert_eq!(met.depths, (0..=4).collect());
    assert_eq!(met.batches, [1, 2, 3, 5, 8, 13].into());
    assert_eq!(met.classes, [0, 2, 3, 4, 5].into());
    assert!(
        met.dropout > 40 && met.frozen > 40,
        "{} {}",
        met.dropout,
        met.frozen
    );
    assert!(met.softmax_without_cross_entropy > 5);
    assert!(met.largest_gradient > 1.0);
}

/// The mask is a function of step, layer, sample and unit: what the objective above rests on.
#[test]
fn one_step_has_one_dropout_mask_and_the_next_step_another() {
    let mut draw = Draw::new(1);
    let mut config = Config::default();
    config.network.hidden = vec![LayerConfig {
        dropout: 0.5,
        ..LayerConfig::new(16, "tanh")
    }];
    let mut probe = Probe::new(config, &mut draw);
    let first = probe.objective();
    assert_eq!(first.to_bits(), probe.objective().to_bits());
    probe.scalars.step += 1;
    assert_ne!(first.to_bits(), probe.objective().to_bits());
}

fn frozen_config(frozen: [bool; 4]) -> Config {
    let mut config = Config::default();
    config.data.samples = 60;
    config.network.hidden = frozen[..3]
        .iter()
        .map(|frozen| LayerConfig {
            frozen: *frozen,
            ..LayerConfig::new(3, "tanh")
        })
        .collect();
    config.network.output.frozen = frozen[3];
    config
}

#[test]
fn a_frozen_layer_keeps_its_bits_under_every_optimizer_and_penalty() {
    for optimizer in Optimizer::ALL {
        for penalty in Penalty::ALL {
            let mut config = frozen_config([false, true, false, true]);
            config.training.optimizer = Choice::of(optimizer.id());
            config.training.penalty = Choice::of(penalty.id());
            config.training.clip = Choice::of("norm").with("limit", 0.1);
            config.training.max_norm = 0.3;
            let (dataset, inputs) = dataset(&config);
            let mut run = Run::<f64>::new(&mut config, &dataset, inputs, None).unwrap();
            let before = run.trainer.parameters().to_vec();
            for _ in 0..5 {
                assert!(run.step(&dataset).is_none());
            }
            let after = run.trainer.parameters().to_vec();
            for layer in &run.trainer.plan().network.layers {
                let (old, new) = (&before[layer.parameters()], &after[layer.parameters()]);
                let name = format!("{} {}", optimizer.id(), penalty.id());
                assert_eq!(layer.frozen, old == new, "{name}");
            }
        }
    }
}

#[test]
fn the_gradient_stops_at_the_first_trained_layer() {
    for (frozen, first) in [
        ([false; 4], 0),
        ([true, false, true, false], 1),
        ([true, true, false, true], 2),
        ([true, true, true, false], 3),
    ] {
        let mut config = frozen_config(frozen);
        let (dataset, inputs) = dataset(&config);
        let run = Run::<f64>::new(&mut config, &dataset, inputs, None).unwrap();
        let layers = |pick: fn(&Op) -> Option<usize>| -> Vec<usize> {
            run.trainer
                .plan()
                .step
                .iter()
                .rev()
                .filter_map(pick)
                .collect()
        };
        let inputs = layers(|op| match op {
            Op::GradInput { layer, .. } => Some(*layer),
            _ => None,
        });
        assert_eq!(inputs, (first + 1..4).collect::<Vec<_>>());
        let trained: Vec<usize> = (0..4).filter(|layer| !frozen[*layer]).collect();
        let weights = layers(|op| match op {
            Op::GradWeight { layer, .. } => Some(*layer),
            _ => None,
        });
        assert_eq!(weights, trained);
    }
}

#[test]
fn a_wholly_frozen_network_has_no_backward_pass_and_never_moves() {
    let mut config = frozen_config([true; 4]);
    let (dataset, inputs) = dataset(&config);
    let mut run = Run::<f64>::new(&mut config, &dataset, inputs, None).unwrap();
    let before = run.trainer.parameters().to_vec();
    for _ in 0..10 {
        assert!(run.step(&dataset).is_none());
    }
    assert_eq!(run.trainer.parameters(), before);
    assert!(run.trainer.last_loss().unwrap() > 0.0);
}

// ------------------------------------------------------------ kinks, by name

/// Slope at `z` as training sees it.
fn slope(activation: Activation, z: f64) -> f64 {
    let defaults = activation.entry().defaults();
    let (mut a, mut slope) = ([0.0], [0.0]);
    activation.forward_with_slope(&[defaults[0], defaults[1]], &[z], &mut a, &mut slope);
    slope[0]
}

/// The one-sided derivatives at `z`.
fn sides(activation: Activation, z: f64) -> [f64; 2] {
    let defaults = activation.entry().defaults();
    let at = |z: f64| {
        let mut a = [0.0];
        activation.forward(&[defaults[0], defaults[1]], &[z], &mut a);
        a[0]
    };
    let h = 1e-7;
    [(at(z) - at(z - h)) / h, (at(z + h) - at(z)) / h]
}

/// PyTorch's choice at each kink, and that it is a subgradient (softsign and ELU at alpha 1 have but one derivative).
#[test]
fn slopes_at_kinks_are_pytorchs() {
    for (activation, z, expected) in [
        (Activation::Relu, 0.0, 0.0),
        (Activation::LeakyRelu, 0.0, 0.01),
        (Activation::Elu, 0.0, 1.0),
        (Activation::Selu, 0.0, 1.758_099_340_847_376_9),
        (Activation::Softsign, 0.0, 1.0),
        (Activation::HardSigmoid, -3.0, 0.0),
        (Activation::HardSigmoid, 3.0, 0.0),
    ] {
        let found = slope(activation, z);
        assert!(
            (found - expected).abs() < 1e-12,
            "{} at {z}: {found}",
            activation.id()
        );
    }
    for (activation, z) in [
        (Activation::Relu, 0.0),
        (Activation::LeakyRelu, 0.0),
        (Activation::Elu, 0.0),
        (Activation::Selu, 0.0),
        (Activation::Softsign, 0.0),
        (Activation::HardSigmoid, -3.0),
        (Activation::HardSigmoid, 3.0),
        (Activation::HardSwish, -3.0),
        (Activation::HardSwish, 3.0),
    ] {
        let [left, right] = sides(activation, z);
        let found = slope(activation, z);
        let (low, high) = (left.min(right) - 1e-6, left.max(right) + 1e-6);
        assert!(
            (low..=high).contains(&found),
            "{} at {z}: {found}",
            activation.id()
        );
    }
}

fn loss_slope(loss: Loss, params: [f64; 2], y_hat: f64, y: f64) -> f64 {
    let (mut value, mut slope) = ([0.0], [0.0]);
    loss.forward_with_slope(&params, &[y_hat], &[y], &mut value, &mut slope);
    slope[0]
}

#[test]
fn mean_absolute_error_has_no_slope_where_it_is_right() {
    assert_eq!(loss_slope(Loss::Mae, [0.0; 2], 0.3, 0.3), 0.0);
    assert_eq!(loss_slope(Loss::Mae, [0.0; 2], 0.4, 0.3), 1.0);
    assert_eq!(loss_slope(Loss::Mae, [0.0; 2], 0.2, 0.3), -1.0);
}

#[test]
fn hubers_slope_is_continuous_at_delta() {
    for delta in [0.5, 1.0, 3.0] {
        let at = |d: f64| loss_slope(Loss::Huber, [delta, 0.0], d, 0.0);
        assert_eq!((at(delta), at(-delta)), (delta, -delta));
        assert!((at(delta * (1.0 - 1e-9)) - delta).abs() < 1e-8);
        assert_eq!(at(delta * 2.0), delta);
    }
}

#[test]
fn hinges_slope_at_the_margin_is_a_subgradient() {
    for y in [-1.0, 1.0] {
        let at = |y_hat: f64| loss_slope(Loss::Hinge, [0.0; 2], y_hat, y);
        let (inside, margin, outside) = (at(y * 0.999), at(y), at(y * 1.001));
        assert_eq!((inside, outside), (-y, 0.0));
        assert!(margin == -y || margin == 0.0, "{margin}");
    }
}

// ------------------------------------------------------------ L1

/// What the page shows on its links: no dropout, no penalty, no clipping, and frozen layers have one too. More rows than
/// are taken at a time, narrow and wide, with one output and with several.
#[test]
fn the_gradient_that_is_shown_is_the_slope_of_the_loss_that_is_shown() {
    for (dataset_id, units, output, loss) in [
        ("circle", 3, "sigmoid", "binary_cross_entropy"),
        ("circle", 40, "tanh", "mse"),
        ("blobs", 5, SOFTMAX.id, "categorical_cross_entropy"),
    ] {
        let mut config = Config::default();
        config.data.dataset = dataset_id.into();
        config.data.samples = 700;
        config.data.classes = if loss == "categorical_cross_entropy" {
            4
        } else {
            2
        };
        let layer = config.network.hidden[0].clone();
        config.network.hidden = vec![
            LayerConfig {
                units,
                frozen: true,
                ..layer.clone()
            },
            LayerConfig {
                units: 2,
                dropout: 0.5,
                ..layer
            },
        ];
        config.network.output.activation = Choice::of(output);
        config.training.loss = Choice::of(loss);
        config.training.penalty = Choice::of("l2").with("lambda", 0.1);
        config.training.clip = Choice::of("norm").with("limit", 1e-3);
        let (data, inputs) = dataset(&config);
        let mut run: Run<f64> = Run::new(&mut config, &data, inputs, None).unwrap();
        for _ in 0..30 {
            assert!(run.step(&data).is_none());
        }
        let parameters = run.trainer.parameters().to_vec();
        let shown = gradients(&mut run, &data.train);
        assert_eq!(
            run.trainer.parameters(),
            parameters,
            "looking changes nothing"
        );
        let mut largest: f64 = 0.0;
        for place in 0..parameters.len() {
            let mut at = |shift: f64| {
                let mut moved = parameters.clone();
                moved[place] += shift * SPACING;
                run.trainer.set_parameters(&moved);
                run.evaluate(&data, Part::Train).unwrap().loss
            };
            let numeric = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * SPACING);
            let error =
                (shown[place] - numeric).abs() / shown[place].abs().max(numeric.abs()).max(FLOOR);
            assert!(
                error < TOLERANCE,
                "{dataset_id} {place}: {} {numeric}",
                shown[place]
            );
            largest = largest.max(numeric.abs());
        }
        assert!(largest > 1e-3, "{dataset_id}: {largest}");
    }
}

/// A linear regression with features that the target does not need, by full-batch gradient descent.
fn lasso(lambda: f64) -> (Run<f64>, Dataset) {
    let mut config = Config::default();
    config.data.dataset = "reg_plane".into();
    config.data.samples = 200;
    config.data.noise = 0.2;
    config.data.features = [
        "x",
        "y",
        "x_squared",
        "y_squared",
        "x_times_y",
        "sin_x",
        "sin_y",
    ]
    .map(str::to_owned)
    .to_vec();
    config.data.scaling = Choice::of("standard");
    config.network.hidden.clear();
    config.network.output.activation = Choice::of("linear");
    config.training.loss = Choice::of("mse");
    config.training.optimizer = Choice::of("gd").with("learning_rate", 0.1);
    config.training.penalty = Choice::of("l1").with("lambda", lambda);
    let (dataset, inputs) = dataset(&config);
    (
        Run::new(&mut config, &dataset, inputs, None).unwrap(),
        dataset,
    )
}

/// At the minimum of `loss + lambda sum |w|` the loss's slope is `-lambda sign(w)` where a weight stands, and within
/// `-lambda..=lambda` where it is 0.
#[test]
fn l1_ends_at_the_minimum_of_its_objective_with_exact_zeros() {
    let lambda = 0.05;
    let (mut run, dataset) = lasso(lambda);
    for _ in 0..3000 {
        assert!(run.step(&dataset).is_none());
    }
    let weights = run.trainer.parameters()[..7].to_vec();
    let gradients = run.trainer.interpreter().gradients()[..7].to_vec();
    let zeros = weights.iter().filter(|weight| **weight == 0.0).count();
    assert!((1..=5).contains(&zeros), "{weights:?}");
    for (weight, gradient) in weights.iter().zip(&gradients) {
        if *weight == 0.0 {
            assert!(gradient.abs() <= lambda, "{gradient} at 0");
        } else {
            assert!(
                (gradient + lambda * weight.signum()).abs() < 1e-9,
                "{gradient} at {weight}"
            );
        }
    }
    // x and y carry the plane; they are what stays.
    assert!(weights[0] != 0.0 && weights[1] != 0.0);
}

#[test]
fn a_weight_at_zero_revives_when_its_slope_outweighs_l1() {
    let (mut run, dataset) = lasso(0.05);
    run.trainer.set_parameters(&[0.0; 8]);
    assert!(run.step(&dataset).is_none());
    let weights = &run.trainer.parameters()[..7];
    assert!(weights[0] != 0.0 && weights[1] != 0.0, "{weights:?}");
    assert!(weights[2..].contains(&0.0), "{weights:?}");
}

#[test]
fn clipping_scales_all_gradients_or_bounds_each() {
    let free = {
        let mut probe = Probe::new(frozen_config([false; 4]), &mut Draw::new(3));
        probe.gradients()
    };
    let norm = free.iter().map(|g| g * g).sum::<f64>().sqrt();
    let with = |clip: Choice| {
        let mut config = frozen_config([false; 4]);
        config.training.clip = clip;
        Probe::new(config, &mut Draw::new(3)).gradients()
    };
    let clipped = with(Choice::of("norm").with("limit", norm / 4.0));
    for (clipped, free) in clipped.iter().zip(&free) {
        assert!((clipped - free / 4.0).abs() < 1e-6 * norm);
    }
    let limit = norm / 10.0;
    let bounded = with(Choice::of("value").with("limit", limit));
    assert!(free.iter().any(|g| g.abs() > limit));
    for (bounded, free) in bounded.iter().zip(&free) {
        assert_eq!(*bounded, free.clamp(-limit, limit));
    }
}
