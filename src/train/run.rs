//! One network under one config over one data set: what a session plays, and what a study will hold many of.

use std::rc::Rc;

use super::batches::Order;
use super::evaluation::{Evaluation, Judge, evaluate};
use super::stopping::{EarlyStopping, Stopping, Target, Verdict};
use super::trainer::{Diverged, Settings, Snapshot, Trainer};
use crate::backend::cpu::Resident;
use crate::config::{Config, Encoding, Facts, Mode, OutputSpec, Resolved, resolve};
use crate::data::{Dataset, Part};
use crate::error::Error;
use crate::formula::activation::Activation;
use crate::formula::metric::{Better, Metric};
use crate::formula::optimizer::Optimizer;
use crate::formula::penalty::{self, Penalty};
use crate::model::{Network, Nonlinearity, initial_parameters, tf_playground_parameters};
use crate::plan::{self, Training, UpdateRule};
use crate::real::Float;

/// Why a run ended by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// The epochs asked for are done.
    Epochs,
    /// The target is reached, with this value.
    Target(f64),
    /// No improvement; best value and its epoch.
    EarlyStopping {
        /// Best value seen.
        best: f64,
        /// Its epoch.
        epoch: u64,
    },
    /// The loss became infinite or not a number.
    Diverged(Diverged),
}

/// A run.
pub struct Run<T> {
    /// The training loop.
    pub trainer: Trainer<T>,
    /// How outputs are judged.
    pub judge: Judge,
    /// What its plan was compiled for.
    pub training: Training,
    /// Penalty strengths, for the figure beside the data loss.
    strengths: [f64; 2],
    optimizer: Optimizer,
}

impl<T: Float> Run<T> {
    /// A run at step 0. Every choice in `config` is written out in full. `inputs` are the data set's, `(rows, columns)`.
    ///
    /// # Errors
    /// What [`resolve`] refuses, and too many parameters.
    pub fn new(config: &mut Config, dataset: &Dataset, inputs: Rc<[T]>) -> Result<Self, Error> {
        let resolved = resolve(
            config,
            Facts {
                classes: dataset.classes,
            },
        )?;
        let network = network(&resolved, dataset)?;
        let tf_playground = config.mode == Mode::TfPlayground;
        let parameters = match &dataset.generator {
            Some(generator) if tf_playground => {
                let (link, seed) = (&config.seeds.tf_playground, config.seeds.init);
                let weight = resolved.weight_initializer.0;
                tf_playground_parameters(&network, weight, generator.clone(), link, seed)
            }
            _ => {
                let (weight, bias) = (&resolved.weight_initializer, &resolved.bias_initializer);
                initial_parameters(
                    &network,
                    (weight.0, &weight.1),
                    (bias.0, &bias.1),
                    config.seeds.init,
                )
            }
        };
        let strengths = resolved.penalty.0.strengths(&resolved.penalty.1);
        let training = training(&resolved, config, strengths);
        let plan = plan::compile(&network, &training);
        let outputs = network.outputs();
        let targets = dataset
            .targets
            .iter()
            .flat_map(|&label| {
                (0..outputs).map(move |output| resolved.encoding.target(label, output))
            })
            .map(T::from_f64)
            .collect();
        let data = Resident {
            inputs,
            targets,
            rows: dataset.rows(),
        };
        let settings = Settings {
            optimizer: resolved.optimizer,
            learning_rate: resolved.learning_rate,
            schedule: resolved.schedule,
            batch_size: config.training.batch_size as usize,
            order: match (tf_playground, config.training.shuffled) {
                (true, _) => Order::FixedCarried,
                (false, true) => Order::Shuffled,
                (false, false) => Order::Fixed,
            },
            batch_seed: config.seeds.batches,
            stopping: stopping(config),
        };
        let parameters = parameters.into_iter().map(T::from_f64).collect();
        let probabilities = match resolved.output {
            OutputSpec::Softmax => true,
            OutputSpec::ElementWise(activation, _) => {
                activation == Activation::Sigmoid && resolved.encoding == Encoding::ZeroOne
            }
        };
        Ok(Self {
            trainer: Trainer::new(plan, data, &dataset.train, parameters, settings),
            judge: Judge {
                classes: dataset.classes,
                encoding: resolved.encoding,
                probabilities,
            },
            training,
            strengths: measured(strengths, tf_playground),
            optimizer: resolved.optimizer.0,
        })
    }

    /// Whether the other run's parameters fit this network.
    pub fn has_shape_of(&self, other: &Self) -> bool {
        let shape = |run: &Self| -> Vec<(usize, usize)> {
            run.trainer
                .plan()
                .network
                .layers
                .iter()
                .map(|layer| (layer.inputs, layer.outputs))
                .collect()
        };
        shape(self) == shape(other)
    }

    /// Goes on from where `other`, a run of the same shape, is.
    pub fn continue_from(&mut self, other: &Self) {
        let kept = self.optimizer == other.optimizer;
        self.trainer.continue_from(&other.trainer.snapshot(), kept);
    }

    /// The penalty of the present weights, biases excluded; not part of the data loss.
    pub fn penalty(&self) -> f64 {
        let parameters = self.trainer.parameters();
        let layers = &self.trainer.plan().network.layers;
        layers
            .iter()
            .map(|layer| penalty::total(&self.strengths, &parameters[layer.weight()]))
            .sum()
    }

    /// Loss and metrics of a part of the data; `None` when the part is empty.
    pub fn evaluate(&mut self, dataset: &Dataset, part: Part) -> Option<Evaluation> {
        let rows = dataset.part(part);
        (!rows.is_empty()).then(|| {
            evaluate(
                self.trainer.interpreter(),
                rows,
                &dataset.targets,
                self.judge,
            )
        })
    }

    /// One step; at the end of an epoch the stop rules are judged on the validation set (on training without one).
    pub fn step(&mut self, dataset: &Dataset) -> Option<Ending> {
        if let Err(diverged) = self.trainer.train_step() {
            return Some(Ending::Diverged(diverged));
        }
        self.close_epoch(dataset)
    }

    pub(super) fn close_epoch(&mut self, dataset: &Dataset) -> Option<Ending> {
        if !self.trainer.is_epoch_over() {
            return None;
        }
        let evaluation = if self.trainer.needs_metrics() {
            self.evaluate(dataset, Part::Validation)
                .or_else(|| self.evaluate(dataset, Part::Train))
        } else {
            None
        };
        let metric = |id: &str| {
            evaluation
                .as_ref()
                .and_then(|evaluation| evaluation.get(id))
        };
        match self.trainer.finish_epoch(metric) {
            Verdict::Continue | Verdict::Best => None,
            Verdict::Epochs => Some(Ending::Epochs),
            Verdict::Target(value) => Some(Ending::Target(value)),
            Verdict::Early { best, epoch } => Some(Ending::EarlyStopping { best, epoch }),
        }
    }

    /// A copy of everything that training changes.
    pub fn snapshot(&self) -> Snapshot<T> {
        self.trainer.snapshot()
    }
}

fn network(resolved: &Resolved, dataset: &Dataset) -> Result<Network, Error> {
    let mut layers: Vec<_> = resolved
        .hidden
        .iter()
        .map(|layer| {
            let activation = Nonlinearity::ElementWise(layer.activation, layer.params);
            (layer.units, activation, layer.dropout, layer.frozen)
        })
        .collect();
    let output = match resolved.output {
        OutputSpec::ElementWise(activation, params) => {
            Nonlinearity::ElementWise(activation, params)
        }
        OutputSpec::Softmax => Nonlinearity::Softmax,
    };
    layers.push((
        resolved.encoding.outputs(dataset.classes),
        output,
        0.0,
        resolved.output_frozen,
    ));
    Network::new(dataset.columns, &layers)
}

/// The strengths by which the penalty is measured. TensorFlow Playground's L2 has the slope w, and so is half the sum of squares.
fn measured([l1, l2]: [f64; 2], tf_playground: bool) -> [f64; 2] {
    [l1, if tf_playground { 0.5 * l2 } else { l2 }]
}

fn training(resolved: &Resolved, config: &Config, [l1, l2]: [f64; 2]) -> Training {
    use crate::formula::penalty::Clip;
    let limit = resolved.clip.1[0];
    let decay = if resolved.penalty.0 == Penalty::WeightDecay {
        resolved.penalty.1[0]
    } else {
        0.0
    };
    Training {
        loss: resolved.loss,
        loss_params: resolved.loss_params,
        update: match config.mode {
            Mode::Standard => UpdateRule::Optimizer(resolved.optimizer.0),
            Mode::TfPlayground => UpdateRule::TfPlayground,
        },
        penalty: plan::Penalty { l1, l2, decay },
        clip_norm: if resolved.clip.0 == Clip::Norm {
            limit
        } else {
            0.0
        },
        clip_value: if resolved.clip.0 == Clip::Value {
            limit
        } else {
            0.0
        },
        max_norm: config.training.max_norm,
    }
}

fn stopping(config: &Config) -> Stopping {
    let higher =
        |id: &str| Metric::from_id(id).is_some_and(|metric| metric.better() == Better::Higher);
    let training = &config.training;
    Stopping {
        epochs: training.stop.epochs.into(),
        target: training.stop.target.as_ref().map(|target| Target {
            metric: target.metric.clone(),
            value: target.value,
            higher_is_better: higher(&target.metric),
        }),
        early: training.early_stopping.as_ref().map(|early| EarlyStopping {
            metric: early.metric.clone(),
            patience: early.patience,
            min_delta: early.min_delta,
            higher_is_better: higher(&early.metric),
            restore_best: early.restore_best,
        }),
    }
}
