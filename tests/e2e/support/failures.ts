// Tests that fail in the ways that may leave a server or a browser behind; tests/e2e/site.spec.ts runs each.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { withSite } from "./site";

const site = withSite();
const failures: Record<string, () => Promise<void>> = {
  async "an assertion"() {
    await site.serve();
    await site.visit();
    assert.fail("as wished");
  },
  async "a test that takes too long"() {
    await site.serve();
    await (await site.open()).page.evaluate(() => new Promise(() => {}));
  },
  async "a page that is not there"() {
    await site.open("http://127.0.0.1:9/");
  },
  async "a server of the test's own"() {
    await new Promise<void>((resolve) => createServer().listen(0, "127.0.0.1", resolve));
  },
  // Run where there is no Chromium.
  async "no browser"() {},
};
const failure = process.env["FAILURE"]!;
test("fails", { timeout: failure === "a test that takes too long" ? 5000 : 60_000 }, failures[failure]);
