//! Command scripts: what a page does, without a page.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers fail as the test does"
)]

#[path = "session/bench.rs"]
mod bench;
#[path = "session/curves.rs"]
mod curves;
#[path = "session/datasets.rs"]
mod datasets;
#[path = "session/effects.rs"]
mod effects;
#[path = "session/endings.rs"]
mod endings;
#[path = "session/going_on.rs"]
mod going_on;
#[path = "session/pace.rs"]
mod pace;
#[path = "session/pictures.rs"]
mod pictures;
#[path = "session/random.rs"]
mod random;
#[path = "session/refusals.rs"]
mod refusals;

#[path = "session/snapshots.rs"]
mod snapshots;

use bench::Bench;

#[test]
fn the_page_as_it_opens_learns_the_circle() {
    let mut bench = Bench::new();
    let before = bench.metrics().train.loss;
    assert!(bench.send(r#"{"type":"epoch","count":200}"#).is_empty());
    let metrics = bench.metrics();
    assert!(before > 0.5, "{before}");
    assert!(metrics.train.loss < 0.1, "{}", metrics.train.loss);
    let accuracy = metrics.validation.unwrap().metrics["accuracy"];
    assert!(accuracy > 0.95, "{accuracy}");
    assert_eq!((metrics.step, metrics.epoch), (200 * 25, 200.0));
    assert!(metrics.test.is_none());
}
