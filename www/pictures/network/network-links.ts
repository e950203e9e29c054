// Draws the links of the network: width says size, colour says sign. Links of like width and colour share one path.
import type { Frame } from "../../engine/types.js";
import type { Unit } from "../../ui/events.js";
import type { Column, Layout } from "./network-layout.js";
import type { Parameter } from "./network-probe.js";
import type { Palette } from "../../canvas/palette.js";

/** More links than this between two layers cannot be read or drawn in time: the strongest are kept. */
const MOST_LINKS = 400;
const WIDTHS = 10;
const THINNEST = 0.5;
const WIDEST = 5.5;
/** |weight| of the widest link. */
export const FULL = 3;
/** Negative links are broken: they can be told from positive ones without colour. */
const BROKEN = [8, 3];
const DASH = [2, 14];
/** CSS pixels that dashes move in a second. */
const DASH_SPEED = 36;

type Weights = NonNullable<Frame["weights"]>;
const histogram = new Uint32Array(64);

/** Links to draw are those whose magnitude is at least this: all, or the `keep` strongest of the drawn units. */
function threshold(tensor: Weights[number], from: Column, to: Column, keep: number): number {
  if (from.cells.length * to.cells.length <= keep) return 0;
  let top = 0;
  for (const b of to.cells)
    for (const a of from.cells) top = Math.max(top, Math.abs(tensor.weight[b.unit * tensor.inputs + a.unit]!));
  if (!(top > 0)) return 0;
  histogram.fill(0);
  for (const b of to.cells)
    for (const a of from.cells) {
      histogram[Math.min(63, ((Math.abs(tensor.weight[b.unit * tensor.inputs + a.unit]!) / top) * 64) | 0)]!++;
    }
  let count = 0;
  for (let b = 63; b >= 0; b--) {
    count += histogram[b]!;
    if (count >= keep) return ((b + 1) / 64) * top;
  }
  return 0;
}

export interface LinkLook {
  palette: Palette;
  /** Magnitude of the widest link. */
  full: number;
  /** Gradients flow back. */
  backward: boolean;
  focus: Unit | null;
  link: Parameter | null;
  digits: boolean;
  /** Seconds, for the moving dashes; null when nothing moves. */
  time: number | null;
}

let full = FULL;

export function drawLinks(context: CanvasRenderingContext2D, layout: Layout, weights: Weights, look: LinkLook): void {
  const { palette, focus } = look;
  full = look.full;
  context.lineCap = "butt";
  context.lineDashOffset = look.time === null ? 0 : offset(look);
  for (let l = 1; l < layout.columns.length; l++) {
    const tensor = weights[l - 1];
    if (!tensor) continue;
    if (look.digits && l === 1) {
      drawBundle(context, layout, palette);
      continue;
    }
    const from = layout.columns[l - 1]!;
    const to = layout.columns[l]!;
    const least = threshold(tensor, from, to, MOST_LINKS);
    // Many links are drawn thinner and fainter, so that the picture keeps its weight.
    const crowd = Math.min(1, Math.max(0.34, Math.sqrt(24 / Math.min(from.cells.length * to.cells.length, MOST_LINKS))));
    // In a narrow gap they lie closer still.
    const room = Math.min(1, Math.max(0.5, (to.left - from.right) / 110));
    for (let side = 0; side < 2; side++) {
      context.strokeStyle = side === 0 ? palette.css.orange : palette.css.blue;
      context.setLineDash(side === 0 ? BROKEN : []);
      for (let w = 0; w < WIDTHS; w++) {
        context.beginPath();
        if (!tracePair(context, layout, tensor, l, side === 1, w, least)) continue;
        context.globalAlpha = (0.55 + (0.4 * w) / WIDTHS) * (0.4 + 0.6 * crowd) * (crowd < 1 ? room : 1);
        if (focus) context.globalAlpha *= 0.35;
        context.lineWidth = (THINNEST + ((w + 0.5) / WIDTHS) * (WIDEST - THINNEST)) * crowd;
        context.stroke();
      }
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  if (focus) drawFocus(context, layout, weights, look);
  if (look.link) drawLink(context, layout, weights, look.link, palette);
  if (look.time !== null) drawFlow(context, layout, weights, look);
}

/** How far dashes have moved: forward as data flow, back as gradients do. */
function offset({ time, backward }: LinkLook): number {
  return ((backward ? 1 : -1) * (time! * DASH_SPEED)) % ((DASH[0]! + DASH[1]!) * (BROKEN[0]! + BROKEN[1]!));
}

/** Width class of a weight, 0..WIDTHS - 1: square root, so that small weights can still be told from none. */
function widthClass(weight: number): number {
  return Math.min(WIDTHS - 1, (Math.sqrt(Math.min(1, Math.abs(weight) / full)) * WIDTHS) | 0);
}

function tracePair(
  context: CanvasRenderingContext2D,
  layout: Layout,
  tensor: Weights[number],
  layer: number,
  positive: boolean,
  width: number,
  least: number,
): boolean {
  const from = layout.columns[layer - 1]!;
  const to = layout.columns[layer]!;
  let any = false;
  for (const b of to.cells) {
    const row = b.unit * tensor.inputs;
    for (const a of from.cells) {
      const w = tensor.weight[row + a.unit]!;
      // An exact zero is a dead link: nothing is drawn.
      if (w === 0 || w > 0 !== positive || Math.abs(w) < least || widthClass(w) !== width) continue;
      curve(context, a.anchorOut, a.anchorY, b.anchorIn, b.anchorY);
      any = true;
    }
  }
  return any;
}

function curve(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  const bend = (x1 - x0) * 0.5;
  context.moveTo(x0, y0);
  context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
}

/** From a picture to every neuron of the first layer: all pixels at once, so without sign. */
function drawBundle(context: CanvasRenderingContext2D, layout: Layout, palette: Palette): void {
  const from = layout.columns[0]!.cells[0]!;
  context.strokeStyle = palette.css.line;
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.beginPath();
  for (const cell of layout.columns[1]!.cells) curve(context, from.anchorOut, from.anchorY, cell.anchorIn, cell.anchorY);
  context.stroke();
}

/** The links into and out of the unit in hand, over the others. */
function drawFocus(
  context: CanvasRenderingContext2D,
  layout: Layout,
  weights: Weights,
  { palette, focus, digits }: LinkLook,
): void {
  const { layer, unit } = focus!;
  const cell = layout.columns[layer]?.cells.find((c) => c.unit === unit);
  if (!cell) return;
  const link = (w: number, x0: number, y0: number, x1: number, y1: number) => {
    if (w === 0) return;
    context.beginPath();
    curve(context, x0, y0, x1, y1);
    context.strokeStyle = w > 0 ? palette.css.blue : palette.css.orange;
    context.setLineDash(w > 0 ? [] : BROKEN);
    context.lineWidth = THINNEST + ((widthClass(w) + 0.5) / WIDTHS) * (WIDEST - THINNEST);
    context.stroke();
  };
  const into = weights[layer - 1];
  if (into && !(digits && layer === 1)) {
    for (const a of layout.columns[layer - 1]!.cells) {
      link(into.weight[unit * into.inputs + a.unit]!, a.anchorOut, a.anchorY, cell.anchorIn, cell.anchorY);
    }
  }
  const out = weights[layer];
  if (out && !(digits && layer === 0)) {
    for (const b of layout.columns[layer + 1]!.cells) {
      link(out.weight[b.unit * out.inputs + unit]!, cell.anchorOut, cell.anchorY, b.anchorIn, b.anchorY);
    }
  }
  context.setLineDash([]);
}

/** One link, with an outline: the one under the pointer. */
function drawLink(context: CanvasRenderingContext2D, layout: Layout, weights: Weights, link: Parameter, palette: Palette): void {
  const a = layout.columns[link.layer]?.cells.find((c) => c.unit === link.input);
  const b = layout.columns[link.layer + 1]?.cells.find((c) => c.unit === link.unit);
  const tensor = weights[link.layer];
  if (!a || !b || !tensor || link.input === null) return;
  const w = tensor.weight[link.unit * tensor.inputs + link.input]!;
  const width = THINNEST + ((widthClass(w) + 0.5) / WIDTHS) * (WIDEST - THINNEST);
  context.beginPath();
  curve(context, a.anchorOut, a.anchorY, b.anchorIn, b.anchorY);
  context.strokeStyle = palette.css.ink;
  context.lineWidth = width + 3;
  context.stroke();
  context.strokeStyle = w > 0 ? palette.css.blue : w < 0 ? palette.css.orange : palette.css.zero;
  context.lineWidth = width;
  context.setLineDash(w < 0 ? BROKEN : []);
  context.stroke();
  context.setLineDash([]);
}

/** Dashes that run forward along the stronger links while training. */
function drawFlow(
  context: CanvasRenderingContext2D,
  layout: Layout,
  weights: Weights,
  look: LinkLook,
): void {
  const { palette, digits } = look;
  context.save();
  context.setLineDash(DASH);
  context.lineDashOffset = offset(look);
  context.strokeStyle = palette.css.surface;
  context.globalAlpha = 0.5;
  context.lineWidth = 1.25;
  context.beginPath();
  for (let l = digits ? 2 : 1; l < layout.columns.length; l++) {
    const tensor = weights[l - 1];
    if (!tensor || tensor.weight.length > 150) continue;
    for (const b of layout.columns[l]!.cells) {
      for (const a of layout.columns[l - 1]!.cells) {
        if (widthClass(tensor.weight[b.unit * tensor.inputs + a.unit]!) < 5) continue;
        curve(context, a.anchorOut, a.anchorY, b.anchorIn, b.anchorY);
      }
    }
  }
  context.stroke();
  context.restore();
}
