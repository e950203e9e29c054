// What a visitor wishes over a pretended engine: each wish keeps its own past, one that fails keeps no other from its turn, refusals are their own.
import assert from "node:assert/strict";
import { before, test } from "node:test";

import { EngineError } from "../../www/engine/errors.js";
import type { Engine } from "../../www/engine/index.js";
import type { Config, Event, NamedTensor } from "../../www/engine/types.js";
import { Actions } from "../../www/state/actions.js";
import { Store } from "../../www/state/store.js";

before(() => {
  Object.assign(globalThis, { innerWidth: 1000 });
});

type Small = { data: { dataset: string }; training: { rate: number } };

/** As the engine behaves: another data set begins anew, another rate goes on. What it answers comes as a task. */
class Pretended {
  config: Small = { data: { dataset: "circle" }, training: { rate: 0.03 } };
  numbers = [1, 2, 3];
  digits: Promise<void> = Promise.resolve();
  readonly listeners = new Map<string, ((event: never) => void)[]>();
  calls: string[] = [];

  on(type: string, listener: (event: never) => void): () => void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    return () => {};
  }
  emit(event: { type: string }): void {
    for (const listener of this.listeners.get(event.type) ?? []) listener(event as never);
  }
  async #accept(config: Small, effect: "live" | "reset"): Promise<Small> {
    await new Promise((done) => setTimeout(done));
    this.config = config;
    if (effect === "reset") this.numbers = [0, 0, 0];
    this.emit({ type: "configured", config, summary: { kind: "plane", layers: [] }, run: 1, effect, adapted: [] } as unknown as Event);
    return config;
  }
  async patchUntrusted(patch: { training?: { rate: number } }): Promise<Small> {
    const rate = patch.training?.rate ?? 0;
    this.calls.push(`rate ${rate}`);
    if (Number.isNaN(rate)) throw new Error("torn");
    if (rate < 0) {
      await new Promise((done) => setTimeout(done));
      const refusal = { code: "out_of_range", field: "training.rate", values: {}, message: "training.rate: no" };
      this.emit({ type: "rejected", refusal } as never);
      throw new EngineError(refusal);
    }
    return this.#accept({ ...this.config, training: { rate } }, "live");
  }
  async chooseDataset(dataset: string): Promise<Small> {
    await this.digits;
    return this.#accept({ ...this.config, data: { dataset } }, "reset");
  }
  async configureUntrusted(config: Small): Promise<Small> {
    return this.#accept(structuredClone(config), config.data.dataset === this.config.data.dataset ? "live" : "reset");
  }
  configure(config: Small): Promise<Small> {
    return this.configureUntrusted(config);
  }
  async weights(): Promise<NamedTensor[]> {
    return [{ name: "w", shape: [1, 3], data: Float32Array.from(this.numbers) }];
  }
  async setWeights([tensor]: NamedTensor[]): Promise<void> {
    this.numbers = [...tensor!.data];
  }
  async setParameter(): Promise<void> {}
  async newSeed(): Promise<Small> {
    this.calls.push("seed");
    return this.config;
  }
}

function make(): { engine: Pretended; actions: Actions; store: Store } {
  const engine = new Pretended();
  const store = new Store();
  const actions = new Actions(engine as unknown as Engine, store);
  store.actions = actions;
  store.config.value = engine.config as unknown as Config;
  store.frame.value = { step: 50 } as never;
  store.started.value = true;
  return { engine, actions, store };
}
const settled = (milliseconds = 60): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

test("trained weights are kept for undo although a slider moves while the digits are on their way", async () => {
  const { engine, actions } = make();
  let come = (): void => {};
  engine.digits = new Promise((done) => { come = done; });
  const chosen = actions.chooseDataset("digits");
  await settled();
  await actions.set("training.rate", 0.1);
  assert.equal(engine.config.training.rate, 0.1, "nobody waits for the digits");
  come();
  await chosen;
  await settled(200);
  const past = actions.history.past.value;
  assert.deepEqual(past.map(({ restarted, parameters }) => [restarted, parameters && [...parameters[0]!.data]]), [[false, null], [true, [1, 2, 3]]]);
  await actions.undo();
  assert.deepEqual([engine.config.data.dataset, engine.config.training.rate, engine.numbers], ["circle", 0.1, [1, 2, 3]]);
});

test("a wish that comes to grief keeps no other from its turn, and is told", async () => {
  const { engine, actions, store } = make();
  const all = [actions.set("training.rate", NaN), actions.newSeed(["init"]), actions.set("training.rate", 0.2)];
  await Promise.all(all);
  assert.deepEqual(engine.calls, ["rate NaN", "seed", "rate 0.2"]);
  await actions.patch(() => { throw new Error("no patch"); }, "training.rate");
  assert.equal(store.message.value?.kind, "failure");
  await actions.set("training.rate", 0.3);
  assert.equal(engine.config.training.rate, 0.3);
});

test("a refusal is shown where its field is, whatever was refused before it or moved meanwhile", async () => {
  const { engine, actions, store } = make();
  store.places.add({ path: "training.rate" });
  store.places.add({ path: "data.noise" });
  await actions.set("training.rate", -1);
  assert.equal(store.message.value?.field, "training.rate");
  // A script's: none of the page's controls was moved.
  engine.emit({ type: "rejected", refusal: { code: "out_of_range", field: "data.noise", values: {}, message: "" } } as never);
  assert.equal(store.message.value?.field, "data.noise");
  engine.emit({ type: "rejected", refusal: { code: "mismatch", field: "inputs", values: {}, message: "" } } as never);
  assert.equal(store.message.value?.field, "inputs");
});

test("what a script changes can be taken back too", async () => {
  const { engine, actions } = make();
  await engine.patchUntrusted({ training: { rate: 0.5 } });
  await settled(200);
  assert.equal(actions.history.past.value.length, 1);
  await actions.undo();
  assert.equal(engine.config.training.rate, 0.03);
});
