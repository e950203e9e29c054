/** Text to base64url of deflate and back, within limits: what comes from a link is not trusted. */

import { engineError } from "../engine/errors.js";

/** Longest link that is read, in characters: what browsers take in an address. */
export const MAX_CHARACTERS = 2_000_000;
/** Most bytes that a link may inflate to. */
export const MAX_BYTES = 4_000_000;
/** So many bytes are inflated at a time: deflate packs 1,032 to 1 at best, so each piece gives 2 MB at most. */
const PIECE = 2048;
const CHARACTERS = 32_768;

/** The field names what is refused. */
export function broken(field: string, why: string) {
  return engineError("link_broken", field, `${field} could not be read (${why}): it was cut off or changed on its way`, { why });
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHARACTERS) text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS));
  return btoa(text);
}

/** Reads base64 in its usual alphabet, with or without padding. */
export function fromBase64(text: string, field: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    // atob also takes spaces, which no encoder writes.
    if (/[^A-Za-z0-9+/=]/.test(text)) throw new Error("a character that base64 does not have");
    binary = atob(text);
  } catch {
    throw broken(field, "base64");
  }
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** base64url(deflate-raw(text)). */
export async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The reverse of `pack`; inflates piece by piece and stops at `MAX_BYTES`. */
export async function unpack(packed: string, field: string): Promise<Uint8Array> {
  checkLength(packed);
  if (/[^A-Za-z0-9_-]/.test(packed)) throw broken(field, "base64");
  const bytes = fromBase64(packed.replaceAll("-", "+").replaceAll("_", "/"), field);
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  // Not waited for: where bytes follow the end, or an error came, some streams never answer their writer.
  void feed(writer, bytes);
  const reader = readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MAX_BYTES) throw engineError("link_too_big", field, `${field} unpacks to more than ${MAX_BYTES} bytes`, { max: String(MAX_BYTES) });
      parts.push(value);
    }
  } catch (error) {
    parts.length = 0;
    void reader.cancel().catch(() => {});
    throw (error as { code?: unknown }).code === "link_too_big" ? error : broken(field, "deflate");
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Writes as fast as is read: a piece waits until the one before it is inflated and taken. */
async function feed(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    for (let at = 0; at < bytes.length; at += PIECE) {
      await writer.ready;
      await writer.write(bytes.subarray(at, at + PIECE));
    }
    await writer.close();
  } catch {
    // The reading side says why.
  }
}

/** Refuses what is longer than any link, before anything is made of it. */
export function checkLength(text: string, max = MAX_CHARACTERS): void {
  if (text.length <= max) return;
  throw engineError("link_too_long", "link", `the link has ${text.length} characters; at most ${max} are read`, { length: String(text.length), max: String(max) });
}

/** Deepest nesting and most values of a link's JSON; weights and points are one text each. */
const MAX_DEPTH = 16;
const MAX_VALUES = 20_000;

/** Parses JSON after a look at its bytes: nesting and number of values are bounded before anything is built. */
export function parseJson(bytes: Uint8Array, field: string): unknown {
  let depth = 0;
  let values = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (quoted) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (!quoted && (byte === 0x2c || byte === 0x5b || byte === 0x7b)) values += 1;
    if (depth > MAX_DEPTH || values > MAX_VALUES) {
      throw engineError("link_too_deep", field, `${field} holds more than ${MAX_VALUES} values or is nested deeper than ${MAX_DEPTH}`, {
        values: String(MAX_VALUES), depth: String(MAX_DEPTH),
      });
    }
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw broken(field, "json");
  }
}
