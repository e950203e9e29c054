/** What the decision boundary of two classes looks like, read off the output's map. */

/** `none`: one class everywhere. `closed`: one region of a class lies inside the other. */
export type Shape = "none" | "straight" | "bent" | "closed" | "islands";

export interface Boundary {
  shape: Shape;
  /** `closed` and `none`: the class in question; positive is blue. */
  blue: boolean;
  /** `islands`: separate regions of both classes. */
  regions: number;
  /** `none`: the other class has a speck somewhere. */
  specks: boolean;
}

/** A line may be this far from the crossings it is drawn through, in cells (root mean square): half a cell is the map's own coarseness. */
const STRAIGHT_CELLS = 0.45;
/** Regions of fewer cells than this share are specks at the edge of the map's coarseness. */
const SPECK_SHARE = 0.004;

/** `map` holds `side` x `side` signed values, the boundary at 0. */
export function readBoundary(map: Float32Array, side: number): Boundary {
  const { sizes, signs, touching, labels } = regionsOf(map, side);
  const isSpeck = (region: number): boolean => sizes[region]! < map.length * SPECK_SHARE;
  const kept = sizes.map((size, at) => ({ blue: signs[at]!, edge: touching[at]!, size })).filter((_, at) => !isSpeck(at));
  const largest = kept.reduce((best, each) => (each.size > best.size ? each : best), kept[0] ?? { blue: true, edge: true, size: 0 });
  const specks = sizes.length > kept.length;
  if (kept.length < 2) return { shape: "none", blue: largest.blue, regions: 1, specks };
  if (kept.length > 2) return { shape: "islands", blue: largest.blue, regions: kept.length, specks };
  const inside = kept.find(({ edge }) => !edge);
  if (inside) return { shape: "closed", blue: inside.blue, regions: 2, specks };
  return { shape: residual(map.map((value, at) => (isSpeck(labels[at]!) ? -value : value)), side) <= STRAIGHT_CELLS ? "straight" : "bent", blue: largest.blue, regions: 2, specks };
}

/** The share of cells whose class differs between two maps. */
export function shareMoved(before: Float32Array, after: Float32Array): number {
  if (before.length !== after.length) return 1;
  let moved = 0;
  for (let at = 0; at < after.length; at++) if (before[at]! > 0 !== after[at]! > 0) moved++;
  return moved / Math.max(1, after.length);
}

/** Connected regions of one sign: how large, of which class, whether they reach the edge; and each cell's region. */
function regionsOf(map: Float32Array, side: number): { sizes: number[]; signs: boolean[]; touching: boolean[]; labels: Int32Array } {
  const labels = new Int32Array(map.length).fill(-1);
  const [sizes, signs, touching]: [number[], boolean[], boolean[]] = [[], [], []];
  for (let start = 0; start < map.length; start++) {
    if (labels[start]! >= 0) continue;
    const label = sizes.length;
    const sign = map[start]! > 0;
    const open = [start];
    let [size, edge] = [0, false];
    labels[start] = label;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [row, column] = [Math.floor(at / side), at % side];
      size++;
      edge ||= row === 0 || column === 0 || row === side - 1 || column === side - 1;
      for (const next of [column > 0 ? at - 1 : -1, column < side - 1 ? at + 1 : -1, at - side, at + side]) {
        if (next < 0 || next >= map.length || labels[next]! >= 0 || map[next]! > 0 !== sign) continue;
        labels[next] = label;
        open.push(next);
      }
    }
    sizes.push(size);
    signs.push(sign);
    touching.push(edge);
  }
  return { sizes, signs, touching, labels };
}

/** How far the boundary's crossings lie from the line that fits them best, in cells (root mean square). */
function residual(map: Float32Array, side: number): number {
  const points: [number, number][] = [];
  const cross = (a: number, b: number, x: number, y: number, dx: number, dy: number): void => {
    const [from, to] = [map[a]!, map[b]!];
    if (from > 0 === to > 0) return;
    const share = from / (from - to);
    points.push([x + dx * share, y + dy * share]);
  };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * side + x;
      if (x + 1 < side) cross(at, at + 1, x, y, 1, 0);
      if (y + 1 < side) cross(at, at + side, x, y, 0, 1);
    }
  }
  const count = points.length || 1;
  const [mx, my] = [points.reduce((sum, [x]) => sum + x, 0) / count, points.reduce((sum, [, y]) => sum + y, 0) / count];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  // The smaller eigenvalue of the scatter is the variance across the best line.
  return Math.sqrt(Math.max(0, (xx + yy - Math.hypot(xx - yy, 2 * xy)) / 2 / count));
}
