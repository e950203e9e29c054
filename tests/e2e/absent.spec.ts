// A page whose script does not come, or that is opened as a file, is not white: it says so in both languages, by no script of its own.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { dist } from "./support/server";
import { withSite } from "./support/site";

const site = withSite();

/** Waits until the sentence is seen, in both languages. */
async function said(page: Page): Promise<void> {
  for (const sentence of ["Neural Playground has not come yet", "页面尚未加载完成"]) {
    const text = page.getByText(sentence);
    await text.waitFor();
    // Where no script may run, none can wait in the page either.
    const opacity = (): Promise<string> => text.evaluate((element) => getComputedStyle(element.closest(".absent")!).opacity);
    for (let tries = 0; (await opacity()) !== "1" && tries < 200; tries += 1) await page.waitForTimeout(50);
    assert.equal(await opacity(), "1");
    const box = (await text.boundingBox())!;
    assert.ok(box.width > 100 && box.height > 10);
  }
}

const scripts = readdirSync(join(dist, "assets")).filter((name) => /^index-.*\.js$/.test(name)).map((name) => `/assets/${name}`);

test("the main script is missing", async () => {
  site.server.missing.add(scripts[0]!);
  try {
    await said((await site.open("/")).page);
  } finally {
    site.server.missing.clear();
  }
});

test("the main script does not run", async () => {
  const { page } = await site.open("/", { prepare: async (page) => {
    await page.route(`**${scripts[0]}`, (route) => route.fulfill({ contentType: "text/javascript", body: "this is no JavaScript" }));
  } });
  await said(page);
});

test("no script may run", async () => {
  const { page } = await site.open("/", { javaScriptEnabled: false });
  await said(page);
});

test("no words can be had", async () => {
  const words = readdirSync(join(dist, "assets")).filter((name) => /^(en|zh-CN)-.*\.js$/.test(name));
  for (const name of words) site.server.missing.add(`/assets/${name}`);
  try {
    await said((await site.open("/")).page);
  } finally {
    site.server.missing.clear();
  }
});

test("the page is opened as a file", async () => {
  const { page } = await site.open(pathToFileURL(join(dist, "index.html")).href);
  await said(page);
});

test("where all comes, nothing of it is seen", async () => {
  const { page } = await site.visit("/");
  const text = page.locator("neural-playground > .absent");
  assert.equal(await text.count(), 1);
  assert.equal(await text.isVisible(), false);
});
