//! What changes when another data set is chosen: as little as possible, and the visitor is told.

use serde::Serialize;

use super::resolve::{self, Facts, resolve};
use super::{Choice, Config, EarlyStoppingConfig, LayerConfig, Mode, StopConfig, TargetConfig};
use crate::error::Error;
use crate::formula::activation::SOFTMAX;
use crate::formula::metric::{Better, Metric};

/// A field that the engine changed of its own accord.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Adaptation {
    /// Path of the field.
    pub field: String,
    /// What stood there.
    pub from: String,
    /// What stands there now.
    pub to: String,
}

/// Output activation and loss that suit so many classes (0: values) where nothing else is known.
pub fn suited(classes: usize) -> (&'static str, &'static str) {
    match classes {
        0 => ("linear", "mse"),
        2 => ("sigmoid", "binary_cross_entropy"),
        _ => ("softmax", "categorical_cross_entropy"),
    }
}

/// Makes output activation, loss and stop rules fit data with `facts` where they no longer do.
pub fn adapt(config: &mut Config, facts: Facts) {
    // What is measured first: its refusal would come before the pairing's.
    adapt_metrics(config, |metric| resolve::fits(metric, facts));
    let misfits = matches!(
        resolve(&mut config.clone(), facts),
        Err(Error::Pairing { .. })
    );
    let output = &config.network.output.activation.id;
    let softmax_of_two = facts.classes == 2 && output == SOFTMAX.id;
    let several_scores = facts.classes > 2 && config.training.loss.id == "binary_cross_entropy";
    if misfits || softmax_of_two || several_scores {
        let (output, loss) = suited(facts.classes);
        replace(&mut config.network.output.activation, output);
        replace(&mut config.training.loss, loss);
    } else if facts.classes == 0 && is_bounded(output) {
        // The pairing would hold, but such an output cannot reach the targets.
        replace(&mut config.network.output.activation, "linear");
    }
    if !resolve::gives_probabilities(config, facts) {
        adapt_metrics(config, |metric| {
            metric != Metric::LogLoss && resolve::fits(metric, facts)
        });
    }

    /// Rules on a metric that is not measured go on with the loss, or where more is better with the task's score, so
    /// that their numbers keep their direction.
    fn adapt_metrics(config: &mut Config, fits: impl Fn(Metric) -> bool) {
        let score = if fits(Metric::R2) {
            Metric::R2
        } else {
            Metric::Accuracy
        };
        let training = &mut config.training;
        let early = training
            .early_stopping
            .as_mut()
            .map(|early| &mut early.metric);
        let target = training
            .stop
            .target
            .as_mut()
            .map(|target| &mut target.metric);
        for id in [early, target].into_iter().flatten() {
            match Metric::from_id(id) {
                Some(metric) if fits(metric) => {}
                Some(metric) if metric.better() == Better::Lower => *id = Metric::Loss.id().into(),
                _ => *id = score.id().into(),
            }
        }
    }
}

/// Another row with its defaults; the same row keeps its parameters.
fn replace(choice: &mut Choice, id: &str) {
    if choice.id != id {
        *choice = Choice::of(id);
    }
}

fn is_bounded(activation: &str) -> bool {
    matches!(activation, "sigmoid" | "hard_sigmoid" | "gaussian")
}

impl Config {
    /// The worked example on handwritten digits: 784-64-64-10, ReLU, softmax, categorical cross entropy, Adam 0.001,
    /// batch 32, 10 epochs. Of the 8,000 digits for learning 1,000 are the validation part, and the 2,000 of the test set
    /// stay sealed until somebody opens them. Keras's defaults: Glorot uniform weights, zero biases.
    pub fn worked_example(&self) -> Self {
        let mut config = self.clone();
        config.mode = Mode::Standard;
        config.data.dataset = "digits".into();
        config.data.samples = 8000;
        config.data.split = super::SplitConfig {
            train: 70,
            validation: 10,
            test: 20,
        };
        config.data.scaling = Choice::of("none");
        config.network.hidden = vec![LayerConfig::new(64, "relu"), LayerConfig::new(64, "relu")];
        config.network.output.activation = Choice::of("softmax");
        config.network.weight_initializer = Choice::of("glorot_uniform");
        config.network.bias_initializer = Choice::of("zeros");
        let training = &mut config.training;
        training.loss = Choice::of("categorical_cross_entropy");
        training.optimizer = Choice::of("adam").with("learning_rate", 0.001);
        training.schedule = Choice::of("constant");
        training.penalty = Choice::of("none");
        training.clip = Choice::of("none");
        training.max_norm = 0.0;
        training.batch_size = 32;
        training.shuffled = true;
        training.early_stopping = None::<EarlyStoppingConfig>;
        training.stop = StopConfig {
            epochs: 10,
            target: None::<TargetConfig>,
            evaluate_test: false,
        };
        config
    }
}
