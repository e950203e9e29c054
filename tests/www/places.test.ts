// A refusal stands at the control of its own field; where the page has none, at the control that was moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Places } from "../../www/state/places.js";

function places(...paths: string[]): Places {
  const all = new Places();
  for (const path of paths) all.add({ path });
  return all;
}

test("a_refusal_finds_the_control_of_its_field", () => {
  const page = places("training.optimizer", "training.optimizer.learning_rate", "training.batch_size", "network.hidden", "network.hidden[].units", "data.split");
  for (const [field, moved, at] of [
    ["training.batch_size", "training.batch_size", "training.batch_size"],
    // A parameter of a choice, whichever of both was set.
    ["training.optimizer.learning_rate", "training.optimizer", "training.optimizer.learning_rate"],
    ["training.optimizer.momentum", "training.optimizer", "training.optimizer"],
    // What was moved is not what is refused, and has a control of its own.
    ["data.split.train", "training.batch_size", "training.batch_size"],
    ["data.split.train", "", "data.split"],
    ["network.hidden[3].units", "network.hidden[].units", "network.hidden[].units"],
    ["network.hidden[3].units", "network.hidden", "network.hidden"],
    ["network.hidden[3].units", "", "network.hidden[].units"],
    ["network.hidden[3].dropout", "", "network.hidden"],
    // None has a place: the page's foot.
    ["data.noise", "data.noise", "data.noise"], ["targets[0]", "data", "data"], ["weights", "", "weights"],
  ] as const) assert.equal(page.of(field, moved), at, `${field} by ${moved}`);
});

test("a_place_is_there_as_long_as_one_of_its_controls_is", () => {
  const all = new Places();
  const [first, second] = [{ path: "network.hidden[].units" }, { path: "network.hidden[].units" }];
  all.add(first);
  all.add(second);
  all.add(first);
  all.delete(first);
  assert.ok(all.has("network.hidden[].units"), "another layer has it still");
  second.path = "network.hidden[].dropout";
  assert.ok(!all.has("network.hidden[].units") && all.has("network.hidden[].dropout"), "a control that shows another field is at that");
  all.delete(second);
  assert.ok(!all.has("network.hidden[].dropout"));
});
