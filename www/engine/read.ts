// Reading files by address, in browsers and in node (whose `fetch` knows no `file:`).

/** The bytes at `url`; throws when it cannot be read. */
export async function readBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  if (url.startsWith("file:")) {
    // A variable keeps bundlers from looking for the module; only node ever comes here.
    const nodeFiles = "node:fs/promises";
    const files = (await import(/* @vite-ignore */ nodeFiles)) as { readFile(url: URL): Promise<Uint8Array> };
    return new Uint8Array(await files.readFile(new URL(url)));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
  return new Uint8Array(await response.arrayBuffer());
}

/** Undoes raw DEFLATE (RFC 1951, no header). */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
