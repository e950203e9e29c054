// Undo and redo over a pretended engine: every change comes back, weights with it; a gesture is one change; memory is bounded.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, joined, type Change } from "../../www/state/changes.js";
import type { Config, NamedTensor } from "../../www/engine/types.js";
import { Undo, type Undoable } from "../../www/state/undo.js";

type Small = { rate: number; hidden: { units: number }[]; seed: number };
const config = (small: Partial<Small> = {}): Config => ({ rate: 0.03, hidden: [{ units: 4 }], seed: 1, ...small }) as unknown as Config;

/** As the engine behaves: another seed or another shape draws new weights. */
class Pretended implements Undoable {
  config = config();
  weightsNow = [1];
  steps = 0;
  calls: string[] = [];
  rows: unknown = null;

  async configure(to: Config): Promise<void> {
    const anew = differences(this.config, to).some(({ path }) => !path.startsWith("rate"));
    this.config = to;
    this.calls.push("configure");
    if (anew) [this.weightsNow, this.steps] = [[0], 0];
  }
  async setParameter(_layer: number, _unit: number, _input: number | null, value: number): Promise<void> { this.weightsNow = [value]; }
  async setData(data: unknown): Promise<void> { this.rows = data; }
  async reset(): Promise<void> { [this.weightsNow, this.steps] = [[0], 0]; }
  async weights(): Promise<NamedTensor[]> { return [{ name: "w", shape: [1, 1], data: Float32Array.from(this.weightsNow) }]; }
  async setWeights([tensor]: NamedTensor[]): Promise<void> { this.weightsNow = [...tensor!.data]; }
}

function make(): { engine: Pretended; undo: Undo; change: (to: Config, extra?: Partial<Change>) => Promise<void> } {
  const engine = new Pretended();
  const undo = new Undo(engine, () => engine.steps);
  let at = 0;
  return { engine, undo, change: async (to, extra = {}) => {
    const [before, parameters, steps] = [engine.config, await engine.weights(), engine.steps];
    await engine.configure(to);
    const restarted = engine.steps === 0 && differences(before, to).some(({ path }) => !path.startsWith("rate"));
    undo.note({ before, after: to, restarted, parameters: restarted ? parameters : null, steps, at: (at += 10_000), ...extra });
  } };
}

test("a_setting_comes_back_and_the_weights_stay", async () => {
  const { engine, undo, change } = make();
  engine.weightsNow = [7];
  await change(config({ rate: 0.1 }));
  assert.equal(await undo.undo(), "whole");
  assert.deepEqual(engine.config, config());
  assert.deepEqual(engine.weightsNow, [7]);
  assert.equal(await undo.redo(), "whole");
  assert.deepEqual(engine.config, config({ rate: 0.1 }));
  assert.equal(await undo.redo(), null, "there is no more to redo");
});

test("a_change_that_began_anew_gives_the_trained_weights_back_both_ways", async () => {
  const { engine, undo, change } = make();
  [engine.weightsNow, engine.steps] = [[42], 500];
  await change(config({ seed: 2 }));
  assert.deepEqual(engine.weightsNow, [0]);
  [engine.weightsNow, engine.steps] = [[43], 20];
  assert.equal(await undo.undo(), "weights", "said, as the counters start anew");
  assert.deepEqual(engine.weightsNow, [42]);
  assert.equal(await undo.redo(), "weights");
  assert.deepEqual(engine.weightsNow, [43]);
  assert.equal(await undo.undo(), "whole", "the counters stood at 0 before");
  assert.deepEqual(engine.weightsNow, [42]);
});

test("a_reset_is_taken_back_and_made_again", async () => {
  const { engine, undo, change } = make();
  [engine.weightsNow, engine.steps] = [[42], 500];
  const kept = await engine.weights();
  await engine.reset();
  await change(engine.config, { restarted: true, parameters: kept, steps: 500 });
  await undo.undo();
  assert.deepEqual(engine.weightsNow, [42]);
  await undo.redo();
  assert.deepEqual(engine.weightsNow, [0]);
});

test("a_reset_of_a_network_that_nobody_trained_is_no_change", async () => {
  const { undo, change } = make();
  await change(config(), { restarted: true, steps: 0 });
  assert.equal(undo.past.value.length, 0);
});

test("a_weight_gets_its_old_value_back", async () => {
  const { engine, undo } = make();
  const ref = { layer: 0, unit: 0, input: null };
  for (const [from, to, at] of [[1, 2, 0], [2, 3, 100], [3, 4, 200]] as const) {
    await engine.setParameter(0, 0, null, to);
    undo.note({ before: engine.config, after: engine.config, restarted: false, parameters: null, steps: 0, at, parameter: { ...ref, from, to } });
  }
  assert.equal(undo.past.value.length, 1, "one gesture");
  await undo.undo();
  assert.deepEqual(engine.weightsNow, [1]);
  await undo.redo();
  assert.deepEqual(engine.weightsNow, [4]);
});

test("a_dragged_slider_is_one_change_and_two_sliders_are_two", () => {
  const change = (from: Partial<Small>, to: Partial<Small>, at: number): Change =>
    ({ before: config(from), after: config(to), restarted: false, parameters: null, steps: 0, at });
  const both = joined(change({ rate: 1 }, { rate: 2 }, 0), change({ rate: 2 }, { rate: 3 }, 100));
  assert.deepEqual([both?.before, both?.after], [config({ rate: 1 }), config({ rate: 3 })]);
  assert.equal(joined(change({ rate: 1 }, { rate: 2 }, 0), change({ rate: 2 }, { rate: 3 }, 2000)), null, "too late");
  assert.equal(joined(change({ rate: 1 }, { rate: 2 }, 0), change({ rate: 2, seed: 1 }, { rate: 2, seed: 2 }, 100)), null, "another field");
  const layer = change({}, { hidden: [{ units: 4 }, { units: 4 }] }, 0);
  assert.equal(joined(layer, { ...layer, at: 100 }), null, "layers are added one by one");
});

test("a_slider_brought_back_leaves_nothing_to_undo", async () => {
  const { undo, change } = make();
  await change(config({ rate: 0.1 }), { at: 0 });
  await change(config({ rate: 0.03 }), { at: 50 });
  assert.equal(undo.past.value.length, 0);
});

test("a_new_change_forgets_what_could_be_redone", async () => {
  const { undo, change } = make();
  await change(config({ rate: 0.1 }));
  await undo.undo();
  await change(config({ rate: 0.2 }));
  assert.equal(undo.future.value.length, 0);
  assert.equal(undo.past.value.length, 1);
});

test("memory_is_bounded_and_says_when_weights_were_let_go", async () => {
  const { engine, undo, change } = make();
  const large: NamedTensor[] = [{ name: "w", shape: [1, 1 << 20], data: new Float32Array(1 << 20) }];
  for (let seed = 2; seed < 300; seed += 1) await change(config({ seed }), { parameters: large, steps: 9 });
  assert.equal(undo.past.value.length, 200);
  const kept = undo.past.value.filter(({ parameters }) => parameters !== null).length;
  assert.equal(kept * large[0]!.data.byteLength, 16 * 2 ** 20);
  assert.notEqual(undo.past.value.at(-1)!.parameters, null, "the newest are kept");
  for (let count = 0; count < kept; count += 1) assert.equal(await undo.undo(), "weights");
  assert.equal(await undo.undo(), "new_weights");
  assert.equal(engine.steps, 0);
});

test("the_callers_rows_come_back_with_their_config", async () => {
  const { engine, undo, change } = make();
  const [first, second] = [{ inputs: [[1]], targets: [0] }, { inputs: [[2]], targets: [1] }];
  await change(config({ seed: 5 }), { data: { before: null, after: first } });
  await change(config({ seed: 6 }), { data: { before: first, after: second } });
  await undo.undo();
  assert.equal(engine.rows, first);
  await undo.redo();
  assert.equal(engine.rows, second);
});

test("differences_name_the_field", () => {
  const before = { a: { id: "adam", rate: 1 }, list: ["x", "y"], layers: [{ units: 4 }], off: null };
  assert.deepEqual(differences(before, { ...before, a: { id: "adam", rate: 2 } }).map(({ path }) => path), ["a.rate"]);
  assert.deepEqual(differences(before, { ...before, a: { id: "sgd" } }).map(({ path }) => path), ["a"], "another row is one difference");
  assert.deepEqual(differences(before, { ...before, layers: [{ units: 5 }] }).map(({ path }) => path), ["layers[0].units"]);
  assert.deepEqual(differences(before, { ...before, layers: [] }).map(({ path }) => path), ["layers"]);
  assert.deepEqual(differences(before, { ...before, list: ["x"], off: {} }).map(({ path }) => path), ["list", "off"]);
  assert.deepEqual(differences(before, structuredClone(before)), []);
});
