//! Going on with another network: what stays of it keeps its parameters, what is new has its initial ones.

use super::run::Run;
use crate::config::LayerConfig;
use crate::model::Layer;
use crate::real::Float;

impl<T: Float> Run<T> {
    /// Goes on from where `other`, a run over the same inputs with the hidden layers `before`, is, with the layers `after`.
    /// Layers that are in both keep their parameters, neuron by neuron as far as there are as many; the optimizer begins
    /// anew, since what it remembers is of another network.
    pub fn grow_from(&mut self, other: &Self, before: &[LayerConfig], after: &[LayerConfig]) {
        let mut parameters = self.trainer.parameters().to_vec();
        let kept = other.trainer.parameters();
        let (old, new) = (
            &other.trainer.plan().network.layers,
            &self.trainer.plan().network.layers,
        );
        let pairs = pairs(before, after);
        for &(from, to) in &pairs {
            // Where another layer stands below, its neurons are others: only a full set of weights has a meaning.
            let below = match (from, to) {
                (0, 0) => true,
                (0, _) | (_, 0) => false,
                _ => pairs.contains(&(from - 1, to - 1)),
            };
            let (Some(old), Some(new)) = (old.get(from), new.get(to)) else {
                continue;
            };
            copy(kept, old, &mut parameters, new, below);
        }
        self.trainer.grow_from(&other.trainer, &parameters);
        self.history = other.history.clone();
    }
}

/// The layers, output last, that are in both networks: from the front and, where one was put in or taken out, from the back.
fn pairs(before: &[LayerConfig], after: &[LayerConfig]) -> Vec<(usize, usize)> {
    let (old, new) = (before.len(), after.len());
    let shorter = old.min(new);
    let front = if old == new {
        shorter
    } else {
        let alike = before.iter().zip(after).take_while(|(a, b)| a == b);
        alike.count()
    };
    let mut pairs: Vec<(usize, usize)> = (0..front).map(|layer| (layer, layer)).collect();
    pairs.extend((front..shorter).map(|layer| (old - shorter + layer, new - shorter + layer)));
    pairs.push((old, new));
    pairs
}

/// Weights and biases of the neurons that both layers have.
fn copy<T: Float>(kept: &[T], old: &Layer, parameters: &mut [T], new: &Layer, below: bool) {
    let outputs = old.outputs.min(new.outputs);
    parameters[new.bias()][..outputs].copy_from_slice(&kept[old.bias()][..outputs]);
    if !below && old.inputs != new.inputs {
        return;
    }
    let inputs = old.inputs.min(new.inputs);
    let (from, to) = (&kept[old.weight()], &mut parameters[new.weight()]);
    let rows = from.chunks_exact(old.inputs);
    for (to, from) in to.chunks_exact_mut(new.inputs).zip(rows) {
        to[..inputs].copy_from_slice(&from[..inputs]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(of: &[(u32, &str)]) -> Vec<LayerConfig> {
        of.iter()
            .map(|(units, activation)| LayerConfig::new(*units, activation))
            .collect()
    }

    #[test]
    fn layers_that_stay_are_found_whatever_comes_or_goes() {
        let two = layers(&[(4, "tanh"), (2, "relu")]);
        let wider = layers(&[(5, "tanh"), (2, "relu")]);
        assert_eq!(pairs(&two, &wider), [(0, 0), (1, 1), (2, 2)]);
        let deeper = layers(&[(4, "tanh"), (2, "relu"), (2, "relu")]);
        assert_eq!(pairs(&two, &deeper), [(0, 0), (1, 1), (2, 3)]);
        assert_eq!(pairs(&deeper, &two), [(0, 0), (1, 1), (3, 2)]);
        let first = layers(&[(3, "sine"), (4, "tanh"), (2, "relu")]);
        assert_eq!(pairs(&two, &first), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(pairs(&first, &two), [(1, 0), (2, 1), (3, 2)]);
        assert_eq!(pairs(&two, &[]), [(2, 0)]);
    }
}
