// What the first picture does not show: curves over a line, what a neuron sees of digits, several classes, hard decisions.
import { colourClasses, enlarge } from "../../canvas/blends.js";
import { colour, type Raster } from "../../canvas/canvas.js";
import type { Column, Layout } from "../network/network-layout.js";
import { empty, place, rasterOf, type Carried, type MapsLook } from "../network/network-maps.js";
import { axes, type Format, type MapLook, type Output } from "./output-map.js";
import type { Palette } from "../../canvas/palette.js";
import { largest, shareOf } from "../../canvas/scale.js";

/** Side of the digits' pictures. */
const DIGIT_SIDE = 28;
/** How much finer a decision is drawn than it was computed. */
const FINER = 3;
/** Drives every value but zero to the end of the table. */
const STEEP = 1e6;
let usage = new Float32Array(0);
let fine = new Float32Array(0);

export function drawCurves(
  context: CanvasRenderingContext2D,
  column: Column,
  frame: Carried,
  { palette, summary, span }: MapsLook,
): void {
  empty(context, column, palette);
  const values = frame.maps?.layers[column.layer];
  const n = frame.maps?.resolution ?? 0;
  if (!values || values.length < n) return;
  const isOutput = column.layer === summary.layers.length - 1;
  context.lineJoin = "round";
  for (const cell of column.cells) {
    const from = Math.min(cell.unit, values.length / n - 1) * n;
    const middle = cell.y + cell.size / 2;
    const scale = (cell.size * 0.42) / (isOutput ? span : largest(values, from, n, 1));
    context.strokeStyle = palette.css.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(cell.x + 1, middle);
    context.lineTo(cell.x + cell.size - 1, middle);
    context.stroke();
    context.strokeStyle = palette.css.ink;
    context.lineWidth = 1.6;
    context.beginPath();
    for (let i = 0; i < n; i++) {
      const y = middle - values[from + i]! * scale;
      context.lineTo(cell.x + 2 + ((cell.size - 4) * (i + 0.5)) / n, Math.min(cell.y + cell.size - 2, Math.max(cell.y + 2, y)));
    }
    context.stroke();
  }
}

/** Digits: the input is how much each pixel is used; a neuron is its incoming weights, as an image when they come
 *  from pixels, else laid out as the layer before is. */
export function drawWeights(
  context: CanvasRenderingContext2D,
  column: Column,
  layout: Layout,
  frame: Carried,
  { palette }: MapsLook,
): void {
  const tensor = frame.weights?.[Math.max(0, column.layer - 1)];
  if (!tensor) {
    empty(context, column, palette);
    return;
  }
  const side = column.layer <= 1 ? DIGIT_SIDE : Math.ceil(Math.sqrt(tensor.inputs));
  const raster = rasterOf(column.layer);
  const size = side * side;
  const pixels = raster.pixels(side, side * column.cells.length);
  if (column.layer === 0) {
    colour(pixelUse(tensor), 0, size, palette.small, 1, 0, pixels, 0, side, side);
  } else {
    pixels.fill(palette.small[(palette.small.length - 1) / 2]!);
    column.cells.forEach((cell, i) => {
      const from = cell.unit * tensor.inputs;
      colour(
        tensor.weight,
        from,
        tensor.inputs,
        palette.small,
        1 / largest(tensor.weight, from, tensor.inputs, 1e-6),
        0,
        pixels,
        i * size,
        side,
        side,
      );
    });
  }
  place(context, column, raster.commit(), side, palette, column.layer <= 1);
  caption(context, column, layout, palette);
}

/** Root mean square weight per pixel, scaled to 0..1. */
function pixelUse(tensor: { weight: Float32Array; inputs: number; outputs: number }): Float32Array {
  if (usage.length !== tensor.inputs) usage = new Float32Array(tensor.inputs);
  usage.fill(0);
  for (let o = 0; o < tensor.outputs; o++) {
    for (let i = 0; i < tensor.inputs; i++) usage[i]! += tensor.weight[o * tensor.inputs + i]! ** 2;
  }
  let top = 1e-12;
  for (let i = 0; i < usage.length; i++) top = Math.max(top, usage[i]!);
  for (let i = 0; i < usage.length; i++) usage[i] = Math.sqrt(usage[i]! / top);
  return usage;
}

/** The digit that each output neuron stands for. */
function caption(context: CanvasRenderingContext2D, column: Column, layout: Layout, palette: Palette): void {
  if (column.layer !== layout.columns.length - 1) return;
  context.fillStyle = palette.css.soft;
  context.font = `600 12px ${palette.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const cell of column.cells) context.fillText(String(cell.unit), cell.x + cell.size + 6, cell.y + cell.size / 2);
}

export function drawLine(context: CanvasRenderingContext2D, output: Output, look: MapLook, format: Format): void {
  const { area, palette } = look;
  context.clearRect(0, 0, area.left + area.width + 2, look.height);
  const y = (v: number) => area.top + ((area.ceiling - v) / (area.ceiling - area.bottom)) * area.height;
  context.lineWidth = 1;
  context.strokeStyle = palette.css.line;
  context.strokeRect(area.left + 0.5, area.top + 0.5, area.width - 1, area.height - 1);
  if (area.bottom < 0 && area.ceiling > 0) {
    context.beginPath();
    context.moveTo(area.left, y(0));
    context.lineTo(area.left + area.width, y(0));
    context.stroke();
  }
  if (output && output.units === 1) {
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    context.beginPath();
    for (let i = 0; i < output.resolution; i++) {
      context.lineTo(area.left + ((i + 0.5) / output.resolution) * area.width, y(output.data[i]!));
    }
    context.strokeStyle = palette.css.ink;
    context.lineWidth = 2.25;
    context.lineJoin = "round";
    context.stroke();
    context.restore();
  }
  const step = roundStep((area.ceiling - area.bottom) * 0.45);
  axes(context, look, [-step, 0, step], format);
}

/** The largest of 1, 2 and 5 times a power of ten that is not above `most`. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1) * power;
}

/** The map of several classes, or as decisions where they are wanted; false for a plain map. */
export function fillOther(raster: Raster, output: NonNullable<Output>, { discretize, palette, summary }: MapLook): boolean {
  const { data, resolution: n, units } = output;
  const share = shareOf(summary.target_encoding);
  if (discretize) {
    const m = n * FINER;
    if (fine.length !== m * m * units) fine = new Float32Array(m * m * units);
    enlarge(data, n, units, FINER, fine);
    const pixels = raster.pixels(m, m);
    if (units > 1) colourClasses(fine, m * m, units, share, palette, true, pixels);
    else colour(fine, 0, m * m, palette.largeSteps, STEEP, 0, pixels, 0, m, m);
    return true;
  }
  if (units > 1) colourClasses(data, n * n, units, share, palette, false, raster.pixels(n, n));
  return units > 1;
}
