// The link under the pointer: which one it is, and the card that shows its weight and takes a new one.
import { html, type TemplateResult } from "lit";
import type { Frame, ModelSummary } from "../engine/types.js";
import type { Translate } from "./drawn-view.js";
import type { Layout } from "./network-layout.js";
import { layerName } from "./unit-name.js";

/** A weight: `layer` counts the layers with weights from 0; `x`, `y` is where the card points. */
export interface Link {
  layer: number;
  unit: number;
  input: number;
  x: number;
  y: number;
}

/** How near the pointer must come, in CSS pixels. */
const REACH = 7;
/** Between layers of more links than this no single one can be pointed at. */
const MOST_LINKS = 200;
/** Nearer to the upper edge than this the card hangs below the pointer. */
const CARD_ROOM = 76;

/** The link nearest to a point; of links about equally near the one with the larger weight. */
export function nearestLink(
  layout: Layout,
  weights: NonNullable<Frame["weights"]>,
  digits: boolean,
  x: number,
  y: number,
): Link | null {
  for (let l = digits ? 2 : 1; l < layout.columns.length; l++) {
    const from = layout.columns[l - 1]!;
    const to = layout.columns[l]!;
    const tensor = weights[l - 1];
    if (x <= from.right || x >= to.left || !tensor || from.cells.length * to.cells.length > MOST_LINKS) continue;
    // All links of a pair start and end at the same x, so they share the curve's parameter.
    const t = parameterAt((x - from.right) / (to.left - from.right));
    const start = (1 - t) ** 3 + 3 * (1 - t) ** 2 * t;
    let best: Link | null = null;
    let least = REACH;
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

/** "x₁ → Hidden 1, 3". */
function linkName(summary: ModelSummary, { layer, unit, input }: Link, t: Translate): string {
  const from = layer === 0 ? (summary.inputs[input] ?? String(input + 1)) : `${layerName(summary, layer, t)}, ${input + 1}`;
  return `${from} → ${layerName(summary, layer + 1, t)}, ${unit + 1}`;
}

/** The card: a reading while the pointer passes, a field after a click. */
export function linkCard(
  summary: ModelSummary,
  link: Link,
  weight: number,
  text: string,
  editing: boolean,
  t: Translate,
  width: number,
  done: (value: number | null) => void,
): TemplateResult {
  const left = Math.min(Math.max(link.x, 80), width - 80);
  const commit = (event: Event) => {
    const input = event.target as HTMLInputElement;
    done(input.value.trim() !== "" && Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : null);
  };
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") commit(event);
    else if (event.key === "Escape") done(null);
  };
  return html`<div class="card ${editing ? "editing" : ""} ${link.y < CARD_ROOM ? "below" : ""}"
    style="left:${left}px;top:${link.y}px">
    <span>${linkName(summary, link, t)}</span>
    ${
      editing
        ? html`<input type="number" step="any" aria-label=${t("view.network.weight")} .value=${weight.toPrecision(4)}
          @keydown=${key} @change=${commit} @blur=${() => done(null)}>`
        : html`<b .textContent=${text}></b>`
    }</div>`;
}
