// A refusal offers what would make the wish possible.
import assert from "node:assert/strict";
import { test } from "node:test";

import { signal } from "@preact/signals-core";

import type { Engine } from "../../www/engine/index.js";
import type { Refusal } from "../../www/engine/types.js";
import type { Message, Store } from "../../www/state/store.js";
import { mendOf } from "../../www/ui/mends.js";
import { built } from "./support/package.js";

const { Engine: Built } = (await import(built.href)) as typeof import("../../www/engine/index.js");
const engineHere = (): Promise<Engine> => Built.create({ backend: "cpu", worker: false });

const refusalOf = async (wish: () => Promise<unknown>): Promise<Refusal> => {
  try {
    await wish();
  } catch (error) {
    return (error as { refusal: Refusal }).refusal;
  }
  return assert.fail("it was not refused");
};
const store = (engine: Engine): Store => ({ catalog: signal(engine.catalog), config: signal(engine.config), language: signal("en") }) as unknown as Store;

test("what_is_offered_is_accepted_and_grants_the_wish", async () => {
  const cases: [before: object, wish: object, check: (config: Engine["config"]) => boolean][] = [
    [{}, { training: { loss: { id: "hinge" } } }, ({ training, network }) => training.loss.id === "hinge" && network.output.activation.id === "tanh"],
    [{ network: { output: { activation: { id: "tanh" } } }, training: { loss: { id: "mse" } } }, { training: { loss: { id: "binary_cross_entropy" } } },
      ({ training, network }) => training.loss.id === "binary_cross_entropy" && network.output.activation.id === "sigmoid"],
    [{}, { training: { loss: { id: "categorical_cross_entropy" } } }, ({ training, network }) => training.loss.id === "categorical_cross_entropy" && network.output.activation.id === "softmax"],
    [{}, { network: { output: { activation: { id: "tanh" } } } }, ({ training, network }) => network.output.activation.id === "tanh" && training.loss.id === "mse"],
    [{}, { training: { optimizer: { learning_rate: 1000 } } }, ({ training }) => training.optimizer.learning_rate === 100],
    [{}, { training: { batch_size: 0 } }, ({ training }) => training.batch_size === 1],
  ];
  for (const [before, wish, check] of cases) {
    const engine = await engineHere();
    await engine.patch(before);
    const refusal = await refusalOf(() => engine.patch(wish));
    const mend = mendOf(store(engine), { kind: "refusal", field: refusal.field, refusal, wish } as Message);
    assert.ok(mend, JSON.stringify(refusal));
    await engine.patchUntrusted(mend.patch);
    assert.ok(check(engine.config), `${JSON.stringify(wish)}: ${JSON.stringify(mend.patch)}`);
    engine.dispose();
  }
});

test("without_a_test_set_one_is_offered", async () => {
  const engine = await engineHere();
  await engine.patch({ data: { split: { train: 80, validation: 20, test: 0 } } });
  const refusal = await refusalOf(() => engine.revealTest());
  const mend = mendOf(store(engine), { kind: "refusal", field: "test", refusal } as Message)!;
  await engine.patchUntrusted(mend.patch);
  assert.deepEqual(engine.config.data.split, { train: 64, validation: 16, test: 20 });
  await engine.revealTest();
  engine.dispose();
});
