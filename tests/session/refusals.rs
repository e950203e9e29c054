//! What is refused: by field and limit, with the state untouched to the bit.

use neural_playground::data::Task;
use neural_playground::session::{Tensor, curve, thumbnail};
use serde_json::{Value, json};

use super::bench::{Bench, configured, refusal};

/// A bench in the middle of things, playing.
fn busy() -> Bench {
    let mut bench = Bench::with(&json!({"training": {"penalty": {"id": "l2", "lambda": 0.01}}}));
    bench.steps(33);
    bench.send(r#"{"type":"play","steps_per_second":100.0}"#);
    bench.frame(&json!({"history": true}));
    bench
}

fn layer(units: Value, activation: &str) -> Value {
    json!({"units": units, "activation": activation, "dropout": 0.0, "frozen": false})
}

#[test]
fn bad_wishes_are_refused_by_field_and_leave_no_trace() {
    let one = |layer: Value| json!({"network": {"hidden": [layer]}});
    let cases: Vec<(Value, &str, &str)> = vec![
        (json!({"trainning": {}}), "unknown_field", "trainning"),
        (
            json!({"training": {"batchsize": 1}}),
            "unknown_field",
            "training.batchsize",
        ),
        (
            json!({"training": {"optimizer": {"momentun": 1}}}),
            "unknown_field",
            "training.optimizer.momentun",
        ),
        (
            one(
                json!({"units": 3, "activation": "tanh", "dropout": 0, "frozen": false, "colour": 1}),
            ),
            "unknown_field",
            "network.hidden[0].colour",
        ),
        (
            one(layer(json!(1_000_000_000), "tanh")),
            "out_of_range",
            "network.hidden[0].units",
        ),
        (
            one(layer(json!(0), "tanh")),
            "out_of_range",
            "network.hidden[0].units",
        ),
        (
            one(layer(json!(4.5), "tanh")),
            "out_of_range",
            "network.hidden[0].units",
        ),
        (
            one(layer(json!(-4), "tanh")),
            "out_of_range",
            "network.hidden[0].units",
        ),
        (
            one(layer(json!(1e30), "tanh")),
            "out_of_range",
            "network.hidden[0].units",
        ),
        (
            one(layer(json!("many"), "tanh")),
            "malformed",
            "network.hidden[0].units",
        ),
        (
            one(layer(json!(4), "softmax")),
            "unknown_id",
            "network.hidden[0].activation",
        ),
        (
            one(layer(json!(4), "tahn")),
            "unknown_id",
            "network.hidden[0].activation",
        ),
        (one(json!({"units": 4})), "malformed", "network.hidden[0]"),
        (
            json!({"network": {"hidden": vec![layer(json!(4), "tanh"); 9]}}),
            "out_of_range",
            "network.hidden",
        ),
        (
            json!({"network": {"hidden": vec![layer(json!(1024), "tanh"); 8]}}),
            "out_of_range",
            "network.hidden",
        ),
        (
            json!({"network": {"hidden": 4}}),
            "malformed",
            "network.hidden",
        ),
        (
            json!({"network": {"weight_initializer": "magic"}}),
            "unknown_id",
            "network.weight_initializer",
        ),
        (
            json!({"training": {"loss": "categorical_cross_entropy"}}),
            "pairing",
            "training.loss",
        ),
        (
            json!({"training": {"loss": "hinge"}}),
            "pairing",
            "training.loss",
        ),
        (
            json!({"training": {"optimizer": {"learning_rate": 1000.0}}}),
            "out_of_range",
            "training.optimizer.learning_rate",
        ),
        (
            json!({"training": {"optimizer": {"learning_rate": -0.1}}}),
            "out_of_range",
            "training.optimizer.learning_rate",
        ),
        (
            json!({"training": {"optimizer": {"learning_rate": null}}}),
            "malformed",
            "training.optimizer.learning_rate",
        ),
        (
            json!({"training": {"optimizer": {"id": "adma"}}}),
            "unknown_id",
            "training.optimizer",
        ),
        (
            json!({"training": {"schedule": {"id": "step", "period": 2.5}}}),
            "out_of_range",
            "training.schedule.period",
        ),
        (
            json!({"training": {"penalty": {"id": "l2", "lambda": -1}}}),
            "out_of_range",
            "training.penalty.lambda",
        ),
        (
            json!({"training": {"clip": {"id": "norm", "limit": 0}}}),
            "out_of_range",
            "training.clip.limit",
        ),
        (
            json!({"training": {"batch_size": 0}}),
            "out_of_range",
            "training.batch_size",
        ),
        (
            json!({"training": {"batch_size": 4_000_000_000_u32}}),
            "out_of_range",
            "training.batch_size",
        ),
        (
            json!({"training": {"max_norm": -1}}),
            "out_of_range",
            "training.max_norm",
        ),
        (
            json!({"training": {"stop": {"target": {"metric": "r2", "value": 1}}}}),
            "unknown_id",
            "training.stop.target.metric",
        ),
        (
            json!({"training": {"early_stopping": {"metric": "loss", "patience": 0, "min_delta": 0, "restore_best": true}}}),
            "out_of_range",
            "training.early_stopping.patience",
        ),
        (
            json!({"data": {"dataset": "circel"}}),
            "unknown_id",
            "data.dataset",
        ),
        (
            json!({"data": {"dataset": "custom"}}),
            "not_now",
            "data.dataset",
        ),
        (
            json!({"data": {"dataset": "line_sine", "features": ["x", "y"]}}),
            "unknown_id",
            "data.features[1]",
        ),
        (
            json!({"data": {"samples": 9}}),
            "out_of_range",
            "data.samples",
        ),
        (
            json!({"data": {"samples": 6000}}),
            "out_of_range",
            "data.samples",
        ),
        (
            json!({"data": {"noise": 1.5}}),
            "out_of_range",
            "data.noise",
        ),
        (
            json!({"data": {"split": {"train": 60}}}),
            "mismatch",
            "data.split",
        ),
        (
            json!({"data": {"features": []}}),
            "out_of_range",
            "data.features",
        ),
        (
            json!({"data": {"features": ["x", "z"]}}),
            "unknown_id",
            "data.features[1]",
        ),
        (
            json!({"data": {"scaling": "log"}}),
            "unknown_id",
            "data.scaling",
        ),
        (
            json!({"mode": "tf_playground"}),
            "mismatch",
            "training.optimizer",
        ),
        (json!({"mode": "other"}), "malformed", "mode"),
        (
            json!({"seeds": {"data": 4_294_967_296_u64}}),
            "out_of_range",
            "seeds.data",
        ),
        (
            json!({"seeds": {"tf_playground": "x".repeat(65)}}),
            "out_of_range",
            "seeds.tf_playground",
        ),
        (json!({"version": 2}), "out_of_range", "version"),
        (json!({"training": 5}), "malformed", "training"),
        (json!(null), "malformed", "config"),
        (json!([1, 2]), "malformed", "config"),
        // Something right beside something wrong: nothing of it is taken.
        (
            json!({"data": {"noise": 0.5}, "training": {"batch_size": 0}}),
            "out_of_range",
            "training.batch_size",
        ),
    ];
    let mut bench = busy();
    let before = bench.state();
    for (wish, code, field) in &cases {
        for (kind, name) in [("patch", "patch"), ("configure", "config")] {
            // Laid over the defaults, a wish for what the defaults lack may be refused for another reason.
            let refused = refusal(&bench.send_json(&json!({"type": kind, name: wish})));
            assert_eq!(
                (refused.code.as_str(), refused.field.as_str()),
                (*code, *field),
                "{kind} {wish}: {}",
                refused.message
            );
            if *code == "out_of_range" {
                let number = |key: &str| {
                    refused.values[key]
                        .as_str()
                        .unwrap()
                        .parse::<f64>()
                        .unwrap()
                };
                let (value, min, max) = (number("value"), number("min"), number("max"));
                assert!(
                    !(min..=max).contains(&value) || value.fract() != 0.0,
                    "{kind} {wish}: {refused:?}"
                );
            }
        }
        assert!(bench.state() == before, "{wish} left a trace");
    }
}

#[test]
fn bad_json_is_refused() {
    let mut bench = busy();
    let before = bench.state();
    for (text, code, field) in [
        ("", "malformed", "command"),
        ("{", "malformed", "command"),
        ("nonsense", "malformed", "command"),
        ("[]", "malformed", "command"),
        ("null", "malformed", "command"),
        ("{}", "malformed", "command"),
        (r#"{"type":"explode"}"#, "malformed", "command"),
        (r#"{"type":"step"}"#, "malformed", "command"),
        (
            r#"{"type":"step","count":1,"more":2}"#,
            "unknown_field",
            "command.more",
        ),
        (
            r#"{"type":"step","count":-1}"#,
            "malformed",
            "command.count",
        ),
        (
            r#"{"type":"step","count":1.5}"#,
            "malformed",
            "command.count",
        ),
        (r#"{"type":"step","count":NaN}"#, "malformed", "command"),
        (
            r#"{"type":"pause","now":true}"#,
            "unknown_field",
            "command.now",
        ),
        (
            r#"{"type":"play","steps_per_second":1e999}"#,
            "malformed",
            "command",
        ),
        (
            r#"{"type":"play","steps_per_second":"fast"}"#,
            "malformed",
            "command.steps_per_second",
        ),
        (
            r#"{"type":"set_parameter","layer":0,"unit":0,"input":0,"value":NaN}"#,
            "malformed",
            "command",
        ),
        (
            r#"{"type":"new_seed","which":["everything"]}"#,
            "malformed",
            "command.which[0]",
        ),
        (
            "{\"type\":\"patch\",\"patch\":{\"data\":{\"noise\":1e999}}}",
            "malformed",
            "command",
        ),
    ] {
        let refused = refusal(&bench.send(text));
        assert_eq!(
            (refused.code.as_str(), refused.field.as_str()),
            (code, field),
            "{text}"
        );
        assert!(!refused.message.is_empty());
    }
    let deep = format!(
        "{{\"type\":\"patch\",\"patch\":{}{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert_eq!(refusal(&bench.send(&deep)).code, "malformed");
    assert_eq!(refusal(&bench.choose("circel")).code, "unknown_id");
    assert_eq!(bench.state(), before);
}

#[test]
fn bad_weights_are_refused() {
    let mut bench = busy();
    let before = bench.state();
    let good = Tensor {
        name: "hidden.0.bias".into(),
        shape: vec![4],
        data: vec![9.0; 4],
    };
    let with = |name: &str, shape: &[usize], data: &[f32]| Tensor {
        name: name.into(),
        shape: shape.to_vec(),
        data: data.to_vec(),
    };
    for (tensor, code, field) in [
        (
            with("hidden.9.weight", &[4, 2], &[0.0; 8]),
            "unknown_id",
            "weights",
        ),
        (with("", &[], &[]), "unknown_id", "weights"),
        (
            with("hidden.0.weight", &[2, 4], &[0.0; 8]),
            "mismatch",
            "weights.hidden.0.weight",
        ),
        (
            with("hidden.0.weight", &[4, 2], &[0.0; 7]),
            "mismatch",
            "weights.hidden.0.weight",
        ),
        (
            with("output.bias", &[1], &[f32::NAN]),
            "not_finite",
            "weights.output.bias",
        ),
        (
            with("output.weight", &[1, 2], &[0.0, f32::INFINITY]),
            "not_finite",
            "weights.output.weight",
        ),
    ] {
        let error = bench
            .session
            .set_weights(&[good.clone(), tensor])
            .unwrap_err();
        assert_eq!((error.code(), error.field()), (code, field));
        assert!(bench.state() == before, "{field} left a trace");
    }
}

#[test]
fn bad_data_of_the_callers_own_are_refused() {
    let mut bench = busy();
    let before = bench.state();
    let mut nan = vec![0.5; 40];
    nan[13] = f32::NAN;
    let targets = [0.0, 1.0].repeat(10);
    let mut set = |inputs: Vec<f32>,
                   columns: usize,
                   targets: &[f32],
                   split: Option<&[u8]>,
                   task: Option<Task>| {
        let error = bench
            .session
            .set_data(inputs, columns, targets, split, task)
            .unwrap_err();
        assert!(bench.state() == before, "left a trace: {error}");
        (error.code(), error.field().to_owned(), error.to_string())
    };
    let (code, field, text) = set(nan, 2, &targets, None, None);
    assert_eq!((code, field.as_str()), ("not_finite", "inputs"));
    assert!(
        text.contains("row 6") && text.contains("column 1"),
        "{text}"
    );
    assert_eq!(set(vec![0.5; 39], 2, &targets, None, None).0, "mismatch");
    assert_eq!(set(vec![0.5; 40], 0, &targets, None, None).1, "columns");
    assert_eq!(set(vec![], 2, &[], None, None).0, "out_of_range");
    assert_eq!(
        set(
            vec![0.5; 40],
            2,
            &[0.5; 20],
            None,
            Some(Task::Classification)
        )
        .1,
        "targets[0]"
    );
    assert_eq!(
        set(vec![0.5; 40], 2, &targets, Some(&[0; 3]), None).1,
        "split"
    );
    assert_eq!(
        set(vec![0.5; 40], 2, &targets, Some(&[7; 20]), None).0,
        "out_of_range"
    );
    let class = [0.0, 1e9].repeat(10);
    assert_eq!(
        set(vec![0.5; 40], 2, &class, None, Some(Task::Classification)).0,
        "out_of_range"
    );
}

#[test]
fn bad_frames_maps_and_predictions_are_refused() {
    let mut bench = busy();
    let before = bench.state();
    for (wants, code, field) in [
        (
            json!({"maps": {"resolution": 201, "hidden": true}}),
            "out_of_range",
            "maps.resolution",
        ),
        (
            json!({"maps": {"resolution": 0, "hidden": true}}),
            "out_of_range",
            "maps.resolution",
        ),
        (
            json!({"output": {"resolution": 401}}),
            "out_of_range",
            "wants.output.resolution",
        ),
        (
            json!({"output": {"resolution": -1}}),
            "malformed",
            "wants.output.resolution",
        ),
        (
            json!({"maps": {"resolution": 9, "hidden": true, "units": [[0, 2]]}}),
            "out_of_range",
            "wants.maps.units",
        ),
        (
            json!({"maps": {"resolution": 9, "hidden": true, "units": [[], [1, 1]]}}),
            "out_of_range",
            "wants.maps.units",
        ),
        (
            json!({"maps": {"resolution": 9, "hidden": false, "units": [[0], [0]]}}),
            "out_of_range",
            "wants.maps.units",
        ),
        (
            json!({"maps": {"resolution": 9, "hidden": true, "units": [[0], [-1]]}}),
            "malformed",
            "wants.maps.units",
        ),
        (json!({"map": true}), "unknown_field", "wants.map"),
        (json!(3), "malformed", "wants"),
    ] {
        let error = bench
            .session
            .frame(&wants.to_string(), &|| 0.0)
            .unwrap_err();
        assert_eq!((error.code(), error.field()), (code, field), "{wants}");
    }
    assert_eq!(
        bench.session.maps(1000, true).unwrap_err().code(),
        "out_of_range"
    );
    let error = bench.session.predict(&[0.5; 3], None).unwrap_err();
    assert_eq!((error.code(), error.field()), ("mismatch", "inputs"));
    let error = bench
        .session
        .predict(&[0.5, 0.5, 0.5, f32::NAN], None)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "inputs: row 1, column 1 is not a finite number"
    );
    // One row of four numbers is not two rows of two, and two rows of one not one.
    for columns in [1, 4] {
        let error = bench.session.predict(&[0.5; 4], Some(columns)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("inputs: expected 2 columns, found {columns}")
        );
    }
    assert!(
        bench
            .session
            .predict(Vec::<f32>::new(), None)
            .unwrap()
            .is_empty()
    );
    assert_eq!(thumbnail("nope").unwrap_err().code(), "unknown_id");
    assert_eq!(
        curve(r#"{"id":"tanh","slope":1}"#).unwrap_err().code(),
        "unknown_field"
    );
    assert_eq!(curve("{").unwrap_err().code(), "malformed");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_broken_digits_asset_is_refused() {
    let mut bench = busy();
    let before = bench.state();
    for bytes in [vec![], b"NPDIGIT2".to_vec(), vec![0; 100]] {
        assert!(bench.session.load_digits(&bytes).is_err());
    }
    let mut asset = super::bench::digits();
    asset.pop();
    let error = bench.session.load_digits(&asset).unwrap_err();
    assert_eq!((error.code(), error.field()), ("mismatch", "digits.bytes"));
    assert_eq!(bench.state(), before);
}

/// The data are sound, but too wide for the network in force: what was there before must be there still.
#[test]
fn data_that_the_network_cannot_take_do_not_replace_those_held() {
    let mut bench = Bench::new();
    bench
        .session
        .set_data(vec![0.5; 40], 2, &[0.25; 20], None, Some(Task::Regression))
        .unwrap();
    bench.patch(&json!({"network": {"hidden": [layer(json!(1024), "tanh")]}}));
    let before = bench.state();
    let wide = vec![0.5; 20 * 4096];
    let error = bench
        .session
        .set_data(wide, 4096, &[0.25; 20], None, Some(Task::Regression))
        .unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("out_of_range", "network.hidden")
    );
    assert_eq!(bench.state(), before);
    bench.choose("circle");
    bench.choose("custom");
    assert_eq!(bench.session.predict(&[0.5, 0.5], None).unwrap().len(), 1);
}

#[test]
fn a_rule_on_a_metric_that_the_output_cannot_give_is_refused_by_name() {
    let mut bench = Bench::new();
    let log_loss = json!({"metric": "log_loss", "value": 0.1});
    // A sigmoid gives probabilities.
    bench.patch(&json!({"training": {"stop": {"target": log_loss}}}));
    let tanh =
        json!({"network": {"output": {"activation": "tanh"}}, "training": {"loss": "half_mse"}});
    let refused = refusal(&bench.send_json(&json!({"type": "patch", "patch": tanh})));
    assert_eq!(
        (refused.code.as_str(), refused.field.as_str()),
        ("unknown_id", "training.stop.target.metric")
    );
    assert!(
        !refused.values["known"]
            .as_str()
            .unwrap()
            .contains("log_loss")
    );
    bench.patch(&json!({"training": {"stop": {"target": null}}}));
    bench.patch(&tanh);
    for (rule, field) in [
        (
            json!({"stop": {"target": log_loss}}),
            "training.stop.target.metric",
        ),
        (
            json!({"early_stopping": {"metric": "log_loss"}}),
            "training.early_stopping.metric",
        ),
    ] {
        let refused =
            refusal(&bench.send_json(&json!({"type": "patch", "patch": {"training": rule}})));
        assert_eq!(
            (refused.code.as_str(), refused.field.as_str()),
            ("unknown_id", field)
        );
    }
}

#[test]
fn values_that_single_precision_does_not_tell_apart_are_scaled_and_told_or_refused() {
    // Seconds of a clock: f32 has one number for every 128 of them.
    let clock: Vec<f64> = (0..40).map(|row| 1.7e9 + f64::from(row / 2)).collect();
    let targets = [0.0, 1.0].repeat(20);
    let mut bench = Bench::new();
    let events = bench
        .session
        .set_data(clock.clone(), 1, targets.clone(), None, None)
        .unwrap();
    let (_, adapted) = configured(&events).unwrap();
    let told: Vec<_> = adapted
        .iter()
        .map(|change| (&*change.field, &*change.from, &*change.to))
        .collect();
    assert_eq!(told, [("data.scaling", "none", "standard")]);
    // What is predicted for two seconds that f32 has one number for is not the same.
    let outputs = bench
        .session
        .predict(&[1.7e9, 1.7e9 + 19.0], Some(1))
        .unwrap();
    assert!(outputs[0] != outputs[1], "{outputs:?}");
    let none = json!({"type": "patch", "patch": {"data": {"scaling": "none"}}});
    let refused = refusal(&bench.send_json(&none));
    assert_eq!(
        (refused.code.as_str(), refused.field.as_str()),
        ("mismatch", "data.scaling")
    );
    // Sizes that no f32 has; those whose squares are no numbers; targets, which are not scaled.
    let huge = |size: f64| {
        (0..40)
            .map(|row| size * f64::from(row))
            .collect::<Vec<f64>>()
    };
    assert!(
        bench
            .session
            .set_data(huge(1e50), 1, targets.clone(), None, None)
            .is_ok()
    );
    assert!(
        bench
            .session
            .set_data(huge(1e-60), 1, targets.clone(), None, None)
            .is_ok()
    );
    let error = bench
        .session
        .set_data(huge(1e200), 1, targets.clone(), None, None)
        .unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("out_of_range", "inputs[1][0]")
    );
    let error = bench
        .session
        .set_data(huge(1.0), 1, clock, None, Some(Task::Regression))
        .unwrap_err();
    assert_eq!((error.code(), error.field()), ("mismatch", "targets"));
    // Whole numbers that f32 holds, and constant columns, are as they are.
    let whole: Vec<f64> = (0..40)
        .map(|row| 16_000_000.0 + f64::from(row % 2))
        .collect();
    for column in [whole, vec![0.1; 40]] {
        let events = bench
            .session
            .set_data(column, 1, targets.clone(), None, None)
            .unwrap();
        assert!(configured(&events).unwrap().1.is_empty());
    }
}

#[test]
fn what_is_said_of_a_refusal_is_short_however_long_what_was_refused() {
    let long = "é".repeat(300_000);
    let cases = [
        json!({ long.clone(): 1 }),
        json!({"training": { long.clone(): 1 }}),
        json!({"training": {"optimizer": {"id": "adam", long.clone(): 1}}}),
        json!({"training": {"optimizer": long}}),
        json!({"data": {"dataset": long}}),
        json!({"data": {"features": [long]}}),
        json!({"seeds": {"tf_playground": long}}),
    ];
    for patch in cases {
        let mut bench = busy();
        let events = bench.send(&json!({"type": "patch", "patch": patch}).to_string());
        let refusal = serde_json::to_value(refusal(&events)).unwrap();
        let length = |value: &Value| value.as_str().unwrap().chars().count();
        assert!(
            (1..=200).contains(&length(&refusal["field"])),
            "{}",
            length(&refusal["field"])
        );
        assert!(length(&refusal["message"]) <= 1000);
        for value in refusal["values"].as_object().unwrap().values() {
            assert!(length(value) <= 1000);
        }
    }
}

#[test]
fn memory_and_time_are_refused_before_they_are_spent() {
    let wide = |layers: usize, units: u32| json!({"network": {"hidden": vec![layer(json!(units), "tanh"); layers]}});
    let mut bench = Bench::new();
    let rows: u32 = 100_000;
    let targets: Vec<f64> = (0..rows).map(|row| f64::from(row % 2)).collect();
    let inputs = vec![0.5_f32; 2 * rows as usize];
    bench
        .session
        .set_data(inputs, 2, targets, None, None)
        .unwrap();
    let before = bench.state();
    // All rows at once through four layers of a thousand: 4 GB, once.
    for (patch, code, field) in [
        (
            json!({"network": wide(4, 1000)["network"], "training": {"optimizer": "gd"}}),
            "too_much_work",
            "training.batch_size",
        ),
        (wide(4, 1000), "too_much_work", "network.hidden"),
        (
            json!({"network": wide(8, 16)["network"], "training": {"batch_size": 5000, "optimizer": "gd"}, "data": {"split": {"train": 100, "validation": 0, "test": 0}}}),
            "",
            "",
        ),
    ] {
        let events = bench.send_json(&json!({"type": "patch", "patch": patch}));
        if code.is_empty() {
            assert!(configured(&events).is_some(), "{events:?}");
            continue;
        }
        let refused = refusal(&events);
        assert_eq!(
            (refused.code.as_str(), refused.field.as_str()),
            (code, field)
        );
        assert!(bench.state() == before);
    }
    // A full batch of as many rows goes in blocks, and comes to the gradients of all of them.
    let loss = bench.metrics().train.loss;
    bench.steps(3);
    assert!(bench.metrics().train.loss < loss);
    // A large map of a wide network, and a prediction of very many rows.
    let mut bench = Bench::with(&wide(5, 740));
    let error = bench.session.maps(200, true).unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("too_much_work", "maps.resolution")
    );
    let error = bench
        .session
        .predict(vec![0.0_f32; 1_200_000], None)
        .unwrap_err();
    assert_eq!((error.code(), error.field()), ("too_much_work", "inputs"));
}

#[test]
fn a_refusal_repeats_no_more_than_is_worth_reading() {
    let long = "x".repeat(3_000_000);
    let mut bench = Bench::new();
    for wish in [
        json!({"type": "patch", "patch": {&long: 1}}),
        json!({"type": "patch", "patch": {"data": {"dataset": long}}}),
        json!({"type": "patch", "patch": {"training": {"optimizer": {"id": long}}}}),
        json!({"type": "choose_dataset", "dataset": long}),
        json!({"type": long}),
    ] {
        let refused = refusal(&bench.send_json(&wish));
        assert!(
            refused.field.chars().count() <= 200,
            "{}",
            refused.field.len()
        );
        assert!(
            refused.message.chars().count() <= 1000,
            "{}",
            refused.message.len()
        );
        for (name, value) in refused.values {
            assert!(value.as_str().unwrap().chars().count() <= 1000, "{name}");
        }
    }
}

#[test]
fn a_field_without_a_name_is_refused_by_where_it_stands() {
    let mut bench = Bench::new();
    for (wish, field) in [
        (json!({"": 9}), "config."),
        (json!({"training": {"": 9}}), "training."),
    ] {
        for command in [
            json!({"type": "configure", "config": wish}),
            json!({"type": "patch", "patch": wish}),
        ] {
            let found = refusal(&bench.send_json(&command));
            assert_eq!(
                (found.code.as_str(), found.field.as_str()),
                ("unknown_field", field)
            );
        }
    }
}
