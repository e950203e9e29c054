//! Random and malformed commands from a seed: nothing panics, every refusal has a code and a field, and none changes a bit.
//! `CALLS=100000 SEED=2 cargo test --test engine random_commands` makes as many; the suite makes fewer.

use serde_json::{Value, json};

use super::bench::Bench;
use neural_playground::random::{Purpose, Random};
use neural_playground::session::Event;

struct Draw {
    random: Random,
    index: u64,
}

impl Draw {
    fn below(&mut self, count: u32) -> u32 {
        self.index += 1;
        self.random.bits(self.index)[0] % count
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u32) as usize]
    }

    fn junk(&mut self) -> Value {
        let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
        let all = [
            json!(null),
            json!(true),
            json!(-1),
            json!(0),
            json!(2.7),
            json!(1e308),
            json!(4_294_967_296_u64),
            json!(9_007_199_254_740_993_u64),
            json!(""),
            json!("7"),
            json!("circle"),
            json!([]),
            json!({}),
            json!([null]),
            json!({"id": 5}),
            json!({"id": "tanh", "slope": "x"}),
            json!("é".repeat(300)),
            deep,
        ];
        self.pick(&all).clone()
    }

    fn field(&mut self) -> Value {
        let id = *self.pick(&[
            "tanh", "relu", "sigmoid", "linear", "softmax", "selu", "sine",
        ]);
        let loss = *self.pick(&[
            "mse",
            "mae",
            "hinge",
            "binary_cross_entropy",
            "categorical_cross_entropy",
        ]);
        let optimizer = *self.pick(&["sgd", "gd", "adam", "nadam", "lion", "adadelta"]);
        let metric = *self.pick(&[
            "loss",
            "accuracy",
            "balanced_accuracy",
            "log_loss",
            "r2",
            "rmse",
            "f1",
        ]);
        let dataset = *self.pick(&[
            "circle",
            "spiral",
            "blobs",
            "reg_plane",
            "line_sine",
            "custom",
            "digits",
        ]);
        let hidden: Vec<Value> = (0..self.below(4))
            .map(|_| json!({"units": self.below(20), "activation": id, "dropout": 0.1, "frozen": self.below(4) == 0}))
            .collect();
        let count = *self.pick(&[0, 1, 3, 10, 64, 500, 5000]);
        let number = *self.pick(&[0.0, 0.01, 0.5, 3.0, -1.0, 1e9]);
        let all = [
            json!({"network": {"hidden": hidden}}),
            json!({"network": {"output": {"activation": id}}}),
            json!({"training": {"loss": loss}}),
            json!({"training": {"loss": loss}, "network": {"output": {"activation": id}}}),
            json!({"training": {"optimizer": {"id": optimizer, "learning_rate": number}}}),
            json!({"training": {"batch_size": count}}),
            json!({"training": {"early_stopping": {"metric": metric, "patience": count}}}),
            json!({"training": {"stop": {"epochs": count, "target": {"metric": metric, "value": number}, "evaluate_test": true}}}),
            json!({"training": {"max_norm": number, "penalty": "l1", "clip": "norm"}}),
            json!({"data": {"dataset": dataset, "samples": count, "noise": number}}),
            json!({"data": {"split": {"train": count, "validation": 20, "test": 20}, "scaling": "standard"}}),
            json!({"mode": if self.below(2) == 0 { "standard" } else { "tf_playground" }}),
            json!({"seeds": {"init": count, "data": count}}),
        ];
        self.pick(&all).clone()
    }

    fn command(&mut self) -> Value {
        let count = *self.pick(&[0, 1, 2, 30]);
        let field = self.field();
        let value = *self.pick(&[0.0, -2.5, 1e7]);
        let (layer, unit, input) = (self.below(4), self.below(6), self.below(6));
        let all = [
            json!({"type": "configure", "config": field}),
            json!({"type": "patch", "patch": field}),
            json!({"type": "patch", "patch": field}),
            json!({"type": "choose_dataset", "dataset": self.pick(&["xor", "moons", "reg_gauss", "line_step", "custom", "no"])}),
            json!({"type": "step", "count": count}),
            json!({"type": "epoch", "count": count.min(2)}),
            json!({"type": "train", "steps": count}),
            json!({"type": "play", "steps_per_second": value}),
            json!({"type": "pause"}),
            json!({"type": "reset"}),
            json!({"type": "new_seed", "which": ["init", "data"]}),
            json!({"type": "set_parameter", "layer": layer, "unit": unit, "input": input, "value": value}),
            json!({"type": "reveal_test"}),
        ];
        let mut command = self.pick(&all).clone();
        if self.below(3) == 0 {
            let junk = self.junk();
            spoil(&mut command, junk, &mut |count| self.below(count));
        }
        command
    }
}

/// Puts `junk` in the place of something inside.
fn spoil(value: &mut Value, junk: Value, below: &mut dyn FnMut(u32) -> u32) {
    let Value::Object(map) = value else {
        *value = junk;
        return;
    };
    if map.is_empty() || below(12) == 0 {
        map.insert("nonsense".into(), junk);
        return;
    }
    let place = below(map.len() as u32) as usize;
    if let Some(member) = map.values_mut().nth(place) {
        spoil(member, junk, below);
    }
}

fn from_env(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn random_commands_are_carried_out_or_refused_without_a_trace() {
    let (calls, seed) = (from_env("CALLS", 2000), from_env("SEED", 1));
    let mut draw = Draw {
        random: Random::new(seed, Purpose::Points),
        index: 0,
    };
    let mut bench = Bench::new();
    // A clock that moves, or flat out would never end.
    bench.tick.set(0.05);
    let mut refused = 0;
    for call in 0..calls {
        if call % 50 == 0 {
            let targets: Vec<f64> = (0..30).map(|row| f64::from(row % 3)).collect();
            let inputs: Vec<f64> = (0..60).map(|_| f64::from(draw.below(9))).collect();
            let told = bench.session.set_data(inputs, 2, targets, None, None);
            assert!(
                told.is_ok(),
                "data that can be adapted to are: call {call}, {told:?}"
            );
        }
        let command = draw.command();
        let before = (call % 5 == 0).then(|| bench.state());
        let events = bench.send_json(&command);
        if let [Event::Rejected { refusal }] = events.as_slice() {
            refused += 1;
            let sound = !refusal.code.is_empty() && !refusal.field.is_empty();
            assert!(
                sound && refusal.field.chars().count() <= 200,
                "{command}: {refusal:?}"
            );
            if let Some(before) = before {
                assert!(
                    bench.state() == before,
                    "seed {seed}, call {call}: {command} left a trace"
                );
            }
        }
        bench.advance(0.1);
    }
    assert!(
        refused > calls / 10 && refused < calls * 9 / 10,
        "{refused} of {calls}"
    );
}
