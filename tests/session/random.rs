//! Random and malformed commands, by proptest: nothing panics, every refusal has a code and a field, and none changes a bit.
//! What fails is made small: the shortest list of commands is told that still fails. `CALLS=1000000 SEED=2 cargo test --test
//! engine random_commands` makes as many; `make test` makes 2,000, `make test-all` 100,000.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::bench::Bench;
use neural_playground::session::Event;

/// Commands that one session is given on average, one after another.
const SEQUENCE: u32 = 200;

fn junk() -> impl Strategy<Value = Value> {
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let plain = select(vec![
        json!(null),
        json!(""),
        json!("7"),
        json!("circle"),
        json!([]),
        json!({}),
        json!([null]),
        json!({"id": 5}),
        json!({"id": "tanh", "slope": "x"}),
        json!(9_007_199_254_740_993_u64),
        json!(4_294_967_296_u64),
        json!("é".repeat(300)),
        deep,
    ]);
    let leaf = prop_oneof![
        4 => plain,
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(vec!["id", "units", "x", "__proto__"]), inner), 0..4)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

fn id() -> impl Strategy<Value = &'static str> {
    select(vec![
        "tanh", "relu", "sigmoid", "linear", "softmax", "selu", "sine",
    ])
}

fn metric() -> impl Strategy<Value = &'static str> {
    select(vec![
        "loss",
        "accuracy",
        "balanced_accuracy",
        "log_loss",
        "r2",
        "rmse",
        "f1",
    ])
}

fn loss() -> impl Strategy<Value = &'static str> {
    select(vec![
        "mse",
        "mae",
        "hinge",
        "binary_cross_entropy",
        "categorical_cross_entropy",
    ])
}

fn count() -> impl Strategy<Value = u32> {
    select(vec![0, 1, 3, 10, 64, 500, 5000])
}

fn number() -> impl Strategy<Value = f64> {
    select(vec![0.0, 0.01, 0.5, 3.0, -1.0, 1e9])
}

/// A field of a config with a value that may fit.
fn field() -> impl Strategy<Value = Value> {
    let layer = (0..20_u32, id(), any::<bool>()).prop_map(|(units, id, frozen)| {
        json!({"units": units, "activation": id, "dropout": 0.1, "frozen": frozen})
    });
    let optimizer = select(vec!["sgd", "gd", "adam", "nadam", "lion", "adadelta"]);
    let dataset = select(vec![
        "circle",
        "spiral",
        "blobs",
        "reg_plane",
        "line_sine",
        "custom",
        "digits",
    ]);
    prop_oneof![
        vec(layer, 0..4).prop_map(|hidden| json!({"network": {"hidden": hidden}})),
        id().prop_map(|id| json!({"network": {"output": {"activation": id}}})),
        loss().prop_map(|loss| json!({"training": {"loss": loss}})),
        (loss(), id()).prop_map(
            |(loss, id)| json!({"training": {"loss": loss}, "network": {"output": {"activation": id}}})
        ),
        (optimizer, number())
            .prop_map(|(id, rate)| json!({"training": {"optimizer": {"id": id, "learning_rate": rate}}})),
        count().prop_map(|count| json!({"training": {"batch_size": count}})),
        (metric(), count()).prop_map(
            |(metric, patience)| json!({"training": {"early_stopping": {"metric": metric, "patience": patience}}})
        ),
        (metric(), count(), number()).prop_map(|(metric, epochs, value)| {
            json!({"training": {"stop": {"epochs": epochs, "target": {"metric": metric, "value": value}, "evaluate_test": true}}})
        }),
        number().prop_map(|norm| json!({"training": {"max_norm": norm, "penalty": "l1", "clip": "norm"}})),
        (dataset, count(), number()).prop_map(
            |(dataset, samples, noise)| json!({"data": {"dataset": dataset, "samples": samples, "noise": noise}})
        ),
        count().prop_map(|train| {
            json!({"data": {"split": {"train": train, "validation": 20, "test": 20}, "scaling": "standard"}})
        }),
        select(vec!["standard", "tf_playground"]).prop_map(|mode| json!({"mode": mode})),
        (count(), count()).prop_map(|(init, data)| json!({"seeds": {"init": init, "data": data}})),
    ]
}

/// A command that may fit.
fn fitting() -> impl Strategy<Value = Value> {
    let few = || select(vec![0_u32, 1, 2, 30]);
    let dataset = select(vec![
        "xor",
        "moons",
        "reg_gauss",
        "line_step",
        "custom",
        "no",
    ]);
    let value = || select(vec![0.0, -2.5, 1e7]);
    prop_oneof![
        1 => field().prop_map(|config| json!({"type": "configure", "config": config})),
        2 => field().prop_map(|patch| json!({"type": "patch", "patch": patch})),
        1 => dataset.prop_map(|dataset| json!({"type": "choose_dataset", "dataset": dataset})),
        1 => few().prop_map(|count| json!({"type": "step", "count": count})),
        1 => (0..3_u32).prop_map(|count| json!({"type": "epoch", "count": count})),
        1 => few().prop_map(|steps| json!({"type": "train", "steps": steps})),
        1 => value().prop_map(|pace| json!({"type": "play", "steps_per_second": pace})),
        2 => select(vec![json!({"type": "pause"}), json!({"type": "reset"}), json!({"type": "reveal_test"})]),
        1 => Just(json!({"type": "new_seed", "which": ["init", "data"]})),
        1 => (0..4_u32, 0..6_u32, option::of(0..6_u32), value()).prop_map(|(layer, unit, input, value)| {
            json!({"type": "set_parameter", "layer": layer, "unit": unit, "input": input, "value": value})
        }),
    ]
}

/// A command, a third of them with something inside put in the place of something else.
fn command() -> impl Strategy<Value = Value> {
    let spoilt = option::weighted(1.0 / 3.0, (junk(), vec(any::<Index>(), 6)));
    (fitting(), spoilt).prop_map(|(mut command, spoilt)| {
        if let Some((junk, places)) = spoilt {
            spoil(&mut command, junk, &places);
        }
        command
    })
}

/// Puts `junk` in the place of something inside.
fn spoil(value: &mut Value, junk: Value, places: &[Index]) {
    let (Value::Object(map), [place, deeper @ ..]) = (&mut *value, places) else {
        *value = junk;
        return;
    };
    if map.is_empty() || place.index(12) == 0 {
        map.insert("nonsense".into(), junk);
        return;
    }
    let place = place.index(map.len());
    if let Some(member) = map.values_mut().nth(place) {
        spoil(member, junk, deeper);
    }
}

/// Carries `commands` out on one session; how many were refused.
fn carried_out(commands: &[Value]) -> Result<u32, TestCaseError> {
    let mut bench = Bench::new();
    // A clock that moves, or flat out would never end.
    bench.tick.set(0.05);
    let targets: Vec<f64> = (0..30).map(|row| f64::from(row % 3)).collect();
    let inputs: Vec<f64> = (0..60).map(|place| f64::from(place * 7 % 9)).collect();
    let mut refused = 0;
    for (call, command) in commands.iter().enumerate() {
        if call % 50 == 25 {
            let told = bench
                .session
                .set_data(inputs.clone(), 2, targets.clone(), None, None);
            prop_assert!(told.is_ok(), "data that can be adapted to are: {told:?}");
        }
        let before = (call % 5 == 0).then(|| bench.state());
        let events = bench.send_json(command);
        if let [Event::Rejected { refusal }] = events.as_slice() {
            refused += 1;
            let sound = !refusal.code.is_empty() && !refusal.field.is_empty();
            prop_assert!(
                sound && refusal.field.chars().count() <= 200,
                "{command}: {refusal:?}"
            );
            if let Some(before) = before {
                prop_assert!(bench.state() == before, "{command} left a trace");
            }
        }
        bench.advance(0.1);
    }
    Ok(refused)
}

fn from_env(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn random_commands_are_carried_out_or_refused_without_a_trace() {
    let all = std::env::var("TEST_ALL").is_ok_and(|value| value == "1");
    let calls = from_env("CALLS", if all { 100_000 } else { 2000 });
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&from_env("SEED", 1).to_le_bytes());
    let config = Config {
        cases: calls.div_ceil(SEQUENCE),
        failure_persistence: None,
        ..Config::default()
    };
    // The same calls in every run: what fails here fails everywhere.
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let refused = std::cell::Cell::new(0);
    let failed = runner.run(&vec(command(), 1..2 * SEQUENCE as usize), |commands| {
        refused.set(refused.get() + carried_out(&commands)?);
        Ok(())
    });
    // Its own words: the commands one below the other.
    assert!(failed.is_ok(), "{}", failed.unwrap_err());
    let refused = refused.get();
    assert!(
        refused > calls / 10 && refused < calls * 9 / 10,
        "{refused} of {calls}"
    );
}
