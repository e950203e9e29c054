//! Fingerprints of whole data sets, recorded once on x86-64 Linux: every platform must find the same.
//!
//! Between them they use every kind of generator, every plane feature, both noises and the scaling.

use neural_playground::config::{Choice, DataConfig, Mode, Seeds, SplitConfig};
use neural_playground::data::{Dataset, FEATURES, Kind};

const SEEDS: [u32; 4] = [1, 2, 3, 4];

/// Name, what is found here, what is on record.
pub(crate) fn fingerprints() -> [(&'static str, u64, u64); 6] {
    let everything: Vec<String> = FEATURES
        .iter()
        .filter(|entry| entry.kind == Kind::Plane)
        .map(|entry| entry.id.to_owned())
        .collect();
    let circle = DataConfig {
        features: everything.clone(),
        ..noisy("circle", &["x", "y"])
    };
    let spiral = DataConfig {
        features: everything,
        balance: 0.3,
        ..noisy("spiral", &["x", "y"])
    };
    let pinwheel = DataConfig {
        classes: 7,
        ..noisy("pinwheel", &["x", "y"])
    };
    let gauss = DataConfig {
        noise: 0.25,
        label_noise: 0.0,
        split: SplitConfig {
            train: 50,
            validation: 50,
            test: 0,
        },
        ..noisy("gauss", &["x", "y"])
    };
    let ripple = noisy("reg_ripple", &["x", "y"]);
    let cubic = noisy("line_cubic", &["x"]);
    let standard = |config: &DataConfig| fingerprint(config, Mode::Standard);
    [
        ("circle", standard(&circle), 0x3b34_ac0c_c9e8_45b1),
        ("spiral", standard(&spiral), 0x3b17_73ea_865a_9d73),
        ("pinwheel", standard(&pinwheel), 0xb98f_eb7c_cb06_14e1),
        ("reg_ripple", standard(&ripple), 0x57d9_bf92_4bab_9aa8),
        ("line_cubic", standard(&cubic), 0xcec6_88c6_faa5_6c47),
        (
            "playground's gauss",
            fingerprint(&gauss, Mode::TfPlayground),
            0x95d3_47b6_0c41_8e94,
        ),
    ]
}

fn noisy(dataset: &str, features: &[&str]) -> DataConfig {
    DataConfig {
        dataset: dataset.to_owned(),
        samples: 500,
        noise: 0.3,
        label_noise: 0.1,
        balance: 0.5,
        classes: 3,
        split: SplitConfig {
            train: 60,
            validation: 20,
            test: 20,
        },
        features: features.iter().map(|id| (*id).to_owned()).collect(),
        scaling: Choice::of("standard"),
    }
}

fn fingerprint(config: &DataConfig, mode: Mode) -> u64 {
    let [data, split, init, batches] = SEEDS;
    let seeds = Seeds {
        data,
        split,
        init,
        batches,
        tf_playground: "0.59704".to_owned(),
    };
    let dataset = Dataset::build(config, &seeds, mode, None).unwrap();
    let inputs = dataset.inputs.iter().flat_map(|value| value.to_le_bytes());
    let targets = dataset.targets.iter().flat_map(|value| value.to_le_bytes());
    let parts = dataset.parts.iter().map(|&part| part as u8);
    super::fnv::bytes(inputs.chain(targets).chain(parts))
}
