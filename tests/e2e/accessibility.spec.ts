// For everyone: axe-core over the page in both languages, both schemes and four widths, with what opens opened; targets
// of 44 px for fingers; nothing lost at 320 px, at 200 % zoom, in the system's own colours; names that say figures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import { violations } from "./support/axe";
import { LANGUAGES, launch, open, picture } from "./support/browser";
import { Playground } from "./support/playground";
import { serve } from "./support/server";
import type { Serving } from "./support/server";

let browser: Browser;
let site: Serving;
before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
after(async () => {
  await browser.close();
  await site.close();
});

const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  small: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>;

async function ready(options: BrowserContextOptions): Promise<{ page: Page; playground: Playground; errors: string[]; close: () => Promise<void> }> {
  const { page, errors, close } = await open(browser, `${site.origin}/`, options);
  const playground = new Playground(page);
  await playground.until("metric-train-loss", Number.isFinite);
  return { page, playground, errors, close };
}

for (const locale of LANGUAGES) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [size, options] of Object.entries(SIZES)) {
      if (size === "small" && (locale === "en") !== (colorScheme === "light")) continue;
      test(`axe finds nothing at all (${locale}, ${colorScheme}, ${size})`, async () => {
        const { page, playground, errors, close } = await ready({ locale, colorScheme, ...options });
        assert.deepEqual(await violations(page), []);
        await picture(page, `${size}-${colorScheme}-${locale}`);

        for (const summary of await page.locator("details.more > summary").all()) await summary.click();
        // Both are pop-overs, of which one is open at a time.
        await (size === "desktop" ? page.locator(".help-button").first() : playground.part("engine-badge")).click();
        assert.deepEqual(await violations(page), [], "with everything unfolded and a pop-over open");
        await page.keyboard.press("Escape");

        await page.keyboard.press("?");
        await page.getByTestId("shortcut-sheet").and(page.locator("[open]")).waitFor();
        assert.deepEqual(await violations(page), [], "with the sheet of shortcuts open");
        await picture(page, `shortcuts-${size}-${colorScheme}-${locale}`);
        await page.keyboard.press("Escape");

        if (size !== "small") {
          await playground.click("dataset-digits");
          await playground.part("digits-wrong").waitFor();
          assert.deepEqual(await violations(page), [], "with the digits");
        }
        assert.deepEqual(errors, []);
        await close();
      });
    }
  }
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
    if (count < 40) found.push(`only ${count} targets were seen`);
    return found;
  });
}

for (const size of ["tablet", "phone", "small"] as const) {
  test(`every target is at least 44 px for a finger (${size})`, async () => {
    const { page, playground, close } = await ready({ locale: "en", ...SIZES[size] });
    for (const summary of await page.locator("details.more > summary").all()) await summary.click();
    assert.deepEqual(await smallTargets(page), []);
    if (size !== "small") {
      await playground.click("dataset-digits");
      await playground.part("digits-wrong").waitFor();
      assert.deepEqual(await smallTargets(page), [], "with the digits");
    }
    await close();
  });
}

for (const locale of LANGUAGES) {
  test(`nothing is lost or cut off at 320 px and at 200 % zoom (${locale})`, async () => {
    // 1440 x 900 at 200 % is 720 x 450 with twice the pixels.
    for (const options of [SIZES.small, { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }]) {
      const { page, playground, close } = await ready({ locale, ...options });
      for (const summary of await page.locator("details.more > summary").all()) await summary.click();
      const { width } = options.viewport;
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, "no scrolling sideways");
      const clipped = await page.evaluate(() => [...document.querySelector("neural-playground")!.shadowRoot!.querySelectorAll<HTMLElement>("button, h1, h2, dt, dd, .status p, .label")]
        .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .table-holder"))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().left < -1)
        .map((element) => `${element.tagName} ${element.className} ${element.textContent?.trim().slice(0, 30)}`));
      assert.deepEqual(clipped, []);
      for (const id of ["play", "step", "epoch", "reset", "new-seed", "undo", "redo", "speed", "engine-badge", "language", "theme", "reveal-test", "dataset-digits"]) {
        assert.ok(await playground.part(id).isVisible(), `${id} is there`);
      }
      await close();
    }
  });
}

test("pictures have names that say what they show now", async () => {
  const { page, playground, close } = await ready({ locale: "en", reducedMotion: "reduce" });
  await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  const name = (selector: string): Promise<string> => page.locator(selector).first().evaluate((element) => element.getAttribute("aria-label") ?? "");
  await page.waitForTimeout(1000);
  const loss = await playground.part("metric-train-loss").innerText();
  assert.match(await name("np-curves-view .chart"), new RegExp(loss.replace(".", "\\.")), "the curves' name says the loss");
  assert.match(await name("np-output-view canvas[role=img], np-output-view [role=img]"), /blue/);
  assert.match(await name("np-network-view [role=group]"), /network/i);
  const live = await playground.part("live-summary").innerText();
  assert.match(live, new RegExp(loss.replace(".", "\\.")), "who listens is told the figures");
  await close();
});

test("the skip link leads past the bars, and every stop of Tab is visible", async () => {
  const { page, close } = await ready({ locale: "en" });
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
  await close();
});

test("the system's own colours and more contrast leave everything usable", async () => {
  for (const options of [{ forcedColors: "active" }, { contrast: "more" }] as const) {
    const { page, playground, close } = await ready({ locale: "en", ...options });
    await playground.click("step");
    await playground.until("step-counter", (step) => step === 1);
    if (!("forcedColors" in options)) assert.deepEqual(await violations(page), []);
    await picture(page, `${Object.keys(options)[0]}-en`);
    await close();
  }
});
