//! From the figures' description of a network and its rules to a run of the engine.

use std::collections::BTreeMap;
use std::rc::Rc;

use neural_playground::config::{Choice, Config, LayerConfig, OutputConfig};
use neural_playground::data::{CustomData, Dataset, Task};
use neural_playground::real::Float;
use neural_playground::train::Run;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct NetworkFigures {
    pub(crate) hidden: Vec<LayerConfig>,
    pub(crate) output: OutputConfig,
}

#[derive(Deserialize)]
pub(crate) struct TrainingFigures {
    pub(crate) loss: Choice,
    pub(crate) optimizer: Choice,
    pub(crate) penalty: Choice,
    pub(crate) clip: Choice,
    pub(crate) max_norm: f64,
}

/// Data and rules of a run; every row is for training.
pub(crate) struct Setting<'a> {
    pub(crate) network: &'a NetworkFigures,
    pub(crate) training: &'a TrainingFigures,
    pub(crate) batch_size: u32,
    pub(crate) inputs: Vec<f32>,
    pub(crate) columns: usize,
    pub(crate) labels: Vec<f32>,
    pub(crate) classes: usize,
}

impl Setting<'_> {
    /// The engine's own way from a config to a run, with parameters given by name.
    pub(crate) fn run<T: Float>(&self, weights: &BTreeMap<String, Vec<f64>>) -> Run<T> {
        let mut config = Config::default();
        config.network.hidden = self.network.hidden.clone();
        config.network.output = self.network.output.clone();
        config.training.loss = self.training.loss.clone();
        config.training.optimizer = self.training.optimizer.clone();
        config.training.penalty = self.training.penalty.clone();
        config.training.clip = self.training.clip.clone();
        config.training.max_norm = self.training.max_norm;
        config.training.batch_size = self.batch_size;
        let task = if self.classes == 0 {
            Task::Regression
        } else {
            Task::Classification
        };
        let parts = vec![0; self.labels.len()];
        let custom = CustomData::new(
            self.inputs.clone(),
            self.columns,
            &self.labels,
            Some(&parts),
            Some(task),
        )
        .unwrap();
        let dataset = Dataset::from_custom(&custom, &config.data, &config.seeds).unwrap();
        assert_eq!(dataset.classes, self.classes);
        let inputs: Rc<[T]> = dataset
            .inputs
            .iter()
            .map(|&x| T::from_f64(f64::from(x)))
            .collect();
        let mut run = Run::<T>::new(&mut config, &dataset, inputs).unwrap();
        let mut parameters = run.trainer.parameters().to_vec();
        let tensors = run.trainer.plan().network.tensors();
        assert_eq!(tensors.len(), weights.len());
        for tensor in tensors {
            let given: Vec<T> = weights[&tensor.name]
                .iter()
                .map(|&value| T::from_f64(value))
                .collect();
            parameters[tensor.range].copy_from_slice(&given);
        }
        run.trainer.set_parameters(&parameters);
        run
    }
}

/// Flat values, parameters or gradients, by the tensors' names.
pub(crate) fn tensors<T: Float>(run: &Run<T>, flat: &[T]) -> BTreeMap<String, Vec<f64>> {
    let network = &run.trainer.plan().network;
    let values =
        |range: std::ops::Range<usize>| flat[range].iter().map(|value| value.to_f64()).collect();
    network
        .tensors()
        .into_iter()
        .map(|tensor| (tensor.name, values(tensor.range)))
        .collect()
}
