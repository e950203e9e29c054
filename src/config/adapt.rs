//! What changes when another data set is chosen: as little as possible, and the visitor is told.

use serde::Serialize;

use super::resolve::{self, Facts, resolve};
use super::{Choice, Config, EarlyStoppingConfig, LayerConfig, Mode, StopConfig, TargetConfig};
use crate::error::Error;
use crate::formula::activation::SOFTMAX;
use crate::formula::metric::Metric;

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
    let fits = |id: &str| Metric::from_id(id).is_some_and(|metric| resolve::fits(metric, facts));
    let score = if facts.classes == 0 { "r2" } else { "accuracy" };
    let early = config
        .training
        .early_stopping
        .as_mut()
        .map(|early| &mut early.metric);
    let target = config
        .training
        .stop
        .target
        .as_mut()
        .map(|target| &mut target.metric);
    for metric in [early, target].into_iter().flatten() {
        if !fits(metric) {
            score.clone_into(metric);
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
    /// batch 32, 10 epochs, then the test set. Keras's defaults: Glorot uniform weights, zero biases.
    pub fn worked_example(&self) -> Self {
        let mut config = self.clone();
        config.mode = Mode::Standard;
        config.data.dataset = "digits".into();
        config.data.samples = 8000;
        config.data.split = super::SplitConfig {
            train: 100,
            validation: 0,
            test: 0,
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
            evaluate_test: true,
        };
        config
    }
}
