//! A config against the tables and against the data's facts: every limit, and the pairing of loss, output and targets.

use serde::Serialize;

use super::field::field;
use super::{Choice, Config, Mode};
use crate::error::{Error, decimal};
use crate::formula::Params;
use crate::formula::activation::{Activation, SOFTMAX};
use crate::formula::initializer::Initializer;
use crate::formula::loss::Loss;
use crate::formula::metric::{Metric, Task};
use crate::formula::optimizer::Optimizer;
use crate::formula::penalty::{Clip, Penalty};
use crate::formula::schedule::Schedule;

/// What a config must know of the data it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Number of classes; 0 for regression.
    pub classes: usize,
}

/// How labels become the numbers that the loss compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// One output: class 0 is 0, class 1 is 1.
    ZeroOne,
    /// One output: class 0 is -1, class 1 is +1.
    PlusMinusOne,
    /// One output per class: 1 for the label's, 0 elsewhere.
    OneHot,
    /// One output per class: +1 for the label's, -1 elsewhere.
    PlusMinusOneHot,
    /// One output: the target itself.
    Value,
}

impl Encoding {
    /// Number of outputs for so many classes.
    pub fn outputs(self, classes: usize) -> usize {
        match self {
            Self::ZeroOne | Self::PlusMinusOne | Self::Value => 1,
            Self::OneHot | Self::PlusMinusOneHot => classes,
        }
    }

    /// The target of output `output` for a row labelled `label` (class index or value).
    pub fn target(self, label: f64, output: usize) -> f64 {
        let hit = |miss: f64, of: f64| if label == of { 1.0 } else { miss };
        match self {
            Self::ZeroOne => hit(0.0, 1.0),
            Self::PlusMinusOne => hit(-1.0, 1.0),
            Self::OneHot => hit(0.0, output as f64),
            Self::PlusMinusOneHot => hit(-1.0, output as f64),
            Self::Value => label,
        }
    }
}

/// An activation with its parameters, or softmax.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutputSpec {
    /// Element-wise.
    ElementWise(Activation, [f64; 2]),
    /// Softmax.
    Softmax,
}

/// A hidden layer, checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HiddenSpec {
    /// Neurons.
    pub units: usize,
    /// Formula.
    pub activation: Activation,
    /// Its parameters.
    pub params: [f64; 2],
    /// Share dropped.
    pub dropout: f64,
    /// Factor of the learning rate; 0 where it is frozen.
    pub rate_factor: f64,
}

/// A config whose every choice is a row and every number within its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Hidden layers.
    pub hidden: Vec<HiddenSpec>,
    /// Output activation.
    pub output: OutputSpec,
    /// The output layer's factor of the learning rate; 0 where it is frozen.
    pub output_rate_factor: f64,
    /// Target encoding.
    pub encoding: Encoding,
    /// Loss.
    pub loss: Loss,
    /// Its parameters.
    pub loss_params: [f64; 2],
    /// Optimizer.
    pub optimizer: (Optimizer, Params),
    /// Base learning rate.
    pub learning_rate: f64,
    /// Schedule.
    pub schedule: (Schedule, Params),
    /// Penalty.
    pub penalty: (Penalty, Params),
    /// Clipping.
    pub clip: (Clip, Params),
    /// Weight initializer.
    pub weight_initializer: (Initializer, Params),
    /// Bias initializer.
    pub bias_initializer: (Initializer, Params),
}

/// Checks `config` for data with `facts`, and writes every choice's parameters out in full.
///
/// # Errors
/// The first thing that does not hold, by field path: `UnknownId`, `UnknownField`, `OutOfRange`, `Mismatch`, `Pairing`.
pub fn resolve(config: &mut Config, facts: Facts) -> Result<Resolved, Error> {
    if config.version != 1 {
        return Err(Error::OutOfRange {
            field: "version".into(),
            value: config.version.into(),
            min: 1.0,
            max: 1.0,
        });
    }
    check_data(config)?;
    check_count("network.hidden", config.network.hidden.len())?;
    let mut hidden = Vec::with_capacity(config.network.hidden.len());
    for (index, layer) in config.network.hidden.iter_mut().enumerate() {
        let path = |name: &str| format!("network.hidden[{index}].{name}");
        check_as("network.hidden[].units", &path("units"), layer.units.into())?;
        check_as("network.hidden[].dropout", &path("dropout"), layer.dropout)?;
        check_as(
            "network.hidden[].learning_rate_factor",
            &path("learning_rate_factor"),
            layer.learning_rate_factor,
        )?;
        let (activation, params) =
            Activation::complete(&mut layer.activation, &path("activation"))?;
        hidden.push(HiddenSpec {
            units: layer.units as usize,
            activation,
            params: [params[0], params[1]],
            dropout: layer.dropout,
            rate_factor: rate_factor(layer.frozen, layer.learning_rate_factor),
        });
    }
    let output = resolve_output(&mut config.network.output.activation)?;
    let output_factor = config.network.output.learning_rate_factor;
    check("network.output.learning_rate_factor", output_factor)?;
    let weight_initializer = Initializer::complete(
        &mut config.network.weight_initializer,
        "network.weight_initializer",
    )?;
    let bias_initializer = Initializer::complete(
        &mut config.network.bias_initializer,
        "network.bias_initializer",
    )?;

    let training = &mut config.training;
    let (loss, loss_params) = Loss::complete(&mut training.loss, "training.loss")?;
    let optimizer = Optimizer::complete(&mut training.optimizer, "training.optimizer")?;
    let schedule = Schedule::complete(&mut training.schedule, "training.schedule")?;
    let penalty = Penalty::complete(&mut training.penalty, "training.penalty")?;
    let clip = Clip::complete(&mut training.clip, "training.clip")?;
    check_all(&[
        ("training.batch_size", training.batch_size.into()),
        ("training.max_norm", training.max_norm),
        ("training.stop.epochs", training.stop.epochs.into()),
    ])?;
    let probabilities = probabilities(output, facts);
    if let Some(early) = &training.early_stopping {
        let path = "training.early_stopping.metric";
        check_metric(path, &early.metric, facts, probabilities)?;
        check("training.early_stopping.patience", early.patience.into())?;
        check("training.early_stopping.min_delta", early.min_delta)?;
    }
    if let Some(target) = &training.stop.target {
        let path = "training.stop.target.metric";
        check_metric(path, &target.metric, facts, probabilities)?;
        check("training.stop.target.value", target.value)?;
    }
    let learning_rate = optimizer
        .0
        .entry()
        .position("learning_rate")
        .map_or(0.0, |at| optimizer.1[at]);
    if config.mode == Mode::TfPlayground {
        check_tf_playground(config)?;
    }
    let encoding = pair(loss, output, facts)?;
    Ok(Resolved {
        hidden,
        output,
        output_rate_factor: rate_factor(config.network.output.frozen, output_factor),
        encoding,
        loss,
        loss_params: [loss_params[0], loss_params[1]],
        optimizer,
        learning_rate,
        schedule,
        penalty,
        clip,
        weight_initializer,
        bias_initializer,
    })
}

fn rate_factor(frozen: bool, factor: f64) -> f64 {
    if frozen { 0.0 } else { factor }
}

/// TensorFlow Playground has one optimizer and two penalties, and scales nothing: what its rules would leave aside is
/// refused, so that no control shows what has no effect.
fn check_tf_playground(config: &Config) -> Result<(), Error> {
    let Config { data, training, .. } = config;
    let refuse = |field: &str, expected: &str, found: &str| {
        Err(Error::Mismatch {
            field: field.into(),
            expected: format!("{expected} (mode tf_playground)"),
            found: found.into(),
        })
    };
    let zero = |field: &str, value: f64| {
        if value == 0.0 {
            return Ok(());
        }
        refuse(field, "0", &decimal(value))
    };
    if training.optimizer.id != Optimizer::Sgd.id() {
        return refuse("training.optimizer", "sgd", &training.optimizer.id);
    }
    let decay = training.optimizer.params.get("weight_decay").unwrap_or(0.0);
    zero("training.optimizer.weight_decay", decay)?;
    if training.penalty.id == Penalty::WeightDecay.id() {
        return refuse(
            "training.penalty",
            "none, l1, l2, elastic_net",
            &training.penalty.id,
        );
    }
    if training.clip.id != "none" {
        return refuse("training.clip", "none", &training.clip.id);
    }
    zero("training.max_norm", training.max_norm)?;
    if data.scaling.id != "none" {
        return refuse("data.scaling", "none", &data.scaling.id);
    }
    Ok(())
}

fn check_data(config: &mut Config) -> Result<(), Error> {
    let data = &mut config.data;
    check_all(&[
        ("data.samples", data.samples.into()),
        ("data.noise", data.noise),
        ("data.label_noise", data.label_noise),
        ("data.balance", data.balance),
        ("data.classes", data.classes.into()),
        ("data.split.train", data.split.train.into()),
        ("data.split.validation", data.split.validation.into()),
        ("data.split.test", data.split.test.into()),
    ])?;
    let sum = data.split.train + data.split.validation + data.split.test;
    if sum != 100 {
        return Err(Error::Mismatch {
            field: "data.split".into(),
            expected: "100".into(),
            found: sum.to_string(),
        });
    }
    if config.seeds.tf_playground.len() > 64 {
        return Err(Error::OutOfRange {
            field: "seeds.tf_playground".into(),
            value: config.seeds.tf_playground.len() as f64,
            min: 0.0,
            max: 64.0,
        });
    }
    Ok(())
}

fn resolve_output(choice: &mut Choice) -> Result<OutputSpec, Error> {
    const FIELD: &str = "network.output.activation";
    if choice.id == SOFTMAX.id {
        crate::formula::resolve(&[SOFTMAX], choice, FIELD)?;
        return Ok(OutputSpec::Softmax);
    }
    let (activation, params) = Activation::complete(choice, FIELD)?;
    Ok(OutputSpec::ElementWise(activation, [params[0], params[1]]))
}

/// Which encoding a loss, an output activation and the data's classes need, or why they do not fit together.
fn pair(loss: Loss, output: OutputSpec, facts: Facts) -> Result<Encoding, Error> {
    let (output_id, zero_one) = match output {
        OutputSpec::Softmax => (SOFTMAX.id, true),
        OutputSpec::ElementWise(activation, _) => (activation.id(), is_zero_one(activation)),
    };
    let softmax = output == OutputSpec::Softmax;
    let refuse = |rule| {
        Err(Error::Pairing {
            loss: loss.id().into(),
            output: output_id.into(),
            rule,
        })
    };
    if facts.classes == 0 {
        return match loss {
            Loss::BinaryCrossEntropy | Loss::CategoricalCrossEntropy => {
                refuse("cross_entropy_needs_classes")
            }
            Loss::Hinge => refuse("hinge_needs_classes"),
            _ if softmax => refuse("softmax_needs_classes"),
            _ => Ok(Encoding::Value),
        };
    }
    let several = facts.classes > 2;
    match loss {
        Loss::CategoricalCrossEntropy if !softmax => {
            refuse("categorical_cross_entropy_needs_softmax")
        }
        Loss::CategoricalCrossEntropy => Ok(Encoding::OneHot),
        Loss::BinaryCrossEntropy if output_id != "sigmoid" => {
            refuse("binary_cross_entropy_needs_sigmoid")
        }
        Loss::Hinge if !matches!(output_id, "linear" | "tanh") => {
            refuse("hinge_needs_linear_or_tanh")
        }
        _ if softmax => Ok(Encoding::OneHot),
        _ => Ok(match (zero_one, several) {
            (true, false) => Encoding::ZeroOne,
            (true, true) => Encoding::OneHot,
            (false, false) => Encoding::PlusMinusOne,
            (false, true) => Encoding::PlusMinusOneHot,
        }),
    }
}

/// Activations that do not go below 0 (far enough) stand for probabilities; the others for signed scores.
fn is_zero_one(activation: Activation) -> bool {
    use Activation::{Gaussian, HardSigmoid, Relu, Sigmoid, Softplus};
    matches!(
        activation,
        Sigmoid | HardSigmoid | Gaussian | Relu | Softplus
    )
}

fn check_metric(path: &str, id: &str, facts: Facts, probabilities: bool) -> Result<(), Error> {
    let fits =
        |metric: &&Metric| fits(**metric, facts) && (probabilities || **metric != Metric::LogLoss);
    if Metric::ALL
        .iter()
        .filter(fits)
        .any(|metric| metric.id() == id)
    {
        return Ok(());
    }
    let known = Metric::ALL
        .iter()
        .filter(fits)
        .map(|metric| metric.id())
        .collect::<Vec<_>>()
        .join(", ");
    Err(Error::UnknownId {
        field: path.into(),
        id: id.into(),
        known,
    })
}

/// Whether the outputs are probabilities, so that their log loss has a meaning.
pub fn probabilities(output: OutputSpec, facts: Facts) -> bool {
    facts.classes > 0
        && match output {
            OutputSpec::Softmax => true,
            OutputSpec::ElementWise(activation, _) => {
                activation == Activation::Sigmoid && facts.classes == 2
            }
        }
}

/// The same of a config that need not hold otherwise.
pub(super) fn gives_probabilities(config: &Config, facts: Facts) -> bool {
    resolve_output(&mut config.network.output.activation.clone())
        .is_ok_and(|output| probabilities(output, facts))
}

/// Whether data with these facts have the metric.
pub(super) fn fits(metric: Metric, facts: Facts) -> bool {
    let two_only = matches!(metric, Metric::Precision | Metric::Recall | Metric::F1);
    match metric.task() {
        Task::Both => true,
        Task::Classification => facts.classes == 2 || (facts.classes > 2 && !two_only),
        Task::Regression => facts.classes == 0,
    }
}

fn check(path: &str, value: f64) -> Result<(), Error> {
    check_as(path, path, value)
}

fn check_all(values: &[(&str, f64)]) -> Result<(), Error> {
    values
        .iter()
        .try_for_each(|(path, value)| check(path, *value))
}

fn check_count(path: &str, count: usize) -> Result<(), Error> {
    check_as(path, path, count as f64)
}

fn check_as(spec: &str, path: &str, value: f64) -> Result<(), Error> {
    match field(spec) {
        Some(field) if !(field.min..=field.max).contains(&value) => Err(Error::OutOfRange {
            field: path.into(),
            value,
            min: field.min,
            max: field.max,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Facts = Facts { classes: 2 };
    const THREE: Facts = Facts { classes: 3 };
    const VALUES: Facts = Facts { classes: 0 };

    fn with(loss: &str, output: &str, facts: Facts) -> Result<Encoding, Error> {
        let mut config = Config::default();
        config.training.loss = Choice::of(loss);
        config.network.output.activation = Choice::of(output);
        resolve(&mut config, facts).map(|resolved| resolved.encoding)
    }

    fn rule(loss: &str, output: &str, facts: Facts) -> &'static str {
        match with(loss, output, facts) {
            Err(Error::Pairing { rule, .. }) => rule,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pairings_that_fit_choose_the_encoding() {
        assert_eq!(
            with("binary_cross_entropy", "sigmoid", TWO),
            Ok(Encoding::ZeroOne)
        );
        assert_eq!(with("half_mse", "tanh", TWO), Ok(Encoding::PlusMinusOne));
        assert_eq!(
            with("categorical_cross_entropy", "softmax", THREE),
            Ok(Encoding::OneHot)
        );
        assert_eq!(
            with("categorical_cross_entropy", "softmax", TWO),
            Ok(Encoding::OneHot)
        );
        assert_eq!(
            with("hinge", "linear", THREE),
            Ok(Encoding::PlusMinusOneHot)
        );
        assert_eq!(with("mse", "linear", VALUES), Ok(Encoding::Value));
        assert_eq!(with("mse", "softmax", THREE), Ok(Encoding::OneHot));
    }

    #[test]
    fn pairings_that_do_not_fit_name_their_rule() {
        assert_eq!(
            rule("binary_cross_entropy", "tanh", TWO),
            "binary_cross_entropy_needs_sigmoid"
        );
        assert_eq!(
            rule("categorical_cross_entropy", "sigmoid", TWO),
            "categorical_cross_entropy_needs_softmax"
        );
        assert_eq!(rule("hinge", "sigmoid", TWO), "hinge_needs_linear_or_tanh");
        assert_eq!(
            rule("binary_cross_entropy", "sigmoid", VALUES),
            "cross_entropy_needs_classes"
        );
        assert_eq!(rule("mse", "softmax", VALUES), "softmax_needs_classes");
        assert_eq!(rule("hinge", "linear", VALUES), "hinge_needs_classes");
    }

    #[test]
    fn limits_are_refused_by_path() {
        let field = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            resolve(&mut config, TWO).unwrap_err().field().to_owned()
        };
        assert_eq!(
            field(|c| c.network.hidden[1].units = 1_000_000_000),
            "network.hidden[1].units"
        );
        assert_eq!(
            field(|c| c.network.hidden = vec![crate::config::LayerConfig::new(1, "tanh"); 9]),
            "network.hidden"
        );
        assert_eq!(field(|c| c.training.batch_size = 0), "training.batch_size");
        assert_eq!(field(|c| c.data.split.test = 26), "data.split");
        assert_eq!(field(|c| c.data.noise = f64::NAN), "data.noise");
        assert_eq!(
            field(|c| c.network.hidden[0].activation = Choice::of("softmax")),
            "network.hidden[0].activation"
        );
        assert_eq!(
            field(|c| c.training.optimizer = Choice::of("sgd").with("learning_rate", -1.0)),
            "training.optimizer.learning_rate"
        );
    }

    #[test]
    fn choices_are_written_out_in_full() {
        let mut config = Config::default();
        resolve(&mut config, TWO).unwrap();
        assert_eq!(config.training.optimizer.params["beta1"], 0.9);
        assert_eq!(config.training.optimizer.params["learning_rate"], 0.01);
    }
}
