// Where a press in the network lands, how the surface is turned and ordered, and how a layer bends the plane.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Frame, ModelSummary } from "../../www/engine/types.js";
import { bend } from "../../www/pictures/output/hidden-painter.js";
import { cornerAt, heightAt, type Heights } from "../../www/canvas/heights.js";
import { cardPlace, spokenOf } from "../../www/pictures/network/card-place.js";
import { mostSpread } from "../../www/pictures/output/spread.js";
import { layOut } from "../../www/pictures/network/network-layout.js";
import { drawLinks } from "../../www/pictures/network/network-links.js";
import { biasPlace, nearestBias, parameterUnder, placeOf, valueOf } from "../../www/pictures/network/network-probe.js";
import type { Palette } from "../../www/canvas/palette.js";
import { farFirst, project, roundEnds, turned } from "../../www/canvas/projection.js";

const summary = { kind: "plane", inputs: ["X₁", "X₂"], layers: [
  { kind: "input", units: 2 }, { kind: "hidden", units: 4 }, { kind: "hidden", units: 2 }, { kind: "output", units: 1 }] } as unknown as ModelSummary;
const layout = layOut(summary, 760, 64);
const weights = [[4, 2], [2, 4], [1, 2]].map(([outputs, inputs], layer) => ({
  weight: Float32Array.from({ length: outputs! * inputs! }, (_, i) => layer + i / 8), bias: new Float32Array(outputs!).fill(-layer),
  outputs: outputs!, inputs: inputs!,
}));

test("every_bias_the_outputs_too_is_found_by_pointer_and_finger_and_leaves_its_neuron_to_be_pressed", () => {
  for (const column of layout.columns.slice(1))
    for (const cell of column.cells) {
      const mark = biasPlace(cell);
      const [x, y] = [mark.x + mark.size / 2, mark.y + mark.size / 2];
      for (const finger of [false, true]) {
        const found = parameterUnder(layout, weights, false, x, y, finger);
        assert.deepEqual([found?.layer, found?.unit, found?.input], [column.layer - 1, cell.unit, null]);
        assert.equal(nearestBias(layout, cell.x + cell.size / 2, cell.y + cell.size / 2, finger), null);
      }
    }
  assert.equal(nearestBias(layout, layout.columns[0]!.cells[0]!.x, layout.columns[0]!.cells[0]!.y, false), null, "inputs have no bias");
});

test("a_finger_reaches_a_link_from_farther_than_a_pointer", () => {
  const a = layout.columns[2]!.cells[0]!;
  const b = layout.columns[3]!.cells[0]!;
  const middle = { x: (a.anchorOut + b.anchorIn) / 2, y: (a.anchorY + b.anchorY) / 2 };
  assert.equal(parameterUnder(layout, weights, false, middle.x, middle.y - 15, false), null);
  assert.deepEqual(parameterUnder(layout, weights, false, middle.x, middle.y - 15, true), { layer: 2, unit: 0, input: 0, x: middle.x, y: middle.y - 15 });
});

test("a_parameters_value_and_place_are_absent_where_the_network_does_not_have_it", () => {
  assert.equal(valueOf(weights, { layer: 1, unit: 1, input: 3 }), 1 + 7 / 8);
  assert.equal(valueOf(weights, { layer: 2, unit: 0, input: null }), -2);
  assert.ok(placeOf(layout, { layer: 2, unit: 0, input: null }));
  for (const gone of [{ layer: 3, unit: 0, input: 0 }, { layer: 1, unit: 2, input: 0 }, { layer: 1, unit: 0, input: 4 }]) assert.equal(valueOf(weights, gone), null);
  assert.equal(placeOf(layout, { layer: 1, unit: 2, input: 0 }), null);
});

test("cells_of_the_surface_are_ordered_by_their_distance_whichever_way_it_is_turned", () => {
  const box = { x: 0, y: 0, half: 1 };
  for (let k = 0; k < 16; k++) {
    const look = turned({ turn: 0, tilt: 0.6 }, (k * Math.PI) / 8, 0);
    const { rows, columns } = farFirst(look, 5);
    const near = (r: number, c: number) => project(look, box, (c - 2) / 2, (2 - r) / 2, 0).near;
    for (let i = 1; i < 5; i++) {
      assert.ok(near(rows[i]!, 2) >= near(rows[i - 1]!, 2) - 1e-9);
      assert.ok(near(2, columns[i]!) >= near(2, columns[i - 1]!) - 1e-9);
    }
  }
});

test("the_eye_stays_above_the_horizon_and_full_turns_end_where_they_began", () => {
  assert.ok(turned({ turn: 0, tilt: 0.5 }, 0, -9).tilt > 0);
  assert.ok(turned({ turn: 0, tilt: 0.5 }, 0, 9).tilt <= Math.PI / 2);
  assert.ok(Math.abs(turned({ turn: 1, tilt: 0.5 }, -4 * Math.PI, 0).turn - 1) < 1e-9);
  const above = project({ turn: 0, tilt: Math.PI / 2 }, { x: 10, y: 20, half: 5 }, 1, 1, 1);
  assert.ok(Math.abs(above.x - 15) < 1e-9 && Math.abs(above.y - 15) < 1e-9, "seen from above it is the map");
});

test("heights_between_corners_are_those_of_a_plane_through_them", () => {
  const side = 50;
  const heights: Heights = { data: new Float32Array(side * side), colours: new Uint32Array(side * side), side, cells: 100, low: -1, high: 1 };
  for (let r = 0; r < side; r++) for (let c = 0; c < side; c++) heights.data[r * side + c] = 0.5 * cornerAt(heights, c) + 0.25 * -cornerAt(heights, r);
  for (const [u, v] of [[0, 0], [0.31, -0.77], [-0.9, 0.42]] as const) assert.ok(Math.abs(heightAt(heights, u, v) - (0.5 * u + 0.25 * v)) < 0.006, `${u} ${v}`);
});

test("scales_have_round_ends_that_hold_every_value", () => {
  assert.deepEqual(roundEnds(Float32Array.of(-0.93, 0.2, 0.88), 0, 3), [-1, 1]);
  assert.deepEqual(roundEnds(Float32Array.of(0, 3.2), 0, 2), [0, 3.5]);
  const [low, high] = roundEnds(Float32Array.of(4, 4), 0, 2);
  assert.ok(low <= 4 && high >= 4 && low < high);
  assert.deepEqual(roundEnds(Float32Array.of(NaN), 0, 1), [-1, 1]);
});

test("a_layer_is_bent_by_its_own_units_and_not_by_those_of_another_moment", () => {
  const side = 3;
  const maps = { resolution: side, layers: [new Float32Array(18), Float32Array.from({ length: 36 }, (_, i) => i)] };
  const frame = { maps, activations: Float32Array.from({ length: 20 }, (_, i) => i), output: null } as unknown as Frame;
  const plane = bend(frame, 4, { layer: 1, across: 1, up: 3 })!;
  assert.equal(plane.across[0], 9);
  assert.equal(plane.up.at(-1), 35);
  assert.deepEqual([...plane.pointsAcross], [5, 6, 7, 8, 9]);
  assert.equal(bend(frame, 3, { layer: 1, across: 0, up: 1 }), null);
  assert.equal(bend({ ...frame, activations: null }, 4, { layer: 1, across: 0, up: 1 }), null);
});

test("a_links_width_is_the_size_of_its_weight_its_colour_and_dash_the_sign_and_zero_is_not_drawn", () => {
  const strokes: { width: number; colour: string; broken: boolean; offset: number; curves: number }[] = [];
  const context = {
    lineWidth: 0, strokeStyle: "", globalAlpha: 1, lineCap: "", lineDashOffset: 0, dash: [] as number[], curves: 0,
    setLineDash(dash: number[]) { this.dash = dash; },
    beginPath() { this.curves = 0; },
    moveTo() {},
    bezierCurveTo() { this.curves += 1; },
    stroke() { if (this.curves > 0) strokes.push({ width: this.lineWidth, colour: this.strokeStyle, broken: this.dash.length > 0, offset: this.lineDashOffset, curves: this.curves }); },
    save() {},
    restore() {},
  };
  const palette = { css: { orange: "orange", blue: "blue", surface: "surface" } } as unknown as Palette;
  const draw = (values: number[], time: number | null = null) => {
    strokes.length = 0;
    const tensors = weights.map((tensor) => ({ ...tensor, weight: new Float32Array(tensor.weight.length) }));
    tensors[2]!.weight.set(values);
    drawLinks(context as unknown as CanvasRenderingContext2D, layout, tensors, { palette, full: 5, backward: false, focus: null, link: null, digits: false, time });
    return [...strokes];
  };
  assert.deepEqual(draw([0, 0]), [], "a dead link");
  const widths = [0.1, 0.5, 1, 2, 5].map((value) => draw([value, 0])[0]!.width);
  assert.ok(widths.every((width, at) => at === 0 || width > widths[at - 1]!), widths.join(" "));
  const [negative, positive] = draw([-2, 2]);
  assert.deepEqual([negative!.colour, negative!.broken, positive!.colour, positive!.broken], ["orange", true, "blue", false]);
  assert.equal(negative!.width, positive!.width);
  // While it trains the dashes move on.
  assert.notEqual(draw([-2, 2], 1)[0]!.offset, draw([-2, 2], 1.1)[0]!.offset);
});

test("the_card_of_a_parameter_covers_neither_its_link_nor_its_neurons", () => {
  const card = { width: 250, height: 190 };
  for (const width of [760, 1000]) {
    const drawn = layOut(summary, width, 64);
    const view = { left: 0, top: -40, width, height: drawn.height + 60 };
    for (let layer = 0; layer < summary.layers.length - 1; layer++)
      for (let unit = 0; unit < summary.layers[layer + 1]!.units; unit++)
        for (const input of [null, ...Array.from({ length: summary.layers[layer]!.units }, (_, i) => i)]) {
          const { left, top } = cardPlace(drawn, { layer, unit, input }, card, view)!;
          assert.ok(left >= view.left && left + card.width <= view.left + view.width && top >= view.top && top + card.height <= view.top + view.height, "in sight");
          for (const box of spokenOf(drawn, { layer, unit, input })) {
            const apart = left >= box.left + box.width || left + card.width <= box.left || top >= box.top + box.height || top + card.height <= box.top;
            assert.ok(apart, `${width}: layer ${layer}, unit ${unit}, input ${input}`);
          }
        }
  }
});

test("the_hidden_representation_is_first_seen_by_the_units_that_vary_most", () => {
  const unit = (spread: number): number[] => Array.from({ length: 16 }, (_, at) => (at % 2 ? spread : -spread));
  const maps = { resolution: 4, layers: [new Float32Array(32), Float32Array.from([...unit(0.1), ...unit(0.9), ...unit(0), ...unit(0.5)])] };
  assert.deepEqual(mostSpread(maps, 1), { across: 1, up: 3 });
  assert.deepEqual(mostSpread({ resolution: 4, layers: [new Float32Array(32), Float32Array.from(unit(1))] }, 1), { across: 0, up: 0 }, "a layer of one unit");
  assert.deepEqual(mostSpread(null, 1), { across: 0, up: 1 });
});
