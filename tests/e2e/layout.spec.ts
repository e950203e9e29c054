// How the page is laid out: what is in sight, that nothing is cut off, small to press or jumps; a scripted first visit of forty actions
// in both languages and at three widths, by mouse, finger and keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import { values } from "../support/everything";
import { violations } from "./support/axe";
import { LANGUAGES, picture } from "./support/browser";
import { eventually, type Playground } from "./support/playground";
import { withSite } from "./support/site";

const article = (width: number, attributes: string): string => `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Article</title>
  <style>body { margin: 0 auto; max-width: ${width}px }</style><script type="module" src="/v1/playground.js"></script><main><neural-playground lang="en" ${attributes}></neural-playground></main></html>`;
const site = withSite({ pages: {
  "/720.html": article(720, 'controls="training"'), "/390.html": article(390, 'layers="8,8"'), "/deep.html": article(720, 'layers="4,4,2"'),
} });

const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>;

/** Most that everything on the page may shift, in all, while it opens and in forty actions. */
const MOST_SHIFT = 0.02;

declare global {
  interface Window { shifts: { value: number; what: string }[] }
}

/** Notes every shift of layout, those right after a press too: what one has just pressed should not jump either. */
async function noted(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[] })[]) {
        const name = (node?: Node): string => (node instanceof Element ? `${node.localName}.${node.getAttribute("class") ?? ""}` : node?.parentElement ? `text of ${name(node.parentElement)}` : "gone");
        const place = ({ x, y, width, height }: DOMRect): string => [x, y, width, height].map(Math.round).join(" ");
        window.shifts.push({ value: entry.value, what: entry.sources.map(({ node, previousRect, currentRect }) => `${name(node)} ${place(previousRect)} -> ${place(currentRect)}`).join("; ") });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

async function box(page: Page, selector: string) {
  return (await page.locator(selector).first().boundingBox())!;
}

/** Texts that have less room than they need: of labels and buttons, and of the choices shown by menus. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const context = document.createElement("canvas").getContext("2d")!;
    const roots: ParentNode[] = [document.querySelector("neural-playground")!.shadowRoot!];
    let seen = 0;
    for (let root = roots.pop(); root; root = roots.pop()) {
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || element.closest(".visually-hidden, .output-peek")) continue;
        if (element.textContent?.trim() && element.matches("label, .label, button, summary, h1, h2, h3, dt, dd, .name b, .menu > span, .caption, .status > p")) {
          seen += 1;
          // The name of a data set stands below its tile, which is narrower.
          const cut = getComputedStyle(element).overflowX !== "visible" || element.matches("button:not(.thumbnail)");
          if (cut && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(`${element.localName}.${element.className}: ${element.textContent!.trim()}`);
        }
        if (element instanceof HTMLSelectElement && getComputedStyle(element).opacity !== "0") {
          seen += 1;
          const style = getComputedStyle(element);
          context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
          const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
          const text = element.selectedOptions[0]?.textContent?.trim() ?? "";
          if (context.measureText(text).width > room + 1) found.push(`select: ${text}`);
        }
      }
    }
    return seen < 20 ? [`only ${seen} texts were seen`] : found;
  });
}

test("at 1440 x 900 the bar is one row, and the three columns with the loss curve are in sight before training", async () => {
  for (const locale of LANGUAGES) {
    const { page, playground, close } = await site.visit("/", { locale, ...SIZES.desktop });
    await page.locator("np-curves-view .uplot canvas").waitFor();
    const [name, play, theme] = [await box(page, ".wordmark"), await box(page, ".play"), await box(page, "[data-testid=theme]")];
    for (const each of [play, theme]) assert.ok(Math.abs(each.y + each.height / 2 - name.y - name.height / 2) < 4, "one row");
    const strip = await box(page, ".tab-list");
    assert.ok(strip.y + strip.height <= 900 && strip.y > 800, `the strip of tabs peeks: ${strip.y}`);
    for (const part of ["np-curves-view", "np-data-panel", "np-training-panel"]) {
      const { y, height } = await box(page, part);
      assert.ok(y + height <= strip.y, `${part} ends at ${y + height}, the strip begins at ${strip.y}`);
    }
    // The strip brings its panel into sight.
    await page.locator("[role=tab]").first().click();
    await eventually("the panel", async () => (await box(page, "[role=tabpanel]")).y < 700);
    await playground.click("play");
    await close();
  }
});

test("at 820 px output stands beside the network, data beside training", async () => {
  const { page } = await site.visit("/", { locale: "en", ...SIZES.tablet });
  const [network, output, curves, data, training] = await Promise.all(["np-network-view", "np-output-view", "np-curves-picture", "np-data-panel", "np-training-panel"].map((part) => box(page, part)));
  assert.ok(output!.x >= network!.x + network!.width && Math.abs(output!.y - network!.y) < 20, "beside the network");
  assert.ok(curves!.x >= network!.x + network!.width && curves!.y > output!.y, "curves under the output");
  assert.ok(training!.x >= data!.x + data!.width && Math.abs(training!.y - data!.y) < 20, "data beside training");
});

for (const locale of LANGUAGES) {
  for (const [size, options] of Object.entries(SIZES)) {
    test(`no text is cut off (${locale}, ${size})`, async () => {
      const { page, playground } = await site.visit("/", { locale, ...options });
      await page.locator("np-layer-panel section").waitFor({ state: "attached" });
      const found = await playground.everySection(() => cutOff(page));
      if (size === "phone") {
        await playground.click("transport-more");
        found.push(await cutOff(page));
        const boxes = await page.locator(".transport > :is(button, dl, .buttons)").evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })));
        boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => assert.ok(one.right <= other.left + 0.5, "one row without collisions")));
      }
      assert.deepEqual(found.flat(), []);
    });
  }
}

test("in a figure of 720 px three hidden layers have their whole names", async () => {
  const { page, playground } = await site.open("/deep.html", SIZES.desktop);
  await playground.until("metric-train-loss", Number.isFinite);
  const names = page.locator("np-network-view .name b");
  await eventually("five layers", async () => (await names.count()) === 5);
  assert.deepEqual(await names.evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible").map((each) => each.textContent)), []);
  const boxes = await names.evaluateAll((all) => all.map((each) => each.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
  boxes.slice(1).forEach(({ left }, at) => assert.ok(left > boxes[at]!.right, `${at} and the next are apart`));
});

test("what a pointer presses is at least 24 px on each side, what a finger does 44", async () => {
  const { page } = await site.visit("/", { locale: "en", ...SIZES.desktop });
  await page.locator("np-layer-panel section").waitFor();
  const small = await page.evaluate(() => {
    const found: string[] = [];
    const roots: ParentNode[] = [document.querySelector("neural-playground")!.shadowRoot!];
    let seen = 0;
    for (let root = roots.pop(); root; root = roots.pop()) {
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        if (!element.matches("button, select, summary, a[href], input, [role=slider]") || element.matches(".skip") || !element.checkVisibility()) continue;
        seen += 1;
        const { width, height } = (element.closest("label") ?? element).getBoundingClientRect();
        if (width < 23.9 || height < 23.9) found.push(`${element.localName}.${element.className} ${element.getAttribute("aria-label") ?? ""}: ${width.toFixed(0)} x ${height.toFixed(0)}`);
      }
    }
    return seen < 80 ? [`only ${seen} were seen`] : found;
  });
  assert.deepEqual(small, []);
});

test("on a phone output and network are in sight together, and four hidden layers say that there are more", async () => {
  const { page, playground } = await site.visit("/", { locale: "en", ...SIZES.phone });
  const whole = await box(page, "np-output-view .stage");
  assert.ok(whole.height > 300 && whole.y + whole.height < 600, "half of the window");
  await page.evaluate(() => scrollTo(0, 600));
  await eventually("the output has shrunk to the window's upper edge", async () => {
    const { y, height } = await box(page, "np-output-view .stage");
    return Math.abs(y) < 12 && height > 100 && height < 170;
  });
  const network = await box(page, "np-network-view .picture");
  const [bar, foot] = [await box(page, ".section-bar"), await box(page, ".transport-area")];
  assert.ok(network.y + network.height > bar.y + bar.height + 150 && network.y < foot.y, "the network is in sight");
  assert.equal(await page.locator("np-network-view .stage.more-right").count(), 0, "all of it");
  await page.evaluate(async () => {
    const { actions } = (document.querySelector("neural-playground") as unknown as { store: { actions: { changeLayers(change: (layers: object[]) => object[]): Promise<void> } } }).store;
    await actions.changeLayers((layers) => [...layers, ...layers].map((each) => structuredClone(each)));
  });
  await eventually("four hidden layers are drawn", async () => (await page.locator('np-network-view .unit[data-layer="4"]').count()) > 0);
  const { width } = await box(page, "np-network-view .sheet");
  const scrolls = width > (await box(page, "np-network-view .scroll")).width + 1;
  assert.equal(await page.locator("np-network-view .stage.more-right").count(), scrolls ? 1 : 0, "it scrolls and says so, or fits");
  for (const section of ["data", "training", "more", "network"]) {
    await playground.click(`section-${section}`);
    const shown = await page.locator("[data-section]").evaluateAll((parts) => parts.filter((part) => part.checkVisibility()).map((part) => (part as HTMLElement).dataset["section"]));
    assert.deepEqual([...new Set(shown)], [section], "one at a time");
  }
});

test("a figure of 720 px has no hole under its output, and a network of two layers of eight fits 390 px", async () => {
  const wide = await site.open("/720.html", { ...SIZES.desktop });
  await wide.playground.until("metric-train-loss", Number.isFinite);
  const [output, key, metrics] = [await box(wide.page, "np-output-picture"), await box(wide.page, "np-output-key"), await box(wide.page, "np-metrics-panel .metrics")];
  assert.ok(key.y - output.y - output.height < 16, "the key follows the output");
  assert.ok(metrics.y - key.y - key.height < 16, "figures follow the key");
  const narrow = await site.open("/390.html", { viewport: { width: 390, height: 844 } });
  await narrow.playground.until("metric-train-loss", Number.isFinite);
  const { page } = narrow;
  assert.ok((await box(page, "np-network-view .sheet")).width <= (await box(page, "np-network-view .scroll")).width + 0.5, "it fits");
  const units = await page.locator("np-network-view .unit").evaluateAll((all) => all.map((each) => each.getBoundingClientRect().right));
  assert.equal(units.length, 19);
  assert.ok(units.every((right) => right <= 390));
});

/** Forty actions of a first visit: what is pressed, by its test id or selector, or a key. */
const VISIT: readonly string[] = [
  "play", "play", "step", "epoch", "dataset-xor", "play", "play", "dataset-gauss", "dataset-spiral", "feature-x_squared", "feature-sin_x", "feature-x_squared",
  ".small:nth-of-type(2)", ".small:nth-of-type(1)", ".add", ".remove", "undo", "redo", "reset", "new-seed",
  "loss=hinge", "loss=binary_cross_entropy", "optimizer=sgd", "optimizer=gd", "optimizer=adam", "penalty=l1", "penalty=l2", "penalty=none",
  "picture-surface", "picture-hidden", "picture-boundary", "gradients", "gradients", '.unit[data-layer="1"][data-unit="1"]', '.unit[data-layer="1"][data-unit="1"]',
  "discretize", "discretize", "show-validation", "reveal-test", "dataset-circle",
];

for (const { locale, size } of values({ locale: LANGUAGES, size: Object.keys(SIZES) as (keyof typeof SIZES)[] })) {
  test(`forty actions shift nothing, cut nothing off and leave nothing unnamed (${locale}, ${size})`, async (context) => {
    assert.equal(VISIT.length, 40);
    const { page, playground, errors } = await site.visit("/", { locale, ...SIZES[size], prepare: noted });
    await page.locator("np-layer-panel section").waitFor({ state: "attached" });
    await page.locator("np-curves-view .chart").waitFor({ state: "attached" });
    let total = 0;
    const told: string[] = [];
    const sum = async (what: string): Promise<void> => {
      await page.waitForTimeout(120);
      for (const shift of await page.evaluate(() => window.shifts.splice(0))) {
        total += shift.value;
        told.push(`${what}: ${shift.value.toFixed(4)} ${shift.what}`);
      }
    };
    await sum("opening");
    for (const [at, action] of VISIT.entries()) {
      await act(page, playground, action, size === "desktop" && at % 3 === 0);
      await sum(action);
    }
    context.diagnostic(`${locale}, ${size}: layout shift ${total.toFixed(4)}`);
    assert.ok(total <= MOST_SHIFT, `${total.toFixed(4)}:\n${told.join("\n")}`);
    assert.deepEqual(await cutOff(page), []);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(errors, []);
    await picture(page, `visited-${size}-${locale}`);
  });
}

/** Presses, by key every third time where there are keys; chooses where a value is named. */
async function act(page: Page, playground: Playground, action: string, byKey: boolean): Promise<void> {
  const [name, value] = action.startsWith(".") ? [action] : action.split("=");
  const target = name!.startsWith(".") ? page.locator(`np-network-view ${name}`).first() : playground.part(name!);
  if (name!.startsWith(".")) await playground.reach("network");
  else await playground.reach(name!);
  if (value) {
    await target.selectOption(value);
    return;
  }
  if (byKey) {
    await target.focus();
    await page.keyboard.press(name === "gradients" || name === "discretize" || name === "show-validation" ? "Space" : "Enter");
  } else await target.click();
  if (name === "play") await page.waitForTimeout(400);
}
