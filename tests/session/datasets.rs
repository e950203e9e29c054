//! Choosing data: every set, the adapted notices, digits and back, the caller's own.

use neural_playground::data::{DATASETS, Kind, Task};
use neural_playground::session::Event;
use serde_json::json;

use super::bench::{Bench, configured, digits, refusal};

#[test]
fn every_data_set_follows_every_other_and_trains() {
    let mut bench = Bench::new();
    bench.session.load_digits(&digits()).unwrap();
    bench
        .session
        .set_data(vec![0.5; 40], 2, &[0.25; 20], None, Some(Task::Regression))
        .unwrap();
    for from in DATASETS {
        for to in DATASETS {
            // Digits to digits is a choice too; two loops over a data set of this size are enough.
            if from.kind == Kind::Digits && to.kind == Kind::Digits {
                continue;
            }
            for id in [from.id, to.id] {
                let events = bench.choose(id);
                assert!(
                    configured(&events).is_some(),
                    "{} to {}: {events:?}",
                    from.id,
                    to.id
                );
                assert_eq!(bench.session.config().data.dataset, id);
            }
            assert!(bench.steps(2).is_empty(), "{} to {}", from.id, to.id);
            assert_eq!(bench.step_count(), 2, "{} to {}", from.id, to.id);
        }
    }
}

#[test]
fn what_was_changed_for_another_kind_of_data_is_told() {
    let mut bench = Bench::new();
    let mut adapted = |dataset: &str| -> Vec<(String, String, String)> {
        let (_, adapted) = configured(&bench.choose(dataset)).unwrap();
        adapted
            .into_iter()
            .map(|change| (change.field, change.from, change.to))
            .collect()
    };
    let change = |field: &str, from: &str, to: &str| (field.into(), from.into(), to.into());
    assert_eq!(adapted("spiral"), []);
    assert_eq!(
        adapted("reg_plane"),
        [
            change("network.output.activation", "sigmoid", "linear"),
            change("training.loss", "binary_cross_entropy", "mse"),
        ]
    );
    assert_eq!(adapted("line_sine"), []);
    // Mean squared error and a linear output would fit classes too, but are not what the circle was left with.
    assert_eq!(
        adapted("circle"),
        [
            change("network.output.activation", "linear", "sigmoid"),
            change("training.loss", "mse", "binary_cross_entropy"),
        ]
    );
    assert_eq!(
        adapted("rings"),
        [
            change("network.output.activation", "sigmoid", "softmax"),
            change(
                "training.loss",
                "binary_cross_entropy",
                "categorical_cross_entropy"
            ),
        ]
    );
}

#[test]
fn three_classes_make_a_softmax_and_two_take_it_back() {
    let mut bench = Bench::new();
    bench.choose("rings");
    let config = bench.session.config();
    assert_eq!(config.network.output.activation.id, "softmax");
    assert_eq!(config.training.loss.id, "categorical_cross_entropy");
    bench.choose("moons");
    let config = bench.session.config();
    assert_eq!(config.network.output.activation.id, "sigmoid");
    assert_eq!(config.training.loss.id, "binary_cross_entropy");
}

#[test]
fn digits_are_asked_for_before_anything_changes() {
    let mut bench = Bench::new();
    bench.steps(3);
    let before = bench.state();
    assert_eq!(bench.choose("digits"), [Event::NeedsDigits]);
    let wish = json!({"type": "configure", "config": {"data": {"dataset": "digits"}}});
    assert_eq!(bench.send_json(&wish), [Event::NeedsDigits]);
    // A wrong config costs no download.
    let wrong = json!({"data": {"dataset": "digits"}, "training": {"batch_size": 0}});
    let refused = refusal(&bench.send_json(&json!({"type": "configure", "config": wrong})));
    assert_eq!(refused.field, "training.batch_size");
    assert_eq!(bench.state(), before);
}

#[test]
fn digits_bring_the_worked_example_and_going_back_brings_the_old_config() {
    let mut bench = Bench::with(&json!({
        "data": {"noise": 0.2, "features": ["x", "y", "sin_x"]},
        "network": {"hidden": [{"units": 7, "activation": "relu", "dropout": 0.0, "frozen": false}]},
        "training": {"batch_size": 3, "optimizer": {"id": "sgd", "learning_rate": 0.2}}
    }));
    let before = bench.session.config().clone();
    bench.session.load_digits(&digits()).unwrap();
    let events = bench.choose("digits");
    let config = bench.session.config().clone();
    let units: Vec<u32> = config
        .network
        .hidden
        .iter()
        .map(|layer| layer.units)
        .collect();
    assert_eq!(units, [64, 64]);
    assert_eq!(config.network.output.activation.id, "softmax");
    assert_eq!(config.training.optimizer.params["learning_rate"], 0.001);
    assert_eq!(
        (config.training.batch_size, config.training.stop.epochs),
        (32, 10)
    );
    let Some(Event::Configured { summary, .. }) = events
        .iter()
        .find(|event| matches!(event, Event::Configured { .. }))
    else {
        panic!("{events:?}")
    };
    assert_eq!(
        (
            summary.counts.train,
            summary.counts.validation,
            summary.counts.test,
            summary.parameters
        ),
        (7000, 1000, 2000, 55_050)
    );
    bench.choose("circle");
    assert_eq!(*bench.session.config(), before);
}

#[test]
fn tensorflow_playgrounds_mode_is_left_for_data_that_it_does_not_have() {
    let tf = json!({
        "mode": "tf_playground",
        "network": {"output": {"activation": "tanh"}},
        "training": {"loss": "half_mse", "optimizer": {"id": "sgd", "learning_rate": 0.03}}
    });
    for dataset in ["digits", "moons", "line_sine", "custom"] {
        let mut bench = Bench::with(&tf);
        bench.session.load_digits(&digits()).unwrap();
        if dataset == "custom" {
            bench
                .session
                .set_data(vec![0.5; 40], 2, &[0.25; 20], None, Some(Task::Regression))
                .unwrap();
            // The data are known now; the mode was left for them, and is taken up again for another set.
            bench.choose("circle");
            bench.patch(&tf);
        }
        let events = bench.choose(dataset);
        let (_, adapted) = configured(&events).unwrap_or_else(|| panic!("{dataset}: {events:?}"));
        assert_eq!(
            format!("{:?}", bench.session.config().mode),
            "Standard",
            "{dataset}"
        );
        let told = adapted.iter().any(|change| change.field == "mode");
        assert!(told || dataset == "digits", "{dataset}: {adapted:?}");
    }
    // Sets that it has keep the mode.
    let mut bench = Bench::with(&tf);
    bench.choose("spiral");
    assert_eq!(format!("{:?}", bench.session.config().mode), "TfPlayground");
}

#[test]
fn the_callers_own_data_train_and_stay_for_later() {
    let mut bench = Bench::new();
    let rows = 60_usize;
    let inputs: Vec<f32> = (0..rows * 3)
        .map(|place| (place % 7) as f32 - 3.0)
        .collect();
    let targets: Vec<f32> = (0..rows).map(|row| (row % 3) as f32).collect();
    let events = bench
        .session
        .set_data(inputs.clone(), 3, &targets, None, None)
        .unwrap();
    assert!(configured(&events).is_some());
    let config = bench.session.config();
    assert_eq!(
        (
            config.data.dataset.as_str(),
            config.data.scaling.id.as_str()
        ),
        ("custom", "none")
    );
    assert_eq!(config.network.output.activation.id, "softmax");
    assert!(bench.epochs(5).is_empty());
    assert_eq!(
        bench.session.predict(&inputs, Some(3)).unwrap().len(),
        rows * 3
    );
    bench.choose("circle");
    assert!(configured(&bench.choose("custom")).is_some());
}

#[test]
fn a_way_through_other_families_of_data_leads_back_to_the_same_settings() {
    let mut bench = Bench::new();
    bench.patch(&json!({"data": {"features": ["x", "y", "sin_x"]}, "training": {"loss": "mse"}}));
    let before = bench.session.config().clone();
    bench.choose("line_sine");
    assert_eq!(bench.session.config().data.features, ["x"]);
    assert_eq!(
        bench.session.config().network.output.activation.id,
        "linear"
    );
    bench.choose("reg_plane");
    assert_eq!(bench.session.config().data.features, ["x", "y"]);
    bench.choose("blobs");
    assert_eq!(
        bench.session.config().network.output.activation.id,
        "sigmoid"
    );
    bench.choose("circle");
    assert_eq!(*bench.session.config(), before);
}

/// Rules that the old data had, and what becomes of them: they keep their direction, since their numbers stay.
#[test]
fn rules_that_do_not_fit_the_callers_own_data_are_adapted_and_told() {
    let early = |metric: &str| json!({"training": {"early_stopping": {"metric": metric}}});
    let target =
        |metric: &str| json!({"training": {"stop": {"target": {"metric": metric, "value": 0.3}}}});
    let cases = [
        (
            "circle",
            early("accuracy"),
            Task::Regression,
            "training.early_stopping.metric",
            "r2",
        ),
        (
            "circle",
            early("log_loss"),
            Task::Regression,
            "training.early_stopping.metric",
            "loss",
        ),
        (
            "circle",
            target("balanced_accuracy"),
            Task::Regression,
            "training.stop.target.metric",
            "r2",
        ),
        (
            "circle",
            target("log_loss"),
            Task::Regression,
            "training.stop.target.metric",
            "loss",
        ),
        (
            "reg_plane",
            early("r2"),
            Task::Classification,
            "training.early_stopping.metric",
            "accuracy",
        ),
        (
            "reg_plane",
            target("rmse"),
            Task::Classification,
            "training.stop.target.metric",
            "loss",
        ),
        (
            "reg_plane",
            target("mae"),
            Task::Classification,
            "training.stop.target.metric",
            "loss",
        ),
    ];
    for (dataset, rule, task, field, to) in cases {
        let mut bench = Bench::new();
        bench.choose(dataset);
        bench.patch(&rule);
        let targets = [0.0, 1.0].repeat(10);
        let events = bench
            .session
            .set_data(vec![0.5; 40], 2, targets, None, Some(task))
            .unwrap_or_else(|error| panic!("{dataset}, {rule}: {error}"));
        let (_, adapted) = configured(&events).unwrap();
        let told = adapted.iter().find(|change| change.field == field).unwrap();
        assert_eq!(told.to, to, "{dataset}, {rule}");
        bench.steps(3);
    }
    // Log loss goes with the probabilities: three signed scores have none.
    let mut bench = Bench::new();
    bench.patch(&json!({"network": {"output": {"activation": "softmax"}}, "training": {"loss": "mse", "early_stopping": {"metric": "log_loss"}}}));
    bench
        .session
        .set_data(vec![0.5; 40], 2, [0.0, 1.0].repeat(10), None, None)
        .unwrap();
    bench.steps(3);
}
