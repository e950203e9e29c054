//! The generated sets of points: one function each, named in the table of data sets.
//!
//! Point `j` of a class is a pure function of (seed, class, j): neither the number of points nor noise nor
//! balance moves it. So a larger sample holds every point of a smaller one, and noise grows from the same
//! points, along a direction of their own. The order of the rows is a shuffle and depends on the counts.

use std::f64::consts::{PI, TAU};

use crate::random::{Purpose, Random};
use crate::real::order;

/// One point of one class being drawn: random numbers by slot.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    random: Random,
    /// Class of the point.
    pub class: usize,
    /// Number of classes.
    pub classes: usize,
    /// Its number within the class.
    pub index: u32,
}

/// Random numbers set aside for one point.
const SLOTS: u64 = 8;
/// Where the numbers of a class begin; far above any number of points.
const CLASS_STRIDE: u64 = 1 << 24;
/// Where the numbers begin that belong to the set as a whole.
const SHARED: u64 = 1 << 40;

impl Draw {
    fn at(&self, slot: u64) -> u64 {
        number(self.class, self.index) * SLOTS + slot
    }

    fn between(&self, slot: u64, low: f64, high: f64) -> f64 {
        self.random.between(self.at(slot), low, high)
    }

    fn normal(&self, slot: u64) -> f64 {
        self.random.normal(self.at(slot))
    }

    fn below(&self, slot: u64, n: u32) -> u32 {
        self.random.below(self.at(slot), n)
    }

    /// Evenly spread on [0, 1) whatever the number of points: steps of the golden ratio from a random start.
    fn evenly(&self) -> f64 {
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let along =
            self.random.uniform(SHARED + self.class as u64) + f64::from(self.index) * GOLDEN;
        along - along.floor()
    }
}

/// The number of a point, the same for every purpose.
fn number(class: usize, index: u32) -> u64 {
    class as u64 * CLASS_STRIDE + u64::from(index)
}

/// How a set is made.
#[derive(Debug, Clone, Copy)]
pub enum Generator {
    /// A point of a given class; `noise` is the standard deviation of a coordinate at full noise.
    Classes {
        /// Position without noise.
        point: fn(&Draw) -> [f64; 2],
        /// The set's own scale.
        noise: f64,
    },
    /// A function over the square.
    Plane(fn(f64, f64) -> f64),
    /// A function over the line.
    Line(fn(f64) -> f64),
    /// Not generated.
    None,
}

/// Half the side of the square, and half the line, on which functions are sampled.
pub const EXTENT: f64 = 6.0;
/// Standard deviation of a coordinate at full noise, for functions.
const FUNCTION_NOISE: f64 = 1.0;

/// A generated set before features and split.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Positions with noise; on a line the second is 0.
    pub points: Vec<[f64; 2]>,
    /// Class or value, with label noise.
    pub targets: Vec<f64>,
    /// Class or value before label noise: what the split is stratified by, so that noise moves no row.
    pub clean: Vec<f64>,
}

/// How many points, how noisy.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Number of points.
    pub samples: usize,
    /// Number of classes; 0 for functions.
    pub classes: usize,
    /// Share of class 0, for sets of two classes; `None`: classes as even as possible.
    pub balance: Option<f64>,
    /// Positional noise, 0..=1.
    pub noise: f64,
    /// Share of labels flipped, or standard deviation of targets, 0..=0.5.
    pub label_noise: f64,
}

/// Draws the set.
///
/// Positional noise adds `noise * scale` times a normal number to each coordinate and leaves the target as it
/// was. Label noise flips exactly `round(label_noise * samples)` labels to another class, those flipped at a
/// lower share among them; to a value it adds `label_noise` times a normal number.
pub fn sample(generator: Generator, wish: &Wish, seed: u32) -> Sample {
    let mut rows: Vec<(usize, u32)> = match generator {
        Generator::Classes { .. } => class_sizes(wish)
            .iter()
            .enumerate()
            .flat_map(|(class, &size)| (0..size as u32).map(move |index| (class, index)))
            .collect(),
        Generator::Plane(_) | Generator::Line(_) => {
            (0..wish.samples as u32).map(|index| (0, index)).collect()
        }
        Generator::None => Vec::new(),
    };
    let random = Random::new(seed, Purpose::Points);
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    random.shuffle(2 * SHARED, &mut order);
    rows = order.iter().map(|&row| rows[row as usize]).collect();

    let moved = Random::new(seed, Purpose::Noise);
    let mut points = Vec::with_capacity(rows.len());
    let mut clean = Vec::with_capacity(rows.len());
    for &(class, index) in &rows {
        let draw = Draw {
            random,
            class,
            classes: wish.classes,
            index,
        };
        let at = number(class, index) * 2;
        let offset = |axis: u64, scale: f64| {
            if wish.noise > 0.0 {
                wish.noise * scale * moved.normal(at + axis)
            } else {
                0.0
            }
        };
        match generator {
            Generator::Classes { point, noise } => {
                let [x, y] = point(&draw);
                points.push([x + offset(0, noise), y + offset(1, noise)]);
                clean.push(class as f64);
            }
            Generator::Plane(value) => {
                let (x, y) = (
                    draw.between(0, -EXTENT, EXTENT),
                    draw.between(1, -EXTENT, EXTENT),
                );
                points.push([x + offset(0, FUNCTION_NOISE), y + offset(1, FUNCTION_NOISE)]);
                clean.push(value(x, y));
            }
            Generator::Line(value) => {
                let x = draw.between(0, -EXTENT, EXTENT);
                points.push([x + offset(0, FUNCTION_NOISE), 0.0]);
                clean.push(value(x));
            }
            Generator::None => {}
        }
    }
    let targets = disturbed(&clean, &rows, wish, Random::new(seed, Purpose::LabelNoise));
    Sample {
        points,
        targets,
        clean,
    }
}

fn disturbed(clean: &[f64], rows: &[(usize, u32)], wish: &Wish, random: Random) -> Vec<f64> {
    let mut targets = clean.to_vec();
    if wish.label_noise <= 0.0 {
        return targets;
    }
    let at = |row: usize| number(rows[row].0, rows[row].1) * 2;
    if wish.classes == 0 {
        for (row, target) in targets.iter_mut().enumerate() {
            *target += wish.label_noise * random.normal(at(row));
        }
        return targets;
    }
    let keys: Vec<f64> = (0..rows.len()).map(|row| random.uniform(at(row))).collect();
    let flipped = (wish.label_noise * rows.len() as f64).round() as usize;
    for row in order(&keys).into_iter().take(flipped) {
        let other = random.below(at(row) + 1, wish.classes as u32 - 1) as usize;
        targets[row] = ((rows[row].0 + 1 + other) % wish.classes) as f64;
    }
    targets
}

/// Points of each class; every class has one at least.
fn class_sizes(wish: &Wish) -> Vec<usize> {
    if let Some(balance) = wish.balance {
        let first = (wish.samples as f64 * balance).round() as usize;
        let first = first.clamp(1, wish.samples - 1);
        return vec![first, wish.samples - first];
    }
    (0..wish.classes)
        .map(|class| (wish.samples + wish.classes - 1 - class) / wish.classes)
        .collect()
}

// ------------------------------------------------------------ classes

fn polar(r: f64, angle: f64) -> [f64; 2] {
    [r * libm::sin(angle), r * libm::cos(angle)]
}

/// Uniform over the area between two circles.
fn annulus(draw: &Draw, inner: f64, outer: f64) -> [f64; 2] {
    let r = draw.between(0, inner * inner, outer * outer).sqrt();
    polar(r, draw.between(1, 0.0, TAU))
}

/// Class 1 is a disc, class 0 the ring around it: TensorFlow Playground's `circle`.
pub(super) fn circle(draw: &Draw) -> [f64; 2] {
    let [low, high] = if draw.class == 1 {
        [0.0, 2.5]
    } else {
        [3.5, 5.0]
    };
    polar(draw.between(0, low, high), draw.between(1, 0.0, TAU))
}

/// Class 1 where both coordinates have one sign, class 0 elsewhere; a gap of 0.6 along the axes.
pub(super) fn xor(draw: &Draw) -> [f64; 2] {
    let side = if draw.below(2, 2) == 0 { 1.0 } else { -1.0 };
    let other = if draw.class == 1 { side } else { -side };
    [
        side * draw.between(0, 0.3, 5.3),
        other * draw.between(1, 0.3, 5.3),
    ]
}

/// Two normal clouds of variance 0.5: class 1 around (2, 2), class 0 around (-2, -2).
pub(super) fn gauss(draw: &Draw) -> [f64; 2] {
    let centre = if draw.class == 1 { 2.0 } else { -2.0 };
    [
        centre + 0.5_f64.sqrt() * draw.normal(0),
        centre + 0.5_f64.sqrt() * draw.normal(1),
    ]
}

/// Two arms of 1.75 turns, points evenly along the radius.
pub(super) fn spiral(draw: &Draw) -> [f64; 2] {
    let along = draw.evenly();
    let start = if draw.class == 1 { 0.0 } else { PI };
    polar(5.0 * along, 1.75 * TAU * along + start)
}

/// Two half circles that reach into each other, as scikit-learn's `make_moons`, enlarged.
pub(super) fn moons(draw: &Draw) -> [f64; 2] {
    const SCALE: f64 = 3.0;
    let angle = PI * draw.evenly();
    let (x, y) = (libm::cos(angle), libm::sin(angle));
    let [x, y] = if draw.class == 1 {
        [x, y]
    } else {
        [1.0 - x, 0.5 - y]
    };
    [SCALE * (x - 0.5), SCALE * (y - 0.25)]
}

/// Four by four squares of side 2.5 with a gap of 0.2; the top left square is of class 1.
pub(super) fn checkerboard(draw: &Draw) -> [f64; 2] {
    const SIDE: f64 = 2.5;
    const MARGIN: f64 = 0.1;
    let cell = draw.below(2, 8);
    let row = cell / 2;
    let column = 2 * (cell % 2) + (row + 1 + draw.class as u32) % 2;
    let x = f64::from(column) * SIDE + draw.between(0, MARGIN, SIDE - MARGIN) - 5.0;
    let y = 5.0 - f64::from(row) * SIDE - draw.between(1, MARGIN, SIDE - MARGIN);
    [x, y]
}

/// A disc and two rings around it, uniform over their areas; class 0 is the disc.
pub(super) fn rings(draw: &Draw) -> [f64; 2] {
    const RADII: [[f64; 2]; 3] = [[0.0, 1.4], [2.2, 3.2], [4.0, 5.0]];
    let [inner, outer] = RADII[draw.class % RADII.len()];
    annulus(draw, inner, outer)
}

/// Normal clouds evenly around a circle, class 0 to the upper right.
pub(super) fn blobs(draw: &Draw) -> [f64; 2] {
    const SPREAD: f64 = 0.55;
    let [x, y] = polar(
        3.6,
        PI / 4.0 + TAU * draw.class as f64 / draw.classes as f64,
    );
    [x + SPREAD * draw.normal(0), y + SPREAD * draw.normal(1)]
}

/// One bent arm per class, wider outside; a spread of 0.55 / classes radians leaves gaps of five deviations.
pub(super) fn pinwheel(draw: &Draw) -> [f64; 2] {
    let r = draw.between(0, 0.6, 5.0);
    let spread = 0.55 / draw.classes as f64;
    polar(
        r,
        TAU * draw.class as f64 / draw.classes as f64 + 0.35 * r + spread * draw.normal(1),
    )
}

// ------------------------------------------------------------ functions

/// TensorFlow Playground's `reg-plane`.
pub(super) fn plane(x: f64, y: f64) -> f64 {
    (x + y) / 10.0
}

/// TensorFlow Playground's `reg-gauss`: six cones of radius 2, the largest in absolute value counts.
pub(super) fn bumps(x: f64, y: f64) -> f64 {
    const BUMPS: [[f64; 3]; 6] = [
        [-4.0, 2.5, 1.0],
        [0.0, 2.5, -1.0],
        [4.0, 2.5, 1.0],
        [-4.0, -2.5, -1.0],
        [0.0, -2.5, 1.0],
        [4.0, -2.5, -1.0],
    ];
    BUMPS
        .iter()
        .fold(0.0, |value: f64, &[centre_x, centre_y, sign]| {
            let (dx, dy) = (x - centre_x, y - centre_y);
            let bump = sign * (1.0 - (dx * dx + dy * dy).sqrt() / 2.0).clamp(0.0, 1.0);
            if bump.abs() > value.abs() {
                bump
            } else {
                value
            }
        })
}

/// Waves around the centre.
pub(super) fn ripple(x: f64, y: f64) -> f64 {
    libm::cos(1.2 * (x * x + y * y).sqrt())
}

/// Up along one axis, down along the other.
pub(super) fn saddle(x: f64, y: f64) -> f64 {
    (x * x - y * y) / 36.0
}

/// Nearly two periods.
pub(super) fn line_sine(x: f64) -> f64 {
    libm::sin(x)
}

/// One jump, at 0.
pub(super) fn line_step(x: f64) -> f64 {
    if x < 0.0 { -0.8 } else { 0.8 }
}

/// The third Chebyshev polynomial of x / 6: a hill, a valley, within -1..=1.
pub(super) fn line_cubic(x: f64) -> f64 {
    let u = x / EXTENT;
    u * (4.0 * u * u - 3.0)
}
