// A whole first visit without a mouse: by keyboard alone, and by finger alone on a phone and a tablet. Data are chosen, a
// layer is added, an activation changed, the network trained, a weight edited, and all of it taken back and made again.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import { picture } from "./support/browser";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite({ webgpu: true });

interface Element { config: () => Promise<{ data: { dataset: string }; network: { hidden: { units: number; activation: { id: string } }[] } }> }

/** The config in force, as the element tells it. */
async function config(page: Page): ReturnType<Element["config"]> {
  return page.evaluate(() => (document.querySelector("neural-playground") as unknown as { store: { config: { value: unknown } } }).store.config.value) as ReturnType<Element["config"]>;
}

/** Presses Tab until the element of that selector has the focus: nothing else is used to get there. */
async function tabTo(page: Page, selector: string, shift = false): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press(shift ? "Shift+Tab" : "Tab");
    const there = await page.evaluate((wanted) => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.matches(wanted) ?? false;
    }, selector);
    if (there) return;
  }
  assert.fail(`${selector} was not reached by Tab`);
}

test("a whole first visit by keyboard alone", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en" });

  await tabTo(page, "[data-testid=dataset-xor]");
  await page.keyboard.press("Enter");
  await eventually("another data set", async () => (await config(page)).data.dataset === "xor");

  await tabTo(page, "button.add");
  const layers = (await config(page)).network.hidden.length;
  await page.keyboard.press("Enter");
  await eventually("another layer", async () => (await config(page)).network.hidden.length === layers + 1);

  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await tabTo(page, "np-layer-panel select");
  const activation = (await config(page)).network.hidden[0]!.activation.id;
  await page.keyboard.press("ArrowDown");
  await eventually("another activation", async () => (await config(page)).network.hidden.some(({ activation: { id } }) => id !== activation));

  await page.keyboard.press("Escape");
  await tabTo(page, "[data-testid=play]", true);
  await page.keyboard.press("Enter");
  await playground.until("epoch-counter", (epoch) => epoch >= 20);
  await page.keyboard.press("Enter");
  await page.keyboard.press("e");

  await tabTo(page, ".weight input");
  await page.keyboard.type("1.25");
  await page.keyboard.press("Enter");
  await eventually("the weight", async () => (await page.locator(".weight input").first().inputValue()) === "1.250");

  // Undone from a text field, Control+Z is the field's own: leave it first.
  await tabTo(page, "button", true);
  await page.keyboard.press("Control+z");
  await eventually("the old weight", async () => (await page.locator(".weight input").first().inputValue()) !== "1.250");
  await page.keyboard.press("Control+Shift+z");
  await eventually("the new weight", async () => (await page.locator(".weight input").first().inputValue()) === "1.250");

  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await tabTo(page, "[data-testid=single-keys]");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await playground.rest();
  const step = await playground.figure("step-counter");
  await page.keyboard.press(".");
  await page.waitForTimeout(300);
  assert.equal(await playground.figure("step-counter"), step, "single keys are turned off");
  await page.reload();
  await playground.until("metric-train-loss", Number.isFinite);
  await page.keyboard.press("e");
  await page.waitForTimeout(300);
  assert.equal(await playground.figure("step-counter"), 0, "... and stay so");
  assert.deepEqual(errors, []);
});

test("every shortcut does what the sheet says, and none works in a text field", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en" });
  await page.keyboard.press(".");
  await playground.until("step-counter", (step) => step === 1);
  await page.keyboard.press("ArrowRight");
  await playground.until("step-counter", (step) => step === 2);
  await page.keyboard.press("e");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  await page.keyboard.press("r");
  await playground.until("step-counter", (step) => step === 0);
  const speed = await playground.part("speed").inputValue();
  await page.keyboard.press("[");
  assert.ok((await playground.part("speed").inputValue()) < speed);
  const seed = await playground.pixels("output-map");
  await page.keyboard.press("n");
  await eventually("another seed", async () => (await playground.pixels("output-map")) !== seed);
  for (const [keys, wanted] of [["g d", "np-data-panel"], ["/", "np-data-panel"], ["g n", "np-network-view"], ["g t", "np-training-panel"], ["g o", "np-output-picture"],
    ["g c", "np-curves-view"], ["g l", "np-layer-panel"], ["1", "[role=tab]"]] as const) {
    for (const key of keys.split(" ")) await page.keyboard.press(key);
    // The part may still be drawing itself.
    await eventually(`${keys} goes to ${wanted}`, () => page.evaluate((selector) => {
      const element = document.querySelector("neural-playground")!.shadowRoot!.activeElement;
      return Boolean(element?.closest(selector));
    }, wanted));
  }
  await page.locator("input.value").first().focus();
  await playground.rest();
  const epoch = await playground.figure("epoch-counter");
  for (const key of [".", "e", "?", "r"]) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  assert.equal(await playground.figure("epoch-counter"), epoch);
  assert.equal(await page.locator("dialog[open]").count(), 0);
  assert.deepEqual(errors, []);
});

const TOUCH = {
  "a phone": { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  "a tablet": { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
} satisfies Record<string, BrowserContextOptions>;

for (const [device, options] of Object.entries(TOUCH)) {
  test(`a whole first visit by finger alone (${device})`, async () => {
    const { page, playground, errors } = await site.visit("/", { locale: "zh-CN", ...options });

    await playground.reach("dataset-xor");
    await playground.part("dataset-xor").tap();
    await eventually("another data set", async () => (await config(page)).data.dataset === "xor");

    const layers = (await config(page)).network.hidden.length;
    await playground.reach("network");
    await page.locator("button.add").first().tap();
    await eventually("another layer", async () => (await config(page)).network.hidden.length === layers + 1);
    await playground.reach("undo");
    await playground.part("undo").tap();
    await eventually("the layer is gone", async () => (await config(page)).network.hidden.length === layers);
    await playground.part("redo").tap();
    await eventually("the layer is back", async () => (await config(page)).network.hidden.length === layers + 1);
    await page.keyboard.press("Escape");

    // Removed where it was added, and there again.
    await page.locator(".remove").first().tap();
    await eventually("the layer is removed", async () => (await config(page)).network.hidden.length === layers);
    await page.locator("button.add").first().tap();
    await eventually("a layer is added", async () => (await config(page)).network.hidden.length === layers + 1);

    // A menu of the browser's own opens on a tap; its list lies outside the page.
    await page.locator("np-layer-panel select").first().tap();
    await page.locator("np-layer-panel select").first().selectOption("relu");
    await eventually("another activation", async () => (await config(page)).network.hidden[0]!.activation.id === "relu");

    await playground.part("play").tap();
    await playground.until("epoch-counter", (epoch) => epoch >= 20);
    await playground.part("play").tap();

    const weight = page.locator(".weight input").first();
    await weight.tap();
    await page.keyboard.insertText("1.25");
    await weight.press("Enter");
    await eventually("the weight", async () => (await weight.inputValue()) === "1.250");
    await picture(page, `visit-${options.viewport.width}`);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= options.viewport.width);
    assert.deepEqual(errors, []);
  });
}

test("what was trained comes back when a change that began anew is taken back", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  assert.equal(await playground.part("undo").getAttribute("aria-disabled"), "true");
  for (let epochs = 1; epochs <= 3; epochs += 1) {
    await playground.click("epoch");
    await playground.until("epoch-counter", (epoch) => epoch === epochs);
  }
  const trained = await playground.pixels("output-map");
  await playground.click("new-seed");
  await playground.until("step-counter", (step) => step === 0);
  // What undoes is fetched with the first change.
  await eventually("the undoing", async () => (await playground.part("undo").getAttribute("title")) === "Undo: new seed for initial weights, batches");
  await playground.click("undo");
  await eventually("the trained network", async () => (await playground.pixels("output-map")) === trained);
  await page.getByText("The trained weights are back.").waitFor();

  const rate = page.locator(".rate-control input.slider");
  await rate.focus();
  for (const rate of ["0.011", "0.012", "0.013", "0.015", "0.017"]) {
    await page.keyboard.press("ArrowRight");
    await eventually(rate, async () => (await playground.part("undo").getAttribute("title")) === `Undo: Learning rate 0.01 → ${rate}`);
  }
  await page.keyboard.press("Control+z");
  await eventually("the old rate, in one press", async () => (await page.locator(".rate-control input.value").inputValue()) === "0.01");
});

