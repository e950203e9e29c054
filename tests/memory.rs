//! Training needs no more memory after a million steps than at the start, and allocates nothing on the way.

use neural_playground::session::Session;

use crate::counting::{bytes, calls};

/// What measuring a row of the curves allocates at most: figures by name, of two parts.
const PER_ROW: u64 = 128;

fn step(session: &mut Session, count: u32) {
    let events = session.handle(&format!(r#"{{"type":"step","count":{count}}}"#), &|| 0.0);
    assert!(events.is_empty(), "{events:?}");
}

#[test]
fn a_million_steps_allocate_nothing() {
    let mut session = Session::new().unwrap();
    // By then the curves have as many rows as they ever have.
    for _ in 0..10 {
        step(&mut session, 100_000);
    }
    let held = bytes();
    for _ in 0..10 {
        let before = calls();
        step(&mut session, 100_000);
        // The command's text is read and a row measured every 64th epoch of the 4,000; no step adds to that
        // (tests/allocation.rs).
        let more = calls() - before;
        assert!(
            more < 100 + PER_ROW * 4_000 / 64,
            "{more} allocations in 100,000 steps"
        );
    }
    assert_eq!(bytes(), held);

    // The worked example's size, over 1,000 rows: 784-64-64-10, Adam, batches of 32.
    let rows = 1_000;
    let targets: Vec<f32> = (0..rows).map(|row| (row % 10) as f32).collect();
    let inputs: Vec<f32> = (0..rows * 784)
        .map(|place| (place % 17) as f32 / 17.0)
        .collect();
    session
        .set_data(inputs, 784, &targets, Some(&vec![0; rows]), None)
        .unwrap();
    let layer = r#"{"units":64,"activation":"relu","dropout":0.1,"frozen":false}"#;
    let patch = format!(
        r#"{{"type":"patch","patch":{{"network":{{"hidden":[{layer},{layer}]}},"training":{{"optimizer":"adam","batch_size":32}}}}}}"#
    );
    session.handle(&patch, &|| 0.0);
    step(&mut session, 40);
    let held = bytes();
    let before = calls();
    step(&mut session, 400);
    assert!(calls() - before < 100 + PER_ROW * 400 * 32 / rows as u64);
    // A thousandth of what it holds: the curves' rows, of which there are never more than 2,000.
    assert!(bytes() - held <= 2_000 * 7 * 8, "{} more", bytes() - held);
    println!("784-64-64-10 over {rows} rows holds {} KiB", held / 1024);
}
