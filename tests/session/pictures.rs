//! Frames, maps, predictions, single weights, curves.

use serde_json::{Value, json};

use super::bench::{Bench, refusal};

#[test]
fn a_frame_holds_what_is_wanted_and_nothing_else() {
    let mut bench = Bench::new();
    bench.steps(40);
    let frame = bench.frame(&json!({}));
    assert!(frame.maps.is_none() && frame.output.is_none() && frame.weights.is_none());
    assert!(frame.history.is_none() && frame.digits.is_none() && frame.head.metrics.is_some());
    let frame = bench.frame(&json!({
        "maps": {"resolution": 8, "hidden": true},
        "output": {"resolution": 20},
        "weights": true,
        "history": true,
        "digits": {"wrong": 3}
    }));
    let maps = frame.maps.unwrap();
    let units: Vec<usize> = maps.layers.iter().map(|layer| layer.len() / 64).collect();
    assert_eq!((maps.resolution, units), (8, vec![2, 4, 2, 1]));
    let output = frame.output.unwrap();
    assert_eq!(
        (output.resolution, output.units, output.data.len()),
        (20, 1, 400)
    );
    let weights = frame.weights.unwrap();
    let shapes: Vec<(usize, usize, usize, usize)> = weights
        .iter()
        .map(|layer| {
            (
                layer.outputs,
                layer.inputs,
                layer.weight.len(),
                layer.bias.len(),
            )
        })
        .collect();
    assert_eq!(shapes, [(4, 2, 8, 4), (2, 4, 8, 2), (1, 2, 2, 1)]);
    assert!(frame.digits.is_none(), "a circle has no digits");
    let head = frame.head;
    assert_eq!(
        (head.step, head.epoch, head.playing, head.learning_rate),
        (40, 1.6, false, 0.01)
    );
}

#[test]
fn the_large_map_of_a_unit_is_its_small_map() {
    let mut bench = Bench::new();
    bench.steps(100);
    let frame = bench.frame(&json!({"maps": {"resolution": 16, "hidden": true}}));
    let maps = frame.maps.unwrap();
    for (layer, unit) in [(0, 1), (1, 3), (2, 0), (3, 0)] {
        let wants = json!({"output": {"resolution": 16, "layer": layer, "unit": unit}});
        let large = bench.frame(&wants).output.unwrap();
        assert_eq!(large.units, 1);
        assert_eq!(large.data, maps.layers[layer][unit * 256..][..256]);
    }
}

#[test]
fn predictions_are_the_maps_values() {
    let wide = json!({"units": 20, "activation": "tanh", "dropout": 0, "frozen": false});
    for (dataset, patch, signed) in [
        (
            "circle",
            json!({"data": {"features": ["x", "y", "sin_x"], "scaling": "standard"}}),
            true,
        ),
        (
            "circle",
            json!({"network": {"output": {"activation": "tanh"}}, "training": {"loss": "mse"}}),
            false,
        ),
        ("blobs", json!({"network": {"hidden": [wide, wide]}}), false),
    ] {
        let mut bench = Bench::new();
        let choose = json!({"type": "choose_dataset", "dataset": dataset});
        bench.send_json(&choose);
        bench.send_json(&json!({"type": "patch", "patch": patch}));
        bench.steps(200);
        // Cell by cell over -6..6 from the upper left, at the middle of each cell; 13 a side are no whole vectors.
        let at = |place: usize| (place as f64 + 0.5) / 13.0 * 12.0;
        let points: Vec<f32> = (0..169)
            .flat_map(|cell| [at(cell % 13) - 6.0, 6.0 - at(cell / 13)])
            .map(|value| value as f32)
            .collect();
        let predicted = bench.session.predict(&points, None).unwrap();
        let maps = bench.session.maps(13, true).unwrap();
        let output = maps.layers.last().unwrap();
        let alone = bench.session.maps(13, false).unwrap();
        assert_eq!(&alone.layers[0], output);
        let units = predicted.len() / 169;
        assert_eq!(
            (units > 1, output.len()),
            (dataset == "blobs", predicted.len())
        );
        for (cell, row) in predicted.chunks_exact(units).enumerate() {
            for (unit, predicted) in row.iter().enumerate() {
                let expected = if signed {
                    2.0 * predicted - 1.0
                } else {
                    *predicted
                };
                let found = output[unit * 169 + cell];
                // A point crosses the boundary as f32, a cell's middle is computed in f64.
                assert!((expected - found).abs() < 1e-6, "{expected} {found}");
            }
        }
        // Of some units alone: their rows, also where those of all have been.
        let all = bench.session.maps(13, true).unwrap();
        let deep = all.layers.len() - 1;
        let some =
            |units: Value| json!({"maps": {"resolution": 13, "hidden": true, "units": units}});
        for (units, spared) in [
            (json!([[1], [0, 2], [], [0]]), false),
            (json!([[1], [0, 2], [], [0]]), true),
            (json!([[], [3]]), true),
            (json!([]), true),
        ] {
            if spared {
                let spare = bench.session.maps(13, true).unwrap();
                bench.session.reuse(spare);
            }
            let wants = some(units.clone()).to_string();
            let found = bench.session.frame(&wants, &|| 0.0).unwrap().maps.unwrap();
            assert_eq!(found.layers.len(), all.layers.len());
            for (layer, map) in found.layers.iter().enumerate() {
                let units = units.get(layer).and_then(Value::as_array);
                let rows = units.into_iter().flatten().filter_map(Value::as_u64);
                let rows = rows.flat_map(|unit| &all.layers[layer][unit as usize * 169..][..169]);
                assert!(map.iter().eq(rows), "layer {layer} of {deep} of {units:?}");
            }
        }
        // Where earlier maps have been, of this size or another, the same is written.
        let hidden: Vec<Vec<f32>> = maps.layers.iter().map(|map| map.to_vec()).collect();
        bench.session.reuse(maps);
        assert_eq!(bench.session.maps(9, true).unwrap().resolution, 9);
        let again = bench.session.maps(13, true).unwrap();
        bench.session.reuse(again);
        let again = bench.session.maps(13, true).unwrap();
        assert!(again.layers.iter().zip(&hidden).all(|(a, b)| **a == *b));
    }
}

#[test]
fn one_weight_is_set_and_nothing_else() {
    let mut bench = Bench::new();
    bench.steps(10);
    let before = bench.weight_bits();
    let loss = bench.metrics().train.loss;
    let set = json!({"type": "set_parameter", "layer": 1, "unit": 1, "input": 2, "value": 0.75});
    assert!(bench.send_json(&set).is_empty());
    let place = 12 + 4 + 2;
    let mut expected = before.clone();
    expected[place] = 0.75_f32.to_bits();
    assert_eq!(bench.weight_bits(), expected);
    let bias =
        json!({"type": "set_parameter", "layer": 2, "unit": 0, "input": null, "value": -3.0});
    assert!(bench.send_json(&bias).is_empty());
    expected[24] = (-3.0_f32).to_bits();
    assert_eq!(bench.weight_bits(), expected);
    // The figures shown are those of the weights shown.
    let shown = bench.frame(&json!({})).head.metrics.unwrap().train.loss;
    assert_ne!(shown, loss);
    assert_eq!(shown, bench.metrics().train.loss);
    assert_eq!(bench.step_count(), 10);
}

#[test]
fn one_weight_has_limits() {
    let mut bench = Bench::new();
    let before = bench.state();
    let set = |layer: u32, unit: u32, input: u32, value: f64| json!({"type": "set_parameter", "layer": layer, "unit": unit, "input": input, "value": value});
    for (command, field) in [
        (set(3, 0, 0, 0.0), "command.layer"),
        (set(0, 4, 0, 0.0), "command.unit"),
        (set(0, 0, 2, 0.0), "command.input"),
        (set(0, 0, 0, 1e7), "command.value"),
        (set(0, 0, 0, -1e300), "command.value"),
    ] {
        let refused = refusal(&bench.send_json(&command));
        assert_eq!(
            (refused.code.as_str(), refused.field.as_str()),
            ("out_of_range", field)
        );
    }
    assert_eq!(bench.state(), before);
}

#[test]
fn weights_go_out_and_come_back() {
    let mut source = Bench::new();
    source.steps(50);
    let weights = source.session.weights();
    let names: Vec<&str> = weights.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(names[..2], ["hidden.0.weight", "hidden.0.bias"]);
    assert_eq!(names[4..], ["output.weight", "output.bias"]);
    let mut target = Bench::new();
    target.session.set_weights(&weights).unwrap();
    assert_eq!(target.weight_bits(), source.weight_bits());
    // One by one, and the others stay.
    target.steps(5);
    let moved = target.weight_bits();
    target.session.set_weights(&weights[3..4]).unwrap();
    let (back, there) = (target.weight_bits(), source.weight_bits());
    assert_eq!(back[20..22], there[20..22]);
    assert_eq!((&back[..20], &back[22..]), (&moved[..20], &moved[22..]));
}

#[test]
fn a_still_picture_shows_the_figures_of_its_own_step() {
    let mut bench = Bench::new();
    for _ in 0..5 {
        bench.steps(7);
        let head = bench.frame(&json!({})).head;
        assert_eq!(head.metrics.unwrap().step, head.step);
    }
}

#[test]
fn the_penalty_is_shown_apart_from_the_loss_and_without_biases() {
    let mut bench = Bench::with(
        &json!({"training": {"penalty": {"id": "elastic_net", "l1": 0.5, "l2": 0.25}}}),
    );
    bench
        .session
        .set_weights(&[neural_playground::session::Tensor {
            name: "output.bias".into(),
            shape: vec![1],
            data: vec![1000.0],
        }])
        .unwrap();
    let expected: f64 = bench
        .session
        .weights()
        .iter()
        .filter(|tensor| tensor.name.ends_with("weight"))
        .flat_map(|tensor| {
            tensor
                .data
                .iter()
                .map(|w| f64::from(*w))
                .collect::<Vec<_>>()
        })
        .map(|w| 0.5 * w.abs() + 0.25 * w * w)
        .sum();
    let metrics = bench.metrics();
    assert!((metrics.train.penalty - expected).abs() < 1e-6 * expected);
    bench.patch(&json!({"training": {"penalty": "none"}}));
    let without = bench.metrics();
    assert_eq!(
        (without.train.loss, without.train.penalty),
        (metrics.train.loss, 0.0)
    );
}

#[test]
fn gradients_come_by_name_and_in_frames_and_cost_the_run_nothing() {
    let mut bench = Bench::new();
    bench.steps(30);
    let before = bench.weight_bits();
    let named = bench.session.gradients();
    let frame = bench.frame(&json!({"gradients": true}));
    assert!(frame.weights.is_none());
    let layers = frame.gradients.unwrap();
    let weights = bench.session.weights();
    for (at, (tensor, weight)) in named.iter().zip(&weights).enumerate() {
        assert_eq!((&tensor.name, &tensor.shape), (&weight.name, &weight.shape));
        let layer = &layers[at / 2];
        let part = if at % 2 == 0 {
            &layer.weight
        } else {
            &layer.bias
        };
        assert_eq!(&tensor.data, part);
        assert!(
            tensor.data.iter().any(|value| *value != 0.0),
            "{}",
            tensor.name
        );
    }
    assert_eq!(bench.weight_bits(), before);
    let mut other = Bench::new();
    other.steps(60);
    bench.steps(30);
    assert_eq!(bench.weight_bits(), other.weight_bits());
}

#[test]
fn a_layers_outputs_for_the_points_are_those_that_the_prediction_is_made_of() {
    let mut bench = Bench::new();
    bench.steps(50);
    let points = bench.session.points();
    let count = points.x.len();
    let outputs = bench.frame(&json!({"activations": 3})).activations.unwrap();
    let raw: Vec<f32> = (0..count)
        .flat_map(|at| [points.x[at], points.y[at]])
        .collect();
    assert_eq!(outputs, bench.session.predict(&raw, None).unwrap());
    let hidden = bench.frame(&json!({"activations": 2})).activations.unwrap();
    assert_eq!(hidden.len(), 2 * count);
    // tanh of a sum: the output's logit is linear in what the last hidden layer puts out.
    let weights = bench.session.weights();
    let (weight, bias) = (&weights[4].data, weights[5].data[0]);
    for at in 0..count {
        let z = weight[0] * hidden[at] + weight[1] * hidden[count + at] + bias;
        let probability = 1.0 / (1.0 + libm::exp(f64::from(-z)));
        assert!((probability - f64::from(outputs[at])).abs() < 1e-5, "{at}");
    }
    let wants = json!({"activations": 9}).to_string();
    let error = bench.session.frame(&wants, &|| 0.0).unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("out_of_range", "wants.activations")
    );
}

#[test]
fn a_features_map_is_its_formula_over_the_domain_used_or_not() {
    let mut bench = Bench::new();
    let map = bench.session.feature_map("x_times_y", 4).unwrap();
    assert_eq!(map[..4], [-20.25, -6.75, 6.75, 20.25]);
    assert_eq!(map[12..], [20.25, 6.75, -6.75, -20.25]);
    let error = bench.session.feature_map("w", 4).unwrap_err();
    assert_eq!(error.code(), "unknown_id");
    let error = bench.session.feature_map("x", 0).unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("out_of_range", "resolution")
    );
    bench.choose("line_sine");
    let line = bench.session.feature_map("x_squared", 5).unwrap();
    assert_eq!((line.len(), line[2]), (5, 0.0));
    assert_eq!(line[0], line[4]);
}
