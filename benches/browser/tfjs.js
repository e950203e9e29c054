// TensorFlow.js on the backend named.

import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { circle, grid, initial, oneHot } from "./data.js";

const absolute = (url) => new URL(url, document.baseURI).href;
setWasmPaths({
  "tfjs-backend-wasm.wasm": absolute(plain),
  "tfjs-backend-wasm-simd.wasm": absolute(simd),
  "tfjs-backend-wasm-threaded-simd.wasm": absolute(threaded),
});

const parameters = (sizes) =>
  initial(sizes).map(({ inputs, outputs, weight, bias }) => ({
    w: tf.variable(tf.tensor2d(weight, [inputs, outputs])),
    b: tf.variable(tf.tensor1d(bias)),
  }));

function forward(workload, params, x, seen) {
  params.forEach(({ w, b }, index) => {
    const z = x.matMul(w).add(b);
    x = index < params.length - 1 ? z[workload.hidden]() : z;
    if (seen && index < params.length - 1) seen.push(x);
  });
  return x;
}

export const tfjs = (backend) => ({
  name: `tfjs ${backend}`,

  async train(workload, data) {
    await tf.setBackend(backend);
    await tf.ready();
    const { sizes, batch, rate } = workload;
    const classes = workload.output === "softmax";
    const params = parameters(sizes);
    const optimizer = classes ? tf.train.adam(rate) : tf.train.sgd(rate);
    const source = classes
      ? { rows: 8 * batch, columns: 784, x: data.x, y: oneHot(data.labels, 10) }
      : circle(sizes[0]);
    const outputs = sizes.at(-1);
    // The same few batches over and over: what making batches costs is not held against it.
    const batches = [];
    for (let at = 0; at + batch <= source.rows; at += batch) {
      batches.push([
        tf.tensor2d(source.x.slice(at * source.columns, (at + batch) * source.columns), [batch, source.columns]),
        tf.tensor2d(source.y.slice(at * outputs, (at + batch) * outputs), [batch, outputs]),
      ]);
    }
    let place = 0;
    return {
      async steps(count) {
        await tf.setBackend(backend);
        for (let index = 0; index < count; index += 1) {
          const [x, y] = batches[place++ % batches.length];
          optimizer.minimize(() =>
            tf.tidy(() => {
              const z = forward(workload, params, x);
              return classes ? tf.losses.softmaxCrossEntropy(y, z) : z.tanh().sub(y).square().mean().mul(0.5);
            }),
          );
        }
        await params[0].b.data();
      },
      end: () => {},
    };
  },

  async maps(workload, resolution) {
    await tf.setBackend(backend);
    await tf.ready();
    const params = parameters(workload.sizes);
    const cells = tf.tensor2d(grid(workload.sizes[0], resolution), [resolution * resolution, workload.sizes[0]]);
    return {
      async frame() {
        await tf.setBackend(backend);
        const layers = tf.tidy(() => {
          const seen = [];
          seen.push(forward(workload, params, cells, seen).tanh());
          return seen;
        });
        for (const layer of layers) {
          await layer.data();
          layer.dispose();
        }
      },
      end: () => {},
    };
  },
});
