// Code made for one network (src/backend/wasm): runs are the same to the bit with it and without.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { coder } from "../../www/engine/code";
import type { Session as SessionInterface } from "../../www/engine/session";
import type { Catalog } from "../../www/engine/types";
import { Session, initSync, place_code } from "../../www/wasm/neural_playground.js";

const address = (path: string) => new URL(path, import.meta.url);
const { memory } = initSync({ module: new WebAssembly.Module(readFileSync(address("../../www/wasm/neural_playground_bg.wasm"))) });
const COMPILER = address("../../www/wasm-compiler/neural_playground_compiler.wasm").href;

/** Functions placed in the table so far. */
let placed = 0;
const place = (code: unknown) => {
  placed += 1;
  return place_code(code);
};
const code = coder(COMPILER, memory, place);

/** A session with this config, and whether it has got code. */
async function session(config: object, compiled: boolean): Promise<{ session: SessionInterface; used: boolean }> {
  const made = new Session() as unknown as SessionInterface;
  const events = made.handle(JSON.stringify({ type: "configure", config }));
  assert.ok(events.every(({ type }) => type !== "rejected"), JSON.stringify(events));
  let used = false;
  if (compiled) {
    const use = made.use_code.bind(made);
    made.use_code = (...given) => (used = use(...given));
    await code(made);
  }
  return { session: made, used };
}

const bits = (made: SessionInterface, kind: "weights" | "gradients") =>
  made[kind]().map(({ name, data }) => [name, [...new Uint32Array(data.buffer, data.byteOffset, data.length)]]);

/** Both ways, compared by weights, gradients and metrics. */
async function same(config: object, steps: number, name: string): Promise<boolean> {
  const [plain, made] = [await session(config, false), await session(config, true)];
  for (const { session } of [plain, made]) session.handle(JSON.stringify({ type: "step", count: steps }));
  assert.deepEqual(bits(made.session, "weights"), bits(plain.session, "weights"), name);
  assert.deepEqual(bits(made.session, "gradients"), bits(plain.session, "gradients"), name);
  assert.deepEqual(made.session.metrics(), plain.session.metrics(), name);
  return made.used;
}

const network = (units: number[], activation: unknown, training: object, data: object = {}) => ({
  data,
  network: { hidden: units.map((units) => ({ units, activation, dropout: 0 })), output: { activation: "tanh" } },
  training: { loss: "half_mse", optimizer: { id: "sgd", learning_rate: 0.1 }, ...training },
});

test("every activation", async () => {
  const made = new Session() as unknown as SessionInterface;
  const { activations } = made.catalog() as Catalog & { activations: { id: string }[] };
  assert.ok(activations.length >= 15, `${activations.length} activations`);
  for (const { id } of activations.filter(({ id }) => id !== "softmax")) {
    assert.ok(await same(network([2], id, { batch_size: 8 }), 300, id), `${id}: no code was made`);
  }
});

test("every loss of single outputs", async () => {
  for (const loss of ["mse", "half_mse", "mae", "huber", "log_cosh", "hinge"]) {
    assert.ok(await same(network([3], "relu", { loss }), 300, loss), `${loss}: no code was made`);
  }
  const logits = { ...network([3], "relu", { loss: "binary_cross_entropy" }) };
  logits.network.output.activation = "sigmoid";
  assert.ok(await same(logits, 300, "binary_cross_entropy"), "binary_cross_entropy: no code was made");
});

test("every size of batch, and the rest at an epoch's end", async () => {
  for (let batch_size = 1; batch_size <= 16; batch_size += 1) {
    await same(network([4, 2], "relu", { batch_size }), 200, `batch ${batch_size}`);
  }
});

test("random networks, by every optimizer, with frozen layers and penalties", async () => {
  // A small generator of its own: the same networks on every run.
  let state = 1;
  const below = (count: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const of = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const features = ["x", "y", "x_squared", "y_squared", "x_times_y", "sin_x", "sin_y"];
  let used = 0;
  for (let index = 0; index < 120; index += 1) {
    const config = network(
      Array.from({ length: below(4) }, () => 1 + below(6)),
      of(["tanh", "relu", "linear", "leaky_relu", "sigmoid", "softsign"]),
      {
        batch_size: 1 + below(16),
        optimizer: of(["sgd", "momentum", "adam", "rmsprop", "adagrad"]),
      },
      { features: features.slice(0, 1 + below(7)), dataset: of(["circle", "xor", "spiral"]) },
    );
    if (below(3) === 0 && config.network.hidden.length > 1) Object.assign(config.network.hidden[below(config.network.hidden.length)]!, { frozen: true });
    used += Number(await same(config, 120, JSON.stringify(config)));
  }
  assert.ok(used >= 40, `code was made for ${used} of 120`);
});

test("a run's code is not another's, and one network's is made once", async () => {
  const config = network([4, 2], "tanh", {});
  const first = await session(config, true);
  assert.ok(first.used);
  const before = placed;
  assert.ok((await session({ ...config, training: { ...config.training, batch_size: 10, optimizer: "adam" } }, true)).used);
  assert.equal(placed, before, "another optimizer shares it");
  // Meanwhile the session has another network: what was made is refused.
  const late = new Session() as unknown as SessionInterface;
  late.handle(JSON.stringify({ type: "configure", config: network([5], "tanh", {}) }));
  assert.equal(late.use_code(first.session.step_shape(), 1, 1024), false);
});

test("what is wide, or more than plain layers, has no code", async () => {
  for (const config of [network([40], "tanh", {}), network([8, 8, 8, 8], "tanh", {}), network([4], "tanh", { batch_size: 100 })]) {
    assert.equal((await session(config, true)).used, false);
  }
  const dropout = network([4], "tanh", {});
  dropout.network.hidden[0]!.dropout = 0.5;
  assert.equal((await session(dropout, true)).used, false);
});

test("without its module nothing changes, and it is asked for again", async () => {
  const made = (await session(network([4, 2], "tanh", {}), false)).session;
  await coder("file:///nowhere.wasm", memory, place)(made);
  made.handle(JSON.stringify({ type: "step", count: 10 }));
  assert.equal(made.step_count(), 10);
});
