// What other places make of a link to the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { HtmlTagDescriptor } from "vite";

import { oembed, pageHead } from "../../scripts/page-head";

const html = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
const tags = (address?: string) => (pageHead(address).transformIndexHtml as (html: string) => HtmlTagDescriptor[])(html).map(({ attrs }) => attrs!);

test("a page that knows its address has a card with a picture, and says where its frame is", () => {
  const SITE = "https://example.org/play";
  const found = tags(SITE);
  const content = (property: string) => found.find((each) => each["property"] === property)?.["content"];
  assert.equal(content("og:url"), `${SITE}/`);
  assert.equal(content("og:image"), `${SITE}/preview.png`);
  assert.ok(String(content("og:title")).length > 5 && String(content("og:description")).length > 20);
  assert.equal(found.find((each) => each["type"] === "application/json+oembed")?.["href"], `${SITE}/oembed.json`);
  const answer = oembed(`${SITE}/`, "Neural Playground") as Record<string, unknown>;
  for (const field of ["version", "type", "html", "width", "height"]) assert.ok(answer[field], field);
  assert.equal(answer["type"], "rich");
  assert.match(String(answer["html"]), /^<iframe src="https:\/\/example\.org\/play\/v1\/embed\.html"/);
});

test("one that does not know it names no address", () => {
  assert.ok(!tags("").some((each) => Object.values(each).some((value) => /https?:/.test(String(value)))));
  assert.ok(tags("").length >= 3);
});
