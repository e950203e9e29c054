//! The operations of a plan and its buffers.

use crate::formula::activation::Activation;
use crate::formula::loss::Loss;
use crate::formula::optimizer::Optimizer;
use crate::model::Network;

/// Number of a buffer in [`Plan::buffers`].
pub type BufferId = usize;

/// How a buffer lies in memory.
///
/// Activations are kept feature-major, so that one SIMD vector holds several samples of one unit: then narrow
/// layers fill the lanes as well as wide ones, and every sum runs in the order of the naive triple loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `(features, batch)`: row `f` holds feature `f` of every sample.
    FeatureMajor,
    /// `(batch, features)`: row `b` holds sample `b`; what the weight gradient's product needs.
    BatchMajor,
}

/// A numbered working buffer of one value per feature and sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buffer {
    /// For a reader and for traces: `z1`, `a1`, `d1`, ...
    pub name: String,
    /// Number of features.
    pub features: usize,
    /// Which of the two is contiguous.
    pub layout: Layout,
}

/// One operation. `layer` numbers [`Network::layers`]; the rest are buffers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Op {
    /// Copies the batch's rows from the resident data: `x` feature-major, `x_t` batch-major, targets `y`.
    Gather {
        /// Inputs, feature-major.
        x: BufferId,
        /// Inputs, batch-major.
        x_t: BufferId,
        /// Encoded targets.
        y: BufferId,
    },
    /// `z = W x + b`.
    MatMul {
        /// Which parameters.
        layer: usize,
        /// `(inputs, batch)`.
        x: BufferId,
        /// `(outputs, batch)`.
        z: BufferId,
    },
    /// `a = f(z)` and, when training, `slope = f'(z)` in the same pass.
    Activate {
        /// Formula.
        activation: Activation,
        /// Its parameters.
        params: [f64; 2],
        /// Pre-activations.
        z: BufferId,
        /// Activations.
        a: BufferId,
        /// Derivatives, absent when only predicting.
        slope: Option<BufferId>,
    },
    /// `a = softmax(z)` over the features of each sample.
    Softmax {
        /// Logits.
        z: BufferId,
        /// Probabilities.
        a: BufferId,
    },
    /// Inverted dropout: `a` and `slope` times `mask / (1 - rate)`.
    Dropout {
        /// Layer whose outputs are dropped; part of the random index.
        layer: usize,
        /// Share dropped.
        rate: f64,
        /// Activations, in place.
        a: BufferId,
        /// Derivatives, in place.
        slope: BufferId,
    },
    /// Element-wise loss: adds its mean to the batch's loss and writes `d = d loss / d y_hat`.
    Loss {
        /// Formula.
        loss: Loss,
        /// Its parameters.
        params: [f64; 2],
        /// Predictions, or logits where the loss takes those.
        y_hat: BufferId,
        /// Targets.
        y: BufferId,
        /// Gradient.
        d: BufferId,
    },
    /// Categorical cross entropy of `softmax(z)`, and `d = (softmax(z) - y) / batch`.
    CrossEntropy {
        /// Logits.
        z: BufferId,
        /// One-hot targets.
        y: BufferId,
        /// Gradient with respect to the logits.
        d: BufferId,
    },
    /// `d = J^T d` in place, `J` the Jacobian of the softmax at `a`.
    SoftmaxGrad {
        /// Probabilities.
        a: BufferId,
        /// Gradient, from probabilities to logits, in place.
        d: BufferId,
    },
    /// `d = d * by`, element by element: the chain rule through an activation.
    Multiply {
        /// Gradient, in place.
        d: BufferId,
        /// Slopes.
        by: BufferId,
    },
    /// `x_t = x` transposed to batch-major.
    Transpose {
        /// Feature-major.
        x: BufferId,
        /// Batch-major.
        x_t: BufferId,
    },
    /// `d_weight = d_z x^T`.
    GradWeight {
        /// Which parameters.
        layer: usize,
        /// `(outputs, batch)`.
        d_z: BufferId,
        /// `(batch, inputs)`.
        x_t: BufferId,
    },
    /// `d_bias = sum of d_z over the batch`.
    GradBias {
        /// Which parameters.
        layer: usize,
        /// `(outputs, batch)`.
        d_z: BufferId,
    },
    /// `d_x = W^T d_z`.
    GradInput {
        /// Which parameters.
        layer: usize,
        /// `(outputs, batch)`.
        d_z: BufferId,
        /// `(inputs, batch)`.
        d_x: BufferId,
    },
    /// `d_weight += 2 lambda weight`: the smooth penalty's gradient, biases excluded.
    GradPenalty {
        /// Factor of the sum of squares.
        lambda: f64,
    },
    /// Scales all gradients so that their joint norm is at most `limit`.
    ClipNorm {
        /// Largest norm.
        limit: f64,
    },
    /// Bounds each gradient to `-limit..=limit`.
    ClipValue {
        /// Largest absolute value.
        limit: f64,
    },
    /// Decoupled decay before the update: `weight *= 1 - learning_rate * lambda`.
    Decay {
        /// Decay per unit of learning rate.
        lambda: f64,
    },
    /// One optimizer step on every parameter of the layers that are not frozen.
    Update {
        /// Formula.
        optimizer: Optimizer,
    },
    /// Proximal step of L1 after the update: `weight` moves to 0 by `learning_rate * lambda`, stopping there.
    SoftThreshold {
        /// Factor of the sum of absolute values.
        lambda: f64,
    },
    /// Scales each unit's incoming weights to a norm of at most `limit`.
    MaxNorm {
        /// Largest norm.
        limit: f64,
    },
    /// TensorFlow Playground's update: plain gradient descent, then its penalty, L1 killing links for good.
    UpdateTfPlayground {
        /// Factor of `sign(weight)`; a link that crosses 0 dies.
        l1: f64,
        /// Factor of `weight`.
        l2: f64,
    },
}

/// What the interpreters run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The network whose parameters the ops use.
    pub network: Network,
    /// Working buffers.
    pub buffers: Vec<Buffer>,
    /// One training step.
    pub step: Vec<Op>,
    /// A prediction: the forward ops alone, no gather, no dropout.
    pub forward: Vec<Op>,
    /// Buffer of the inputs, `(inputs, batch)`.
    pub input: BufferId,
    /// Buffer of each layer's pre-activations.
    pub pre_activations: Vec<BufferId>,
    /// Buffer of each layer's activations; the last is the prediction.
    pub activations: Vec<BufferId>,
    /// Loss as evaluated on a whole split.
    pub loss: Loss,
    /// The loss's parameters.
    pub loss_params: [f64; 2],
}
