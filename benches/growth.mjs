// Time per step against weights times batch, 10^2 to 10^6 weights, in node: prints a table and writes growth.svg.
//
//   node benches/growth.mjs

import { readFileSync, writeFileSync } from "node:fs";

import { initSync, Session } from "../www/wasm/neural_playground.js";

const file = (path) => new URL(path, import.meta.url);
const { memory } = initSync({ module: new WebAssembly.Module(readFileSync(file("../www/wasm/neural_playground_bg.wasm"))) });

/** Inputs, two hidden layers of one width, one output; ReLU, SGD. */
function session(inputs, width, batch) {
  const session = new Session();
  const rows = 4 * batch;
  const x = Float32Array.from({ length: rows * inputs }, (_, place) => ((place * 7919) % 97) / 97);
  const y = Float32Array.from({ length: rows }, (_, row) => (row % 5) / 5 + 0.05);
  const layer = { units: width, activation: "relu", dropout: 0, frozen: false };
  const handle = (command) => {
    for (const event of command) if (event.type === "rejected") throw new Error(JSON.stringify(event));
  };
  handle(session.set_data(x, inputs, y, new Uint8Array(rows), "regression"));
  const training = { loss: "mse", optimizer: { id: "sgd", learning_rate: 1e-4 }, batch_size: batch };
  handle(session.handle(JSON.stringify({ type: "patch", patch: { network: { hidden: [layer, layer] }, training } })));
  return session;
}

/** Microseconds of a step, the best of some. */
function time(session) {
  session.handle('{"type":"play","steps_per_second":null}');
  let best = Infinity;
  for (let repeat = 0; repeat < 8; repeat += 1) {
    const before = session.frame("{}").step;
    const start = performance.now();
    while (performance.now() - start < 100) session.advance(20);
    const took = performance.now() - start;
    best = Math.min(best, (1000 * took) / (session.frame("{}").step - before));
  }
  return best;
}

const points = [];
console.log("| weights | batch | us a step | ns for each weight and sample |\n|---:|---:|---:|---:|");
for (const batch of [10, 32]) {
  for (const [inputs, width] of [[2, 8], [8, 12], [16, 24], [32, 48], [64, 96], [128, 192], [256, 384], [512, 704]]) {
    const weights = inputs * width + width * width + width;
    const engine = session(inputs, width, batch);
    const us = time(engine);
    engine.free();
    points.push({ batch, x: weights * batch, us });
    console.log(`| ${weights} | ${batch} | ${us.toFixed(2)} | ${((1000 * us) / weights / batch).toFixed(3)} |`);
  }
}
console.log(`\nwasm memory at the end: ${(memory.buffer.byteLength / 2 ** 20).toFixed(1)} MiB`);

const [left, bottom, width, height] = [60, 340, 520, 310];
const scale = (value, low, high, size) => ((Math.log10(value) - low) / (high - low)) * size;
const at = (x, us) => [left + scale(x, 2.5, 7.5, width), bottom - scale(us, -1, 4.5, height)];
const colour = { 10: "#0877bd", 32: "#f59322" };
const parts = [];
for (let power = 3; power <= 7; power += 1) {
  const [x] = at(10 ** power, 1);
  parts.push(`<path d="M${x} ${bottom}V${bottom - height}" stroke="#ddd"/><text x="${x}" y="${bottom + 18}" text-anchor="middle">1e${power}</text>`);
}
for (let power = -1; power <= 4; power += 1) {
  const [, y] = at(1e3, 10 ** power);
  parts.push(`<path d="M${left} ${y}H${left + width}" stroke="#ddd"/><text x="${left - 6}" y="${y + 4}" text-anchor="end">${10 ** power} us</text>`);
}
for (const batch of [10, 32]) {
  const places = points.filter((point) => point.batch === batch).map(({ x, us }) => at(x, us).map((value) => value.toFixed(1)).join(" "));
  parts.push(`<path d="M${places.join("L")}" fill="none" stroke="${colour[batch]}" stroke-width="2"/>`);
  parts.push(...places.map((place) => `<circle cx="${place.split(" ")[0]}" cy="${place.split(" ")[1]}" r="3" fill="${colour[batch]}"/>`));
  parts.push(`<text x="${left + 16}" y="${bottom - height + (batch === 10 ? 20 : 38)}" fill="${colour[batch]}">batch ${batch}</text>`);
}
parts.push(`<text x="${left + width / 2}" y="${bottom + 38}" text-anchor="middle">weights x batch</text>`);
writeFileSync(
  file("growth.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 390" font-family="sans-serif" font-size="12"><rect width="600" height="390" fill="#fff"/>${parts.join("")}</svg>\n`,
);
