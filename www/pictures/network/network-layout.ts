// Where everything of the network picture stands. Pure: a summary and a width in, numbers out.
import { dataOf } from "../../engine/data-kinds.js";
import type { ModelSummary } from "../../engine/types.js";

export interface Cell {
  unit: number;
  x: number;
  y: number;
  size: number;
  /** Where links arrive and leave: the edge of the cell, or of its block when the layer is wrapped. */
  anchorIn: number;
  anchorOut: number;
  anchorY: number;
}
/** Radius of a cell's corners. */
export function cornerOf(size: number): number {
  return Math.min(7, size * 0.16);
}

export interface Column {
  layer: number;
  /** Centre, and the header's box. */
  centre: number;
  headerLeft: number;
  headerWidth: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  cells: Cell[];
  /** Units that are not drawn, because the layer is too wide. */
  hidden: number;
}
export interface Layout {
  columns: Column[];
  width: number;
  height: number;
  /** Headers are stacked, because columns stand close. */
  compact: boolean;
  /** So close, or in so narrow a picture, that two buttons do not stand side by side. */
  tight: boolean;
}

interface Tier {
  header: number;
  between: number;
  gap: number;
  largest: number;
  label: number;
}
/** CSS pixels of the side of a map where there is room. */
export const LARGEST_MAP = 46;
/** From roomy to tight: room of a header, least room between two (a button stands there), least room for links, largest
 *  map, room for a symbol beside an input. The first has headers of two lines, the others are stacked. */
const TIERS: [Tier, Tier, Tier, Tier] = [
  { header: 152, between: 26, gap: 46, largest: LARGEST_MAP, label: 50 },
  { header: 104, between: 26, gap: 46, largest: LARGEST_MAP, label: 50 },
  { header: 74, between: 12, gap: 32, largest: 40, label: 24 },
  { header: 60, between: 8, gap: 24, largest: 34, label: 22 },
];
/** Characters of a symbol that fits beside its map in every tier, and CSS pixels for longer ones. */
const SHORT_SYMBOL = 4;
const LONG_LABEL = 60;
/** Height that every layer is centred in and, wrapped into a block where need be, has room in: the picture never changes its own. */
const LEAST_HEIGHT = 286;
const SAMPLED = 16;
const PAD = 10;
/** Narrower than this headers are always stacked, however few they are: a new layer then moves none of their parts. */
const NARROW = 480;

/** Sizes by count: a few neurons are large, more are small, many are wrapped into a block. */
function shape(units: number): { size: number; gap: number; across: number } {
  if (units <= 5) return { size: LARGEST_MAP, gap: [40, 40, 30, 18, 12][units - 1]!, across: 1 };
  if (units <= 6) return { size: 42, gap: 6, across: 1 };
  if (units <= 8) return { size: 31, gap: 5, across: 1 };
  if (units <= 12) return { size: 20, gap: 4, across: 1 };
  if (units <= 36) return { size: 20, gap: 4, across: Math.ceil(units / 12) };
  return { size: 20, gap: 4, across: 8 };
}

/** Units of a layer that are drawn: all, or `SAMPLED` spread evenly over a layer wider than `limit`. */
export function drawnUnits(units: number, limit: number): number[] {
  if (units <= limit) return Array.from({ length: units }, (_, i) => i);
  return Array.from({ length: SAMPLED }, (_, i) => Math.floor((i * (units - 1)) / (SAMPLED - 1)));
}

/** Lays out for the roomiest headers that fit; what does not fit at all is laid out to be scrolled. */
export function layOut(summary: ModelSummary, available: number, limit: number): Layout {
  const fitting = TIERS.find((tier) => arrange(summary, 0, limit, tier).width <= available);
  return arrange(summary, available, limit, fitting ?? TIERS[1]);
}

function arrange(summary: ModelSummary, available: number, limit: number, tier: Tier): Layout {
  const digits = dataOf(summary).image;
  const blocks = summary.layers.map((layer, l) => {
    if (l === 0 && digits) return { units: [0], size: 84, gap: 0, across: 1, hidden: 0 };
    const units = drawnUnits(layer.units, limit);
    const { size, gap, across } = shape(units.length);
    const shrunk = Math.min(size, tier.largest);
    return { units, size: shrunk, gap: gap + size - shrunk, across, hidden: layer.units - units.length };
  });
  const sizes = blocks.map((b) => {
    const rows = Math.ceil(b.units.length / b.across);
    return { width: b.across * (b.size + b.gap) - b.gap, height: rows * (b.size + b.gap) - b.gap };
  });
  // A symbol such as sin(X₁) needs more room beside its map than X₁ does.
  const label = summary.inputs.some((symbol) => symbol.length > SHORT_SYMBOL) ? LONG_LABEL : tier.label;
  const outer = sizes.map((s, l) => Math.max(tier.header, s.width + (l === 0 && !digits ? 2 * label : 0)));
  const least = outer.reduce((sum, w) => sum + w, 0) + (blocks.length - 1) * tier.between;
  const links = sizes.reduce((sum, s) => sum + s.width, 0) + (blocks.length - 1) * tier.gap + tier.header;
  const width = Math.max(available, least, links);
  const narrow = available > 0 && available < NARROW;
  const centres = spread(
    sizes.map((s) => s.width),
    outer,
    width,
    tier.between,
  );
  const tallest = Math.max(LEAST_HEIGHT, ...sizes.map((s) => s.height));
  const columns = blocks.map((block, layer): Column => {
    const { width: blockWidth, height: blockHeight } = sizes[layer]!;
    const room = outer[layer]!;
    const centre = centres[layer]!;
    const x0 = centre - blockWidth / 2;
    const y0 = PAD + (tallest - blockHeight) / 2;
    const pitch = block.size + block.gap;
    const cells = block.units.map((unit, i): Cell => {
      const row = Math.floor(i / block.across);
      const across = i % block.across;
      const x = x0 + across * pitch;
      const y = y0 + row * pitch;
      const spread = block.across > 1 ? ((across + 0.5) / block.across - 0.5) * block.size * 0.9 : 0;
      return { unit, x, y, size: block.size, anchorIn: x0, anchorOut: x0 + blockWidth, anchorY: y + block.size / 2 + spread };
    });
    return {
      layer,
      centre,
      headerLeft: centre - room / 2,
      headerWidth: room,
      left: x0,
      right: x0 + blockWidth,
      top: y0,
      bottom: y0 + blockHeight,
      cells,
      hidden: block.hidden,
    };
  });
  return {
    columns,
    width,
    compact: narrow || tier !== TIERS[0],
    tight: narrow || tier === TIERS[3],
    height: tallest + 2 * PAD + 4,
  };
}

/** Centres of the columns: the rooms for links are equal, but where headers need more. */
function spread(blocks: number[], rooms: number[], width: number, between: number): number[] {
  const last = blocks.length - 1;
  const step = (l: number, gap: number) =>
    Math.max((rooms[l - 1]! + rooms[l]!) / 2 + between, (blocks[l - 1]! + blocks[l]!) / 2 + gap);
  const goal = width - (rooms[0]! + rooms[last]!) / 2;
  let low = 0;
  let high = width;
  for (let i = 0; i < 40; i++) {
    const gap = (low + high) / 2;
    let total = 0;
    for (let l = 1; l <= last; l++) total += step(l, gap);
    if (total < goal) low = gap;
    else high = gap;
  }
  const centres = [rooms[0]! / 2];
  for (let l = 1; l <= last; l++) centres.push(centres[l - 1]! + step(l, low));
  return centres;
}

/** The neighbour of a cell in the direction of an arrow key; null at the edge. */
export function neighbour(layout: Layout, layer: number, unit: number, key: string): { layer: number; unit: number } | null {
  const column = layout.columns[layer];
  const at = column?.cells.findIndex((c) => c.unit === unit) ?? -1;
  if (!column || at < 0) return null;
  const cell = column.cells[at]!;
  const vertical = key === "ArrowUp" || key === "ArrowDown";
  const sign = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
  let best: { layer: number; unit: number } | null = null;
  let least = Infinity;
  for (const other of vertical ? [column] : [column, layout.columns[layer + sign]]) {
    for (const c of other?.cells ?? []) {
      const dx = c.x - cell.x;
      const dy = c.y - cell.y;
      const along = (vertical ? dy : dx) * sign;
      const aside = Math.abs(vertical ? dx : dy);
      if (along <= 0 || (vertical && aside > 1) || (other === column && !vertical && aside > 1)) continue;
      if (along + aside * 2 < least) {
        least = along + aside * 2;
        best = { layer: other!.layer, unit: c.unit };
      }
    }
  }
  return best;
}
