//! Weights and pictures of the worked example, made of integers as generate.py makes them: no file to ship.

use serde::Deserialize;

use super::reader::read;

/// Width and height of a picture.
const SIDE: u32 = 28;
/// Side of the squares that a class lights.
const BLOCK: u32 = 4;
/// Pixels of a picture.
pub(crate) const PIXELS: u32 = SIDE * SIDE;
/// Classes.
pub(crate) const CLASSES: u32 = 10;
/// Widths of the layers, input first.
pub(crate) const WIDTHS: [u32; 4] = [PIXELS, 64, 64, CLASSES];
/// Bounds of each layer's weights.
const SCALES: [f64; 3] = [1.0 / 16.0, 0.25, 0.25];

/// `mix` of generate.py: MurmurHash3's finaliser after one Weyl step.
pub(crate) fn mix(index: u32) -> u32 {
    let mut x = index.wrapping_add(1).wrapping_mul(0x9E37_79B9);
    x ^= x >> 16;
    x = x.wrapping_mul(0x85EB_CA6B);
    x ^= x >> 13;
    x = x.wrapping_mul(0xC2B2_AE35);
    x ^ x >> 16
}

/// `centred` of generate.py: odd multiples of 1/1024 in (-1, 1).
fn centred(stream: u32, index: u32) -> f64 {
    let bits = mix((stream << 20) + index) >> 22;
    (2.0 * f64::from(bits) + 1.0 - 1024.0) / 1024.0
}

/// Initial weight `(outputs, inputs)` of a layer, row-major. Exact in f32.
pub(crate) fn initial_weight(layer: u32) -> Vec<f64> {
    let at = layer as usize;
    (0..WIDTHS[at] * WIDTHS[at + 1])
        .map(|index| centred(2010 + layer, index) * SCALES[at])
        .collect()
}

/// What a picture shows.
pub(crate) fn label(picture: u32) -> u32 {
    mix((2000 << 20) + picture) % CLASSES
}

/// A picture's pixels, `(784)`, multiples of 1/256.
pub(crate) fn pixels(picture: u32) -> Vec<f64> {
    let label = label(picture);
    let blocks = SIDE / BLOCK * (SIDE / BLOCK);
    (0..PIXELS)
        .map(|pixel| {
            let block = pixel / (SIDE * BLOCK) * (SIDE / BLOCK) + pixel % SIDE / BLOCK;
            let lit = mix((2001 << 20) + label * blocks + block).is_multiple_of(3);
            let flipped = mix((2002 << 20) + picture * blocks + block).is_multiple_of(4);
            let noise = mix((2003 << 20) + picture * PIXELS + pixel);
            let level = if lit == flipped {
                noise % 32
            } else {
                128 + noise % 128
            };
            f64::from(level) / 256.0
        })
        .collect()
}

/// In units of 1/2^14 and 1/2^28.
#[derive(Deserialize)]
struct Moments {
    sum: i64,
    sum_of_squares: i64,
}

#[derive(Deserialize)]
struct Made {
    hash_of_first_indices: Vec<u32>,
    labels_of_first_batch: Vec<u32>,
    /// In units of 1/256.
    pixel_sum: u64,
    batches: u32,
    initial: std::collections::BTreeMap<String, Moments>,
}

/// Every sum is exact, so they are compared as whole numbers.
#[test]
fn pictures_and_weights_are_those_of_the_generator() {
    let made: Made = read("worked_example");
    let count = made.batches * 32;
    assert_eq!(
        (0..4).map(mix).collect::<Vec<u32>>(),
        made.hash_of_first_indices
    );
    assert_eq!(
        (0..32).map(label).collect::<Vec<u32>>(),
        made.labels_of_first_batch
    );
    assert_eq!(
        (0..count).flat_map(pixels).sum::<f64>() * 256.0,
        made.pixel_sum as f64
    );
    for (layer, name) in (0..3).zip(["hidden.0", "hidden.1", "output"]) {
        let weight = initial_weight(layer);
        let expected = &made.initial[&format!("{name}.weight")];
        let unit = 16_384.0;
        assert_eq!(
            weight.iter().sum::<f64>() * unit,
            expected.sum as f64,
            "{name}"
        );
        let squares: f64 = weight.iter().map(|w| w * w).sum();
        assert_eq!(
            squares * unit * unit,
            expected.sum_of_squares as f64,
            "{name}"
        );
        assert_eq!(
            made.initial[&format!("{name}.bias")].sum_of_squares,
            0,
            "{name}"
        );
    }
}
