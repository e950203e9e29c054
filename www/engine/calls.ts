// The public calls: what each argument is called, and what it must be. The checks of every call come from this one table, and with
// them those of an embedded frame's messages: nothing of a wrong type gets further, where the module would read it as memory.

import { EngineError, engineError } from "./errors";
import { bytes, flag, index, isList, listener, malformed, number, optional, orNull, plain, record, signal, text, url, whole } from "./kinds";
import type { Kind, Of } from "./kinds";
import { column, matrix, parts } from "./rows";
import type { Matrix, Rows } from "./rows";
import type { Maps } from "./session";
import type { Metrics, NamedTensor } from "./types";

/** More is no list of a network's parameters. */
const TENSORS = 100;

/** Read where the network's columns are known. */
const rows: Kind<Rows> = (value, field) => {
  if (!isList(value)) throw malformed(field, "a list of rows or of numbers", value);
  return value as Rows;
};

const customData: Kind<{ inputs: Matrix; targets: Matrix["data"]; split?: Uint8Array; task?: string }> = (value, field) => {
  const { inputs, targets, columns, ...rest } = record({ inputs: rows, columns: optional(index), targets: rows, split: optional(parts), task: optional(text) }, true)(value, field);
  return { inputs: matrix("inputs", inputs, columns), targets: column("targets", targets), ...rest } as never;
};

const tensors: Kind<NamedTensor[]> = (value, field) => {
  if (!Array.isArray(value) || value.length > TENSORS) throw malformed(field, "a list of tensors", value);
  return Array.from({ length: value.length }, (_, at) => {
    const path = `${field}[${at}]`;
    const { name, shape, data } = record({ name: text, shape: plain, data: rows }, true)(value[at], path);
    if (!isList(shape)) throw malformed(`${path}.shape`, "a list", shape);
    const sizes = Array.from(shape, (size) => index(size, `${path}.shape`));
    return { name, shape: sizes, data: Float32Array.from(matrix(`weights.${name.slice(0, 40)}`, data, undefined, sizes[1]).data) };
  });
};

/** Arrays that are needed no more. What cannot be given up, an empty one or one that stands in the list already, is left out. */
const arrays: Kind<Float32Array[]> = (value, field) => {
  if (!Array.isArray(value) || value.length > TENSORS) throw malformed(field, "a list of arrays", value);
  const seen = new Set<ArrayBufferLike>();
  return Array.from({ length: value.length }, (_, at) => {
    const array: unknown = value[at];
    if (!(array instanceof Float32Array)) throw malformed(field, "Float32Arrays", array);
    const { buffer } = array;
    if (!(buffer instanceof ArrayBuffer) || seen.has(buffer)) return new Float32Array(0);
    seen.add(buffer);
    return array;
  });
};

const mapsGiven = record({ layers: arrays }, true) as Kind<{ layers: Float32Array[] }>;
const mapGiven = record({ data: (value: unknown, field: string) => arrays([value], field)[0]! }, true);

const heeded = optional(record({ signal: optional(signal) }));

const callback = listener as unknown as Kind<(metrics: Metrics, history: readonly Metrics[]) => unknown>;

/** Every call with its arguments, in order. */
export const CALLS = {
  create: [["options", record({
    backend: optional(text), worker: optional(flag), workerName: optional(text), baseUrl: optional(url), signal: optional(signal), asLink: optional(flag),
    urls: optional(record({ worker: optional(url), wasm: optional(url), compiler: optional(url), gpuWasm: optional(url), gpuModule: optional(url), digits: optional(url) })),
  }, true)]],
  setBackend: [["backend", text], ["options", heeded]],
  gpuStats: [],
  references: [],
  configure: [["config", plain], ["options", heeded]],
  configureUntrusted: [["config", plain], ["options", heeded]],
  patch: [["patch", plain], ["options", heeded]],
  patchUntrusted: [["patch", plain], ["options", heeded]],
  chooseDataset: [["dataset", text], ["options", heeded]],
  setData: [["data", customData], ["options", heeded]],
  setParameter: [["layer", whole], ["unit", whole], ["input", orNull(whole)], ["value", number]],
  train: [["options", record({ steps: optional(orNull(whole)), epochs: optional(orNull(whole)), signal: optional(signal), metrics: optional(flag), onEpochEnd: optional(callback) })]],
  step: [["count", optional(whole)], ["options", heeded]],
  epoch: [["count", optional(whole)], ["options", heeded]],
  play: [["pace", optional(record({ stepsPerSecond: optional(orNull(number)), epochsPerSecond: optional(orNull(number)) }))]],
  pause: [],
  reset: [["options", heeded]],
  newSeed: [["which", optional(plain)], ["options", heeded]],
  revealTest: [],
  metrics: [["options", heeded]],
  frame: [["wants", optional(plain)], ["options", optional(record({ reuse: optional(record({ maps: optional(orNull(mapsGiven)), output: optional(orNull(mapGiven)) }, true)), signal: optional(signal) }))]],
  activationMaps: [["resolution", index], ["options", optional(record({ reuse: optional(mapsGiven as Kind<Pick<Maps, "layers">>), signal: optional(signal) }))]],
  points: [],
  thumbnail: [["dataset", text]],
  featureMap: [["feature", text], ["resolution", index]],
  activationCurve: [["activation", plain]],
  predict: [["inputs", rows], ["options", heeded]],
  weights: [["options", heeded]],
  gradients: [["options", heeded]],
  setWeights: [["weights", tensors], ["options", heeded]],
  snapshot: [["options", heeded]],
  restore: [["snapshot", bytes], ["options", heeded]],
  on: [["type", text], ["listener", listener], ["options", heeded]],
  dispose: [],
} as const satisfies Record<string, readonly (readonly [string, Kind<unknown>])[]>;

export type CallName = keyof typeof CALLS;
type Read<Arguments> = { -readonly [At in keyof Arguments]: Arguments[At] extends readonly [string, infer K] ? Of<K> : never };
export type Checked<Name extends CallName> = Read<(typeof CALLS)[Name]>;

/** The arguments of a call, read; throws an `EngineError` with the name of the one that is wrong. */
export function checked<Name extends CallName>(name: Name, given: readonly unknown[]): Checked<Name> {
  const read = ([field, kind]: readonly [string, Kind<unknown>], at: number): unknown => guarded(field, () => kind(given[at], field));
  return CALLS[name].map(read) as never;
}

/** What a getter or a proxy of the caller's throws, or an array whose memory has gone elsewhere, is a refusal too. */
export function guarded<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const message = "it could not be read";
    throw engineError("malformed", field, `${field}: ${message}`, { message });
  }
}
