//! From the figures' description of a network and its rules to a run of the engine.

use std::collections::BTreeMap;
use std::rc::Rc;

use neural_playground::config::{Config, overlay, parse};
use neural_playground::data::{CustomData, Dataset, Task};
use neural_playground::real::Float;
use neural_playground::train::Run;
use serde_json::{Value, json};

/// Data and rules of a run; every row is for training.
pub(crate) struct Setting<'a> {
    /// The config's `network` and `training`, as the figures give them.
    pub(crate) network: &'a Value,
    pub(crate) training: &'a Value,
    pub(crate) batch_size: u32,
    pub(crate) inputs: Vec<f32>,
    pub(crate) columns: usize,
    pub(crate) labels: Vec<f32>,
    pub(crate) classes: usize,
}

impl Setting<'_> {
    /// The engine's own way from a config to a run, with parameters given by name.
    pub(crate) fn run<T: Float>(&self, weights: &BTreeMap<String, Vec<f64>>) -> Run<T> {
        let mut value = serde_json::to_value(Config::default()).unwrap();
        overlay(
            &mut value,
            &json!({"network": self.network, "training": self.training}),
        );
        let mut config = parse(&value).unwrap();
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
        let mut run = Run::<T>::new(&mut config, &dataset, inputs, None).unwrap();
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
