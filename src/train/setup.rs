//! The one way to build a run: from a config, the data prepared for it, and perhaps a snapshot to go on from.

use std::rc::Rc;

use super::batches::Order;
use super::evaluation::Judge;
use super::history::{History, Measuring};
use super::run::Run;
use super::snapshot::Snapshot;
use super::stopping::{EarlyStopping, Stopping, Target};
use super::trainer::{Settings, Trainer};
use crate::backend::cpu::Resident;
use crate::config::{Config, Facts, Mode, OutputSpec, Resolved, probabilities, resolve};
use crate::data::Dataset;
use crate::error::Error;
use crate::formula::metric::{Better, Metric};
use crate::formula::penalty::Penalty;
use crate::model::{Network, Nonlinearity, initial_parameters, tf_playground_parameters};
use crate::plan::cost::Limits;
use crate::plan::{self, Training, UpdateRule};
use crate::real::Float;

impl<T: Float> Run<T> {
    /// A run at step 0, or where `snapshot` was taken. Every choice in `config` is written out in full. `inputs` are the
    /// data set's, `(rows, columns)`.
    ///
    /// # Errors
    /// What [`resolve`] refuses, too many parameters, what would take too much memory or time, and what
    /// [`Trainer::restore`] refuses.
    pub fn new(
        config: &mut Config,
        dataset: &Dataset,
        inputs: Rc<[T]>,
        snapshot: Option<&Snapshot<T>>,
    ) -> Result<Self, Error> {
        Self::within(Limits::OWN, config, dataset, inputs, snapshot)
    }

    /// [`Run::new`] for what may take so much and no more.
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn within(
        limits: Limits,
        config: &mut Config,
        dataset: &Dataset,
        inputs: Rc<[T]>,
        snapshot: Option<&Snapshot<T>>,
    ) -> Result<Self, Error> {
        let facts = Facts {
            classes: dataset.classes,
        };
        let resolved = resolve(config, facts)?;
        let network = network(&resolved, dataset)?;
        let tf_playground = config.mode == Mode::TfPlayground;
        let strengths = resolved.penalty.0.strengths(&resolved.penalty.1);
        let training = training(&resolved, config, strengths);
        let plan = plan::compile(&network, &training);
        let batch = if resolved.optimizer.0.full_batch() {
            dataset.train.len()
        } else {
            dataset.train.len().min(config.training.batch_size as usize)
        };
        plan::cost::check(&plan, batch, dataset.rows(), limits)?;
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
        let measuring = Measuring::of(dataset, &plan.network);
        let mut trainer = Trainer::new(plan, data, &dataset.train, parameters, settings);
        if let Some(snapshot) = snapshot {
            trainer.restore(snapshot)?;
        }
        Ok(Self {
            trainer,
            judge: Judge {
                classes: dataset.classes,
                encoding: resolved.encoding,
                probabilities: probabilities(resolved.output, facts),
            },
            training,
            history: History::default(),
            measuring,
            strengths: measured(strengths, tf_playground),
            optimizer: resolved.optimizer.0,
        })
    }
}

fn network(resolved: &Resolved, dataset: &Dataset) -> Result<Network, Error> {
    let mut layers: Vec<_> = resolved
        .hidden
        .iter()
        .map(|layer| {
            let activation = Nonlinearity::ElementWise(layer.activation, layer.params);
            (layer.units, activation, layer.dropout, layer.rate_factor)
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
        resolved.output_rate_factor,
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
