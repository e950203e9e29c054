// Which units of a layer tell most.
import type { Maps } from "../../engine/types.js";

/** The two units of a layer whose outputs vary most over the map; the first two where there is no map of it. */
export function mostSpread(maps: Maps | null | undefined, layer: number): { across: number; up: number } {
  const values = maps?.layers[layer];
  if (!maps || !values) return { across: 0, up: 1 };
  const cells = maps.resolution ** 2;
  const spread = Array.from({ length: values.length / cells }, (_, unit) => {
    const [from, to] = [unit * cells, (unit + 1) * cells];
    let [sum, squares] = [0, 0];
    for (let at = from; at < to; at++) {
      sum += values[at]!;
      squares += values[at]! ** 2;
    }
    return { unit, variance: squares / cells - (sum / cells) ** 2 };
  }).sort((a, b) => b.variance - a.variance);
  const [first, second] = spread.slice(0, 2).map(({ unit }) => unit).sort((a, b) => a - b);
  return { across: first ?? 0, up: second ?? first ?? 0 };
}
