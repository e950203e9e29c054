// Facts about the pure parts of the drawing views: where neurons stand, what the pointer finds, how values become colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerSummary, ModelSummary } from "../../www/engine/types.js";
import { colour } from "../../www/canvas/canvas.js";
import { layOut, neighbour, type Layout } from "../../www/pictures/network/network-layout.js";
import { nearestLink } from "../../www/pictures/network/network-probe.js";
import { LUT_SIZE } from "../../www/canvas/palette.js";
import { gainOf, largest, shareOf } from "../../www/canvas/scale.js";

const DRAWN = 64;

function summary(widths: number[], kind: ModelSummary["kind"] = "plane"): ModelSummary {
  const layers = widths.map((units, l): LayerSummary => ({ name: `${l}`, kind: l === 0 ? "input" : l === widths.length - 1 ? "output" : "hidden",
    units, activation: null, shape: "", parameters: 0, frozen: false }));
  return { task: "classification", kind, classes: 2, inputs: kind === "plane" ? ["x₁", "x₂"] : [], input_count: widths[0]!, layers, parameters: 0,
    multiply_adds: 0, counts: { train: 1, validation: 0, test: 0 }, steps_per_epoch: 1, domain: [-6, 6], target_encoding: "zero_one" };
}

function assertApart({ columns, width, height }: Layout): void {
  const boxes = columns.flatMap((column) => column.cells);
  boxes.forEach((a, i) => {
    assert.ok(a.x >= 0 && a.x + a.size <= width && a.y >= 0 && a.y + a.size <= height, `cell ${i} is on the sheet`);
    for (const b of boxes.slice(i + 1)) {
      assert.ok(a.x + a.size <= b.x || b.x + b.size <= a.x || a.y + a.size <= b.y || b.y + b.size <= a.y, `cell ${i} overlaps another`);
    }
  });
  columns.slice(1).forEach((column, l) => {
    const before = columns[l]!;
    assert.ok(before.headerLeft + before.headerWidth <= column.headerLeft + 1e-6, `headers ${l} and ${l + 1} touch`);
  });
}

test("every_unit_up_to_the_limit_has_a_cell_of_its_own", () => {
  for (let units = 1; units <= DRAWN; units++) {
    const layout = layOut(summary([2, units, 1]), 760, DRAWN);
    assert.deepEqual(layout.columns[1]!.cells.map((cell) => cell.unit), Array.from({ length: units }, (_, i) => i));
    assert.equal(layout.columns[1]!.hidden, 0);
    assertApart(layout);
  }
});

test("a_wide_layer_is_sampled_from_its_first_unit_to_its_last", () => {
  const column = layOut(summary([2, 512, 1]), 760, DRAWN).columns[1]!;
  assert.equal(column.cells[0]!.unit, 0);
  assert.equal(column.cells.at(-1)!.unit, 511);
  assert.equal(column.hidden, 512 - column.cells.length);
});

test("the_default_network_fits_a_phone_and_eight_layers_are_scrolled", () => {
  assert.equal(layOut(summary([2, 4, 2, 1]), 350, DRAWN).width, 350);
  const deep = layOut(summary([2, 8, 8, 8, 8, 8, 8, 8, 8, 1]), 350, DRAWN);
  assert.ok(deep.width > 350);
  assertApart(deep);
});

test("headers_take_two_lines_where_there_is_room", () => {
  assert.equal(layOut(summary([2, 4, 2, 1]), 760, DRAWN).compact, false);
  assert.equal(layOut(summary([2, 4, 4, 4, 2, 1]), 760, DRAWN).compact, true);
});

test("the_digits_input_is_one_picture", () => {
  const layout = layOut(summary([784, 64, 64, 10], "digits"), 760, DRAWN);
  assert.equal(layout.columns[0]!.cells.length, 1);
  assert.equal(layout.columns[3]!.cells.length, 10);
  assertApart(layout);
});

test("arrow_keys_reach_every_neuron", () => {
  for (const widths of [[2, 4, 2, 1], [2, 16, 3, 64, 1]]) {
    const layout = layOut(summary(widths), 760, DRAWN);
    const seen = new Set(["0 0"]);
    const open = [{ layer: 0, unit: 0 }];
    for (let at = open.pop(); at; at = open.pop()) {
      for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
        const next = neighbour(layout, at.layer, at.unit, key);
        if (!next || seen.has(`${next.layer} ${next.unit}`)) continue;
        seen.add(`${next.layer} ${next.unit}`);
        open.push(next);
      }
    }
    assert.equal(seen.size, widths.reduce((a, b) => a + b, 0));
  }
});

test("the_pointer_finds_the_link_whose_curve_it_is_on", () => {
  const layout = layOut(summary([2, 4, 2, 1]), 760, DRAWN);
  const weights = [[4, 2], [2, 4], [1, 2]].map(([outputs, inputs]) => ({ weight: new Float32Array(outputs! * inputs!).fill(0.5),
    bias: new Float32Array(outputs!), outputs: outputs!, inputs: inputs! }));
  const a = layout.columns[1]!.cells[3]!;
  const b = layout.columns[2]!.cells[0]!;
  // A Bezier curve with these handles at t = 1/4: x share 1.5 t - 1.5 t² + t³, y share 3 t² - 2 t³.
  const t = 0.25;
  const x = a.anchorOut + (b.anchorIn - a.anchorOut) * (1.5 * t - 1.5 * t * t + t ** 3);
  const y = a.anchorY + (b.anchorY - a.anchorY) * (3 * t * t - 2 * t ** 3);
  assert.deepEqual(nearestLink(layout, weights, false, x, y), { layer: 1, unit: 0, input: 3, x, y });
  assert.equal(nearestLink(layout, weights, false, x, y + 400), null);
});

test("values_take_the_colour_of_their_sign_and_no_number_is_neutral", () => {
  const lut = Uint32Array.from({ length: LUT_SIZE }, (_, i) => i);
  const out = new Uint32Array(7);
  colour(Float32Array.of(-1, 0, 1, -9, Infinity, -Infinity, NaN), 0, 7, lut, 1, 0, out, 0, 7, 7);
  const middle = (LUT_SIZE - 1) / 2;
  assert.deepEqual([...out], [0, middle, LUT_SIZE - 1, 0, LUT_SIZE - 1, 0, middle]);
});

test("rows_of_a_map_are_laid_a_stride_apart", () => {
  const out = new Uint32Array(8);
  colour(Float32Array.of(-1, 1, 1, -1), 0, 4, Uint32Array.from({ length: LUT_SIZE }, (_, i) => i + 1), 1, 0, out, 1, 2, 4);
  assert.deepEqual([...out], [0, 1, LUT_SIZE, 0, 0, LUT_SIZE, 1, 0]);
});

test("scores_of_plus_and_minus_one_become_shares", () => {
  const { gain, offset } = shareOf("plus_minus_one_hot");
  assert.deepEqual([-1, 0, 1].map((score) => score * gain + offset), [0, 0.5, 1]);
  assert.deepEqual(shareOf("one_hot"), { gain: 1, offset: 0 });
});

test("an_unbounded_map_is_scaled_by_its_largest_value_and_a_bounded_one_is_not", () => {
  assert.equal(gainOf(Float32Array.of(-4, 2), 0, 2, null), 0.25);
  assert.equal(gainOf(Float32Array.of(-0.4, 0.2), 0, 2, null), 1);
  assert.equal(gainOf(Float32Array.of(-4, 2), 0, 2, "zero_one"), 1);
  assert.equal(largest(Float32Array.of(1, Infinity, NaN, -3), 0, 4, 0), 3);
});
