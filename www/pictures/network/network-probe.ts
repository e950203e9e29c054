// What of the network picture a point means: the link or the bias nearest to it. Pure: places in, a parameter out.
import type { Frame, ModelSummary } from "../../engine/types.js";
import type { Translate } from "../../ui/drawn-view.js";
import type { Cell, Layout } from "./network-layout.js";
import { layerName } from "../../ui/unit-name.js";

/** A weight or, with `input: null`, a bias; `layer` counts the layers with weights from 0. */
export interface Parameter {
  layer: number;
  unit: number;
  input: number | null;
}
/** A parameter of the picture, and where it was found. */
export interface Link extends Parameter {
  x: number;
  y: number;
}

type Weights = NonNullable<Frame["weights"]>;

/** How near a pointer and a finger must come to a link, in CSS pixels. */
export const REACH = { fine: 7, coarse: 20 };
/** ... and to a bias's mark. A finger's reaches to the left: to the right lies the neuron's own map. */
const BIAS_REACH = { fine: 7, coarse: 22 };
const BIAS_REACH_INWARD = 12;
/** Between layers of more links than this no single one can be pointed at. */
const MOST_LINKS = 200;

/** The link nearest to a point; of links about equally near the one with the larger weight. */
export function nearestLink(layout: Layout, weights: Weights, digits: boolean, x: number, y: number, reach = REACH.fine): Link | null {
  for (let l = digits ? 2 : 1; l < layout.columns.length; l++) {
    const from = layout.columns[l - 1]!;
    const to = layout.columns[l]!;
    const tensor = weights[l - 1];
    if (x <= from.right || x >= to.left || !tensor || from.cells.length * to.cells.length > MOST_LINKS) continue;
    // All links of a pair start and end at the same x, so they share the curve's parameter.
    const t = parameterAt((x - from.right) / (to.left - from.right));
    const start = (1 - t) ** 3 + 3 * (1 - t) ** 2 * t;
    let best: Link | null = null;
    let least = reach;
    for (const b of to.cells)
      for (const a of from.cells) {
        const w = tensor.weight[b.unit * tensor.inputs + a.unit]!;
        const distance = Math.abs(a.anchorY * start + b.anchorY * (1 - start) - y) - Math.min(2, Math.abs(w));
        if (distance < least) {
          least = distance;
          best = { layer: l - 1, unit: b.unit, input: a.unit, x, y };
        }
      }
    return best;
  }
  return null;
}

/** Where the mark of a neuron's bias stands: the lower left corner of its cell. */
export function biasPlace(cell: Cell): { x: number; y: number; size: number } {
  const size = Math.max(5, Math.min(9, cell.size * 0.19));
  return { x: cell.x - size * 0.5, y: cell.y + cell.size - size * 0.75, size };
}

/** The bias whose mark is under a point. */
export function nearestBias(layout: Layout, x: number, y: number, finger: boolean): Link | null {
  const reach = finger ? BIAS_REACH.coarse : BIAS_REACH.fine;
  let best: Link | null = null;
  let least = Infinity;
  for (const column of layout.columns.slice(1)) {
    // Cells that stand close share the room between them; links need theirs.
    const before = layout.columns[column.layer - 1]!;
    const left = Math.min(reach, Math.max(BIAS_REACH.fine, (column.left - before.right) * 0.3));
    for (const cell of column.cells) {
      const mark = biasPlace(cell);
      const dx = x - (mark.x + mark.size / 2);
      const dy = Math.abs(y - (mark.y + mark.size / 2));
      if (dx < -left || dx > Math.min(reach, BIAS_REACH_INWARD) || dy > Math.min(reach, cell.size / 2)) continue;
      const distance = Math.hypot(dx, dy);
      if (distance < least) {
        least = distance;
        best = { layer: column.layer - 1, unit: cell.unit, input: null, x: mark.x + mark.size / 2, y: mark.y + mark.size / 2 };
      }
    }
  }
  return best;
}

/** What a press means: a bias's mark lies above the links. */
export function parameterUnder(
  layout: Layout,
  weights: Weights,
  digits: boolean,
  x: number,
  y: number,
  finger: boolean,
): Link | null {
  return nearestBias(layout, x, y, finger) ?? nearestLink(layout, weights, digits, x, y, finger ? REACH.coarse : REACH.fine);
}

/** Where a card of the parameter points; null when it is not drawn. */
export function placeOf(layout: Layout, { layer, unit, input }: Parameter): { x: number; y: number } | null {
  const to = layout.columns[layer + 1]?.cells.find((cell) => cell.unit === unit);
  if (!to) return null;
  const from = input === null ? null : layout.columns[layer]?.cells.find((cell) => cell.unit === input);
  if (!from) return { x: to.x, y: to.y + to.size };
  return { x: (from.anchorOut + to.anchorIn) / 2, y: (from.anchorY + to.anchorY) / 2 };
}

/** Whether a frame has the summary's shape: one of another is from before a change, and is not drawn. */
export function fits({ weights }: Frame, { layers }: ModelSummary): boolean {
  return !weights || (weights.length === layers.length - 1 && weights.every((w, l) => w.outputs === layers[l + 1]!.units && w.inputs === layers[l]!.units));
}

/** The number that a parameter is in a frame's weights or gradients; null when the frame does not hold it. */
export function valueOf(tensors: Frame["weights"] | undefined, { layer, unit, input }: Parameter): number | null {
  const tensor = tensors?.[layer];
  if (!tensor || unit >= tensor.outputs || (input ?? 0) >= tensor.inputs) return null;
  return (input === null ? tensor.bias[unit] : tensor.weight[unit * tensor.inputs + input]) ?? null;
}

/** Solves 1.5 t - 1.5 t² + t³ = share: where a link of network-links.ts is at a share of its width. */
function parameterAt(share: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    if (1.5 * t - 1.5 * t * t + t ** 3 < share) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** "x₁ → Hidden 1, 3"; "Bias: Hidden 1, 3". */
export function parameterName(summary: ModelSummary, { layer, unit, input }: Parameter, t: Translate): string {
  const to = neuronName(summary, layer + 1, unit, t);
  return input === null ? t("view.network.bias_of", { neuron: to }) : `${sourceName(summary, layer, input, t)} → ${to}`;
}

/** Where a weight comes from: "x₁" or "Hidden 1, 3". */
export function sourceName(summary: ModelSummary, layer: number, input: number, t: Translate): string {
  return layer === 0 ? (summary.inputs[input] ?? String(input + 1)) : neuronName(summary, layer, input, t);
}

/** A neuron by its place, in short: "Hidden 1, 3". */
export function neuronName(summary: ModelSummary, layer: number, unit: number, t: Translate): string {
  return t("view.network.neuron_place", { layer: layerName(summary, layer, t), unit: unit + 1 });
}
