// The wasm memory's size: a million steps of the page's own network take none, and the worked example stays within bounds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";

import type { Event } from "../../www/engine/types";
import { initSync, Session } from "../../www/wasm/neural_playground.js";

/** MiB: 10,000 digits of 784 pixels as f32 are 29.9, kept as they are and as the network reads them, and 6 more as bytes. */
const WORKED_EXAMPLE = 96;

const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const { memory } = initSync({ module: new WebAssembly.Module(read("../../www/wasm/neural_playground_bg.wasm")) });
const mebibytes = () => memory.buffer.byteLength / 2 ** 20;

function train(session: Session, steps: number): void {
  session.handle(JSON.stringify({ type: "train", steps }));
  while (!session.advance(50).some((event: Event) => event.type === "trained"));
}

test("a million steps take no memory", (context) => {
  const session = new Session();
  // By then the curves have as many rows as they ever have.
  train(session, 1_000_000);
  const before = memory.buffer.byteLength;
  train(session, 1_000_000);
  assert.equal(memory.buffer.byteLength, before);
  context.diagnostic(`the page's network: ${mebibytes().toFixed(2)} MiB before and after`);
  session.free();
});

test(`the worked example, 784-64-64-10 over 8,000 + 2,000 digits, fits ${WORKED_EXAMPLE} MiB and does not grow`, (context) => {
  const session = new Session();
  session.load_digits(inflateRawSync(read("../../www/public/digits.bin")));
  session.handle(JSON.stringify({ type: "configure", config: { data: { dataset: "digits" } } }));
  train(session, 500);
  const before = memory.buffer.byteLength;
  train(session, 1000);
  assert.equal(memory.buffer.byteLength, before);
  context.diagnostic(`${mebibytes().toFixed(2)} MiB in all`);
  assert.ok(mebibytes() <= WORKED_EXAMPLE, `${mebibytes()} MiB`);
  session.free();
});
