// A catalog with the engine's ids, for the mock engine. Development only.
import type { ActivationEntry, Catalog, Choice, Config, Entry, FieldSpec, MetricEntry, ParamSpec } from "../engine/types.js";
import { datasets } from "./mock-data.js";

const param = (id: string, min: number, max: number, value: number, scale: "linear" | "log" = "linear", integer = false): ParamSpec =>
  ({ id, min, max, default: value, scale, integer });
const flag = (id: string) => param(id, 0, 1, 0, "linear", true);
const rate = (value: number) => param("learning_rate", 1e-5, 10, value, "log");
const entry = (id: string, ...params: ParamSpec[]): Entry => ({ id, params, pytorch: null, keras: null, onnx: null, latex: "", reference: "" });
const activation = (id: string, ...params: ParamSpec[]): ActivationEntry => ({ ...entry(id, ...params), hidden: true,
  output: ["linear", "sigmoid", "tanh"].includes(id) });
const eps = param("eps", 1e-12, 1e-2, 1e-8, "log");
const decay = param("weight_decay", 0, 1, 0);
const betas = [param("beta1", 0, 0.9999, 0.9), param("beta2", 0, 0.9999, 0.999), eps, decay];
const floor = param("min_factor", 0, 1, 0.01);
const period = (n: number) => param("period", 1, 100000, n, "log", true);

const field = (path: string, kind: FieldSpec["kind"], min: number, max: number, step: number, effect: FieldSpec["effect"],
  table: string | null = null, scale: "linear" | "log" = "linear"): FieldSpec => ({ path, kind, min, max, step, scale, table, effect });

const fields: FieldSpec[] = [
  field("seeds.data", "integer", 0, 4294967295, 1, "reset"), field("seeds.split", "integer", 0, 4294967295, 1, "reset"),
  field("seeds.init", "integer", 0, 4294967295, 1, "reset"), field("seeds.batches", "integer", 0, 4294967295, 1, "reset"),
  field("data.dataset", "choice", 0, 0, 0, "reset", "datasets"), field("data.samples", "integer", 10, 5000, 10, "reset"),
  field("data.noise", "number", 0, 1, 0.01, "reset"), field("data.label_noise", "number", 0, 0.5, 0.01, "reset"),
  field("data.balance", "number", 0.05, 0.95, 0.05, "reset"), field("data.classes", "integer", 2, 8, 1, "reset"),
  field("data.split.train", "integer", 1, 98, 1, "reset"), field("data.split.validation", "integer", 0, 98, 1, "reset"),
  field("data.split.test", "integer", 0, 98, 1, "reset"), field("data.features", "list", 1, 7, 1, "reset", "features"),
  field("data.scaling", "choice", 0, 0, 0, "reset", "scalings"),
  field("network.hidden", "list", 0, 8, 1, "reset"), field("network.hidden[].units", "integer", 1, 1024, 1, "reset"),
  field("network.hidden[].activation", "choice", 0, 0, 0, "reset", "activations"),
  field("network.hidden[].dropout", "number", 0, 0.9, 0.05, "replan"), field("network.hidden[].frozen", "boolean", 0, 1, 1, "replan"),
  field("network.output.activation", "choice", 0, 0, 0, "reset", "activations"), field("network.output.frozen", "boolean", 0, 1, 1, "replan"),
  field("network.weight_initializer", "choice", 0, 0, 0, "reset", "initializers"),
  field("network.bias_initializer", "choice", 0, 0, 0, "reset", "initializers"),
  field("training.loss", "choice", 0, 0, 0, "replan", "losses"), field("training.optimizer", "choice", 0, 0, 0, "replan", "optimizers"),
  field("training.schedule", "choice", 0, 0, 0, "live", "schedules"), field("training.batch_size", "integer", 1, 5000, 1, "replan", null, "log"),
  field("training.shuffled", "boolean", 0, 1, 1, "live"), field("training.penalty", "choice", 0, 0, 0, "live", "penalties"),
  field("training.max_norm", "number", 0, 100, 0.1, "live"), field("training.clip", "choice", 0, 0, 0, "live", "clips"),
  field("training.stop.epochs", "integer", 0, 100000, 1, "live"), field("training.stop.evaluate_test", "boolean", 0, 1, 1, "live"),
];

const both = ["loss"]; const regression = ["rmse", "mae", "r2"];
const metrics: MetricEntry[] = ["loss", "accuracy", "precision", "recall", "f1", "precision_macro", "recall_macro", "f1_macro",
  "precision_micro", "recall_micro", "f1_micro", "log_loss", "rmse", "mae", "r2"].map((id) => ({ id,
  task: both.includes(id) ? "both" : regression.includes(id) ? "regression" : "classification",
  better: ["loss", "log_loss", "rmse", "mae"].includes(id) ? "lower" : "higher" }));

const chosen = (id: string, more: Partial<Choice> = {}): Choice => ({ id, ...more } as Choice);

const defaults: Config = {
  version: 1, mode: "standard", seeds: { data: 1, split: 2, init: 3, batches: 4, tf_playground: "0.59704" },
  data: { dataset: "circle", samples: 250, noise: 0.1, label_noise: 0, balance: 0.5, classes: 3,
    split: { train: 60, validation: 20, test: 20 }, features: ["x", "y"], scaling: chosen("none") },
  network: { hidden: [4, 2].map((units) => ({ units, activation: chosen("tanh"), dropout: 0, frozen: false })),
    output: { activation: chosen("sigmoid"), frozen: false }, weight_initializer: chosen("glorot_uniform"), bias_initializer: chosen("zeros") },
  training: { loss: chosen("binary_cross_entropy"), optimizer: chosen("adam", { learning_rate: 0.03, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0, amsgrad: 0 }),
    schedule: chosen("constant"), batch_size: 10, shuffled: true, penalty: chosen("none"), max_norm: 0, clip: chosen("none"),
    early_stopping: null, stop: { epochs: 0, target: null, evaluate_test: false } },
};

export const catalog: Catalog = {
  engine_version: "mock",
  activations: [activation("linear"), activation("sigmoid"), activation("tanh"), activation("relu"),
    activation("leaky_relu", param("slope", 0, 1, 0.01)), activation("elu", param("alpha", 0.01, 10, 1)), activation("selu"),
    activation("gelu"), activation("gelu_tanh"), activation("silu"), activation("softplus"), activation("softsign"), activation("mish"),
    activation("hard_sigmoid"), activation("hard_swish"), activation("sine"), activation("gaussian"),
    { ...entry("softmax"), hidden: false, output: true }],
  losses: [entry("mse"), entry("half_mse"), entry("mae"), entry("huber", param("delta", 1e-3, 100, 1, "log")), entry("log_cosh"),
    entry("binary_cross_entropy"), entry("categorical_cross_entropy"), entry("hinge")],
  optimizers: [entry("gd", rate(0.03)), entry("sgd", rate(0.03)), entry("momentum", rate(0.03), param("momentum", 0, 0.999, 0.9), param("dampening", 0, 1, 0)),
    entry("nesterov", rate(0.03), param("momentum", 0, 0.999, 0.9)), entry("adagrad", rate(0.01), param("lr_decay", 0, 1, 0), eps),
    entry("rmsprop", rate(0.01), param("alpha", 0, 0.9999, 0.99), eps, flag("centered")), entry("adadelta", rate(1), param("rho", 0, 0.9999, 0.9), eps),
    entry("adam", rate(0.001), ...betas, flag("amsgrad")), entry("adamw", rate(0.001), ...betas, flag("amsgrad")),
    entry("nadam", rate(0.002), ...betas, param("momentum_decay", 0, 1, 0.004)), entry("lion", rate(0.0001), param("beta1", 0, 1, 0.9), param("beta2", 0, 1, 0.99), decay)],
  schedules: [entry("constant"), entry("step", period(100), param("gamma", 0, 1, 0.5)), entry("exponential", param("gamma", 0.9, 1, 0.999)),
    entry("cosine", period(1000), floor), entry("cosine_restarts", period(1000), param("multiplier", 1, 4, 2), floor),
    entry("warm_up", param("steps", 1, 100000, 100, "log", true), param("start_factor", 0, 1, 0.1)),
    entry("one_cycle", period(1000), param("warm_share", 0, 1, 0.3), param("start_factor", 0, 1, 0.04), param("final_factor", 0, 1, 0.0001)),
    entry("cyclic", period(1000), floor), entry("reduce_on_plateau", param("factor", 0, 1, 0.1), param("patience", 1, 1000, 10, "log", true))],
  penalties: [entry("none"), entry("l1", param("lambda", 1e-6, 10, 0.001, "log")), entry("l2", param("lambda", 1e-6, 10, 0.001, "log")),
    entry("elastic_net", param("l1", 1e-6, 10, 0.001, "log"), param("l2", 1e-6, 10, 0.001, "log")), entry("weight_decay", param("lambda", 1e-6, 10, 0.01, "log"))],
  clips: [entry("none"), entry("norm", param("limit", 1e-3, 100, 1, "log")), entry("value", param("limit", 1e-3, 100, 1, "log"))],
  initializers: [entry("zeros"), entry("constant", param("value", -10, 10, 0.1)), entry("uniform", param("low", -10, 10, -0.5), param("high", -10, 10, 0.5)),
    entry("normal", param("mean", -10, 10, 0), param("std", 0, 10, 0.1)), entry("glorot_uniform"), entry("glorot_normal"), entry("he_uniform"),
    entry("he_normal"), entry("lecun_uniform"), entry("lecun_normal"), entry("orthogonal", param("gain", 0, 10, 1))],
  scalings: [entry("none"), entry("standard"), entry("min_max")],
  metrics, datasets,
  features: [{ id: "x", symbol: "x₁", kind: "plane" }, { id: "y", symbol: "x₂", kind: "plane" }, { id: "x_squared", symbol: "x₁²", kind: "plane" },
    { id: "y_squared", symbol: "x₂²", kind: "plane" }, { id: "x_times_y", symbol: "x₁x₂", kind: "plane" }, { id: "sin_x", symbol: "sin x₁", kind: "plane" },
    { id: "sin_y", symbol: "sin x₂", kind: "plane" }, { id: "x", symbol: "x", kind: "line" }, { id: "x_squared", symbol: "x²", kind: "line" },
    { id: "sin_x", symbol: "sin x", kind: "line" }],
  fields, limits: { hidden_layers: 8, units: 1024, drawn_units: 64, samples: [10, 5000], digit_samples: [100, 8000], parameters: 2_000_000 }, defaults,
};
