// The wire types. Draft by hand while the engine is being written; generated from Rust afterwards
// (tests/wire_types.rs writes and checks this file). snake_case is the engine's spelling, kept as is.

/** A row of a table chosen by id, with that row's parameters by name: `{ id: "leaky_relu", slope: 0.01 }`.
 *  On input a bare string `"tanh"` is accepted; on output it is always the object with every parameter. */
export interface Choice { id: string; [param: string]: number | string }

export interface Config {
  version: 1;
  /** `tf_playground`: that page's generator, fixed order, carry-over of partial batches, dead L1 links. */
  mode: "standard" | "tf_playground";
  seeds: Seeds;
  data: DataConfig;
  network: NetworkConfig;
  training: TrainingConfig;
}
/** u32 each; separate, so that one may change while the others hold. */
export interface Seeds { data: number; split: number; init: number; batches: number; tf_playground: string }
export interface DataConfig {
  dataset: string;               // id of a DatasetEntry, or "custom" (set by setData)
  samples: number;               // 10..5000 (2-D and 1-D sets); digits: training + validation digits used, 100..8000
  noise: number;                 // positional noise, 0..1 (share of the set's own scale)
  label_noise: number;           // 0..0.5: share of labels flipped (classification) / spread of targets (regression)
  balance: number;               // 0.05..0.95: share of samples in the first class (two-class sets); 0.5 = even
  classes: number;               // 2..8, for the sets that have it (blobs, pinwheel)
  split: { train: number; validation: number; test: number }; // whole percents, sum 100
  features: string[];            // ids of FeatureEntry (2-D sets); at least one; [] for digits and custom
  scaling: Choice;               // "none" | "standard" | "min_max", fitted on the training part
}
export interface LayerConfig {
  units: number;                 // 1..1024
  activation: Choice;
  dropout: number;               // 0..0.9
  frozen: boolean;
}
export interface NetworkConfig {
  hidden: LayerConfig[];         // 0..8
  output: { activation: Choice; frozen: boolean };   // units follow from data and activation
  weight_initializer: Choice;
  bias_initializer: Choice;
}
export interface TrainingConfig {
  loss: Choice;
  optimizer: Choice;             // learning_rate is one of its parameters
  schedule: Choice;              // "constant", "step", ...
  batch_size: number;            // 1..5000 ; ignored by "gd" (full batch)
  shuffled: boolean;
  penalty: Choice;               // "none" | "l1" | "l2" | "elastic_net"
  max_norm: number;              // 0 = off; bound of each neuron's incoming weight norm
  clip: Choice;                  // "none" | "norm" | "value", with `limit`
  early_stopping: null | { metric: string; patience: number; min_delta: number; restore_best: boolean };
  stop: { epochs: number;        // 0 = never
          target: null | { metric: string; value: number };   // on validation (train if there is none)
          evaluate_test: boolean }; // open the test set when training finishes
}

// ---------------------------------------------------------------- catalog: the whole interface is built from it
export interface ParamSpec { id: string; min: number; max: number; default: number; scale: "linear" | "log"; integer: boolean }
export interface Entry {
  id: string;
  params: ParamSpec[];
  pytorch: string | null; keras: string | null; onnx: string | null;
  latex: string;                 // formula, for build-time KaTeX
  reference: string;             // paper or document
}
export interface ActivationEntry extends Entry {
  hidden: boolean; output: boolean;   // where it may stand
}
export interface MetricEntry { id: string; task: "classification" | "regression" | "both"; better: "higher" | "lower" }
export interface DatasetEntry {
  id: string; task: "classification" | "regression";
  kind: "plane" | "line" | "digits" | "custom";     // 2-D, 1-D, 28x28 images, caller's own
  classes: { min: number; max: number; default: number };  // 0..0 for regression
  has_balance: boolean; has_noise: boolean;
  domain: [number, number];      // both axes; plot range
}
export interface FeatureEntry { id: string; symbol: string; kind: "plane" | "line" } // symbol e.g. "x₁²"
/** One numeric/boolean/choice field of Config: where it is, its limits, what changing it does. */
export interface FieldSpec {
  path: string;                  // "training.batch_size", "network.hidden[].units"
  kind: "number" | "integer" | "boolean" | "choice" | "list" | "string";
  min: number; max: number; step: number; scale: "linear" | "log";
  table: string | null;          // for choices: "activations", "losses", ...
  effect: "live" | "replan" | "reset";
}
export interface Catalog {
  engine_version: string;
  activations: ActivationEntry[]; losses: Entry[]; optimizers: Entry[]; schedules: Entry[];
  penalties: Entry[]; clips: Entry[]; initializers: Entry[]; scalings: Entry[];
  metrics: MetricEntry[]; datasets: DatasetEntry[]; features: FeatureEntry[]; fields: FieldSpec[];
  limits: { hidden_layers: number; units: number; drawn_units: number; samples: [number, number]; parameters: number };
  defaults: Config;
}

// ---------------------------------------------------------------- commands (JSON, refused when a field is unknown)
export type Command =
  | { type: "configure"; config: unknown }          // partial allowed: laid over the engine's defaults
  | { type: "patch"; patch: unknown }               // laid over the current config (JSON merge patch; a Choice with another id replaces)
  | { type: "choose_dataset"; dataset: string }     // and adapts output, loss, split etc. where they no longer fit
  | { type: "play"; steps_per_second: number | null; epochs_per_second?: number | null } // both null = flat out
  | { type: "pause" }
  | { type: "step"; count: number }                 // pause, then `count` mini-batch updates
  | { type: "epoch"; count: number }                // pause, then to the end of the epoch, `count` times
  | { type: "reset" }                               // same seeds, so same weights
  | { type: "new_seed"; which: ("data" | "split" | "init" | "batches")[] }
  | { type: "set_parameter"; layer: number; unit: number; input: number | null; value: number } // input null = bias
  | { type: "reveal_test" };                        // breaks the seal, once more counted

// ---------------------------------------------------------------- events
export interface LayerSummary { name: string; kind: "input" | "hidden" | "output"; units: number; activation: Choice | null;
  shape: string;                 // "(batch, 4)"
  parameters: number; frozen: boolean }
export interface ModelSummary {
  task: "classification" | "regression"; kind: "plane" | "line" | "digits" | "custom";
  classes: number;               // 0 for regression
  inputs: string[];              // symbols of the input columns (2-D) or []
  input_count: number;
  layers: LayerSummary[];        // input first, output last
  parameters: number; multiply_adds: number;   // per sample, forward
  counts: { train: number; validation: number; test: number };
  steps_per_epoch: number;
  target_encoding: "zero_one" | "plus_minus_one" | "one_hot" | "plus_minus_one_hot" | "value";
}
export interface Refusal { code: string; field: string; values: { [name: string]: string | number } } // sentence = i18n key error.<code> with {values}
export interface Remedy { id: string; patch: unknown }      // label = i18n key remedy.<id>
export type Event =
  | { type: "configured"; run: number; config: Config; summary: ModelSummary;
      effect: "live" | "replan" | "reset";          // what happened to the run
      adapted: { field: string; from: string; to: string }[] }   // what the engine changed of its own accord
  | { type: "rejected"; refusal: Refusal }          // nothing changed
  | { type: "points"; run: number }                 // the data changed; ask points()
  | { type: "playing"; run: number } | { type: "paused"; run: number }
  | { type: "finished"; run: number; step: number; epoch: number;
      reason: "epochs" | "target" | "early_stopping" | "diverged";
      detail: { [name: string]: number | string };  // i18n key finished.<reason> with {detail}
      remedies: Remedy[] };                         // only for diverged
export interface SplitMetrics { loss: number; penalty: number; [metric: string]: number } // data loss; penalty apart; accuracy, f1_macro, r2...
export interface Metrics { epoch: number; step: number; train: SplitMetrics; validation: SplitMetrics | null;
  test: SplitMetrics | null;     // null while sealed
  test_revealed: number }        // how often the seal was broken

/** Points as the page draws them. plane: x,y; line: x; digits: none. */
export interface Points { kind: string; x: Float32Array; y: Float32Array; label: Float32Array; // class index, or the target value
  split: Uint8Array }            // 0 train, 1 validation, 2 test (test points come with label NaN while sealed)
export interface FrameWants {
  maps?: { resolution: number; hidden: boolean } | null;   // hidden: every neuron; else output only
  output?: { resolution: number; layer?: number; unit?: number } | null;   // the large map; default the output
  weights?: boolean;
  history?: boolean;
  digits?: { wrong: number } | null;
}
export interface Frame {
  run: number; step: number; epoch: number;        // epoch may be fractional
  playing: boolean; learning_rate: number; steps_per_second: number;
  metrics: Metrics | null;       // measured at metrics.step (may lag the frame's step on large data)
  /** columns per row; epoch first. Bounded: at most 600 rows, older rows merged. NaN = not measured. */
  history: { columns: string[]; rows: number; data: Float32Array } | null;
  /** maps[l][u]: rows from the top (y max) to the bottom, columns from x min to x max; resolution² values each.
   *  l = 0 is the input features, then hidden layers, then output. kind "line": resolution values. */
  maps: { resolution: number; layers: Float32Array[] } | null;
  output: { resolution: number; data: Float32Array; units: number } | null; // units > 1: class probabilities, unit-major
  weights: { weight: Float32Array; bias: Float32Array; outputs: number; inputs: number }[] | null;
  digits: { wrong: WrongDigit[]; wrong_count: number; of: number; split: "validation" | "test" } | null;
}
export interface WrongDigit { index: number; truth: number; predicted: number; probability: number; pixels: Uint8Array } // 784
export interface NamedTensor { name: string; shape: number[]; data: Float32Array } // "hidden.0.weight" (outputs, inputs), "hidden.0.bias", "output.weight"...
export interface EngineInfo { backend: "cpu" | "webgpu"; adapter: string | null; why: string; simd: boolean; version: string }
