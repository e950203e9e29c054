//! A plan with its neighbours joined, as both interpreters run it: a product with the activation and the dropout that
//! follow it, a gradient with the slope it is multiplied with, and everything that one parameter goes through in an
//! update. Values that nothing reads are not computed, and transposed copies are strides.

use crate::formula::activation::Activation;
use crate::formula::loss::Loss;
use crate::formula::optimizer::Optimizer;
use crate::plan::{BufferId, Op, Plan};

/// What a parameter goes through once its gradient is known, in this order; a strength of 0 leaves the part out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Update {
    /// L2: `g += 2 l2 w`.
    pub(super) l2: f64,
    /// Largest joint norm of the gradients.
    pub(super) clip_norm: f64,
    /// Largest absolute gradient.
    pub(super) clip_value: f64,
    /// Decoupled decay.
    pub(super) decay: f64,
    /// The optimizer; absent when nothing is trained.
    pub(super) optimizer: Option<Optimizer>,
    /// L1, by a proximal step.
    pub(super) l1: f64,
    /// Largest norm of a unit's weights.
    pub(super) max_norm: f64,
    /// TensorFlow Playground's own rule, with its two strengths, in place of all of the above.
    pub(super) tf_playground: Option<(f64, f64)>,
}

/// A dense layer: `z = W x + b`, then its activation and slope, then dropout on both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dense {
    pub(super) layer: usize,
    pub(super) x: BufferId,
    pub(super) z: Option<BufferId>,
    pub(super) activation: Option<(Activation, [f64; 2])>,
    pub(super) a: Option<BufferId>,
    pub(super) slope: Option<BufferId>,
    pub(super) dropout: f64,
}

/// One joined operation. Fields as in [`Op`]; `by` is the slope that the gradient is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fused {
    Gather {
        x: BufferId,
        y: BufferId,
    },
    Dense(Dense),
    Softmax {
        z: BufferId,
        a: BufferId,
    },
    Loss {
        loss: Loss,
        params: [f64; 2],
        y_hat: BufferId,
        y: BufferId,
        d: BufferId,
        by: Option<BufferId>,
    },
    CrossEntropy {
        z: BufferId,
        y: BufferId,
        d: BufferId,
    },
    SoftmaxGrad {
        a: BufferId,
        d: BufferId,
    },
    GradInput {
        layer: usize,
        d_z: BufferId,
        d_x: BufferId,
        by: Option<BufferId>,
    },
    Multiply {
        d: BufferId,
        by: BufferId,
    },
    /// `d_weight = d_z x^T` and `d_bias = sum d_z`.
    Gradients {
        layer: usize,
        d_z: BufferId,
        x: BufferId,
    },
    Update(Update),
}

/// A training step, joined.
pub(super) fn step(plan: &Plan) -> Vec<Fused> {
    fuse(plan, &plan.step, false)
}

/// The forward pass, joined; every pre-activation and activation is kept, since inspections look at them.
pub(super) fn forward(plan: &Plan) -> Vec<Fused> {
    fuse(plan, &plan.forward, true)
}

/// The buffers that an operation reads, apart from those that joining keeps inside a [`Dense`].
fn reads(op: &Op) -> Vec<BufferId> {
    match *op {
        Op::MatMul { x, .. } | Op::Transpose { x, .. } => vec![x],
        Op::Softmax { z, .. } => vec![z],
        Op::Loss { y_hat, y, .. } => vec![y_hat, y],
        Op::CrossEntropy { z, y, .. } => vec![z, y],
        Op::SoftmaxGrad { a, d } => vec![a, d],
        Op::Multiply { d, by } => vec![d, by],
        Op::GradWeight { d_z, x_t, .. } => vec![d_z, x_t],
        Op::GradBias { d_z, .. } | Op::GradInput { d_z, .. } => vec![d_z],
        Op::Gather { .. }
        | Op::Activate { .. }
        | Op::Dropout { .. }
        | Op::GradPenalty { .. }
        | Op::ClipNorm { .. }
        | Op::ClipValue { .. }
        | Op::Decay { .. }
        | Op::Update { .. }
        | Op::SoftThreshold { .. }
        | Op::MaxNorm { .. }
        | Op::UpdateTfPlayground { .. } => vec![],
    }
}

fn fuse(plan: &Plan, ops: &[Op], keep: bool) -> Vec<Fused> {
    let mut read = vec![keep; plan.buffers.len()];
    // Which feature-major buffer a batch-major copy was made of.
    let mut source: Vec<BufferId> = (0..plan.buffers.len()).collect();
    for op in ops {
        for buffer in reads(op) {
            read[buffer] = true;
        }
        if let Op::Gather { x, x_t, .. } | Op::Transpose { x, x_t } = *op {
            source[x_t] = x;
        }
    }
    let wanted = |buffer: BufferId| read[buffer].then_some(buffer);
    let mut fused: Vec<Fused> = Vec::new();
    let mut update = Update {
        l2: 0.0,
        clip_norm: 0.0,
        clip_value: 0.0,
        decay: 0.0,
        optimizer: None,
        l1: 0.0,
        max_norm: 0.0,
        tf_playground: None,
    };
    for op in ops {
        match *op {
            Op::Gather { x, y, .. } => fused.push(Fused::Gather { x, y }),
            Op::MatMul { layer, x, z } => fused.push(Fused::Dense(Dense {
                layer,
                x,
                z: wanted(z),
                activation: None,
                a: None,
                slope: None,
                dropout: 0.0,
            })),
            Op::Activate {
                activation,
                params,
                a,
                slope,
                ..
            } => {
                // The compiler puts an activation right behind its product.
                if let Some(Fused::Dense(dense)) = fused.last_mut() {
                    dense.a = wanted(a);
                    dense.slope = slope.and_then(wanted);
                    if dense.a.is_some() || dense.slope.is_some() {
                        dense.activation = Some((activation, params));
                    }
                }
            }
            Op::Dropout { rate, .. } => {
                if let Some(Fused::Dense(dense)) = fused.last_mut() {
                    dense.dropout = rate;
                }
            }
            Op::Softmax { z, a } => fused.push(Fused::Softmax { z, a }),
            Op::Loss {
                loss,
                params,
                y_hat,
                y,
                d,
            } => fused.push(Fused::Loss {
                loss,
                params,
                y_hat,
                y,
                d,
                by: None,
            }),
            Op::CrossEntropy { z, y, d } => fused.push(Fused::CrossEntropy { z, y, d }),
            Op::SoftmaxGrad { a, d } => fused.push(Fused::SoftmaxGrad { a, d }),
            Op::Multiply {
                d: target,
                by: slopes,
            } => match fused.last_mut() {
                Some(Fused::Loss { d, by, .. } | Fused::GradInput { d_x: d, by, .. })
                    if *d == target && by.is_none() =>
                {
                    *by = Some(slopes)
                }
                _ => fused.push(Fused::Multiply {
                    d: target,
                    by: slopes,
                }),
            },
            Op::GradWeight { layer, d_z, x_t } => fused.push(Fused::Gradients {
                layer,
                d_z,
                x: source[x_t],
            }),
            Op::GradInput { layer, d_z, d_x } => fused.push(Fused::GradInput {
                layer,
                d_z,
                d_x,
                by: None,
            }),
            // A bias's gradient always comes with its weight's.
            Op::Transpose { .. } | Op::GradBias { .. } => {}
            Op::GradPenalty { lambda } => update.l2 = lambda,
            Op::ClipNorm { limit } => update.clip_norm = limit,
            Op::ClipValue { limit } => update.clip_value = limit,
            Op::Decay { lambda } => update.decay = lambda,
            Op::Update { optimizer } => update.optimizer = Some(optimizer),
            Op::SoftThreshold { lambda } => update.l1 = lambda,
            Op::MaxNorm { limit } => update.max_norm = limit,
            Op::UpdateTfPlayground { l1, l2 } => update.tf_playground = Some((l1, l2)),
        }
    }
    if update.optimizer.is_some() || update.tf_playground.is_some() {
        fused.push(Fused::Update(update));
    }
    fused
}
