// What a page does to its contents, and what a figure must not do to the page: directions, scales, schemes, keys, policies, previews, other copies.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import type { Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import { heavy } from "../support/everything";
import { LANGUAGES, words } from "./support/browser";
import { dist } from "./support/server";
import { withSite } from "./support/site";

const tutorial = (body: string, style = "", attributes = `lang="en"`): string =>
  `<!doctype html><html ${attributes}><meta name="viewport" content="width=device-width"><title>A tutorial</title><style>${style}</style><script type="module" src="/v1/playground.js"></script>${body}</html>`;
const FIGURE = `<neural-playground lang="en" dataset="xor"></neural-playground>`;
const INHERITED = `text-align: center; text-transform: uppercase; letter-spacing: 4px; word-spacing: 9px; text-indent: 40px; text-shadow: 2px 2px red; white-space: pre; line-height: 3;
  font: italic 900 30px/3 monospace; font-variant: small-caps; color: red; writing-mode: vertical-rl; list-style: square; fill: red; stroke: lime; -webkit-text-fill-color: lime; word-break: break-all; border-collapse: collapse`;

/** In lines from top to bottom a block is as wide as its contents, which is the page's to say; letters go by the width. */
const WIDTH = "neural-playground { width: 960px }";

const site = withSite({ pages: {
  "/plain.html": tutorial(FIGURE),
  "/wide.html": tutorial(`<section>${FIGURE}</section>`, WIDTH),
  "/rtl.html": tutorial(FIGURE, "", `lang="ar" dir="rtl"`),
  "/inherits.html": tutorial(`<section style="${INHERITED}">${FIGURE}</section>`, WIDTH),
  "/hidden.html": tutorial(`<neural-playground hidden></neural-playground><neural-playground popover></neural-playground><neural-playground hidden="until-found"></neural-playground>`),
  "/invisible.html": tutorial(`<section style="visibility: hidden; pointer-events: none">${FIGURE}</section>`),
  "/scaled.html": tutorial(`<section>${FIGURE}</section>`, "body { margin: 0 } section { width: 760px; transform-origin: 0 0 }"),
  "/dark.html": tutorial(FIGURE, `html { color-scheme: dark; background: #111 } html[data-theme="light"] { color-scheme: light }`),
  "/two.html": tutorial(`<neural-playground id="one" lang="en" dataset="xor"></neural-playground><neural-playground id="two" lang="en" dataset="circle"></neural-playground>`),
} });

const ready = (page: Page, count = 1) => page.waitForFunction((count) => {
  const all = [...document.querySelectorAll("neural-playground")] as NeuralPlayground[];
  return all.length >= count && all.every(({ store }) => store?.started.value && store.frame.value);
}, count);

async function open(path: string, options: Parameters<typeof site.open>[1] = {}) {
  const opened = await site.open(path, { viewport: { width: 1000, height: 900 }, ...options });
  await ready(opened.page);
  return opened;
}

test("hidden hides, as it does everywhere; a popover is closed until it is opened", async () => {
  const { page } = await site.open("/hidden.html");
  await page.waitForFunction(() => customElements.get("neural-playground"));
  const shown = () => page.locator("neural-playground").evaluateAll((all) => all.map((each) => getComputedStyle(each).display));
  assert.deepEqual(await shown(), ["none", "none", "block"]);
  await page.locator("neural-playground").nth(1).evaluate((element) => (element as HTMLElement).showPopover());
  await page.locator("neural-playground").first().evaluate((element) => element.removeAttribute("hidden"));
  assert.deepEqual((await shown()).slice(0, 2), ["block", "block"]);
  const { page: unseen } = await open("/invisible.html");
  assert.deepEqual(await unseen.getByTestId("play").evaluate((button) => [getComputedStyle(button).visibility, getComputedStyle(button).pointerEvents]), ["hidden", "none"], "what the page hides otherwise stays hidden too");
});

test("in a page from right to left sliders fill from the side that they move from", async () => {
  const { page } = await open("/rtl.html");
  const slider = page.locator("np-data-panel input[type=range]").first();
  const look = () => slider.evaluate((input) => {
    const { min, max, value } = input as HTMLInputElement;
    return { direction: getComputedStyle(input).direction, share: (Number(value) - Number(min)) / (Number(max) - Number(min)), fill: getComputedStyle(input).backgroundImage + (input as HTMLElement).style.cssText };
  });
  assert.equal((await look()).direction, "ltr");
  await slider.scrollIntoViewIfNeeded();
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.9, box.y + box.height / 2);
  assert.ok((await look()).share > 0.7, JSON.stringify(await look()));
  const handle = page.locator("np-split-bar [role=slider]").first();
  const before = Number(await handle.getAttribute("aria-valuenow"));
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((before) => Number((document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-split-bar [role=slider]"))!.getAttribute("aria-valuenow")) > before, before);
});

test("nothing that a page hands down changes a letter of the figure", async () => {
  const [{ page: plain }, { page: inherits }] = [await open("/wide.html"), await open("/inherits.html")];
  const looks = (page: Page) => page.evaluate(() => {
    const root = document.querySelector("neural-playground")!.shadowRoot!;
    const properties = ["textAlign", "textTransform", "letterSpacing", "wordSpacing", "textIndent", "textShadow", "whiteSpace", "lineHeight", "fontStyle", "fontWeight", "fontSize", "fontFamily", "fontVariantCaps",
      "color", "writingMode", "direction", "listStyleType", "fill", "stroke", "webkitTextFillColor", "wordBreak", "borderCollapse"] as const;
    const all = [...root.querySelectorAll("np-app, h2, p, button, svg, select, input, label, summary")];
    const inner = [...root.querySelectorAll("np-network-view, np-output-view")].flatMap((view) => [...view.shadowRoot!.querySelectorAll("header, h2, p, button, select, label")]);
    return [...all, ...inner].map((each) => `${each.localName} ${properties.map((name) => getComputedStyle(each)[name]).join("; ")}`);
  });
  // Views that are fetched later have come, all of them.
  const whole = async (page: Page) => {
    await page.waitForFunction(() => document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-curves-view")?.shadowRoot?.querySelector("canvas"));
    let last: string[] = [];
    for (let now = await looks(page); now.join() !== last.join(); now = await looks(page)) {
      last = now;
      await page.waitForTimeout(1000);
    }
    return last;
  };
  for (const page of [plain, inherits]) await page.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).train({ epochs: 3 }));
  const [own, given] = [await whole(plain), await whole(inherits)];
  assert.ok(own.length > 60, `${own.length} elements compared`);
  assert.deepEqual(given, own);
});

for (const [how, style] of [["as it is", ""], ["scaled down", "transform: scale(0.6)"], ["scaled up", "transform: scale(1.3)"], ["zoomed out", "zoom: 0.7"], ["zoomed in", "zoom: 1.25"], ["scaled on one side", "transform: scale(0.8, 1.2)"]] as const) {
  (["scaled down", "zoomed out"].includes(how) ? test : heavy)(`a pointer means what is under it in a figure that is shown ${how}`, async () => {
    const { page } = await open("/scaled.html", { viewport: { width: 1100, height: 1400 } });
    await page.evaluate((style) => { document.querySelector("section")!.style.cssText += style; }, style);
    await page.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).train({ epochs: 40 }));
    await page.waitForFunction(() => customElements.get("np-curves-view") && document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-curves-view")?.shadowRoot?.querySelector(".u-over"));
    // Where the map's lower left corner is, the reading says so: a point at a quarter of its width and height.
    const map = page.locator("np-output-view #map");
    const box = (await map.boundingBox())!;
    const size = await map.evaluate((canvas) => [(canvas as HTMLElement).offsetWidth, (canvas as HTMLElement).offsetHeight] as const);
    const area = { left: 28, top: 1, width: size[0] - 29, height: size[1] - 21 };
    for (const [u, v] of [[0.25, 0.25], [0.75, 0.5], [0.9, 0.9]] as const) {
      await page.mouse.move(box.x + ((area.left + u * area.width) / size[0]) * box.width, box.y + ((area.top + v * area.height) / size[1]) * box.height);
      const [low, high] = await page.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).store.summary.value!.domain);
      const text = await page.locator("np-output-view header p").innerText();
      const [x, y] = text.replaceAll("−", "-").match(/-?\d+(?:\.\d+)?/g)!.map(Number);
      const step = ((high! - low!) / 100) * 2;
      assert.ok(Math.abs(x! - (low! + u * (high! - low!))) < step && Math.abs(y! - (high! - v * (high! - low!))) < step, `${text} at ${u}, ${v} of ${low}..${high}`);
    }
    // The middle of a link names that link.
    const link = await page.evaluate(() => {
      const view = document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-network-view")!;
      const picture = view.shadowRoot!.querySelector<HTMLElement>(".picture")!;
      const { columns } = (view as unknown as { layout: { columns: { right: number; left: number; cells: { anchorY: number }[] }[] } }).layout;
      const [from, to] = [columns[0]!, columns[1]!];
      const shown = picture.getBoundingClientRect();
      const at = { x: (from.right + to.left) / 2, y: (from.cells[0]!.anchorY + to.cells[0]!.anchorY) / 2 };
      return { x: shown.left + (at.x / picture.offsetWidth) * shown.width, y: shown.top + (at.y / picture.offsetHeight) * shown.height, own: at };
    });
    await page.mouse.move(link.x, link.y);
    const card = await page.waitForFunction(() => {
      const { link } = document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-network-view") as unknown as { link: { layer: number; unit: number; input: number; x: number; y: number } | null };
      return link;
    }).then((found) => found.jsonValue());
    assert.deepEqual([card!.layer, card!.unit, card!.input], [0, 0, 0]);
    assert.ok(Math.abs(card!.x - link.own.x) < 2 && Math.abs(card!.y - link.own.y) < 2, JSON.stringify([card, link]));
    // The chart reads the epoch under the pointer.
    const over = page.locator("np-curves-view .u-over");
    const chart = (await over.boundingBox())!;
    await page.mouse.move(chart.x + chart.width * 0.5, chart.y + chart.height * 0.5);
    await page.waitForTimeout(100);
    const epoch = Number(/\d+/.exec(await page.locator("np-curves-view .at").innerText())![0]);
    assert.ok(Math.abs(epoch - 20) <= 2, `epoch ${epoch} of 40 in the middle`);
    // A click on the split bar goes where it points.
    await page.locator("np-split-bar").scrollIntoViewIfNeeded();
    const bar = (await page.locator("np-split-bar .split-bar").boundingBox())!;
    const handle = (await page.locator("np-split-bar [role=slider]").first().boundingBox())!;
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(bar.x + bar.width * 0.4, handle.y + handle.height / 2, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(() => (document.querySelector("neural-playground") as NeuralPlayground).store.config.value!.data.split.train === 40);
  });
}

test("a finger reaches a bias where the click does not say what made it, as on iOS", async () => {
  const { page } = await open("/plain.html");
  const opened = await page.evaluate(async () => {
    const view = document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-network-view")!;
    const picture = view.shadowRoot!.querySelector<HTMLElement>(".picture")!;
    const { columns } = (view as unknown as { layout: { columns: { cells: { x: number; y: number; size: number }[] }[] } }).layout;
    const cell = columns[1]!.cells[0]!;
    const box = picture.getBoundingClientRect();
    // 15 pixels to the left of the mark: beyond a mouse, within a finger.
    const at = { clientX: box.left + cell.x - 15, clientY: box.top + cell.y + cell.size - 6, bubbles: true, composed: true, detail: 1 };
    const press = async (type: string): Promise<boolean> => {
      picture.dispatchEvent(new PointerEvent("pointerdown", { ...at, pointerType: type }));
      picture.dispatchEvent(new MouseEvent("click", at));
      await new Promise((done) => setTimeout(done, 300));
      const { parameter } = (document.querySelector("neural-playground") as NeuralPlayground).store;
      const found = parameter.value?.input === null;
      parameter.value = null;
      return found;
    };
    return [await press("touch"), await press("mouse")];
  });
  assert.deepEqual(opened, [true, false]);
});

test("what is typed and moved in the figure's controls does not reach the page's shortcuts; Tab, Escape and the rest do", async () => {
  const { page } = await open("/plain.html");
  await page.evaluate(() => {
    (window as unknown as { heard: string[] }).heard = [];
    document.body.tabIndex = -1;
    document.addEventListener("keydown", ({ key, ctrlKey }) => (window as unknown as { heard: string[] }).heard.push((ctrlKey && key !== "Control" ? "Ctrl+" : "") + key));
  });
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard.splice(0));
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
    return heard();
  };
  await page.locator("input[type=text], input[inputmode=decimal], np-number input:not([type=range])").first().focus();
  assert.deepEqual(await press("0", ".", "5", "b", "ArrowLeft", "Backspace", "Home", " ", "Control+a", "F8", "Tab"), ["Control", "F8", "Tab"]);
  await page.locator("input[type=range]").first().focus();
  assert.deepEqual(await press("ArrowRight", "PageUp", "End", "Escape", "Control+b"), ["Escape", "Control", "Ctrl+b"]);
  await page.locator("np-split-bar [role=slider]").first().focus();
  assert.deepEqual(await press("ArrowRight", "PageDown", "x"), ["x"]);
  await page.getByTestId("play").focus();
  assert.deepEqual(await press(" ", " ", "ArrowRight"), [], "Space presses it, and an arrow is a shortcut of the figure's own: a step");
  assert.deepEqual(await press("j", "F9", "ArrowDown"), ["j", "F9", "ArrowDown"]);
  await page.locator("select:visible").first().focus();
  assert.deepEqual(await press("a", "ArrowDown"), []);
  await page.evaluate(() => document.body.focus());
  assert.deepEqual(await press(".", "b", " "), [".", "b", " "], "what is pressed elsewhere is the page's");
});

test("the events inside a figure do not leave it, except its own five", async () => {
  const { page } = await open("/plain.html");
  await page.evaluate(() => {
    (window as unknown as { left: string[] }).left = [];
    const { dispatchEvent } = EventTarget.prototype;
    const seen = new Set<string>();
    // Every name that is dispatched anywhere is listened for outside.
    EventTarget.prototype.dispatchEvent = function (event) {
      if (event instanceof CustomEvent && !seen.has(event.type)) {
        seen.add(event.type);
        document.addEventListener(event.type, () => (window as unknown as { left: string[] }).left.push(event.type));
      }
      return dispatchEvent.call(this, event);
    };
  });
  await page.getByTestId("gradients").check();
  const units = page.locator("np-network-view .unit");
  await units.nth(3).hover();
  await units.nth(3).click();
  await units.nth(3).press("w");
  await page.getByTestId("parameter-card").locator("input").first().press("ArrowUp");
  await page.waitForTimeout(200);
  const left = await page.evaluate(() => [...new Set((window as unknown as { left: string[] }).left)]);
  assert.deepEqual(left.filter((name) => !name.startsWith("np-")), []);
});

test("auto follows the page's own switch of schemes, and the system where the page says nothing", async () => {
  const { page } = await open("/dark.html");
  const scheme = () => page.locator("neural-playground").getAttribute("data-scheme");
  assert.equal(await scheme(), "dark", "a dark page on a light system");
  await page.evaluate(() => { document.documentElement.dataset.theme = "light"; });
  await page.waitForFunction(() => document.querySelector<HTMLElement>("neural-playground")!.dataset.scheme === "light");
  const { page: plain } = await open("/plain.html", { colorScheme: "dark" });
  assert.equal(await plain.locator("neural-playground").getAttribute("data-scheme"), "dark");
  await plain.emulateMedia({ colorScheme: "light" });
  await plain.waitForFunction(() => document.querySelector<HTMLElement>("neural-playground")!.dataset.scheme === "light");
  await plain.locator("neural-playground").evaluate((element) => element.removeAttribute("data-scheme"));
  assert.equal(await plain.locator("neural-playground").getAttribute("data-scheme"), "light", "whoever takes it off does not take the scheme");
});

test("a dark figure is printed with its ground, so that it can be read", async () => {
  const { page } = await open("/plain.html", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const look = await page.locator("neural-playground").evaluate((element) => [getComputedStyle(element).printColorAdjust, getComputedStyle(element.shadowRoot!.querySelector("p")!).printColorAdjust, getComputedStyle(element).breakInside]);
  assert.deepEqual(look, ["exact", "exact", "avoid"]);
});

test("on another screen the pictures are drawn for its pixels", async () => {
  const { page } = await open("/plain.html", { viewport: { width: 1000, height: 2400 } });
  const client = await page.context().newCDPSession(page);
  const widths = () => page.evaluate(() => {
    const root = document.querySelector("neural-playground")!.shadowRoot!;
    const canvas = (selector: string, inner: string) => {
      const found = selector ? root.querySelector(selector)!.shadowRoot!.querySelector<HTMLCanvasElement>(inner)! : root.querySelector<HTMLCanvasElement>(inner)!;
      return Math.round((found.width / found.clientWidth) * 10) / 10;
    };
    return [canvas("np-output-view", "#map"), canvas("np-output-view", "#points"), canvas("np-network-view", "canvas"), canvas("", "np-dataset-thumbnail canvas"), canvas("", "np-feature-thumbnail canvas")];
  });
  assert.deepEqual(await widths(), [1, 1, 1, 1, 1]);
  await client.send("Emulation.setDeviceMetricsOverride", { width: 1000, height: 2400, deviceScaleFactor: 2, mobile: false });
  await page.waitForFunction(() => devicePixelRatio === 2);
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && (await widths()).some((width) => width !== 2)) await page.waitForTimeout(50);
  assert.deepEqual(await widths(), [2, 2, 2, 2, 2]);
});

test("hovering over one figure changes nothing in another's map", async () => {
  const { page } = await open("/two.html", { viewport: { width: 1000, height: 2400 } });
  await page.evaluate(async () => {
    for (const each of document.querySelectorAll("neural-playground")) await (each as NeuralPlayground).train({ epochs: 5 });
  });
  const pixels = (id: string) => page.locator(`#${id} np-output-view #map`).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  // The last frame of what was trained has come, and nothing is drawn any more.
  await page.waitForFunction(() => [...document.querySelectorAll("neural-playground")].every((each) => (each as NeuralPlayground).store.frame.value?.epoch === 5));
  let before = "";
  for (let now = await pixels("two"); now !== before; now = await pixels("two")) {
    before = now;
    await page.waitForTimeout(500);
  }
  // Redrawn without a map of its own to fill in, as between two frames of several classes, each shows what it had.
  const rasters = await page.evaluate(() => [...document.querySelectorAll("neural-playground")].map((each) => (each.shadowRoot!.querySelector("np-output-view") as unknown as { raster: object }).raster));
  assert.equal(rasters.length, 2);
  assert.ok(await page.evaluate(() => {
    const [one, two] = [...document.querySelectorAll("neural-playground")].map((each) => (each.shadowRoot!.querySelector("np-output-view") as unknown as { raster: object }).raster);
    return one !== two;
  }));
  await page.locator("#one np-network-view .unit").nth(4).hover();
  await page.waitForTimeout(400);
  assert.equal(await pixels("two"), before);
});

test("with three classes, a figure that waits for its next map goes on showing its own, and not the other figure's", async () => {
  const { page } = await open("/two.html", { viewport: { width: 1000, height: 2400 } });
  await page.evaluate(async () => {
    const [one, two] = [...document.querySelectorAll("neural-playground")] as NeuralPlayground[];
    await one!.configure({ data: { dataset: "blobs", classes: 3 } });
    await two!.configure({ data: { dataset: "spiral" } });
    await two!.train({ epochs: 20 });
  });
  await page.waitForTimeout(500);
  const same = await page.evaluate(async () => {
    const [one, two] = [...document.querySelectorAll("neural-playground")].map((each) => each.shadowRoot!.querySelector("np-output-view") as unknown as { renderRoot: ShadowRoot; draw(): void; hovered: unknown });
    const map = (view: { renderRoot: ShadowRoot }) => view.renderRoot.querySelector<HTMLCanvasElement>("#map")!.toDataURL();
    const before = map(one!);
    two!.draw();
    // A frame asked for before the pointer moved holds all classes, and one is wanted.
    one!.hovered = { layer: 3, unit: 0 };
    one!.draw();
    return map(one!) === before;
  });
  assert.equal(same, true);
});

test("the preview in the share dialog says nothing to the page around", async () => {
  const { page } = await open("/plain.html");
  await page.getByTestId("share").click();
  await page.getByTestId("embed-code").waitFor();
  await page.waitForFunction(() => (document.querySelector("neural-playground")!.shadowRoot!.querySelector("[data-testid=embed-code]") as HTMLTextAreaElement).value.includes("c=1."));
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    for (const type of ["np-ready", "np-frame", "np-goal", "np-done", "np-error"]) addEventListener(type, () => told.push(type), true);
  });
  await page.locator(".share-preview summary").click();
  const preview = page.locator("[data-testid=embed-preview] neural-playground");
  await preview.waitFor();
  await preview.evaluate(async (element) => {
    await (element as NeuralPlayground).train({ epochs: 3 });
    await (element as NeuralPlayground).patch({ training: { batch_size: -1 } }).catch(() => {});
  });
  assert.deepEqual(await page.evaluate(() => (window as unknown as { told: string[] }).told), []);
});

test("two copies of the script, in either order and while one starts, make one figure that works", async () => {
  const folder = mkdtempSync(join(tmpdir(), "np-copies-"));
  symlinkSync(join(dist, "v1"), join(folder, "v1"));
  symlinkSync(join(dist, "v1"), join(folder, "v2"));
  const copies = await site.serve({ folder: `${folder}/`, pages: { "/copies.html": `<!doctype html><html lang="en"><title>Two</title><neural-playground id="before"></neural-playground><script type="module">
    window.classes = (await Promise.all([import("/v1/playground.js"), import("/v2/playground.js")])).map((each) => each.NeuralPlayground);
    document.body.append(new window.classes[1]());
  </script></html>` } });
  try {
    const { page, errors } = await site.open(`${copies.origin}/copies.html`);
    await ready(page, 2);
    const found = await page.evaluate(async () => {
      const [first, second] = (window as unknown as { classes: unknown[] }).classes;
      const steps = [];
      for (const each of document.querySelectorAll("neural-playground")) steps.push((await (each as NeuralPlayground).train({ steps: 5 })).step);
      return [first === second, first === customElements.get("neural-playground"), steps];
    });
    assert.deepEqual(found, [true, true, [5, 5]]);
    // What is fetched later is whole too.
    await page.locator("#before").getByTestId("share").click();
    await page.locator("#before").getByTestId("share-link").waitFor();
    assert.deepEqual(errors, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const policies = (rest: string) => ({ "content-security-policy": `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; ${rest}` });
const STRICT = `<!doctype html><html lang="en"><title>A tutorial</title><script type="module" src="/v1/playground.js"></script><neural-playground dataset="xor"></neural-playground></html>`;

test("each policy that docs/embed.md names lets the figure run as it says", async () => {
  for (const [policy, thread] of [
    ["trusted-types lit-html neural-playground 'allow-duplicates'; require-trusted-types-for 'script'", "worker"],
    ["trusted-types lit-html; require-trusted-types-for 'script'", "main"],
    ["trusted-types 'none'", "worker"],
  ] as const) {
    const { origin } = await site.serve({ headers: policies(policy), pages: { "/strict.html": STRICT } });
    const { page, thrown } = await site.open(`${origin}/strict.html`);
    await ready(page);
    const ran = await page.evaluate(async () => {
      const element = document.querySelector("neural-playground") as NeuralPlayground;
      return [(await element.train({ epochs: 3 })).epoch, element.info!.thread];
    });
    assert.deepEqual(ran, [3, thread], policy);
    assert.deepEqual(thrown, [], policy);
  }
});

for (const language of LANGUAGES) {
  test(`a policy that forbids what the figure needs shows a sentence, and no blank (${language})`, async () => {
    const page = STRICT.replace("<neural-playground", `<neural-playground lang="${language}"`);
    const drawing = await site.serve({ headers: policies("trusted-types 'none'; require-trusted-types-for 'script'"), pages: { "/strict.html": page } });
    const { page: forbidden, thrown } = await site.open(`${drawing.origin}/strict.html`);
    const sentence = words(language)["ui.forbidden"]!;
    await forbidden.waitForFunction((sentence) => document.querySelector("neural-playground")!.shadowRoot?.textContent === sentence, sentence);
    assert.deepEqual(thrown, []);
    for (const policy of ["default-src 'self'; script-src 'self'; style-src 'self'", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'"]) {
      const { origin } = await site.serve({ headers: { "content-security-policy": policy }, pages: { "/strict.html": page } });
      const { page: engineless } = await site.open(`${origin}/strict.html`);
      const told = engineless.locator("neural-playground").getByRole("status").or(engineless.locator("neural-playground").getByRole("alert"));
      const [start, end] = words(language)["error.engine_unavailable"]!.split("{message}") as [string, string];
      await engineless.waitForFunction((start) => document.querySelector("neural-playground")!.shadowRoot?.querySelector("np-page-messages, [role=alert]")?.textContent?.includes(start), start);
      assert.ok((await told.count()) > 0);
      const text = await engineless.evaluate(() => document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-page-messages p")!.textContent!);
      assert.ok(text.startsWith(start) && text.length > start.length + 20 && text.endsWith(end), `it says why: ${text}`);
      const status = await engineless.evaluate(() => [...document.querySelector("neural-playground")!.shadowRoot!.querySelectorAll("np-status-line p")].map((each) => each.textContent));
      assert.ok(!status.includes(words(language)["status.loading"]!), `nobody is told that it starts: ${status.join()}`);
      assert.equal(await engineless.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).metrics().then(() => "", (error: { code: string }) => error.code)), "engine_unavailable");
    }
  });
}

test("what stands between the tags is shown where no script of ours may run", async () => {
  const { origin } = await site.serve({ headers: { "content-security-policy": "script-src 'none'" }, pages: { "/none.html": `<!doctype html><html lang="en"><title>None</title><script type="module" src="/v1/playground.js"></script><neural-playground>A picture of it.</neural-playground></html>` } });
  const { page } = await site.open(`${origin}/none.html`);
  assert.equal(await page.locator("neural-playground").innerText(), "A picture of it.");
});
