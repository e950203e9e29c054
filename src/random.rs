//! Counter-based random numbers: a value is a pure function of (seed, purpose, index).
//!
//! There is no stream to keep in step, so CPU, SIMD lanes and GPU draw the same numbers in any order.
//! Threefry-2x32 with 20 rounds: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011
//! (the generator of JAX); it needs only 32-bit addition, rotation and exclusive or, which WGSL has.

/// What a number is drawn for. Part of the key, so that no two uses share numbers. Values are permanent:
/// links replay by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Positions of a data set's points.
    Points = 1,
    /// Positional noise, apart from the points so that changing it keeps the sample.
    Noise = 2,
    /// Which labels flip, or how targets spread.
    LabelNoise = 3,
    /// Assignment to training, validation and test.
    Split = 4,
    /// Initial parameters; the index is layer * 2^24 + position.
    Init = 5,
    /// Order of the training points; the index is epoch * 2^20 + position.
    Batches = 6,
    /// Dropout masks; the index is step-wise, see `backend`.
    Dropout = 7,
    /// Random directions and repeats of inspections.
    Inspect = 8,
}

/// Random numbers of one seed and purpose.
#[derive(Debug, Clone, Copy)]
pub struct Random {
    key: [u32; 2],
}

impl Random {
    /// Numbers for `purpose` under `seed`.
    pub fn new(seed: u32, purpose: Purpose) -> Self {
        Self {
            key: [seed, purpose as u32],
        }
    }

    /// 64 random bits at `index`, as two words.
    #[inline]
    pub fn bits(&self, index: u64) -> [u32; 2] {
        threefry2x32(self.key, [index as u32, (index >> 32) as u32])
    }

    /// Uniform on [0, 1) with 53 bits.
    #[inline]
    pub fn uniform(&self, index: u64) -> f64 {
        let [low, high] = self.bits(index);
        let bits = ((u64::from(high) << 32) | u64::from(low)) >> 11;
        bits as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform on [low, high).
    #[inline]
    pub fn between(&self, index: u64, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform(index)
    }

    /// Standard normal by Box and Muller, from 32 + 32 bits.
    pub fn normal(&self, index: u64) -> f64 {
        let [low, high] = self.bits(index);
        // (0, 1], so that the logarithm is finite.
        let u = (f64::from(low) + 1.0) * (1.0 / 4_294_967_296.0);
        let v = f64::from(high) * (1.0 / 4_294_967_296.0);
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// Uniform integer below `n`, by multiplication (Lemire 2019, bias below n / 2^32).
    #[inline]
    pub fn below(&self, index: u64, n: u32) -> u32 {
        let [low, _] = self.bits(index);
        ((u64::from(low) * u64::from(n)) >> 32) as u32
    }

    /// Fisher-Yates from the end, drawing at `index + position`.
    pub fn shuffle(&self, index: u64, items: &mut [u32]) {
        let mut bits = [0; BLOCK];
        let mut end = items.len();
        while end > 1 {
            // The draws of many positions at once: each is a pure function of its index.
            let start = end.saturating_sub(BLOCK);
            let count = (end - start).next_multiple_of(LANES);
            self.low_bits(index + start as u64, &mut bits[..count]);
            for last in (start.max(1)..end).rev() {
                let other = ((u64::from(bits[last - start]) * (last as u64 + 1)) >> 32) as usize;
                items.swap(last, other);
            }
            end = start;
        }
    }

    /// The low words of [`Random::bits`] at `index` and behind it, a multiple of [`LANES`].
    fn low_bits(&self, index: u64, out: &mut [u32]) {
        let (low, high) = (index as u32, (index >> 32) as u32);
        if low.checked_add(BLOCK as u32).is_some() {
            low_words(self.key, low, high, out);
        } else {
            for (out, index) in out.iter_mut().zip(index..) {
                *out = self.bits(index)[0];
            }
        }
    }
}

/// The counter's high word is one for all. A loop that becomes SIMD; inlined it would be unrolled instead.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[inline(never)]
fn low_words(key: [u32; 2], low: u32, high: u32, out: &mut [u32]) {
    for (out, low) in out.iter_mut().zip(low..) {
        *out = threefry2x32(key, [low, high])[0];
    }
}

/// The counter's high word is one for all. Four vectors at a time: a round waits for the one before it, and compilers
/// would make one.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline(never)]
fn low_words(key: [u32; 2], low: u32, high: u32, out: &mut [u32]) {
    use core::arch::wasm32::{
        u32x4, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat, v128_or, v128_xor,
    };

    let keys = key_schedule(key);
    // Written out, since a loop over the four would stay one.
    macro_rules! each {
        ($one:expr) => {
            [$one(0), $one(1), $one(2), $one(3)]
        };
    }
    for (out, low) in out.chunks_exact_mut(LANES).zip((low..).step_by(LANES)) {
        let first = low.wrapping_add(keys[0]);
        let first = u32x4(first, first + 1, first + 2, first + 3);
        let mut x0 = each!(|v: u32| u32x4_add(first, u32x4_splat(4 * v)));
        let mut x1 = [u32x4_splat(high.wrapping_add(keys[1])); 4];
        macro_rules! rounds {
            ($group:literal, $($rotation:literal)+) => {
                $(
                    x0 = each!(|v: usize| u32x4_add(x0[v], x1[v]));
                    x1 = each!(|v: usize| v128_or(
                        u32x4_shl(x1[v], $rotation),
                        u32x4_shr(x1[v], 32 - $rotation)
                    ));
                    x1 = each!(|v: usize| v128_xor(x1[v], x0[v]));
                )+
                let more = u32x4_splat(keys[($group + 1) % 3]);
                x0 = each!(|v: usize| u32x4_add(x0[v], more));
                let more = u32x4_splat(keys[($group + 2) % 3].wrapping_add(GROUPS[$group]));
                x1 = each!(|v: usize| u32x4_add(x1[v], more));
            };
        }
        rounds!(0, 13 15 26 6);
        rounds!(1, 17 29 16 24);
        rounds!(2, 13 15 26 6);
        rounds!(3, 17 29 16 24);
        rounds!(4, 13 15 26 6);
        for (out, x) in out.chunks_exact_mut(4).zip(x0) {
            out.copy_from_slice(&[
                u32x4_extract_lane::<0>(x),
                u32x4_extract_lane::<1>(x),
                u32x4_extract_lane::<2>(x),
                u32x4_extract_lane::<3>(x),
            ]);
        }
    }
}

/// Numbers of [`low_words`] side by side.
const LANES: usize = 16;
/// Numbers drawn at once by [`Random::shuffle`].
const BLOCK: usize = 64;
const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
/// What is added after each four rounds.
const GROUPS: [u32; 5] = [1, 2, 3, 4, 5];

fn key_schedule(key: [u32; 2]) -> [u32; 3] {
    [key[0], key[1], key[0] ^ key[1] ^ 0x1BD1_1BDA]
}

/// The block function: 20 rounds.
#[inline]
pub fn threefry2x32(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    let keys = key_schedule(key);
    let mut x = [
        counter[0].wrapping_add(keys[0]),
        counter[1].wrapping_add(keys[1]),
    ];
    for group in 0..5 {
        for rotation in ROTATIONS[group % 2] {
            x[0] = x[0].wrapping_add(x[1]);
            x[1] = x[1].rotate_left(rotation) ^ x[0];
        }
        x[0] = x[0].wrapping_add(keys[(group + 1) % 3]);
        x[1] = x[1]
            .wrapping_add(keys[(group + 2) % 3])
            .wrapping_add(GROUPS[group]);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    // Known answers of Random123's kat_vectors, threefry2x32 with 20 rounds.
    #[test]
    fn threefry_gives_the_published_answers() {
        assert_eq!(threefry2x32([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(
            threefry2x32([u32::MAX; 2], [u32::MAX; 2]),
            [0x1cb9_96fc, 0xbb00_2be7]
        );
        assert_eq!(
            threefry2x32([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]),
            [0xc492_3a9c, 0x483d_f7a0]
        );
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let random = Random::new(7, Purpose::Init);
        let values: Vec<f64> = (0..100_000).map(|index| random.normal(index)).collect();
        let mean = values.iter().sum::<f64>() / 1e5;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e5;
        // Standard errors: 1/sqrt(n) = 0.0032 and sqrt(2/n) = 0.0045; four of each.
        assert!(mean.abs() < 0.0127, "{mean}");
        assert!((variance - 1.0).abs() < 0.018, "{variance}");
    }

    #[test]
    fn shuffle_draws_each_position_at_its_own_index() {
        let random = Random::new(3, Purpose::Batches);
        for (length, index) in [
            (0, 0),
            (1, 5),
            (2, 7),
            (16, 1 << 20),
            (17, 9),
            (250, u64::from(u32::MAX) - 20),
        ] {
            let mut expected: Vec<u32> = (0..length).collect();
            for last in (1..length).rev() {
                let other = random.below(index + u64::from(last), last + 1);
                expected.swap(last as usize, other as usize);
            }
            let mut found: Vec<u32> = (0..length).collect();
            random.shuffle(index, &mut found);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn shuffle_is_a_permutation_and_depends_on_the_seed() {
        let mut a: Vec<u32> = (0..100).collect();
        let mut b = a.clone();
        Random::new(1, Purpose::Batches).shuffle(0, &mut a);
        Random::new(2, Purpose::Batches).shuffle(0, &mut b);
        assert_ne!(a, b);
        a.sort_unstable();
        assert_eq!(a, (0..100).collect::<Vec<u32>>());
    }
}
