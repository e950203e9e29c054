/**
 * Links of our own: `#c=1.` + base64url(deflate-raw(JSON)). `1` is the version of the format. The JSON:
 *
 *     { "config":  what differs from the data set's defaults, as `Engine.configure` takes it,
 *       "weights": base64 of all parameters as little-endian f32, in the order of `Engine.weights()`,
 *       "points":  { "inputs", "targets": the same of the caller's own rows, "columns", "split"?: base64 of bytes, "task"? },
 *       "view":    { "test"?, "discrete"?, "log"?: true, "parts"?: [...] },
 *       "hidden":  [...], "locked": [...]: ids of `CONTROLS`,
 *       "replay":  { "steps", "digest"?: see digest.ts },
 *       "check":   FNV-1a of the text before it: what was changed on its way is told from what was meant }
 *
 * Every part may be left out. A link ends in a letter: programs that find addresses in text leave out signs at the end. **The exported names here and in index.ts are stable.**
 */

import { engineError } from "../engine/errors.js";
import { fnv1a } from "./digest.js";
import { CONTROLS, PARTS, type ControlId, type Part } from "../state/control-policy.js";
import { payloads } from "./mend.js";
import { broken, fromBase64, pack, parseJson, toBase64, unpack } from "./packing.js";

export const PREFIX = "c=";
const VERSION = "1";
/** Most updates that opening a link replays. */
export const MAX_STEPS = 10_000_000;

/** The caller's own rows. */
export interface LinkPoints {
  /** `(rows, columns)`, row-major. */
  inputs: Float32Array;
  columns: number;
  /** `(rows)`. */
  targets: Float32Array;
  /** `(rows)`: 0 training, 1 validation, 2 test. */
  split?: Uint8Array;
  task?: "classification" | "regression";
}

/** What the visitor looks at. What is left out is off; `parts` left out: all. */
export interface LinkView {
  testPoints?: boolean;
  discrete?: boolean;
  logScale?: boolean;
  parts?: Part[];
}

/** What a link says, read and checked but for the config, whose judge is the engine. */
export interface LinkState {
  /** Whose link it was. */
  kind: "own" | "tf_playground";
  /** Laid over the data set's defaults by `Engine.configure`. */
  config: Record<string, unknown>;
  /** All parameters in the order of `Engine.weights()`. */
  weights?: Float32Array;
  points?: LinkPoints;
  view?: LinkView;
  hidden?: ControlId[];
  locked?: ControlId[];
  /** So many updates from the start, and the digest of the parameters then. */
  replay?: { steps: number; digest?: string };
  /** What the link asked for and is not done here: sentences `link.note.<id>`. */
  notes?: string[];
  /** Pairs of TensorFlow Playground's kind that say nothing known there: `name=value`, shortened. */
  unread?: string[];
}

/** The fragment of a link, without `#`. */
export async function encodeLink(state: Omit<LinkState, "kind" | "notes" | "unread">): Promise<string> {
  const { config, weights, points, view, hidden, locked, replay } = state;
  const some = <T extends object>(value: T | undefined): T | undefined => (value && Object.keys(value).length > 0 ? value : undefined);
  const json = {
    config: some(config),
    weights: weights && floatsToText(weights),
    points: points && {
      inputs: floatsToText(points.inputs), columns: points.columns, targets: floatsToText(points.targets),
      split: points.split && toBase64(points.split), task: points.task,
    },
    view: view && some(dropUndefined({ test: view.testPoints || undefined, discrete: view.discrete || undefined, log: view.logScale || undefined, parts: view.parts })),
    hidden: some(hidden), locked: some(locked), replay,
  };
  const checked = withCheck(JSON.stringify(json));
  for (let spaces = 0; ; spaces += 1) {
    const packed = await pack(checked + " ".repeat(spaces));
    if (/[A-Za-z]$/.test(packed)) return `${PREFIX}${VERSION}.${packed}`;
  }
}

const CHECK = /,?"check":"([0-9a-z]{1,7})"\}\s*$/;

function withCheck(json: string): string {
  const text = json.slice(0, -1);
  return `${text}${text === "{" ? "" : ","}"check":"${checkOf(text)}"}`;
}

function checkOf(text: string): string {
  return fnv1a(new TextEncoder().encode(text)).toString(36);
}

function dropUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

/** Reads what stands behind `c=` in a link of our own, and goes on until the link's end at least. Throws an `EngineError` that names the field. */
export async function decodeOwn(rest: string): Promise<LinkState> {
  const [version, packed] = splitOnce(rest);
  if (version !== VERSION) {
    throw engineError("link_version", "link", `the link's format is "${version.slice(0, 20)}"; this page reads ${VERSION}`, { version: version.slice(0, 20), known: VERSION });
  }
  const json = record(await unpackMended(packed), "link", ["config", "weights", "points", "view", "hidden", "locked", "replay"]);
  const state: LinkState = { kind: "own", config: json.config === undefined ? {} : record(json.config, "link.config") };
  if (json.weights !== undefined) state.weights = textToFloats(json.weights, "link.weights");
  if (json.points !== undefined) state.points = readPoints(json.points);
  if (json.view !== undefined) state.view = readView(json.view);
  if (json.hidden !== undefined) state.hidden = readIds(json.hidden, "link.hidden", CONTROLS);
  if (json.locked !== undefined) state.locked = readIds(json.locked, "link.locked", CONTROLS);
  if (json.replay !== undefined) state.replay = readReplay(json.replay);
  return state;
}

/** Payloads longer than this are tried in few ways. */
const LONG = 20_000;

/** The JSON of the first reading of `text` that is whole; where none is, the refusal of the likeliest. */
async function unpackMended(text: string): Promise<unknown> {
  const { plain, completed } = payloads(text);
  let refusal: unknown;
  for (const packed of plain.slice(0, text.length > LONG ? 2 : Infinity)) {
    try {
      return await unpackChecked(packed);
    } catch (error) {
      refusal ??= error;
    }
  }
  // What a link lost at its end is known where only one ending makes it whole.
  const found = new Map<string, unknown>();
  for (const packed of completed.slice(0, (refusal as { code?: string }).code === "link_broken" ? Infinity : 0)) {
    await unpackChecked(packed).then((json) => found.set(JSON.stringify(json), json), () => {});
  }
  if (found.size === 1) return [...found.values()][0];
  throw refusal;
}

async function unpackChecked(packed: string): Promise<unknown> {
  const bytes = await unpack(packed, "link");
  const json = parseJson(bytes, "link");
  const text = new TextDecoder().decode(bytes);
  const check = CHECK.exec(text);
  if (!check || typeof json !== "object" || json === null) return json;
  if (checkOf(text.slice(0, check.index)) !== check[1]) throw broken("link", "check");
  const { check: _, ...said } = json as Record<string, unknown>;
  return said;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(".");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function readPoints(value: unknown): LinkPoints {
  const json = record(value, "link.points", ["inputs", "columns", "targets", "split", "task"]);
  const points: LinkPoints = {
    inputs: textToFloats(json.inputs, "link.points.inputs"),
    columns: whole(json.columns, "link.points.columns", 1, 4096),
    targets: textToFloats(json.targets, "link.points.targets"),
  };
  if (json.split !== undefined) points.split = fromBase64(text(json.split, "link.points.split"), "link.points.split");
  if (json.task !== undefined) {
    const [task] = readIds([json.task], "link.points.task", ["classification", "regression"] as const);
    points.task = task!;
  }
  return points;
}

function readView(value: unknown): LinkView {
  const json = record(value, "link.view", ["test", "discrete", "log", "parts"]);
  const on = (name: string): boolean => {
    const inner = json[name];
    if (inner !== undefined && typeof inner !== "boolean") throw wrongKind(`link.view.${name}`, "true or false");
    return inner === true;
  };
  return {
    testPoints: on("test"), discrete: on("discrete"), logScale: on("log"),
    ...(json.parts === undefined ? {} : { parts: readIds(json.parts, "link.view.parts", PARTS) }),
  };
}

function readReplay(value: unknown): NonNullable<LinkState["replay"]> {
  const json = record(value, "link.replay", ["steps", "digest"]);
  const steps = whole(json.steps, "link.replay.steps", 1, MAX_STEPS);
  if (json.digest === undefined) return { steps };
  const digest = text(json.digest, "link.replay.digest");
  if (!/^([0-9a-f]{8})+$/.test(digest)) throw wrongKind("link.replay.digest", "hexadecimal digits, eight for each tensor");
  return { steps, digest };
}

function readIds<Id extends string>(value: unknown, field: string, known: readonly Id[]): Id[] {
  if (!Array.isArray(value)) throw wrongKind(field, "a list");
  for (const id of value) {
    if (known.includes(id as Id)) continue;
    const named = typeof id === "string" ? id.slice(0, 40) : typeof id;
    throw engineError("unknown_id", field, `${field}: ${named} is not one of ${known.join(", ")}`, { id: named, known: known.join(", ") });
  }
  return [...new Set(value as Id[])];
}

function record(value: unknown, field: string, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongKind(field, "an object");
  const strange = known && Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) {
    const path = `${field}.${strange.slice(0, 40)}`;
    throw engineError("unknown_field", path, `there is no field ${path}`);
  }
  return value as Record<string, unknown>;
}

function text(value: unknown, field: string): string {
  if (typeof value !== "string") throw wrongKind(field, "text");
  return value;
}

function whole(value: unknown, field: string, min: number, max: number): number {
  if (typeof value !== "number") throw wrongKind(field, "a number");
  if (!Number.isInteger(value) || value < min || value > max) {
    throw engineError("out_of_range", field, `${field} must be a whole number between ${min} and ${max}; ${value} was refused`, {
      value: String(value), min: String(min), max: String(max),
    });
  }
  return value;
}

function wrongKind(field: string, expected: string) {
  return engineError("link_kind", field, `${field}: ${expected} expected`, { expected });
}

function floatsToText(floats: Float32Array): string {
  return toBase64(new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength));
}

function textToFloats(value: unknown, field: string): Float32Array {
  const bytes = fromBase64(text(value, field), field);
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw wrongKind(field, "four bytes for each number");
  const floats = new Float32Array(bytes.buffer);
  const at = floats.findIndex((number) => !Number.isFinite(number));
  if (at >= 0) throw engineError("not_finite", field, `${field}: value ${at} is not finite`, { row: String(at), column: "0" });
  return floats;
}
