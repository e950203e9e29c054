//! Parameter groups: a layer that is unfrozen after a thousand steps, and layers with rates of their own, as PyTorch's.

use std::collections::BTreeMap;

use neural_playground::train::Run;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reader::{F64, assert_all_close, read};
use super::setting::{Setting, tensors};

#[derive(Deserialize)]
struct Groups {
    inputs: Vec<f64>,
    labels: Vec<f64>,
    rows: usize,
    columns: usize,
    frozen_steps: usize,
    rate_factors: BTreeMap<String, f64>,
    weights: BTreeMap<String, Vec<f64>>,
    entries: Vec<Figures>,
}

#[derive(Deserialize)]
struct Figures {
    id: String,
    params: serde_json::Map<String, Value>,
    unfrozen: Vec<BTreeMap<String, Vec<f64>>>,
    factors: Vec<BTreeMap<String, Vec<f64>>>,
}

impl Groups {
    /// The run with these layers' factors; 0 is frozen.
    fn run(&self, figures: &Figures, factors: &BTreeMap<String, f64>) -> Run<f64> {
        let of = |layer: &str| factors.get(layer).copied().unwrap_or(1.0);
        let hidden = |units: u32, layer: &str| json!({"units": units, "activation": "tanh", "learning_rate_factor": of(layer)});
        let mut optimizer = figures.params.clone();
        optimizer.insert("id".into(), figures.id.as_str().into());
        let setting = Setting {
            network: &json!({
                "hidden": [hidden(4, "hidden.0"), hidden(3, "hidden.1")],
                "output": {"activation": "linear", "learning_rate_factor": of("output")},
            }),
            training: &json!({"loss": "mse", "optimizer": optimizer}),
            batch_size: 18,
            inputs: self.inputs.iter().map(|&x| x as f32).collect(),
            columns: self.columns,
            labels: self.labels.iter().map(|&label| label as f32).collect(),
            classes: 0,
        };
        setting.run(&self.weights)
    }

    fn step(&self, run: &mut Run<f64>) {
        let rows: Vec<u32> = (0..u32::try_from(self.rows).unwrap()).collect();
        run.trainer.train_rows(&rows).unwrap();
    }

    fn follow(
        &self,
        name: &str,
        run: &mut Run<f64>,
        expected: &[BTreeMap<String, Vec<f64>>],
        tolerance: f64,
    ) {
        for (step, expected) in expected.iter().enumerate() {
            self.step(run);
            for (tensor, values) in tensors(run, run.trainer.parameters()) {
                let name = format!("{name}, {tensor} after step {}", step + 1);
                assert_all_close(&name, &values, &expected[&tensor], tolerance);
            }
        }
    }
}

#[test]
fn a_layer_unfrozen_after_a_thousand_steps_moves_as_pytorch_s() {
    let file: Groups = read("groups");
    assert_eq!(file.frozen_steps, 1000);
    for figures in &file.entries {
        let name = format!("{} {:?}", figures.id, figures.params);
        let frozen = BTreeMap::from([("hidden.0".to_owned(), 0.0)]);
        let mut run = file.run(figures, &frozen);
        for _ in 0..file.frozen_steps {
            file.step(&mut run);
        }
        let mut unfrozen = file.run(figures, &BTreeMap::new());
        unfrozen.continue_from(&run, true);
        file.follow(&name, &mut unfrozen, &figures.unfrozen, F64);
    }
    let ids: Vec<&str> = file
        .entries
        .iter()
        .map(|figures| figures.id.as_str())
        .collect();
    for clocked in ["adam", "adamw", "nadam", "adagrad", "rmsprop", "momentum"] {
        assert!(ids.contains(&clocked), "{clocked}");
    }
}

#[test]
fn a_rate_factor_is_a_parameter_group_of_pytorch_s() {
    let file: Groups = read("groups");
    for figures in &file.entries {
        let mut run = file.run(figures, &file.rate_factors);
        file.follow(&figures.id, &mut run, &figures.factors, F64);
    }
}
