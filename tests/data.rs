//! Data sets as a whole: what the trainer and the page are handed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy's exemption for tests does not reach their helper functions"
)]

#[path = "golden/fingerprints.rs"]
mod fingerprints;
#[path = "golden/fnv.rs"]
#[expect(dead_code, reason = "the hash of numbers is for weights")]
mod fnv;

use neural_playground::config::{Choice, DataConfig, Mode, Seeds, SplitConfig};
use neural_playground::data::synthetic::Generator;
use neural_playground::data::{
    CustomData, DATASETS, Dataset, Digits, FEATURES, Kind, Part, SeedRandom, Task,
};
use neural_playground::error::Error;

/// Named in the issue: TensorFlow Playground's points hold to six decimals.
const PLAYGROUND_TOLERANCE: f64 = 1e-6;

fn choice(id: &str) -> Choice {
    Choice {
        id: id.to_owned(),
        params: Default::default(),
    }
}

fn seeds() -> Seeds {
    Seeds {
        data: 1,
        split: 2,
        init: 3,
        batches: 4,
        tf_playground: "0.59704".to_owned(),
    }
}

fn config(dataset: &str) -> DataConfig {
    let line = dataset.starts_with("line_");
    let features: &[&str] = if line { &["x"] } else { &["x", "y"] };
    let features = if dataset == "digits" { &[] } else { features };
    DataConfig {
        dataset: dataset.to_owned(),
        samples: 500,
        noise: 0.0,
        label_noise: 0.0,
        balance: 0.5,
        classes: 3,
        split: SplitConfig {
            train: 60,
            validation: 20,
            test: 20,
        },
        features: features.iter().map(|id| (*id).to_owned()).collect(),
        scaling: choice("none"),
    }
}

fn build(config: &DataConfig) -> Dataset {
    Dataset::build(config, &seeds(), Mode::Standard, None).unwrap()
}

fn refused(config: &DataConfig) -> (&'static str, String) {
    let error = Dataset::build(config, &seeds(), Mode::Standard, None).unwrap_err();
    (error.code(), error.field().to_owned())
}

/// The sets that are generated from numbers.
fn generated() -> impl Iterator<Item = &'static str> {
    DATASETS
        .iter()
        .filter(|entry| !matches!(entry.generator, Generator::None))
        .map(|entry| entry.id)
}

fn count(dataset: &Dataset, part: Part, class: usize) -> usize {
    dataset
        .part(part)
        .iter()
        .filter(|&&row| dataset.targets[row as usize] == class as f64)
        .count()
}

/// Rows as sortable bits: raw position and target.
fn points(dataset: &Dataset) -> Vec<[u64; 3]> {
    let mut points: Vec<_> = dataset
        .raw
        .iter()
        .zip(&dataset.targets)
        .map(|(point, target)| [point[0].to_bits(), point[1].to_bits(), target.to_bits()])
        .collect();
    points.sort_unstable();
    points
}

// ------------------------------------------------------------ the table

#[test]
fn table_has_exactly_the_permanent_ids() {
    let ids: Vec<&str> = DATASETS.iter().map(|entry| entry.id).collect();
    let expected = "circle xor gauss spiral moons checkerboard rings blobs pinwheel reg_plane reg_gauss \
                    reg_ripple reg_saddle line_sine line_step line_cubic digits custom";
    assert_eq!(ids, expected.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn entries_cross_the_boundary_as_the_contract_says() {
    let json = serde_json::to_value(DATASETS[7]).unwrap();
    let expected = serde_json::json!({
        "id": "blobs", "task": "classification", "kind": "plane",
        "classes": { "min": 2, "max": 8, "default": 3 },
        "has_balance": false, "has_noise": true, "domain": [-6.0, 6.0],
    });
    assert_eq!(json, expected);
    let feature = serde_json::to_value(FEATURES[2]).unwrap();
    assert_eq!(
        feature,
        serde_json::json!({ "id": "x_squared", "symbol": "X₁²", "kind": "plane" })
    );
}

// ------------------------------------------------------------ generated sets

#[test]
fn every_set_has_its_rows_classes_and_columns() {
    for id in generated() {
        let dataset = build(&config(id));
        assert_eq!(dataset.rows(), 500, "{id}");
        assert_eq!(dataset.inputs.len(), 500 * dataset.columns, "{id}");
        assert_eq!((dataset.raw.len(), dataset.parts.len()), (500, 500), "{id}");
        assert_eq!(
            dataset.columns,
            if dataset.kind == Kind::Line { 1 } else { 2 },
            "{id}"
        );
        assert!(
            dataset.inputs.iter().all(|value| value.abs() <= 6.0),
            "{id}: without noise all lie in the domain"
        );
        match dataset.task {
            Task::Classification => {
                let classes = dataset.classes;
                for class in 0..classes {
                    let rows = dataset
                        .targets
                        .iter()
                        .filter(|&&target| target == class as f64)
                        .count();
                    assert!(
                        rows == 500 / classes || rows == 500 / classes + 1,
                        "{id}: {rows} of class {class}"
                    );
                }
                assert!(
                    dataset
                        .targets
                        .iter()
                        .all(|&target| target < classes as f64),
                    "{id}"
                );
            }
            Task::Regression => {
                assert_eq!(dataset.classes, 0);
                assert!(
                    dataset.targets.iter().all(|target| target.abs() <= 1.2),
                    "{id}"
                );
            }
        }
    }
}

#[test]
fn labels_follow_the_geometry() {
    let each = |id: &str, rule: &dyn Fn(f64, f64) -> usize| {
        let dataset = build(&config(id));
        for (point, &target) in dataset.raw.iter().zip(&dataset.targets) {
            assert_eq!(
                rule(point[0], point[1]),
                target as usize,
                "{id} at {point:?}"
            );
        }
    };
    each("circle", &|x, y| usize::from(x.hypot(y) < 3.0));
    each("xor", &|x, y| usize::from(x * y >= 0.0));
    each("checkerboard", &|x, y| {
        let cell = |value: f64| ((value + 5.0) / 2.5).floor() as i64;
        usize::from((cell(x) + cell(y)) % 2 != 0)
    });
    each("rings", &|x, y| {
        usize::from(x.hypot(y) > 1.8) + usize::from(x.hypot(y) > 3.6)
    });
    // Each moon lies on its own circle of radius 3.
    each("moons", &|x, y| {
        usize::from(((x + 1.5).hypot(y + 0.75) - 3.0).abs() < 1e-9)
    });
    // The arms of the spiral are half a turn apart: radius and angle tell them.
    each("spiral", &|x, y| {
        let turn = 1.75 * x.hypot(y) / 5.0 - x.atan2(y) / std::f64::consts::TAU;
        usize::from((turn - turn.round()).abs() < 0.25)
    });
}

#[test]
fn clouds_lie_around_their_centres() {
    // 250 points of deviation 0.71: five standard errors of a mean are 0.22.
    let dataset = build(&config("gauss"));
    for (class, centre) in [(0, -2.0), (1, 2.0)] {
        for axis in 0..2 {
            let values = dataset
                .raw
                .iter()
                .zip(&dataset.targets)
                .filter(|(_, target)| **target == class as f64);
            let mean = values.map(|(point, _)| point[axis]).sum::<f64>() / 250.0;
            assert!(
                (mean - centre).abs() < 0.23,
                "class {class}, axis {axis}: {mean}"
            );
        }
    }
}

#[test]
fn functions_have_their_values() {
    let each = |id: &str, value: &dyn Fn(f64, f64) -> f64| {
        let dataset = build(&config(id));
        for (point, &target) in dataset.raw.iter().zip(&dataset.targets) {
            let expected = value(point[0], point[1]);
            assert!(
                (expected - target).abs() < 1e-12,
                "{id} at {point:?}: {target}, expected {expected}"
            );
        }
    };
    each("reg_plane", &|x, y| (x + y) / 10.0);
    each("reg_saddle", &|x, y| (x * x - y * y) / 36.0);
    each("reg_ripple", &|x, y| libm::cos(1.2 * libm::hypot(x, y)));
    each("line_sine", &|x, _| libm::sin(x));
    each("line_step", &|x, _| 0.8 * x.signum());
    each("line_cubic", &|x, _| libm::cos(3.0 * libm::acos(x / 6.0)));
    // Six cones of radius 2, checked at one that is negative and one that is positive.
    let bumps = build(&DataConfig {
        samples: 5000,
        ..config("reg_gauss")
    });
    for (centre, sign) in [([0.0, 2.5], -1.0), ([0.0, -2.5], 1.0)] {
        let near = bumps.raw.iter().zip(&bumps.targets);
        let near: Vec<_> = near
            .map(|(point, target)| {
                (
                    libm::hypot(point[0] - centre[0], point[1] - centre[1]),
                    target,
                )
            })
            .filter(|(distance, _)| *distance < 1.9)
            .collect();
        assert!(near.len() > 100);
        assert!(
            near.iter()
                .all(|(distance, target)| (sign * (1.0 - distance / 2.0) - **target).abs() < 1e-12)
        );
    }
}

#[test]
fn the_choice_of_classes_counts_where_there_is_one() {
    for id in ["blobs", "pinwheel"] {
        for classes in 2..=8 {
            let dataset = build(&DataConfig {
                classes,
                ..config(id)
            });
            assert_eq!(dataset.classes, classes as usize);
            assert!((0..dataset.classes).all(|class| count(&dataset, Part::Train, class) > 0));
        }
        for classes in [0, 1, 9] {
            let wrong = DataConfig {
                classes,
                ..config(id)
            };
            assert_eq!(refused(&wrong), ("out_of_range", "data.classes".to_owned()));
        }
    }
    assert_eq!(
        build(&DataConfig {
            classes: 8,
            ..config("rings")
        })
        .classes,
        3
    );
}

#[test]
fn balance_is_the_share_of_the_first_class() {
    for entry in DATASETS.iter().filter(|entry| entry.has_balance) {
        for (samples, balance, first) in [
            (500, 0.1, 50),
            (500, 0.95, 475),
            (10, 0.05, 1),
            (11, 0.5, 6),
        ] {
            let dataset = build(&DataConfig {
                samples,
                balance,
                ..config(entry.id)
            });
            let found = dataset
                .targets
                .iter()
                .filter(|&&target| target == 0.0)
                .count();
            assert_eq!(found, first, "{}: {balance} of {samples}", entry.id);
        }
    }
}

#[test]
fn noise_keeps_the_sample_and_grows_along_a_line() {
    for id in generated() {
        let clean = build(&config(id));
        let half = build(&DataConfig {
            noise: 0.25,
            ..config(id)
        });
        let full = build(&DataConfig {
            noise: 0.5,
            ..config(id)
        });
        assert_eq!(
            (&clean.targets, &clean.parts),
            (&full.targets, &full.parts),
            "{id}"
        );
        let mut moved = 0.0;
        for ((a, b), c) in clean.raw.iter().zip(&half.raw).zip(&full.raw) {
            for axis in 0..2 {
                assert!(
                    (2.0 * (b[axis] - a[axis]) - (c[axis] - a[axis])).abs() < 1e-12,
                    "{id}"
                );
                moved += (c[axis] - a[axis]).abs();
            }
        }
        assert!(
            moved / 500.0 > 0.3,
            "{id}: mean displacement {}",
            moved / 500.0
        );
    }
}

#[test]
fn label_noise_flips_its_share_and_moves_nothing() {
    for id in ["circle", "rings", "pinwheel"] {
        let clean = build(&config(id));
        let flipped = |label_noise: f64| -> Vec<usize> {
            let noisy = build(&DataConfig {
                label_noise,
                ..config(id)
            });
            assert_eq!(
                (&noisy.raw, &noisy.parts),
                (&clean.raw, &clean.parts),
                "{id}"
            );
            assert!(
                noisy
                    .targets
                    .iter()
                    .all(|&target| target < clean.classes as f64),
                "{id}"
            );
            (0..500)
                .filter(|&row| noisy.targets[row] != clean.targets[row])
                .collect()
        };
        let (few, many) = (flipped(0.1), flipped(0.3));
        assert_eq!((few.len(), many.len()), (50, 150), "{id}");
        assert!(
            few.iter().all(|row| many.contains(row)),
            "{id}: more noise flips more, not others"
        );
    }
}

#[test]
fn label_noise_spreads_values_by_its_size() {
    for id in ["reg_saddle", "line_sine"] {
        let clean = build(&DataConfig {
            samples: 5000,
            ..config(id)
        });
        let noisy = build(&DataConfig {
            samples: 5000,
            label_noise: 0.2,
            ..config(id)
        });
        assert_eq!(
            (&noisy.raw, &noisy.parts),
            (&clean.raw, &clean.parts),
            "{id}"
        );
        let squares = noisy
            .targets
            .iter()
            .zip(&clean.targets)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>();
        let deviation = (squares / 5000.0).sqrt();
        // The standard error of a deviation is 1 / sqrt(2 n) = 1 % of it; five of them.
        assert!((deviation - 0.2).abs() < 0.01, "{id}: {deviation}");
    }
}

#[test]
fn a_larger_sample_holds_every_point_of_a_smaller_one() {
    for id in generated() {
        let noisy = DataConfig {
            noise: 0.3,
            ..config(id)
        };
        let large = points(&build(&DataConfig {
            samples: 1000,
            ..noisy.clone()
        }));
        for point in points(&build(&noisy)) {
            assert!(large.binary_search(&point).is_ok(), "{id}");
        }
    }
}

#[test]
fn the_data_seed_moves_every_set() {
    for id in generated() {
        let other = Seeds {
            data: 99,
            ..seeds()
        };
        let other = Dataset::build(&config(id), &other, Mode::Standard, None).unwrap();
        let shared = points(&other)
            .into_iter()
            .filter(|point| points(&build(&config(id))).contains(point))
            .count();
        assert_eq!(shared, 0, "{id}");
    }
}

// ------------------------------------------------------------ split

#[test]
fn parts_are_disjoint_exhaustive_and_stratified() {
    for id in generated() {
        let dataset = build(&DataConfig {
            noise: 0.2,
            ..config(id)
        });
        let sizes =
            [Part::Train, Part::Validation, Part::Test].map(|part| dataset.part(part).len());
        assert_eq!(sizes, [300, 100, 100], "{id}");
        let mut rows: Vec<u32> = [&dataset.train[..], &dataset.validation, &dataset.test].concat();
        rows.sort_unstable();
        assert_eq!(rows, (0..500).collect::<Vec<_>>(), "{id}");
        for (row, &part) in dataset.parts.iter().enumerate() {
            assert!(dataset.part(part).contains(&(row as u32)));
        }
        for class in 0..dataset.classes {
            let all = dataset
                .targets
                .iter()
                .filter(|&&target| target == class as f64)
                .count() as f64;
            for (part, share) in [
                (Part::Train, 0.6),
                (Part::Validation, 0.2),
                (Part::Test, 0.2),
            ] {
                let found = count(&dataset, part, class) as f64;
                assert!(
                    (found - all * share).abs() <= 2.0,
                    "{id}, class {class}, {part:?}: {found} of {all}"
                );
            }
        }
    }
}

#[test]
fn the_split_seed_moves_rows_between_parts_and_nothing_else() {
    let other = Seeds {
        split: 99,
        ..seeds()
    };
    let other = Dataset::build(&config("moons"), &other, Mode::Standard, None).unwrap();
    let dataset = build(&config("moons"));
    assert_eq!(
        (&other.raw, &other.targets),
        (&dataset.raw, &dataset.targets)
    );
    assert_ne!(other.parts, dataset.parts);
}

#[test]
fn a_part_of_no_percent_is_empty() {
    let dataset = build(&DataConfig {
        split: SplitConfig {
            train: 50,
            validation: 50,
            test: 0,
        },
        ..config("circle")
    });
    assert_eq!(
        (
            dataset.train.len(),
            dataset.validation.len(),
            dataset.test.len()
        ),
        (250, 250, 0)
    );
}

// ------------------------------------------------------------ features, scaling, grid

#[test]
fn columns_are_the_features_in_the_order_given() {
    let features: Vec<String> = ["sin_y", "x", "x_times_y"].map(str::to_owned).into();
    let dataset = build(&DataConfig {
        features,
        ..config("gauss")
    });
    assert_eq!(dataset.symbols, ["sin(X₂)", "X₁", "X₁X₂"]);
    for (row, &[x, y]) in dataset.raw.iter().enumerate() {
        assert_eq!(
            dataset.row(row),
            [libm::sin(y) as f32, x as f32, (x * y) as f32]
        );
    }
}

#[test]
fn scaling_is_fitted_on_training_rows_and_applied_to_all_and_to_the_map() {
    for scaling in ["standard", "min_max"] {
        let features: Vec<String> = ["x", "y_squared"].map(str::to_owned).into();
        let dataset = build(&DataConfig {
            features,
            scaling: choice(scaling),
            ..config("moons")
        });
        let plain = build(&DataConfig {
            features: vec!["x".into(), "y_squared".into()],
            ..config("moons")
        });
        for column in 0..2 {
            let of = |data: &Dataset, row: u32| f64::from(data.row(row as usize)[column]);
            let train: Vec<f64> = dataset.train.iter().map(|&row| of(&dataset, row)).collect();
            let mean = train.iter().sum::<f64>() / train.len() as f64;
            let variance = train
                .iter()
                .map(|value| (value - mean) * (value - mean))
                .sum::<f64>()
                / train.len() as f64;
            let low = train.iter().copied().fold(f64::INFINITY, f64::min);
            let high = train.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            // Each value is rounded to f32 once: 6e-8 relative.
            if scaling == "standard" {
                assert!(
                    mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6,
                    "{mean} {variance}"
                );
            } else {
                assert_eq!((low, high), (0.0, 1.0));
            }
            for &row in &dataset.test {
                let expected = dataset.scaler.apply(column, of(&plain, row));
                assert_eq!(of(&dataset, row), f64::from(expected as f32));
            }
        }
        let mut out = [0.0; 2];
        for (row, &[x, y]) in dataset.raw.iter().enumerate() {
            dataset.featurize(x, y, &mut out);
            assert_eq!(out, dataset.row(row));
        }
    }
}

#[test]
fn the_grid_starts_at_the_top_left() {
    let dataset = build(&config("circle"));
    let grid = dataset.grid(12);
    assert_eq!(grid.len(), 12 * 12 * 2);
    assert_eq!(grid[..4], [-5.5, 5.5, -4.5, 5.5]);
    assert_eq!(grid[2 * 12..2 * 12 + 2], [-5.5, 4.5]);
    assert_eq!(grid[2 * 143..], [5.5, -5.5]);
    let features = vec!["x_squared".to_owned(), "x".to_owned()];
    let line = build(&DataConfig {
        features,
        ..config("line_sine")
    });
    assert_eq!(line.grid(3), [16.0, -4.0, 0.0, 0.0, 16.0, 4.0]);
}

// ------------------------------------------------------------ refusals

#[test]
fn wrong_fields_are_refused_by_name() {
    let base = config("circle");
    let cases: Vec<(DataConfig, &str, &str)> = vec![
        (
            DataConfig {
                dataset: "square".into(),
                ..base.clone()
            },
            "unknown_id",
            "data.dataset",
        ),
        (
            DataConfig {
                samples: 9,
                ..base.clone()
            },
            "out_of_range",
            "data.samples",
        ),
        (
            DataConfig {
                samples: 1_000_000_000,
                ..base.clone()
            },
            "out_of_range",
            "data.samples",
        ),
        (
            DataConfig {
                noise: f64::NAN,
                ..base.clone()
            },
            "out_of_range",
            "data.noise",
        ),
        (
            DataConfig {
                noise: 1.01,
                ..base.clone()
            },
            "out_of_range",
            "data.noise",
        ),
        (
            DataConfig {
                label_noise: -0.1,
                ..base.clone()
            },
            "out_of_range",
            "data.label_noise",
        ),
        (
            DataConfig {
                balance: 0.0,
                ..base.clone()
            },
            "out_of_range",
            "data.balance",
        ),
        (
            DataConfig {
                features: vec![],
                ..base.clone()
            },
            "out_of_range",
            "data.features",
        ),
        (
            DataConfig {
                features: vec!["z".into()],
                ..base.clone()
            },
            "unknown_id",
            "data.features[0]",
        ),
        (
            DataConfig {
                scaling: choice("robust"),
                ..base.clone()
            },
            "unknown_id",
            "data.scaling",
        ),
        (
            DataConfig {
                split: SplitConfig {
                    train: 90,
                    validation: 20,
                    test: 0,
                },
                ..base.clone()
            },
            "mismatch",
            "data.split",
        ),
        (
            DataConfig {
                dataset: "digits".into(),
                ..base.clone()
            },
            "not_now",
            "data.dataset",
        ),
        (
            DataConfig {
                dataset: "custom".into(),
                ..base
            },
            "not_now",
            "data.dataset",
        ),
    ];
    for (wrong, code, field) in cases {
        assert_eq!(refused(&wrong), (code, field.to_owned()));
    }
}

// ------------------------------------------------------------ determinism

#[test]
fn the_same_seeds_give_the_same_bytes_everywhere() {
    let all = fingerprints::fingerprints();
    for (name, found, expected) in all {
        assert_eq!(found, expected, "{name}; all: {all:#018x?}");
    }
}

// ------------------------------------------------------------ TensorFlow Playground

fn playground(id: &str, noise: f64, train: u32) -> Dataset {
    let split = SplitConfig {
        train,
        validation: 100 - train,
        test: 0,
    };
    let config = DataConfig {
        noise,
        split,
        scaling: choice("standard"),
        ..config(id)
    };
    Dataset::build(&config, &seeds(), Mode::TfPlayground, None).unwrap()
}

/// Check values of the original run with seedrandom, seed 0.59704, no noise.
#[test]
fn playground_points_are_the_originals() {
    let cases: [(&str, &[[f64; 3]]); 3] = [
        (
            "circle",
            &[[0.240145, 0.460359, 1.0], [-4.203729, -0.079791, 0.0]],
        ),
        (
            "gauss",
            &[[-1.768924, -1.872810, 0.0], [-2.276458, -1.791495, 0.0]],
        ),
        ("reg_plane", &[[-0.067609, 2.497958, 0.243035]]),
    ];
    for (id, expected) in cases {
        let dataset = playground(id, 0.0, 50);
        for (row, [x, y, target]) in expected.iter().enumerate() {
            let found = [
                dataset.raw[row][0],
                dataset.raw[row][1],
                dataset.targets[row],
            ];
            for (found, expected) in found.iter().zip([x, y, target]) {
                assert!(
                    (found - expected).abs() < PLAYGROUND_TOLERANCE,
                    "{id}, row {row}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn playground_hands_the_stream_on_to_the_weights() {
    let mut random = playground("circle", 0.0, 50).generator.unwrap();
    for expected in [0.013961, 0.433026, 0.343979, 0.398531] {
        let weight = random.uniform() - 0.5;
        assert!(
            (weight - expected).abs() < PLAYGROUND_TOLERANCE,
            "{weight}, expected {expected}"
        );
    }
    assert!(build(&config("circle")).generator.is_none());
}

#[test]
fn playground_sizes_split_and_columns_are_the_originals() {
    for (id, rows) in [
        ("circle", 500),
        ("xor", 500),
        ("gauss", 500),
        ("spiral", 500),
        ("reg_plane", 1200),
        ("reg_gauss", 1200),
    ] {
        let dataset = playground(id, 0.5, 30);
        assert_eq!(dataset.rows(), rows);
        assert_eq!(dataset.train, (0..rows as u32 * 3 / 10).collect::<Vec<_>>());
        assert_eq!(
            (dataset.validation.len(), dataset.test.len()),
            (rows - rows * 3 / 10, 0)
        );
        assert!(dataset.scaler.is_identity(), "that page does not scale");
        for (row, &[x, y]) in dataset.raw.iter().enumerate() {
            assert_eq!(dataset.row(row), [x as f32, y as f32]);
        }
    }
}

#[test]
fn playground_noise_flips_labels_near_the_border_and_keeps_the_points_clean() {
    let disc = playground("circle", 0.5, 50);
    let radii = disc.raw.iter().map(|&[x, y]| libm::hypot(x, y));
    assert!(
        radii.clone().all(|r| r < 2.5 || (3.5..5.0).contains(&r)),
        "the stored point is the clean one"
    );
    let flipped = radii
        .zip(&disc.targets)
        .filter(|(r, target)| (*r < 2.5) != (**target == 1.0))
        .count();
    assert!((50..250).contains(&flipped), "{flipped}");
}

#[test]
fn playground_has_six_sets() {
    let error = Dataset::build(&config("moons"), &seeds(), Mode::TfPlayground, None).unwrap_err();
    let known = "circle, xor, gauss, spiral, reg_plane, reg_gauss".to_owned();
    assert_eq!(
        error,
        Error::UnknownId {
            field: "data.dataset".into(),
            id: "moons".into(),
            known
        }
    );
}

#[test]
fn playground_seeds_are_strings() {
    let mut a = SeedRandom::new("1");
    let mut b = SeedRandom::new("1.0");
    assert_ne!(a.uniform(), b.uniform());
}

// ------------------------------------------------------------ the caller's own

fn custom(inputs: Vec<f32>, columns: usize, targets: &[f32]) -> Result<Dataset, Error> {
    let custom = CustomData::new(inputs, columns, targets, None, None)?;
    Dataset::from_custom(&custom, &config("custom"), &seeds())
}

#[test]
fn custom_data_are_split_and_scaled_like_the_rest() {
    let inputs: Vec<f32> = (0..200).map(|value| value as f32).collect();
    let targets: Vec<f32> = (0..100).map(|row| (row % 4) as f32).collect();
    let data = CustomData::new(inputs.clone(), 2, &targets, None, None).unwrap();
    let config = DataConfig {
        scaling: choice("min_max"),
        ..config("custom")
    };
    let dataset = Dataset::from_custom(&data, &config, &seeds()).unwrap();
    assert_eq!(
        (dataset.task, dataset.kind, dataset.classes),
        (Task::Classification, Kind::Custom, 4)
    );
    assert_eq!((dataset.columns, dataset.rows()), (2, 100));
    assert_eq!(
        (
            dataset.train.len(),
            dataset.validation.len(),
            dataset.test.len()
        ),
        (60, 20, 20)
    );
    assert!((0..4).all(|class| count(&dataset, Part::Train, class) == 15));
    let low = dataset
        .train
        .iter()
        .map(|&row| dataset.row(row as usize)[0])
        .fold(f32::INFINITY, f32::min);
    assert_eq!(low, 0.0);
    assert!(dataset.grid(4).is_empty() && dataset.raw.is_empty() && dataset.symbols.is_empty());
}

#[test]
fn custom_parts_are_obeyed() {
    let inputs = vec![1.0, 2.0, 3.0, 4.0];
    let data =
        CustomData::new(inputs, 1, &[0.5, 0.1, 0.9, 0.3], Some(&[2, 0, 1, 0]), None).unwrap();
    let dataset = Dataset::from_custom(&data, &config("custom"), &seeds()).unwrap();
    assert_eq!(
        (
            &dataset.train[..],
            &dataset.validation[..],
            &dataset.test[..]
        ),
        (&[1, 3][..], &[2][..], &[0][..])
    );
}

#[test]
fn the_task_is_guessed_from_whole_classes() {
    let task = |targets: &[f32]| {
        CustomData::new(vec![0.0; targets.len()], 1, targets, None, None)
            .unwrap()
            .task()
    };
    assert_eq!(task(&[0.0, 1.0, 1.0, 0.0]), Task::Classification);
    assert_eq!(
        task(&[0.0, 2.0, 2.0, 0.0]),
        Task::Regression,
        "class 1 is missing"
    );
    assert_eq!(
        task(&[0.0, 1.0, 2.0, 3.0]),
        Task::Regression,
        "every row its own value"
    );
    assert_eq!(task(&[1.0, -1.0, 1.0, -1.0]), Task::Regression);
    assert_eq!(task(&[0.5, 1.0, 0.0, 0.0]), Task::Regression);
    let given = CustomData::new(
        vec![0.0; 4],
        1,
        &[0.0, 1.0, 1.0, 0.0],
        None,
        Some(Task::Regression),
    )
    .unwrap();
    assert_eq!(given.task(), Task::Regression);
}

#[test]
fn a_constant_custom_column_gives_finite_inputs() {
    let inputs: Vec<f32> = (0..20).flat_map(|row| [7.3, row as f32]).collect();
    let targets: Vec<f32> = (0..20).map(|row| row as f32 * 0.5).collect();
    let data = CustomData::new(inputs, 2, &targets, None, None).unwrap();
    for scaling in ["standard", "min_max"] {
        let config = DataConfig {
            scaling: choice(scaling),
            ..config("custom")
        };
        let dataset = Dataset::from_custom(&data, &config, &seeds()).unwrap();
        assert!((0..20).all(|row| dataset.row(row)[0] == 0.0 && dataset.row(row)[1].is_finite()));
    }
}

#[test]
fn wrong_custom_data_are_refused_by_row_and_column() {
    let error = |result: Result<Dataset, Error>| result.unwrap_err();
    let not_finite = |field: &str, row, column| Error::NotFinite {
        field: field.into(),
        row,
        column,
    };
    let mut inputs = vec![0.0; 12];
    inputs[7] = f32::NAN;
    assert_eq!(
        error(custom(inputs, 3, &[0.5; 4])),
        not_finite("inputs", 2, 1)
    );
    assert_eq!(
        error(custom(vec![0.0; 4], 1, &[0.0, 1.0, f32::INFINITY, 0.0])),
        not_finite("targets", 2, 0)
    );
    let shape = error(custom(vec![0.0; 11], 3, &[0.5; 4]));
    assert_eq!((shape.code(), shape.field()), ("mismatch", "inputs"));
    assert_eq!(error(custom(vec![0.0; 4], 0, &[0.5; 4])).field(), "columns");
    assert_eq!(
        error(custom(vec![0.0; 5000], 5000, &[0.5])).field(),
        "columns"
    );
    assert_eq!(error(custom(vec![], 1, &[])).field(), "targets");

    let classes = |targets: &[f32]| {
        CustomData::new(
            vec![0.0; targets.len()],
            1,
            targets,
            None,
            Some(Task::Classification),
        )
        .unwrap_err()
    };
    let code = |error: Error| format!("{} {}", error.code(), error.field());
    assert_eq!(code(classes(&[0.0, 1.0, -1.0])), "out_of_range targets[2]");
    assert_eq!(code(classes(&[0.0, 1.5, 1.0])), "mismatch targets[1]");
    assert_eq!(code(classes(&[0.0, 1e9, 1.0])), "out_of_range targets[1]");
    assert_eq!(code(classes(&[0.0, 0.0, 0.0])), "mismatch targets");

    let parts =
        |parts: &[u8]| CustomData::new(vec![0.0; 3], 1, &[0.1; 3], Some(parts), None).unwrap_err();
    assert_eq!(code(parts(&[0, 1])), "mismatch split");
    assert_eq!(code(parts(&[0, 1, 3])), "out_of_range split[2]");
    assert_eq!(code(parts(&[1, 1, 2])), "mismatch split");
}

// ------------------------------------------------------------ digits

/// The real asset. It is built, not committed; a missing one is a failure, not a skip.
fn asset() -> Digits {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/digits.bin");
    let packed =
        std::fs::read(path).expect("run `node scripts/build-digits.mjs` first (make test does)");
    Digits::parse(&miniz_oxide::inflate::decompress_to_vec(&packed).unwrap()).unwrap()
}

#[test]
fn the_asset_has_ten_thousand_distinct_digits_of_all_classes() {
    let digits = asset();
    assert_eq!((digits.learning(), digits.test()), (8000, 2000));
    let images: std::collections::BTreeSet<&[u8]> =
        (0..10_000).map(|index| digits.image(index)).collect();
    assert_eq!(images.len(), 10_000, "no image in both parts, none twice");
    for class in 0..10 {
        let of = |labels: &[u8]| labels.iter().filter(|&&label| label == class).count();
        let (learning, test) = (of(&digits.labels()[..8000]), of(&digits.labels()[8000..]));
        assert!(
            (learning as f64 / 4.0 - test as f64).abs() < 1.5,
            "{class}: {learning} and {test}"
        );
    }
    // In the file's order, not sorted by class.
    let changes = digits
        .labels()
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .count();
    assert!(changes > 8500, "{changes}");
}

#[test]
fn digits_become_rows_with_the_held_out_ones_for_test() {
    let digits = asset();
    let config = DataConfig {
        samples: 2000,
        ..config("digits")
    };
    let dataset = Dataset::build(&config, &seeds(), Mode::Standard, Some(&digits)).unwrap();
    assert_eq!(
        (dataset.kind, dataset.classes, dataset.columns),
        (Kind::Digits, 10, 784)
    );
    assert_eq!(dataset.rows(), 4000);
    // 60 : 20 of 2,000.
    assert_eq!(
        (
            dataset.train.len(),
            dataset.validation.len(),
            dataset.test.len()
        ),
        (1500, 500, 2000)
    );
    assert_eq!(dataset.test, (2000..4000).collect::<Vec<_>>());
    let pixels = dataset.pixels.as_ref().unwrap();
    assert_eq!(
        &pixels[2000 * 784..],
        (8000..10_000)
            .flat_map(|index| digits.image(index))
            .copied()
            .collect::<Vec<u8>>()
    );
    for (input, &pixel) in dataset.inputs.iter().zip(pixels) {
        assert_eq!(*input, f32::from(pixel) / 255.0);
    }
    for class in 0..10_u8 {
        let all = digits.labels()[..8000]
            .iter()
            .filter(|&&label| label == class)
            .count() as f64;
        for (part, share) in [
            (Part::Train, 1500.0 / 8000.0),
            (Part::Validation, 500.0 / 8000.0),
        ] {
            let found = count(&dataset, part, class.into()) as f64;
            assert!(
                (found - all * share).abs() <= 2.5,
                "{class} {part:?}: {found}"
            );
        }
    }
}

#[test]
fn fewer_digits_are_a_part_of_more() {
    let digits = asset();
    let pixels = |samples| {
        let config = DataConfig {
            samples,
            ..config("digits")
        };
        let dataset = Dataset::build(&config, &seeds(), Mode::Standard, Some(&digits)).unwrap();
        dataset.pixels.unwrap()[..100 * 784].to_vec()
    };
    assert_eq!(pixels(100), pixels(8000));
}

#[test]
fn digits_have_limits_of_their_own() {
    let digits = asset();
    for samples in [99, 8001] {
        let config = DataConfig {
            samples,
            ..config("digits")
        };
        let error = Dataset::build(&config, &seeds(), Mode::Standard, Some(&digits)).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("out_of_range", "data.samples")
        );
    }
    let split = SplitConfig {
        train: 100,
        validation: 0,
        test: 0,
    };
    let config = DataConfig {
        samples: 100,
        split,
        scaling: choice("standard"),
        ..config("digits")
    };
    let dataset = Dataset::build(&config, &seeds(), Mode::Standard, Some(&digits)).unwrap();
    assert_eq!((dataset.train.len(), dataset.validation.len()), (100, 0));
    // The corner is paper in every digit: constant, and still finite.
    assert!(dataset.inputs.iter().all(|value| value.is_finite()));
    assert_eq!(dataset.inputs[0], 0.0);
}
