// The way to a worker: who starts one ends it, whatever comes between, and nobody waits for ever.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { openLink } from "../../www/engine/link";
import type { Link } from "../../www/engine/link";
import type { Open, Ready } from "../../www/engine/protocol";

/** A worker of which a test says when it runs and when its engine stands. */
class FakeWorker {
  static made: FakeWorker[] = [];
  ended = false;
  onerror: ((event: { message: string }) => void) | null = null;
  onmessage: ((event: { data: Ready }) => void) | null = null;
  opened: MessagePort[] = [];

  constructor(readonly address: string) {
    FakeWorker.made.push(this);
  }
  postMessage({ open }: Open): void {
    this.opened.push(open);
  }
  terminate(): void {
    this.ended = true;
    for (const port of this.opened) port.close();
  }
  run(): void {
    this.onmessage?.({ data: { ready: true } });
  }
  stand(at = 0): void {
    this.opened[at]!.postMessage({ ready: true } satisfies Ready);
  }
}

const settings = (name: string) => ({
  workerUrl: `https://one.test/${name}.js`, worker: true, wasmUrl: "", compilerUrl: "", gpuWasmUrl: "", gpuModuleUrl: "", digitsUrl: "",
});
/** Lets what is under way settle. */
const soon = () => new Promise((done) => setImmediate(done));
const alive = () => FakeWorker.made.filter(({ ended }) => !ended).length;

const known = Object.getOwnPropertyDescriptor(globalThis, "Worker");
beforeEach(() => {
  FakeWorker.made = [];
  Object.defineProperty(globalThis, "Worker", { configurable: true, value: FakeWorker });
});
afterEach(() => {
  mock.timers.reset();
  if (known) Object.defineProperty(globalThis, "Worker", known);
  else delete (globalThis as { Worker?: unknown }).Worker;
});

async function open(name: string): Promise<{ link: Link; worker: FakeWorker }> {
  const opening = openLink(settings(name));
  const worker = FakeWorker.made.at(-1)!;
  worker.run();
  await soon();
  worker.stand();
  return { link: await opening, worker };
}

test("a worker that another engine is about to use is not ended with the one that goes", async () => {
  const { link, worker } = await open("beside");
  const second = openLink(settings("beside"));
  link.close();
  await soon();
  assert.equal(worker.ended, false);
  worker.stand(1);
  (await second).close();
  assert.equal(alive(), 0);
});

test("a start that is given up leaves no worker: before it runs, before its engine stands, and in the moment it does", async () => {
  for (const moment of ["starting", "running", "standing"]) {
    const controller = new AbortController();
    const opening = openLink(settings(moment), controller.signal);
    const outcome = opening.then((link) => link, (reason: unknown) => reason);
    const worker = FakeWorker.made.at(-1)!;
    if (moment !== "starting") worker.run();
    await soon();
    if (moment === "standing") worker.stand();
    controller.abort("enough");
    assert.equal(await outcome, "enough", moment);
    assert.equal(alive(), 0, moment);
  }
  assert.equal(FakeWorker.made.length, 3, "no other way is tried for who wants none");
});

test("who changes their mind leaves the worker to the others who wait for it", async () => {
  const controller = new AbortController();
  const first = openLink(settings("others"), controller.signal);
  const second = openLink(settings("others"));
  controller.abort("enough");
  await assert.rejects(first, (reason) => reason === "enough");
  const [worker] = FakeWorker.made;
  assert.equal(worker!.ended, false);
  worker!.run();
  await soon();
  worker!.stand();
  (await second).close();
  assert.deepEqual([FakeWorker.made.length, alive()], [1, 0]);
});

test("a worker that fails while its engine starts is told to everyone who waits, and the next rung is tried", async () => {
  const openings = [openLink(settings("fails")), openLink(settings("fails"))];
  const [worker] = FakeWorker.made;
  worker!.run();
  await soon();
  worker!.onerror!({ message: "out of memory" });
  await soon();
  assert.equal(worker!.ended, true);
  const second = FakeWorker.made[1]!;
  assert.match(second.address, /^blob:/);
  second.run();
  await soon();
  second.stand(0);
  second.stand(1);
  for (const link of await Promise.all(openings)) {
    assert.equal(link.thread, "blob_worker");
    link.close();
  }
  assert.equal(alive(), 0);
});

test("a module that never comes is given up after a minute, with a sentence, and leaves no worker", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const opening = openLink(settings("hangs")).then(() => null, (error: { code: string; message: string }) => error);
  FakeWorker.made[0]!.run();
  await soon();
  mock.timers.tick(60_000);
  const error = await opening;
  assert.equal(error?.code, "engine_unavailable");
  assert.match(error!.message, /did not come in time/);
  assert.deepEqual([FakeWorker.made.length, alive()], [1, 0]);
});
