//! Code made for one network (`backend/wasm`), called through this module's table of functions.

use std::any::TypeId;

use crate::backend::wasm::Shape;

/// Working memory, parameters, gradients, inputs, targets, rows of the step, rows of the data.
type Code =
    extern "C" fn(*mut f64, *const f32, *mut f32, *const f32, *const f32, *const u32, usize);

/// The step of one network and one size of batch, up to the gradients.
pub(in super::super) struct Compiled {
    code: Code,
    /// The loss comes first.
    scratch: Vec<f64>,
    batch: usize,
    inputs: usize,
    outputs: usize,
    parameters: usize,
}

/// `values` where they are f32.
fn single<T: 'static>(values: &[T]) -> Option<&[f32]> {
    // SAFETY: T is f32.
    (TypeId::of::<T>() == TypeId::of::<f32>())
        .then(|| unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) })
}

impl Compiled {
    /// `function` is the place in the table of what [`Shape::compile`] gave for `shape`.
    ///
    /// Safety: it is.
    pub(in super::super) unsafe fn new(shape: &Shape, function: usize) -> Option<Self> {
        let (first, last) = (shape.layers.first()?, shape.layers.last()?);
        let ends = shape
            .layers
            .iter()
            .map(|layer| layer.parameters + layer.outputs * (layer.inputs + 1));
        Some(Self {
            // SAFETY: the caller's; a function's address is its place in the table.
            code: unsafe { std::mem::transmute::<usize, Code>(function) },
            scratch: vec![0.0; shape.scratch().div_ceil(size_of::<f64>())],
            batch: shape.batch,
            inputs: first.inputs,
            outputs: last.outputs,
            parameters: ends.max().unwrap_or(0),
        })
    }

    /// The batch's mean loss, and `gradients` of all layers that are trained; `None`, and nothing is done, for a batch of
    /// another size.
    #[inline]
    pub(in super::super) fn run<T: 'static>(
        &mut self,
        (inputs, targets): (&[T], &[T]),
        rows: &[u32],
        parameters: &[T],
        gradients: &mut [T],
    ) -> Option<f64> {
        if rows.len() != self.batch {
            return None;
        }
        let (inputs, targets) = (single(inputs)?, single(targets)?);
        let parameters = single(parameters)?;
        let count = (inputs.len() / self.inputs).min(targets.len() / self.outputs);
        assert!(self.parameters <= parameters.len() && self.parameters <= gradients.len());
        // The code checks that every row is below `count`.
        (self.code)(
            self.scratch.as_mut_ptr(),
            parameters.as_ptr(),
            gradients.as_mut_ptr().cast(),
            inputs.as_ptr(),
            targets.as_ptr(),
            rows.as_ptr(),
            count,
        );
        self.scratch.first().copied()
    }
}
