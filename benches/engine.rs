//! The engine natively: training steps and maps of the workloads W1, W2, W4 and W5 of the browser benchmark.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark runs natively, reads the clock, and stops where something is wrong"
)]

use std::time::Instant;

use neural_playground::session::Session;

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

fn plane(units: &[usize], features: &str) -> Session {
    let mut session = Session::new().unwrap();
    let config = format!(
        r#"{{"type":"configure","config":{{"data":{{"features":[{features}]}},
        "network":{{"hidden":[{}],"output":{{"activation":"tanh","frozen":false}}}},
        "training":{{"loss":"half_mse","optimizer":"sgd","batch_size":10}}}}}}"#,
        layers(units, "tanh")
    );
    println!("{:?}", session.handle(&config, &|| 0.0).len());
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
    println!("{:?}", session.handle(&config, &|| 0.0).len());
    session
}

fn rate(name: &str, scale: f64, mut run: impl FnMut(u32)) {
    let mut count = 1;
    let mut best: f64 = 0.0;
    let mut enough = 0;
    while enough < 5 {
        let start = Instant::now();
        run(count);
        let took = start.elapsed().as_secs_f64();
        if took < 0.15 {
            count *= 2;
            continue;
        }
        enough += 1;
        best = best.max(f64::from(count) * scale / took);
    }
    println!("{name:8} {best:12.0} /s");
}

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    let wanted = |name: &str| {
        only.is_empty() || only.starts_with('-') || only.split(',').any(|one| one == name)
    };
    let steps = |session: &mut Session, count: u32| {
        for _ in 0..count.div_ceil(100_000) {
            let events = session.handle(
                &format!(r#"{{"type":"step","count":{}}}"#, count.min(100_000)),
                &|| 0.0,
            );
            assert!(events.is_empty(), "{events:?}");
        }
    };
    let all = r#""x","y","x_squared","y_squared","x_times_y","sin_x","sin_y""#;
    if wanted("W1") {
        let mut session = plane(&[4, 2], r#""x","y""#);
        rate("W1", 1.0, |count| steps(&mut session, count));
    }
    if wanted("W2") {
        let mut session = plane(&[8; 6], all);
        rate("W2", 1.0, |count| steps(&mut session, count));
    }
    if wanted("W3") {
        let mut session = classes(&[64, 64], 32);
        rate("W3", 32.0, |count| steps(&mut session, count));
    }
    if wanted("W4") {
        let mut session = classes(&[512, 512], 128);
        rate("W4", 128.0, |count| steps(&mut session, count));
    }
    if wanted("W5a") {
        let mut session = plane(&[4, 2], r#""x","y""#);
        rate("W5a", 1.0, |count| {
            for _ in 0..count {
                std::hint::black_box(session.maps(100, true).unwrap());
            }
        });
    }
    if wanted("W5b") {
        let mut session = plane(&[8; 6], all);
        rate("W5b", 1.0, |count| {
            for _ in 0..count {
                std::hint::black_box(session.maps(100, true).unwrap());
            }
        });
    }
}
