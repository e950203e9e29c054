//! The batch's numbers while a step goes on: rows of vectors, one for each unit.

use super::assembler::{Simd, argument, load, store};
use super::number::Lanes;
use super::{LOSS, Shape};
use crate::real::Real;

/// Where rows lie in memory.
pub(super) const SCRATCH: super::assembler::Local = argument(0);
pub(super) const LOAD_SPLAT: Simd = Simd(9);

pub(super) const LANES: usize = 4;
/// Bytes of a number, and of a vector.
pub(super) const NUMBER: usize = 4;
pub(super) const VECTOR: usize = 16;

/// Where rows of the working memory begin, in bytes; each has a place for every vector of the batch.
pub(super) struct Places {
    pub(super) layers: Vec<LayerPlaces>,
    pub(super) output: usize,
    pub(super) target: usize,
    pub(super) bytes: usize,
}

pub(super) struct LayerPlaces {
    pub(super) x: usize,
    pub(super) slope: usize,
    pub(super) d: usize,
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
pub(super) struct Rows {
    place: usize,
    vectors: usize,
    pub(super) held: Vec<Option<Lanes>>,
}

impl Rows {
    pub(super) fn new(place: usize, rows: usize, vectors: usize) -> Self {
        Self {
            place,
            vectors,
            held: vec![None; rows * vectors],
        }
    }

    pub(super) fn put(&mut self, row: usize, v: usize, value: Lanes) {
        let at = row * self.vectors + v;
        store(SCRATCH, (self.place + at * VECTOR) as u32, value.local);
        self.held[at] = Some(value);
    }

    pub(super) fn get(&self, row: usize, v: usize) -> Lanes {
        // Every row is written before it is read.
        self.held[row * self.vectors + v].unwrap_or_else(|| Lanes::lit(0.0))
    }

    /// One sample's number in all lanes.
    pub(super) fn splat(&self, row: usize, sample: usize) -> Lanes {
        let at = self.place + row * self.vectors * VECTOR + sample * NUMBER;
        load(LOAD_SPLAT, SCRATCH, at as u32).into()
    }
}
