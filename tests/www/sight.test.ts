// What was not asked for stays as it was, and a map read at another resolution is the same map.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Frame } from "../../www/engine/types.js";
import { resample } from "../../www/insights/resample.js";

(globalThis as { IntersectionObserver?: unknown }).IntersectionObserver = class {};
const { Sight } = await import("../../www/state/frames/viewport.js");
const sight = new Sight({} as ParentNode);

const frame = (layers: number[][] | null, output: number[] | null, units?: number[][]): Frame => ({
  maps: layers && { resolution: 2, layers: layers.map((layer) => Float32Array.from(layer)), ...(units && { units }) },
  output: output && { resolution: 1, data: Float32Array.from(output), units: 1 },
}) as Frame;
const filled = (...units: number[]): number[] => units.flatMap((value) => [value, value, value, value]);

test("maps_of_some_units_take_their_places_among_all", () => {
  const before = frame([filled(1, 2), filled(3, 4, 5), filled(6)], [7]);
  const part = frame([[], filled(40, 50), []], null, [[], [1, 2], []]);
  const received = part.maps;
  const spare = sight.complete(part, before);
  assert.deepEqual(part.maps!.layers.map((layer) => [...layer]), [filled(1, 2), filled(3, 40, 50), filled(6)]);
  assert.deepEqual(part.maps!.units, [[], [1, 2], []]);
  assert.equal(part.output, before.output);
  // What is shown is not given up: not the arrays of all, not the large map that stays.
  assert.equal(spare.maps, received);
  assert.equal(spare.output, null);
  const none = frame(null, [8]);
  assert.deepEqual(sight.complete(none, part), { maps: null, output: before.output });
  assert.equal(none.maps!.layers[1], part.maps!.layers[1]);
});

test("maps_of_another_network_or_another_resolution_are_not_mixed", () => {
  const part = frame([[], filled(1), []], null, [[], [5], []]);
  sight.complete(part, frame([filled(1, 2), filled(3, 4, 5), filled(6)], null));
  assert.equal(part.maps, null);
  const finer = frame([[], filled(1), []], null, [[], [1], []]);
  const before = frame([filled(1, 2), filled(3, 4, 5), filled(6)], null);
  before.maps!.resolution = 3;
  sight.complete(finer, before);
  assert.equal(finer.maps, null);
});

test("a_map_at_another_resolution_is_the_same_plane", () => {
  const plane = (side: number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, at) => 3 * ((at % side) + 0.5) / side - 2 * (Math.floor(at / side) + 0.5) / side);
  for (const side of [36, 46, 64]) {
    const found = resample(plane(side), side, 36);
    const expected = plane(36);
    assert.ok(found.every((value, at) => Math.abs(value - expected[at]!) < 1e-6), `${side}`);
  }
  assert.deepEqual([...resample(Float32Array.of(5), 1, 2)], [5, 5, 5, 5]);
});
