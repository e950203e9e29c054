// Draws the bent plane: every cell where the layer puts it, in the colour that the network gives it.
import { resample } from "../../insights/resample.js";
import type { Frame, ModelSummary, Points } from "../../engine/types.js";
import { colourClasses } from "../../canvas/blends.js";
import { colour } from "../../canvas/canvas.js";
import type { Palette } from "../../canvas/palette.js";
import { drawPoints, TEST, TRAIN, VALIDATION } from "../../canvas/points-layer.js";
import { roundEnds } from "../../canvas/projection.js";
import { gainOf, shareOf } from "../../canvas/scale.js";

/** Outputs of two units: over the grid of the plane (rows from the top), and for the points. */
export interface BentPlane {
  side: number;
  across: Float32Array;
  up: Float32Array;
  pointsAcross: Float32Array;
  pointsUp: Float32Array;
  output: Frame["output"];
}
export interface BentLook {
  palette: Palette;
  summary: ModelSummary;
  points: Points | null;
  /** CSS pixels of the square picture. */
  side: number;
  validation: boolean;
  test: boolean;
  format: (value: number) => string;
  axes: [across: string, up: string];
}

const EDGE = { left: 34, right: 8, top: 22, bottom: 26 };
/** Cells on a side of the bent plane. */
const SIDE = 36;
/** Every so many rows and columns a line of the grid is drawn. */
const LINES = 5;

/** What a frame holds of a layer; null when it is of another moment or another network. */
export function bend(frame: Pick<Frame, "maps" | "activations" | "output">, units: number, { layer, across, up }: { layer: number; across: number; up: number }): BentPlane | null {
  const values = frame.maps?.layers[layer];
  const side = frame.maps?.resolution ?? 0;
  const { activations } = frame;
  if (!values || !activations || units === 0 || values.length !== units * side * side || activations.length % units !== 0) return null;
  const count = activations.length / units;
  const map = (unit: number) => resample(values.subarray(unit * side * side, (unit + 1) * side * side), side, SIDE);
  const row = (unit: number) => activations.subarray(unit * count, (unit + 1) * count);
  return { side: SIDE, across: map(across), up: map(up), pointsAcross: row(across), pointsUp: row(up), output: frame.output };
}

export function drawBent(context: CanvasRenderingContext2D, plane: BentPlane, look: BentLook): void {
  const { palette, side } = look;
  const room = side - EDGE.left - EDGE.right;
  const [left, right] = roundEnds(plane.across, 0, plane.across.length);
  const [bottom, top] = roundEnds(plane.up, 0, plane.up.length);
  const height = side - EDGE.top - EDGE.bottom;
  const x = (v: number) => EDGE.left + ((v - left) / (right - left)) * room;
  const y = (v: number) => EDGE.top + ((top - v) / (top - bottom)) * height;
  const span = (look.points?.label ?? new Float32Array(0)).reduce((most, v) => Math.max(most, Math.abs(v) || 0), 0) || 1;
  context.strokeStyle = palette.css.line;
  context.lineWidth = 1;
  context.strokeRect(EDGE.left + 0.5, EDGE.top + 0.5, room - 1, height - 1);
  context.save();
  context.beginPath();
  context.rect(EDGE.left, EDGE.top, room, height);
  context.clip();
  drawCells(context, plane, look, span, x, y);
  drawGrid(context, plane, palette, x, y);
  context.restore();
  if (look.points && look.points.x.length === plane.pointsAcross.length)
    drawPoints(context, { ...look.points, x: plane.pointsAcross, y: plane.pointsUp }, {
      palette, classes: look.summary.classes, span,
      shown: (split) => split === TRAIN || (split === VALIDATION && look.validation) || (split === TEST && look.test), x, y, radius: 3, flat: false,
    });
  context.fillStyle = palette.css.faint;
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const v of [bottom, top]) context.fillText(look.format(v), EDGE.left - 5, Math.min(side - EDGE.bottom - 6, Math.max(EDGE.top + 6, y(v))));
  context.textBaseline = "top";
  const line = side - EDGE.bottom + 6;
  context.textAlign = "left";
  context.fillText(look.format(left), EDGE.left, line);
  context.textAlign = "right";
  context.fillText(look.format(right), side - EDGE.right, line);
  context.textAlign = "center";
  context.fillText(look.axes[0], EDGE.left + room / 2, line);
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(look.axes[1], EDGE.left, EDGE.top - 4);
}

type Scale = (value: number) => number;

function drawCells(context: CanvasRenderingContext2D, { side, across, up, output }: BentPlane, { palette, summary }: BentLook, span: number, x: Scale, y: Scale): void {
  if (!output) return;
  const count = output.resolution ** 2;
  const words = new Uint32Array(count);
  if (output.units > 1) colourClasses(output.data, count, output.units, shareOf(summary.target_encoding), palette, false, words);
  else colour(output.data, 0, count, palette.large, summary.target_encoding === "value" ? 1 / span : gainOf(output.data, 0, count, summary.target_encoding), 0, words, 0, output.resolution, output.resolution);
  const bytes = new Uint8Array(words.buffer);
  // Where the plane is folded over itself both sheets are seen.
  context.globalAlpha = 0.8;
  for (let r = 0; r + 1 < side; r++)
    for (let c = 0; c + 1 < side; c++) {
      const at = (v: number) => Math.floor(((v + 1) / side) * output.resolution);
      const from = (at(r) * output.resolution + at(c)) * 4;
      context.fillStyle = `rgb(${bytes[from]} ${bytes[from + 1]} ${bytes[from + 2]})`;
      const i = r * side + c;
      context.beginPath();
      for (const k of [i, i + 1, i + side + 1, i + side]) context.lineTo(x(across[k]!), y(up[k]!));
      context.closePath();
      context.fill();
    }
  context.globalAlpha = 1;
}

function drawGrid(context: CanvasRenderingContext2D, { side, across, up }: BentPlane, { css }: Palette, x: Scale, y: Scale): void {
  context.globalAlpha = 0.3;
  context.strokeStyle = css.ink;
  context.lineWidth = 0.8;
  context.beginPath();
  for (let a = 0; a < side; a += LINES)
    for (const step of [1, side]) {
      for (let b = 0; b < side; b++) {
        const i = step === 1 ? a * side + b : b * side + a;
        if (b === 0) context.moveTo(x(across[i]!), y(up[i]!));
        else context.lineTo(x(across[i]!), y(up[i]!));
      }
    }
  context.stroke();
  context.globalAlpha = 1;
}
