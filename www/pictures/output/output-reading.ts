// What the large map says at a point: the sentence under the pointer.
import { dataOf } from "../../engine/data-kinds.js";
import type { Frame, ModelSummary } from "../../engine/types.js";
import type { Translate } from "../../ui/drawn-view.js";
import type { Unit } from "../../ui/events.js";
import type { Area } from "./output-map.js";

export interface Reading {
  output: NonNullable<Frame["output"]>;
  summary: ModelSummary;
  hovered: Unit | null;
  area: Area;
  t: Translate;
  number: (value: number, digits: number) => string;
}

/** `u` and `v` are shares 0..1 of the area, from the left and from the top. */
export function readingAt(u: number, v: number, { output, summary, hovered, area, t, number }: Reading): string {
  const n = output.resolution;
  const at = (dataOf(summary).dimensions === 1 ? 0 : Math.floor(v * n) * n) + Math.floor(u * n);
  const size = output.data.length / output.units;
  let best = 0;
  for (let k = 1; k < output.units; k++) if (output.data[k * size + at]! > output.data[best * size + at]!) best = k;
  const value = output.data[best * size + at]!;
  const x = number(area.low + u * (area.high - area.low), 1);
  const y = number(area.high - v * (area.high - area.low), 1);
  const where = dataOf(summary).dimensions === 1 ? t("view.output.at_line", { x }) : t("view.output.at_plane", { x, y });
  if (output.units > 1) return t("view.output.reads_class", { where, class: best, value: number(value, 2) });
  // The engine sends the probability of one output as -1..1.
  const isProbability = summary.target_encoding === "zero_one" && (!hovered || hovered.layer === summary.layers.length - 1);
  return t("view.output.reads", { where, value: number(isProbability ? (value + 1) / 2 : value, 2) });
}
