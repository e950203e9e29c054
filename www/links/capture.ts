/** The state of a playground as a link says it. */

import type { Engine } from "../engine/index.js";
import type { Config } from "../engine/types.js";
import { CONTROLS, PARTS, type Store } from "../state/store.js";
import { compare, digestOf } from "./digest.js";
import type { LinkState } from "./link.js";

/** What a link carries beside the config. */
export interface Wishes {
  weights: boolean;
  points: boolean;
  replay: boolean;
}

export type Captured = Omit<LinkState, "kind" | "notes">;

/** What a link to the present state says. `probe` is an engine whose state does not matter. */
export async function capture(engine: Engine, store: Store, probe: Engine, wishes: Wishes): Promise<Captured> {
  const state: Captured = { config: {} };
  const { customData } = engine;
  if (wishes.points && customData) {
    const { inputs, columns = 1, targets, split, task } = customData;
    // A link has f32, as the network has; what the engine keeps is finer. What is tried is what whoever opens the link will have.
    state.points = { inputs: Float32Array.from(inputs as Float64Array), columns, targets: Float32Array.from(targets as Float64Array) };
    if (split) state.points.split = Uint8Array.from(split);
    if (task) state.points.task = task;
    await probe.setData({ ...customData, ...state.points });
  }
  state.config = await shortConfig(engine.config, probe, Boolean(customData && !wishes.points));
  if (wishes.weights || wishes.replay) {
    const tensors = await engine.weights();
    if (wishes.weights) {
      state.weights = new Float32Array(tensors.reduce((sum, { data }) => sum + data.length, 0));
      let at = 0;
      for (const { data } of tensors) {
        state.weights.set(data, at);
        at += data.length;
      }
    }
    const { step } = await engine.metrics();
    if (wishes.replay && step > 0) state.replay = { steps: step, digest: digestOf(tensors) };
  }
  state.view = { testPoints: store.testPointsShown.value, discrete: store.discrete.value, logScale: store.logScale.value };
  const parts = PARTS.filter((part) => store.parts.value.has(part));
  if (parts.length < PARTS.length) state.view.parts = parts;
  state.hidden = CONTROLS.filter((id) => store.control.value(id) === "hidden");
  state.locked = CONTROLS.filter((id) => store.control.value(id) === "locked");
  return state;
}

/** Whether training anew gives what the link says; false where something was changed on the way. */
export async function isReplayable(state: Captured, probe: Engine, signal: AbortSignal): Promise<boolean> {
  if (!state.replay) return false;
  await probe.configureUntrusted(state.config);
  await probe.reset();
  await probe.train({ steps: state.replay.steps, signal });
  return compare(await probe.weights(), state.replay.digest, undefined).same;
}

/** What `config` says beyond its data set's defaults, so that `configure` makes `config` of it again. */
async function shortConfig(config: Config, probe: Engine, withoutData: boolean): Promise<Record<string, unknown>> {
  const { defaults } = probe.catalog;
  // Rows that do not come along cannot be chosen: the link opens with the first data set.
  const dataset = withoutData ? defaults.data.dataset : config.data.dataset;
  const wanted = withoutData ? { ...config, data: { ...config.data, dataset, features: defaults.data.features } } : config;
  const choice = dataset === defaults.data.dataset ? {} : { data: { dataset } };
  const base = await probe.configure(choice);
  const short = merged((difference(base, wanted) ?? {}) as Record<string, unknown>, choice);
  if (withoutData) return short;
  // The engine has the last word: where the short form does not give the same again, all of it goes into the link.
  const again = await probe.configureUntrusted(short);
  return JSON.stringify(again) === JSON.stringify(config) ? short : (config as unknown as Record<string, unknown>);
}

function merged(short: Record<string, unknown>, choice: { data?: object }): Record<string, unknown> {
  return choice.data ? { ...short, data: { ...(short.data as object), ...choice.data } } : short;
}

/** The merge patch from `from` to `to`; undefined where they are equal. */
function difference(from: unknown, to: unknown): unknown {
  if (JSON.stringify(from) === JSON.stringify(to)) return undefined;
  if (!isRecord(from) || !isRecord(to) || from.id !== to.id) return shorten(to);
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(to)) {
    const inner = difference(from[key], value);
    if (inner !== undefined) patch[key] = inner;
  }
  return patch;
}

/** What a layer has where a wish says nothing. */
const PLAIN_LAYER: Record<string, unknown> = { dropout: 0, frozen: false, learning_rate_factor: 1 };

/** A choice without parameters is its id; of a layer what is as ever is left out. */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && typeof value.id === "string") return value.id;
  const isLayer = "units" in value;
  return Object.fromEntries(Object.entries(value).filter(([key, inner]) => !(isLayer && inner === PLAIN_LAYER[key])).map(([key, inner]) => [key, shorten(inner)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
