// The host and a GPU that trains ahead of the session: what is taken over when, and what happens when the GPU fails.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Host } from "../../www/engine/host";
import type { Message, Method } from "../../www/engine/protocol";
import type { Backend, Standing } from "../../www/engine/standing";
import type { Frame, FrameWants } from "../../www/engine/types";
import { FakeGpu } from "./support/fake-gpu";
import { FakeSession, readSnapshot } from "./support/fake-session";

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) {
    port.postMessage("close");
    port.close();
  }
});

const DRAWN: FrameWants = { maps: { resolution: 1, hidden: true }, weights: true };
/** Of these, everything must be of one step. */
const stepsOf = (frame: Frame): number[] => [frame.step, frame.metrics!.step, frame.maps!.layers[0]![0]!, frame.weights![0]!.bias[0]!];

async function host(prepare: (gpu: FakeGpu, session: FakeSession) => void = () => {}, choice: Backend = "webgpu") {
  const session = new FakeSession();
  const gpu = new FakeGpu();
  prepare(gpu, session);
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
  const standing: Standing = await result("set_backend", choice);
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

test("the session's schedule goes on where its own rules have left it", async () => {
  const { gpu, result } = await host();
  await result("train", { steps: 400, epochs: null });
  assert.deepEqual([...new Set(gpu.followed)], [0.5]);
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
    const words = [...session.snapshot()];
    // What the processor begins its first slice with.
    const begun: number[][] = [];
    const advance = session.advance.bind(session);
    session.advance = (budget) => {
      begun.push([...session.snapshot()]);
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
  assert.deepEqual(readSnapshot(session.snapshot()), { step: 900, weight: 900 });
  assert.ok(gpu.taken.every((step) => step >= 500));
});

for (const [what, trouble] of [
  ["a device that is refused", { code: "device_refused", message: "no" }],
  ["a device without memory", { code: "out_of_memory", message: "none left" }],
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

test("a device that computes something else is not trusted, and never trains", async () => {
  const { session, gpu, standing, result } = await host((gpu) => (gpu.difference = 0.5));
  assert.deepEqual([standing.backend, standing.why, standing.values.available], ["cpu", "probe_failed", 0.5]);
  assert.ok(gpu.lost, "it is given up");
  await result("train", { steps: 50, epochs: null });
  assert.deepEqual([session.steps, gpu.calls], [50, 0]);
});

test("a device that does not answer is given up, and the processor goes on from what was taken over last", async (context) => {
  const { session, gpu, result } = await host();
  await result("command", { type: "play" });
  await calls(gpu, 3);
  await result("frame", {});
  context.mock.timers.enable({ apis: ["setTimeout"] });
  gpu.stalls = true;
  while ((await result("info") as Standing).backend !== "cpu" || session.advanced.length === 0) {
    context.mock.timers.tick(10_000);
    await new Promise((done) => setImmediate(done));
  }
  context.mock.timers.reset();
  const now: Standing = await result("info");
  assert.deepEqual([now.backend, now.why], ["cpu", "device_stalled"]);
  // Never backwards.
  assert.ok(session.steps > gpu.taken.at(-1)!);
  await result("command", { type: "pause" });
});

test("frames of a run on the GPU are made there, each of one step, while training goes on", async () => {
  const { session, gpu, standing, result } = await host();
  assert.deepEqual(standing.looks, { backend: "webgpu", cpu: null, webgpu: null });
  await result("command", { type: "play" });
  const seen: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    const frame: Frame = await result("frame", DRAWN);
    assert.deepEqual(stepsOf(frame), new Array(4).fill(frame.step));
    seen.push(frame.step);
  }
  assert.ok(seen.at(-1)! > seen[0]!, seen.join());
  assert.deepEqual(gpu.looked, seen);
  assert.deepEqual(session.figured, seen.filter((step, index) => step !== seen[index - 1]));
  assert.deepEqual(session.mapped, [], "the session makes none");
});

test("what is trained during a look is taken over after it", async () => {
  const { session, gpu, result } = await host();
  await result("command", { type: "play" });
  await calls(gpu, 3);
  let during: [before: number, after: number] | null = null;
  gpu.onLook = async () => {
    const before = session.steps;
    const taken = gpu.taken.length;
    // A frame more is asked for: the device hands over, and the session waits.
    void result("frame", {});
    while (gpu.taken.length === taken) await new Promise((done) => setTimeout(done));
    gpu.onLook = () => {};
    during = [before, session.steps];
  };
  const frame: Frame = await result("frame", DRAWN);
  assert.deepEqual(during, [frame.step, frame.step]);
  assert.equal(new Set(stepsOf(frame)).size, 1);
  await result("command", { type: "pause" });
  assert.ok(session.steps > frame.step);
});

test("a device that is lost while it is looked at: the session makes the frame, and trains on", async () => {
  for (const playing of [true, false]) {
    const { session, gpu, result } = await host();
    await result("command", { type: "play" });
    await calls(gpu, 5);
    if (!playing) await result("command", { type: "pause" });
    gpu.onLook = () => void (gpu.lost = true);
    const frame: Frame = await result("frame", DRAWN);
    assert.deepEqual(stepsOf(frame), new Array(4).fill(frame.step));
    assert.deepEqual(session.mapped, [frame.step]);
    const now: Standing = await result("info");
    assert.deepEqual([now.backend, now.why], ["cpu", "device_lost"]);
    await result("command", { type: "train", steps: 50 });
    while (session.steps < frame.step + 50) await new Promise((done) => setTimeout(done));
  }
});

test("a session that moves during a look makes the frame itself, of where it is", async () => {
  const { session, gpu, result } = await host();
  await result("train", { steps: 40, epochs: null });
  gpu.looked.length = 0;
  gpu.onLook = async () => {
    gpu.onLook = () => {};
    await result("set_weights", [{ name: "output.bias", shape: [1], data: Float32Array.of(7) }]);
  };
  const frame: Frame = await result("frame", DRAWN);
  assert.equal(frame.weights![0]!.bias[0], 7);
  assert.deepEqual(session.mapped, [40]);
  // The device goes where the session is, and looks again.
  const next: Frame = await result("frame", DRAWN);
  assert.equal(next.weights![0]!.bias[0], 7);
  assert.deepEqual(gpu.looked, [40, 40]);
});

test("a network that cannot be looked at on the device is trained there and looked at here", async () => {
  const { session, standing, result } = await host((gpu) => (gpu.unseen = { code: "limits", message: "too large" }));
  assert.deepEqual([standing.backend, standing.looks], ["webgpu", null]);
  const frame: Frame = await result("frame", DRAWN);
  assert.deepEqual(session.mapped, [frame.step]);
});

for (const faster of ["webgpu", "cpu"] as const) {
  test(`left to itself, who is faster makes the frames: ${faster}`, async (context) => {
    // By a clock that is set forward, so that no machine is too slow for it.
    let forward = 0;
    const real = performance.now.bind(performance);
    context.mock.method(performance, "now", () => real() + forward);
    const slow = (): void => void (forward += 1e6);
    const { session, gpu, standing, result } = await host((gpu, session) => {
      if (faster === "cpu") gpu.onLook = slow;
      else session.onMaps = slow;
    }, "auto");
    assert.equal(standing.backend, "webgpu");
    await result("command", { type: "play" });
    let now: Standing = await result("info");
    while (!now.looks) {
      const frame: Frame = await result("frame", DRAWN);
      assert.equal(new Set(stepsOf(frame)).size, 1);
      now = await result("info");
    }
    assert.equal(now.looks.backend, faster);
    const { cpu, webgpu } = now.looks;
    assert.ok(faster === "cpu" ? cpu! < webgpu! : webgpu! < cpu!, `${cpu} ms here, ${webgpu} ms there`);
    assert.equal(session.mapped.length, 1, "the session was tried once");
    const before = [session.mapped.length, gpu.looked.length];
    await result("frame", DRAWN);
    assert.deepEqual([session.mapped.length, gpu.looked.length], faster === "cpu" ? [before[0]! + 1, before[1]] : [before[0], before[1]! + 1]);
    // Another network, another trial.
    await result("command", { type: "patch", patch: {} });
    const again: Standing = await result("set_backend", "auto");
    assert.deepEqual([again.backend, again.looks], ["webgpu", null]);
  });
}

test("an adapter that is refused, or never answered for, is told by a code of its own, and the processor trains", async (context) => {
  const refused = await host((gpu) => { gpu.asked = () => Promise.reject(new DOMException("blocked", "OperationError")); });
  assert.deepEqual([refused.standing.backend, refused.standing.why, refused.standing.values], ["cpu", "adapter_failed", { message: "blocked" }]);
  const none = await host((gpu) => { gpu.asked = () => Promise.reject({ code: "adapter_null", message: "the browser gives no adapter" }); });
  assert.equal(none.standing.why, "adapter_null");
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let asked = false;
  let answered = false;
  const silent = host((gpu) => {
    gpu.asked = () => {
      asked = true;
      return new Promise(() => {});
    };
  });
  void silent.then(() => { answered = true; });
  while (!asked) await new Promise((done) => setImmediate(done));
  let waited = 0;
  for (; !answered && waited < 30_000; waited += 100) {
    context.mock.timers.tick(100);
    await new Promise((done) => setImmediate(done));
  }
  context.mock.timers.reset();
  assert.ok(waited < 6000, `after ${waited} ms`);
  const { standing, gpu, result } = await silent;
  assert.deepEqual([standing.backend, standing.why], ["cpu", "adapter_failed"]);
  gpu.asked = null;
  assert.equal((await result("set_backend", "webgpu") as Standing).backend, "webgpu", "asked again it may be there");
});
