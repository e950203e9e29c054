//! Initial parameters: a pure function of the network, the initializers and the seed.

use super::network::Network;
use crate::data::SeedRandom;
use crate::formula::Params;
use crate::formula::initializer::Initializer;
use crate::random::{Purpose, Random};

/// Parameters as the initializers draw them, flat, in `f64`.
///
/// The random index is (layer, position), so a layer's weights do not depend on the layers before it.
pub fn initial_parameters(
    network: &Network,
    weight: (Initializer, &Params),
    bias: (Initializer, &Params),
    seed: u32,
) -> Vec<f64> {
    let random = Random::new(seed, Purpose::Init);
    let mut parameters = vec![0.0; network.parameter_count()];
    for (index, layer) in network.layers.iter().enumerate() {
        let place = (index as u64) << 24;
        let (fan_in, fan_out) = (layer.inputs, layer.outputs);
        weight.0.fill(
            weight.1,
            fan_in,
            fan_out,
            &random,
            place,
            &mut parameters[layer.weight()],
        );
        let after = place + (1 << 23);
        bias.0.fill(
            bias.1,
            fan_in,
            fan_out,
            &random,
            after,
            &mut parameters[layer.bias()],
        );
    }
    parameters
}

/// TensorFlow Playground's weights: `rand - 0.5` drawn layer by layer, node by node, link by link; biases 0.1.
///
/// Its `initZero` is the initializer `zeros` for the weights: then biases are 0 too. `seed` 1 is a link's own network; each
/// number after it another, of a stream of its own (that page goes on in its one stream, and loses the first network).
pub fn tf_playground_parameters(
    network: &Network,
    weight: Initializer,
    mut random: SeedRandom,
    link: &str,
    seed: u32,
) -> Vec<f64> {
    if weight == Initializer::Zeros {
        return vec![0.0; network.parameter_count()];
    }
    if seed != 1 {
        random = SeedRandom::new(&format!("{link}/weights/{seed}"));
    }
    let mut parameters = vec![0.1; network.parameter_count()];
    for layer in &network.layers {
        for weight in &mut parameters[layer.weight()] {
            *weight = random.uniform() - 0.5;
        }
    }
    parameters
}
