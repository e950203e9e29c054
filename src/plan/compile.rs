//! Network and training settings to a plan. The backward pass is derived here, once.

use super::op::{Buffer, BufferId, Layout, Op, Plan};
use crate::formula::loss::Loss;
use crate::formula::optimizer::Optimizer;
use crate::model::{Network, Nonlinearity};

/// The penalty's strengths; 0 where it has no such part.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Penalty {
    /// Factor of the sum of absolute weights.
    pub l1: f64,
    /// Factor of the sum of squared weights.
    pub l2: f64,
    /// Decoupled decay.
    pub decay: f64,
}

/// How parameters move once the gradients are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UpdateRule {
    /// A row of the optimizer table.
    Optimizer(Optimizer),
    /// TensorFlow Playground's own rule.
    TfPlayground,
}

/// What the compiler needs beside the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Training {
    /// Loss formula.
    pub loss: Loss,
    /// Its parameters.
    pub loss_params: [f64; 2],
    /// Update rule.
    pub update: UpdateRule,
    /// Penalty strengths.
    pub penalty: Penalty,
    /// Largest joint gradient norm; 0 = off.
    pub clip_norm: f64,
    /// Largest absolute gradient; 0 = off.
    pub clip_value: f64,
    /// Largest norm of a unit's incoming weights; 0 = off.
    pub max_norm: f64,
}

struct Compiler {
    buffers: Vec<Buffer>,
}

impl Compiler {
    fn buffer(&mut self, name: String, features: usize, layout: Layout) -> BufferId {
        self.buffers.push(Buffer {
            name,
            features,
            layout,
        });
        self.buffers.len() - 1
    }

    fn features(&mut self, name: &str, layer: usize, features: usize) -> BufferId {
        self.buffer(format!("{name}{layer}"), features, Layout::FeatureMajor)
    }
}

/// Compiles one training step and the forward pass.
///
/// Gradients flow back to the first layer that is not frozen and stop there; a frozen layer gets no gradient ops.
pub fn compile(network: &Network, training: &Training) -> Plan {
    let mut compiler = Compiler {
        buffers: Vec::new(),
    };
    let input = compiler.features("x", 0, network.inputs);
    let input_t = compiler.buffer("x0_t".into(), network.inputs, Layout::BatchMajor);
    let target = compiler.features("y", 0, network.outputs());

    let mut step = vec![Op::Gather {
        x: input,
        x_t: input_t,
        y: target,
    }];
    let mut forward = Vec::new();
    let mut pre_activations = Vec::new();
    let mut activations = Vec::new();
    let mut slopes = Vec::new();
    let mut x = input;
    for (index, layer) in network.layers.iter().enumerate() {
        let number = index + 1;
        let z = compiler.features("z", number, layer.outputs);
        let a = compiler.features("a", number, layer.outputs);
        let slope = compiler.features("slope", number, layer.outputs);
        let product = Op::MatMul { layer: index, x, z };
        step.push(product);
        forward.push(product);
        match layer.activation {
            Nonlinearity::ElementWise(activation, params) => {
                step.push(Op::Activate {
                    activation,
                    params,
                    z,
                    a,
                    slope: Some(slope),
                });
                forward.push(Op::Activate {
                    activation,
                    params,
                    z,
                    a,
                    slope: None,
                });
            }
            Nonlinearity::Softmax => {
                // From logits the loss needs no probabilities, so training skips them.
                if training.loss != Loss::CategoricalCrossEntropy {
                    step.push(Op::Softmax { z, a });
                }
                forward.push(Op::Softmax { z, a });
            }
        }
        if layer.dropout > 0.0 {
            step.push(Op::Dropout {
                layer: index,
                rate: layer.dropout,
                a,
                slope,
            });
        }
        pre_activations.push(z);
        activations.push(a);
        slopes.push(slope);
        x = a;
    }

    let backward = Backward {
        network,
        training,
        input,
        input_t,
        target,
        pre_activations: &pre_activations,
        activations: &activations,
        slopes: &slopes,
    };
    backward.append(&mut compiler, &mut step);
    append_update(training, &mut step);

    Plan {
        network: network.clone(),
        buffers: compiler.buffers,
        step,
        forward,
        input,
        pre_activations,
        activations,
        loss: training.loss,
        loss_params: training.loss_params,
    }
}

struct Backward<'a> {
    network: &'a Network,
    training: &'a Training,
    input: BufferId,
    input_t: BufferId,
    target: BufferId,
    pre_activations: &'a [BufferId],
    activations: &'a [BufferId],
    slopes: &'a [BufferId],
}

impl Backward<'_> {
    /// Loss, then layer by layer from the last: gradient of the pre-activations, of the parameters, of the inputs.
    fn append(&self, compiler: &mut Compiler, step: &mut Vec<Op>) {
        let layers = &self.network.layers;
        let Some(last) = layers.len().checked_sub(1) else {
            return;
        };
        let first_trained = layers.iter().position(|layer| !layer.frozen);
        let (z, a, y) = (
            self.pre_activations[last],
            self.activations[last],
            self.target,
        );
        let mut d = compiler.features("d", last + 1, layers[last].outputs);
        let Training {
            loss,
            loss_params: params,
            ..
        } = *self.training;
        if loss == Loss::CategoricalCrossEntropy {
            step.push(Op::CrossEntropy { z, y, d });
        } else if loss.takes_logits() {
            step.push(Op::Loss {
                loss,
                params,
                y_hat: z,
                y,
                d,
            });
        } else {
            step.push(Op::Loss {
                loss,
                params,
                y_hat: a,
                y,
                d,
            });
        }
        let Some(first_trained) = first_trained else {
            return;
        };
        for index in (first_trained..=last).rev() {
            let layer = &layers[index];
            if !(index == last && loss.takes_logits()) {
                step.push(match layer.activation {
                    Nonlinearity::ElementWise(..) => Op::Multiply {
                        d,
                        by: self.slopes[index],
                    },
                    Nonlinearity::Softmax => Op::SoftmaxGrad {
                        a: self.activations[index],
                        d,
                    },
                });
            }
            if !layer.frozen {
                let x_t = if index == 0 {
                    self.input_t
                } else {
                    let x_t =
                        compiler.buffer(format!("x{index}_t"), layer.inputs, Layout::BatchMajor);
                    step.push(Op::Transpose {
                        x: self.activations[index - 1],
                        x_t,
                    });
                    x_t
                };
                step.push(Op::GradWeight {
                    layer: index,
                    d_z: d,
                    x_t,
                });
                step.push(Op::GradBias {
                    layer: index,
                    d_z: d,
                });
            }
            if index > first_trained {
                let d_x = compiler.features("d", index, layer.inputs);
                step.push(Op::GradInput {
                    layer: index,
                    d_z: d,
                    d_x,
                });
                d = d_x;
            }
        }
        debug_assert!(self.input != self.target);
    }
}

fn append_update(training: &Training, step: &mut Vec<Op>) {
    let Penalty { l1, l2, decay } = training.penalty;
    match training.update {
        UpdateRule::TfPlayground => step.push(Op::UpdateTfPlayground { l1, l2 }),
        UpdateRule::Optimizer(optimizer) => {
            if l2 > 0.0 {
                step.push(Op::GradPenalty { lambda: l2 });
            }
            if training.clip_norm > 0.0 {
                step.push(Op::ClipNorm {
                    limit: training.clip_norm,
                });
            }
            if training.clip_value > 0.0 {
                step.push(Op::ClipValue {
                    limit: training.clip_value,
                });
            }
            if decay > 0.0 {
                step.push(Op::Decay { lambda: decay });
            }
            step.push(Op::Update { optimizer });
            if l1 > 0.0 {
                step.push(Op::SoftThreshold { lambda: l1 });
            }
            if training.max_norm > 0.0 {
                step.push(Op::MaxNorm {
                    limit: training.max_norm,
                });
            }
        }
    }
}
