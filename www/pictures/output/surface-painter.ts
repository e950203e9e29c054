// Draws the surface, far cells first: what is nearer covers what lies behind it, posts and points included.
import { dataOf } from "../../engine/data-kinds.js";
import type { Frame, ModelSummary, Points } from "../../engine/types.js";
import type { Unit } from "../../ui/events.js";
import { cornerAt, heightAt, heightsOf, type Heights } from "../../canvas/heights.js";
import type { Palette } from "../../canvas/palette.js";
import { drawPoints, TEST, TRAIN, VALIDATION } from "../../canvas/points-layer.js";
import { farFirst, project, type Box3, type Seen, type View3 } from "../../canvas/projection.js";

export interface SurfaceLook {
  palette: Palette;
  summary: ModelSummary;
  shown: Unit | null;
  points: Points | null;
  look: View3;
  width: number;
  height: number;
  validation: boolean;
  test: boolean;
  format: (value: number) => string;
}
interface Post {
  at: number;
  u: number;
  v: number;
  /** Height of the target, or of the surface where the target has none. */
  w: number;
  ground: number;
  /** Under the surface: the surface covers it. */
  below: boolean;
}

const RADIUS = 3;
/** CSS pixels for numbers around the base, whichever way it is turned. */
const LABELS = 26;
/** Every so many corners a line of the net is drawn. */
const NET = 5;
/** How much of its size a cell reaches over its neighbours. */
const LAP = 0.12;
const MOST_POSTS = 600;
/** Nearer to the surface than this a point lies on it. */
const LEAST_DEPTH = 0.06;

export function drawSurface(context: CanvasRenderingContext2D, output: Frame["output"], look: SurfaceLook): void {
  const box: Box3 = { x: look.width / 2, y: look.height / 2, half: (Math.min(look.width, look.height) / 2 - LABELS) / Math.SQRT2 };
  if (!output || dataOf(look.summary).dimensions !== 2) return;
  // A frame asked for before the unit changed: the next one fits.
  if (look.summary.classes > 2 && output.units > 1 === (look.shown !== null)) return;
  const heights = heightsOf(output, { palette: look.palette, summary: look.summary, shown: look.shown, span: spanOf(look.points) });
  drawFrame(context, look, box, heights);
  const { side } = heights;
  const corners = Array.from({ length: side * side }, (_, i) =>
    project(look.look, box, cornerAt(heights, i % side), -cornerAt(heights, (i / side) | 0), heights.data[i]!),
  );
  const cells = side - 1;
  const posts = postsOf(heights, look);
  const { rows, columns } = farFirst(look.look, cells);
  context.lineJoin = "round";
  for (const r of rows)
    for (const c of columns) {
      const here = posts.get(r * cells + c) ?? [];
      for (const post of here) if (post.below) drawPost(context, post, look, box);
      const i = r * side + c;
      const [a, b, d, e] = [corners[i]!, corners[i + 1]!, corners[i + side + 1]!, corners[i + side]!];
      const x = (a.x + b.x + d.x + e.x) / 4;
      const y = (a.y + b.y + d.y + e.y) / 4;
      context.beginPath();
      // A little larger than it is: no seam is left between two cells.
      for (const p of [a, b, d, e]) context.lineTo(p.x + (p.x - x) * LAP, p.y + (p.y - y) * LAP);
      context.fillStyle = wordColour(heights.colours[i]!);
      context.fill();
      if (r % NET === 0) net(context, look.palette, a, b);
      if (c % NET === 0) net(context, look.palette, a, e);
      for (const post of here) if (!post.below) drawPost(context, post, look, box);
    }
}

function net(context: CanvasRenderingContext2D, { css }: Palette, from: Seen, to: Seen): void {
  context.globalAlpha = 0.16;
  context.strokeStyle = css.ink;
  context.lineWidth = 0.7;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.globalAlpha = 1;
}

function spanOf(points: Points | null): number {
  let top = 0;
  for (const v of points?.label ?? []) if (Math.abs(v) > top) top = Math.abs(v);
  return top || 1;
}

function wordColour(word: number): string {
  return `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`;
}

/** The points by the cell that they stand over. */
function postsOf(heights: Heights, { summary, shown, points, validation, test, look }: SurfaceLook): Map<number, Post[]> {
  const posts = new Map<number, Post[]>();
  if (!points) return posts;
  const [low, high] = summary.domain as [number, number];
  const isOutput = !shown || shown.layer === summary.layers.length - 1;
  const span = spanOf(points);
  const cells = heights.side - 1;
  const every = Math.ceil(points.x.length / MOST_POSTS);
  for (let i = 0; i < points.x.length; i += every) {
    const split = points.split[i];
    const label = points.label[i]!;
    if (Number.isNaN(label) || !(split === TRAIN || (split === VALIDATION && validation) || (split === TEST && test))) continue;
    const u = ((points.x[i]! - low) / (high - low)) * 2 - 1;
    const v = ((points.y[i]! - low) / (high - low)) * 2 - 1;
    if (Math.abs(u) > 1 || Math.abs(v) > 1) continue;
    const ground = heightAt(heights, u, v);
    // Only one output of one unit has targets that are heights.
    const w = !isOutput || summary.classes > 2 ? ground : summary.classes === 2 ? 2 * label - 1 : label / span;
    const below = w < ground - LEAST_DEPTH;
    // One that stands on the surface comes after the next cell, which would cut off its foot.
    const nearer = (towards: number) => (below ? 0 : towards >= 0 ? 1 : -1);
    const cell = (share: number, shift: number) => Math.min(cells - 1, Math.max(0, Math.floor(((share + 1) / 2) * cells) + shift));
    const key = cell(-v, nearer(Math.cos(look.turn))) * cells + cell(u, nearer(Math.sin(look.turn)));
    const list = posts.get(key);
    if (list) list.push({ at: i, u, v, w, ground, below });
    else posts.set(key, [{ at: i, u, v, w, ground, below }]);
  }
  return posts;
}

function drawPost(context: CanvasRenderingContext2D, { at, u, v, w, ground }: Post, { palette, summary, points, look }: SurfaceLook, box: Box3): void {
  const foot = project(look, box, u, v, ground);
  const head = project(look, box, u, v, w);
  context.globalAlpha = 0.45;
  context.strokeStyle = palette.css.ink;
  context.lineWidth = 0.8;
  context.beginPath();
  context.moveTo(foot.x, foot.y);
  context.lineTo(head.x, head.y);
  context.stroke();
  context.globalAlpha = 1;
  const one = { x: points!.x.subarray(at, at + 1), y: points!.y.subarray(at, at + 1), label: points!.label.subarray(at, at + 1), split: points!.split.subarray(at, at + 1) };
  drawPoints(context, one as Points, {
    palette, classes: summary.classes, span: spanOf(points), shown: () => true, x: () => head.x, y: () => head.y, radius: RADIUS, flat: false,
  });
}

/** The base, the axis of heights at its leftmost corner, and their ends in numbers. */
function drawFrame(context: CanvasRenderingContext2D, { palette, look, summary, format }: SurfaceLook, box: Box3, { low, high }: Heights): void {
  const at = (u: number, v: number, w: number) => project(look, box, u, v, w);
  const base = ([[-1, -1], [1, -1], [1, 1], [-1, 1]] as const).map(([u, v]) => ({ u, v, ...at(u, v, -1) }));
  context.strokeStyle = palette.css.line;
  context.lineWidth = 1;
  context.beginPath();
  base.forEach((p, i) => (i ? context.lineTo(p.x, p.y) : context.moveTo(p.x, p.y)));
  context.closePath();
  context.stroke();
  const corner = base.reduce((left, p) => (p.x < left.x ? p : left));
  const top = at(corner.u, corner.v, 1);
  context.strokeStyle = palette.css.faint;
  context.beginPath();
  context.moveTo(corner.x, corner.y);
  context.lineTo(top.x, top.y);
  context.stroke();
  context.fillStyle = palette.css.faint;
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const [w, value] of [[-1, low], [0, (low + high) / 2], [1, high]] as const) {
    const p = at(corner.u, corner.v, w);
    context.fillText(format(value), p.x - 6, p.y);
  }
  context.textAlign = "center";
  const [from, to] = summary.domain as [number, number];
  // Each axis along the edge that is nearer to the eye.
  const v = at(0, -1, -1).near > at(0, 1, -1).near ? -1 : 1;
  const u = at(1, 0, -1).near > at(-1, 0, -1).near ? 1 : -1;
  const outside = (a: number, b: number, text: string, italic = false) => {
    const p = at(a * 1.1, b * 1.1, -1);
    context.font = italic ? `italic 13px ${palette.font}` : `11px ${palette.font}`;
    context.fillText(text, p.x, p.y + 5);
  };
  for (const [share, text] of [[-0.85, format(from)], [0.85, format(to)]] as const) {
    outsideAlong(share, v, text, true);
    outsideAlong(share, u, text, false);
  }
  outside(0, v, "X₁", true);
  outside(u, 0, "X₂", true);

  function outsideAlong(share: number, edge: number, text: string, first: boolean): void {
    const p = first ? at(share, edge * 1.1, -1) : at(edge * 1.1, share, -1);
    context.font = `11px ${palette.font}`;
    context.fillText(text, p.x, p.y + 5);
  }
}
