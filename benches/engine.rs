//! The engine natively, by Criterion: training steps and maps of the browser benchmark's workloads W1 to W5, and its matrix
//! product beside `matrixmultiply`. `cargo bench --bench engine -- W1` runs one.
#![allow(
    clippy::unwrap_used,
    unsafe_code,
    missing_docs,
    reason = "a benchmark stops where something is wrong, calls a peer that is unsafe, and is made by a macro"
)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use neural_playground::backend::cpu::multiply;
use neural_playground::session::{Event, Session};

const ALL: &str = r#""x","y","x_squared","y_squared","x_times_y","sin_x","sin_y""#;

const LAYER: &str = r#"{"units":U,"activation":"A","dropout":0,"frozen":false}"#;

fn layers(units: &[usize], activation: &str) -> String {
    let rows: Vec<String> = units
        .iter()
        .map(|units| {
            LAYER
                .replace('U', &units.to_string())
                .replace('A', activation)
        })
        .collect();
    rows.join(",")
}

fn accept(events: &[Event]) {
    let refused = events
        .iter()
        .find(|event| matches!(event, Event::Rejected { .. }));
    assert!(refused.is_none(), "{refused:?}");
}

fn plane(units: &[usize], features: &str) -> Session {
    let mut session = Session::new().unwrap();
    let config = format!(
        r#"{{"type":"configure","config":{{"data":{{"features":[{features}]}},
        "network":{{"hidden":[{}],"output":{{"activation":"tanh","frozen":false}}}},
        "training":{{"loss":"half_mse","optimizer":"sgd","batch_size":10}}}}}}"#,
        layers(units, "tanh")
    );
    accept(&session.handle(&config, &|| 0.0));
    session
}

fn classes(units: &[usize], batch: usize) -> Session {
    let mut session = Session::new().unwrap();
    let rows = 1024;
    let inputs: Vec<f32> = (0..rows * 784)
        .map(|i| {
            if i * 7919 % 5 == 0 {
                (i * 31 % 97) as f32 / 97.0
            } else {
                0.0
            }
        })
        .collect();
    let targets: Vec<f32> = (0..rows).map(|i| (i % 10) as f32).collect();
    session
        .set_data(inputs, 784, &targets, Some(&vec![0; rows]), None)
        .unwrap();
    let config = format!(
        r#"{{"type":"patch","patch":{{
        "network":{{"hidden":[{}],"output":{{"activation":"softmax","frozen":false}}}},
        "training":{{"loss":"categorical_cross_entropy","optimizer":{{"id":"adam","learning_rate":0.001}},"batch_size":{batch}}}}}}}"#,
        layers(units, "relu")
    );
    accept(&session.handle(&config, &|| 0.0));
    session
}

/// Steps within one iteration: a command costs as much as many small steps.
const STEPS: u32 = 1000;

fn steps(criterion: &mut Criterion, name: &str, count: u32, samples: u32, mut session: Session) {
    let command = format!(r#"{{"type":"step","count":{count}}}"#);
    let mut group = criterion.benchmark_group("steps");
    group.throughput(Throughput::Elements(u64::from(count * samples)));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let events = session.handle(&command, &|| 0.0);
            assert!(events.is_empty(), "{events:?}");
        });
    });
    group.finish();
}

fn training(criterion: &mut Criterion) {
    steps(criterion, "W1", STEPS, 1, plane(&[4, 2], r#""x","y""#));
    steps(criterion, "W2", STEPS, 1, plane(&[8; 6], ALL));
    steps(criterion, "W3, samples", 10, 32, classes(&[64, 64], 32));
    steps(criterion, "W4, samples", 1, 128, classes(&[512, 512], 128));
}

fn maps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("maps");
    for (name, mut session) in [
        ("W5a", plane(&[4, 2], r#""x","y""#)),
        ("W5b", plane(&[8; 6], ALL)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| session.maps(100, true).unwrap())
        });
    }
    group.finish();
}

/// The first layers of W3 and W4: weights times inputs, beside `matrixmultiply`.
fn products(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sgemm");
    for (m, n, k) in [(64, 32, 784), (512, 128, 784), (512, 512, 512)] {
        let filled =
            |count: usize| -> Vec<f32> { (0..count).map(|i| (i % 97) as f32 / 97.0).collect() };
        let (a, b, mut c, mut pack) = (
            filled(m * k),
            filled(k * n),
            vec![0.0; m * n],
            vec![0.0; 8 * k],
        );
        group.throughput(Throughput::Elements((2 * m * n * k) as u64));
        group.bench_function(format!("this engine, {m}x{n}x{k}"), |bencher| {
            bencher.iter(|| multiply((m, n, k), (&a, &b), &mut c, &mut pack));
        });
        group.bench_function(format!("matrixmultiply, {m}x{n}x{k}"), |bencher| {
            let (k_, n_) = (k as isize, n as isize);
            // SAFETY: the slices are as long as the sizes say.
            bencher.iter(|| unsafe {
                matrixmultiply::sgemm(
                    m,
                    k,
                    n,
                    1.0,
                    a.as_ptr(),
                    k_,
                    1,
                    b.as_ptr(),
                    n_,
                    1,
                    0.0,
                    c.as_mut_ptr(),
                    n_,
                    1,
                );
            });
        });
    }
    group.finish();
}

criterion_group!(benches, training, maps, products);
criterion_main!(benches);
