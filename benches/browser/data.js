// The workloads' shapes and data, the same for every engine.

/** `sizes`: inputs, hidden layers, outputs. `rate`: learning rate. */
export const workloads = {
  W1: { sizes: [2, 4, 2, 1], hidden: "tanh", output: "tanh", batch: 10, rate: 0.03, unit: "steps/s" },
  W2: { sizes: [7, 8, 8, 8, 8, 8, 8, 1], hidden: "tanh", output: "tanh", batch: 10, rate: 0.03, unit: "steps/s" },
  W3: { sizes: [784, 64, 64, 10], hidden: "relu", output: "softmax", batch: 32, rate: 0.001, unit: "samples/s" },
  W4: { sizes: [784, 512, 512, 10], hidden: "relu", output: "softmax", batch: 128, rate: 0.001, unit: "samples/s" },
  W5a: { like: "W1", resolution: 100, unit: "frames/s" },
  W5b: { like: "W2", resolution: 100, unit: "frames/s" },
};

/** Marsaglia's xorshift32, uniform on [0, 1). */
export function uniform(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** TensorFlow Playground's features of a point; the first two for W1. */
export function features(x, y, count) {
  return [x, y, x * x, y * y, x * y, Math.sin(x), Math.sin(y)].slice(0, count);
}

/** 250 points of a disc and the ring around it, targets -1 and 1: `x (rows, columns)`, `y (rows)`. */
export function circle(columns) {
  const rows = 250;
  const random = uniform(7);
  const x = new Float32Array(rows * columns);
  const y = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const inside = row % 2 === 0;
    const radius = inside ? 2.5 * random() : 3.5 + 1.5 * random();
    const angle = 2 * Math.PI * random();
    x.set(features(radius * Math.sin(angle), radius * Math.cos(angle), columns), row * columns);
    y[row] = inside ? 1 : -1;
  }
  return { rows, columns, x, y };
}

/** The plane's grid of W5, -6..6, as inputs `(cells, columns)`. */
export function grid(columns, resolution) {
  const x = new Float32Array(resolution * resolution * columns);
  for (let row = 0; row < resolution; row += 1) {
    for (let column = 0; column < resolution; column += 1) {
      const at = (place) => (12 * (place + 0.5)) / resolution - 6;
      x.set(features(at(column), at(row), columns), (row * resolution + column) * columns);
    }
  }
  return x;
}

/** 8,000 digits for training and 2,000 for test, pixels in 0..1. */
export async function digits() {
  const packed = await (await fetch("./digits.bin")).blob();
  const bytes = new Uint8Array(await new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const [train, test] = [view.getUint32(8, true), view.getUint32(12, true)];
  const most = 2 ** bytes[18] - 1;
  const labels = bytes.subarray(20, 20 + train + test);
  const x = Float32Array.from(bytes.subarray(20 + train + test), (value) => value / most);
  return { train, test, columns: 784, x, labels };
}

export function oneHot(labels, classes) {
  const y = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => (y[row * classes + label] = 1));
  return y;
}

/** Weights of a network, Glorot uniform, biases 0: `[{weight (inputs, outputs), bias}]`. */
export function initial(sizes, seed = 11) {
  const random = uniform(seed);
  return sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index];
    const limit = Math.sqrt(6 / (inputs + outputs));
    const weight = Float32Array.from({ length: inputs * outputs }, () => limit * (2 * random() - 1));
    return { inputs, outputs, weight, bias: new Float32Array(outputs) };
  });
}

export function shuffled(count, random) {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The rows of `order` of a row-major matrix. */
export function rowsOf(x, columns, order) {
  const out = new Float32Array(order.length * columns);
  order.forEach((row, index) => out.set(x.subarray(row * columns, (row + 1) * columns), index * columns));
  return out;
}
