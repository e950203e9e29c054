//! A narrow network's step as code made for it: a WebAssembly module whose functions have no loop, no branch and no size
//! left in them, written in the browser and compiled by it.
//!
//! The arithmetic, and the order of every sum, are those of `backend/cpu/narrow.rs`, to the bit: which of the two runs a
//! step can never be told from its result. The formulas are the tables' own, read with `number::Lanes`.

mod assembler;
mod number;
mod rows;
mod step;

use crate::formula::activation::Activation;
use crate::formula::loss::Loss;
use crate::model::Nonlinearity;
use crate::plan::{Op, Plan};

/// Length of a module, at most. The code runs through from end to end every step, so it must stay in the processor's
/// nearest memory beside the engine's own: of 32 KiB, on the machine that this was measured on. At 23,000 bytes it was 1.24
/// times as fast as the loops, at 27,000 it took 1.15 times as long.
const MOST_BYTES: usize = 24_000;

/// A dense layer `a = f(W x + b)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dense {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// Where its weight `(outputs, inputs)` begins among the flat parameters; the bias follows.
    pub(crate) parameters: usize,
    pub(crate) activation: Activation,
    pub(crate) params: [f64; 2],
    /// Whether it gets gradients.
    pub(crate) trained: bool,
}

/// All that the code depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub(crate) batch: usize,
    pub(crate) loss: Loss,
    pub(crate) loss_params: [f64; 2],
    pub(crate) layers: Vec<Dense>,
}

/// Plain layers and an element-wise loss of the logits' or outputs' own kind; `None` for anything else.
pub(crate) fn layers_of(plan: &Plan) -> Option<(Vec<Dense>, Loss, [f64; 2])> {
    let layers: Option<Vec<Dense>> = plan
        .network
        .layers
        .iter()
        .map(|layer| {
            let Nonlinearity::ElementWise(activation, params) = layer.activation else {
                return None;
            };
            (layer.dropout == 0.0).then(|| Dense {
                inputs: layer.inputs,
                outputs: layer.outputs,
                parameters: layer.parameters().start,
                activation,
                params,
                trained: !layer.frozen,
            })
        })
        .collect();
    let (loss, loss_params) = plan.step.iter().find_map(|op| {
        if let Op::Loss { loss, params, .. } = op {
            Some((*loss, *params))
        } else {
            None
        }
    })?;
    Some((layers?, loss, loss_params))
}

const HEAD: usize = 4;
const LAYER: usize = 7;

impl Shape {
    /// Steps of `batch` rows by `plan`.
    pub(crate) fn of(plan: &Plan, batch: usize) -> Option<Self> {
        let (layers, loss, loss_params) = layers_of(plan)?;
        Some(Self {
            batch,
            loss,
            loss_params,
            layers,
        })
    }

    /// As plain numbers, for the module that compiles.
    pub fn words(&self) -> Vec<f64> {
        let [p, q] = self.loss_params;
        let mut words = vec![self.batch as f64, self.loss as usize as f64, p, q];
        for layer in &self.layers {
            let [p, q] = layer.params;
            words.extend([
                layer.inputs as f64,
                layer.outputs as f64,
                layer.parameters as f64,
                layer.activation as usize as f64,
                p,
                q,
                f64::from(u8::from(layer.trained)),
            ]);
        }
        words
    }

    /// What [`Shape::words`] gave.
    pub fn from_words(words: &[f64]) -> Option<Self> {
        let (head, layers) = words.split_at_checked(HEAD)?;
        let layers: Option<Vec<Dense>> = layers
            .chunks(LAYER)
            .map(|words| {
                let [inputs, outputs, parameters, activation, p, q, trained] = *words else {
                    return None;
                };
                Some(Dense {
                    inputs: inputs as usize,
                    outputs: outputs as usize,
                    parameters: parameters as usize,
                    activation: *Activation::ALL.get(activation as usize)?,
                    params: [p, q],
                    trained: trained != 0.0,
                })
            })
            .collect();
        Some(Self {
            batch: head[0] as usize,
            loss: *Loss::ALL.get(head[1] as usize)?,
            loss_params: [head[2], head[3]],
            layers: layers?,
        })
    }

    /// Bytes of working memory that the code wants, beginning on any address.
    pub fn scratch(&self) -> usize {
        rows::Places::new(self).bytes
    }

    /// The module; `None` when it would be too long to be worth it.
    pub fn compile(&self) -> Option<Vec<u8>> {
        step::compile(self)
    }
}

/// Where in the working memory the batch's mean loss, an f64, is left.
pub(crate) const LOSS: usize = 0;
