//! Playing at a pace and training for an amount, by a clock that the test winds.

use neural_playground::session::Event;
use serde_json::{Value, json};

use super::bench::{Bench, refusal};

/// Winds the clock for `ms` in slices of `slice`, advancing in each; steps done.
fn play_for(bench: &mut Bench, ms: f64, slice: f64) -> u64 {
    let before = bench.step_count();
    let end = bench.clock.get() + ms;
    while bench.clock.get() < end {
        bench.clock.set(bench.clock.get() + slice);
        assert!(bench.advance(8.0).is_empty());
    }
    bench.step_count() - before
}

#[test]
fn steps_come_at_the_rate_asked_for() {
    for (rate, expected) in [(0.5, 5), (10.0, 100), (60.0, 600), (1000.0, 10_000)] {
        let mut bench = Bench::new();
        let play = json!({"type": "play", "steps_per_second": rate});
        assert!(matches!(
            bench.send_json(&play)[..],
            [Event::Playing { .. }]
        ));
        let done = play_for(&mut bench, 10_000.0, 16.0);
        // One comes at once, when the button is pressed.
        let extra = done.abs_diff(expected + 1);
        assert!(extra <= 1, "{rate} a second: {done}");
    }
}

#[test]
fn epochs_come_at_the_rate_asked_for() {
    let mut bench = Bench::new();
    bench.send(r#"{"type":"play","steps_per_second":null,"epochs_per_second":4.0}"#);
    let done = play_for(&mut bench, 10_000.0, 16.0);
    assert!(done.abs_diff(40 * 25 + 1) <= 1, "{done}");
}

#[test]
fn it_does_not_rush_to_catch_up_after_a_pause_of_the_page() {
    let mut bench = Bench::new();
    bench.send(r#"{"type":"play","steps_per_second":100.0}"#);
    play_for(&mut bench, 1000.0, 16.0);
    let before = bench.step_count();
    bench.clock.set(bench.clock.get() + 3_600_000.0);
    bench.advance(8.0);
    assert!(
        bench.step_count() - before <= 11,
        "{}",
        bench.step_count() - before
    );
}

#[test]
fn the_wait_is_until_the_next_step_is_owed() {
    let mut bench = Bench::new();
    assert_eq!(bench.session.wait_ms(0.0), None);
    bench.send(r#"{"type":"play","steps_per_second":4.0}"#);
    assert_eq!(bench.session.wait_ms(0.0), Some(0.0));
    bench.advance(8.0);
    assert_eq!(bench.step_count(), 1);
    assert_eq!(bench.session.wait_ms(0.0), Some(250.0));
    assert_eq!(bench.session.wait_ms(100.0), Some(150.0));
    bench.clock.set(249.0);
    bench.advance(8.0);
    assert_eq!(bench.step_count(), 1);
    bench.clock.set(250.0);
    bench.advance(8.0);
    assert_eq!(bench.step_count(), 2);
    assert!(matches!(
        bench.send(r#"{"type":"pause"}"#)[..],
        [Event::Paused { .. }]
    ));
    assert_eq!(bench.session.wait_ms(300.0), None);
    assert!(bench.send(r#"{"type":"pause"}"#).is_empty());
    assert!(bench.advance(8.0).is_empty());
    assert_eq!(bench.step_count(), 2);
}

#[test]
fn flat_out_keeps_within_its_budget() {
    let mut bench = Bench::new();
    bench.tick.set(0.25);
    bench.send(r#"{"type":"play","steps_per_second":null}"#);
    let start = bench.clock.get();
    assert!(bench.advance(8.0).is_empty());
    assert!((8.0..10.0).contains(&(bench.clock.get() - start)));
    assert!(bench.step_count() > 16);
    assert_eq!(bench.session.wait_ms(bench.clock.get()), Some(0.0));
}

fn train(bench: &mut Bench, amount: &Value) -> Vec<Event> {
    let mut events = bench.send_json(amount);
    assert!(matches!(events[..], [Event::Playing { .. }]), "{events:?}");
    bench.tick.set(0.5);
    events.clear();
    while events.is_empty() {
        events = bench.advance(8.0);
    }
    events
}

#[test]
fn train_does_the_amount_to_the_step_and_says_when_it_is_done() {
    let mut bench = Bench::new();
    let events = train(&mut bench, &json!({"type": "train", "steps": 1234}));
    assert!(matches!(
        events[..],
        [Event::Trained { .. }, Event::Paused { .. }]
    ));
    assert_eq!(bench.step_count(), 1234);
    assert!(!bench.playing());
    // 1,234 is 9 steps into an epoch, which counts as the first of the two.
    train(&mut bench, &json!({"type": "train", "epochs": 2}));
    assert_eq!((bench.step_count(), bench.epoch()), (1275, 51.0));
    train(&mut bench, &json!({"type": "train", "epochs": 3}));
    assert_eq!(bench.epoch(), 54.0);
}

#[test]
fn train_ends_early_when_the_run_does() {
    let mut bench = Bench::with(&json!({"training": {"stop": {"epochs": 2}}}));
    let events = train(&mut bench, &json!({"type": "train", "epochs": 1000}));
    assert!(matches!(
        events[..],
        [Event::Finished { .. }, Event::Paused { .. }]
    ));
    assert_eq!(bench.epoch(), 2.0);
}

#[test]
fn training_in_slices_is_training_in_one_go() {
    let mut sliced = Bench::new();
    train(&mut sliced, &json!({"type": "train", "steps": 500}));
    let mut at_once = Bench::new();
    at_once.steps(500);
    assert!(sliced.weight_bits() == at_once.weight_bits());
    // Looking on does not change what is looked at.
    let mut watched = Bench::new();
    for _ in 0..500 {
        watched.steps(1);
        watched.frame(
            &json!({"maps": {"resolution": 10, "hidden": true}, "weights": true, "history": true}),
        );
    }
    assert!(watched.weight_bits() == at_once.weight_bits());
}

#[test]
fn speed_is_measured_over_half_a_second() {
    let mut bench = Bench::new();
    bench.send(r#"{"type":"play","steps_per_second":200.0}"#);
    play_for(&mut bench, 3000.0, 16.0);
    let speed = bench.frame(&json!({})).head.steps_per_second;
    assert!((190.0..210.0).contains(&speed), "{speed}");
}

#[test]
fn amounts_and_rates_have_limits() {
    let mut bench = Bench::new();
    let before = bench.state();
    for (command, field) in [
        (
            json!({"type": "play", "steps_per_second": 0.0}),
            "command.steps_per_second",
        ),
        (
            json!({"type": "play", "steps_per_second": -1.0}),
            "command.steps_per_second",
        ),
        (
            json!({"type": "play", "steps_per_second": 1e10}),
            "command.steps_per_second",
        ),
        (
            json!({"type": "play", "steps_per_second": null, "epochs_per_second": 0.0}),
            "command.epochs_per_second",
        ),
        (json!({"type": "train", "steps": 0}), "command.steps"),
        (json!({"type": "train", "epochs": 0}), "command.epochs"),
        (
            json!({"type": "train", "epochs": 10_000_000_000_000_u64}),
            "command.epochs",
        ),
        (json!({"type": "train"}), "command"),
        (json!({"type": "train", "steps": 1, "epochs": 1}), "command"),
        (json!({"type": "step", "count": 0}), "command.count"),
        (json!({"type": "step", "count": 100_001}), "command.count"),
        (json!({"type": "epoch", "count": 1001}), "command.count"),
    ] {
        assert_eq!(
            refusal(&bench.send_json(&command)).field,
            field,
            "{command}"
        );
    }
    assert_eq!(bench.state(), before);
}
