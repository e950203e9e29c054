// A small fully connected network in plain JavaScript, for drawing the page without the real engine.
// Development only: never imported by the product.

export type Rng = () => number;

/** Mulberry32: enough for a mock. */
export function rng(seed: number): Rng {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function normal(random: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const forms: { [id: string]: (x: number) => number } = {
  linear: (x) => x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  leaky_relu: (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
  silu: (x) => x / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  sine: Math.sin,
  gaussian: (x) => Math.exp(-x * x),
};

export const activationIds = Object.keys(forms);

export function activate(id: string, x: number): number {
  return (forms[id] ?? Math.tanh)(x);
}

export function derivative(id: string, x: number): number {
  const h = 1e-4;
  return (activate(id, x + h) - activate(id, x - h)) / (2 * h);
}

interface Layer { weight: Float32Array; bias: Float32Array; inputs: number; outputs: number; activation: string;
  z: Float32Array; a: Float32Array; delta: Float32Array; dWeight: Float32Array; dBias: Float32Array;
  m: Float32Array; v: Float32Array }

/** Trains with Adam; the output delta is `y_hat - y`, which fits mse/linear and both cross entropies. */
export class MockNet {
  readonly layers: Layer[] = [];
  private time = 0;

  constructor(inputs: number, hidden: { units: number; activation: string }[], outputs: number, output: string, seed: number) {
    const random = rng(seed);
    let width = inputs;
    for (const { units, activation } of [...hidden, { units: outputs, activation: output }]) {
      const count = width * units;
      const layer: Layer = { weight: new Float32Array(count), bias: new Float32Array(units), inputs: width, outputs: units,
        activation, z: new Float32Array(units), a: new Float32Array(units), delta: new Float32Array(units),
        dWeight: new Float32Array(count), dBias: new Float32Array(units),
        m: new Float32Array(count + units), v: new Float32Array(count + units) };
      const spread = Math.sqrt(2 / (width + units));
      for (let i = 0; i < count; i++) layer.weight[i] = normal(random) * spread;
      this.layers.push(layer);
      width = units;
    }
  }

  forward(input: ArrayLike<number>): Float32Array {
    let a: ArrayLike<number> = input;
    for (const layer of this.layers) {
      for (let o = 0; o < layer.outputs; o++) {
        let z = layer.bias[o]!;
        const row = o * layer.inputs;
        for (let i = 0; i < layer.inputs; i++) z += layer.weight[row + i]! * a[i]!;
        layer.z[o] = z;
        layer.a[o] = layer.activation === "softmax" ? z : activate(layer.activation, z);
      }
      if (layer.activation === "softmax") softmax(layer.a);
      a = layer.a;
    }
    return a as Float32Array;
  }

  step(inputs: ArrayLike<number>[], targets: ArrayLike<number>[], rate: number): void {
    for (const layer of this.layers) { layer.dWeight.fill(0); layer.dBias.fill(0); }
    inputs.forEach((input, n) => this.backward(input, targets[n]!));
    this.time++;
    for (const layer of this.layers) this.update(layer, inputs.length, rate);
  }

  private backward(input: ArrayLike<number>, target: ArrayLike<number>): void {
    const y = this.forward(input);
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l]!;
      const next = this.layers[l + 1];
      const a: ArrayLike<number> = l === 0 ? input : this.layers[l - 1]!.a;
      for (let o = 0; o < layer.outputs; o++) {
        let d = 0;
        if (!next) d = y[o]! - target[o]!;
        else {
          for (let k = 0; k < next.outputs; k++) d += next.weight[k * next.inputs + o]! * next.delta[k]!;
          d *= derivative(layer.activation, layer.z[o]!);
        }
        layer.delta[o] = d;
        layer.dBias[o]! += d;
        const row = o * layer.inputs;
        for (let i = 0; i < layer.inputs; i++) layer.dWeight[row + i]! += d * a[i]!;
      }
    }
  }

  private update(layer: Layer, count: number, rate: number): void {
    const n = layer.weight.length;
    const c1 = 1 - Math.pow(0.9, this.time);
    const c2 = 1 - Math.pow(0.999, this.time);
    for (let i = 0; i < n + layer.outputs; i++) {
      const g = (i < n ? layer.dWeight[i]! : layer.dBias[i - n]!) / count;
      layer.m[i] = 0.9 * layer.m[i]! + 0.1 * g;
      layer.v[i] = 0.999 * layer.v[i]! + 0.001 * g * g;
      const change = (rate * layer.m[i]! / c1) / (Math.sqrt(layer.v[i]! / c2) + 1e-8);
      if (i < n) layer.weight[i]! -= change; else layer.bias[i - n]! -= change;
    }
  }
}

function softmax(a: Float32Array): void {
  let top = -Infinity;
  for (const x of a) top = Math.max(top, x);
  let sum = 0;
  for (let i = 0; i < a.length; i++) { a[i] = Math.exp(a[i]! - top); sum += a[i]!; }
  for (let i = 0; i < a.length; i++) a[i]! /= sum;
}
