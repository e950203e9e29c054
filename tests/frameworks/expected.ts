// What every framework must come to, in every browser.

import assert from "node:assert/strict";

const start = { dataset: "spiral", layers: [5, 3], activation: "relu", rate: 0.02, goal: { metric: "loss", value: 0 } };
const changed = { dataset: "xor", layers: [4], activation: "relu", rate: 0.05, goal: { metric: "loss", value: 0 } };

export function assertFramework(facts: Record<string, unknown>, scheme = "light"): void {
  assert.deepEqual(facts, {
    mounted: start,
    reflected: ["spiral", "5,3", "tabs,header", scheme],
    playing: false,
    changed, same: true, scheme,
    moved: [true, true, 7],
    replaced: [true, "disposed", 0],
    left: ["disposed", true],
    back: changed,
    errors: [],
  });
}

/** Refusals have codes of their own; nothing else may be answered, and nothing may be left. */
export function assertOrders({ pending, outcomes, errors, alive }: { pending: number[]; outcomes: string[]; errors: string[]; alive: number }): void {
  assert.deepEqual(pending, [], "seeds of promises that wait for ever");
  const known = ["fulfilled", "disposed", "not_connected", "out_of_range", "malformed", "superseded", "not_now"];
  assert.deepEqual(outcomes.filter((each) => !known.includes(each)), []);
  assert.deepEqual(errors, []);
  assert.equal(alive, 0);
}
