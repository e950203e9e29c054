/** The config as a program of PyTorch. */

import { dataOf } from "../../engine/data-kinds.js";
import { START_FILE, batchSizeOf, dataSection, hitOf, layersOf, type Program, type Subject } from "./program.js";
import { calledOn, python, spell } from "./spelling.js";

/** PyTorch has no Lion: the program brings its own. */
const LION = "Lion(lr={learning_rate}, betas=({beta1}, {beta2})[, weight_decay={weight_decay}])";
const LION_CLASS = `class Lion(torch.optim.Optimizer):
    """Chen et al., arXiv:2302.06675."""

    def __init__(self, parameters, lr, betas, weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * (beta1 * m + (1 - beta1) * p.grad).sign())
                m.mul_(beta2).add_((1 - beta2) * p.grad)


`;

export function pytorchProgram(subject: Subject): Program {
  const { config, references, summary } = subject;
  const { training } = config;
  const missing: Program["missing"] = [];
  const lack = (what: string, value: string | number = ""): void => void missing.push({ what, value: String(value) });
  const rate = Number(training.optimizer["learning_rate"]);
  const short = (text: string): string => text.replaceAll("torch.nn.", "nn.");

  // ------------------------------------------------------------------ layers
  const lossCall = short(spell(references.losses[training.loss.id]!.pytorch!, training.loss).text);
  // These take the logits, so the output has no activation.
  const fused = /WithLogitsLoss|CrossEntropyLoss/.test(lossCall);
  const all = layersOf(subject);
  const activation = (layer: (typeof all)[number]): string | null => {
    if (layer.activation.id === "linear" || (layer.isOutput && fused)) return null;
    const text = short(spell(references.activations[layer.activation.id]!.pytorch!, layer.activation).text);
    return text.endsWith(")") && !text.startsWith("lambda") ? text : `Apply(${text})`;
  };
  const layers = all.flatMap((layer) => {
    const after = activation(layer);
    return [`    nn.Linear(${layer.inputs}, ${layer.units}),`, ...(after ? [`    ${after},`] : []), ...(layer.dropout > 0 ? [`    nn.Dropout(${python(layer.dropout)}),`] : [])];
  });
  const applied = layers.some((line) => line.includes("Apply("));
  const initial = (table: "weight_initializer" | "bias_initializer", on: string): string =>
    short(calledOn(spell(references.initializers[config.network[table].id]!.pytorch!, config.network[table]).text, on));
  const frozen = all.flatMap((layer, index) => (layer.frozen ? [`linear[${index}].requires_grad_(False)`] : []));
  const factors = all.map((layer) => layer.learning_rate_factor ?? 1);

  // ------------------------------------------------------------------ optimizer, schedule, penalty
  const own = references.optimizers[training.optimizer.id]!.pytorch === null;
  const optimizerCall = spell(references.optimizers[training.optimizer.id]!.pytorch ?? LION, training.optimizer);
  for (const [name, value] of optimizerCall.unused) lack(`param.${name}`, value);
  const groups = factors.every((factor) => factor === 1) ? "model.parameters()"
    : `[{"params": layer.parameters(), "lr": ${python(rate)} * factor} for layer, factor in zip(linear, [${factors.map(python).join(", ")}])]`;
  const scheduleTemplate = references.schedules[training.schedule.id]?.pytorch;
  const schedule = scheduleTemplate ? calledOn(spell(scheduleTemplate, training.schedule, { learning_rate: rate }).text, "optimizer") : null;
  const perStep = schedule !== null && /LinearLR|OneCycleLR|CyclicLR/.test(schedule);
  const onPlateau = schedule?.includes("ReduceLROnPlateau") ?? false;
  const penalty = (references.penalties[training.penalty.id]?.pytorch ?? "").split("\n").filter(Boolean).map((line) => spell(line, training.penalty).text);
  const afterStep = penalty.filter((line) => /_\(/.test(line));
  const inLoss = penalty.filter((line) => !/_\(/.test(line));
  const clip = training.clip.id === "none" ? null : calledOn(spell(references.clips[training.clip.id]!.pytorch!, training.clip).text, "model.parameters()");

  // ------------------------------------------------------------------ loop
  const hit = hitOf(subject);
  const right = { none: "", probability: "(y_hat > 0) == (y > 0.5)", sign: "(y_hat > 0) == (y > 0)", largest: "y_hat.argmax(dim=-1) == y.argmax(dim=-1)" }[hit];
  // Without the fused loss the output is a probability already.
  const found = hit === "probability" && !fused ? right.replace("y_hat > 0", "y_hat > 0.5") : right;
  const shuffled = training.shuffled && !subject.sameStart;
  const watched = summary.counts.validation > 0;
  const early = training.early_stopping;
  const watchedName = watched ? "validation" : "train";
  if (early && !["loss", "accuracy"].includes(early.metric)) lack(`metric.${early.metric}`);
  if (training.stop.target) lack(`metric.${training.stop.target.metric}`, training.stop.target.value);

  const update = [
    "optimizer.zero_grad()",
    "loss = loss_function(model(X[rows]), y[rows])",
    ...inLoss.map((line) => `(loss + sum(${line} for w in weights)).backward()`),
    ...(inLoss.length === 0 ? ["loss.backward()"] : []),
    ...(clip ? [clip] : []),
    ...(afterStep.length > 0 ? ['rate = optimizer.param_groups[0]["lr"]'] : []),
    ...(afterStep.some((line) => line.includes("mul_")) ? shrink(afterStep.filter((line) => line.includes("mul_"))) : []),
    "optimizer.step()",
    ...(afterStep.some((line) => !line.includes("mul_")) ? shrink(afterStep.filter((line) => !line.includes("mul_"))) : []),
    ...(training.max_norm > 0 ? ["with torch.no_grad():", "    for w in weights:", `        w.copy_(torch.renorm(w, 2, 0, ${python(training.max_norm)}))`] : []),
    ...(perStep ? ["scheduler.step()"] : []),
  ];
  const better = early?.metric === "accuracy" ? `value > best + ${python(early.min_delta)}` : `value < best - ${python(early?.min_delta ?? 0)}`;
  const stopping = early
    ? [`value = evaluate(${watchedName})[${early.metric === "accuracy" ? 1 : 0}]`, `if best is None or ${better}:`, "    best, wait = value, 0", ...(early.restore_best ? ["    kept = copy.deepcopy(model.state_dict())"] : []),
      "else:", "    wait += 1", `    if wait >= ${early.patience}:`, "        break"] : [];
  const body = dataSection(subject, "pytorch");
  const lines = [
    ...(early?.restore_best ? ["import copy"] : []), ...(subject.sameStart ? ["import json"] : []), ...(lossCall.includes("math.") ? ["import math"] : []),
    ...(early?.restore_best || subject.sameStart || lossCall.includes("math.") ? [""] : []),
    "import numpy as np", "import torch", ...(dataOf(summary).image ? ["import torchvision"] : []), "from torch import nn", "",
    `torch.manual_seed(${config.seeds.init})`, "",
    ...body.slice(0, -1), "X, y = torch.from_numpy(X), torch.from_numpy(y)", "",
    ...(applied ? ["class Apply(nn.Module):", "    def __init__(self, function):", "        super().__init__()", "        self.function = function", "", "    def forward(self, z):", "        return self.function(z)", "", ""] : []),
    ...(own ? LION_CLASS.split("\n").slice(0, -1) : []),
    "model = nn.Sequential(", ...layers, ...(fused ? [`    # no ${all.at(-1)!.activation.id}: the loss takes the logits`] : []), ")",
    "linear = [layer for layer in model if isinstance(layer, nn.Linear)]",
    ...(subject.sameStart ? startSection() : ["for layer in linear:", `    ${initial("weight_initializer", "layer.weight")}`, `    ${initial("bias_initializer", "layer.bias")}`]),
    ...frozen, "weights = [layer.weight for layer in linear if layer.weight.requires_grad]", "",
    `loss_function = ${lossCall}`,
    `optimizer = ${calledOn(optimizerCall.text, groups)}`,
    ...(schedule ? [`scheduler = ${schedule}`] : []), "", "",
    "def evaluate(rows):", "    model.eval()", "    with torch.no_grad():", "        y_hat, target = model(X[rows]), y[rows]",
    "        loss = loss_function(y_hat, target).item()",
    ...(hit === "none" ? ["    model.train()", "    return (loss,)"]
      : [`        accuracy = (${found.replaceAll(" y)", " target)").replaceAll("(y >", "(target >").replaceAll(" y.argmax", " target.argmax")}).float().mean().item()`, "    model.train()", "    return loss, accuracy"]),
    "", "",
    ...(early ? [`best, wait${early.restore_best ? ", kept" : ""} = None, 0${early.restore_best ? ", None" : ""}`] : []),
    `for epoch in range(${subject.epochs}):`,
    `    order = ${shuffled ? "np.random.permutation(train)" : "train"}`,
    `    for first in range(0, len(order), ${batchSizeOf(subject)}):`,
    `        rows = order[first:first + ${batchSizeOf(subject)}]`,
    ...update.map((line) => `        ${line}`),
    ...(schedule && !perStep ? [`    scheduler.step(${onPlateau ? `evaluate(${watchedName})[0]` : ""})`] : []),
    `    print(epoch + 1, "training", evaluate(train)${watched ? ', "validation", evaluate(validation)' : ""})`,
    ...stopping.map((line) => `    ${line}`),
    ...(early?.restore_best ? ["if kept:", "    model.load_state_dict(kept)"] : []),
    "if len(test):", '    print("test", evaluate(test))',
  ];
  return { text: `${lines.join("\n")}\n`, missing };
}

function shrink(lines: string[]): string[] {
  return ["with torch.no_grad():", "    for w in weights:", ...lines.map((line) => `        ${line}`)];
}

function startSection(): string[] {
  return [
    `# ${START_FILE}: the page's weights at step 0`,
    `with open("${START_FILE}") as file:`, "    start = json.load(file)",
    "with torch.no_grad():",
    '    for name, layer in zip([*(f"hidden.{index}" for index in range(len(linear) - 1)), "output"], linear):',
    '        layer.weight.copy_(torch.tensor(start[name + ".weight"]))', '        layer.bias.copy_(torch.tensor(start[name + ".bias"]))',
  ];
}
