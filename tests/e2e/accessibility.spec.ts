// For everyone: axe-core over the page in both languages, both schemes and four widths, with what opens opened; targets
// of 44 px for fingers; nothing lost at 320 px, at 200 % zoom, in the system's own colours; names that say figures.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import { combinations } from "../support/everything";
import { violations } from "./support/axe";
import { LANGUAGES, picture } from "./support/browser";
import { eventually, type Playground } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  small: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>;

/** What is looked at: the page as it opens, with everything unfolded and a pop-over open, with the sheet of shortcuts, with the digits. */
const STATES = ["as it opens", "unfolded, with a pop-over", "with the shortcuts", "with the digits"] as const;
const sizes = Object.keys(SIZES) as (keyof typeof SIZES)[];

for (const { locale, colorScheme, size, state } of combinations({ locale: LANGUAGES, colorScheme: ["light", "dark"] as const, size: sizes, state: STATES })) {
  test(`axe finds nothing at all (${locale}, ${colorScheme}, ${size}, ${state})`, async () => {
    const { page, playground, errors } = await site.visit("/", { locale, colorScheme, ...SIZES[size] });
    const name = `${size}-${colorScheme}-${locale}`;
    if (state === "as it opens") await picture(page, name);
    else await unfold(page);
    // Both are pop-overs, of which one is open at a time.
    if (state === "unfolded, with a pop-over") {
      if (size !== "desktop") await playground.reach("engine-badge");
      await (size === "desktop" ? page.locator(".help-button").first() : playground.part("engine-badge")).click();
      // Its words are fetched with the first wish for them.
      if (size !== "desktop") await playground.part("engine-auto").filter({ hasText: /\S/ }).waitFor();
    }
    if (state === "with the shortcuts") {
      await page.keyboard.press("?");
      await page.getByTestId("shortcut-sheet").and(page.locator("[open]")).waitFor();
      await picture(page, `shortcuts-${name}`);
    }
    if (state === "with the digits") {
      await digits(playground);
    }
    const found = state === "as it opens" ? (await playground.everySection(() => violations(page))).flat() : await violations(page);
    assert.deepEqual(found, []);
    assert.deepEqual(errors, []);
  });
}

/** Opens every group that is shown. */
async function unfold(page: Page): Promise<void> {
  for (const summary of await page.locator("details.more:not([open]) > summary").all()) if (await summary.isVisible()) await summary.click();
}

async function digits(playground: Playground): Promise<void> {
  await playground.reach("dataset-digits");
  await playground.click("dataset-digits");
  await playground.part("digits-wrong").waitFor({ state: "attached" });
  await playground.reach("digits-wrong");
  await playground.part("digits-wrong").waitFor();
}

/** What a finger can hit, with the area that `::before` and `::after` add, where it is smaller than 44 px on a side. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const SELECTOR = "button, select, summary, a[href], input, [role=slider], [role=tab], [role=switch]";
    const found: string[] = [];
    let count = 0;
    const roots: ParentNode[] = [document];
    for (let root = roots.pop(); root; root = roots.pop()) {
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        if (!element.matches(SELECTOR)) continue;
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        if (box.width === 0 || style.visibility === "hidden" || style.clipPath === "inset(50%)" || element.closest("[popover]:not(:popover-open), dialog:not([open])")) continue;
        count += 1;
        const added = ["::before", "::after"].map((pseudo) => getComputedStyle(element, pseudo))
          .map(({ content, position, width, height }) => (content !== "none" && position === "absolute" ? [parseFloat(width), parseFloat(height)] : [0, 0]));
        // A label's whole area is its input's.
        const label = element instanceof HTMLInputElement ? (element.closest("label") ?? element).getBoundingClientRect() : box;
        const width = Math.max(box.width, label.width, ...added.map(([wide]) => wide!));
        const height = Math.max(box.height, label.height, ...added.map(([, high]) => high!));
        if (width < 43.9 || height < 43.9) {
          found.push(`${element.tagName.toLowerCase()}.${element.className} ${element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 20)}: ${width.toFixed(0)} x ${height.toFixed(0)}`);
        }
      }
    }
    return count < 15 ? [`only ${count} targets were seen`] : found;
  });
}

for (const size of ["tablet", "phone", "small"] as const) {
  test(`every target is at least 44 px for a finger (${size})`, async () => {
    const { page, playground } = await site.visit("/", { locale: "en", ...SIZES[size] });
    const small = async (): Promise<string[]> => {
      await unfold(page);
      return smallTargets(page);
    };
    assert.deepEqual((await playground.everySection(small)).flat(), []);
    if (size !== "tablet") {
      await playground.click("transport-more");
      assert.deepEqual(await smallTargets(page), [], "with the menu open");
      await page.keyboard.press("Escape");
    }
    if (size !== "small") {
      await digits(playground);
      assert.deepEqual((await playground.everySection(small)).flat(), [], "with the digits");
    }
  });
}

for (const locale of LANGUAGES) {
  test(`nothing is lost or cut off at 320 px and at 200 % zoom (${locale})`, async () => {
    // 1440 x 900 at 200 % is 720 x 450 with twice the pixels.
    for (const options of [SIZES.small, { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }]) {
      const { page, playground, close } = await site.visit("/", { locale, ...options });
      const { width } = options.viewport;
      const clipped = await playground.everySection(async () => {
        await unfold(page);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, "no scrolling sideways");
        return page.evaluate(() => [...document.querySelector("neural-playground")!.shadowRoot!.querySelectorAll<HTMLElement>("button, h1, h2, dt, dd, .status p, .label")]
        .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .table-holder"))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().left < -1)
        .map((element) => `${element.tagName} ${element.className} ${element.textContent?.trim().slice(0, 30)}`));
      });
      assert.deepEqual(clipped.flat(), []);
      for (const id of ["play", "step", "epoch", "reset", "language", "theme", "reveal-test", "dataset-digits", "new-seed", "undo", "redo", "speed", "engine-badge"]) {
        await playground.reach(id);
        assert.ok(await playground.part(id).isVisible(), `${id} is there`);
      }
      await close();
    }
  });
}

test("pictures have names that say what they show now", async () => {
  const { page, playground } = await site.visit("/", { locale: "en", reducedMotion: "reduce" });
  await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  const name = (selector: string): Promise<string> => page.locator(selector).first().evaluate((element) => element.getAttribute("aria-label") ?? "");
  await playground.rest();
  const loss = await playground.part("metric-train-loss").innerText();
  await eventually("the curves' name says the loss", async () => (await name("np-curves-view .chart")).includes(loss));
  assert.match(await name("np-output-view canvas[role=img], np-output-view [role=img]"), /blue/);
  assert.match(await name("np-network-view [role=group]"), /network/i);
  await eventually("who listens is told the figures", async () => (await playground.part("live-summary").innerText()).includes(loss));
});

test("the skip link leads past the bars, and every stop of Tab is visible", async () => {
  const { page } = await site.visit("/", { locale: "en" });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const focused = (): Promise<{ id: string; outlined: boolean; name: string }> => page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    // A slider's ring is drawn round its thumb; an unseen menu's and a weight's round the box that holds them.
    const drawn = element?.matches(".slider, #np-main") ?? false;
    const ringed = [element, element?.closest(".menu, .weight")].some((each) => each && getComputedStyle(each).outlineStyle !== "none"
      && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
    return { id: element?.id ?? "", outlined: drawn || ringed,
      name: `${element?.tagName}.${element?.className} ${element?.getAttribute("aria-label")}` };
  });
  assert.equal((await focused()).id, "np-main");
  const bare = new Set<string>();
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press("Tab");
    const { outlined, name } = await focused();
    if (!outlined && !name.startsWith("BODY") && !name.startsWith("HTML")) bare.add(name);
  }
  assert.deepEqual([...bare], [], "without a ring");
});

test("the system's own colours and more contrast leave everything usable", async () => {
  for (const options of [{ forcedColors: "active" }, { contrast: "more" }] as const) {
    const { page, playground, close } = await site.visit("/", { locale: "en", ...options });
    await playground.click("step");
    await playground.until("step-counter", (step) => step === 1);
    if (!("forcedColors" in options)) assert.deepEqual(await violations(page), []);
    await picture(page, `${Object.keys(options)[0]}-en`);
    await close();
  }
});
