/** What a visitor changed, as data: which fields differ between two configs, and which changes are one gesture. */

import type { CustomData } from "../engine/index.js";
import type { Config, NamedTensor, SeedName } from "../engine/types.js";

/** One weight, or with `input: null` a bias; layers as `set_parameter` counts them. */
export interface ParameterRef { layer: number; unit: number; input: number | null }

/** What can be undone: the state on both sides, so that it can be redone too. */
export interface Change {
  before: Config;
  after: Config;
  /** The engine began anew: parameters were drawn afresh, the counters went to 0. */
  restarted: boolean;
  /** One weight that was typed over, and its two values. */
  parameter?: ParameterRef & { from: number; to: number };
  /** The caller's own rows on both sides; null where they were not the caller's. */
  data?: { before: CustomData | null; after: CustomData | null };
  /** All parameters of the side that is not in force, where they are kept. */
  parameters: NamedTensor[] | null;
  /** How many updates had made them what they were. */
  steps: number;
  /** When it was made, in milliseconds. */
  at: number;
}

/** The seeds in the order in which a run uses them, which is the order that a visitor reads them in. */
export const SEEDS: SeedName[] = ["data", "split", "init", "batches"];

/** A field that differs: its path, `network.hidden[0].units`, and both values. */
export interface Difference { path: string; from: unknown; to: unknown }

/** Changes of one field that follow each other as fast as this are one gesture: a slider that is dragged. */
const GESTURE_MS = 800;

/**
 * The fields in which two configs differ. Rows of tables (`{ id, ... }`) of which another was chosen, and lists of
 * another length or of plain values, differ as a whole.
 */
export function differences(before: unknown, after: unknown, path = ""): Difference[] {
  if (Object.is(before, after)) return [];
  const whole = [{ path, from: before, to: after }];
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length === after.length && before.every((item) => typeof item === "object")) {
      return before.flatMap((item, at) => differences(item, after[at], `${path}[${at}]`));
    }
    return JSON.stringify(before) === JSON.stringify(after) ? [] : whole;
  }
  if (!isRecord(before) || !isRecord(after) || before.id !== after.id) return whole;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => differences(before[name], after[name], path ? `${path}.${name}` : name));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One change instead of two, if the second goes on with the gesture of the first; else null. */
export function joined(first: Change, second: Change): Change | null {
  if (second.at - first.at > GESTURE_MS || first.data || second.data) return null;
  if (first.parameter || second.parameter) {
    const [a, b] = [first.parameter, second.parameter];
    if (!a || !b || a.layer !== b.layer || a.unit !== b.unit || a.input !== b.input) return null;
    return { ...first, at: second.at, parameter: { ...a, to: b.to } };
  }
  const [a, b] = [differences(first.before, first.after), differences(second.before, second.after)];
  const same = a.length > 0 && a.length === b.length && a.every(({ path }, at) => path === b[at]!.path);
  const numbers = [...a, ...b].every(({ from, to }) => typeof from === "number" && typeof to === "number");
  if (!same || !numbers) return null;
  return { ...first, after: second.after, restarted: first.restarted || second.restarted, at: second.at };
}

/** Bytes of the parameters and rows that a change holds on to. */
export function bytesOf({ parameters, data }: Change): number {
  const rows = (rows: CustomData["inputs"]): number => (ArrayBuffer.isView(rows) ? rows.byteLength : rows.length * 8 * (Array.isArray(rows[0]) ? rows[0].length : 1));
  const custom = (part: CustomData | null | undefined): number => (part ? rows(part.inputs) + rows(part.targets) : 0);
  return (parameters ?? []).reduce((sum, { data }) => sum + data.byteLength, 0) + custom(data?.before) + custom(data?.after);
}
