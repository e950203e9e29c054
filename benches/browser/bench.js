// One engine in a page of its own, `?engine=`: what others leave behind in a page (garbage, pending callbacks) halves the speed of
// whoever comes next. Driven by run.mjs.

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

const engine = engines.find(({ name }) => name === new URLSearchParams(location.search).get("engine"));
let once;
let prepared;

/** Makes a workload ready; false where this engine has none. */
async function prepare(name) {
  const workload = workloads[name];
  const state = { count: 1 };
  if (workload.like) prepared = await engine.maps(workloads[workload.like], workload.resolution);
  else {
    if (workload.sizes[0] === 784) data ??= await digits();
    prepared = await engine.train(workload, data);
  }
  if (!prepared) return false;
  const frames = async (count) => {
    for (let index = 0; index < count; index += 1) await prepared.frame();
  };
  const scale = workload.unit === "samples/s" ? workload.batch : 1;
  once = async (milliseconds) => {
    if (workload.like) return rate(frames, state, milliseconds);
    return scale * (await (prepared.rate?.(milliseconds) ?? rate(prepared.steps, state, milliseconds)));
  };
  return true;
}

/** Figures a second. */
const run = (milliseconds) => once(milliseconds);

/** What it costs on WebGPU; null elsewhere. */
async function costs() {
  return { traffic: (await prepared.traffic?.()) ?? null, kernels: (await prepared.kernels?.()) ?? null };
}

/** Seconds of ten epochs of W3 from a fresh network, and the accuracy on 2,000 held-out digits. */
async function epochs() {
  data ??= await digits();
  const fresh = await engine.train(workloads.W3, data);
  // The first step compiles.
  await fresh.steps(1);
  const start = performance.now();
  await fresh.epochs(10);
  const seconds = (performance.now() - start) / 1000;
  const accuracy = await fresh.accuracy();
  fresh.end();
  return { seconds, accuracy };
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

window.benchmark = { engines: engines.map(({ name }) => name), prepare, run, costs, epochs, peak };
