// The host and a GPU that trains ahead of the session: what is taken over when, and what happens when the GPU fails.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Host } from "../../www/engine/host";
import type { Message, Method } from "../../www/engine/protocol";
import { STEP } from "../../www/engine/standing";
import type { Standing } from "../../www/engine/standing";
import { FakeGpu } from "./support/fake-gpu";
import { FakeSession } from "./support/fake-session";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) {
    port.postMessage("close");
    port.close();
  }
});

async function host(prepare: (gpu: FakeGpu) => void = () => {}) {
  const session = new FakeSession();
  const gpu = new FakeGpu();
  prepare(gpu);
  const { port1, port2 } = new MessageChannel();
  new Host(session, port2 as never, { readDigits: async () => new Uint8Array(1), gpu: gpu.access });
  const waiting = new Map<number, (message: Message) => void>();
  let id = 0;
  port1.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("id" in data) waiting.get(data.id)?.(data);
  };
  open.push(port1 as never);
  const result = async (method: Method, ...args: unknown[]) => {
    const message = await new Promise<Message>((resolve) => {
      waiting.set(++id, resolve);
      port1.postMessage({ id, method, args });
    });
    assert.ok("result" in message, JSON.stringify(message));
    return message.result as never;
  };
  await result("command", { type: "configure", config: {} });
  const standing: Standing = await result("set_backend", "webgpu");
  return { session, gpu, standing, result };
}

/** Until the GPU has been called so often again. */
async function calls(gpu: FakeGpu, count: number): Promise<void> {
  const until = gpu.calls + count;
  while (gpu.calls < until) await new Promise((done) => setTimeout(done));
}

test("nothing is taken over while nobody looks; a frame asks for the next one", async () => {
  const { session, gpu, result, standing } = await host();
  assert.equal(standing.backend, "webgpu");
  await result("command", { type: "play" });
  await calls(gpu, 20);
  assert.equal(session.steps, 0);
  assert.deepEqual(gpu.taken, []);
  await result("frame", {});
  await calls(gpu, 3);
  assert.equal(gpu.taken.length, 1);
  assert.equal(session.steps, gpu.taken[0]);
});

test("a command finds the session where the GPU is", async () => {
  const { session, gpu, result } = await host();
  await result("command", { type: "play" });
  await calls(gpu, 20);
  await result("command", { type: "pause" });
  assert.ok(session.steps >= 190, `${session.steps}`);
  assert.equal(session.steps, gpu.taken.at(-1));
  const paused = session.steps;
  await result("command", { type: "play" });
  await calls(gpu, 5);
  await result("command", { type: "pause" });
  assert.ok(session.steps > paused);
  // Playing and pausing put nothing back.
  assert.deepEqual(gpu.restored.filter((step) => step > 0), []);
});

test("calls keep their order while one waits for the GPU", async () => {
  const { gpu, result } = await host();
  await result("command", { type: "play" });
  await calls(gpu, 5);
  const order: string[] = [];
  await Promise.all([
    result("command", { type: "pause" }).then(() => order.push("pause")),
    result("frame", {}).then((frame: { playing?: boolean }) => order.push(`frame ${frame.playing}`)),
    result("metrics").then(() => order.push("metrics")),
  ]);
  assert.deepEqual(order.map((each) => each.split(" ")[0]), ["pause", "frame", "metrics"]);
});

test("train makes exactly the steps asked for", async () => {
  const { session, gpu, result } = await host();
  const metrics: { step: number } = await result("train", { steps: 1234, epochs: null });
  assert.equal(metrics.step, 1234);
  assert.equal(session.steps, 1234);
  assert.deepEqual(gpu.taken, [1234]);
});

test("when the device is lost the processor goes on with the very next slice, from what was taken over last, to the bit", async () => {
  for (let round = 0; round < 20; round += 1) {
    const { session, gpu, result } = await host();
    await result("command", { type: "play" });
    await calls(gpu, 1 + ((7 * round) % 13));
    await result("frame", {});
    await calls(gpu, 3);
    const taken = session.steps;
    assert.equal(taken, gpu.taken.at(-1));
    const words = [...session.progress().words];
    // What the processor begins its first slice with.
    const begun: number[][] = [];
    const advance = session.advance.bind(session);
    session.advance = (budget) => {
      begun.push([...session.progress().words]);
      return advance(budget);
    };
    gpu.lost = true;
    const before = gpu.calls;
    while (session.steps === taken) await new Promise((done) => setTimeout(done));
    assert.deepEqual(begun[0], words);
    assert.ok(gpu.calls - before <= 2, "the GPU is not asked again");
    const now: Standing = await result("info");
    assert.deepEqual([now.backend, now.why], ["cpu", "device_lost"]);
    // A press brings it back, where the processor is.
    const back: Standing = await result("set_backend", "webgpu");
    assert.equal(back.backend, "webgpu");
    await result("command", { type: "pause" });
    assert.ok(session.steps > taken);
  }
});

test("a command that waits for a device that is lost is answered", async () => {
  const { session, gpu, result } = await host();
  await result("command", { type: "play" });
  await calls(gpu, 4);
  gpu.trouble = { code: "device_lost", message: "gone" };
  await result("command", { type: "pause" });
  assert.equal(session.playing, false);
});

test("from a number that is none the session trains itself, up to there", async () => {
  const { session, gpu, result } = await host((gpu) => (gpu.divergesAt = 500));
  session.stepMs = 0.05;
  await result("train", { steps: 900, epochs: null });
  assert.equal(session.steps, 900);
  assert.ok(session.advanced.length > 0);
  assert.ok(session.progress().words.every(Number.isFinite));
  assert.equal(session.progress().counters[STEP], 900);
  assert.ok(gpu.taken.every((step) => step >= 500));
});

for (const [what, trouble] of [
  ["a device that is refused", { code: "device_refused", message: "no" }],
  ["a shader that is rejected", { code: "shader_error", message: "line 3" }],
  ["a network over the adapter's limits", { code: "limits", message: "", limit: "maxStorageBufferBindingSize", needed: 200, available: 100 }],
] as const) {
  test(`${what}: the processor trains, and the reason is told`, async () => {
    const { session, standing, result } = await host((gpu) => {
      if (trouble.code === "device_refused") gpu.refusal = trouble;
      else gpu.unfit = trouble;
    });
    assert.equal(standing.backend, "cpu");
    assert.equal(standing.why, trouble.code);
    if (trouble.code === "limits") {
      const { limit, needed, available } = trouble;
      assert.deepEqual({ limit, needed, available }, { limit: standing.values.limit, needed: standing.values.needed, available: standing.values.available });
    }
    await result("train", { steps: 50, epochs: null });
    assert.equal(session.steps, 50);
  });
}
