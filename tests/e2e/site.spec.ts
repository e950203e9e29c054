// A file of tests that fails ends by itself: nothing of it is left that its runner would wait for.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { everything } from "../support/everything";
import { Site } from "./support/site";

const file = fileURLToPath(new URL("support/failures.ts", import.meta.url));

for (const [failure, told, change] of [
  ["an assertion", /as wished/, {}],
  ["a test that takes too long", /timed out after/, {}],
  ["a page that is not there", /ERR_UNSAFE_PORT|ERR_CONNECTION_REFUSED/, {}],
  ["a server of the test's own", /left open after the last test: .*TCPServerWrap/, { SITE_REST_MS: "5000" }],
  ["no browser", /not installed: chromium/, { PATH: "" }],
] as const) {
  test(`it ends, and says why: ${failure}`, async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, ["--import", "tsx", file], { env: { ...env, FAILURE: failure, ...change }, timeout: 120_000 });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => child.on("close", (...how) => resolve(how)));
    assert.deepEqual([code, signal], [1, null], text);
    assert.match(text, told);
  });
}

for (const [webgpu, wanted] of [[true, true], [false, false], [undefined, everything]] as const) {
  test(`a browser has WebGPU where it is asked for, and without a word in make test-all alone: ${String(webgpu)}`, async () => {
    const site = new Site();
    try {
      await site.start(webgpu === undefined ? {} : { webgpu });
      const { page } = await site.blank();
      assert.equal(await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter())), wanted);
    } finally {
      await site.closeFile();
    }
  });
}
