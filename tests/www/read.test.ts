// What is fetched for the engine: a server may be slow, and may be wrong; it is not waited for without end, and its mistakes are not kept.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, mock, test } from "node:test";

import { readBytes } from "../../www/engine/read";

let close = (): void => {};
afterEach(() => {
  mock.timers.reset();
  close();
});

/** A server that answers by hand. */
async function serve(): Promise<{ url: string; asked: Promise<ServerResponse>; caches: string[] }> {
  let ask: (response: ServerResponse) => void;
  const asked = new Promise<ServerResponse>((done) => { ask = done; });
  const caches: string[] = [];
  const server = createServer((request, response) => {
    caches.push(String(request.headers["cache-control"]));
    ask(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/digits.bin`, asked, caches };
}
const turn = () => new Promise((done) => setImmediate(done));
async function turns(count = 20): Promise<void> {
  for (let at = 0; at < count; at += 1) await turn();
}

test("a server that never answers, and one that stops in the middle, are given up half a minute after their last byte", async () => {
  for (const begins of [false, true]) {
    const { url, asked } = await serve();
    mock.timers.enable({ apis: ["setTimeout"] });
    const outcome = readBytes(url).then(() => "read", (error: Error) => error.message);
    const response = await asked;
    if (begins) {
      response.writeHead(200, { "content-length": "1000" });
      response.write(Buffer.alloc(10));
    }
    await turns();
    mock.timers.tick(30_000);
    assert.equal(await outcome, "nothing came for 30 seconds");
    mock.timers.reset();
    close();
  }
});

test("a slow server that goes on sending is waited for", async () => {
  const { url, asked } = await serve();
  mock.timers.enable({ apis: ["setTimeout"] });
  const reading = readBytes(url);
  const response = await asked;
  response.writeHead(200);
  for (let part = 0; part < 5; part += 1) {
    response.write(Buffer.from([part]));
    await turns();
    mock.timers.tick(20_000);
  }
  response.end();
  assert.deepEqual([...(await reading)], [0, 1, 2, 3, 4]);
});

test("what was bad is asked for past the browser's own copy", async () => {
  const { url, asked, caches } = await serve();
  const reading = readBytes(url, "reload");
  (await asked).end("x");
  await reading;
  assert.deepEqual(caches, ["no-cache"]);
});
