// Reading files by address, in browsers and in node (whose `fetch` knows no `file:`).

/** A server that sends nothing for so long, milliseconds, sends nothing more; a slow one may take its time. */
const STALL_MS = 30_000;

/** The bytes at `url`; throws when it cannot be read, or hangs. */
export async function readBytes(url: string, cache: RequestCache = "default"): Promise<Uint8Array<ArrayBuffer>> {
  if (url.startsWith("file:")) {
    // Asked of node itself: an import, however hidden, is one that bundlers for browsers look for.
    const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
    const files = process?.getBuiltinModule?.("node:fs/promises") as { readFile(url: URL): Promise<Uint8Array> } | undefined;
    if (!files) throw new Error("files can be read in node alone");
    return new Uint8Array(await files.readFile(new URL(url)));
  }
  const ending = new AbortController();
  const give = () => ending.abort(new Error(`nothing came for ${STALL_MS / 1000} seconds`));
  let timer = setTimeout(give, STALL_MS);
  try {
    const response = await fetch(url, { cache, signal: ending.signal });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
    if (!response.body) return new Uint8Array(await response.arrayBuffer());
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value as Uint8Array<ArrayBuffer>);
      clearTimeout(timer);
      timer = setTimeout(give, STALL_MS);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

/** Undoes raw DEFLATE (RFC 1951, no header). */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
