// jax-js on its wasm device, one thread (the page is not cross-origin isolated), or on WebGPU.

import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np, tree } from "@jax-js/jax";
import { circle, grid, initial, oneHot, rowsOf, shuffled, uniform } from "./data.js";

let ready;
/** A page has one device. */
const start = (device) => (ready ??= init(device).then(() => defaultDevice(device)));

const parameters = (sizes) =>
  initial(sizes).map(({ inputs, outputs, weight, bias }) => ({ w: np.array(weight).reshape([inputs, outputs]), b: np.array(bias) }));
const activate = { tanh: np.tanh, relu: nn.relu };

/** Pre-activation of the last layer; `seen` takes every layer's activations. */
function forward(workload, params, x, seen) {
  params.forEach(({ w, b }, index) => {
    const z = np.dot(x, w).add(b);
    x = index < params.length - 1 ? activate[workload.hidden](z) : z;
    if (seen && index < params.length - 1) seen.push(x.ref);
  });
  return x;
}

function loss(workload, params, x, y) {
  const z = forward(workload, params, x);
  if (workload.output === "softmax") return nn.logSoftmax(z).mul(y).sum().mul(-1 / workload.batch);
  return np.square(np.tanh(z).sub(y)).sum().mul(0.5 / workload.batch);
}

export const jax = (device) => ({
  name: `jax-js ${device}`,

  async train(workload, data) {
    await start(device);
    const { sizes, batch, rate } = workload;
    const classes = workload.output === "softmax";
    const slope = grad((params, x, y) => loss(workload, params, x, y));
    let params = parameters(sizes);
    let step;
    if (classes) {
      const zeros = () => sizes.slice(1).map((outputs, index) => ({ w: np.zeros([sizes[index], outputs]), b: np.zeros([outputs]) }));
      let m = zeros();
      let v = zeros();
      let count = 0;
      // Bias correction as one factor, Kingma and Ba's efficient order; it comes from outside the graph.
      const update = jit((params, m, v, factor, x, y) => {
        const g = slope(tree.ref(params), x, y);
        m = tree.map((m, g) => m.mul(0.9).add(g.mul(0.1)), m, tree.ref(g));
        v = tree.map((v, g) => v.mul(0.999).add(np.square(g).mul(0.001)), v, g);
        params = tree.map((p, m, v) => p.sub(m.mul(factor.ref).div(np.sqrt(v).add(1e-8))), params, tree.ref(m), tree.ref(v));
        factor.dispose();
        return [params, m, v];
      });
      step = (x, y) => {
        count += 1;
        const factor = (rate * Math.sqrt(1 - 0.999 ** count)) / (1 - 0.9 ** count);
        [params, m, v] = update(params, m, v, np.array([factor]), x, y);
      };
    } else {
      const update = jit((params, x, y) => {
        const g = slope(tree.ref(params), x, y);
        return tree.map((p, g) => p.sub(g.mul(rate)), params, g);
      });
      step = (x, y) => {
        params = update(params, x, y);
      };
    }
    const outputs = sizes.at(-1);
    const source = classes
      ? { rows: data.train, columns: 784, x: data.x, y: oneHot(data.labels, outputs) }
      : circle(sizes[0]);
    // The same batches every epoch, made once: what making them costs is not held against it.
    const order = shuffled(source.rows, uniform(5));
    const batches = [];
    for (let at = 0; at + batch <= source.rows; at += batch) {
      const rows = order.subarray(at, at + batch);
      batches.push([
        np.array(rowsOf(source.x, source.columns, rows)).reshape([batch, source.columns]),
        np.array(rowsOf(source.y, outputs, rows)).reshape([batch, outputs]),
      ]);
    }
    let place = 0;
    // It queues what is not waited for, and a long queue slows it down forty times; ten steps were best.
    const run = async (count) => {
      for (let index = 1; index <= count; index += 1) {
        const [x, y] = batches[place++ % batches.length];
        step(x.ref, y.ref);
        if (index % 10 === 0) await blockUntilReady(params);
      }
      await blockUntilReady(params);
    };
    return {
      steps: run,
      epochs: (count) => run(count * batches.length),
      async accuracy() {
        const rows = data.x.slice(data.train * 784);
        const z = await forward(workload, tree.ref(params), np.array(rows).reshape([data.test, 784])).data();
        let right = 0;
        for (let row = 0; row < data.test; row += 1) {
          const scores = z.subarray(row * outputs, (row + 1) * outputs);
          right += scores.indexOf(Math.max(...scores)) === data.labels[data.train + row] ? 1 : 0;
        }
        return right / data.test;
      },
      end: () => {},
    };
  },

  async maps(workload, resolution) {
    await start(device);
    const params = parameters(workload.sizes);
    const cells = np.array(grid(workload.sizes[0], resolution)).reshape([resolution * resolution, workload.sizes[0]]);
    const all = jit((params, x) => {
      const seen = [];
      seen.push(np.tanh(forward(workload, params, x, seen)));
      return seen;
    });
    return {
      async frame() {
        for (const layer of all(tree.ref(params), cells.ref)) await layer.data();
      },
      end: () => {},
    };
  },
});
