// Runs one workload of every engine in turn, several times over. Driven by run.mjs.

import convnet from "./convnet.js";
import { digits, workloads } from "./data.js";
import { jax } from "./jax.js";
import { ours } from "./ours.js";
import { tfjs } from "./tfjs.js";

/** `?gpu`: on WebGPU, beside what else runs there. A page has one of the two, since a peer has one device a page. */
const onGpu = new URLSearchParams(location.search).has("gpu");
const engines = onGpu
  ? [ours("webgpu"), jax("webgpu"), tfjs("webgpu"), tfjs("webgl")]
  : [ours("cpu"), jax("wasm"), convnet, tfjs("wasm"), tfjs("cpu")];

/** Figures a second of `run(count)`, over at least `milliseconds`; `count` grows until it fills them. */
async function rate(run, state, milliseconds) {
  for (;;) {
    const start = performance.now();
    await run(state.count);
    const took = performance.now() - start;
    if (took >= milliseconds * 0.7) return (state.count / took) * 1000;
    state.count = Math.ceil(state.count * Math.min(10, (milliseconds * 1.1) / Math.max(took, 0.1)));
  }
}

let data;

/** `{engine: [figure, ...]}` of one workload. */
async function measure(name, { repeats, milliseconds, only }) {
  const workload = workloads[name];
  const running = [];
  for (const engine of engines.filter((engine) => !only || only.includes(engine.name))) {
    let prepared;
    if (workload.like) prepared = await engine.maps(workloads[workload.like], workload.resolution);
    else {
      if (workload.sizes[0] === 784) data ??= await digits();
      prepared = await engine.train(workload, data);
    }
    if (prepared) running.push({ engine, prepared, state: { count: 1 }, figures: [] });
  }
  const run = async ({ prepared, state }) => {
    if (!workload.like) {
      const scale = workload.unit === "samples/s" ? workload.batch : 1;
      return scale * (await (prepared.rate?.(milliseconds) ?? rate(prepared.steps, state, milliseconds)));
    }
    const frames = async (count) => {
      for (let index = 0; index < count; index += 1) await prepared.frame();
    };
    return rate(frames, state, milliseconds);
  };
  // Browsers compile what turns out to be hot, in the background: the first second or two are not what follows.
  for (let round = 0; round < 3; round += 1) for (const each of running) await run(each);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const each of running) each.figures.push(await run(each));
  }
  const traffic = await running.find(({ prepared }) => prepared.traffic)?.prepared.traffic();
  if (traffic) console.log(`${name} on WebGPU, per 1,000 steps: ${JSON.stringify(traffic)}`);
  const kernels = await running.find(({ prepared }) => prepared.kernels)?.prepared.kernels();
  if (kernels) console.log(`${name} on WebGPU, ms of a step: ${kernels.map(([kernel, time]) => `${kernel} ${time.toFixed(2)}`).join(", ")}`);
  for (const { prepared } of running) prepared.end();
  return Object.fromEntries(running.map(({ engine, figures }) => [engine.name, figures]));
}

/** Seconds of ten epochs of W3 and the accuracy on 2,000 held-out digits, from fresh networks each time. */
async function epochs({ repeats }) {
  const result = {};
  data ??= await digits();
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const engine of engines.slice(0, 2)) {
      const prepared = await engine.train(workloads.W3, data);
      // The first step compiles.
      await prepared.steps(1);
      const start = performance.now();
      await prepared.epochs(10);
      const seconds = (performance.now() - start) / 1000;
      const accuracy = await prepared.accuracy();
      prepared.end();
      (result[engine.name] ??= []).push({ seconds, accuracy });
    }
  }
  return result;
}

/** GFLOP/s of multiply and add in registers, best of some. */
async function peak(bytes) {
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
  const { spin, flops } = instance.exports;
  spin(1_000_000);
  let best = 0;
  for (let repeat = 0; repeat < 7; repeat += 1) {
    const start = performance.now();
    spin(5_000_000);
    best = Math.max(best, (5_000_000 * flops.value) / (performance.now() - start) / 1e6);
  }
  return best;
}

window.benchmark = { measure, epochs, peak };
