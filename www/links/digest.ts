/** Eight hexadecimal digits for each tensor: FNV-1a, 32 bits, over the little-endian bytes of its f32 values. */

import type { NamedTensor } from "../engine/types.js";

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

export function fnv1a(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}

/** Tells a drift or a mix-up; it is no protection against forgery. */
export function digestOf(tensors: readonly NamedTensor[]): string {
  return tensors.map(({ data }) => fnv1a(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).toString(16).padStart(8, "0")).join("");
}

/** Where a replay ended up beside what the link says. */
export interface Comparison {
  same: boolean;
  /** Names of the tensors that differ. */
  tensors: string[];
  /** Largest difference of two values, and the tensor it is in; only where the link has the weights. */
  largest: { tensor: string; difference: number } | null;
}

/** Compares tensors with a digest, or value by value with the link's own weights (all of them, in order). */
export function compare(tensors: readonly NamedTensor[], digest: string | undefined, weights: Float32Array | undefined): Comparison {
  const found = digestOf(tensors);
  const names = new Set<string>();
  let largest: Comparison["largest"] = null;
  let start = 0;
  for (const [index, { name, data }] of tensors.entries()) {
    if (digest !== undefined && found.slice(index * 8, index * 8 + 8) !== digest.slice(index * 8, index * 8 + 8)) names.add(name);
    if (weights) {
      for (const [at, value] of data.entries()) {
        const difference = Math.abs(value - weights[start + at]!);
        if (difference > 0) names.add(name);
        if (difference > (largest?.difference ?? 0)) largest = { tensor: name, difference };
      }
    }
    start += data.length;
  }
  if (digest !== undefined && digest.length !== found.length && names.size === 0) tensors.forEach(({ name }) => names.add(name));
  return { same: names.size === 0, tensors: [...names], largest };
}
