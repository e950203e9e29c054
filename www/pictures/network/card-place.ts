// Where the card of a weight or bias stands: beside what it speaks of, and on none of it.
import type { Layout } from "./network-layout.js";
import { placeOf, type Parameter } from "./network-probe.js";

interface Box { left: number; top: number; width: number; height: number }

/** CSS pixels between a parameter and its card. */
const GAP = 16;
/** A link is kept free where it is sampled, by so much to each side. */
const SAMPLES = 9;
const FREE = 5;

/** `view` is what of the picture is seen, and `card` how large the card is, in CSS pixels of the picture; null when the parameter is not drawn. */
export function cardPlace(layout: Layout, parameter: Parameter, card: { width: number; height: number }, view: Box): { left: number; top: number } | null {
  const place = placeOf(layout, parameter);
  if (!place) return null;
  const kept = spokenOf(layout, parameter);
  const inside = (at: number, from: number, room: number): number => Math.max(from, Math.min(from + room, at));
  const lefts = [place.x - card.width / 2, place.x + GAP, place.x - GAP - card.width, ...kept.flatMap((box) => [box.left + box.width + GAP, box.left - GAP - card.width])];
  const tops = [place.y + GAP, place.y - GAP - card.height, ...kept.flatMap((box) => [box.top + box.height + GAP, box.top - GAP - card.height]), view.top, view.top + view.height - card.height];
  let best = { left: 0, top: 0, cost: Infinity };
  for (const x of lefts) {
    for (const y of tops) {
      const left = inside(x, view.left, Math.max(0, view.width - card.width));
      const top = inside(y, view.top, Math.max(0, view.height - card.height));
      const covered = kept.reduce((sum, box) => sum + overlap({ left, top, ...card }, box), 0);
      // Of places that cover nothing, the nearest.
      const cost = 100 * covered + Math.hypot(left + card.width / 2 - place.x, top + card.height / 2 - place.y);
      if (cost < best.cost) best = { left, top, cost };
    }
  }
  return { left: best.left, top: best.top };
}

/** The neurons at both ends and the link between them, or a bias's neuron with its mark. */
export function spokenOf(layout: Layout, { layer, unit, input }: Parameter): Box[] {
  const to = layout.columns[layer + 1]?.cells.find((cell) => cell.unit === unit);
  const from = input === null ? undefined : layout.columns[layer]?.cells.find((cell) => cell.unit === input);
  const boxes: Box[] = [];
  for (const cell of [from, to]) if (cell) boxes.push({ left: cell.x - FREE, top: cell.y - FREE, width: cell.size + 2 * FREE, height: cell.size + 2 * FREE });
  if (!from || !to) return boxes;
  for (let at = 1; at <= SAMPLES; at++) {
    const t = at / (SAMPLES + 1);
    // The curve of network-links.ts.
    const x = from.anchorOut + (to.anchorIn - from.anchorOut) * (1.5 * t - 1.5 * t * t + t ** 3);
    const y = from.anchorY + (to.anchorY - from.anchorY) * (3 * t * t - 2 * t ** 3);
    boxes.push({ left: x - FREE, top: y - FREE, width: 2 * FREE, height: 2 * FREE });
  }
  return boxes;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
