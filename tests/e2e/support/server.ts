// Serves a folder as a plain web server would, on a free port of this machine.

import { createServer } from "node:http";
import type { Server } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const dist = fileURLToPath(new URL("../../../dist/", import.meta.url));

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

export interface Serving {
  /** Without a slash at the end. */
  origin: string;
  /** Paths asked for, in order. */
  requests: string[];
  /** When each was first asked for, as `Date.now()` tells it. */
  askedAt: Map<string, number>;
  /** Hosts asked for: others than its own too, where a browser has this server as its proxy. */
  hosts: Set<string>;
  /** The folder that is served from now on. */
  folder: string;
  /** Paths that are answered with 404 from now on. */
  missing: Set<string>;
  close(): Promise<void>;
}

export interface ServingOptions {
  headers?: Record<string, string>;
  /** Answered by path before any file of `folder`. */
  pages?: Record<string, string>;
  /** The built site unless another is named. */
  folder?: string;
  /** Where on the server the folder lies. */
  base?: string;
}

const BLANK = "<!doctype html><html lang='en'><title>blank</title>";

/** Beside the folder there is `/blank.html`, and an icon that is none, so that no browser writes that it is missing. */
export async function serve(options: ServingOptions = {}): Promise<Serving> {
  const requests: string[] = [];
  const askedAt = new Map<string, number>();
  const hosts = new Set<string>();
  const base = options.base ?? "/";
  const missing = new Set<string>();
  const server: Server = createServer((request, response) => {
    const { pathname, host } = new URL(request.url ?? "/", `http://${request.headers.host}`);
    requests.push(pathname);
    if (!askedAt.has(pathname)) askedAt.set(pathname, Date.now());
    hosts.add(host);
    const answer = (status: number, type: string, body: string | Uint8Array) => {
      response.writeHead(status, { "content-type": type, ...options.headers });
      response.end(body);
    };
    const page = options.pages?.[pathname] ?? (pathname === "/blank.html" ? BLANK : undefined);
    if (page !== undefined) return answer(200, TYPES[".html"]!, page);
    if (pathname === "/favicon.ico") return answer(204, "image/x-icon", "");
    if (missing.has(pathname)) return answer(404, "text/plain", "not found");
    if (!pathname.startsWith(base)) return answer(404, "text/plain", "not found");
    const path = normalize(join(serving.folder, decodeURIComponent(pathname.slice(base.length - 1))));
    const file = pathname.endsWith("/") ? join(path, "index.html") : path;
    if (!file.startsWith(serving.folder)) return answer(403, "text/plain", "forbidden");
    readFile(file).then(
      (body) => answer(200, TYPES[extname(file)] ?? "application/octet-stream", body),
      () => answer(404, "text/plain", "not found"),
    );
  });
  server.on("connect", (request, socket) => {
    hosts.add(request.url ?? "");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const serving: Serving = {
    origin: `http://127.0.0.1:${port}`,
    requests, askedAt,
    hosts,
    folder: options.folder ?? dist,
    missing,
    close: () =>
      new Promise((resolve) => {
        // Closed twice is closed.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return serving;
}
