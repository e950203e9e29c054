//! TensorFlow Playground's own numbers, for links made there: its generator, its six data sets, its shuffle.
//!
//! Written from the facts of its `dataset.ts` and of seedrandom 2.4. Everything is drawn from one stream, in
//! that page's order: data, shuffle, then (by the caller) the weights, each `uniform() - 0.5`.

use std::f64::consts::PI;

/// seedrandom's ARC4 stream: what `Math.random` gives on that page.
#[derive(Debug, Clone)]
pub struct SeedRandom {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl SeedRandom {
    /// Keyed by the UTF-16 units of `seed`; the first 256 bytes are thrown away.
    pub fn new(seed: &str) -> Self {
        let key = mixed(seed);
        let mut state: [u8; 256] = std::array::from_fn(|position| position as u8);
        let mut j = 0_u8;
        for i in 0..256 {
            j = j.wrapping_add(key[i % key.len()]).wrapping_add(state[i]);
            state.swap(i, j.into());
        }
        let mut generator = Self { state, i: 0, j: 0 };
        for _ in 0..256 {
            generator.byte();
        }
        generator
    }

    fn byte(&mut self) -> u8 {
        self.i = self.i.wrapping_add(1);
        let t = self.state[usize::from(self.i)];
        self.j = self.j.wrapping_add(t);
        self.state.swap(self.i.into(), self.j.into());
        self.state[usize::from(self.state[usize::from(self.i)].wrapping_add(t))]
    }

    /// Uniform on [0, 1): 48 bits, refilled byte by byte to at least 52.
    pub fn uniform(&mut self) -> f64 {
        const SIGNIFICANCE: f64 = 4_503_599_627_370_496.0; // 2^52
        let mut numerator = (0..6).fold(0.0, |sum, _| sum * 256.0 + f64::from(self.byte()));
        let mut denominator = 281_474_976_710_656.0; // 2^48
        let mut last = 0_u8;
        while numerator < SIGNIFICANCE {
            numerator = (numerator + f64::from(last)) * 256.0;
            denominator *= 256.0;
            last = self.byte();
        }
        while numerator >= 2.0 * SIGNIFICANCE {
            numerator /= 2.0;
            denominator /= 2.0;
            last >>= 1;
        }
        (numerator + f64::from(last)) / denominator
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.uniform() * (high - low) + low
    }

    /// Polar Box-Muller of which that page uses the first of two values.
    fn normal(&mut self, mean: f64, variance: f64) -> f64 {
        loop {
            let v1 = 2.0 * self.uniform() - 1.0;
            let v2 = 2.0 * self.uniform() - 1.0;
            let s = v1 * v1 + v2 * v2;
            if s <= 1.0 {
                return mean + variance.sqrt() * ((-2.0 * libm::log(s) / s).sqrt() * v1);
            }
        }
    }
}

/// seedrandom's key: at most 256 bytes; units beyond are folded in.
fn mixed(seed: &str) -> Vec<u8> {
    let mut key: Vec<u8> = Vec::new();
    let mut smear = 0_u32;
    for (position, unit) in seed.encode_utf16().enumerate() {
        let at = position % 256;
        smear ^= u32::from(key.get(at).copied().unwrap_or(0)) * 19;
        let byte = (smear.wrapping_add(u32::from(unit)) & 255) as u8;
        if at < key.len() {
            key[at] = byte;
        } else {
            key.push(byte);
        }
    }
    if key.is_empty() {
        key.push(0);
    }
    key
}

/// A point and its label: +1 or -1, or the value.
pub(super) type Point = [f64; 3];

/// That page's six sets and how many points it draws.
pub(super) static GENERATORS: &[(&str, usize, Generate)] = &[
    ("circle", CLASSIFICATION, circle),
    ("xor", CLASSIFICATION, xor),
    ("gauss", CLASSIFICATION, gauss),
    ("spiral", CLASSIFICATION, spiral),
    ("reg_plane", REGRESSION, reg_plane),
    ("reg_gauss", REGRESSION, reg_gauss),
];

/// Whether that page has the data set.
pub fn in_tf_playground(id: &str) -> bool {
    GENERATORS.iter().any(|(known, _, _)| *known == id)
}

type Generate = fn(&mut SeedRandom, usize, f64) -> Vec<Point>;

const CLASSIFICATION: usize = 500;
const REGRESSION: usize = 1200;
const RADIUS: f64 = 5.0;

/// Shuffled points of one set; `noise` is the slider's percents / 100.
pub(super) fn points(
    random: &mut SeedRandom,
    count: usize,
    generate: Generate,
    noise: f64,
) -> Vec<Point> {
    let mut points = generate(random, count, noise);
    for remaining in (1..=points.len()).rev() {
        let other = (random.uniform() * remaining as f64).floor() as usize;
        points.swap(remaining - 1, other);
    }
    points
}

fn sign(positive: bool) -> f64 {
    if positive { 1.0 } else { -1.0 }
}

fn circle(random: &mut SeedRandom, count: usize, noise: f64) -> Vec<Point> {
    let rings = [[0.0, RADIUS * 0.5], [RADIUS * 0.7, RADIUS]];
    let mut points = Vec::with_capacity(count);
    for [low, high] in rings {
        for _ in 0..count / 2 {
            let r = random.between(low, high);
            let angle = random.between(0.0, 2.0 * PI);
            let (x, y) = (r * libm::sin(angle), r * libm::cos(angle));
            let noisy_x = x + random.between(-RADIUS, RADIUS) * noise;
            let noisy_y = y + random.between(-RADIUS, RADIUS) * noise;
            let inside = (noisy_x * noisy_x + noisy_y * noisy_y).sqrt() < RADIUS * 0.5;
            points.push([x, y, sign(inside)]);
        }
    }
    points
}

fn xor(random: &mut SeedRandom, count: usize, noise: f64) -> Vec<Point> {
    const PADDING: f64 = 0.3;
    let padded = |value: f64| value + if value > 0.0 { PADDING } else { -PADDING };
    (0..count)
        .map(|_| {
            let x = padded(random.between(-RADIUS, RADIUS));
            let y = padded(random.between(-RADIUS, RADIUS));
            let noisy_x = x + random.between(-RADIUS, RADIUS) * noise;
            let noisy_y = y + random.between(-RADIUS, RADIUS) * noise;
            [x, y, sign(noisy_x * noisy_y >= 0.0)]
        })
        .collect()
}

fn gauss(random: &mut SeedRandom, count: usize, noise: f64) -> Vec<Point> {
    let variance = 0.5 + 7.0 * noise;
    let mut points = Vec::with_capacity(count);
    for label in [1.0, -1.0] {
        for _ in 0..count / 2 {
            let x = random.normal(2.0 * label, variance);
            let y = random.normal(2.0 * label, variance);
            points.push([x, y, label]);
        }
    }
    points
}

fn spiral(random: &mut SeedRandom, count: usize, noise: f64) -> Vec<Point> {
    let half = count / 2;
    let mut points = Vec::with_capacity(count);
    for (start, label) in [(0.0, 1.0), (PI, -1.0)] {
        for step in 0..half {
            let along = step as f64 / half as f64;
            let r = along * 5.0;
            let angle = 1.75 * along * 2.0 * PI + start;
            let x = r * libm::sin(angle) + random.between(-1.0, 1.0) * noise;
            let y = r * libm::cos(angle) + random.between(-1.0, 1.0) * noise;
            points.push([x, y, label]);
        }
    }
    points
}

fn reg_plane(random: &mut SeedRandom, count: usize, noise: f64) -> Vec<Point> {
    regression(random, count, noise, |x, y| (x + y) / 10.0)
}

fn reg_gauss(random: &mut SeedRandom, count: usize, noise: f64) -> Vec<Point> {
    regression(random, count, noise, super::synthetic::bumps)
}

fn regression(
    random: &mut SeedRandom,
    count: usize,
    noise: f64,
    value: fn(f64, f64) -> f64,
) -> Vec<Point> {
    const EXTENT: f64 = 6.0;
    (0..count)
        .map(|_| {
            let x = random.between(-EXTENT, EXTENT);
            let y = random.between(-EXTENT, EXTENT);
            let noisy_x = x + random.between(-EXTENT, EXTENT) * noise;
            let noisy_y = y + random.between(-EXTENT, EXTENT) * noise;
            [x, y, value(noisy_x, noisy_y)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_gives_the_published_values() {
        let mut random = SeedRandom::new("hello.");
        assert_eq!(random.uniform(), 0.928_257_879_579_245_4);
        assert_eq!(random.uniform(), 0.375_256_976_864_678_4);
    }

    #[test]
    fn the_default_kind_of_seed_gives_the_recorded_draws() {
        let mut random = SeedRandom::new("0.59704");
        let draws: Vec<f64> = (0..4).map(|_| random.uniform()).collect();
        let expected = [
            0.372_088_589_136_673_8,
            0.577_704_229_596_324_5,
            0.512_260_760_220_704,
            0.305_489_086_470_865_5,
        ];
        assert_eq!(draws, expected);
    }

    #[test]
    fn empty_and_long_seeds_are_keys_too() {
        assert_eq!(mixed(""), [0]);
        let long = mixed(&"ab".repeat(200));
        assert_eq!(long.len(), 256);
        // Unit 256 ('a') meets key[0] = 97: (97 * 19 + 97) mod 256.
        assert_eq!(long[0], 148);
        let mut random = SeedRandom::new("");
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random.uniform())));
    }
}
