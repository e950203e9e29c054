// A plausible engine without wasm, to draw the page against while the real one is built.
// Development only: never imported by the product.
import type { Catalog, Choice, Config, EngineInfo, Event, Frame, FrameWants, Metrics, ModelSummary, NamedTensor, Points,
  SplitMetrics, WrongDigit } from "../engine/types.js";
import { catalog } from "./mock-catalog.js";
import { make, type MockData } from "./mock-data.js";
import { activate, derivative, MockNet, rng } from "./mock-net.js";

type EventOf<K extends Event["type"]> = Extract<Event, { type: K }>;
const HISTORY_ROWS = 600;
const symbols: { [id: string]: [string, (x: number, y: number) => number] } = {
  x: ["x₁", (x) => x], y: ["x₂", (_, y) => y], x_squared: ["x₁²", (x) => x * x], y_squared: ["x₂²", (_, y) => y * y],
  x_times_y: ["x₁x₂", (x, y) => x * y], sin_x: ["sin x₁", (x) => Math.sin(x)], sin_y: ["sin x₂", (_, y) => Math.sin(y)],
};

function merge(base: unknown, patch: unknown): unknown {
  if (typeof patch === "string" && typeof base === "object" && base !== null && "id" in base) return { id: patch };
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return structuredClone(patch);
  if (typeof base !== "object" || base === null || Array.isArray(base)) return structuredClone(patch);
  if ("id" in base && "id" in patch && base.id !== patch.id) return structuredClone(patch);
  const out: { [key: string]: unknown } = { ...base };
  for (const [key, v] of Object.entries(patch)) out[key] = merge(out[key], v);
  return out;
}

function complete(table: { id: string; params: { id: string; default: number }[] }[], choice: Choice | string): Choice {
  const given: Choice = typeof choice === "string" ? { id: choice } : choice;
  const filled: Choice = { id: given.id };
  for (const p of table.find((e) => e.id === given.id)?.params ?? []) filled[p.id] = given[p.id] ?? p.default;
  return filled;
}

export class Engine {
  readonly info: EngineInfo = { backend: "cpu", adapter: null, why: "mock", simd: false, version: "mock" };
  readonly catalog: Catalog = catalog;
  private config: Config = structuredClone(catalog.defaults);
  private data!: MockData;
  private net!: MockNet;
  private run = 0; private at = 0; private playing = false; private revealed = 0; private timer = 0; private rate = 0;
  private rows: number[][] = [];
  private listeners = new Map<string, Set<(event: never) => void>>();

  static async create(_options: { backend?: string; worker?: boolean } = {}): Promise<Engine> {
    const engine = new Engine();
    engine.rebuild("reset");
    return engine;
  }
  on<K extends Event["type"]>(type: K, listener: (event: EventOf<K>) => void): () => void {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set.add(listener as (event: never) => void));
    return () => { set.delete(listener as (event: never) => void); };
  }
  private emit(event: Event): void { this.listeners.get(event.type)?.forEach((f) => f(event as never)); }

  async configure(config: unknown): Promise<Config> { return this.accept(merge(catalog.defaults, config) as Config); }
  async patch(patch: unknown): Promise<Config> { return this.accept(merge(this.config, patch) as Config); }
  async chooseDataset(dataset: string): Promise<Config> {
    const entry = catalog.datasets.find((d) => d.id === dataset)!;
    const c = structuredClone(this.config);
    c.data.dataset = dataset;
    const many = entry.classes.default > 2;
    c.data.features = entry.kind === "plane" ? ["x", "y"] : entry.kind === "line" ? ["x"] : [];
    if (entry.kind === "digits") c.network.hidden = [64, 64].map((units) => ({ units, activation: { id: "relu" }, dropout: 0, frozen: false }));
    else if (this.summary().kind === "digits") c.network.hidden = structuredClone(catalog.defaults.network.hidden);
    c.network.output.activation = { id: entry.task === "regression" ? "linear" : many ? "softmax" : "sigmoid" };
    c.training.loss = { id: entry.task === "regression" ? "mse" : many ? "categorical_cross_entropy" : "binary_cross_entropy" };
    return this.accept(c);
  }
  private accept(c: Config): Config {
    if (c.network.hidden.length > 8 || c.network.hidden.some((l) => !(l.units >= 1 && l.units <= 1024))) {
      this.emit({ type: "rejected", refusal: { code: "out_of_range", field: "network.hidden[].units", values: { min: 1, max: 1024, value: 0 } } });
      return this.config;
    }
    for (const layer of c.network.hidden) layer.activation = complete(catalog.activations, layer.activation);
    c.training.optimizer = complete(catalog.optimizers, c.training.optimizer);
    c.training.penalty = complete(catalog.penalties, c.training.penalty);
    c.training.schedule = complete(catalog.schedules, c.training.schedule);
    c.training.clip = complete(catalog.clips, c.training.clip);
    const before = JSON.stringify([this.config.data, this.config.network, this.config.seeds]);
    this.config = c;
    this.rebuild(before === JSON.stringify([c.data, c.network, c.seeds]) ? "live" : "reset");
    return c;
  }
  private rebuild(effect: "live" | "reset"): void {
    const { data, network, seeds } = this.config;
    if (effect === "reset") {
      this.run++; this.at = 0; this.rows = [];
      this.data = make(data.dataset, data.samples, data.noise, data.classes, seeds.data, data.split);
      this.net = new MockNet(this.inputCount(), network.hidden.map((l) => ({ units: l.units, activation: l.activation.id })),
        this.outputs(), network.output.activation.id, seeds.init);
      this.record();
    }
    this.emit({ type: "configured", run: this.run, config: this.config, summary: this.summary(), effect, adapted: [] });
    if (effect === "reset") this.emit({ type: "points", run: this.run });
  }
  private outputs(): number { return this.data.classes > 2 ? this.data.classes : 1; }
  private inputCount(): number { return this.data.kind === "digits" ? 784 : this.config.data.features.length; }
  private row(i: number): ArrayLike<number> {
    const p = this.data.inputs[i]!;
    return this.data.kind === "digits" ? p : this.features(p[0]!, p[1]!);
  }
  private features(x: number, y: number): number[] { return this.config.data.features.map((f) => symbols[f]![1](x, y)); }
  private target(i: number): number[] {
    const label = this.data.labels[i]!;
    return this.outputs() === 1 ? [label] : Array.from({ length: this.outputs() }, (_, k) => (k === label ? 1 : 0));
  }
  summary(): ModelSummary {
    const { data, network } = this.config;
    const widths = [this.inputCount(), ...network.hidden.map((l) => l.units), this.outputs()];
    const counts = [0, 1, 2].map((s) => this.data.split.filter((v) => v === s).length);
    const layers = widths.map((units, l) => ({ name: l === 0 ? "input" : l === widths.length - 1 ? "output" : `hidden.${l - 1}`,
      kind: (l === 0 ? "input" : l === widths.length - 1 ? "output" : "hidden") as "input" | "hidden" | "output", units,
      activation: l === 0 ? null : l === widths.length - 1 ? network.output.activation : network.hidden[l - 1]!.activation,
      shape: `(batch, ${units})`, parameters: l === 0 ? 0 : units * (widths[l - 1]! + 1), frozen: false }));
    const parameters = layers.reduce((n, l) => n + l.parameters, 0);
    return { task: this.data.task, kind: this.data.kind, classes: this.data.classes,
      inputs: this.data.kind === "digits" ? [] : data.features.map((f) => symbols[f]![0]), input_count: widths[0]!, layers, parameters,
      multiply_adds: parameters - widths.slice(1).reduce((a, b) => a + b, 0), counts: { train: counts[0]!, validation: counts[1]!, test: counts[2]! },
      steps_per_epoch: Math.max(1, Math.ceil(counts[0]! / this.config.training.batch_size)),
      target_encoding: this.data.task === "regression" ? "value" : this.outputs() > 1 ? "one_hot" : "zero_one" };
  }

  async play(options: { stepsPerSecond?: number | null; epochsPerSecond?: number | null } = {}): Promise<void> {
    if (this.playing) await this.pause();
    this.playing = true;
    this.emit({ type: "playing", run: this.run });
    const per = options.stepsPerSecond ?? (options.epochsPerSecond ?? 30) * this.summary().steps_per_epoch;
    const random = rng(this.at + 1);
    this.timer = setInterval(() => {
      const started = performance.now(); let n = 0;
      while (n < Math.max(1, per / 60) && performance.now() - started < 8) { this.update(random); n++; }
      this.rate = n * 60;
    }, 16) as unknown as number;
  }
  async pause(): Promise<void> { clearInterval(this.timer); this.playing = false; this.emit({ type: "paused", run: this.run }); }
  async step(count = 1): Promise<void> { await this.pause(); const random = rng(this.at); for (let i = 0; i < count; i++) this.update(random); this.record(); }
  async epoch(count = 1): Promise<void> { await this.step(count * this.summary().steps_per_epoch); }
  async reset(): Promise<void> { await this.pause(); this.rebuild("reset"); }
  async newSeed(which: ("data" | "split" | "init" | "batches")[] = ["init"]): Promise<void> {
    const seeds = { ...this.config.seeds };
    for (const w of which) seeds[w] = (seeds[w] * 7919 + 13) % 4294967296;
    await this.patch({ seeds });
  }
  async setParameter(layer: number, unit: number, input: number | null, value: number): Promise<void> {
    const l = this.net.layers[layer]!;
    if (input === null) l.bias[unit] = value; else l.weight[unit * l.inputs + input] = value;
  }
  async revealTest(): Promise<void> { this.revealed++; this.emit({ type: "points", run: this.run }); }
  private update(random: () => number): void {
    const train: number[] = [];
    const n = this.data.kind === "digits" ? 4 : this.config.training.batch_size;
    while (train.length < n) { const i = Math.floor(random() * this.data.inputs.length); if (this.data.split[i] === 0) train.push(i); }
    this.net.step(train.map((i) => this.row(i)), train.map((i) => this.target(i)), Math.min(0.05, Number(this.config.training.optimizer.learning_rate ?? 0.01)));
    this.at++;
    if (this.at % Math.max(1, this.summary().steps_per_epoch) === 0) this.record();
  }
  private score(split: number): SplitMetrics | null {
    let n = 0; let loss = 0; let right = 0; let mean = 0; let squares = 0;
    const stride = this.data.kind === "digits" ? 8 : 1;
    for (let i = 0; i < this.data.inputs.length; i += stride) {
      if (this.data.split[i] !== split) continue;
      const y = this.net.forward(this.row(i)); const label = this.data.labels[i]!; n++;
      if (this.data.task === "regression") { loss += (y[0]! - label) ** 2; mean += label; squares += label * label; }
      else if (this.outputs() === 1) { loss -= Math.log(Math.max(1e-7, label ? y[0]! : 1 - y[0]!)); right += Number((y[0]! >= 0.5) === (label === 1)); }
      else { loss -= Math.log(Math.max(1e-7, y[label]!)); right += Number(y.indexOf(Math.max(...y)) === label); }
    }
    if (!n) return null;
    return this.data.task === "regression" ? { loss: loss / n, penalty: 0, rmse: Math.sqrt(loss / n), r2: 1 - loss / (squares - mean * mean / n) }
      : { loss: loss / n, penalty: 0, accuracy: right / n, f1_macro: right / n };
  }
  async metrics(): Promise<Metrics> {
    return { epoch: this.at / this.summary().steps_per_epoch, step: this.at, train: this.score(0)!, validation: this.score(1),
      test: this.revealed ? this.score(2) : null, test_revealed: this.revealed };
  }
  private get second(): "r2" | "accuracy" { return this.data.task === "regression" ? "r2" : "accuracy"; }
  private record(): void {
    const train = this.score(0)!; const validation = this.score(1);
    this.rows.push([this.at / this.summary().steps_per_epoch, train.loss, validation?.loss ?? NaN, train[this.second]!, validation?.[this.second] ?? NaN]);
    if (this.rows.length > HISTORY_ROWS) this.rows = this.rows.filter((_, i) => i % 2 === 0);
  }
  async frame(wants: FrameWants): Promise<Frame> {
    const last = this.rows.at(-1);
    return { run: this.run, step: this.at, epoch: this.at / this.summary().steps_per_epoch, playing: this.playing,
      learning_rate: Number(this.config.training.optimizer.learning_rate ?? 0.01), steps_per_second: this.playing ? this.rate : 0,
      metrics: last ? await this.metrics() : null,
      history: wants.history ? { columns: ["epoch", "train_loss", "validation_loss", `train_${this.second}`, `validation_${this.second}`],
        rows: this.rows.length, data: Float32Array.from(this.rows.flat()) } : null,
      maps: wants.maps && this.data.kind !== "digits" ? { resolution: wants.maps.resolution, layers: this.grid(wants.maps.resolution) } : null,
      output: wants.output && this.data.kind !== "digits" ? this.large(wants.output) : null,
      weights: wants.weights ? this.net.layers.map((l) => ({ weight: l.weight.slice(), bias: l.bias.slice(), outputs: l.outputs, inputs: l.inputs })) : null,
      digits: wants.digits && this.data.kind === "digits" ? this.wrong(wants.digits.wrong) : null };
  }
  private grid(resolution: number): Float32Array[] {
    const rows = this.data.kind === "line" ? 1 : resolution; const size = rows * resolution;
    const layers = [new Float32Array(this.inputCount() * size), ...this.net.layers.map((l) => new Float32Array(l.outputs * size))];
    for (let r = 0; r < rows; r++) for (let c = 0; c < resolution; c++) {
      const inputs = this.features(-6 + 12 * (c + 0.5) / resolution, 6 - 12 * (r + 0.5) / rows);
      this.net.forward(inputs);
      const at = r * resolution + c;
      inputs.forEach((v, u) => { layers[0]![u * size + at] = v; });
      this.net.layers.forEach((l, k) => { for (let u = 0; u < l.outputs; u++) layers[k + 1]![u * size + at] = l.a[u]!; });
    }
    return layers;
  }
  private large(want: { resolution: number; layer?: number; unit?: number }): Frame["output"] {
    const layers = this.grid(want.resolution);
    const width = want.layer === undefined ? 0 : (this.summary().layers[want.layer]?.units ?? 0);
    if (want.layer === undefined || want.unit === undefined || want.unit >= width) return { resolution: want.resolution, data: layers.at(-1)!, units: this.outputs() };
    const size = want.resolution * (this.data.kind === "line" ? 1 : want.resolution);
    return { resolution: want.resolution, data: layers[want.layer]!.slice(want.unit * size, (want.unit + 1) * size), units: 1 };
  }
  private wrong(limit: number): Frame["digits"] {
    const wrong: WrongDigit[] = []; let count = 0; let of = 0;
    for (let i = 0; i < this.data.inputs.length; i++) {
      if (this.data.split[i] !== 1) continue;
      const y = this.net.forward(this.row(i)); const predicted = y.indexOf(Math.max(...y)); of++;
      if (predicted === this.data.labels[i]) continue;
      count++;
      if (wrong.length < limit) wrong.push({ index: i, truth: this.data.labels[i]!, predicted, probability: y[predicted]!,
        pixels: Uint8Array.from(this.data.inputs[i]!, (v) => v * 255) });
    }
    return { wrong, wrong_count: count, of, split: "validation" };
  }
  private static pack(data: MockData, sealed: boolean): Points {
    return { kind: data.kind, x: Float32Array.from(data.inputs, (p) => p[0]!), y: Float32Array.from(data.inputs, (p) => p[1]!),
      label: Float32Array.from(data.labels, (v, i) => (sealed && data.split[i] === 2 ? NaN : v)), split: data.split };
  }
  async points(): Promise<Points> { return Engine.pack(this.data, this.revealed === 0); }
  async thumbnail(dataset: string): Promise<Points> { return Engine.pack(make(dataset, 200, 0.02, 3, 5, { train: 100, validation: 0 }), false); }
  async curve(activation: Choice | string): Promise<{ x: Float32Array; value: Float32Array; derivative: Float32Array }> {
    const id = typeof activation === "string" ? activation : activation.id;
    const x = Float32Array.from({ length: 201 }, (_, i) => -5 + i / 20);
    return { x, value: x.map((v) => activate(id, v)), derivative: x.map((v) => derivative(id, v)) };
  }
  async predict(inputs: Float32Array): Promise<Float32Array> {
    const width = this.inputCount(); const outputs = this.outputs(); const out = new Float32Array(inputs.length / width * outputs);
    for (let i = 0; i < inputs.length / width; i++) out.set(this.net.forward(inputs.subarray(i * width, (i + 1) * width)), i * outputs);
    return out;
  }
  async weights(): Promise<NamedTensor[]> {
    return this.net.layers.flatMap((l, k) => {
      const name = k === this.net.layers.length - 1 ? "output" : `hidden.${k}`;
      return [{ name: `${name}.weight`, shape: [l.outputs, l.inputs], data: l.weight.slice() }, { name: `${name}.bias`, shape: [l.outputs], data: l.bias.slice() }];
    });
  }
  async setWeights(tensors: NamedTensor[]): Promise<void> {
    tensors.forEach((t, i) => { const l = this.net.layers[i >> 1]!; (i % 2 ? l.bias : l.weight).set(t.data); });
  }
  dispose(): void { clearInterval(this.timer); this.listeners.clear(); }
}
