//! What a network is: layers as data, their shapes, and where each parameter lies. No arithmetic here.

mod initial;
mod network;

pub use initial::{initial_parameters, tf_playground_parameters};
pub use network::{Layer, MAX_PARAMETERS, Network, Nonlinearity, TensorSpec};
