// The neurons of a column as buttons over the picture: what pointer, keyboard and screen reader take hold of.
import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import type { ModelSummary } from "../../engine/types.js";
import type { Translate } from "../../ui/drawn-view.js";
import type { Unit } from "../../ui/events.js";
import { cornerOf, type Cell, type Column } from "./network-layout.js";
import { unitName } from "../../ui/unit-name.js";

export interface UnitsLook {
  summary: ModelSummary;
  selection: Unit | null;
  hovered: Unit | null;
  /** The neuron that Tab reaches. */
  roving: Unit;
  t: Translate;
  count: (value: number) => string;
}

/** CSS pixels between a feature's symbol and its map. */
const SYMBOL_OFFSET = 66;

export function same(a: Unit | null, layer: number, unit: number): boolean {
  return a !== null && a.layer === layer && a.unit === unit;
}

export function units(column: Column, look: UnitsLook): TemplateResult {
  return html`${column.cells.map((cell) => [symbol(column, cell, look), button(column, cell, look)])}${note(column, look)}`;
}

function button(
  { layer }: Column,
  { unit, x, y, size }: Cell,
  { summary, selection, hovered, roving, t }: UnitsLook,
): TemplateResult {
  const selected = same(selection, layer, unit);
  const marks = `${selected ? "selected" : ""} ${same(hovered, layer, unit) ? "hovered" : ""}`;
  return html`<button class="unit ${marks}" data-layer=${layer} data-unit=${unit} tabindex=${same(roving, layer, unit) ? 0 : -1}
    aria-label=${unitName(summary, { layer, unit }, t)} aria-pressed=${selected} aria-keyshortcuts=${layer > 0 ? "w" : nothing}
    .style=${`transform:translate(${x}px,${y}px);width:${size}px;height:${size}px;border-radius:${cornerOf(size)}px`}></button>`;
}

/** The symbol of an input column, to the left of its map. */
function symbol({ layer }: Column, { unit, x, y, size }: Cell, { summary }: UnitsLook): TemplateResult | typeof nothing {
  const text = layer === 0 ? summary.inputs[unit] : undefined;
  if (!text) return nothing;
  return html`<span class="symbol" .style=${`transform:translate(${x - SYMBOL_OFFSET}px,${y}px);line-height:${size}px`}>${text}</span>`;
}

/** Under a column: what one picture stands for, or how many units are not drawn. */
function note(column: Column, { summary, t, count }: UnitsLook): TemplateResult | typeof nothing {
  const isPicture = column.layer === 0 && dataOf(summary).image;
  if (column.hidden === 0 && !isPicture) return nothing;
  const { units } = summary.layers[column.layer]!;
  const text = isPicture
    ? t("view.network.pixel_count", { count: count(summary.input_count) })
    : t("view.network.sampled", { shown: column.cells.length, count: count(units) });
  const { headerLeft, headerWidth, bottom } = column;
  return html`<p class="note" .style=${`transform:translate(${headerLeft}px,${bottom + 8}px);width:${headerWidth}px`}>${text}</p>`;
}
