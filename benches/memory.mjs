// The wasm memory's size over 10^6 steps of the page's own network, and after building the worked example.
//
//   node benches/memory.mjs

import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

import { initSync, Session } from "../www/wasm/neural_playground.js";

const read = (path) => readFileSync(new URL(path, import.meta.url));
const { memory } = initSync({ module: new WebAssembly.Module(read("../www/wasm/neural_playground_bg.wasm")) });
const size = () => (memory.buffer.byteLength / 2 ** 20).toFixed(2);

const page = new Session();
const train = (session, steps) => {
  session.handle(JSON.stringify({ type: "train", steps }));
  while (!session.advance(50).some((event) => event.type === "trained"));
};
train(page, 1000);
const before = memory.buffer.byteLength;
train(page, 1_000_000);
if (memory.buffer.byteLength !== before) throw new Error(`the memory grew from ${before} to ${memory.buffer.byteLength}`);
console.log(`the page's network: ${size()} MiB before and after 1,000,000 steps`);
page.free();

const digits = new Session();
digits.load_digits(inflateRawSync(read("../www/public/digits.bin")));
digits.handle(JSON.stringify({ type: "configure", config: { data: { dataset: "digits" } } }));
train(digits, 500);
const worked = memory.buffer.byteLength;
train(digits, 1000);
if (memory.buffer.byteLength !== worked) throw new Error("the memory grew");
console.log(`the worked example, 784-64-64-10 over 8,000 + 2,000 digits: ${size()} MiB in all`);
