//! Parameter groups: layers that move by the same scalars, since their learning-rate factor and their clock are the same.
//!
//! The clock counts the updates of each layer by itself, as `torch.optim` does for each parameter: a layer that was frozen
//! for a while is behind the others, and takes its first update as a first one.

use crate::backend::cpu::Rates;
use crate::formula::Params;
use crate::formula::optimizer::{Clock, Optimizer};
use crate::model::Network;

#[derive(Debug, Clone, PartialEq)]
struct Group {
    layers: Vec<usize>,
    /// Of the learning rate.
    factor: f64,
    clock: Clock,
}

/// The groups of a run, and the clocks of all its layers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// Of layers that are not trained; of the others where their groups began.
    clocks: Vec<Clock>,
}

impl Groups {
    /// The groups of a network whose layers have these clocks.
    pub(super) fn new(network: &Network, clocks: &[Clock]) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (index, (layer, &clock)) in network.layers.iter().zip(clocks).enumerate() {
            if layer.frozen {
                continue;
            }
            let factor = layer.rate_factor;
            let same = |group: &&mut Group| group.factor == factor && group.clock == clock;
            match groups.iter_mut().find(same) {
                Some(group) => group.layers.push(index),
                None => groups.push(Group {
                    layers: vec![index],
                    factor,
                    clock,
                }),
            }
        }
        Self {
            groups,
            clocks: clocks.to_vec(),
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Which group each layer is in; 0 for a layer that is not trained.
    pub(super) fn of_layers(&self) -> Vec<usize> {
        let group_of = |layer: usize| {
            let its = |group: &Group| group.layers.contains(&layer);
            self.groups.iter().position(its).unwrap_or(0)
        };
        (0..self.clocks.len()).map(group_of).collect()
    }

    /// Writes each layer's clock.
    pub(super) fn write_clocks(&self, clocks: &mut [Clock]) {
        clocks.copy_from_slice(&self.clocks);
        for group in &self.groups {
            for &layer in &group.layers {
                clocks[layer] = group.clock;
            }
        }
    }

    /// Each layer's clock.
    pub(super) fn clocks(&self) -> Vec<Clock> {
        let mut clocks = self.clocks.clone();
        self.write_clocks(&mut clocks);
        clocks
    }

    /// Takes clocks over without other groups; false, and nothing has changed, where these need others.
    pub(super) fn set_clocks(&mut self, clocks: &[Clock]) -> bool {
        let of = |group: &Group| {
            group
                .layers
                .first()
                .map_or_else(Clock::default, |&layer| clocks[layer])
        };
        let fits = clocks.len() == self.clocks.len()
            && self.groups.iter().all(|group| {
                let clock = of(group);
                group.layers.iter().all(|&layer| clocks[layer] == clock)
            });
        if !fits {
            return false;
        }
        for group in &mut self.groups {
            group.clock = of(group);
        }
        self.clocks.copy_from_slice(clocks);
        true
    }

    /// One more update of every group, by the same scalars as before.
    pub(super) fn tick(&mut self) {
        for group in &mut self.groups {
            group.clock.step += 1;
        }
    }

    /// What the next update takes, group by group, at the run's learning rate.
    pub(super) fn next(
        &mut self,
        (optimizer, params): &(Optimizer, Params),
        learning_rate: f64,
        rates: &mut Vec<Rates>,
    ) {
        rates.clear();
        rates.extend(self.groups.iter_mut().map(|group| {
            let learning_rate = learning_rate * group.factor;
            Rates {
                learning_rate,
                optimizer: optimizer.scalars(params, learning_rate, &mut group.clock),
            }
        }));
    }
}
