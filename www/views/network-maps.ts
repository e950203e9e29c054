// Draws what each neuron carries: its map over the plane, its curve over the line, or its input weights as an image.
import type { Frame, ModelSummary } from "../engine/types.js";
import { colour, Raster } from "./canvas.js";
import { cornerOf, type Cell, type Column, type Layout } from "./network-layout.js";
import { biasPlace, type Parameter } from "./network-probe.js";
import { classColours, type Palette } from "./palette.js";
import { gainOf, largest, shareOf } from "./scale.js";

/** What of a frame is drawn here. */
export type Carried = Pick<Frame, "maps" | "weights">;

export interface MapsLook {
  palette: Palette;
  summary: ModelSummary;
  span: number;
  /** The weight or bias in hand or under the pointer. */
  held: Parameter | null;
}

/** Side of the digits' pictures. */
const DIGIT_SIDE = 28;
const BIAS_FULL = 2;
const rasters: Raster[] = [];
let usage = new Float32Array(0);

function rasterOf(layer: number): Raster {
  return (rasters[layer] ??= new Raster());
}

export function drawMaps(context: CanvasRenderingContext2D, layout: Layout, frame: Carried, look: MapsLook): void {
  const { summary } = look;
  for (const column of layout.columns) {
    if (summary.kind === "digits") drawWeights(context, column, layout, frame, look);
    else if (summary.kind === "line") drawCurves(context, column, frame, look);
    else drawColumn(context, column, frame, look);
    drawBiases(context, column, frame, look);
  }
}

/** Rounded box of a cell; its picture is clipped to it. */
function box(context: CanvasRenderingContext2D, cell: Cell): void {
  context.beginPath();
  context.roundRect(cell.x, cell.y, cell.size, cell.size, cornerOf(cell.size));
}

/** Puts the tiles of a layer's atlas (one below the other) into their boxes. */
function place(
  context: CanvasRenderingContext2D,
  column: Column,
  atlas: HTMLCanvasElement,
  tile: number,
  palette: Palette,
  smooth: boolean,
): void {
  context.strokeStyle = palette.css.line;
  context.lineWidth = 1;
  context.imageSmoothingEnabled = smooth;
  column.cells.forEach((cell, i) => {
    context.save();
    box(context, cell);
    context.clip();
    context.drawImage(atlas, 0, i * tile, tile, tile, cell.x, cell.y, cell.size, cell.size);
    context.restore();
    box(context, cell);
    context.stroke();
  });
}

function empty(context: CanvasRenderingContext2D, column: Column, palette: Palette): void {
  context.fillStyle = palette.css.zero;
  context.strokeStyle = palette.css.line;
  context.lineWidth = 1;
  for (const cell of column.cells) {
    box(context, cell);
    context.fill();
    context.stroke();
  }
}

function drawColumn(context: CanvasRenderingContext2D, column: Column, frame: Carried, look: MapsLook): void {
  const { palette, summary } = look;
  const values = frame.maps?.layers[column.layer];
  const n = frame.maps?.resolution ?? 0;
  const size = n * n;
  if (!values || values.length < size) {
    empty(context, column, palette);
    return;
  }
  const raster = rasterOf(column.layer);
  const pixels = raster.pixels(n, n * column.cells.length);
  const isOutput = column.layer === summary.layers.length - 1;
  const sent = values.length / size;
  const share = shareOf(summary.target_encoding);
  column.cells.forEach((cell, i) => {
    const from = Math.min(cell.unit, sent - 1) * size;
    if (isOutput && summary.classes > 2) {
      const table = classColours(palette, summary.classes).small;
      colour(values, from, size, table[cell.unit % table.length]!, share.gain, share.offset, pixels, i * size, n, n);
      return;
    }
    const gain =
      isOutput && summary.target_encoding === "value"
        ? 1 / look.span
        : gainOf(values, from, size, isOutput ? summary.target_encoding : null);
    colour(values, from, size, palette.small, gain, 0, pixels, i * size, n, n);
  });
  place(context, column, raster.commit(), n, palette, true);
}

function drawCurves(
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
function drawWeights(
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

/** A small square at the lower left corner: the bias, by sign and size. */
function drawBiases(context: CanvasRenderingContext2D, column: Column, frame: Carried, { palette, held }: MapsLook): void {
  const bias = column.layer > 0 ? frame.weights?.[column.layer - 1]?.bias : undefined;
  if (!bias) return;
  for (const cell of column.cells) {
    const b = bias[cell.unit]!;
    const mark = biasPlace(cell);
    context.beginPath();
    context.roundRect(mark.x, mark.y, mark.size, mark.size, 2);
    context.fillStyle = palette.css.zero;
    context.fill();
    context.globalAlpha = Math.min(1, 0.15 + Math.sqrt(Math.abs(b) / BIAS_FULL));
    context.fillStyle = b < 0 ? palette.css.orange : palette.css.blue;
    context.fill();
    context.globalAlpha = 1;
    const isHeld = held?.input === null && held.layer === column.layer - 1 && held.unit === cell.unit;
    context.strokeStyle = isHeld ? palette.css.ink : palette.css.paper;
    context.lineWidth = isHeld ? 2 : 1;
    context.stroke();
    // A bar across says minus, without colour.
    if (b >= 0) continue;
    context.fillStyle = palette.css.ink;
    context.fillRect(mark.x + mark.size * 0.2, mark.y + mark.size / 2 - 0.5, mark.size * 0.6, 1);
  }
}
