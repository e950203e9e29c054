//! The curves: measured by training at steps that depend on nothing but their number, and not by looking.

use neural_playground::train::{COLUMNS, MAX_ROWS};
use serde_json::{Value, json};

use super::bench::{Bench, configured, digits};

/// The rows, to the bit.
fn curves(bench: &mut Bench) -> Vec<u32> {
    let data = bench.frame(&json!({"history": true})).history.unwrap().data;
    data.iter().map(|value| value.to_bits()).collect()
}

fn column(bench: &mut Bench, name: &str) -> Vec<f32> {
    let place = COLUMNS.iter().position(|column| *column == name).unwrap();
    let data = bench.frame(&json!({"history": true})).history.unwrap().data;
    data.chunks_exact(COLUMNS.len())
        .map(|row| row[place])
        .collect()
}

fn settings() -> [(Value, u32); 6] {
    [
        (json!({}), 900),
        (json!({"training": {"batch_size": 7}}), 900),
        (json!({"training": {"optimizer": "gd"}}), 300),
        (
            json!({"training": {"schedule": "reduce_on_plateau", "early_stopping": {"metric": "loss", "patience": 500, "min_delta": 0.0, "restore_best": true}}}),
            900,
        ),
        (
            json!({
                "data": {"dataset": "reg_ripple", "split": {"train": 100, "validation": 0, "test": 0}},
                "network": {"output": {"activation": "linear"}},
                "training": {"loss": "mse"}
            }),
            900,
        ),
        (
            json!({
                "mode": "tf_playground",
                "network": {"output": {"activation": "tanh"}},
                "training": {"loss": "half_mse", "optimizer": "sgd", "batch_size": 30}
            }),
            400,
        ),
    ]
}

#[test]
fn a_run_that_is_looked_at_and_one_that_is_not_have_the_same_curves_to_the_bit() {
    for (patch, steps) in settings() {
        let mut alone = Bench::with(&patch);
        alone.steps(steps);
        let expected = curves(&mut alone);
        let weights = alone.weight_bits();
        assert!(expected.len() > 10 * COLUMNS.len(), "{patch}");

        let mut watched = Bench::with(&patch);
        for step in 0..steps {
            if step % 3 != 1 {
                watched.metrics();
                watched.frame(&json!({"history": true, "weights": true}));
            }
            watched.steps(1);
        }
        assert_eq!(curves(&mut watched), expected, "watched: {patch}");

        let mut sliced = Bench::with(&patch);
        sliced.tick.set(0.4);
        sliced.send_json(&json!({"type": "train", "steps": steps}));
        while sliced.step_count() < u64::from(steps) {
            sliced.advance(3.0);
            sliced.metrics();
        }
        assert_eq!(curves(&mut sliced), expected, "in slices: {patch}");
        assert_eq!(sliced.weight_bits(), weights, "{patch}");
    }
}

#[test]
fn what_another_engine_trains_is_measured_at_the_same_steps() {
    for (patch, steps) in settings() {
        let mut alone = Bench::with(&patch);
        alone.steps(steps);
        let mut device = Bench::with(&patch);
        let mut owner = Bench::with(&patch);
        owner.send_json(&json!({"type": "train", "steps": steps}));
        while owner.playing() {
            // As far as it may: the session must not be passed by where it measures.
            let permitted = owner.session.permitted(0.0);
            for _ in 0..permitted {
                // Another engine closes no epoch: that is the session's.
                device.session.run().trainer.train_step().unwrap();
            }
            let trained = device.session.hand_over();
            owner.session.adopt(&trained, 0.0).unwrap();
        }
        assert_eq!(owner.weight_bits(), alone.weight_bits(), "{patch}");
        assert_eq!(curves(&mut owner), curves(&mut alone), "{patch}");
    }
}

#[test]
fn the_first_epoch_has_ten_rows_and_then_there_is_one_for_each() {
    let mut bench = Bench::new();
    bench.epochs(30);
    let epochs = column(&mut bench, "epoch");
    assert_eq!(epochs[0], 0.0);
    assert!(epochs[1..10].iter().all(|epoch| *epoch < 1.0), "{epochs:?}");
    let ends: Vec<f32> = (1..=30_u8).map(f32::from).collect();
    assert_eq!(epochs[10..], ends);
}

#[test]
fn the_digits_are_measured_on_a_sample_and_their_validation_part_as_a_whole() {
    let mut bench = Bench::new();
    bench.session.load_digits(&digits()).unwrap();
    bench.choose("digits");
    bench.patch(&json!({"network": {"hidden": [{"units": 4, "activation": "relu", "dropout": 0.0, "frozen": false}]}}));
    bench.epochs(2);
    let epochs = column(&mut bench, "epoch");
    assert_eq!(epochs.len(), 12, "{epochs:?}");
    let metrics = bench.metrics();
    let newest = |bench: &mut Bench, name: &str| *column(bench, name).last().unwrap();
    let validation = metrics.validation.unwrap();
    assert_eq!(
        newest(&mut bench, "validation_loss"),
        validation.loss as f32
    );
    // A sample of 400 in 7,000: near, and not the same.
    let whole = metrics.train.loss as f32;
    let sample = newest(&mut bench, "train_loss");
    assert!(
        sample != whole && (sample - whole).abs() < 0.3 * whole,
        "{sample} {whole}"
    );
}

#[test]
fn within_the_first_epoch_of_the_digits_the_validation_part_is_measured_on_a_sample() {
    let small = json!({"network": {"hidden": [{"units": 4, "activation": "relu", "dropout": 0.0, "frozen": false}]}});
    let bench = || {
        let mut bench = Bench::new();
        bench.session.load_digits(&digits()).unwrap();
        bench.choose("digits");
        bench.patch(&small);
        bench
    };
    let mut watched = bench();
    // 219 steps an epoch, so that the second row is due after 44.
    for _ in 0..44 {
        watched.metrics();
        watched.steps(1);
    }
    let losses = column(&mut watched, "validation_loss");
    assert_eq!(losses.len(), 3);
    let (sample, whole) = (losses[2], watched.metrics().validation.unwrap().loss as f32);
    assert!(
        sample != whole && (sample - whole).abs() < 0.3 * whole,
        "{sample} {whole}"
    );
    let mut alone = bench();
    alone.steps(44);
    assert_eq!(curves(&mut alone), curves(&mut watched));
}

#[test]
fn a_measurement_on_the_way_is_shown_and_not_entered() {
    let mut bench = Bench::new();
    bench.epochs(5);
    let before = curves(&mut bench);
    bench.steps(13);
    let metrics = bench.frame(&json!({})).head.metrics.unwrap();
    assert_eq!(metrics.step, 5 * 25 + 13);
    assert_eq!(curves(&mut bench), before);
}

#[test]
fn the_curves_are_bounded_and_even_and_begin_with_the_untrained_network() {
    let mut bench = Bench::with(&json!({"data": {"samples": 20}}));
    let untrained = bench.metrics().train.loss as f32;
    bench.epochs(1);
    let first = curves(&mut bench)[..COLUMNS.len()].to_vec();
    assert_eq!(f32::from_bits(first[1]), untrained);
    for _ in 0..20 {
        bench.epochs(1000);
    }
    let rows = curves(&mut bench);
    assert!((MAX_ROWS / 4..=MAX_ROWS).contains(&(rows.len() / COLUMNS.len())));
    assert_eq!(rows[..COLUMNS.len()], first);
    let epochs = column(&mut bench, "epoch");
    let gaps: Vec<f32> = epochs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let late = &gaps[gaps.len() / 2..gaps.len() - 1];
    assert!(
        late.iter().all(|gap| *gap > 0.0 && *gap <= 64.0),
        "{late:?}"
    );
}

#[test]
fn a_change_of_settings_keeps_the_curves_and_a_reset_begins_them_anew() {
    let mut bench = Bench::new();
    bench.epochs(12);
    let before = curves(&mut bench);
    bench.patch(&json!({"training": {"optimizer": {"learning_rate": 0.01}}}));
    assert_eq!(curves(&mut bench), before);
    bench.send(r#"{"type":"reset"}"#);
    assert_eq!(column(&mut bench, "epoch"), [0.0]);
}

#[test]
fn a_frame_says_since_when_nothing_was_changed() {
    let changed = |bench: &mut Bench| {
        let head = bench.frame(&json!({})).head;
        (head.changed_step, head.changed_epoch)
    };
    let mut bench = Bench::new();
    bench.steps(40);
    assert_eq!(changed(&mut bench), (0, 0.0));
    bench.patch(&json!({"network": {"hidden": [
        {"units": 4, "activation": "relu", "dropout": 0.0, "frozen": false},
        {"units": 2, "activation": "relu", "dropout": 0.0, "frozen": false}
    ]}}));
    assert_eq!(changed(&mut bench), (40, 1.6));
    bench.steps(10);
    assert_eq!(changed(&mut bench), (40, 1.6));
    bench.send(r#"{"type":"set_parameter","layer":0,"unit":0,"input":0,"value":2.0}"#);
    assert_eq!(changed(&mut bench), (50, 2.0));
    let weights = bench.session.weights();
    bench.steps(25);
    bench.session.set_weights(&weights).unwrap();
    assert_eq!(changed(&mut bench), (75, 3.0));
    let events = bench.send(r#"{"type":"reset"}"#);
    assert!(configured(&events).is_some());
    assert_eq!(changed(&mut bench), (0, 0.0));
}

#[test]
fn test_figures_say_of_which_epoch_they_are_and_whether_they_still_hold() {
    let stamp = |bench: &mut Bench| {
        let metrics = bench.metrics();
        (metrics.test_epoch, metrics.test_current)
    };
    let mut bench = Bench::new();
    assert_eq!(stamp(&mut bench), (None, None));
    bench.epochs(3);
    bench.send(r#"{"type":"reveal_test"}"#);
    assert_eq!(stamp(&mut bench), (Some(3.0), Some(true)));
    // Another setting at the same step.
    bench.patch(&json!({"training": {"penalty": {"id": "l2", "lambda": 0.1}}}));
    assert_eq!(stamp(&mut bench), (Some(3.0), Some(false)));
    bench.send(r#"{"type":"reveal_test"}"#);
    assert_eq!(stamp(&mut bench), (Some(3.0), Some(true)));
    bench.send(r#"{"type":"set_parameter","layer":0,"unit":0,"input":0,"value":2.0}"#);
    assert_eq!(stamp(&mut bench), (Some(3.0), Some(false)));
    bench.send(r#"{"type":"reveal_test"}"#);
    bench.steps(1);
    assert_eq!(stamp(&mut bench), (Some(3.0), Some(false)));
}
