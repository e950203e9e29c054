//! What lives with a run: stop rules, schedule, the optimizer's clocks and TensorFlow Playground's cut links, through changes.

use neural_playground::session::FinishReason;
use serde_json::{Value, json};

use super::bench::{Bench, end, refusal};

/// Nothing moves, so that early stopping sees one figure for ever.
fn still(patience: u32) -> Value {
    json!({
        "network": {
            "hidden": [{"units": 3, "activation": "tanh", "frozen": true}], "output": {"frozen": true}
        },
        "training": {"early_stopping": {"metric": "loss", "patience": patience}}
    })
}

#[test]
fn early_stopping_waits_on_through_live_changes_and_new_plans() {
    for patch in [
        json!({"training": {"optimizer": {"learning_rate": 0.02}}}),
        json!({"training": {"optimizer": "sgd"}}),
        json!({"training": {"schedule": "cosine"}}),
        json!({"training": {"clip": "norm"}}),
        json!({"training": {"penalty": "l2"}}),
        json!({"training": {"stop": {"epochs": 50}}}),
        json!({"training": {"batch_size": 25}}),
        json!({"training": {"early_stopping": {"restore_best": false}}}),
        json!({"network": {"output": {"learning_rate_factor": 2.0}}}),
    ] {
        let mut bench = Bench::with(&still(5));
        assert_eq!(bench.epochs(3), []);
        bench.accept("patch", &patch);
        let end = end(&bench.epochs(50)).unwrap();
        assert_eq!(
            (end.reason, end.epoch),
            (FinishReason::EarlyStopping, 6.0),
            "{patch}"
        );
        assert_eq!(end.detail["best_epoch"], 1.0, "{patch}");
    }
}

#[test]
fn what_was_measured_otherwise_is_no_best_any_more() {
    for patch in [
        json!({"data": {"noise": 0.2}}),
        json!({"training": {"early_stopping": {"metric": "accuracy"}}}),
        json!({"training": {"loss": "mse"}}),
        json!({"network": {"output": {"activation": "tanh"}}, "training": {"loss": "mse"}}),
    ] {
        let mut bench = Bench::with(&still(5));
        assert_eq!(bench.epochs(3), []);
        bench.accept("patch", &patch);
        let end = end(&bench.epochs(50)).unwrap();
        assert_eq!((end.epoch, end.detail["best_epoch"]), (9.0, 4.0), "{patch}");
    }
}

/// Few, noisy points and a large network: it overfits.
fn overfits(training: &Value) -> Value {
    let layer = json!({"units": 24, "activation": "relu"});
    json!({
        "data": {"samples": 60, "noise": 0.5, "label_noise": 0.3},
        "network": {"hidden": [layer, layer]},
        "training": training
    })
}

#[test]
fn the_best_epoch_is_restored_whatever_ends_the_run() {
    let early = json!({"metric": "loss", "patience": 1000});
    for stop in [
        json!({"epochs": 60}),
        json!({"target": {"metric": "loss", "value": 1.2}}),
    ] {
        // The target is of a figure that rises: reached late, when the best is long past.
        let mut stop = stop;
        if stop["target"].is_object() {
            stop["target"] = json!({"metric": "accuracy", "value": 0.99});
            stop["epochs"] = json!(80);
        }
        let mut bench = Bench::with(&overfits(&json!({"early_stopping": early, "stop": stop})));
        let ending = end(&bench.epochs(500)).unwrap();
        assert_ne!(ending.reason, FinishReason::EarlyStopping);
        assert!(
            ending.detail["best_epoch"] < ending.epoch,
            "it must overfit"
        );
        let loss = bench.metrics().validation.unwrap().loss;
        assert_eq!(loss, ending.detail["best"], "{stop}");
    }
    // A target of the training part's own figures: without a validation part that is what is watched.
    let mut wish = overfits(&json!({
        "early_stopping": early, "stop": {"target": {"metric": "accuracy", "value": 0.8}},
        "optimizer": {"id": "adam", "learning_rate": 0.02}
    }));
    wish["data"]["split"] = json!({"train": 100, "validation": 0, "test": 0});
    let mut bench = Bench::with(&wish);
    let ending = end(&bench.epochs(1000)).unwrap();
    assert_eq!(ending.reason, FinishReason::Target);
    assert_eq!(bench.metrics().train.loss, ending.detail["best"]);
}

#[test]
fn a_run_that_diverges_ends_with_its_best_too() {
    let mut bench = Bench::with(&json!({
        "data": {"dataset": "reg_plane", "features": ["x", "y", "x_squared", "y_squared"]},
        "network": {"hidden": [], "output": {"activation": "linear"}},
        "training": {
            "loss": "mse", "optimizer": {"id": "sgd", "learning_rate": 0.0005},
            "early_stopping": {"metric": "loss", "patience": 1000}
        }
    }));
    assert_eq!(bench.epochs(5), []);
    bench.patch(&json!({"training": {"optimizer": {"learning_rate": 0.1}}}));
    let ending = end(&bench.epochs(500)).unwrap();
    assert_eq!(ending.reason, FinishReason::Diverged);
    assert_eq!(ending.detail["best_epoch"], 5.0);
    assert_eq!(
        bench.metrics().validation.unwrap().loss,
        ending.detail["best"]
    );
}

#[test]
fn a_run_taken_up_after_early_stopping_waits_anew() {
    let training = json!({"early_stopping": {"metric": "loss", "patience": 4}});
    let mut bench = Bench::with(&overfits(&training));
    let mut last = 0.0;
    for _ in 0..4 {
        let ending = end(&bench.epochs(1000)).unwrap();
        assert_eq!(ending.reason, FinishReason::EarlyStopping);
        // One epoch sets the new best at least, and four are borne.
        assert!(ending.epoch >= last + 5.0, "{} after {last}", ending.epoch);
        assert_eq!(ending.detail["best_epoch"] + 4.0, ending.epoch);
        assert_eq!(
            bench.metrics().validation.unwrap().loss,
            ending.detail["best"]
        );
        last = ending.epoch;
    }
}

#[test]
fn a_run_taken_up_after_its_epochs_trains_as_many_more_or_up_to_the_new_number() {
    let mut bench = Bench::with(&json!({"training": {"stop": {"epochs": 3}}}));
    for epoch in [3.0, 6.0, 9.0] {
        assert_eq!(end(&bench.epochs(50)).unwrap().epoch, epoch);
    }
    bench.patch(&json!({"training": {"stop": {"epochs": 20}}}));
    assert_eq!(end(&bench.epochs(50)).unwrap().epoch, 20.0);
    // A number that lies behind ends the run with the epoch in hand.
    let mut bench = Bench::with(&json!({"training": {"stop": {"epochs": 20}}}));
    bench.epochs(5);
    bench.patch(&json!({"training": {"stop": {"epochs": 2}}}));
    assert_eq!(end(&bench.epochs(50)).unwrap().epoch, 6.0);
}

#[test]
fn a_schedule_leaves_nothing_behind() {
    let plateau =
        json!({"id": "reduce_on_plateau", "patience": 0, "factor": 0.1, "threshold": 1.0});
    for (schedule, expected) in [
        (json!("constant"), 0.01),
        (json!({"id": "exponential", "gamma": 0.5}), 0.01 * 0.015_625),
        (
            json!({"id": "step", "period": 3, "gamma": 0.5}),
            0.01 * 0.25,
        ),
    ] {
        let mut bench = Bench::with(&json!({"training": {"schedule": plateau}}));
        bench.epochs(6);
        let reduced = bench.session.run().trainer.learning_rate();
        assert!(reduced < 1e-5, "{reduced}");
        // A change of something else leaves it.
        bench.patch(&json!({"training": {"clip": "norm"}}));
        assert_eq!(bench.session.run().trainer.learning_rate(), reduced);
        bench.patch(&json!({"training": {"schedule": schedule}}));
        let rate = bench.session.run().trainer.learning_rate();
        assert!(
            (rate / expected - 1.0).abs() < 1e-12,
            "{rate}, expected {expected}"
        );
        // Chosen again it begins anew.
        bench.patch(&json!({"training": {"schedule": plateau}}));
        assert_eq!(bench.session.run().trainer.learning_rate(), 0.01);
    }
}

#[test]
fn the_first_update_after_unfreezing_is_a_first_update() {
    for optimizer in ["adam", "adamw", "nadam"] {
        let layer = json!({"units": 4, "activation": "tanh", "frozen": true});
        let mut bench = Bench::with(&json!({
            "network": {"hidden": [layer]},
            "training": {"optimizer": {"id": optimizer, "learning_rate": 0.01}}
        }));
        bench.steps(2000);
        let weights = |bench: &mut Bench| bench.session.weights()[0].data.clone();
        let before = weights(&mut bench);
        let mut thawed = layer.clone();
        thawed["frozen"] = json!(false);
        bench.patch(&json!({"network": {"hidden": [thawed]}}));
        bench.steps(1);
        let apart = before.iter().zip(weights(&mut bench));
        let moved = apart.map(|(before, after)| f64::from((before - after).abs()));
        let most = moved.fold(0.0, f64::max);
        // Adam's first step is one learning rate, NAdam's 1 + (1 - mu) / (1 - mu) of it at most.
        assert!(most > 0.009 && most < 0.0201, "{optimizer}: {most}");
    }
}

fn tf_playground() -> Value {
    json!({
        "mode": "tf_playground",
        "network": {"output": {"activation": "tanh"}},
        "training": {
            "loss": "half_mse", "optimizer": {"id": "sgd", "learning_rate": 0.1},
            "penalty": {"id": "l1", "lambda": 0.03}
        }
    })
}

#[test]
fn links_that_l1_has_cut_stay_cut() {
    let cut = |bench: &mut Bench| -> Vec<usize> {
        let state = bench.session.run().trainer.snapshot().progress.state;
        (0..state[0].len())
            .filter(|&at| state[0][at] == 1.0)
            .collect()
    };
    for patch in [
        json!({"training": {"optimizer": {"learning_rate": 0.03}}}),
        json!({"training": {"penalty": "none"}}),
        json!({"training": {"penalty": {"id": "l2", "lambda": 0.001}}}),
        json!({"training": {"batch_size": 20}}),
        json!({"data": {"noise": 0.1}}),
    ] {
        let mut bench = Bench::with(&tf_playground());
        bench.steps(600);
        let before = cut(&mut bench);
        assert!(before.len() > 3, "{before:?}");
        bench.accept("patch", &patch);
        assert_eq!(cut(&mut bench), before, "{patch}");
        bench.steps(100);
        let parameters = bench.session.run().trainer.parameters().to_vec();
        for at in before {
            assert_eq!(parameters[at], 0.0, "{patch}");
        }
    }
    let mut bench = Bench::with(&tf_playground());
    bench.steps(600);
    bench.send(r#"{"type":"reset"}"#);
    assert_eq!(cut(&mut bench), [0_usize; 0], "a new network has them all");
}

#[test]
fn what_tensorflow_playground_s_rules_would_leave_aside_is_refused() {
    for (patch, field) in [
        (json!({"training": {"clip": "norm"}}), "training.clip"),
        (json!({"training": {"max_norm": 2.0}}), "training.max_norm"),
        (
            json!({"training": {"penalty": "weight_decay"}}),
            "training.penalty",
        ),
        (
            json!({"training": {"optimizer": {"weight_decay": 0.1}}}),
            "training.optimizer.weight_decay",
        ),
        (
            json!({"training": {"optimizer": "adam"}}),
            "training.optimizer",
        ),
        (json!({"data": {"scaling": "standard"}}), "data.scaling"),
    ] {
        let mut bench = Bench::with(&tf_playground());
        bench.steps(20);
        let before = bench.state();
        let refused = refusal(&bench.send_json(&json!({"type": "patch", "patch": patch})));
        assert_eq!(
            (refused.code.as_str(), refused.field.as_str()),
            ("mismatch", field)
        );
        assert!(
            refused.values["expected"]
                .as_str()
                .unwrap()
                .contains("tf_playground")
        );
        assert_eq!(bench.state(), before);
    }
}

#[test]
fn remedies_in_tensorflow_playground_s_mode_are_taken_and_work() {
    let mut wish = tf_playground();
    wish["data"] =
        json!({"dataset": "reg_plane", "features": ["x", "y", "x_squared", "y_squared"]});
    wish["network"] = json!({"hidden": [], "output": {"activation": "linear"}});
    wish["training"]["optimizer"]["learning_rate"] = json!(0.04);
    wish["training"]["penalty"] = json!("none");
    let remedies = end(&Bench::with(&wish).epochs(500))
        .expect("it must diverge")
        .remedies;
    assert_eq!(remedies.len(), 1);
    let mut bench = Bench::with(&wish);
    bench.accept("patch", &remedies[0].patch);
    let before = bench.metrics().train.loss;
    assert_eq!(bench.epochs(100), []);
    assert!(bench.metrics().train.loss < before);
}

#[test]
fn a_rate_factor_of_nothing_freezes_and_one_changes_nothing() {
    let with = |factor: f64, frozen: bool| {
        let layer = json!({"units": 4, "activation": "tanh", "frozen": frozen, "learning_rate_factor": factor});
        let mut bench = Bench::with(&json!({"network": {"hidden": [layer]}}));
        bench.steps(50);
        bench.weight_bits()
    };
    assert_eq!(with(0.0, false), with(1.0, true));
    assert_eq!(with(3.0, true), with(1.0, true));
    assert_ne!(with(3.0, false), with(1.0, false));
    let mut bench = Bench::new();
    for (factor, field) in [
        (10.5, "network.output.learning_rate_factor"),
        (-0.1, "network.output.learning_rate_factor"),
    ] {
        let patch = json!({"network": {"output": {"learning_rate_factor": factor}}});
        let refused = refusal(&bench.send_json(&json!({"type": "patch", "patch": patch})));
        assert_eq!(
            (refused.code.as_str(), refused.field.as_str()),
            ("out_of_range", field)
        );
    }
}
