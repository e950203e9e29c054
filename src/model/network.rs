//! Layers, shapes, and the flat layout of the parameters.

use std::ops::Range;

use crate::error::Error;
use crate::formula::activation::Activation;

/// What a layer applies to its pre-activations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Nonlinearity {
    /// One formula for every unit, with that formula's parameters.
    ElementWise(Activation, [f64; 2]),
    /// The whole vector at once; output layer only.
    Softmax,
}

/// One dense layer: `a = f(W x + b)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Width of the vector that comes in.
    pub inputs: usize,
    /// Width of the vector that goes out.
    pub outputs: usize,
    /// What is applied to `W x + b`.
    pub activation: Nonlinearity,
    /// Share of this layer's outputs dropped while training, `0..1`.
    pub dropout: f64,
    /// A frozen layer's parameters do not change at all.
    pub frozen: bool,
    /// Factor of the learning rate for this layer's parameters; above 0 where it is not frozen.
    pub rate_factor: f64,
    /// Where the weight starts in the flat parameters.
    pub offset: usize,
}

impl Layer {
    /// Place of the weight `(outputs, inputs)`, row-major, in the flat parameters.
    pub fn weight(&self) -> Range<usize> {
        self.offset..self.offset + self.outputs * self.inputs
    }

    /// Place of the bias `(outputs)`; it follows the weight.
    pub fn bias(&self) -> Range<usize> {
        let start = self.offset + self.outputs * self.inputs;
        start..start + self.outputs
    }

    /// Place of both.
    pub fn parameters(&self) -> Range<usize> {
        self.offset..self.bias().end
    }
}

/// A parameter tensor's name, shape and place.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorSpec {
    /// `hidden.0.weight`, `output.bias`, ...
    pub name: String,
    /// `(outputs, inputs)` or `(outputs)`.
    pub shape: Vec<usize>,
    /// Place in the flat parameters.
    pub range: Range<usize>,
}

/// A stack of dense layers; the last one is the output layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Width of the input vector.
    pub inputs: usize,
    /// Hidden layers, then the output layer; never empty.
    pub layers: Vec<Layer>,
}

/// More parameters than this are refused: four copies of them (value, gradient, two moments) are 64 MB.
pub const MAX_PARAMETERS: usize = 4_000_000;

impl Network {
    /// Lays out the layers: `(outputs, activation, dropout, rate factor)` each, the output layer last. A factor of 0 freezes
    /// a layer.
    ///
    /// # Errors
    /// `OutOfRange` on `network.hidden` when the parameters are more than [`MAX_PARAMETERS`].
    pub fn new(inputs: usize, layers: &[(usize, Nonlinearity, f64, f64)]) -> Result<Self, Error> {
        let mut offset = 0;
        let mut width = inputs;
        let mut built = Vec::with_capacity(layers.len());
        for &(outputs, activation, dropout, rate_factor) in layers {
            let layer = Layer {
                inputs: width,
                outputs,
                activation,
                dropout,
                frozen: rate_factor == 0.0,
                rate_factor,
                offset,
            };
            offset = layer.parameters().end;
            width = outputs;
            built.push(layer);
        }
        if offset > MAX_PARAMETERS {
            return Err(Error::OutOfRange {
                field: "network.hidden".into(),
                value: offset as f64,
                min: 1.0,
                max: MAX_PARAMETERS as f64,
            });
        }
        Ok(Self {
            inputs,
            layers: built,
        })
    }

    /// Number of parameters.
    pub fn parameter_count(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.parameters().end)
    }

    /// Multiply-adds of one sample's forward pass.
    pub fn multiply_adds(&self) -> usize {
        self.layers
            .iter()
            .map(|layer| layer.inputs * layer.outputs)
            .sum()
    }

    /// Width of the output vector.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.outputs)
    }

    /// The parameter tensors by name, in order.
    pub fn tensors(&self) -> Vec<TensorSpec> {
        let last = self.layers.len().saturating_sub(1);
        let mut tensors = Vec::with_capacity(2 * self.layers.len());
        for (index, layer) in self.layers.iter().enumerate() {
            let name = if index == last {
                "output".to_owned()
            } else {
                format!("hidden.{index}")
            };
            tensors.push(TensorSpec {
                name: format!("{name}.weight"),
                shape: vec![layer.outputs, layer.inputs],
                range: layer.weight(),
            });
            tensors.push(TensorSpec {
                name: format!("{name}.bias"),
                shape: vec![layer.outputs],
                range: layer.bias(),
            });
        }
        tensors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_laid_out_weight_then_bias_layer_by_layer() {
        let tanh = Nonlinearity::ElementWise(Activation::Tanh, [0.0; 2]);
        let network = Network::new(
            2,
            &[
                (4, tanh, 0.0, 1.0),
                (2, tanh, 0.0, 1.0),
                (1, tanh, 0.0, 1.0),
            ],
        )
        .unwrap();
        assert_eq!(network.parameter_count(), 12 + 10 + 3);
        assert_eq!(network.multiply_adds(), 8 + 8 + 2);
        let names: Vec<String> = network
            .tensors()
            .into_iter()
            .map(|tensor| tensor.name)
            .collect();
        assert_eq!(
            names,
            [
                "hidden.0.weight",
                "hidden.0.bias",
                "hidden.1.weight",
                "hidden.1.bias",
                "output.weight",
                "output.bias"
            ]
        );
        assert_eq!(network.layers[1].weight(), 12..20);
    }

    #[test]
    fn too_many_parameters_are_refused_by_name() {
        let relu = Nonlinearity::ElementWise(Activation::Relu, [0.0; 2]);
        let error = Network::new(784, &[(1024, relu, 0.0, 1.0); 5]).unwrap_err();
        assert_eq!(error.field(), "network.hidden");
    }
}
