//! What the code of a step consists of, in the order in which it is written.

use super::assembler::{
    self, Local, Simd, Wide, argument, check_below, load, load_lane, row_address, shuffle, store,
    store_lane, vector,
};
use super::number::Lanes;
use super::{Dense, LOSS, MOST_OPERATIONS, Shape};
use crate::real::{Dual, Real};

const SCRATCH: Local = argument(0);
const PARAMETERS: Local = argument(1);
const GRADIENTS: Local = argument(2);
const INPUTS: Local = argument(3);
const TARGETS: Local = argument(4);
const ROWS: Local = argument(5);
/// Rows of the data.
const COUNT: Local = argument(6);

const LOAD: Simd = Simd(0);
const LOAD_SPLAT: Simd = Simd(9);
const LOAD_FIRST: Simd = Simd(92);
const LOAD_TWO: Simd = Simd(93);

const LANES: usize = 4;
/// Sums that grow side by side.
const SUMS: usize = 8;

/// Bytes of a number, and of a vector.
const NUMBER: usize = 4;
const VECTOR: usize = 16;

/// Where rows of the working memory begin, in bytes; each has a place for every vector of the batch.
pub(super) struct Places {
    layers: Vec<LayerPlaces>,
    output: usize,
    target: usize,
    pub(super) bytes: usize,
}

struct LayerPlaces {
    x: usize,
    slope: usize,
    d: usize,
}

impl Places {
    pub(super) fn new(shape: &Shape) -> Self {
        let row = shape.batch.div_ceil(LANES) * VECTOR;
        // The loss comes first.
        let mut bytes = LOSS + VECTOR;
        let mut take = |rows: usize| {
            bytes += rows * row;
            bytes - rows * row
        };
        let layers = shape
            .layers
            .iter()
            .map(|layer| LayerPlaces {
                x: take(layer.inputs),
                slope: take(layer.outputs),
                d: take(layer.outputs),
            })
            .collect();
        let outputs = shape.layers.last().map_or(0, |layer| layer.outputs);
        let (output, target) = (take(outputs), take(outputs));
        Self {
            layers,
            output,
            target,
            bytes,
        }
    }
}

/// Rows of vectors, in locals; and in memory, where single numbers of them are read. All are written there, since compilers
/// move what nobody stores to where it is used, all of it at once, and then run out of registers: 40 % slower in V8 11.
struct Rows {
    place: usize,
    vectors: usize,
    held: Vec<Option<Lanes>>,
}

impl Rows {
    fn new(place: usize, rows: usize, vectors: usize) -> Self {
        Self {
            place,
            vectors,
            held: vec![None; rows * vectors],
        }
    }

    fn put(&mut self, row: usize, v: usize, value: Lanes) {
        let at = row * self.vectors + v;
        store(SCRATCH, (self.place + at * VECTOR) as u32, value.local);
        self.held[at] = Some(value);
    }

    fn get(&self, row: usize, v: usize) -> Lanes {
        // Every row is written before it is read.
        self.held[row * self.vectors + v].unwrap_or_else(zero)
    }

    /// One sample's number in all lanes.
    fn splat(&self, row: usize, sample: usize) -> Lanes {
        let at = self.place + row * self.vectors * VECTOR + sample * NUMBER;
        load(LOAD_SPLAT, SCRATCH, at as u32).into()
    }
}

struct LayerRows {
    x: Rows,
    slope: Rows,
    d: Rows,
}

struct Step<'a> {
    shape: &'a Shape,
    batch: usize,
    vectors: usize,
    layers: Vec<LayerRows>,
    output: Rows,
    target: Rows,
}

pub(super) fn compile(shape: &Shape) -> Option<Vec<u8>> {
    let last = shape.layers.last()?;
    let vectors = shape.batch.div_ceil(LANES);
    let places = Places::new(shape);
    let rows = |place, count| Rows::new(place, count, vectors);
    let layers = shape.layers.iter().zip(&places.layers);
    let mut step = Step {
        shape,
        batch: shape.batch,
        vectors,
        layers: layers
            .map(|(dense, places)| LayerRows {
                x: rows(places.x, dense.inputs),
                slope: rows(places.slope, dense.outputs),
                d: rows(places.d, dense.outputs),
            })
            .collect(),
        output: rows(places.output, last.outputs),
        target: rows(places.target, last.outputs),
    };
    assembler::begin();
    step.write();
    (assembler::operations() <= MOST_OPERATIONS).then(assembler::finish)
}

/// Rows to columns: lane `row` of the result `sample` is lane `sample` of the row. At most four rows; what is in the
/// lanes behind them does not matter.
fn turned(rows: &[Lanes]) -> [Lanes; LANES] {
    let pair = |a: Lanes, b: Lanes, lanes| Lanes::from(shuffle(a.local, b.local, lanes));
    let (low, high) = ([0, 4, 1, 5], [2, 6, 3, 7]);
    let second_half = [2, 3, 6, 7];
    match *rows {
        [] | [_] => {
            let row = rows.first().copied().unwrap_or_else(|| Lanes::splat(0.0));
            std::array::from_fn(|sample| match sample {
                0 => row,
                _ => pair(row, row, [sample as u8; 4]),
            })
        }
        [a, b] => {
            let (low, high) = (pair(a, b, low), pair(a, b, high));
            [
                low,
                pair(low, low, second_half),
                high,
                pair(high, high, second_half),
            ]
        }
        [a, b, c, ..] => {
            let d = rows.get(3).copied().unwrap_or(c);
            let (low_ab, high_ab) = (pair(a, b, low), pair(a, b, high));
            let (low_cd, high_cd) = (pair(c, d, low), pair(c, d, high));
            let first_half = [0, 1, 4, 5];
            [
                pair(low_ab, low_cd, first_half),
                pair(low_ab, low_cd, second_half),
                pair(high_ab, high_cd, first_half),
                pair(high_ab, high_cd, second_half),
            ]
        }
    }
}

/// Whether the gradient's lanes are outputs, which is by the number of instructions, or inputs.
fn by_outputs(layer: &Dense, batch: usize) -> bool {
    let Dense {
        inputs, outputs, ..
    } = *layer;
    let turning = 8 * batch.div_ceil(LANES);
    let groups = outputs.div_ceil(LANES);
    let bias = groups * (batch + turning);
    let by_outputs = groups * 2 * inputs * batch + bias + inputs * batch + inputs * outputs;
    let by_inputs = inputs.div_ceil(LANES) * (2 * outputs * batch + turning + outputs)
        + outputs * batch
        + if inputs.is_multiple_of(LANES) {
            bias
        } else {
            0
        };
    by_outputs < by_inputs
}

fn parameter(index: usize) -> Lanes {
    load(LOAD_SPLAT, PARAMETERS, (index * NUMBER) as u32).into()
}

fn zero() -> Lanes {
    Lanes::splat(0.0)
}

impl Step<'_> {
    fn write(&mut self) {
        let layers = &self.shape.layers;
        self.gather();
        for index in 0..layers.len() {
            self.forward(index);
        }
        self.judge();
        let first_trained = layers.iter().position(|layer| layer.trained);
        for index in (1..layers.len()).rev() {
            if first_trained.is_some_and(|first| index > first) {
                self.below(index);
            }
        }
        for (index, layer) in layers.iter().enumerate().rev() {
            if layer.trained {
                self.gradient(index);
            }
        }
    }

    /// Samples of a vector.
    fn samples(&self, v: usize) -> usize {
        LANES.min(self.batch - v * LANES)
    }

    /// The batch's inputs and targets. Behind the batch there is some other number of the data.
    fn gather(&mut self) {
        for first in (0..self.batch).step_by(LANES) {
            // The last vector may overlap the one before: there is no row behind the batch.
            let first = first.min(self.batch.saturating_sub(LANES));
            let rows = match self.batch {
                1 => load(LOAD_SPLAT, ROWS, 0),
                2 => load(LOAD_TWO, ROWS, 0),
                3 => load_lane(ROWS, 8, load(LOAD_TWO, ROWS, 0), 2),
                _ => load(LOAD, ROWS, (first * NUMBER) as u32),
            };
            check_below(rows, COUNT);
        }
        for v in 0..self.vectors {
            let last = self.samples(v) - 1;
            let sides = [(INPUTS, &mut self.layers[0].x), (TARGETS, &mut self.target)];
            for (base, out) in sides {
                let columns = out.held.len() / self.vectors;
                let addresses: Vec<Local> = (0..=last)
                    .map(|sample| {
                        let offset = (v * LANES + sample) * NUMBER;
                        row_address(base, ROWS, offset as u32, (columns * NUMBER) as u32)
                    })
                    .collect();
                for column in (0..columns).step_by(LANES) {
                    let offset = (column * NUMBER) as u32;
                    let count = LANES.min(columns - column);
                    if count == 1 {
                        let mut row = load(LOAD_FIRST, addresses[0], offset);
                        for (lane, address) in addresses.iter().enumerate().skip(1) {
                            row = load_lane(*address, offset, row, lane as u8);
                        }
                        out.put(column, v, row.into());
                        continue;
                    }
                    let samples: Vec<Lanes> = addresses
                        .iter()
                        .map(|address| {
                            let sample = match count {
                                2 => load(LOAD_TWO, *address, offset),
                                3 => {
                                    let two = load(LOAD_TWO, *address, offset);
                                    load_lane(*address, offset + 8, two, 2)
                                }
                                _ => load(LOAD, *address, offset),
                            };
                            sample.into()
                        })
                        .collect();
                    for (place, row) in turned(&samples).into_iter().enumerate().take(count) {
                        out.put(column + place, v, row);
                    }
                }
            }
        }
    }

    fn forward(&mut self, index: usize) {
        let dense = &self.shape.layers[index];
        let is_last = index + 1 == self.shape.layers.len();
        // The loss takes the weighted sums themselves.
        let bare = is_last && self.shape.loss.takes_logits();
        let tail = self.vectors - 1;
        // Of a last vector at most half full, two rows share one.
        let shared = self.samples(tail) <= 2 && !bare;
        for row in (0..dense.outputs).step_by(2) {
            let rows = row..(row + 2).min(dense.outputs);
            let sums: Vec<Vec<Lanes>> = rows.clone().map(|row| self.sums(index, row)).collect();
            for (row, sums) in rows.clone().zip(&sums) {
                for (v, sum) in sums.iter().enumerate() {
                    if !(shared && v == tail && rows.len() == 2) {
                        self.activated(index, (row, v), *sum, bare);
                    }
                }
            }
            if shared && rows.len() == 2 {
                let both = shuffle(sums[0][tail].local, sums[1][tail].local, [0, 1, 4, 5]);
                let result = activation(dense, both.into());
                let upper =
                    |both: Lanes| Lanes::from(shuffle(both.local, both.local, [2, 3, 2, 3]));
                self.keep(index, (row, tail), result);
                let value = upper(result.value);
                // A constant stays one.
                let slope = match result.slope.constant() {
                    Some(_) => result.slope,
                    None => upper(result.slope),
                };
                self.keep(index, (row + 1, tail), Dual { value, slope });
            }
        }
    }

    /// `W x + b` of one row, all vectors.
    fn sums(&mut self, index: usize, row: usize) -> Vec<Lanes> {
        let dense = &self.shape.layers[index];
        let mut sums = vec![zero(); self.vectors];
        for input in 0..dense.inputs {
            let weight = parameter(dense.parameters + row * dense.inputs + input);
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = *sum + weight * self.layers[index].x.get(input, v);
            }
        }
        let bias = parameter(dense.parameters + dense.outputs * dense.inputs + row);
        sums.into_iter().map(|sum| sum + bias).collect()
    }

    fn activated(&mut self, index: usize, place: (usize, usize), z: Lanes, bare: bool) {
        let result = if bare {
            Dual::variable(z)
        } else {
            activation(&self.shape.layers[index], z)
        };
        self.keep(index, place, result);
    }

    fn keep(&mut self, index: usize, (row, v): (usize, usize), result: Dual<Lanes>) {
        let out = match self.layers.get_mut(index + 1) {
            Some(next) => &mut next.x,
            None => &mut self.output,
        };
        out.put(row, v, result.value);
        self.layers[index].slope.put(row, v, result.slope);
    }

    /// The batch's mean loss, and its derivative by the last layer's weighted sums.
    fn judge(&mut self) {
        let last = self.layers.len() - 1;
        let outputs = self.shape.layers[last].outputs;
        let params = self
            .shape
            .loss_params
            .map(|param| Dual::constant(Lanes::lit(param)));
        let count = (self.batch * outputs) as f64;
        let scale = Lanes::splat((1.0 / count) as f32);
        let mut total: Option<Wide> = None;
        for row in 0..outputs {
            let mut of_row: Option<Wide> = None;
            for v in 0..self.vectors {
                let y_hat = Dual::variable(self.output.get(row, v));
                let y = Dual::constant(self.target.get(row, v));
                let loss = self.shape.loss.value(y_hat, y, &params);
                let by_sum = loss.slope * scale * self.layers[last].slope.get(row, v);
                self.layers[last].d.put(row, v, by_sum);
                // The values in f64, one after the other.
                for half in 0..self.samples(v).div_ceil(2) {
                    let pair = match half {
                        0 => loss.value.local,
                        _ => shuffle(loss.value.local, loss.value.local, [2, 3, 2, 3]),
                    };
                    let pair = vector(Simd(95), &[pair]);
                    for lane in 0..2.min(self.samples(v) - 2 * half) {
                        let value = Wide::lane(pair, lane as u8);
                        of_row = Some(of_row.map_or(value, |sum| sum.plus(value)));
                    }
                }
            }
            let before = total.unwrap_or_else(|| Wide::constant(0.0));
            total = Some(of_row.map_or(before, |sum| before.plus(sum)));
        }
        if let Some(total) = total {
            total
                .over(Wide::constant(count))
                .store(SCRATCH, LOSS as u32);
        }
    }

    /// The derivative by the sums of the layer below: `W^T d` times its slopes.
    fn below(&mut self, index: usize) {
        let dense = &self.shape.layers[index];
        for input in 0..dense.inputs {
            let mut sums = vec![zero(); self.vectors];
            for output in 0..dense.outputs {
                let weight = parameter(dense.parameters + output * dense.inputs + input);
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = *sum + weight * self.layers[index].d.get(output, v);
                }
            }
            let below = &mut self.layers[index - 1];
            for (v, sum) in sums.into_iter().enumerate() {
                let by_sum = sum * below.slope.get(input, v);
                below.d.put(input, v, by_sum);
            }
        }
    }

    /// Every sum over the batch in its order.
    fn gradient(&mut self, index: usize) {
        let Dense {
            inputs, outputs, ..
        } = self.shape.layers[index];
        if by_outputs(&self.shape.layers[index], self.batch) {
            for first in (0..outputs).step_by(LANES) {
                self.gradient_by_outputs(index, first, 0..inputs);
            }
            return;
        }
        for column in (0..inputs).step_by(LANES) {
            self.gradient_by_inputs(index, column);
        }
        if inputs.is_multiple_of(LANES) {
            for first in (0..outputs).step_by(LANES) {
                self.gradient_by_outputs(index, first, 0..0);
            }
        }
    }

    /// Four outputs from `first` on: their weights' gradients for some inputs, and their biases'.
    fn gradient_by_outputs(&mut self, index: usize, first: usize, inputs: std::ops::Range<usize>) {
        let dense = &self.shape.layers[index];
        let outputs = LANES.min(dense.outputs - first);
        let chunks: Vec<_> = if inputs.is_empty() {
            vec![0..0]
        } else {
            let ends = inputs.clone().step_by(SUMS);
            ends.map(|start| start..(start + SUMS).min(inputs.end))
                .collect()
        };
        for inputs in chunks {
            let with_bias = inputs.start == 0;
            let mut sums = vec![zero(); inputs.len()];
            let mut bias = zero();
            for v in 0..self.vectors {
                let d = &self.layers[index].d;
                let rows: Vec<Lanes> = (first..first + outputs).map(|row| d.get(row, v)).collect();
                let turned = turned(&rows);
                for (sample, d) in turned.into_iter().enumerate().take(self.samples(v)) {
                    for (sum, input) in sums.iter_mut().zip(inputs.clone()) {
                        let x = self.layers[index].x.splat(input, v * LANES + sample);
                        *sum = *sum + x * d;
                    }
                    if with_bias {
                        bias = bias + d;
                    }
                }
            }
            for lane in 0..outputs {
                let weights = dense.parameters + (first + lane) * dense.inputs;
                for (sum, input) in sums.iter().zip(inputs.clone()) {
                    let place = (weights + input) * NUMBER;
                    store_lane(GRADIENTS, place as u32, sum.local, lane as u8);
                }
                if with_bias {
                    let biases = dense.parameters + dense.outputs * dense.inputs;
                    let place = (biases + first + lane) * NUMBER;
                    store_lane(GRADIENTS, place as u32, bias.local, lane as u8);
                }
            }
        }
    }

    /// Four inputs from `column` on, for all outputs; behind the last input there is a 1, whose gradient is the bias's.
    fn gradient_by_inputs(&mut self, index: usize, column: usize) {
        let dense = &self.shape.layers[index];
        let inputs = LANES.min(dense.inputs - column);
        for first in (0..dense.outputs).step_by(SUMS) {
            let outputs = first..(first + SUMS).min(dense.outputs);
            let mut sums = vec![zero(); outputs.len()];
            for v in 0..self.vectors {
                let x = &self.layers[index].x;
                let mut rows: Vec<Lanes> =
                    (column..column + inputs).map(|row| x.get(row, v)).collect();
                if inputs < LANES {
                    rows.push(Lanes::splat(1.0));
                }
                let turned = turned(&rows);
                for (sample, x) in turned.into_iter().enumerate().take(self.samples(v)) {
                    for (sum, output) in sums.iter_mut().zip(outputs.clone()) {
                        let d = self.layers[index].d.splat(output, v * LANES + sample);
                        *sum = *sum + d * x;
                    }
                }
            }
            for (sum, output) in sums.iter().zip(outputs) {
                let weights = dense.parameters + output * dense.inputs + column;
                if inputs == LANES {
                    store(GRADIENTS, (weights * NUMBER) as u32, sum.local);
                    continue;
                }
                for lane in 0..inputs {
                    let place = (weights + lane) * NUMBER;
                    store_lane(GRADIENTS, place as u32, sum.local, lane as u8);
                }
                let bias = dense.parameters + dense.outputs * dense.inputs + output;
                store_lane(GRADIENTS, (bias * NUMBER) as u32, sum.local, inputs as u8);
            }
        }
    }
}

fn activation(dense: &Dense, z: Lanes) -> Dual<Lanes> {
    let params = dense.params.map(|param| Dual::constant(Lanes::lit(param)));
    dense.activation.value(Dual::variable(z), &params)
}
