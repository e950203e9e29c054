// The snippets of docs/embedding in Chromium, as their platforms render them, each from another origin than the playground's.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import type { NeuralPlayground } from "../../www/app/element/element";
import type { Opened } from "./support/browser";
import { fits, frameOf, trains, whole } from "./support/frame";
import { withSite } from "./support/site";

const root = new URL("../../", import.meta.url);
const revealFolder = fileURLToPath(new URL("node_modules/reveal.js/", root));

/** The fenced text that is called by that name. */
function snippet(page: string, name: string): string {
  const text = readFileSync(new URL(`docs/embedding/${page}.md`, root), "utf8");
  const [, , body] = new RegExp(`^(\`{3,})\\w+ ${name}\\n([\\s\\S]*?)\\n\\1$`, "m").exec(text) ?? [];
  assert.ok(body, `docs/embedding/${page}.md has no ${name}`);
  return body;
}

/** What a platform made of it; the file says of which text, and the text must still be that. */
function made(page: string, name: string): string {
  const html = readFileSync(new URL(`tests/platforms/${name}.html`, root), "utf8");
  const digest = createHash("sha256").update(snippet(page, name)).digest("hex");
  assert.ok(html.split("\n")[0]!.includes(digest), `docs/embedding/${page}.md has changed since tests/platforms/${name}.html was made: tests/platforms/generate.sh`);
  return html;
}

const site = withSite({ headers: { "access-control-allow-origin": "*" } });

/** Opens a page of another origin whose text is `html`, with the playground's address in the place of https://HOST. */
function visit(html: string, folder?: string): Promise<Opened> {
  assert.ok(html.includes("https://HOST/v1/"));
  return site.elsewhere(html.replaceAll("https://HOST", site.origin), { locale: "en", viewport: { width: 1200, height: 900 }, ...(folder && { folder }) });
}

const document = (body: string, style = ""): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title><style>${style}</style></head><body>${body}</body></html>`;

test("plain HTML: the element", async () => {
  const { page, errors } = await visit(snippet("html", "html-element"));
  await trains(page, "spiral");
  assert.deepEqual(await page.evaluate(() => window.document.querySelector<NeuralPlayground>("neural-playground")!.store.config.value!.network.hidden.map(({ units }) => units)), [8, 8]);
  assert.deepEqual(errors, []);
});

test("plain HTML: a frame that is as high as its figure", async () => {
  const { page, errors } = await visit(document(snippet("html", "html-frame")));
  const frame = await frameOf(page, "spiral");
  await trains(frame, "spiral");
  // The figure grows when its later parts come, and the page around is told by message.
  await whole(frame);
  await fits(page, frame);
  assert.deepEqual(errors, []);
});

test("MyST and Jupyter Book 2: the directive iframe", async () => {
  // Two of the theme's classes, as its style sheet has them.
  const { page, errors } = await visit(document(made("myst", "myst-frame"), ".relative { position: relative } .inline-block { display: inline-block }"));
  assert.equal(await page.locator("figure iframe").getAttribute("title"), "Neural network playground: the spiral");
  await trains(await frameOf(page, "spiral"), "spiral");
  assert.deepEqual(errors, []);
});

test("Jupyter Book 1 and Sphinx: the element and a frame, as HTML that goes through", async () => {
  const { page, errors } = await visit(document(made("myst", "sphinx")));
  await trains(page, "spiral");
  await page.locator("iframe").scrollIntoViewIfNeeded();
  await trains(await frameOf(page, "xor"), "xor");
  assert.deepEqual(errors, []);
});

test("a notebook: IFrame, as nbconvert writes it", async () => {
  const { page, errors } = await visit(document(made("notebook", "notebook")));
  assert.equal(await page.locator("iframe").getAttribute("title"), "Neural network playground: the spiral");
  await trains(await frameOf(page, "spiral"), "spiral");
  assert.deepEqual(errors, []);
});

test("Docusaurus: a frame in MDX, and the element with the script that the config names", async () => {
  const frame = await visit(document(made("docusaurus", "docusaurus-frame")));
  await trains(await frameOf(frame.page, "spiral"), "spiral");
  assert.deepEqual(frame.errors, []);
  // Docusaurus puts the scripts of its config into the head, with the attributes given there.
  const source = snippet("docusaurus", "docusaurus-config").replace("export default", "return");
  const { scripts } = new Function(source)() as { scripts: Record<string, string>[] };
  const tags = scripts.map((script) => `<script ${Object.entries(script).map(([name, value]) => `${name}="${value}"`).join(" ")}></script>`);
  const { page, errors } = await visit(document(tags.join("") + made("docusaurus", "docusaurus-element")));
  await trains(page, "spiral");
  assert.deepEqual(errors, []);
});

test("reveal.js: the figure is loaded with its slide, keeps its keys to itself, and the deck goes on", async () => {
  const { page, errors } = await visit(snippet("reveal", "reveal"), revealFolder);
  await page.locator(".reveal.ready").waitFor();
  assert.ok(page.frames().every((each) => !each.url().includes("embed.html")), "nothing is loaded before its slide");
  await page.keyboard.press("ArrowRight");
  const frame = await frameOf(page, "spiral");
  await trains(frame, "spiral");
  // Space is Play's in the figure, and the next slide's outside.
  await frame.getByTestId("play").first().focus();
  await page.keyboard.press("Space");
  await frame.waitForFunction(() => window.document.querySelector<NeuralPlayground>("neural-playground")!.store.playing.value);
  await page.waitForURL(/#\/1$/);
  await page.locator("body").evaluate((body) => {
    (window.document.activeElement as HTMLElement | null)?.blur();
    body.focus();
  });
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/#\/2$/);
  assert.deepEqual(errors, []);
});
