// Pure geometry of the surface and of the bent plane: turning, projecting, the order of drawing, round ends of scales.

export interface View3 {
  /** Radians about the vertical axis, and the height of the eye over the horizon. */
  turn: number;
  tilt: number;
}
export interface Box3 {
  /** Centre on the canvas and half the side of the base, in CSS pixels. */
  x: number;
  y: number;
  half: number;
}
export interface Seen {
  x: number;
  y: number;
  /** Larger is nearer to the eye. */
  near: number;
}

/** Least and greatest height of the eye: neither from below nor so flat that nothing is seen. */
const TILTS = { min: 0.12, max: Math.PI / 2 };
/** Height of the box against the half of its base. */
const RISE = 0.72;

/** Turned by so many radians, the tilt kept within its limits. */
export function turned({ turn, tilt }: View3, by: number, up: number): View3 {
  const round = 2 * Math.PI;
  return { turn: (((turn + by) % round) + round) % round, tilt: Math.min(TILTS.max, Math.max(TILTS.min, tilt + up)) };
}

/** A point of the box (u, v, w each -1..1; v away from the eye at turn 0, w up) on the canvas. No perspective: equal
 *  heights stay equal. */
export function project({ turn, tilt }: View3, box: Box3, u: number, v: number, w: number): Seen {
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const across = u * cos + v * sin;
  const near = u * sin - v * cos;
  const flat = Math.sin(tilt);
  return {
    x: box.x + across * box.half,
    y: box.y + (near * flat - w * RISE * Math.cos(tilt)) * box.half,
    near: near * Math.cos(tilt) + w * RISE * flat,
  };
}

/** In which order the rows and columns of a grid of `n` are drawn, far ones first: rows run from v = 1 to -1. */
export function farFirst({ turn }: View3, n: number): { rows: number[]; columns: number[] } {
  const up = Array.from({ length: n }, (_, i) => i);
  const down = [...up].reverse();
  return { columns: Math.sin(turn) >= 0 ? up : down, rows: Math.cos(turn) >= 0 ? up : down };
}

/** Ends of a scale that hold all of `values`, on round numbers, so that they do not tremble while a network trains. */
export function roundEnds(values: Float32Array, from: number, count: number): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < from + count; i++) {
    const v = values[i]!;
    if (v < low) low = v;
    if (v > high && v < Infinity) high = v;
  }
  if (!(low <= high) || !Number.isFinite(low)) return [-1, 1];
  const width = high - low || Math.max(1, Math.abs(high));
  const power = 10 ** Math.floor(Math.log10(width));
  const step = width / power > 5 ? power : width / power > 2 ? power / 2 : power / 5;
  const ends: [number, number] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  return ends[0] === ends[1] ? [ends[0] - step, ends[1] + step] : [Number(ends[0].toPrecision(6)), Number(ends[1].toPrecision(6))];
}
