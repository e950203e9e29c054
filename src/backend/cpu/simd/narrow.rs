//! Whole passes through a narrow network: all layers in one call, with the batch's vectors known to the compiler.
//!
//! What a playground's layer computes takes less time than a call that checks its arguments. All buffers therefore lie in
//! one piece of memory whose places are fixed when it is made, and a pass checks the parameters once.

use std::any::TypeId;

use super::gather::gather;
use super::{LANES, Lanes, Plain, Single, sums};
use crate::backend::wasm::Dense;
use crate::formula::activation::Activation;
use crate::real::Float;

/// The largest batch of the narrow path, in vectors.
pub(in super::super) const NARROW_VECTORS: usize = 4;

/// The pass for one number of vectors, over f32 with the machine's vectors.
macro_rules! by_vectors {
    ($vectors:expr, $number:ty, $pass:ident.$run:ident) => {
        if TypeId::of::<$number>() == TypeId::of::<f32>() {
            let pass = $pass.cast::<f32>();
            match $vectors {
                1 => pass.$run::<Single, 1>(),
                2 => pass.$run::<Single, 2>(),
                3 => pass.$run::<Single, 3>(),
                _ => pass.$run::<Single, 4>(),
            }
        } else {
            match $vectors {
                1 => $pass.$run::<Plain<$number, 4>, 1>(),
                2 => $pass.$run::<Plain<$number, 4>, 2>(),
                3 => $pass.$run::<Plain<$number, 4>, 3>(),
                _ => $pass.$run::<Plain<$number, 4>, 4>(),
            }
        }
    };
}

/// Where a layer's buffers begin.
struct Place {
    dense: Dense,
    /// Inputs, behind them a row of ones, and rows of zeros up to a multiple of four.
    x: usize,
    z: usize,
    slope: usize,
    d: usize,
    /// Whether gradients go on to the layer below.
    passes: bool,
}

/// The layers with their buffers, all feature-major with a stride of `vectors` times four.
pub(in super::super) struct Layers<T> {
    places: Vec<Place>,
    values: Vec<T>,
    /// The prediction, the targets behind it.
    output: usize,
    outputs: usize,
    /// Parameters that the layers reach.
    count: usize,
    vectors: usize,
}

impl<T: Float> Layers<T> {
    /// `None` without layers, or where `vectors` is none of 1 to [`NARROW_VECTORS`].
    pub(in super::super) fn new(layers: &[Dense], vectors: usize) -> Option<Self> {
        let outputs = layers.last()?.outputs;
        let fits = layers
            .windows(2)
            .all(|pair| pair[0].outputs == pair[1].inputs);
        if !fits || !(1..=NARROW_VECTORS).contains(&vectors) {
            return None;
        }
        let stride = vectors * LANES;
        let mut rows = 0;
        let mut take = |count: usize| {
            rows += count;
            (rows - count) * stride
        };
        let first_trained = layers.iter().position(|layer| layer.trained);
        let places: Vec<Place> = layers
            .iter()
            .enumerate()
            .map(|(index, dense)| Place {
                dense: dense.clone(),
                x: take((dense.inputs + 1).next_multiple_of(LANES)),
                z: take(dense.outputs),
                slope: take(dense.outputs),
                d: take(dense.outputs),
                passes: first_trained.is_some_and(|first| index > first),
            })
            .collect();
        let output = take(2 * outputs);
        let mut values = vec![T::lit(0.0); rows * stride];
        for place in &places {
            let ones = place.x + place.dense.inputs * stride;
            values[ones..ones + stride].fill(T::lit(1.0));
        }
        let ends = layers
            .iter()
            .map(|layer| layer.parameters + layer.outputs * (layer.inputs + 1));
        Some(Self {
            places,
            values,
            output,
            outputs,
            count: ends.max().unwrap_or(0),
            vectors,
        })
    }

    /// Numbers of a row.
    pub(in super::super) fn stride(&self) -> usize {
        self.vectors * LANES
    }

    /// Rows of the row-major `inputs` and `targets` to where the passes want them. Behind the batch the last one is
    /// repeated.
    pub(in super::super) fn gather(&mut self, inputs: &[T], targets: &[T], rows: &[u32]) {
        let stride = self.stride();
        let (columns, outputs) = (
            self.places.first().map_or(0, |place| place.dense.inputs),
            self.outputs,
        );
        assert!(!rows.is_empty() && rows.len() <= stride);
        let x = self.places.first().map_or(0, |place| place.x);
        let y = self.output + outputs * stride;
        // SAFETY: `new` made room for the columns of both.
        unsafe {
            let values = self.values.as_mut_ptr();
            gather(inputs, columns, rows, values.add(x), stride);
            gather(targets, outputs, rows, values.add(y), stride);
        }
    }

    /// Activations and slopes of all layers.
    pub(in super::super) fn forward(&mut self, parameters: &[T]) {
        assert!(self.count <= parameters.len());
        let pass = Pass {
            layers: &self.places,
            output: self.output,
            values: self.values.as_mut_ptr(),
            parameters: parameters.as_ptr(),
            gradients: std::ptr::null_mut(),
            batch: 0,
        };
        // SAFETY: `new` laid the buffers out; the parameters are there; T is f32 where it is taken as such.
        unsafe {
            by_vectors!(self.vectors, T, pass.forward);
        }
    }

    /// What the loss is made of, `(outputs, stride)` each: weighted sums, slopes and prediction of the last layer, the
    /// targets, and where the derivative by the weighted sums goes.
    pub(in super::super) fn last(&mut self) -> Last<'_, T> {
        let size = self.outputs * self.stride();
        let place = self.places.last().map_or(0, |place| place.z);
        let (_, rest) = self.values.split_at_mut(place);
        let (z, rest) = rest.split_at_mut(size);
        let (slope, rest) = rest.split_at_mut(size);
        let (d, rest) = rest.split_at_mut(size);
        let (output, target) = rest.split_at_mut(size);
        Last {
            z,
            slope,
            d,
            output,
            target,
        }
    }

    /// Gradients of all layers that are trained, from the last one's `d`, which is 0 behind the batch.
    pub(in super::super) fn backward(
        &mut self,
        batch: usize,
        parameters: &[T],
        gradients: &mut [T],
    ) {
        assert!(self.count <= parameters.len() && self.count <= gradients.len());
        assert!(batch <= self.stride());
        let pass = Pass {
            layers: &self.places,
            output: self.output,
            values: self.values.as_mut_ptr(),
            parameters: parameters.as_ptr(),
            gradients: gradients.as_mut_ptr(),
            batch,
        };
        // SAFETY: as in `forward`.
        unsafe {
            by_vectors!(self.vectors, T, pass.backward);
        }
    }
}

/// See [`Layers::last`].
pub(in super::super) struct Last<'a, T> {
    pub(in super::super) z: &'a [T],
    pub(in super::super) slope: &'a [T],
    pub(in super::super) d: &'a mut [T],
    pub(in super::super) output: &'a [T],
    pub(in super::super) target: &'a [T],
}

struct Pass<'a, T> {
    layers: &'a [Place],
    output: usize,
    values: *mut T,
    parameters: *const T,
    gradients: *mut T,
    batch: usize,
}

impl<'a, T: Float> Pass<'a, T> {
    /// Safety: `U` is `T`.
    #[inline(always)]
    unsafe fn cast<U>(self) -> Pass<'a, U> {
        Pass {
            layers: self.layers,
            output: self.output,
            values: self.values.cast(),
            parameters: self.parameters.cast(),
            gradients: self.gradients.cast(),
            batch: self.batch,
        }
    }

    /// Safety: the buffers are laid out for `V` vectors, and the parameters are there. Never inlined: four of these in one
    /// function would keep their pointers on the stack.
    #[inline(never)]
    unsafe fn forward<L: Lanes<Scalar = T>, const V: usize>(&self) {
        for (index, place) in self.layers.iter().enumerate() {
            let outputs = place.dense.outputs;
            // SAFETY: the caller's; z, slope and the output are apart from each other.
            unsafe {
                let z = self.values.add(place.z);
                let mut row = 0;
                if V <= 2 {
                    while row + 4 <= outputs {
                        row += self.forward_rows::<L, 4, V>(place, row);
                    }
                }
                // With more vectors the sums of four rows and what they need do not fit the registers.
                while row + 2 <= outputs {
                    row += self.forward_rows::<L, 2, V>(place, row);
                }
                if row < outputs {
                    self.forward_rows::<L, 1, V>(place, row);
                }
                let count = outputs * V * LANES;
                let out = self
                    .layers
                    .get(index + 1)
                    .map_or(self.output, |next| next.x);
                let (out, slope) = (self.values.add(out), self.values.add(place.slope));
                if place.dense.activation == Activation::Tanh {
                    // Most networks' own: a call for each layer would cost a third of the time.
                    let one = L::splat(T::lit(1.0));
                    for at in (0..count).step_by(LANES) {
                        let y = L::load(z.add(at)).tanh();
                        y.store(out.add(at));
                        one.sub(y.mul(y)).store(slope.add(at));
                    }
                    continue;
                }
                place.dense.activation.forward_with_slope(
                    &place.dense.params,
                    std::slice::from_raw_parts(z, count),
                    std::slice::from_raw_parts_mut(out, count),
                    std::slice::from_raw_parts_mut(slope, count),
                );
            }
        }
    }

    #[inline(always)]
    unsafe fn forward_rows<L: Lanes<Scalar = T>, const R: usize, const V: usize>(
        &self,
        place: &Place,
        row: usize,
    ) -> usize {
        let (inputs, outputs) = (place.dense.inputs, place.dense.outputs);
        let stride = V * LANES;
        // SAFETY: the caller's; the rows are the layer's.
        unsafe {
            let parameters = self.parameters.add(place.dense.parameters);
            let weights = parameters.add(row * inputs);
            let x = self.values.add(place.x);
            let sums = sums::<L, R, V>(inputs, (weights, inputs, 1), (x, stride));
            let bias = parameters.add(outputs * inputs + row);
            let z = self.values.add(place.z + row * stride);
            for (r, sums) in sums.iter().enumerate() {
                let bias = L::splat(*bias.add(r));
                for (v, sum) in sums.iter().enumerate() {
                    sum.add(bias).store(z.add(r * stride + v * LANES));
                }
            }
        }
        R
    }

    /// Safety: as `forward`, and the gradients are there.
    #[inline(never)]
    unsafe fn backward<L: Lanes<Scalar = T>, const V: usize>(&self) {
        for index in (0..self.layers.len()).rev() {
            // SAFETY: the caller's; the rows are the layer's.
            unsafe {
                let place = self.layers.get_unchecked(index);
                if place.dense.trained {
                    self.gradient::<L, V>(place);
                }
                if !place.passes {
                    break;
                }
                let below = self.layers.get_unchecked(index - 1);
                let inputs = place.dense.inputs;
                let mut row = 0;
                if V <= 2 {
                    while row + 4 <= inputs {
                        row += self.below::<L, 4, V>(place, below, row);
                    }
                }
                while row + 2 <= inputs {
                    row += self.below::<L, 2, V>(place, below, row);
                }
                if row < inputs {
                    self.below::<L, 1, V>(place, below, row);
                }
            }
        }
    }

    /// `W^T d` times the slopes of the layer below. Safety: as `backward`.
    #[inline(always)]
    unsafe fn below<L: Lanes<Scalar = T>, const R: usize, const V: usize>(
        &self,
        place: &Place,
        below: &Place,
        row: usize,
    ) -> usize {
        let (inputs, outputs) = (place.dense.inputs, place.dense.outputs);
        let stride = V * LANES;
        // SAFETY: the caller's.
        unsafe {
            let weights = self.parameters.add(place.dense.parameters + row);
            let d = self.values.add(place.d);
            let sums = sums::<L, R, V>(outputs, (weights, 1, inputs), (d, stride));
            let slope = self.values.add(below.slope + row * stride);
            let d = self.values.add(below.d + row * stride);
            for (r, sums) in sums.iter().enumerate() {
                for (v, sum) in sums.iter().enumerate() {
                    let at = r * stride + v * LANES;
                    sum.mul(L::load(slope.add(at))).store(d.add(at));
                }
            }
        }
        R
    }

    /// Safety: as `backward`.
    #[inline(always)]
    unsafe fn gradient<L: Lanes<Scalar = T>, const V: usize>(&self, place: &Place) {
        let (inputs, outputs) = (place.dense.inputs, place.dense.outputs);
        // SAFETY: the rows are the layer's outputs, the columns its inputs and the ones behind them.
        unsafe {
            for column in (0..=inputs).step_by(LANES) {
                let mut row = 0;
                if column == inputs {
                    // Only the ones are left: the bias's gradient is the sum of d.
                    let d = self.values.add(place.d);
                    let bias = self
                        .gradients
                        .add(place.dense.parameters + outputs * inputs);
                    for row in 0..outputs {
                        let mut sum = T::lit(0.0);
                        for sample in 0..self.batch {
                            sum = sum + *d.add(row * V * LANES + sample);
                        }
                        *bias.add(row) = sum;
                    }
                    return;
                }
                while row + 4 <= outputs {
                    row += self.gradient_rows::<L, 4, V>(place, row, column);
                }
                if row + 2 <= outputs {
                    row += self.gradient_rows::<L, 2, V>(place, row, column);
                }
                if row < outputs {
                    self.gradient_rows::<L, 1, V>(place, row, column);
                }
            }
        }
    }

    /// Four columns of `R` rows; returns `R`. Inputs are turned four samples at a time, on the way.
    #[inline(always)]
    unsafe fn gradient_rows<L: Lanes<Scalar = T>, const R: usize, const V: usize>(
        &self,
        place: &Place,
        row: usize,
        column: usize,
    ) -> usize {
        let (inputs, outputs) = (place.dense.inputs, place.dense.outputs);
        let stride = V * LANES;
        let mut sums = [L::splat(T::lit(0.0)); R];
        // SAFETY: the caller's.
        unsafe {
            let mut x = self.values.add(place.x + column * stride).cast_const();
            let mut d = self.values.add(place.d + row * stride).cast_const();
            let mut left = self.batch;
            while left > 0 {
                let turned = L::turned(std::array::from_fn(|row| L::load(x.add(row * stride))));
                for (sample, x) in turned.into_iter().enumerate() {
                    if sample >= left {
                        break;
                    }
                    for (r, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.add(L::splat(*d.add(r * stride + sample)).mul(x));
                    }
                }
                (x, d) = (x.wrapping_add(LANES), d.wrapping_add(LANES));
                left = left.saturating_sub(LANES);
            }
            let gradients = self.gradients.add(place.dense.parameters);
            let mut weights = gradients.add(row * inputs + column);
            let mut bias = gradients.add(outputs * inputs + row);
            for sum in sums {
                match (inputs - column, sum.parts()) {
                    (1, [w, b, ..]) => (*weights, *bias) = (w, b),
                    (2, [v, w, b, _]) => (*weights, *weights.add(1), *bias) = (v, w, b),
                    (3, [u, v, w, b]) => {
                        (*weights, *weights.add(1)) = (u, v);
                        (*weights.add(2), *bias) = (w, b);
                    }
                    _ => sum.store(weights),
                }
                (weights, bias) = (weights.wrapping_add(inputs), bias.wrapping_add(1));
            }
        }
        R
    }
}
