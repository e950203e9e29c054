/** Maps at another resolution: what is read off them does not depend on how finely they are drawn. */

/** `side` x `side` values at the middles of their cells as `to` x `to` at theirs, by linear interpolation. */
export function resample(map: Float32Array, side: number, to: number): Float32Array {
  const places = Array.from({ length: to }, (_, at) => {
    const place = Math.min(side - 1, Math.max(0, ((at + 0.5) * side) / to - 0.5));
    const first = Math.min(Math.max(0, side - 2), Math.floor(place));
    return { first, rest: place - first };
  });
  const next = side > 1 ? 1 : 0;
  const found = new Float32Array(to * to);
  places.forEach(({ first: row, rest: down }, r) => places.forEach(({ first: column, rest: right }, c) => {
    const at = row * side + column;
    const line = (from: number): number => map[from]! + (map[from + next]! - map[from]!) * right;
    const upper = line(at);
    found[r * to + c] = upper + (line(at + next * side) - upper) * down;
  }));
  return found;
}
