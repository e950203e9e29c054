//! What changing each kind of field does to a run: what stays, stays to the bit.

use neural_playground::config::{Effect, FIELDS};
use neural_playground::session::Event;
use serde_json::{Value, json};

use super::bench::{Bench, configured};

fn trained(patch: &Value) -> Bench {
    let mut bench = Bench::with(patch);
    assert!(bench.steps(137).is_empty());
    bench.frame(&json!({}));
    bench
}

fn units(count: u32) -> Value {
    json!({"units": count, "activation": "tanh", "dropout": 0.0, "frozen": false})
}

#[test]
fn a_live_change_keeps_weights_counters_curves_and_play() {
    for patch in [
        json!({"training": {"optimizer": {"learning_rate": 0.5}}}),
        json!({"training": {"schedule": {"id": "cosine"}}}),
        json!({"training": {"penalty": {"id": "l2", "lambda": 0.1}}}),
        json!({"training": {"clip": {"id": "norm"}}}),
        json!({"training": {"max_norm": 2.0}}),
        json!({"training": {"stop": {"epochs": 90}}}),
        json!({"training": {"early_stopping": {"metric": "loss", "patience": 5, "min_delta": 0.0, "restore_best": true}}}),
    ] {
        let mut bench = trained(&json!({}));
        bench.send(r#"{"type":"play","steps_per_second":null}"#);
        let (weights, run, rows) = (
            bench.weight_bits(),
            bench.run_number(),
            bench.history_rows(),
        );
        assert_eq!(bench.patch(&patch), Effect::Live, "{patch}");
        assert_eq!(
            (bench.weight_bits(), bench.step_count(), bench.epoch()),
            (weights, 137, 137.0 / 25.0),
            "{patch}"
        );
        assert_eq!(
            (bench.run_number(), bench.history_rows(), bench.playing()),
            (run, rows, true),
            "{patch}"
        );
    }
}

#[test]
fn a_replan_keeps_weights_and_counters() {
    for (patch, points) in [
        (
            json!({"network": {"output": {"activation": "tanh"}}, "training": {"loss": "mse"}}),
            false,
        ),
        (json!({"training": {"optimizer": {"id": "sgd"}}}), false),
        (json!({"training": {"shuffled": false}}), false),
        (json!({"data": {"noise": 0.4}}), true),
        (json!({"data": {"label_noise": 0.1}}), true),
        (json!({"data": {"scaling": "standard"}}), true),
        (json!({"seeds": {"data": 9}}), true),
        (
            json!({"data": {"split": {"train": 60, "validation": 20, "test": 20}}}),
            true,
        ),
    ] {
        let mut bench = trained(&json!({}));
        let (weights, run) = (bench.weight_bits(), bench.run_number());
        let events = bench.accept("patch", &patch);
        assert_eq!(configured(&events).unwrap().0, Effect::Replan, "{patch}");
        let told = events
            .iter()
            .any(|event| matches!(event, Event::Points { .. }));
        assert_eq!(told, points, "{patch}");
        assert_eq!(
            (bench.weight_bits(), bench.step_count(), bench.run_number()),
            (weights, 137, run),
            "{patch}"
        );
    }
}

/// Weights of a tensor, `(outputs, inputs)`.
fn tensor(bench: &Bench, name: &str) -> (Vec<usize>, Vec<f32>) {
    let all = bench.session.weights();
    let found = all.into_iter().find(|tensor| tensor.name == name).unwrap();
    (found.shape, found.data)
}

#[test]
fn a_neuron_or_a_layer_more_or_fewer_goes_on_with_what_stays() {
    for (patch, kept) in [
        (json!([units(5), units(2)]), &["hidden.0", "hidden.1"][..]),
        (json!([units(3), units(2)]), &["hidden.0", "hidden.1"]),
        (
            json!([units(4), units(2), units(2)]),
            &["hidden.0", "hidden.1"],
        ),
        (json!([units(4)]), &["hidden.0"]),
        (json!([]), &[]),
    ] {
        let mut bench = trained(&json!({}));
        bench.send(r#"{"type":"play","steps_per_second":null}"#);
        let (run, rows) = (bench.run_number(), bench.history_rows());
        let before: Vec<_> = kept
            .iter()
            .map(|layer| tensor(&bench, &format!("{layer}.weight")))
            .collect();
        let wish = json!({"network": {"hidden": patch}});
        assert_eq!(bench.patch(&wish), Effect::Replan, "{patch}");
        assert_eq!(
            (bench.step_count(), bench.run_number(), bench.playing()),
            (137, run + 1, true),
            "{patch}"
        );
        assert_eq!(bench.history_rows(), rows);
        for (layer, (shape, old)) in kept.iter().zip(before) {
            let (now, new) = tensor(&bench, &format!("{layer}.weight"));
            for row in 0..shape[0].min(now[0]) {
                let columns = shape[1].min(now[1]);
                assert_eq!(
                    old[row * shape[1]..][..columns],
                    new[row * now[1]..][..columns],
                    "{patch} {layer}"
                );
            }
            // The newcomer's are what the seed gives, not zero.
            if now[0] > shape[0] {
                assert!(new[shape[0] * now[1]..].iter().any(|value| *value != 0.0));
            }
        }
        assert!(
            bench
                .steps(50)
                .iter()
                .all(|event| matches!(event, Event::Paused { .. }))
        );
    }
}

#[test]
fn by_tensorflow_playgrounds_rules_another_network_starts_anew() {
    let mut bench = trained(&json!({
        "mode": "tf_playground",
        "network": {"output": {"activation": "tanh"}},
        "training": {"loss": "half_mse", "optimizer": "sgd"}
    }));
    let wish = json!({"network": {"hidden": [units(5), units(2)]}});
    assert_eq!(bench.patch(&wish), Effect::Reset);
    assert_eq!(bench.step_count(), 0);
}

#[test]
fn a_reset_change_starts_a_new_run() {
    for patch in [
        json!({"network": {"hidden": [units(5), units(2)]}, "seeds": {"init": 3}}),
        json!({"network": {"weight_initializer": "he_normal"}}),
        json!({"data": {"features": ["x", "y", "x_squared"]}}),
        json!({"data": {"dataset": "xor"}}),
        json!({"seeds": {"init": 2}}),
        json!({"seeds": {"batches": 2}}),
    ] {
        let mut bench = trained(&json!({}));
        bench.send(r#"{"type":"play","steps_per_second":null}"#);
        let run = bench.run_number();
        assert_eq!(bench.patch(&patch), Effect::Reset, "{patch}");
        assert_eq!(
            (bench.step_count(), bench.epoch(), bench.playing()),
            (0, 0.0, false),
            "{patch}"
        );
        assert_eq!(
            (bench.run_number(), bench.history_rows()),
            (run + 1, 1),
            "{patch}"
        );
    }
}

/// Three outputs where there was one cannot keep the weights, whatever the field says.
#[test]
fn a_replan_that_needs_other_shapes_is_a_reset() {
    let mut bench = trained(&json!({}));
    let patch = json!({"network": {"output": {"activation": "softmax"}}, "training": {"loss": "categorical_cross_entropy"}});
    assert_eq!(bench.patch(&patch), Effect::Reset);
    assert_eq!(bench.step_count(), 0);
}

/// A change there and back leaves the run where it would have been: optimizer state and its clock, the order of the
/// batches, the dropout masks and the schedule go on.
#[test]
fn a_live_change_there_and_back_leaves_no_trace() {
    let layer = json!({"units": 6, "activation": "tanh", "dropout": 0.3, "frozen": false});
    let tf = json!({
        "mode": "tf_playground",
        "network": {"output": {"activation": "tanh"}},
        "training": {"loss": "half_mse", "batch_size": 30, "optimizer": {"id": "sgd", "learning_rate": 0.03}}
    });
    for (config, batches) in [
        (json!({"network": {"hidden": [layer, layer]}}), 137),
        (
            json!({"training": {"optimizer": {"id": "nadam", "learning_rate": 0.01}, "batch_size": 60}}),
            11,
        ),
        (json!({"training": {"schedule": {"id": "one_cycle"}}}), 30),
        (tf, 13),
    ] {
        let mut straight = Bench::with(&config);
        straight.steps(batches);
        straight.steps(50);
        let mut there_and_back = Bench::with(&config);
        there_and_back.steps(batches);
        let rate = there_and_back.session.config().training.optimizer.params["learning_rate"];
        for rate in [0.5, rate] {
            there_and_back.patch(&json!({"training": {"optimizer": {"learning_rate": rate}}}));
        }
        assert_eq!(straight.session.config(), there_and_back.session.config());
        there_and_back.steps(50);
        assert_eq!(straight.epoch(), there_and_back.epoch(), "{config}");
        assert!(
            straight.weight_bits() == there_and_back.weight_bits(),
            "{config}"
        );
    }
}

#[test]
fn reset_gives_the_same_bytes_and_the_same_course() {
    let mut bench = Bench::new();
    let start = bench.weight_bits();
    bench.steps(300);
    let there = bench.weight_bits();
    assert_ne!(start, there);
    let events = bench.send(r#"{"type":"reset"}"#);
    assert_eq!(configured(&events).unwrap().0, Effect::Reset);
    assert_eq!(
        (
            bench.weight_bits(),
            bench.step_count(),
            bench.history_rows()
        ),
        (start, 0, 1)
    );
    bench.steps(300);
    assert_eq!(bench.weight_bits(), there);
}

#[test]
fn the_same_seeds_give_the_same_bytes_and_each_seed_changes_its_own_part() {
    let course = |patch: &Value| {
        let mut bench = Bench::with(patch);
        let points = bench.session.points();
        let start = bench.weight_bits();
        bench.steps(60);
        (points.x, points.split, start, bench.weight_bits())
    };
    let base = course(&json!({}));
    assert_eq!(base, course(&json!({})));
    let data = course(&json!({"seeds": {"data": 5}}));
    assert!(base.0 != data.0 && base.2 == data.2);
    let split = course(&json!({"seeds": {"split": 5}}));
    assert!(base.0 == split.0 && base.1 != split.1 && base.2 == split.2);
    let init = course(&json!({"seeds": {"init": 5}}));
    assert!(base.0 == init.0 && base.1 == init.1 && base.2 != init.2);
    let batches = course(&json!({"seeds": {"batches": 5}}));
    assert!(
        base.0 == batches.0 && base.1 == batches.1 && base.2 == batches.2 && base.3 != batches.3
    );
}

#[test]
fn new_seed_counts_the_named_seeds_up() {
    let mut bench = Bench::new();
    let before = bench.session.config().seeds.clone();
    let events = bench.send(r#"{"type":"new_seed","which":["data","init"]}"#);
    assert_eq!(configured(&events).unwrap().0, Effect::Reset);
    let seeds = bench.session.config().seeds.clone();
    assert_eq!(
        (seeds.data, seeds.split, seeds.init),
        (before.data + 1, before.split, before.init + 1)
    );
    bench.steps(10);
    let weights = bench.weight_bits();
    // New points under the same weights, as a visitor who presses the button expects.
    let events = bench.send(r#"{"type":"new_seed","which":["data"]}"#);
    assert_eq!(configured(&events).unwrap().0, Effect::Replan);
    assert_eq!(bench.weight_bits(), weights);
}

#[test]
fn a_wish_for_what_is_there_already_changes_nothing() {
    let mut bench = trained(&json!({}));
    let before = bench.state();
    let whole = serde_json::to_value(bench.session.config()).unwrap();
    assert_eq!(bench.patch(&whole), Effect::Live);
    assert_eq!(bench.patch(&json!({})), Effect::Live);
    assert_eq!(bench.state(), before);
}

#[test]
fn configure_lays_over_the_defaults_and_patch_over_what_is_there() {
    let mut bench = Bench::new();
    bench.patch(&json!({"training": {"batch_size": 7}}));
    bench.patch(&json!({"data": {"noise": 0.1}}));
    assert_eq!(bench.session.config().training.batch_size, 7);
    bench.accept("configure", &json!({"data": {"noise": 0.1}}));
    assert_eq!(bench.session.config().training.batch_size, 10);
    // The defaults fit the data set asked for.
    bench.accept("configure", &json!({"data": {"dataset": "line_cubic"}}));
    assert_eq!(bench.session.config().training.loss.id, "mse");
    assert_eq!(bench.session.config().data.features, ["x"]);
}

#[test]
fn the_table_of_fields_has_every_field_of_the_config_and_no_other() {
    let mut config = serde_json::to_value(Bench::new().session.config()).unwrap();
    config["training"]["early_stopping"] =
        json!({"metric": "loss", "patience": 1, "min_delta": 0.0, "restore_best": true});
    config["training"]["stop"]["target"] = json!({"metric": "loss", "value": 0.1});
    fn walk(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) if !fields.contains_key("id") => {
                for (name, value) in fields {
                    let path = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    walk(&path, value, found);
                }
            }
            Value::Array(items) if path == "network.hidden" => {
                walk("network.hidden[]", &items[0], found)
            }
            _ => found.push(path.to_owned()),
        }
    }
    let mut found = Vec::new();
    walk("", &config, &mut found);
    found.retain(|path| path != "version");
    found.extend(
        [
            "network.hidden",
            "training.early_stopping",
            "training.stop.target",
        ]
        .map(str::to_owned),
    );
    found.sort();
    let mut table: Vec<String> = FIELDS.iter().map(|field| field.path.to_owned()).collect();
    table.sort();
    assert_eq!(found, table);
}
