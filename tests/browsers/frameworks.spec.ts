// The element in pages that others write, in Firefox and in Safari's engine: what tests/e2e/frameworks.spec.ts and element-host.spec.ts see in Chromium.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { FRAMEWORKS, buildFrameworks } from "../frameworks/build";
import { assertFramework, assertOrders } from "../frameworks/expected";
import { withSite } from "../e2e/support/site";
import { heavy } from "../support/everything";
import { firefox } from "./firefox";
import type { Tab } from "./tab";
import { webkit } from "./webkit";

const figure = (body: string, style = "", attributes = `lang="en"`): string => `<!doctype html><html ${attributes}><meta charset="utf-8"><title>A tutorial</title>
<style>body { margin: 0 } ${style}</style><script type="module" src="/v1/playground.js"></script>${body}</html>`;
const FIGURE = `<neural-playground lang="en" dataset="xor"></neural-playground>`;
const site = withSite({ flags: null, pages: {
  "/plain.html": figure(FIGURE),
  "/hidden.html": figure(`<neural-playground hidden></neural-playground>${FIGURE}`),
  "/rtl.html": figure(FIGURE, "", `lang="ar" dir="rtl"`),
  "/dark.html": figure(FIGURE, "html { color-scheme: dark; background: #111 }"),
  "/scale.html": figure(FIGURE, "neural-playground { width: 700px; transform: scale(0.6); transform-origin: 0 0 }"),
  "/zoom.html": figure(`<section>${FIGURE}</section>`, "section { zoom: 0.7 } neural-playground { width: 700px }"),
  "/two.html": `<!doctype html><html lang="en"><title>Two</title>${FIGURE}<script type="module">
    const first = await import("/v1/playground.js");
    const second = await import("/v1/playground.js?again");
    window.same = first.NeuralPlayground === second.NeuralPlayground;
  </script></html>`,
} });

/** Once the figure stands. */
const READY = `const figure = () => [...document.querySelectorAll("neural-playground")].findLast((each) => each);
  for (;;) {
    if (figure()?.store?.started.value && figure().store.frame.value) break;
    await new Promise((done) => setTimeout(done, 30));
  }
  const element = figure();`;

/**
 * Where a point of the map is in the window, by where the browser itself says that the map is hit: its own way of telling boxes under a zoom is one of the
 * things that differ.
 */
const PLACE = `${READY}
  const stage = element.shadowRoot.querySelector("np-output-view").shadowRoot.querySelector(".stage");
  const hit = (x, y) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found !== null && (stage === found || stage.contains(found));
  };
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let y = 1; y < innerHeight; y += 4) for (let x = 1; x < innerWidth; x += 4) if (hit(x, y)) {
    box.left = Math.min(box.left, x); box.right = Math.max(box.right, x); box.top = Math.min(box.top, y); box.bottom = Math.max(box.bottom, y);
  }
  const [width, height] = [stage.offsetWidth, stage.offsetHeight];
  const [u, v] = args;
  return {
    x: box.left + ((28 + u * (width - 29)) / width) * (box.right - box.left),
    y: box.top + ((1 + v * (height - 21)) / height) * (box.bottom - box.top),
    domain: element.store.summary.value.domain,
  };`;

for (const [name, start] of [["Firefox", firefox], ["WebKit", webkit]] as const) {
  describe(name, () => {
    let tab: Tab;
    let folder = "";
    before(async () => {
      folder = site.keep(await buildFrameworks()).folder;
      tab = await start();
    });
    after(() => tab?.close());

    const visit = (path: string) => tab.goto(site.origin + path);
    async function page(): Promise<void> {
      const { origin } = await site.serve({ folder });
      await tab.goto(`${origin}/index.html`);
      await tab.run("while (!window.orders) await new Promise((done) => setTimeout(done, 20))");
    }

    for (const framework of FRAMEWORKS) {
      (framework === "react" ? test : heavy)(`${framework}: properties of every type, changes, moves, another key, another page and back; nothing is left`, async () => {
        await page();
        assertFramework(await tab.run("return window.scenario(args[0])", framework));
      });
    }

    heavy("appended, removed, moved, replaced, played and configured in 50 orders: every promise settles, no rejection is unhandled, no worker is left", async () => {
      await page();
      for (let from = 1; from <= 50; from += 10) assertOrders(await tab.run("return window.orders(args[0], 10)", from));
    });

    test("hidden hides; right to left stays left to right inside; a dark page makes it dark; two copies are one", async () => {
      await visit("/hidden.html");
      assert.deepEqual(await tab.run(`${READY} return [...document.querySelectorAll("neural-playground")].map((each) => getComputedStyle(each).display)`), ["none", "block"]);
      await visit("/rtl.html");
      assert.equal(await tab.run(`${READY} return getComputedStyle(element.shadowRoot.querySelector("input[type=range]")).direction`), "ltr");
      await visit("/dark.html");
      assert.equal(await tab.run(`${READY} return element.dataset.scheme`), "dark");
      await visit("/two.html");
      assert.deepEqual(await tab.run(`${READY} return [window.same, (await element.train({ steps: 5 })).step]`), [true, 5]);
    });

    for (const shown of ["plain", "scale", "zoom"]) {
      heavy(`a pointer means what is under it in a figure that is shown so: ${shown}`, async () => {
        await visit(`/${shown}.html`);
        for (const [u, v] of [[0.25, 0.25], [0.75, 0.6]] as const) {
          const { x, y, domain: [low, high] } = await tab.run<{ x: number; y: number; domain: [number, number] }>(PLACE, u, v);
          // The first press may come while what it means is still being drawn.
          let text = "";
          for (let tries = 0; tries < 10 && !/\d/.test(text); tries += 1) {
            await tab.press(x, y);
            text = await tab.run<string>(`${READY}
              const caption = element.shadowRoot.querySelector("np-output-view").shadowRoot.querySelector("header p");
              for (let waited = 0; waited < 1000 && !/\\d/.test(caption.innerText); waited += 50) await new Promise((done) => setTimeout(done, 50));
              return caption.innerText`);
          }
          assert.match(text, /\d/, "the value under the pointer is told");
          const [readX, readY] = text.replaceAll("−", "-").match(/-?\d+(?:\.\d+)?/g)!.map(Number);
          // Where the map begins and ends is known to four pixels.
          const step = (high - low) * 0.05;
          assert.ok(Math.abs(readX! - (low + u * (high - low))) < step && Math.abs(readY! - (high - v * (high - low))) < step, `${text} at ${u}, ${v} of ${low}..${high}`);
        }
      });
    }
  });
}
