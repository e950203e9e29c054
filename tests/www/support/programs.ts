// Networks whose programs are run by PyTorch and Keras (tests/golden/programs.py), and what the engine makes of them.

import type { ConfigInput } from "../../../www/engine/index";

/** Epochs of each. */
export const EPOCHS = 5;

const stop = { epochs: EPOCHS };
const plain = { shuffled: false, stop } as const;

/** By name; `dataset` is chosen first, so that loss and output follow it. */
export const SUBJECTS: Record<string, { dataset: string; patch: ConfigInput }> = {
  default: { dataset: "circle", patch: { training: plain } },
  classes: {
    dataset: "blobs",
    patch: { network: { hidden: [{ units: 8, activation: "relu" }], weight_initializer: "he_normal" }, training: { ...plain, optimizer: { id: "adam", learning_rate: 0.02 } } },
  },
  features: {
    dataset: "reg_plane",
    patch: { data: { features: ["x", "y", "x_squared", "sin_y"], scaling: "standard" }, network: { hidden: [{ units: 6, activation: "softplus" }] }, training: { ...plain, optimizer: { id: "momentum", learning_rate: 0.02 } } },
  },
  ridge: {
    dataset: "xor",
    patch: { network: { output: { activation: "tanh" } }, training: { ...plain, batch_size: 20, loss: "mse", optimizer: { id: "sgd", learning_rate: 0.1 }, penalty: { id: "l2", lambda: 0.003 } } },
  },
  hinge: {
    dataset: "moons",
    patch: { network: { hidden: [{ units: 5, activation: "silu" }], output: { activation: "linear" } }, training: { ...plain, loss: "hinge", optimizer: { id: "nesterov", learning_rate: 0.02 }, schedule: { id: "step", period: 2, gamma: 0.5 } } },
  },
  robust: {
    dataset: "reg_gauss",
    patch: { network: { hidden: [{ units: 6, activation: { id: "leaky_relu", slope: 0.2 } }] }, training: { ...plain, loss: { id: "huber", delta: 0.3 }, optimizer: { id: "rmsprop", learning_rate: 0.005 }, schedule: { id: "exponential", gamma: 0.8 } } },
  },
  clipped: {
    dataset: "circle",
    patch: { network: { hidden: [{ units: 7, activation: "mish" }] }, training: { ...plain, optimizer: { id: "adagrad", learning_rate: 0.05 }, clip: { id: "norm", limit: 0.2 } } },
  },
  decoupled: {
    dataset: "spiral",
    patch: { data: { features: ["x", "y", "x_times_y", "sin_x"] }, network: { hidden: [{ units: 8, activation: "gelu_tanh" }, { units: 4, activation: "hard_swish" }] }, training: { ...plain, optimizer: { id: "adamw", learning_rate: 0.02, weight_decay: 0.1 }, schedule: { id: "cosine", period: 5 } } },
  },
  frozen: {
    dataset: "circle",
    patch: { network: { hidden: [{ units: 6, activation: "sine", frozen: true }, { units: 4, activation: "gaussian" }] }, training: { ...plain, optimizer: { id: "gd", learning_rate: 0.5 }, penalty: { id: "weight_decay", lambda: 0.05 } } },
  },
  signs: {
    dataset: "moons",
    patch: { network: { hidden: [{ units: 5, activation: "selu" }] }, training: { ...plain, loss: "mse", optimizer: { id: "lion", learning_rate: 0.003, weight_decay: 0.1 }, clip: { id: "value", limit: 0.1 } } },
  },
  bounded: {
    dataset: "reg_plane",
    patch: { network: { hidden: [{ units: 5, activation: { id: "elu", alpha: 0.5 } }] }, training: { ...plain, loss: "log_cosh", optimizer: { id: "adadelta", learning_rate: 1 }, max_norm: 0.8, schedule: { id: "warm_up", steps: 40, start_factor: 0.2 } } },
  },
};
