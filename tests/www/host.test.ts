// The host's training loop, its answers and what it does after a trap; no wasm, no worker.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import type { GpuAccess } from "../../www/engine/gpu-module";
import { Host } from "../../www/engine/host";
import type { Message, Method } from "../../www/engine/protocol";
import { transferables } from "../../www/engine/protocol";
import { FakeSession, readSnapshot } from "./support/fake-session";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) {
    port.postMessage("close");
    port.close();
  }
});

const NO_GPU: GpuAccess = {
  missing: () => ({ code: "webgpu_missing", message: "none" }),
  probe: () => Promise.reject({ code: "webgpu_missing", message: "none" }),
  load: () => Promise.reject(new Error("not to be fetched")),
};

interface Given {
  readDigits?: () => Promise<Uint8Array>;
  dropDigits?: () => void;
  gpu?: GpuAccess;
  code?: () => Promise<void>;
}

function host({ readDigits = async () => new Uint8Array(1), gpu = NO_GPU, ...rest }: Given = {}) {
  const session = new FakeSession();
  const { port1, port2 } = new MessageChannel();
  new Host(session, port2 as never, { readDigits, gpu, ...rest });
  const messages: Message[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let id = 0;
  port1.onmessage = ({ data }: MessageEvent<Message>) => {
    messages.push(data);
    if ("id" in data) waiting.get(data.id)?.(data);
  };
  open.push(port1 as never);
  const ask = (method: Method, ...args: unknown[]) =>
    new Promise<Message>((resolve) => {
      waiting.set(++id, resolve);
      port1.postMessage({ id, method, args });
    });
  const result = async (method: Method, ...args: unknown[]) => {
    const message = await ask(method, ...args);
    assert.ok("result" in message, JSON.stringify(message));
    return message.result as never;
  };
  /** Gives the newest call up. */
  const giveUp = () => port1.postMessage({ cancel: id });
  return { session, messages, ask, result, giveUp, close: () => port1.postMessage("close") };
}

test("train makes exactly the steps asked for and answers with the metrics", async () => {
  const { result, session } = host();
  await result("command", { type: "configure", config: {} });
  const metrics: { step: number } = await result("train", { steps: 1234, epochs: null });
  assert.equal(metrics.step, 1234);
  assert.equal(session.steps, 1234);
});

test("train counts the rest of an epoch in hand as the first", async () => {
  const { result, session } = host();
  await result("command", { type: "configure", config: {} });
  await result("train", { steps: 30, epochs: null });
  await result("train", { steps: null, epochs: 2 });
  assert.equal(session.steps, 75);
  await result("train", { steps: null, epochs: 2 });
  assert.equal(session.steps, 125);
});

test("train ends when the run finishes", async () => {
  const { result, session, messages } = host();
  session.finishAt = 40;
  await result("command", { type: "configure", config: {} });
  const metrics: { step: number } = await result("train", { steps: 1000, epochs: null });
  assert.equal(metrics.step, 40);
  assert.equal(messages.filter((message) => "events" in message && message.events[0]?.type === "finished").length, 1);
});

test("frames are answered between the slices of a long training", async () => {
  const { result, session } = host();
  session.stepMs = 0.2;
  await result("command", { type: "configure", config: {} });
  const training = result("train", { steps: 2000, epochs: null });
  const seen: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    const started = performance.now();
    const frame: { step: number } = await result("frame", {});
    seen.push(frame.step);
    assert.ok(performance.now() - started < 100, "a frame waits for at most a few slices");
  }
  assert.ok(seen[9]! > seen[0]! && seen[9]! < 2000, `${seen}`);
  await training;
});

test("a reset ends a training and the training answers", async () => {
  const { result, session } = host();
  session.stepMs = 0.1;
  await result("command", { type: "configure", config: {} });
  const training = result("train", { steps: 1_000_000, epochs: null });
  await result("frame", {});
  await result("command", { type: "reset" });
  await training;
  assert.equal(session.steps, 0);
});

test("a live change leaves a training running", async () => {
  const { result, session } = host();
  session.stepMs = 0.05;
  await result("command", { type: "configure", config: {} });
  const training = result("train", { steps: 500, epochs: null });
  await result("command", { type: "patch", patch: { training: {} } });
  const metrics: { step: number } = await training;
  assert.equal(metrics.step, 500);
});

test("a training that is refused says why", async () => {
  const { ask } = host();
  const answer = await ask("train", { steps: 0, epochs: null });
  assert.ok("refusal" in answer);
  assert.equal(answer.refusal.code, "out_of_range");
});

test("another training takes the place of the first, which is answered", async () => {
  const { result, session } = host();
  session.stepMs = 0.1;
  const first = result("train", { steps: 1_000_000, epochs: null });
  const second = result("train", { steps: 40, epochs: null });
  const [{ step }] = await Promise.all([first as Promise<{ step: number }>, second]);
  assert.ok(step < 1000);
});

test("a slow pace sleeps instead of spinning, and a new pace is taken up at once", { timeout: 30_000 }, async () => {
  const { result, session } = host();
  session.wait = 1000;
  await result("command", { type: "play", steps_per_second: 1 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(session.advanced.length < 12, `${session.advanced.length} slices in 100 ms`);
  session.wait = 0;
  await result("command", { type: "play", steps_per_second: null });
  while (session.advanced.length <= 14) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("playing goes on until paused, in slices of 8 ms", async () => {
  const { result, session } = host();
  await result("command", { type: "configure", config: {} });
  await result("command", { type: "play", steps_per_second: null });
  await new Promise((resolve) => setTimeout(resolve, 60));
  await result("command", { type: "pause" });
  const { length } = session.advanced;
  assert.ok(length > 5);
  assert.deepEqual(new Set(session.advanced), new Set([8]));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(session.advanced.length, length, "nothing runs after a pause");
});

test("the digits are fetched once they are chosen, and the command repeated", async () => {
  let fetched = 0;
  const { result, session } = host({ readDigits: async () => new Uint8Array(++fetched) });
  await result("command", { type: "configure", config: {} });
  assert.equal(fetched, 0);
  const events: { type: string }[] = await result("command", { type: "choose_dataset", dataset: "digits" });
  assert.equal(session.dataset, "digits");
  assert.deepEqual(events.map(({ type }) => type), ["configured", "points"]);
});

test("digits that cannot be fetched leave everything as it was", async () => {
  const { ask, result, session } = host({ readDigits: () => Promise.reject(new Error("404 Not Found")) });
  await result("command", { type: "configure", config: {} });
  const answer = await ask("command", { type: "choose_dataset", dataset: "digits" });
  assert.ok("refusal" in answer);
  assert.equal(answer.refusal.code, "digits_unavailable");
  assert.equal(answer.refusal.values.message, "404 Not Found");
  assert.equal(session.dataset, "circle");
});

test("bytes that are no digits are refused and not kept: the next choice asks for others", async () => {
  const files = [new Uint8Array(0), new Uint8Array(1)];
  let at = 0;
  const { result, session } = host({ readDigits: async () => files[at]!, dropDigits: () => { at += 1; } });
  await result("command", { type: "configure", config: {} });
  const refused: { type: string }[] = await result("command", { type: "choose_dataset", dataset: "digits" });
  assert.deepEqual([refused.map(({ type }) => type), session.dataset], [["rejected"], "circle"]);
  await result("command", { type: "choose_dataset", dataset: "digits" });
  assert.equal(session.dataset, "digits");
});

test("a data set chosen while the digits load wins", async () => {
  let deliver!: (bytes: Uint8Array) => void;
  const { ask, result, session } = host({ readDigits: () => new Promise((resolve) => (deliver = resolve)) });
  const digits = ask("command", { type: "choose_dataset", dataset: "digits" });
  await result("command", { type: "choose_dataset", dataset: "spiral" });
  deliver(new Uint8Array(1));
  const answer = await digits;
  assert.ok("refusal" in answer);
  assert.equal(answer.refusal.code, "superseded");
  assert.equal(session.dataset, "spiral");
});

/** Rows of the fake network that are no slice any more: 18 multiply-adds each. */
const MANY = 9_000_000;

test("many rows are predicted in slices: pictures are made between them, training and changes wait", async () => {
  const { ask, result, session, messages } = host();
  await result("command", { type: "configure", config: {} });
  await result("command", { type: "play", steps_per_second: null, epochs_per_second: null });
  const inputs = Float32Array.from({ length: 2 * MANY }, (_, at) => at % 1000);
  const predicted = ask("predict", inputs, 2);
  const frame = ask("frame", {}).then(() => session.predicted.length);
  const changed = ask("set_weights", [{ name: "output.bias", shape: [1], data: Float32Array.of(1) }]).then(() => session.predicted.length);
  const answer = (await predicted) as { result: Float32Array };
  const slices = session.predicted.length;
  assert.ok(slices > 3, `${slices} slices`);
  assert.deepEqual(session.predicted.slice(0, 2).map(([, first]) => first), [0, session.predicted[0]![0]], "each slice knows its first row");
  assert.equal(session.predicted.reduce((sum, [rows]) => sum + rows, 0), MANY);
  assert.equal(answer.result.length, inputs.length);
  assert.ok(answer.result.every((value, at) => value === 2 * inputs[at]!));
  assert.ok((await frame) < slices, "the picture came before the end");
  assert.equal(await changed, slices, "the change came after it");
  const order = messages.map((message) => ("id" in message ? message.id : "events" in message ? "events" : "other"));
  const [from, to] = [order.indexOf(4), order.indexOf(3)];
  assert.ok(from >= 0 && from < to && !order.slice(from, to).includes("events"), "nothing is trained meanwhile");
  const steps = session.steps;
  await ask("frame", {});
  while (session.steps === steps) await ask("frame", {});
});

test("what is given up ends between two slices, before its turn, or while the digits load, and changes nothing", async () => {
  const { ask, giveUp, result, session } = host({ readDigits: () => new Promise(() => {}) });
  await result("command", { type: "configure", config: {} });
  const code = (message: Message) => ("refusal" in message ? message.refusal.code : "answered");
  const predicted = ask("predict", new Float32Array(2 * MANY), 2);
  giveUp();
  const waits = ask("predict", new Float32Array(2 * MANY), 2);
  const behind = ask("command", { type: "choose_dataset", dataset: "spiral" });
  giveUp();
  assert.equal(code(await predicted), "superseded");
  assert.equal(code(await behind), "superseded");
  assert.equal(code(await waits), "answered");
  assert.equal(session.dataset, "circle");
  const digits = ask("command", { type: "choose_dataset", dataset: "digits" });
  giveUp();
  assert.equal(code(await digits), "superseded");
  assert.equal(session.dataset, "circle");
  // What is answered already is not to be given up.
  assert.equal(code(await ask("metrics")), "answered");
  giveUp();
  assert.equal(code(await ask("metrics")), "answered");
});

test("a thrown refusal is a refusal, and the host lives on", async () => {
  const { ask, result } = host();
  const answer = await ask("set_weights", []);
  assert.ok("refusal" in answer);
  assert.deepEqual(answer.refusal, {
    code: "mismatch", field: "output.bias", values: { expected: "1", found: "0" }, message: "wrong shape",
  });
  await result("info");
});

test("a trap is reported and nothing is asked of the session again", async () => {
  const { ask, session, messages } = host();
  session.onCommand = (command) => {
    if (command.type === "reset") throw new WebAssembly.RuntimeError("unreachable");
  };
  await ask("command", { type: "play", steps_per_second: null });
  const answer = await ask("command", { type: "reset" });
  assert.ok("crash" in answer);
  const { length } = session.advanced;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(session.advanced.length, length);
  assert.equal(messages.filter((message) => "crash" in message).length, 1);
});

test("weights are sent when a training ends, for the time after a crash", async () => {
  const { result, messages } = host();
  await result("command", { type: "configure", config: {} });
  await result("train", { steps: 10, epochs: null });
  const last = messages.filter((message) => "snapshot" in message).at(-1)!;
  assert.deepEqual(readSnapshot(last.snapshot), { step: 10, weight: 10 });
});

test("steps and edits are sent too, within a second, in one copy", { timeout: 5000 }, async () => {
  const { result, messages } = host();
  await result("command", { type: "configure", config: {} });
  const sent = () => messages.filter((message) => "snapshot" in message).length;
  // The config's own goes first.
  while (sent() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = sent();
  for (let step = 0; step < 5; step += 1) await result("command", { type: "step", count: 1 });
  while (sent() === before) await new Promise((resolve) => setTimeout(resolve, 20));
  const last = messages.filter((message) => "snapshot" in message).at(-1)!;
  assert.deepEqual(readSnapshot(last.snapshot), { step: 5, weight: 5 });
  assert.equal(sent(), before + 1);
});

test("who wants no figures after a training has none measured", async () => {
  const { result, session } = host();
  let measured = 0;
  const { metrics } = session;
  session.metrics = () => { measured += 1; return metrics.call(session); };
  assert.equal(await result("train", { steps: 20, epochs: null, metrics: false }), null);
  assert.equal(measured, 0);
  assert.notEqual(await result("train", { steps: 20, epochs: null }), null);
  assert.equal(measured, 1);
});

test("a session is freed with its host", async () => {
  const { session, result, close } = host();
  await result("info");
  close();
  while (!session.freed) await new Promise((resolve) => setTimeout(resolve, 1));
});

test("typed arrays are moved, views into a larger buffer are not", () => {
  const whole = new Float32Array(4);
  const view = new Float32Array(16).subarray(2, 4);
  assert.deepEqual(transferables({ a: [{ data: whole }, { data: view }], b: null, c: "text" }), [whole.buffer]);
});

test("a run that lasts gets code of its own, once; another run gets another's", async () => {
  let asked = 0;
  const { result, session } = host({ code: async () => void (asked += 1) });
  await result("command", { type: "configure", config: {} });
  await result("train", { steps: 1, epochs: null });
  assert.equal(asked, 0, "a single step is not worth it");
  session.stepMs = 0.5;
  await result("train", { steps: 300, epochs: null });
  assert.equal(asked, 1);
  await result("command", { type: "reset" });
  await result("train", { steps: 300, epochs: null });
  assert.equal(asked, 2);
});

test("who looks at a run has seen it trained before it gets code", async () => {
  let asked = 0;
  const { result, session } = host({ code: async () => void (asked += 1) });
  await result("command", { type: "configure", config: {} });
  await result("frame", {});
  session.stepMs = 0.5;
  await result("train", { steps: 300, epochs: null });
  assert.equal(asked, 0);
  for (let picture = 0; picture < 30; picture += 1) await result("frame", {});
  await result("train", { steps: 10, epochs: null });
  assert.equal(asked, 1);
});
