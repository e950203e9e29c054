// The speed slider: from one step a second to flat out, always faster to the right, in a unit that is said.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelSummary } from "../../www/engine/types.js";
import { defaultSpeed, rateOf, SPEED_STOPS, stopAfter } from "../../www/state/speed.js";

const summary = (steps: number, kind: ModelSummary["kind"] = "plane"): ModelSummary => ({ kind, steps_per_epoch: steps }) as ModelSummary;
const steps = (position: number, epoch: number): number => {
  const { stepsPerSecond, epochsPerSecond } = rateOf(position, summary(epoch));
  return stepsPerSecond ?? (epochsPerSecond ? epochsPerSecond * epoch : Infinity);
};

for (const [name, epoch] of [["full batch", 1], ["a small set", 25], ["digits", 250], ["digits one by one", 8000]] as const) {
  test(`from_one_step_a_second_to_flat_out (${name})`, () => {
    assert.deepEqual(rateOf(0, summary(epoch)), { stepsPerSecond: 1 });
    assert.deepEqual(rateOf(1, summary(epoch)), { stepsPerSecond: null, epochsPerSecond: null });
    for (let position = 0; position < 1; position += 0.005) {
      assert.ok(steps(position + 0.005, epoch) >= steps(position, epoch), `slower at ${position}`);
    }
  });

  test(`every_key_press_is_a_faster_round_rate (${name})`, () => {
    const rates: number[] = [];
    for (let position = 0; position < 1; position = stopAfter(position, 1)) rates.push(steps(position, epoch));
    assert.equal(rates[0], 1);
    assert.equal(rates.length, SPEED_STOPS);
    for (let at = 1; at < rates.length; at += 1) assert.ok(rates[at]! > rates[at - 1]!, `${rates[at - 1]} then ${rates[at]}`);
    assert.equal(stopAfter(1, 1), 1);
    assert.equal(stopAfter(0, -1), 0);
    assert.ok(stopAfter(1, -1) < 1 && Math.abs(stopAfter(stopAfter(0.3, 1), -1) - 0.3) < 0.06);
  });
}

test("sets_that_are_watched_start_at_one_epoch_a_picture_and_digits_flat_out", () => {
  assert.deepEqual(rateOf(defaultSpeed(summary(25, "plane")), summary(25)), { epochsPerSecond: 60 });
  assert.deepEqual(rateOf(defaultSpeed(summary(250, "digits")), summary(250)), { stepsPerSecond: null, epochsPerSecond: null });
});
