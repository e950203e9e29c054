//! How runs end: epochs, target, early stopping, divergence; and the sealed test set.

use neural_playground::session::{Event, FinishReason};
use serde_json::{Value, json};

use super::bench::{Bench, configured, end, refusal};

/// Least squares over features up to `x^2`: the steepest direction has a curvature of about 500, so that a learning
/// rate of 0.02 is five times too large, and a tenth of it is not.
fn too_fast() -> Value {
    json!({
        "data": {"dataset": "reg_plane", "features": ["x", "y", "x_squared", "y_squared"]},
        "network": {"hidden": [], "output": {"activation": "linear"}},
        "training": {"loss": "mse", "optimizer": {"id": "sgd", "learning_rate": 0.02}}
    })
}

#[test]
fn divergence_stops_restores_a_finite_state_and_says_why() {
    let mut bench = Bench::with(&too_fast());
    let events = bench.epochs(500);
    let end = end(&events).expect("it must diverge");
    assert_eq!(end.reason, FinishReason::Diverged);
    assert!(matches!(events.last(), Some(Event::Paused { .. })));
    assert!(end.detail["step"] > end.detail["restored_step"]);
    assert_eq!(
        (end.step as f64, end.detail["learning_rate"]),
        (end.detail["restored_step"], 0.02)
    );
    assert!(
        bench
            .session
            .run()
            .trainer
            .parameters()
            .iter()
            .all(|value| value.is_finite())
    );
    let metrics = bench.metrics();
    assert!(metrics.train.loss.is_finite());
    assert_eq!(metrics.step, end.step);
    let history = bench.frame(&json!({"history": true})).history.unwrap();
    let last = &history.data[(history.rows - 1) * 7..];
    assert!(f64::from(last[0]) <= end.epoch && last[1].is_finite());
}

#[test]
fn every_remedy_is_a_patch_that_works() {
    let mut bench = Bench::with(&too_fast());
    let remedies = end(&bench.epochs(500)).unwrap().remedies;
    let ids: Vec<&str> = remedies.iter().map(|remedy| remedy.id.as_str()).collect();
    assert_eq!(
        ids,
        ["lower_learning_rate", "clip_gradients", "scale_inputs"]
    );
    for remedy in &remedies {
        let mut bench = Bench::with(&too_fast());
        bench.epochs(500);
        bench.accept("patch", &remedy.patch);
        let events = bench.send(r#"{"type":"reset"}"#);
        assert!(configured(&events).is_some());
        let before = bench.metrics().train.loss;
        let events = bench.epochs(100);
        assert!(events.is_empty(), "{}: {events:?}", remedy.id);
        assert!(bench.metrics().train.loss < before, "{}", remedy.id);
    }
    // What is done already is not proposed again.
    let mut scaled = too_fast();
    scaled["data"]["scaling"] = json!("standard");
    scaled["training"]["optimizer"]["learning_rate"] = json!(100.0);
    let remedies = end(&Bench::with(&scaled).epochs(500)).unwrap().remedies;
    let ids: Vec<&str> = remedies.iter().map(|remedy| remedy.id.as_str()).collect();
    assert_eq!(ids, ["lower_learning_rate", "clip_gradients"]);
}

/// The gradient overflows while the loss is still finite: the parameters are infinite before any loss says so.
#[test]
fn a_change_between_overflow_and_the_next_loss_does_not_lose_the_finite_state() {
    let layer = json!({"units": 1, "activation": "linear", "dropout": 0.0, "frozen": false});
    let mut bench = Bench::with(&json!({
        "data": {"dataset": "reg_plane"},
        "network": {"hidden": [layer], "output": {"activation": "linear"}},
        "training": {"loss": "mse", "optimizer": {"id": "sgd", "learning_rate": 0.03}}
    }));
    let mut weights = bench.session.weights();
    for tensor in &mut weights {
        tensor.data.fill(if tensor.name == "output.weight" {
            1e22
        } else {
            1e-5
        });
    }
    bench.session.set_weights(&weights).unwrap();
    let kept = bench.weight_bits();
    assert_eq!(bench.steps(1), []);
    let overflown = bench
        .session
        .run()
        .trainer
        .parameters()
        .iter()
        .any(|value| !value.is_finite());
    assert!(overflown, "the set-up must overflow");
    bench.patch(&json!({"training": {"optimizer": {"learning_rate": 0.01}}}));
    let end = end(&bench.steps(5)).expect("it must be found out");
    assert_eq!(end.reason, FinishReason::Diverged);
    let parameters = bench.session.run().trainer.parameters().to_vec();
    assert!(
        parameters.iter().all(|value| value.is_finite()),
        "{parameters:?}"
    );
    // Without a change in between, it is the very state before.
    let mut bench = Bench::with(&serde_json::to_value(bench.session.config()).unwrap());
    bench.session.set_weights(&weights).unwrap();
    assert!(super::bench::end(&bench.steps(5)).is_some());
    assert_eq!(bench.weight_bits(), kept);
}

/// A saturated tanh keeps the loss finite under infinite weights; the run must not go on with them.
#[test]
fn infinite_weights_end_the_run_although_the_loss_is_finite() {
    let layer = json!({"units": 2, "activation": "tanh", "dropout": 0.0, "frozen": false});
    let mut bench = Bench::with(&json!({
        "data": {"dataset": "line_sine", "features": ["x"]},
        "network": {"hidden": [layer], "output": {"activation": "linear"}},
        "training": {"loss": "mse", "optimizer": {"id": "sgd", "learning_rate": 0.03}}
    }));
    let place = bench.session.run().trainer.plan().network.layers[0]
        .weight()
        .start;
    let mut parameters = bench.session.run().trainer.parameters().to_vec();
    parameters[place] = f32::INFINITY;
    bench
        .session
        .run()
        .trainer
        .interpreter()
        .parameters_mut()
        .copy_from_slice(&parameters);
    let ending = end(&bench.epochs(3)).expect("it must be found out");
    assert_eq!(ending.reason, FinishReason::Diverged);
    assert!(
        bench
            .session
            .run()
            .trainer
            .parameters()
            .iter()
            .all(|value| value.is_finite())
    );
}

#[test]
fn it_stops_after_the_epochs_asked_for() {
    let mut bench = Bench::with(&json!({"training": {"stop": {"epochs": 12}}}));
    let ending = end(&bench.epochs(100)).unwrap();
    assert_eq!(
        (ending.reason, ending.step, ending.epoch),
        (FinishReason::Epochs, 300, 12.0)
    );
    assert_eq!(ending.detail["epochs"], 12.0);
    assert!(ending.remedies.is_empty());
    assert!(!bench.playing());
    assert!(
        bench.metrics().test.is_none(),
        "the seal was not to be opened"
    );
}

#[test]
fn it_stops_at_a_target_of_the_validation_set() {
    let mut bench = Bench::with(&json!({
        "training": {"stop": {"target": {"metric": "accuracy", "value": 0.9}}}
    }));
    let ending = end(&bench.epochs(1000)).unwrap();
    assert_eq!(ending.reason, FinishReason::Target);
    let accuracy = bench.metrics().validation.unwrap().metrics["accuracy"];
    assert!(accuracy >= 0.9);
    assert_eq!(ending.detail["value"], accuracy);
    // Lower is better for a loss.
    let mut bench =
        Bench::with(&json!({"training": {"stop": {"target": {"metric": "loss", "value": 0.3}}}}));
    assert_eq!(
        end(&bench.epochs(1000)).unwrap().reason,
        FinishReason::Target
    );
    assert!(bench.metrics().validation.unwrap().loss <= 0.3);
}

#[test]
fn early_stopping_goes_back_to_the_best_epoch() {
    // Few, noisy points and a large network: it overfits.
    let layer = json!({"units": 24, "activation": "relu", "dropout": 0.0, "frozen": false});
    let config = |restore: bool| {
        json!({
            "data": {"samples": 60, "noise": 0.5, "label_noise": 0.3},
            "network": {"hidden": [layer, layer]},
            "training": {"early_stopping": {"metric": "loss", "patience": 7, "min_delta": 0.0, "restore_best": restore}}
        })
    };
    let mut bench = Bench::with(&config(true));
    let ending = end(&bench.epochs(1000)).unwrap();
    assert_eq!(ending.reason, FinishReason::EarlyStopping);
    assert_eq!(ending.epoch, ending.detail["best_epoch"] + 7.0);
    let loss = bench.metrics().validation.unwrap().loss;
    assert_eq!(loss, ending.detail["best"]);

    let mut bench = Bench::with(&config(false));
    let ending = end(&bench.epochs(1000)).unwrap();
    assert!(bench.metrics().validation.unwrap().loss > ending.detail["best"]);
}

#[test]
fn the_test_set_is_sealed_until_asked_for() {
    let mut bench = Bench::new();
    bench.epochs(3);
    let points = bench.session.points();
    let sealed = |labels: &[f32], split: &[u8]| {
        labels
            .iter()
            .zip(split)
            .all(|(label, part)| label.is_nan() == (*part == 2))
    };
    assert!(sealed(&points.label, &points.split));
    assert!(points.split.contains(&2));
    let metrics = bench.metrics();
    assert!(
        metrics.test.is_none()
            && metrics.test_step.is_none()
            && metrics.confusion.unwrap().test.is_none()
    );
    assert_eq!(metrics.test_revealed, 0);

    let events = bench.send(r#"{"type":"reveal_test"}"#);
    assert!(matches!(events[..], [Event::Points { .. }]));
    let metrics = bench.metrics();
    assert_eq!((metrics.test_revealed, metrics.test_step), (1, Some(75)));
    let opened = metrics.test.unwrap();
    assert!(
        bench
            .session
            .points()
            .label
            .iter()
            .all(|label| !label.is_nan())
    );
    // It is a figure of the step at which it was taken, not a third curve.
    bench.epochs(20);
    let metrics = bench.metrics();
    assert_eq!(
        (metrics.test.unwrap(), metrics.test_step),
        (opened, Some(75))
    );
    bench.send(r#"{"type":"reveal_test"}"#);
    assert_eq!(bench.metrics().test_revealed, 2);
    // Other points, other seal.
    bench.patch(&json!({"seeds": {"data": 3}}));
    assert!(bench.metrics().test.is_none());
    assert_eq!(bench.metrics().test_revealed, 0);
}

#[test]
fn the_rule_opens_the_seal_when_the_run_ends() {
    let mut bench =
        Bench::with(&json!({"training": {"stop": {"epochs": 4, "evaluate_test": true}}}));
    let events = bench.epochs(10);
    assert!(end(&events).is_some());
    // The points are drawn anew: theirs have labels from now on.
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Points { .. }))
    );
    let metrics = bench.metrics();
    assert_eq!((metrics.test_revealed, metrics.test_step), (1, Some(100)));
    assert!(metrics.test.unwrap().loss > 0.0);
}

#[test]
fn without_a_test_set_there_is_nothing_to_reveal() {
    let mut bench =
        Bench::with(&json!({"data": {"split": {"train": 80, "validation": 20, "test": 0}}}));
    let refused = refusal(&bench.send(r#"{"type":"reveal_test"}"#));
    assert_eq!(
        (
            refused.code.as_str(),
            refused.values["reason"].as_str().unwrap()
        ),
        ("not_now", "no_test_set")
    );
}
