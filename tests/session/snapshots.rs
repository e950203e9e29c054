//! Everything that training changes, carried from one session to another: the same bits as not having stopped.

use neural_playground::formula::optimizer::Optimizer;
use neural_playground::formula::schedule::{Schedule, Tick};
use neural_playground::random::{Purpose, Random};
use neural_playground::session::Session;
use serde_json::{Value, json};

use super::bench::{Bench, End, end, refusal};

/// Numbers of a test, one after the other.
struct Draw {
    random: Random,
    index: u64,
}

impl Draw {
    fn new(seed: u32) -> Self {
        Self {
            random: Random::new(seed, Purpose::Points),
            index: 0,
        }
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.index += 1;
        self.random.between(self.index, low, high)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.between(0.0, count as f64) as usize).min(count - 1)
    }

    fn chance(&mut self, share: f64) -> bool {
        self.between(0.0, 1.0) < share
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

/// A layer's fields, whether it is hidden or not.
fn layer(draw: &mut Draw) -> Value {
    let factor = [0.0, 0.1, 1.0, 1.0, 1.0, 3.0, 10.0][draw.below(7)];
    json!({"frozen": draw.chance(0.15), "learning_rate_factor": factor})
}

/// Few points, so that a step is a large part of an epoch and rules are judged often.
fn config(draw: &mut Draw, number: usize) -> Value {
    let tf_playground = number.is_multiple_of(6);
    let (dataset, loss, output) = if tf_playground {
        ("circle", "half_mse", "tanh")
    } else {
        [
            ("circle", "binary_cross_entropy", "sigmoid"),
            ("moons", "mse", "tanh"),
            ("circle", "hinge", "linear"),
            ("blobs", "categorical_cross_entropy", "softmax"),
            ("blobs", "mse", "softmax"),
            ("reg_plane", "mse", "linear"),
            ("reg_ripple", "huber", "linear"),
            ("reg_plane", "mae", "linear"),
            ("reg_gauss", "log_cosh", "linear"),
        ][draw.below(9)]
    };
    let hidden: Vec<Value> = (0..draw.below(4))
        .map(|_| {
            let mut layer = layer(draw);
            layer["units"] = json!(1 + draw.below(6));
            layer["activation"] = json!(draw.of(&["tanh", "relu", "gelu", "sigmoid", "sine"]));
            layer["dropout"] = json!(if draw.chance(0.3) { 0.3 } else { 0.0 });
            layer
        })
        .collect();
    let mut last = layer(draw);
    last["activation"] = json!(output);
    let optimizer = if tf_playground {
        Optimizer::Sgd
    } else {
        Optimizer::ALL[number % Optimizer::ALL.len()]
    };
    let mut optimizer = json!({"id": optimizer.id(), "learning_rate": draw.between(0.003, 0.1)});
    if number.is_multiple_of(5) && optimizer["id"] == "rmsprop" {
        (optimizer["centered"], optimizer["momentum"]) = (json!(1), json!(0.5));
    }
    if number.is_multiple_of(2) && optimizer["id"] == "adam" {
        optimizer["amsgrad"] = json!(1);
    }
    let schedule = Schedule::ALL[number % Schedule::ALL.len()];
    let mut wish = json!({"id": schedule.id()});
    for param in schedule.entry().params {
        match (param.id, schedule.tick()) {
            ("period", Tick::Epoch) => wish["period"] = json!(1 + draw.below(4)),
            ("period" | "steps", Tick::Step) => wish[param.id] = json!(5 + draw.below(60)),
            ("patience", _) => wish["patience"] = json!(draw.below(2)),
            ("factor", _) => wish["factor"] = json!(0.5),
            ("threshold", _) => wish["threshold"] = json!(0.2),
            ("cooldown", _) => wish["cooldown"] = json!(draw.below(2)),
            _ => {}
        }
    }
    let penalty = if tf_playground {
        json!({"id": "l1", "lambda": 0.05})
    } else {
        json!(draw.of(&["none", "none", "l1", "l2", "elastic_net", "weight_decay"]))
    };
    let mut training = json!({
        "loss": loss, "optimizer": optimizer, "schedule": wish, "penalty": penalty,
        "batch_size": 1 + draw.below(30), "shuffled": draw.chance(0.7),
        "stop": {"epochs": if draw.chance(0.4) { 1 + draw.below(5) } else { 0 }},
    });
    if !tf_playground && draw.chance(0.3) {
        training["clip"] = json!({"id": draw.of(&["norm", "value"]), "limit": 0.1});
        training["max_norm"] = json!(1.5);
    }
    if draw.chance(0.6) {
        training["early_stopping"] = json!({
            "metric": "loss", "patience": 1 + draw.below(3), "min_delta": 0.01, "restore_best": draw.chance(0.7)
        });
    }
    if draw.chance(0.2) {
        training["stop"]["target"] = json!({"metric": "loss", "value": draw.between(0.1, 0.6)});
    }
    json!({
        "mode": if tf_playground { "tf_playground" } else { "standard" },
        "seeds": {"init": number, "batches": number + 1, "data": number + 2},
        "data": {"dataset": dataset, "samples": 30 + draw.below(50), "noise": 0.3, "features": ["x", "y"]},
        "network": {"hidden": hidden, "output": last},
        "training": training,
    })
}

fn configured(config: &Value) -> Bench {
    let mut bench = Bench::new();
    bench.accept("configure", config);
    bench
}

/// Step by step; how the run ended, each time that it did.
fn train(bench: &mut Bench, steps: usize) -> Vec<End> {
    (0..steps).filter_map(|_| end(&bench.steps(1))).collect()
}

#[test]
fn stopping_and_going_on_elsewhere_changes_no_bit() {
    let mut draw = Draw::new(13);
    let mut endings = [0; 4];
    let (mut cut, mut best) = (0, 0);
    for number in 0..200 {
        let config = config(&mut draw, number);
        let (n, m) = (draw.below(70), 1 + draw.below(70));
        let mut straight = configured(&config);
        train(&mut straight, n);
        let bytes = straight.session.snapshot();
        let rest = train(&mut straight, m);

        let mut other = configured(&config);
        assert_eq!(other.session.restore(&bytes).unwrap(), [], "{config}");
        assert_eq!(other.session.snapshot(), bytes, "{config}");
        assert_eq!(train(&mut other, m), rest, "{config}");
        assert_eq!(
            (other.step_count(), other.epoch()),
            (straight.step_count(), straight.epoch()),
            "{config}"
        );
        assert!(other.weight_bits() == straight.weight_bits(), "{config}");
        assert!(
            other.session.snapshot() == straight.session.snapshot(),
            "{config}"
        );

        for ending in rest {
            endings[ending.reason as usize] += 1;
        }
        let snapshot = straight.session.run().trainer.snapshot();
        best += usize::from(snapshot.memory.best.is_some());
        cut +=
            usize::from(snapshot.layout.tf_playground && snapshot.progress.state[0].contains(&1.0));
    }
    // The configs are such that all of it occurs.
    assert!(
        endings.iter().filter(|&&count| count > 10).count() >= 3,
        "{endings:?}"
    );
    assert!(
        cut > 10 && best > 50,
        "{cut} with cut links, {best} with a best"
    );
}

fn refused(session: &mut Session, bytes: &[u8]) -> (String, String) {
    let before = session.snapshot();
    let error = session.restore(bytes).unwrap_err();
    assert_eq!(session.snapshot(), before, "a refusal changed something");
    (error.code().to_owned(), error.field().to_owned())
}

#[test]
fn a_snapshot_that_does_not_fit_is_refused_by_field() {
    let mut bench = Bench::new();
    bench.steps(7);
    for (patch, field) in [
        (
            json!({"network": {"hidden": [{"units": 3, "activation": "tanh"}]}}),
            "snapshot.layers",
        ),
        (
            json!({"training": {"optimizer": "nadam"}}),
            "snapshot.optimizer",
        ),
        (
            json!({"training": {"optimizer": {"amsgrad": 1}}}),
            "snapshot.optimizer",
        ),
        (json!({"training": {"batch_size": 11}}), "snapshot.position"),
        (
            json!({"mode": "tf_playground", "training": {"optimizer": "sgd"}}),
            "snapshot.optimizer",
        ),
    ] {
        let mut other = Bench::with(&patch);
        if field == "snapshot.position" {
            other.steps(1);
        } else {
            other.steps(30);
        }
        let bytes = other.session.snapshot();
        let found = refused(&mut bench.session, &bytes);
        assert_eq!(found, ("mismatch".to_owned(), field.to_owned()), "{patch}");
    }
}

#[test]
fn bytes_that_are_no_snapshot_are_refused() {
    let mut bench = Bench::with(&json!({"training": {"early_stopping": {"patience": 3}}}));
    bench.steps(60);
    let bytes = bench.session.snapshot();
    for length in 0..bytes.len() {
        refused(&mut bench.session, &bytes[..length]);
    }
    for place in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[place] ^= bit;
            refused(&mut bench.session, &changed);
        }
    }
    let longer = [bytes.as_slice(), &[0; 8]].concat();
    assert_eq!(
        refused(&mut bench.session, &longer),
        ("malformed".to_owned(), "snapshot.digest".to_owned())
    );
    let mut next = bytes.clone();
    next[4] = 2;
    assert_eq!(
        refused(&mut bench.session, &next),
        ("mismatch".to_owned(), "snapshot.version".to_owned())
    );
    assert_eq!(bench.session.restore(&bytes).unwrap(), []);
}

#[test]
fn a_snapshot_goes_back_in_time_too_and_takes_the_curves_with_it() {
    let mut bench = Bench::new();
    bench.epochs(3);
    bench.frame(&json!({}));
    let bytes = bench.session.snapshot();
    let there = bench.state();
    bench.epochs(5);
    bench.frame(&json!({}));
    bench.send(r#"{"type":"play","steps_per_second":null}"#);
    assert_eq!(bench.session.restore(&bytes).unwrap().len(), 1, "it pauses");
    assert_eq!(bench.state(), there);
}

/// What was refused before anything of the snapshot had been read must not have ended the run either.
#[test]
fn what_stop_rules_remember_comes_along() {
    let config = json!({"training": {"stop": {"epochs": 2}}});
    let mut bench = configured(&config);
    assert!(end(&bench.epochs(5)).is_some());
    let mut other = configured(&config);
    other.session.restore(&bench.session.snapshot()).unwrap();
    // Taken up after its end, it trains as many epochs again.
    assert_eq!(end(&other.epochs(9)).unwrap().epoch, 4.0);
    let refused = refusal(&other.send(r#"{"type":"step","count":0}"#));
    assert_eq!(refused.field, "command.count");
}
