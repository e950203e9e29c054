// Configs trained for some steps on the native engine, with a hash of the weights' bytes.
// tests/golden/hashes.json is written by a native test: {"cases": [{"name", "config", "steps", "hash"}]}.

import { readFileSync } from "node:fs";

interface HashCase {
  name: string;
  /** Laid over the engine's defaults. */
  config: Record<string, unknown>;
  steps: number;
  /** 16 hexadecimal digits. */
  hash: string;
}

const text = readFileSync(new URL("../../golden/hashes.json", import.meta.url), "utf8");
const { cases } = JSON.parse(text) as { cases: HashCase[] };

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a, 64 bits, over the little-endian bytes of all tensors in order. */
function of(tensors: Iterable<Float32Array>): string {
  let hash = OFFSET;
  for (const tensor of tensors) {
    for (const byte of new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
    }
  }
  return hash.toString(16).padStart(16, "0");
}

export const hashes = { cases, of };
