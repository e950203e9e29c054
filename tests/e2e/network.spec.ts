// The network in hand: weights and biases edited by keyboard, slider and finger, neurons shown large, features, gradients, pictures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import { violations } from "./support/axe";
import { picture, words } from "./support/browser";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const visit = (options: BrowserContextOptions = {}) => site.visit("/", { locale: "en", ...options });

function unit(page: Page, layer: number, at: number) {
  return page.locator(`np-network-view .unit[data-layer="${layer}"][data-unit="${at}"]`);
}

/** A parameter as the engine has it. */
function parameter(page: Page, name: string, at: number): Promise<number> {
  return page.evaluate(async ([tensor, index]) => {
    const element = document.querySelector<NeuralPlayground>("neural-playground")!;
    return (await element.weights()).find((each) => each.name === tensor)!.data[index as number]!;
  }, [name, at] as const);
}

function valueOf(text: string): number {
  return Number(text.replaceAll("−", "-"));
}

/** The whole card is on the screen. */
async function seenWhole(page: Page): Promise<void> {
  const box = (await page.getByTestId("parameter-card").boundingBox())!;
  const { width, height } = page.viewportSize()!;
  assert.ok(box.x >= -1 && box.x + box.width <= width + 1 && box.y >= -1 && box.y + box.height <= height + 1, JSON.stringify(box));
}

test("a neuron's weights are opened, chosen and edited with the keyboard alone; loss and maps follow, undo takes it back", async () => {
  const { page, errors, playground } = await visit();
  const start = { loss: await playground.figure("metric-train-loss"), map: await playground.pixels("output-map"), network: await playground.pixels("network") };
  await unit(page, 2, 1).focus();
  await page.keyboard.press("w");
  const card = page.getByTestId("parameter-card");
  await card.waitFor();
  await seenWhole(page);
  assert.equal(await card.locator("option").count(), 5, "four weights and the bias");
  await card.locator("select").selectOption("2");
  const before = await parameter(page, "hidden.1.weight", 6);
  const field = card.locator(".value");
  await eventually("the card shows the weight", async () => Math.abs(valueOf(await field.inputValue()) - before) < 1e-4);
  await field.focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("rubbish");
  await page.keyboard.press("Enter");
  await card.getByRole("alert").waitFor();
  assert.equal(await parameter(page, "hidden.1.weight", 6), before, "what is no number changes nothing");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("-3");
  await page.keyboard.press("ArrowUp");
  await eventually("an arrow adds a tenth", async () => Math.abs((await parameter(page, "hidden.1.weight", 6)) + 2.9) < 1e-6);
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });
  await eventually("the loss follows", async () => (await playground.figure("metric-train-loss")) !== start.loss);
  await eventually("the maps follow", async () => (await playground.pixels("output-map")) !== start.map && (await playground.pixels("network")) !== start.network);
  assert.equal(await playground.figure("epoch-counter"), 0, "nothing trained");
  await page.keyboard.press("Control+Z");
  await eventually("undo", async () => Math.abs((await parameter(page, "hidden.1.weight", 6)) - before) < 1e-6);
  assert.deepEqual(errors, []);
});

test("the output's bias is clicked and typed over; Enter closes", async () => {
  const { page, errors, playground } = await visit();
  const loss = await playground.figure("metric-train-loss");
  const box = (await unit(page, 3, 0).boundingBox())!;
  await page.mouse.click(box.x, box.y + box.height - 2);
  const card = page.getByTestId("parameter-card");
  await card.waitFor();
  await page.keyboard.type("1.25");
  await page.keyboard.press("Enter");
  await card.waitFor({ state: "detached" });
  await eventually("the bias", async () => (await parameter(page, "output.bias", 0)) === 1.25);
  await eventually("the loss follows", async () => (await playground.figure("metric-train-loss")) > loss + 0.01);
  assert.deepEqual(errors, []);
});

test("on a phone a bias is tapped and slid; the card is seen whole and its parts are large enough for fingers", async () => {
  const { page, errors, playground } = await visit(phone);
  const start = await playground.pixels("network");
  await unit(page, 2, 0).scrollIntoViewIfNeeded();
  const box = (await unit(page, 2, 0).boundingBox())!;
  await page.touchscreen.tap(box.x - 4, box.y + box.height);
  const card = page.getByTestId("parameter-card");
  await card.waitFor();
  await seenWhole(page);
  for (const part of await card.locator("button, select, input").all()) {
    const { height } = (await part.boundingBox())!;
    assert.ok(height >= 43.5, `${height} px`);
  }
  const slider = (await card.locator("[type=range]").boundingBox())!;
  await page.touchscreen.tap(slider.x + slider.width * 0.75, slider.y + slider.height / 2);
  await eventually("the bias is about 2.5", async () => Math.abs((await parameter(page, "hidden.1.bias", 0)) - 2.5) < 0.3);
  await eventually("the maps follow", async () => (await playground.pixels("network")) !== start);
  await picture(page, "parameter-card-390");
  await card.locator(".close").tap();
  await card.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
});

test("gradients on links and in the card are the engine's own", async () => {
  const { page, errors, playground } = await visit();
  const weights = await playground.pixels("network");
  await page.getByTestId("gradients").check();
  await eventually("links change", async () => (await playground.pixels("network")) !== weights);
  await unit(page, 1, 2).focus();
  await page.keyboard.press("w");
  const card = page.getByTestId("parameter-card");
  for (const input of ["0", "1", "bias"]) {
    await card.locator("select").selectOption(input);
    // By hand: the derivative as a difference of the loss in the weight, from the engine's own metrics.
    const slope = await page.evaluate(async (chosen) => {
      const element = document.querySelector<NeuralPlayground>("neural-playground")!;
      const tensors = await element.weights();
      const name = chosen === "bias" ? "hidden.0.bias" : "hidden.0.weight";
      const tensor = tensors.find((each) => each.name === name)!;
      const at = chosen === "bias" ? 2 : 4 + Number(chosen);
      const losses: number[] = [];
      for (const by of [0.02, -0.02]) {
        const data = Float32Array.from(tensor.data);
        data[at]! += by;
        await element.setWeights([{ ...tensor, data }]);
        losses.push((await element.metrics()).train!.loss);
      }
      await element.setWeights([tensor]);
      return (losses[0]! - losses[1]!) / 0.04;
    }, input);
    await eventually(`gradient ${input}`, async () => {
      const shown = valueOf(await card.locator(".gradient").innerText());
      return Math.abs(shown - slope) < 1e-4 + 0.01 * Math.abs(slope);
    });
  }
  assert.deepEqual(errors, []);
});

test("a neuron or a feature is shown large while it is pointed at, focused or in hand, while training too", async () => {
  const { page, errors, playground } = await visit();
  const output = await playground.pixels("output-map");
  const shows = (what: string, same: boolean) => eventually(what, async () => ((await playground.pixels("output-map")) === output) === same);
  await unit(page, 1, 0).hover();
  await shows("hovered", false);
  await page.mouse.move(5, 5);
  await shows("released", true);
  await unit(page, 2, 1).focus();
  await shows("focused", false);
  await page.locator("[data-testid=play]").focus();
  await shows("focus gone", true);
  await playground.part("feature-x").hover();
  await shows("a feature of the data panel", false);
  await page.mouse.move(5, 5);
  await shows("released", true);
  await playground.click("play");
  await unit(page, 1, 0).hover();
  const first = await playground.pixels("output-map");
  await eventually("the large map of a neuron trains on", async () => (await playground.pixels("output-map")) !== first);
  assert.deepEqual(errors, []);
});

test("a tap shows a neuron large, another tap the output again", async () => {
  const { page, errors, playground } = await visit(phone);
  const output = await playground.pixels("output-map");
  await unit(page, 1, 1).tap();
  await eventually("large", async () => (await playground.pixels("output-map")) !== output);
  await unit(page, 1, 1).tap();
  await eventually("output", async () => (await playground.pixels("output-map")) === output);
  assert.deepEqual(errors, []);
});

test("every feature's toggle shows that feature's own map, and puts it into the network", async () => {
  const { page, errors } = await visit();
  const thumbnails = page.locator(".chip.feature canvas");
  const count = await thumbnails.count();
  assert.ok(count >= 7);
  const seen = new Set<string>();
  await eventually("thumbnails differ", async () => {
    seen.clear();
    for (const canvas of await thumbnails.all()) seen.add(await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL()));
    return seen.size === count;
  });
  const product = page.locator(".chip.feature[aria-pressed=false]").first();
  const before = await page.locator('np-network-view .unit[data-layer="0"]').count();
  await product.click();
  await eventually("one input more", async () => (await page.locator('np-network-view .unit[data-layer="0"]').count()) === before + 1);
  assert.deepEqual(errors, []);
});

test("layers, neurons and activations change in place", async () => {
  const { page, errors } = await visit();
  const word = words("en");
  const layer = word["view.network.hidden"]!.replace("{index}", "1");
  const press = (key: string) => page.getByRole("button", { name: word[key]!.replace("{layer}", layer), exact: true }).first().click();
  const cells = (at: number) => page.locator(`np-network-view .unit[data-layer="${at}"]`).count();
  await press("view.network.more");
  await eventually("five neurons", async () => (await cells(1)) === 5);
  await press("view.network.fewer");
  await eventually("four neurons", async () => (await cells(1)) === 4);
  await page.getByRole("button", { name: word["view.network.add"]!.replace("{index}", "1"), exact: true }).click();
  await eventually("three hidden layers", async () => (await cells(4)) === 1);
  await press("view.network.remove");
  await eventually("two hidden layers", async () => (await cells(4)) === 0);
  await page.getByLabel(word["view.network.activation"]!.replace("{layer}", layer)).selectOption("relu");
  await eventually("ReLU", async () => (await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.store.config.value!.network.hidden[0]!.activation.id)) === "relu");
  assert.deepEqual(errors, []);
});

for (const kind of ["surface", "hidden"] as const) {
  test(`the picture "${kind}" is drawn, changes with training, and fits a phone in both themes`, async () => {
    const id = kind === "surface" ? "surface" : "hidden-space";
    for (const options of [{}, { ...phone, colorScheme: "dark" as const, locale: "zh-CN", reducedMotion: "reduce" as const }]) {
      const { page, errors, close, playground } = await visit(options);
      await playground.click(`picture-${kind}`);
      await playground.part(id).waitFor();
      const colours = () => playground.part(id).locator("canvas").evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      await eventually("drawn", async () => (await colours()) > 50);
      const start = await playground.pixels(id);
      if (kind === "surface") {
        await playground.part(id).locator(".stage").focus();
        await page.keyboard.press("ArrowRight");
        await eventually("turned by a key", async () => (await playground.pixels(id)) !== start);
        await page.keyboard.press("Home");
        await eventually("turned back", async () => (await playground.pixels(id)) === start);
      } else {
        // It opens on the last hidden layer.
        assert.equal(await playground.part(id).locator("select").first().inputValue(), "2");
        await playground.part(id).locator("select").first().selectOption("1");
        await eventually("another layer", async () => (await playground.pixels(id)) !== start);
      }
      const rest = await playground.pixels(id);
      for (let k = 0; k < 3; k += 1) await playground.click("epoch");
      await eventually("trains", async () => (await playground.pixels(id)) !== rest);
      await playground.part(id).scrollIntoViewIfNeeded();
      await picture(page, `${kind}-${"locale" in options ? "390-dark-zh" : "1440"}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false);
      assert.deepEqual(await playground.untranslated(), []);
      await playground.click("picture-boundary");
      await playground.part(id).waitFor({ state: "detached" });
      assert.deepEqual(errors, []);
      await close();
    }
  });
}

test("axe finds nothing with a card open and in each picture; each picture is an image to be kept", async () => {
  const { page, errors, playground } = await visit();
  const clean = async (what: string) => assert.deepEqual(await violations(page, { exclude: [["np-data-panel"], ["np-training-panel"], ["np-tab-bar"]] }), [], what);
  await unit(page, 1, 0).focus();
  await page.keyboard.press("w");
  await page.getByTestId("parameter-card").waitFor();
  await clean("card");
  await page.keyboard.press("Escape");
  for (const [picture, id] of [["surface", "surface"], ["hidden", "hidden-space"]] as const) {
    await playground.click(`picture-${picture}`);
    await playground.part(id).waitFor();
    await clean(picture);
    await playground.click("share");
    await playground.part("image-panel").selectOption("output");
    const [file] = await Promise.all([page.waitForEvent("download"), playground.click("download-svg")]);
    const svg = readFileSync((await file.path())!, "utf8");
    assert.ok((svg.match(/<path /g) ?? []).length > 500, "the picture's own cells");
    assert.ok(!/NaN|undefined/.test(svg));
    await playground.click("share-close");
  }
  assert.deepEqual(errors, []);
});

test("weights that are locked are shown and not changed; hidden ones have no card", async () => {
  const { page, errors } = await visit();
  const set = (control: "lockedControls" | "hiddenControls") => page.evaluate((name) => {
    const { store } = document.querySelector<NeuralPlayground>("neural-playground")!;
    store.lockedControls.value = store.hiddenControls.value = new Set();
    store[name as "lockedControls"].value = new Set(["weights", "layers"]);
  }, control);
  await set("lockedControls");
  await unit(page, 1, 0).focus();
  await page.keyboard.press("w");
  const card = page.getByTestId("parameter-card");
  const before = await parameter(page, "hidden.0.weight", 0);
  assert.equal(await card.locator("[type=range]").isDisabled(), true);
  await card.locator(".value").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  assert.equal(await parameter(page, "hidden.0.weight", 0), before);
  await set("hiddenControls");
  await card.waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: words("en")["view.network.remove"]!.replace("{layer}", words("en")["view.network.hidden"]!.replace("{index}", "1")) }).count(), 0);
  assert.deepEqual(errors, []);
});
