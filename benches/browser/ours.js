// This engine, through its public API, in the page's own thread.

import { Engine } from "../../www/engine/index.ts";
import { withSubgroups } from "../../www/engine/gpu-browser.ts";
import initGpu, { GpuDevice, GpuTrainer } from "../../www/wasm-gpu/neural_playground_gpu.js";
import { circle } from "./data.js";

const layers = (workload) => ({
  hidden: workload.sizes.slice(1, -1).map((units) => ({ units, activation: workload.hidden, dropout: 0, frozen: false })),
  output: { activation: workload.output, frozen: false },
  weight_initializer: "glorot_uniform",
});

export const ours = (backend) => ({
  name: "this engine",

  async train(workload, data) {
    const engine = await Engine.create({ worker: false, backend });
    const { sizes, batch, rate } = workload;
    const classes = workload.output === "softmax";
    if (classes) {
      const rows = data.train + data.test;
      const split = Uint8Array.from({ length: rows }, (_, row) => (row < data.train ? 0 : 2));
      await engine.setData({ inputs: data.x, columns: sizes[0], targets: Float32Array.from(data.labels), split });
    } else {
      await engine.configure({ data: { features: ["x", "y", "x_squared", "y_squared", "x_times_y", "sin_x", "sin_y"].slice(0, sizes[0]) } });
    }
    await engine.patch({
      network: layers(workload),
      training: {
        batch_size: batch,
        loss: classes ? "categorical_cross_entropy" : "half_mse",
        optimizer: { id: classes ? "adam" : "sgd", learning_rate: rate },
      },
    });
    if (backend === "webgpu") {
      const { backend: used, why } = await engine.setBackend("webgpu");
      if (used !== "webgpu") throw new Error(`${why}: ${JSON.stringify(engine.info.values)}`);
    }
    const found = [sizes[0], ...engine.summary.layers.map((layer) => layer.outputs ?? layer.units)].join("-");
    const rows = classes ? data.train : circle(sizes[0]).rows;
    if (engine.summary.steps_per_epoch !== Math.ceil(rows / batch)) throw new Error(`rows: ${JSON.stringify(engine.summary)}`);
    return {
      found,
      steps: (count) => engine.step(count),
      /** Bytes, submissions and dispatches of 1,000 steps; null on the CPU. */
      async traffic() {
        const before = await engine.gpuStats();
        if (before === null) return null;
        const { step: from } = await engine.frame();
        await engine.train({ steps: 200 });
        const after = await engine.gpuStats();
        const steps = (await engine.frame()).step - from;
        return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, ((value - before[name]) * 1000) / steps]));
      },
      /** Milliseconds of every kernel of a step, `[[name, milliseconds], ...]`; null on the CPU. */
      async kernels() {
        if (backend !== "webgpu" || !classes) return null;
        await initGpu();
        const device = await withSubgroups(() => GpuDevice.request(4 * data.x.length));
        const trainer = new GpuTrainer(device);
        const rows = data.train + data.test;
        trainer.set_data(data.x, sizes[0], Float32Array.from(data.labels), Uint8Array.from({ length: rows }, (_, row) => (row < data.train ? 0 : 2)), undefined);
        trainer.configure(JSON.stringify({ type: "configure", config: engine.config }));
        // Parameters and Adam's two states.
        const weights = (await engine.weights()).map(({ data }) => [...data]).flat();
        const words = Float32Array.from([...weights, ...new Array(2 * weights.length).fill(0)]);
        await trainer.prepare(words, new Float64Array([0, 1, 1, NaN, 0, 0, 0, 0, 0]));
        const times = await trainer.times();
        device.destroy();
        return times;
      },
      /** Steps a second while it plays flat out. */
      async rate(milliseconds) {
        // Not by a frame: who looks at a run waits longer for its code.
        const { step: before } = await engine.metrics();
        const start = performance.now();
        await engine.play();
        await new Promise((done) => setTimeout(done, milliseconds));
        await engine.pause();
        const took = performance.now() - start;
        if (engine.info.backend !== backend) throw new Error(`${engine.info.backend}: ${engine.info.why}`);
        return ((await engine.metrics()).step - before) / took * 1000;
      },
      epochs: (count) => engine.train({ epochs: count }),
      async accuracy() {
        await engine.revealTest();
        return (await engine.metrics()).test.accuracy;
      },
      end: () => engine.dispose(),
    };
  },

  async maps(workload, resolution) {
    const engine = await Engine.create({ worker: false, backend });
    await engine.configure({ data: { features: ["x", "y", "x_squared", "y_squared", "x_times_y", "sin_x", "sin_y"].slice(0, workload.sizes[0]) } });
    await engine.patch({ network: layers(workload), training: { loss: "half_mse", optimizer: "sgd" } });
    const units = workload.sizes.reduce((sum, size) => sum + size);
    // As whoever draws them would: the last picture's arrays are given back.
    let reuse;
    return {
      async frame() {
        reuse = await engine.activationMaps(resolution, { reuse });
        const found = reuse.layers.reduce((sum, layer) => sum + layer.length, 0);
        if (found !== units * resolution * resolution) throw new Error(`${found} values of maps`);
      },
      end: () => engine.dispose(),
    };
  },
});
