/** The attributes that say what is trained, carried out on an engine: all of them at the start, later those that have changed. Fetched where there are any. */

import { fault, type StartName } from "./attributes.js";
import type { Engine } from "../../engine/index.js";
import type { EngineRefusal } from "../../engine/errors.js";
import type { Catalog, Config } from "../../engine/types.js";
import { QUIET } from "../../state/actions.js";
import type { Store } from "../../state/store.js";

/** Attributes as they are written, null where they are not. */
export type Start = Record<StartName, string | null>;

/** What attributes ask of the config, as far as they can be read. */
interface Wanted {
  layers?: number[];
  activation?: string;
  optimizer?: string;
  "learning-rate"?: number;
  loss?: string;
  "batch-size"?: number;
  goal?: { metric: string; value: number } | null;
}

/**
 * Puts in force what differs from `before`; where an attribute has gone, the engine's default. `open` opens a link, over which all other attributes are laid.
 * Resolves to what is wrong, each fault under its attribute's name; what is right holds all the same.
 */
export async function carryOut(now: Start, before: Start, store: Store, engine: Engine, open: (link: string) => Promise<void>): Promise<EngineRefusal[]> {
  const names = Object.keys(now) as StartName[];
  let changed = names.filter((name) => now[name] !== before[name]);
  const faults: EngineRefusal[] = [];
  const tried = async (act: () => Promise<void>): Promise<EngineRefusal | null> => {
    const { actions } = store;
    actions.refused = null;
    await act();
    const refusal = actions.refused as EngineRefusal | null;
    return refusal && !QUIET.includes(refusal.code) ? refusal : null;
  };
  if (changed.includes("link")) {
    // What is wrong with a link is shown by then, and what the attributes say holds all the same.
    if (now.link) await open(now.link).catch(() => {});
    else await store.actions.configure({});
    changed = names.filter((name) => now[name] !== null);
  }
  if (changed.includes("dataset")) {
    const refusal = await tried(() => store.actions.chooseDataset(now.dataset ?? engine.catalog.defaults.data.dataset));
    if (refusal) faults.push(under("dataset", refusal));
  }
  const wanted = read(now, changed, engine.catalog, faults);
  const attempt = (some: Wanted): Promise<EngineRefusal | null> => tried(() => store.actions.patch(() => patchOf(some, engine.config, engine.catalog.defaults), ""));
  if (Object.keys(wanted).length === 0 || !(await attempt(wanted))) return faults;
  // One of them is wrong, and which is not known: each by itself, as long as one more holds.
  let left = Object.keys(wanted) as (keyof Wanted)[];
  for (let refusals = new Map<keyof Wanted, EngineRefusal>(); ; refusals = new Map()) {
    for (const name of left) {
      const refusal = await attempt({ [name]: wanted[name] });
      if (refusal) refusals.set(name, refusal);
    }
    if (refusals.size < left.length && refusals.size > 0) {
      left = [...refusals.keys()];
      continue;
    }
    for (const [name, refusal] of refusals) faults.push(under(name, refusal));
    return faults;
  }
}

function under(field: StartName, refusal: EngineRefusal): EngineRefusal {
  return { ...refusal, field, message: `${field}: ${refusal.message}` };
}

/** Those of the attributes that can be read; the others are faults. */
function read(now: Start, changed: StartName[], catalog: Catalog, faults: EngineRefusal[]): Wanted {
  const { network, training } = catalog.defaults;
  const number = (field: "learning-rate" | "batch-size", standard: number): Wanted => {
    const text = now[field];
    if (text === null) return { [field]: standard };
    if (text.trim() !== "" && Number.isFinite(Number(text))) return { [field]: Number(text) };
    faults.push(fault("attribute_number", field, text, `"${text}" is not a number`));
    return {};
  };
  const readers: Partial<Record<StartName, () => Wanted>> = {
    layers: () => unitsOf(now.layers, network.hidden.map(({ units }) => units), faults),
    activation: () => ({ activation: now.activation || network.hidden[0]!.activation.id }),
    optimizer: () => ({ optimizer: now.optimizer || training.optimizer.id }),
    "learning-rate": () => number("learning-rate", Number(training.optimizer.learning_rate)),
    loss: () => ({ loss: now.loss || training.loss.id }),
    "batch-size": () => number("batch-size", training.batch_size),
    goal: () => goalOf(now.goal, catalog, faults),
  };
  return Object.assign({}, ...changed.map((name) => readers[name]?.() ?? {})) as Wanted;
}

/** A patch over the config in force. */
function patchOf(wanted: Wanted, config: Config, defaults: Config): object {
  const { layers, activation, optimizer, loss, goal } = wanted;
  const [rate, batch] = [wanted["learning-rate"], wanted["batch-size"]];
  const training = {
    ...(loss ? { loss: { id: loss } } : {}),
    ...(batch === undefined ? {} : { batch_size: batch }),
    ...(optimizer || rate !== undefined ? { optimizer: { id: optimizer ?? config.training.optimizer.id, ...(rate === undefined ? {} : { learning_rate: rate }) } } : {}),
    ...(goal === undefined ? {} : { stop: { target: goal } }),
  };
  return {
    ...(Object.keys(training).length > 0 ? { training } : {}),
    ...(layers || activation ? { network: { hidden: hiddenLayers(layers, activation, config, defaults) } } : {}),
  };
}

function unitsOf(text: string | null, standard: number[], faults: EngineRefusal[]): Wanted {
  if (text === null) return { layers: standard };
  const parts = text.replace(/^\s*\[|\]\s*$/g, "").split(/[\s,]+/).filter(Boolean);
  const wrong = parts.find((part) => !/^\d+$/.test(part));
  if (wrong === undefined) return { layers: parts.map(Number) };
  faults.push(fault("attribute_number", "layers", wrong, `"${wrong}" is not a number of neurons`));
  return {};
}

function hiddenLayers(units: number[] | undefined, activation: string | undefined, config: Config, defaults: Config): unknown[] {
  const { hidden } = config.network;
  const model = hidden[0] ?? defaults.network.hidden[0];
  return (units ?? hidden.map((layer) => layer.units)).map((count, at) => ({
    ...(hidden[at] ?? model), units: count, ...(activation ? { activation: { id: activation } } : {}),
  }));
}

/** `accuracy>=0.95`, or with `validation.` before it, which it means in any case; or the metric and its value as JSON. The sign must be the metric's own. */
function goalOf(text: string | null, { metrics }: Catalog, faults: EngineRefusal[]): Wanted {
  if (text === null || text.trim() === "") return { goal: null };
  let [, id = "", sign = "", value = ""] = /^\s*(?:validation\.)?(\w+)\s*(>=|<=)\s*(\S+)\s*$/.exec(text) ?? [];
  const written = text.trimStart().startsWith("{") ? parsed(text) : null;
  const metric = metrics.find((each) => each.id === (written ? written.metric : id));
  const own = metric?.better === "higher" ? ">=" : "<=";
  if (written) [id, sign, value] = [String(written.metric), own, typeof written.value === "number" ? String(written.value) : ""];
  if (metric && sign === own && value !== "" && Number.isFinite(Number(value))) return { goal: { metric: id, value: Number(value) } };
  faults.push(fault("goal_form", "goal", text, `"${text.slice(0, 80)}" is no goal; write a metric, ">=" where more is better and "<=" where less is, and a number: accuracy>=0.95`));
  return {};
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
