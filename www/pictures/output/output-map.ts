// Pictures of the output: a map over the plane, or a curve over the line. Axes included.
import type { Frame, ModelSummary, Points } from "../../engine/types.js";
import { colour, type Raster } from "../../canvas/canvas.js";
import type { Unit } from "../../ui/events.js";
import { otherKinds } from "./kinds.js";
import { classColours, type Palette } from "../../canvas/palette.js";
import { gainOf, shareOf } from "../../canvas/scale.js";

/** Where the picture stands (CSS pixels) and what it spans: x is low..high, y is bottom..ceiling. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
  low: number;
  high: number;
  bottom: number;
  ceiling: number;
}

/** Room for tick labels, in CSS pixels. */
export const MARGIN = { left: 28, right: 1, top: 1, bottom: 20 };

/** Height of a picture of the plane at a width: every one has the same, so that nothing moves when another is chosen. */
export function stageHeight(width: number): number {
  return Math.max(0, width - MARGIN.left - MARGIN.right) + MARGIN.top + MARGIN.bottom;
}

export interface MapLook {
  palette: Palette;
  summary: ModelSummary;
  area: Area;
  /** The figure's own: it keeps the map from one frame to the next, where one has none to give. */
  raster: Raster;
  discretize: boolean;
  hovered: Unit | null;
  /** Largest magnitude of a regression target. */
  span: number;
  height: number;
  /** Called when it can be drawn as it should be. */
  again(): void;
}

export type Output = Frame["output"];
export type Format = (value: number) => string;
const RADIUS = 6;

export function drawPlane(context: CanvasRenderingContext2D, output: Output, look: MapLook, format: Format): void {
  const { area, palette, raster } = look;
  context.clearRect(0, 0, area.left + area.width + 2, look.height);
  context.save();
  context.beginPath();
  context.roundRect(area.left, area.top, area.width, area.height, RADIUS);
  context.fillStyle = palette.css.zero;
  context.fill();
  if (output) {
    context.clip();
    fillRaster(output, look);
    context.drawImage(raster.commit(), area.left, area.top, area.width, area.height);
  }
  context.restore();
  context.strokeStyle = palette.css.line;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(area.left, area.top, area.width, area.height, RADIUS);
  context.stroke();
  axes(context, look, [area.low, (area.low + area.high) / 2, area.high], format);
}

function isOutput({ hovered, summary }: MapLook): boolean {
  return !hovered || hovered.layer === summary.layers.length - 1;
}

function fillRaster(output: NonNullable<Output>, look: MapLook): void {
  const { palette, summary, hovered, raster } = look;
  const n = output.resolution;
  // A frame asked for before the pointer moved: the picture stays until the next one comes.
  if (summary.classes > 2 && output.units > 1 === (hovered !== null)) return;
  const share = shareOf(summary.target_encoding);
  const others = look.discretize || output.units > 1 ? otherKinds(look.again) : null;
  if (others?.fillOther(raster, output, look) || output.units > 1) return;
  const pixels = raster.pixels(n, n);
  if (hovered && isOutput(look) && summary.classes > 2) {
    colour(
      output.data,
      0,
      n * n,
      classColours(palette, summary.classes).large[hovered.unit % 8]!,
      share.gain,
      share.offset,
      pixels,
      0,
      n,
      n,
    );
    return;
  }
  const gain =
    isOutput(look) && summary.target_encoding === "value"
      ? 1 / look.span
      : gainOf(output.data, 0, n * n, isOutput(look) ? summary.target_encoding : null);
  colour(output.data, 0, n * n, palette.large, gain, 0, pixels, 0, n, n);
}

/** Height range that holds every visible target, with some air. */
export function lineRange(points: Points | null): [bottom: number, ceiling: number] {
  let bottom = Infinity;
  let ceiling = -Infinity;
  if (points)
    for (const v of points.label) {
      if (v < bottom) bottom = v;
      if (v > ceiling) ceiling = v;
    }
  if (!(ceiling > bottom)) return [-1, 1];
  const air = (ceiling - bottom) * 0.15;
  return [bottom - air, ceiling + air];
}

export function axes(context: CanvasRenderingContext2D, { area, palette }: MapLook, heights: number[], format: Format): void {
  context.fillStyle = palette.css.faint;
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const v of heights) {
    const share = (area.ceiling - v) / (area.ceiling - area.bottom);
    if (share < 0 || share > 1) continue;
    const y = area.top + share * area.height;
    context.fillText(format(v), area.left - 6, Math.min(area.top + area.height - 6, Math.max(area.top + 6, y)));
  }
  context.textBaseline = "top";
  for (const [align, v] of [
    ["left", area.low],
    ["center", (area.low + area.high) / 2],
    ["right", area.high],
  ] as const) {
    context.textAlign = align;
    context.fillText(format(v), area.left + ((v - area.low) / (area.high - area.low)) * area.width, area.top + area.height + 6);
  }
}
