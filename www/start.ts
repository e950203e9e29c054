/** The attributes that give an element's start, as a patch of the config. Fetched where there are any. */

import { fault } from "./attributes.js";
import type { Catalog, Config, Refusal } from "./engine/types.js";

/** Attributes that give the start: as they are written, null where they are not. */
export interface Start {
  /** Units of the hidden layers, "8,8"; "" for none. */
  layers: string | null;
  activation: string | null;
  optimizer: string | null;
  learningRate: string | number | null;
  loss: string | null;
  batchSize: string | number | null;
  /** A validation metric to be reached, "accuracy>=0.95": training stops there. */
  goal: string | null;
}

/** A patch over the config in force; null if there is nothing to change. What cannot be read is a fault, and left out. */
export function patchOf(start: Start, config: Config, catalog: Catalog): { patch: object | null; faults: Refusal[] } {
  const faults: Refusal[] = [];
  const number = (field: string, value: string | number | null): number | null => {
    if (value === null) return null;
    const text = String(value);
    if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
    faults.push(fault("attribute_number", field, text, `"${text}" is not a number`));
    return null;
  };
  const { loss, optimizer, activation, layers } = start;
  const batch = number("batch-size", start.batchSize);
  const rate = number("learning-rate", start.learningRate);
  const target = goalOf(start.goal, catalog, faults);
  const units = unitsOf(layers, faults);
  const training = {
    ...(loss ? { loss: { id: loss } } : {}),
    ...(batch === null ? {} : { batch_size: batch }),
    ...(optimizer || rate !== null ? { optimizer: { id: optimizer ?? config.training.optimizer.id, ...(rate === null ? {} : { learning_rate: rate }) } } : {}),
    ...(target ? { stop: { target } } : {}),
  };
  const patch = {
    ...(Object.keys(training).length > 0 ? { training } : {}),
    ...(units || activation ? { network: { hidden: hiddenLayers(units, activation, config, catalog.defaults) } } : {}),
  };
  return { patch: Object.keys(patch).length > 0 ? patch : null, faults };
}

function unitsOf(text: string | null, faults: Refusal[]): number[] | null {
  if (text === null) return null;
  const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
  const wrong = parts.find((part) => !/^\d+$/.test(part));
  if (wrong === undefined) return parts.map(Number);
  faults.push(fault("attribute_number", "layers", wrong, `"${wrong}" is not a number of neurons`));
  return null;
}

function hiddenLayers(units: number[] | null, activation: string | null, config: Config, defaults: Config): unknown[] {
  const { hidden } = config.network;
  const model = hidden[0] ?? defaults.network.hidden[0];
  return (units ?? hidden.map((layer) => layer.units)).map((count, at) => ({
    ...(hidden[at] ?? model), units: count, ...(activation ? { activation: { id: activation } } : {}),
  }));
}

/** `accuracy>=0.95`, or with `validation.` before it, which it means in any case. The sign must be the metric's own. */
function goalOf(text: string | null, { metrics }: Catalog, faults: Refusal[]): { metric: string; value: number } | null {
  if (text === null) return null;
  const [, id = "", sign = "", value = ""] = /^\s*(?:validation\.)?(\w+)\s*(>=|<=)\s*(\S+)\s*$/.exec(text) ?? [];
  const metric = metrics.find((each) => each.id === id);
  if (metric && sign === (metric.better === "higher" ? ">=" : "<=") && Number.isFinite(Number(value))) return { metric: id, value: Number(value) };
  faults.push(fault("goal_form", "goal", text, `"${text}" is no goal; write a metric, ">=" where more is better and "<=" where less is, and a number: accuracy>=0.95`));
  return null;
}
