// TensorFlow Playground's rules written again for the tests alone, in f64, from a description of them: its random numbers, data,
// network, training. Nothing of the engine is used here.

/** What a hash says; the names are the hash's own. */
export interface Settings {
  activation: "relu" | "tanh" | "sigmoid" | "linear";
  regularization: "none" | "L1" | "L2";
  regularizationRate: number;
  batchSize: number;
  problem: "classification" | "regression";
  dataset: "circle" | "xor" | "gauss" | "spiral";
  regDataset: "reg-plane" | "reg-gauss";
  learningRate: number;
  /** As it takes effect, percents. */
  noise: number;
  networkShape: number[];
  seed: string;
  percTrainData: number;
  initZero: boolean;
  /** Those that are on, in that page's order. */
  features: Feature[];
}

export const FEATURES = {
  x: (x: number, _y: number) => x,
  y: (_x: number, y: number) => y,
  xSquared: (x: number, _y: number) => x * x,
  ySquared: (_x: number, y: number) => y * y,
  xTimesY: (x: number, y: number) => x * y,
  sinX: (x: number, _y: number) => Math.sin(x),
  sinY: (_x: number, y: number) => Math.sin(y),
};
export type Feature = keyof typeof FEATURES;

/** ARC4 keyed by the seed's characters; 256 outputs dropped; 48 bits filled up to 52. */
export function seedrandom(seed: string): () => number {
  const key: number[] = [];
  let smear = 0;
  for (let at = 0; at < seed.length; at += 1) {
    smear ^= (key[at & 255] ?? 0) * 19;
    key[at & 255] = (smear + seed.charCodeAt(at)) & 255;
  }
  if (key.length === 0) key.push(0);
  const box = Array.from({ length: 256 }, (_, at) => at);
  let j = 0;
  for (let i = 0; i < 256; i += 1) {
    j = (j + key[i % key.length]! + box[i]!) & 255;
    [box[i], box[j]] = [box[j]!, box[i]!];
  }
  let i = 0;
  j = 0;
  const byte = (): number => {
    i = (i + 1) & 255;
    j = (j + box[i]!) & 255;
    [box[i], box[j]] = [box[j]!, box[i]!];
    return box[(box[i]! + box[j]!) & 255]!;
  };
  for (let dropped = 0; dropped < 256; dropped += 1) byte();
  return () => {
    let n = 0;
    for (let count = 0; count < 6; count += 1) n = n * 256 + byte();
    let d = 2 ** 48;
    let x = 0;
    while (n < 2 ** 52) {
      n = (n + x) * 256;
      d *= 256;
      x = byte();
    }
    while (n >= 2 ** 53) {
      n /= 2;
      d /= 2;
      x >>>= 1;
    }
    return (n + x) / d;
  };
}

export interface Point { x: number; y: number; label: number }

const BUMPS = [[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]] as const;

function makeData(s: Settings, random: () => number): Point[] {
  const noise = s.noise / 100;
  const uniform = (a: number, b: number): number => random() * (b - a) + a;
  const points: Point[] = [];
  if (s.problem === "regression") {
    for (let k = 0; k < 1200; k += 1) {
      const x = uniform(-6, 6);
      const y = uniform(-6, 6);
      const u = x + uniform(-6, 6) * noise;
      const v = y + uniform(-6, 6) * noise;
      let label = (u + v) / 10;
      if (s.regDataset === "reg-gauss") {
        label = 0;
        for (const [cx, cy, sign] of BUMPS) {
          const height = sign * Math.min(1, Math.max(0, 1 - Math.hypot(u - cx, v - cy) / 2));
          if (Math.abs(height) > Math.abs(label)) label = height;
        }
      }
      points.push({ x, y, label });
    }
    return points;
  }
  const half = 250;
  switch (s.dataset) {
    case "circle":
      for (const [low, high] of [[0, 2.5], [3.5, 5]] as const) {
        for (let k = 0; k < half; k += 1) {
          const r = uniform(low, high);
          const t = uniform(0, 2 * Math.PI);
          const x = r * Math.sin(t);
          const y = r * Math.cos(t);
          const nx = uniform(-5, 5) * noise;
          const ny = uniform(-5, 5) * noise;
          points.push({ x, y, label: Math.sqrt((x + nx) ** 2 + (y + ny) ** 2) < 2.5 ? 1 : -1 });
        }
      }
      return points;
    case "xor":
      for (let k = 0; k < 2 * half; k += 1) {
        let x = uniform(-5, 5);
        x += x > 0 ? 0.3 : -0.3;
        let y = uniform(-5, 5);
        y += y > 0 ? 0.3 : -0.3;
        const nx = uniform(-5, 5) * noise;
        const ny = uniform(-5, 5) * noise;
        points.push({ x, y, label: (x + nx) * (y + ny) >= 0 ? 1 : -1 });
      }
      return points;
    case "gauss": {
      const normal = (mean: number): number => {
        for (;;) {
          const v1 = 2 * random() - 1;
          const v2 = 2 * random() - 1;
          const r = v1 * v1 + v2 * v2;
          if (r <= 1) return mean + Math.sqrt(0.5 + 7 * noise) * Math.sqrt((-2 * Math.log(r)) / r) * v1;
        }
      };
      for (const label of [1, -1]) {
        for (let k = 0; k < half; k += 1) {
          const x = normal(2 * label);
          points.push({ x, y: normal(2 * label), label });
        }
      }
      return points;
    }
    case "spiral":
      for (const [start, label] of [[0, 1], [Math.PI, -1]] as const) {
        for (let k = 0; k < half; k += 1) {
          const r = (k / half) * 5;
          const t = ((1.75 * k) / half) * 2 * Math.PI + start;
          const x = r * Math.sin(t) + uniform(-1, 1) * noise;
          points.push({ x, y: r * Math.cos(t) + uniform(-1, 1) * noise, label });
        }
      }
      return points;
  }
}

function shuffle(points: Point[], random: () => number): void {
  for (let counter = points.length; counter > 0; ) {
    const at = Math.floor(random() * counter);
    counter -= 1;
    [points[counter], points[at]] = [points[at]!, points[counter]!];
  }
}

const VALUE = { relu: (z: number) => Math.max(0, z), tanh: Math.tanh, sigmoid: (z: number) => 1 / (1 + Math.exp(-z)), linear: (z: number) => z };
/** Of the value, and for ReLU of z: its derivative at 0 is 0. */
const SLOPE = {
  relu: (z: number, _a: number) => (z > 0 ? 1 : 0), tanh: (_z: number, a: number) => 1 - a * a,
  sigmoid: (_z: number, a: number) => a * (1 - a), linear: () => 1,
};

interface Link { weight: number; sum: number; dead: boolean }
interface Unit { links: Link[]; bias: number; biasSum: number; z: number; out: number; delta: number }

export class Original {
  readonly train: Point[];
  readonly test: Point[];
  readonly layers: Unit[][];
  readonly #settings: Settings;
  #accumulated = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    const random = seedrandom(settings.seed);
    const points = makeData(settings, random);
    shuffle(points, random);
    const cut = Math.floor((points.length * settings.percTrainData) / 100);
    [this.train, this.test] = [points.slice(0, cut), points.slice(cut)];
    let inputs = settings.features.length;
    this.layers = [...settings.networkShape, 1].map((units) => {
      const layer = Array.from({ length: units }, (): Unit => ({
        links: Array.from({ length: inputs }, () => {
          const drawn = random() - 0.5;
          return { weight: settings.initZero ? 0 : drawn, sum: 0, dead: false };
        }),
        bias: settings.initZero ? 0 : 0.1, biasSum: 0, z: 0, out: 0, delta: 0,
      }));
      inputs = units;
      return layer;
    });
  }

  #activation(layer: number): Settings["activation"] {
    if (layer < this.layers.length - 1) return this.#settings.activation;
    return this.#settings.problem === "regression" ? "linear" : "tanh";
  }

  #inputs({ x, y }: Point): number[] {
    return this.#settings.features.map((feature) => FEATURES[feature](x, y));
  }

  #forward(point: Point): number {
    let values = this.#inputs(point);
    for (const [at, layer] of this.layers.entries()) {
      for (const unit of layer) {
        unit.z = unit.links.reduce((sum, { weight }, input) => sum + weight * values[input]!, unit.bias);
        unit.out = VALUE[this.#activation(at)](unit.z);
      }
      values = layer.map(({ out }) => out);
    }
    return values[0]!;
  }

  loss(points: Point[]): number {
    return points.reduce((sum, point) => sum + 0.5 * (this.#forward(point) - point.label) ** 2, 0) / points.length;
  }

  epoch(): void {
    const { batchSize } = this.#settings;
    for (const [at, point] of this.train.entries()) {
      const out = this.#forward(point);
      for (let l = this.layers.length - 1; l >= 0; l -= 1) {
        for (const [u, unit] of this.layers[l]!.entries()) {
          const above = this.layers[l + 1];
          const slope = above ? above.reduce((sum, next) => sum + next.links[u]!.weight * next.delta, 0) : out - point.label;
          unit.delta = slope * SLOPE[this.#activation(l)](unit.z, unit.out);
        }
      }
      let values = this.#inputs(point);
      for (const layer of this.layers) {
        for (const unit of layer) {
          unit.biasSum += unit.delta;
          for (const [input, link] of unit.links.entries()) if (!link.dead) link.sum += unit.delta * values[input]!;
        }
        values = layer.map(({ out: value }) => value);
      }
      this.#accumulated += 1;
      if ((at + 1) % batchSize === 0) this.#update();
    }
  }

  #update(): void {
    const { learningRate, regularization, regularizationRate } = this.#settings;
    const scale = learningRate / this.#accumulated;
    for (const unit of this.layers.flat()) {
      unit.bias -= scale * unit.biasSum;
      unit.biasSum = 0;
      for (const link of unit.links) {
        if (link.dead) continue;
        const slope = regularization === "L1" ? Math.sign(link.weight) : regularization === "L2" ? link.weight : 0;
        link.weight -= scale * link.sum;
        const next = link.weight - learningRate * regularizationRate * slope;
        link.dead = regularization === "L1" && link.weight * next < 0;
        link.weight = link.dead ? 0 : next;
        link.sum = 0;
      }
    }
    this.#accumulated = 0;
  }

  /** Weights of each layer, unit by unit, then its biases. */
  parameters(): number[] {
    return this.layers.flatMap((layer) => [...layer.flatMap(({ links }) => links.map(({ weight }) => weight)), ...layer.map(({ bias }) => bias)]);
  }
}

/** The hash that such settings have, as that page writes it; `noise` may be another that comes to the same. */
export function hashOf(s: Settings, noise = s.noise): string {
  const on = (feature: Feature): string => `${feature}=${s.features.includes(feature)}`;
  return [
    `activation=${s.activation}`, ...(s.regularization === "none" ? [] : [`regularization=${s.regularization}`]), `batchSize=${s.batchSize}`,
    `dataset=${s.dataset}`, `regDataset=${s.regDataset}`, `learningRate=${s.learningRate}`, `regularizationRate=${s.regularizationRate}`,
    `noise=${noise}`, `networkShape=${s.networkShape.join(",")}`, `seed=${s.seed}`, "showTestData=false", "discretize=false",
    `percTrainData=${s.percTrainData}`, on("x"), on("y"), on("xTimesY"), on("xSquared"), on("ySquared"), "cosX=false", on("sinX"), "cosY=true",
    on("sinY"), "collectStats=false", `problem=${s.problem}`, `initZero=${s.initZero}`, "hideText=false",
  ].join("&");
}
