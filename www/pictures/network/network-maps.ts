// Draws what each neuron carries: its map over the plane, its curve over the line, or its input weights as an image.
import { dataOf } from "../../engine/data-kinds.js";
import type { Frame, ModelSummary } from "../../engine/types.js";
import { colour, Raster } from "../../canvas/canvas.js";
import { cornerOf, type Cell, type Column, type Layout } from "./network-layout.js";
import { biasPlace, type Parameter } from "./network-probe.js";
import { classColours, type Palette } from "../../canvas/palette.js";
import { otherKinds } from "../output/kinds.js";
import { gainOf, shareOf } from "../../canvas/scale.js";

/** What of a frame is drawn here. */
export type Carried = Pick<Frame, "maps" | "weights">;

export interface MapsLook {
  palette: Palette;
  summary: ModelSummary;
  span: number;
  /** The weight or bias in hand or under the pointer. */
  held: Parameter | null;
  /** Called when it can be drawn whole. */
  again(): void;
}

const BIAS_FULL = 2;
const rasters: Raster[] = [];

export function rasterOf(layer: number): Raster {
  return (rasters[layer] ??= new Raster());
}

export function drawMaps(context: CanvasRenderingContext2D, layout: Layout, frame: Carried, look: MapsLook): void {
  const { summary } = look;
  const { dimensions, image } = dataOf(summary);
  const others = image || dimensions === 1 ? otherKinds(look.again) : undefined;
  for (const column of layout.columns) {
    if (others === undefined) drawColumn(context, column, frame, look);
    else if (others === null) empty(context, column, look.palette);
    else if (dimensions === 1) others.drawCurves(context, column, frame, look);
    else others.drawWeights(context, column, layout, frame, look);
    drawBiases(context, column, frame, look);
  }
}

/** Rounded box of a cell. */
function box(context: CanvasRenderingContext2D, cell: Cell): void {
  context.beginPath();
  context.roundRect(cell.x, cell.y, cell.size, cell.size, cornerOf(cell.size));
}

/** Puts the tiles of a layer's atlas (one below the other) into their boxes. */
export function place(
  context: CanvasRenderingContext2D,
  column: Column,
  atlas: HTMLCanvasElement,
  tile: number,
  palette: Palette,
  smooth: boolean,
): void {
  context.imageSmoothingEnabled = smooth;
  column.cells.forEach((cell, i) => context.drawImage(atlas, 0, i * tile, tile, tile, cell.x, cell.y, cell.size, cell.size));
  // Corners are covered in one path and framed in one: to clip each map for itself costs more than all of them together.
  context.beginPath();
  for (const { x, y, size } of column.cells) {
    context.rect(x - 0.5, y - 0.5, size + 1, size + 1);
    context.roundRect(x, y, size, size, cornerOf(size));
  }
  context.fillStyle = palette.css.paper;
  context.fill("evenodd");
  context.beginPath();
  for (const { x, y, size } of column.cells) context.roundRect(x, y, size, size, cornerOf(size));
  context.strokeStyle = palette.css.line;
  context.lineWidth = 1;
  context.stroke();
}

export function empty(context: CanvasRenderingContext2D, column: Column, palette: Palette): void {
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
