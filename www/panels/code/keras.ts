/** The config as a program of Keras 3. */

import { START_FILE, batchSizeOf, dataSection, hitOf, layersOf, type Program, type Subject } from "./program.js";
import { python, spell } from "./spelling.js";

export function kerasProgram(subject: Subject): Program {
  const { config, references, summary } = subject;
  const { training } = config;
  const missing: Program["missing"] = [];
  const lack = (what: string, value: string | number): void => void missing.push({ what, value: String(value) });

  const call = (table: keyof typeof references, choice: { id: string }, quoted: boolean): string | null => {
    const template = references[table][choice.id]?.keras;
    if (!template) return null;
    const { text } = spell(template, choice, { learning_rate: rate });
    return quoted && /^\w+$/.test(text) ? `"${text}"` : text;
  };
  const rate = Number(training.optimizer["learning_rate"]);

  // ------------------------------------------------------------------ optimizer
  const { text: optimizerCall, unused } = spell(references.optimizers[training.optimizer.id]!.keras!, training.optimizer);
  const coupled = unused.find(([name]) => name === "weight_decay")?.[1] ?? 0;
  for (const [name, value] of unused) if (name !== "weight_decay" && name !== "momentum_decay") lack(`param.${name}`, value);
  const schedule = training.schedule.id === "constant" ? null : call("schedules", training.schedule, false);
  if (training.schedule.id !== "constant" && !schedule) lack(`schedule.${training.schedule.id}`, "");
  const callback = schedule?.startsWith("keras.callbacks.") ?? false;
  const extra = [
    ...(training.penalty.id === "weight_decay" ? [spell(references.penalties["weight_decay"]!.keras!, training.penalty).text] : []),
    ...(training.clip.id === "none" ? [] : [spell(references.clips[training.clip.id]!.keras!, training.clip).text]),
  ];
  const optimizer = [
    ...(schedule && !callback ? [`rate = ${schedule}`] : []),
    `optimizer = ${(schedule && !callback ? optimizerCall.replace(/learning_rate=[^,)]*/, "learning_rate=rate") : optimizerCall).replace(/\)$/, [...extra.map((each) => `, ${each}`), ")"].join(""))}`,
    ...(training.penalty.id === "weight_decay" ? ['optimizer.exclude_from_weight_decay(var_names=["bias"])'] : []),
  ];

  // ------------------------------------------------------------------ layers
  const penalty = ["none", "weight_decay"].includes(training.penalty.id) ? null : call("penalties", training.penalty, false);
  // What the optimizer adds to the gradient is the slope of this penalty, on biases too.
  const decay = coupled ? `keras.regularizers.L2(${python(coupled)} / 2)` : null;
  const regularizer = [penalty, decay].filter(Boolean).join(" and ");
  if (penalty && decay) lack("param.weight_decay", coupled);
  const weightStart = call("initializers", config.network.weight_initializer, true);
  const biasStart = call("initializers", config.network.bias_initializer, true);
  const layers = layersOf(subject).flatMap((layer) => {
    const activation = call("activations", layer.activation, true);
    const parts = [
      String(layer.units),
      ...(layer.activation.id === "linear" ? [] : [`activation=${activation}`]),
      ...(weightStart === '"glorot_uniform"' ? [] : [`kernel_initializer=${weightStart}`]),
      ...(biasStart === '"zeros"' ? [] : [`bias_initializer=${biasStart}`]),
      ...(regularizer ? [`kernel_regularizer=${penalty ?? decay}`] : []),
      ...(decay ? [`bias_regularizer=${decay}`] : []),
      ...(training.max_norm > 0 ? [`kernel_constraint=keras.constraints.MaxNorm(${python(training.max_norm)}, axis=0)`] : []),
      ...(layer.frozen ? ["trainable=False"] : []),
      `name="${layer.name.replace(".", "_")}"`,
    ];
    const factor = layer.learning_rate_factor ?? 1;
    if (factor !== 1) lack("field.network.hidden[].learning_rate_factor", factor);
    return [`    keras.layers.Dense(${parts.join(", ")}),`, ...(layer.dropout > 0 ? [`    keras.layers.Dropout(${python(layer.dropout)}),`] : [])];
  });

  // ------------------------------------------------------------------ loss, metrics, rules of stopping
  const loss = call("losses", training.loss, true);
  const hit = hitOf(subject);
  const metrics = { none: '["mae"]', probability: '["accuracy"]', largest: '["accuracy"]', sign: "[accuracy]" }[hit];
  const watched = summary.counts.validation > 0;
  const early = training.early_stopping;
  const callbacks = [
    ...(callback ? [`    ${schedule},`] : []),
    ...(early ? [`    keras.callbacks.EarlyStopping(monitor="${watched ? "val_" : ""}${early.metric === "accuracy" ? "accuracy" : "loss"}", patience=${early.patience}, min_delta=${python(early.min_delta)}, restore_best_weights=${early.restore_best ? "True" : "False"}),`] : []),
  ];
  if (early && !["loss", "accuracy"].includes(early.metric)) lack(`metric.${early.metric}`, "");
  if (training.stop.target) lack(`metric.${training.stop.target.metric}`, training.stop.target.value);

  const body = [...dataSection(subject, "keras")];
  const uses = (word: string): boolean => [...body, ...optimizer, ...layers, ...callbacks].some((line) => line.includes(word));
  const lines = [
    ...(subject.sameStart ? ["import json"] : []), ...(uses("math.") ? ["import math"] : []), ...(subject.sameStart || uses("math.") ? [""] : []),
    "import keras", "import numpy as np", "",
    `keras.utils.set_random_seed(${config.seeds.init})`, "",
    ...body,
    "model = keras.Sequential([", `    keras.Input(shape=(${summary.input_count},)),`, ...layers, "])",
    "model.summary()", "",
    ...(subject.sameStart ? startSection() : []),
    ...(hit === "sign" ? ["def accuracy(y, y_hat):", '    return keras.ops.mean(keras.ops.cast(keras.ops.equal(y > 0, y_hat > 0), "float32"), axis=-1)', "", ""] : []),
    ...(uses("steps_per_epoch") ? [`steps_per_epoch = ${summary.steps_per_epoch}`] : []),
    ...optimizer,
    `model.compile(optimizer=optimizer, loss=${loss}, metrics=${metrics})`, "",
    "history = model.fit(", "    X[train], y[train],",
    `    epochs=${subject.epochs}, batch_size=${batchSizeOf(subject)},${subject.sameStart || !training.shuffled ? " shuffle=False," : ""}`,
    ...(watched ? ["    validation_data=(X[validation], y[validation]),"] : []),
    ...(callbacks.length > 0 ? ["    callbacks=[", ...callbacks.map((line) => `    ${line}`), "    ],"] : []),
    ")", "",
    'print("training", model.evaluate(X[train], y[train], verbose=0))',
    ...(watched ? ['print("validation", model.evaluate(X[validation], y[validation], verbose=0))'] : []),
    "if len(test):", '    print("test", model.evaluate(X[test], y[test], verbose=0))',
  ];
  return { text: `${lines.join("\n")}\n`, missing };
}

/** Weights as the page saves them are (outputs, inputs); Keras keeps them the other way round. */
function startSection(): string[] {
  return [
    `# ${START_FILE}: the page's weights at step 0`,
    `with open("${START_FILE}") as file:`, "    start = json.load(file)",
    "for layer in model.layers:", '    if layer.weights:', '        name = layer.name.replace("_", ".")',
    '        layer.set_weights([np.array(start[name + ".weight"]).T, np.array(start[name + ".bias"])])', "",
  ];
}
