// Generated from the engine's types by `UPDATE=1 cargo test wire`. Do not edit.

/** A row of a table chosen by id, with that row's parameters by name: `{ id: "leaky_relu", slope: 0.01 }`.
 *  On input a bare id, `"tanh"`, is accepted; on output every parameter is present. */
export interface Choice { id: string; [param: string]: number | string }

/**
 * Which rules the run follows.
 */
export type Mode = "standard" | "tf_playground";
/**
 * Separate seeds, so that one may change while the others hold.
 */
export type Seeds = { 
/**
 * Points, noise and label noise.
 */
data: number, 
/**
 * Assignment to training, validation and test.
 */
split: number, 
/**
 * Initial parameters.
 */
init: number, 
/**
 * Order of the batches, and dropout.
 */
batches: number, 
/**
 * TensorFlow Playground's seed, a string; used in that mode only, for data, split and weights.
 */
tf_playground: string, };
/**
 * Whole percents of the data, sum 100.
 */
export type SplitConfig = { 
/**
 * Training.
 */
train: number, 
/**
 * Validation.
 */
validation: number, 
/**
 * Test, sealed until asked for.
 */
test: number, };
/**
 * Which data, how noisy, how split, which columns.
 */
export type DataConfig = { 
/**
 * Id of the data set, or `custom`.
 */
dataset: string, 
/**
 * Number of points; for digits those of training and validation together.
 */
samples: number, 
/**
 * Positional noise, 0..=1 of the data set's own scale.
 */
noise: number, 
/**
 * Share of flipped labels (classification) or spread of targets (regression), 0..=0.5.
 */
label_noise: number, 
/**
 * Share of the first class in two-class sets, 0.05..=0.95.
 */
balance: number, 
/**
 * Number of classes, for the sets that have a choice.
 */
classes: number, 
/**
 * The three parts.
 */
split: SplitConfig, 
/**
 * Ids of the input features, for sets of points.
 */
features: Array<string>, 
/**
 * How columns are scaled; fitted on the training part.
 */
scaling: Choice, };
/**
 * One hidden layer.
 */
export type LayerConfig = { 
/**
 * Number of neurons, 1..=1024.
 */
units: number, 
/**
 * Its activation function.
 */
activation: Choice, 
/**
 * Share of its outputs dropped while training, 0..=0.9; 0 when a wish leaves it out.
 */
dropout: number, 
/**
 * Whether its parameters are kept as they are; not when a wish leaves it out.
 */
frozen: boolean, 
/**
 * Factor of the learning rate for its parameters, 0..=10; 0 keeps them as they are, 1 when a wish leaves it out.
 */
learning_rate_factor: number, };
/**
 * The output layer. Its units follow from the data and the activation.
 */
export type OutputConfig = { 
/**
 * Its activation function; softmax may stand here.
 */
activation: Choice, 
/**
 * Whether its parameters are kept as they are.
 */
frozen: boolean, 
/**
 * Factor of the learning rate for its parameters, 0..=10; 0 keeps them as they are.
 */
learning_rate_factor: number, };
/**
 * The network.
 */
export type NetworkConfig = { 
/**
 * Hidden layers, 0..=8.
 */
hidden: Array<LayerConfig>, 
/**
 * Output layer.
 */
output: OutputConfig, 
/**
 * How weights start.
 */
weight_initializer: Choice, 
/**
 * How biases start.
 */
bias_initializer: Choice, };
/**
 * Early stopping. What a wish leaves out is the default: the loss, 20 epochs, any improvement, restore.
 */
export type EarlyStoppingConfig = { 
/**
 * Metric watched on the validation set.
 */
metric: string, 
/**
 * Epochs without improvement that are borne.
 */
patience: number, 
/**
 * Smallest change that counts.
 */
min_delta: number, 
/**
 * Go back to the best epoch's parameters.
 */
restore_best: boolean, };
/**
 * Stop when a validation metric (training, if there is no validation set) reaches a value.
 */
export type TargetConfig = { 
/**
 * Metric id.
 */
metric: string, 
/**
 * Value to reach.
 */
value: number, };
/**
 * When training ends by itself.
 */
export type StopConfig = { 
/**
 * After so many epochs; 0 = never.
 */
epochs: number, 
/**
 * At a target.
 */
target: TargetConfig | null, 
/**
 * Open the test set once when training ends by one of these rules.
 */
evaluate_test: boolean, };
/**
 * How the network is trained.
 */
export type TrainingConfig = { 
/**
 * Loss function.
 */
loss: Choice, 
/**
 * Optimizer; the learning rate is one of its parameters.
 */
optimizer: Choice, 
/**
 * Learning-rate schedule.
 */
schedule: Choice, 
/**
 * Samples of a step; gradient descent (`gd`) takes the whole training set.
 */
batch_size: number, 
/**
 * Whether every epoch has a new order.
 */
shuffled: boolean, 
/**
 * Regularization penalty; biases are excluded.
 */
penalty: Choice, 
/**
 * Largest norm of a neuron's incoming weights; 0 = off.
 */
max_norm: number, 
/**
 * Gradient clipping.
 */
clip: Choice, 
/**
 * Early stopping, or none.
 */
early_stopping: EarlyStoppingConfig | null, 
/**
 * Other stop rules.
 */
stop: StopConfig, };
/**
 * Everything that determines a run.
 */
export type Config = { 
/**
 * Version of this schema; 1.
 */
version: number, 
/**
 * Which rules the run follows.
 */
mode: Mode, 
/**
 * Seeds.
 */
seeds: Seeds, 
/**
 * Data.
 */
data: DataConfig, 
/**
 * Network.
 */
network: NetworkConfig, 
/**
 * Training.
 */
training: TrainingConfig, };
/**
 * What a change does.
 */
export type Effect = "live" | "replan" | "reset";
/**
 * What a control for the field must offer.
 */
export type FieldKind = "number" | "integer" | "boolean" | "choice" | "list" | "string";
/**
 * One field.
 */
export type FieldSpec = { 
/**
 * `training.batch_size`; `network.hidden[].units` stands for every layer's.
 */
path: string, 
/**
 * What it is.
 */
kind: FieldKind, 
/**
 * Smallest value (of a list: fewest items).
 */
min: number, 
/**
 * Largest value (of a list: most items).
 */
max: number, 
/**
 * Distance of two positions of a slider.
 */
step: number, 
/**
 * Whether a slider should be logarithmic.
 */
scale: "linear" | "log", 
/**
 * The catalog's table of a choice.
 */
table: string | null, 
/**
 * What changing it does.
 */
effect: Effect, };
/**
 * What is to be learned.
 */
export type Task = "classification" | "regression";
/**
 * What a row is.
 */
export type Kind = "plane" | "line" | "digits" | "custom";
/**
 * How many classes a set can have; all 0 for regression.
 */
export type ClassRange = { 
/**
 * Fewest.
 */
min: number, 
/**
 * Most.
 */
max: number, 
/**
 * At first.
 */
default: number, };
/**
 * A row of the table of data sets.
 */
export type DatasetEntry = { 
/**
 * Permanent id.
 */
id: string, 
/**
 * What is to be learned; `custom` follows the caller's targets.
 */
task: Task, 
/**
 * What a row is.
 */
kind: Kind, 
/**
 * How many classes it can have.
 */
classes: ClassRange, 
/**
 * Whether `data.balance` counts.
 */
has_balance: boolean, 
/**
 * Whether `data.noise` and `data.label_noise` count.
 */
has_noise: boolean, 
/**
 * Plotted range of both axes. Noisy points may lie beyond it.
 */
domain: [number, number], };
/**
 * A parameter of a row.
 */
export type ParamSpec = { id: string, min: number, max: number, default: number, scale: "linear" | "log", integer: boolean, };
/**
 * A row of a table.
 */
export type Entry = { id: string, params: Array<ParamSpec>, };
/**
 * A row of the activations, with where it may stand.
 */
export type ActivationEntry = { hidden: boolean, output: boolean, id: string, params: Array<ParamSpec>, };
/**
 * A metric.
 */
export type MetricEntry = { id: string, task: "classification" | "regression" | "both", better: "higher" | "lower", };
/**
 * An input feature.
 */
export type FeatureEntry = { id: string, symbol: string, kind: Kind, };
/**
 * Limits that are not a field's.
 */
export type Limits = { hidden_layers: number, units: number, 
/**
 * Neurons of a layer that the page draws one by one.
 */
drawn_units: number, samples: [number, number], digit_samples: [number, number], parameters: number, };
/**
 * Everything a page needs to build its controls.
 */
export type Catalog = { engine_version: string, activations: Array<ActivationEntry>, losses: Array<Entry>, optimizers: Array<Entry>, schedules: Array<Entry>, penalties: Array<Entry>, clips: Array<Entry>, initializers: Array<Entry>, scalings: Array<Entry>, metrics: Array<MetricEntry>, datasets: Array<DatasetEntry>, features: Array<FeatureEntry>, fields: Array<FieldSpec>, limits: Limits, defaults: Config, };
/**
 * One of the separate seeds.
 */
export type SeedName = "data" | "split" | "init" | "batches";
/**
 * A wish. JSON, `{"type": "step", "count": 1}`; unknown fields are refused.
 */
export type Command = { "type": "configure", 
/**
 * The config.
 */
config: unknown, } | { "type": "patch", 
/**
 * The changes.
 */
patch: unknown, } | { "type": "choose_dataset", 
/**
 * Its id.
 */
dataset: string, } | { "type": "play", 
/**
 * Steps a second.
 */
steps_per_second: number | null, 
/**
 * Epochs a second.
 */
epochs_per_second: number | null, } | { "type": "train", 
/**
 * Steps.
 */
steps: number | null, 
/**
 * Whole epochs.
 */
epochs: number | null, } | { "type": "pause" } | { "type": "step", 
/**
 * Updates, 1..=100,000.
 */
count: number, } | { "type": "epoch", 
/**
 * Epochs, 1..=1,000.
 */
count: number, } | { "type": "reset" } | { "type": "new_seed", 
/**
 * Which.
 */
which: Array<SeedName>, } | { "type": "set_parameter", 
/**
 * Layer, 0 = the first hidden one (or the output layer, if there is none).
 */
layer: number, 
/**
 * Neuron of the layer.
 */
unit: number, 
/**
 * Input of the neuron; null = its bias.
 */
input: number | null, 
/**
 * New value.
 */
value: number, } | { "type": "reveal_test" };
/**
 * Which small maps.
 */
export type MapWants = { 
/**
 * Points on a side, 1..=200.
 */
resolution: number, 
/**
 * Every neuron, or the output only.
 */
hidden: boolean, 
/**
 * Of each layer of the answer the units that are wanted, ascending; a layer without any is empty. Absent: all.
 */
units?: Array<Array<number>> | null, };
/**
 * Which large map.
 */
export type OutputWants = { 
/**
 * Points on a side, 1..=400.
 */
resolution: number, 
/**
 * Layer, 0 = input features; absent = the output.
 */
layer?: number | null, 
/**
 * Unit of that layer.
 */
unit?: number | null, };
/**
 * How many wrong digits.
 */
export type DigitWants = { 
/**
 * At most so many with their pixels.
 */
wrong: number, };
/**
 * What the page wants to draw. Absent = not wanted.
 */
export type FrameWants = { 
/**
 * Small maps of the neurons.
 */
maps?: MapWants | null, 
/**
 * The large map.
 */
output?: OutputWants | null, 
/**
 * All weights.
 */
weights?: boolean | null, 
/**
 * The loss's derivative by each weight.
 */
gradients?: boolean | null, 
/**
 * What this layer (0 = input features) puts out for each point.
 */
activations?: number | null, 
/**
 * The curves.
 */
history?: boolean | null, 
/**
 * Digits it gets wrong.
 */
digits?: DigitWants | null, };
/**
 * How labels become the numbers that the loss compares with.
 */
export type Encoding = "zero_one" | "plus_minus_one" | "one_hot" | "plus_minus_one_hot" | "value";
/**
 * Which part of the network a layer is.
 */
export type LayerKind = "input" | "hidden" | "output";
/**
 * A row of the network's summary.
 */
export type LayerSummary = { 
/**
 * `input`, `hidden.0`, `output`.
 */
name: string, 
/**
 * Which part.
 */
kind: LayerKind, 
/**
 * Width.
 */
units: number, 
/**
 * Its activation; none for the input.
 */
activation: Choice | null, 
/**
 * `(batch, 4)`.
 */
shape: string, 
/**
 * Number of parameters.
 */
parameters: number, 
/**
 * Whether they are kept as they are.
 */
frozen: boolean, };
/**
 * Rows of each part.
 */
export type Counts = { 
/**
 * Training.
 */
train: number, 
/**
 * Validation.
 */
validation: number, 
/**
 * Test.
 */
test: number, };
/**
 * What a config makes.
 */
export type ModelSummary = { 
/**
 * What is learned.
 */
task: Task, 
/**
 * What a row is.
 */
kind: Kind, 
/**
 * Classes; 0 for regression.
 */
classes: number, 
/**
 * Symbols of the input columns; empty for digits and custom.
 */
inputs: Array<string>, 
/**
 * Number of input columns.
 */
input_count: number, 
/**
 * Input first, output last.
 */
layers: Array<LayerSummary>, 
/**
 * Number of parameters.
 */
parameters: number, 
/**
 * Multiply-adds of one sample's forward pass.
 */
multiply_adds: number, 
/**
 * Rows of each part.
 */
counts: Counts, 
/**
 * Updates of an epoch.
 */
steps_per_epoch: number, 
/**
 * How labels become targets.
 */
target_encoding: Encoding, 
/**
 * Plot range of both axes.
 */
domain: [number, number], };
/**
 * A field that the engine changed of its own accord.
 */
export type Adaptation = { 
/**
 * Path of the field.
 */
field: string, 
/**
 * What stood there.
 */
from: string, 
/**
 * What stands there now.
 */
to: string, };
/**
 * A refusal as it crosses the boundary: the page says `error.<code>` with `values` filled in.
 */
export type Refusal = { 
/**
 * Stable code of the sentence.
 */
code: string, 
/**
 * Path of the field, `training.batch_size`.
 */
field: string, 
/**
 * The facts of the sentence.
 */
values: { [key in string]: string }, 
/**
 * The same in plain English, for logs and for callers without a dictionary.
 */
message: string, };
/**
 * A change that would help.
 */
export type Remedy = { 
/**
 * Its label: `remedy.<id>`.
 */
id: string, 
/**
 * What to send as `patch`, then `reset`.
 */
patch: unknown, };
/**
 * Why a run ended.
 */
export type FinishReason = "epochs" | "target" | "early_stopping" | "diverged";
/**
 * Something that happened.
 */
export type Event = { "type": "configured", 
/**
 * Number of the run; every reset counts one up, and every change of the network's shape.
 */
run: number, 
/**
 * Every field, every parameter.
 */
config: Config, 
/**
 * What it makes.
 */
summary: ModelSummary, 
/**
 * What happened to the run.
 */
effect: Effect, 
/**
 * What the engine changed of its own accord.
 */
adapted: Array<Adaptation>, } | { "type": "rejected", 
/**
 * Why.
 */
refusal: Refusal, } | { "type": "needs_digits" } | { "type": "points", 
/**
 * Number of the run.
 */
run: number, } | { "type": "playing", 
/**
 * Number of the run.
 */
run: number, } | { "type": "paused", 
/**
 * Number of the run.
 */
run: number, } | { "type": "trained", 
/**
 * Number of the run.
 */
run: number, } | { "type": "finished", 
/**
 * Number of the run.
 */
run: number, 
/**
 * Updates done.
 */
step: number, 
/**
 * Epochs done.
 */
epoch: number, 
/**
 * Which rule.
 */
reason: FinishReason, 
/**
 * Facts for the sentence `finished.<reason>`.
 */
detail: { [key in string]: number }, 
/**
 * One-click changes; after divergence only.
 */
remedies: Array<Remedy>, };
/**
 * Figures of one split: `loss`, `penalty`, and the metrics that fit the task, by id.
 */
export type SplitMetrics = { loss: number; penalty: number; [metric: string]: number };
/**
 * A figure that has no value of its own: what stands for it is a convention, or it is left out.
 */
export type Undefined = { 
/**
 * `train`, `validation` or `test`.
 */
part: string, 
/**
 * The metric.
 */
metric: string, 
/**
 * Why; the page explains it (`undefined.<reason>`).
 */
reason: string, };
/**
 * Confusion matrices, `(classes, classes)` row-major: rows are labels, columns predictions.
 */
export type ConfusionMatrices = { 
/**
 * Number of classes.
 */
classes: number, 
/**
 * Training.
 */
train: Array<number>, 
/**
 * Validation; null without a validation set.
 */
validation: Array<number> | null, 
/**
 * Test; null while sealed.
 */
test: Array<number> | null, };
/**
 * Measured figures.
 */
export type Metrics = { 
/**
 * Epoch at which they were measured.
 */
epoch: number, 
/**
 * Step at which they were measured.
 */
step: number, 
/**
 * Training set.
 */
train: SplitMetrics, 
/**
 * Validation set; null without one.
 */
validation: SplitMetrics | null, 
/**
 * Test set; absent while sealed.
 */
test?: SplitMetrics, 
/**
 * Figures without a value of their own.
 */
undefined: Array<Undefined>, 
/**
 * Step at which the test set was opened last.
 */
test_step: number | null, 
/**
 * Epoch at which the test set was opened last.
 */
test_epoch: number | null, 
/**
 * Whether its figures are of this step and nothing was changed since.
 */
test_current: boolean | null, 
/**
 * How often it was opened with these data; a reset seals it again and does not forget.
 */
test_revealed: number, 
/**
 * Confusion matrices; null for regression.
 */
confusion: ConfusionMatrices | null, };
/**
 * What stands in a frame beside its arrays.
 */
export type FrameHead = { 
/**
 * Number of the run.
 */
run: number, 
/**
 * Updates done.
 */
step: number, 
/**
 * Epochs done, with the fraction of the one under way.
 */
epoch: number, 
/**
 * Step of the newest change of a setting or a parameter; 0 when there was none since the start.
 */
changed_step: number, 
/**
 * Its epoch.
 */
changed_epoch: number, 
/**
 * Whether it trains.
 */
playing: boolean, 
/**
 * Learning rate of the next step.
 */
learning_rate: number, 
/**
 * Updates a second, measured over the last half second of training.
 */
steps_per_second: number, 
/**
 * Newest figures; their step may lag behind on large data.
 */
metrics: Metrics | null, };
/**
 * A wrong digit.
 */
export type WrongDigitHead = { 
/**
 * Row of the data.
 */
index: number, 
/**
 * What it is.
 */
truth: number, 
/**
 * What it was taken for.
 */
predicted: number, 
/**
 * With which probability.
 */
probability: number, };
/**
 * What this build of the engine is. Which one trains is the host's to say, since it chooses.
 */
export type EngineInfo = { 
/**
 * Whether the build uses SIMD.
 */
simd: boolean, 
/**
 * Version of the engine.
 */
version: string, };

/** Points as the page draws them; digits and custom data have none. */
export interface Points { kind: Kind; x: Float32Array; y: Float32Array;
  /** Class index or value; NaN for sealed test points. */
  label: Float32Array;
  /** 0 training, 1 validation, 2 test. */
  split: Uint8Array }
/** `layers[0]` the input features, then hidden layers, then the output: `(units, cells)` each, rows from the top. */
export interface Maps { resolution: number; layers: Float32Array[]; /** Which units these are, where not all were wanted. */ units?: number[][] }
/** `(units, cells)`; one output of a two-class network is signed, -1..1, with the boundary at 0. */
export interface LargeMap { resolution: number; data: Float32Array; units: number }
/** `(rows, columns)` row-major; NaN = not measured. `train_samples`: so many of the training part its columns are measured on. */
export interface History { columns: string[]; rows: number; train_samples: number; data: Float32Array }
/** `weight` is `(outputs, inputs)` row-major. */
export interface LayerWeights { weight: Float32Array; bias: Float32Array; outputs: number; inputs: number }
export interface WrongDigit extends WrongDigitHead { pixels: Uint8Array }
export interface WrongDigits { wrong: WrongDigit[]; wrong_count: number; of: number; split: "validation" | "test" }
export interface Frame extends FrameHead {
  history: History | null; maps: Maps | null; output: LargeMap | null;
  weights: LayerWeights[] | null;
  /** Derivatives of the mean loss over the training part. */
  gradients: LayerWeights[] | null;
  /** `(units, points)`. */
  activations: Float32Array | null;
  digits: WrongDigits | null }
export interface NamedTensor { name: string; shape: number[]; data: Float32Array }
export interface Curve { z: Float32Array; value: Float32Array; slope: Float32Array }
