// What TensorFlow Playground's users know, tried in the page: every control that a link may hide, the pictures, the counters, and the
// faults of that page that are not ours. docs/compared.md names these tests.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { BrowserContextOptions, Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import { LANGUAGES, words } from "./support/browser";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

const visit = (hash = "", options: BrowserContextOptions = {}) => site.visit(`/${hash}`, { locale: "en", ...options });

/** Something that the page's store says. */
function told<T>(page: Page, of: (store: NeuralPlayground["store"]) => T): Promise<T> {
  return page.evaluate(`(${of.toString()})(document.querySelector("neural-playground").store)`) as Promise<T>;
}

const word = words("en");
const labelled = (key: string) => word[key]!;

/** For each key of a hash: where its control is. */
const CONTROLS: Record<string, (page: Page) => ReturnType<Page["locator"]>> = {
  showTestData: (page) => page.locator("np-output-key label").filter({ hasText: labelled("view.output.validation") }),
  discretize: (page) => page.locator("np-output-key label").filter({ hasText: labelled("view.output.discretize") }),
  playButton: (page) => page.getByTestId("play"),
  stepButton: (page) => page.getByTestId("step").or(page.getByTestId("epoch")),
  resetButton: (page) => page.getByTestId("reset"),
  learningRate: (page) => page.locator(".rate-control"),
  activation: (page) => page.locator("np-network-view .menu select, np-layer-panel select"),
  regularization: (page) => page.getByTestId("penalty"),
  regularizationRate: (page) => page.locator("np-training-panel label").filter({ hasText: labelled("ui.regularization_rate") }),
  problem: (page) => page.getByTestId("dataset-reg_plane"),
  dataset: (page) => page.getByTestId("dataset-xor"),
  percTrainData: (page) => page.locator("np-split-bar"),
  noise: (page) => page.locator("np-data-panel label").filter({ hasText: new RegExp(`^${labelled("field.data.noise")}$`) }),
  batchSize: (page) => page.locator("np-training-panel label").filter({ hasText: labelled("field.training.batch_size") }),
  numHiddenLayers: (page) => page.locator("np-network-view .add, np-network-view .remove"),
};

test("every key that hides a control hides that control and no other", async () => {
  const { page, errors } = await visit("#seed=1&regularization=L1&regularizationRate=0.01");
  const present = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const [key, control] of Object.entries(CONTROLS)) if ((await control(page).count()) > 0) found.push(key);
    return found;
  };
  const all = Object.keys(CONTROLS);
  await eventually("all controls are there", async () => (await present()).length === all.length);
  for (const key of all) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `seed=1&regularization=L1&regularizationRate=0.01&${key}_hide=true`);
    // Data sets hide the kind of problem with them: there it is chosen by choosing data.
    const gone = key === "dataset" ? ["problem", "dataset"] : [key];
    const wanted = all.filter((each) => !gone.includes(each));
    await eventually(`${key}_hide`, async () => JSON.stringify(await present()) === JSON.stringify(wanted));
    if (key === "percTrainData") {
      // There it takes the test loss with it.
      await page.getByTestId("metric-validation-loss").waitFor();
    }
  }
  assert.deepEqual(errors, []);
});

test("hideText leaves the figure alone, as an embed looks", async () => {
  const { page, errors } = await visit("#seed=1&hideText=true");
  await page.locator("np-top-bar").waitFor({ state: "detached" });
  assert.equal(await page.locator("np-tab-bar").count(), 0);
  assert.equal(await page.getByTestId("output-map").count(), 1);
  assert.deepEqual(errors, []);
});

test("discretize leaves two colours, adds nothing to the curve, and keeps the network", async () => {
  const { page, errors, playground } = await visit("#seed=0.59704");
  await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  const rows = () => told(page, (store) => store.frame.value!.history!.rows);
  /** The share of the two most frequent colours inside the map; along the boundary the browser blends them. */
  const share = () => page.locator("np-output-view #map").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const side = Math.floor(Math.min(canvas.width, canvas.height) * 0.6);
    const { data } = canvas.getContext("2d")!.getImageData(Math.floor(canvas.width * 0.25), Math.floor(canvas.height * 0.1), side, side);
    const counts = new Map<number, number>();
    for (const colour of new Uint32Array(data.buffer)) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    const [first = 0, second = 0] = [...counts.values()].sort((a, b) => b - a);
    return (first + second) / (side * side);
  });
  await eventually("shades", async () => (await share()) < 0.5);
  const before = await rows();
  await CONTROLS.discretize!(page).locator("input").check();
  await eventually("two colours", async () => (await share()) > 0.9);
  await page.setViewportSize({ width: 1200, height: 800 });
  await eventually("two colours at another size", async () => (await share()) > 0.9);
  assert.equal(await rows(), before);
  assert.equal(await playground.figure("epoch-counter"), 1);
  assert.deepEqual(errors, []);
});

test("test points of a link are shown when they are asked for, and points beyond the map stay beyond it", async () => {
  const { page, errors } = await visit("#seed=0.59704&dataset=gauss&noise=50");
  const points = page.locator("np-output-view #points");
  const pixels = () => points.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  const start = await pixels();
  const box = CONTROLS.showTestData!(page).locator("input");
  assert.equal(await box.isChecked(), false, "as there, they are hidden at first");
  await box.check();
  await eventually("more points", async () => (await pixels()) !== start);
  const outside = await told(page, (store) => [...store.points.value!.x, ...store.points.value!.y].filter((value) => Math.abs(value) > 6).length);
  assert.ok(outside > 0, "this link has points beyond the map");
  assert.equal(await told(page, (store) => store.points.value!.x.length), 500, "and they count");
  const strays = await points.evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const scale = canvas.width / canvas.clientWidth;
    // Below and left of the map are its ticks.
    const left = canvas.getContext("2d")!.getImageData(0, 0, Math.floor(26 * scale), canvas.height).data;
    const below = canvas.getContext("2d")!.getImageData(0, canvas.height - Math.floor(18 * scale), canvas.width, Math.floor(18 * scale)).data;
    return [...left, ...below].filter((value, at) => at % 4 === 3 && value > 0).length;
  });
  assert.equal(strays, 0);
  assert.deepEqual(errors, []);
});

test("the maps lie on the grid of that page: 100 by 100 over -6 to 6, a neuron's too", async () => {
  const { page, errors } = await visit("#seed=0.59704");
  assert.deepEqual(await told(page, (store) => [...store.summary.value!.domain]), [-6, 6]);
  assert.deepEqual(await told(page, (store) => [store.frame.value!.output!.resolution, store.frame.value!.output!.data.length]), [100, 10_000]);
  const output = await told(page, (store) => [...store.frame.value!.output!.data]);
  await page.locator('np-network-view .unit[data-layer="1"][data-unit="0"]').hover();
  await eventually("a neuron's map", async () => (await told(page, (store) => store.frame.value!.output!.data[0])) !== output[0]);
  const [large, small] = await told(page, (store) => [[...store.frame.value!.output!.data], store.frame.value!.maps!.layers.map(({ length }) => length)] as const);
  assert.equal(large.length, 10_000);
  assert.equal(small.length, 4, "every layer has small ones, the inputs and the output too");
  assert.deepEqual(errors, []);
});

test("pointing at a link says its weight, and says it anew while the network trains", async () => {
  const { page, playground, errors } = await visit("#seed=0.59704");
  // Where a link is, is found as a visitor does: by moving along a column between the neurons.
  const from = (await page.locator('np-network-view .unit[data-layer="1"][data-unit="0"]').boundingBox())!;
  const to = (await page.locator('np-network-view .unit[data-layer="2"][data-unit="0"]').boundingBox())!;
  const x = (from.x + from.width + to.x) / 2;
  const card = page.locator("np-network-view .card");
  for (let y = Math.min(from.y, to.y); (await card.count()) === 0; y += 4) {
    assert.ok(y < from.y + 400, "no link was found");
    await page.mouse.move(x, y);
    await playground.drawn();
  }
  const [, source, target] = /Hidden 1, (\d) → Hidden 2, (\d)/.exec(await card.innerText())!;
  const index = 4 * (Number(target) - 1) + Number(source) - 1;
  const weight = () => page.evaluate(async (at) => (await document.querySelector<NeuralPlayground>("neural-playground")!.weights()).find(({ name }) => name === "hidden.1.weight")!.data[at]!, index);
  const read = async () => Number((await card.locator("b").innerText()).replace("−", "-"));
  const start = await read();
  assert.ok(Math.abs(start - (await weight())) < 0.001, `${start}`);
  // The pointer stays where it is.
  await page.keyboard.press("Space");
  await eventually("another value", async () => Math.abs((await read()) - start) > 0.005);
  await page.keyboard.press("Space");
  await eventually("the engine's value", async () => Math.abs((await read()) - (await weight())) < 0.001);
  assert.deepEqual(errors, []);
});

test("counters show every digit, losses three decimals", async () => {
  const { page, errors, playground } = await visit();
  assert.match(await playground.part("metric-train-loss").innerText(), /^\d\.\d{3}$/);
  await page.evaluate(() => {
    const { store } = document.querySelector<NeuralPlayground>("neural-playground")!;
    store.frame.value = store.reading.value = { ...store.frame.value!, epoch: 12_345_678, step: 308_641_950 };
  });
  await eventually("eight digits", async () => (await playground.part("epoch-counter").innerText()) === "12,345,678");
  assert.equal(await playground.part("step-counter").innerText(), "308,641,950");
  assert.deepEqual(errors, []);
});

test("every data set has a picture of its own, and clicking it is choosing it", async () => {
  const { page, errors, playground } = await visit();
  const thumbnails = page.locator("np-dataset-thumbnail canvas");
  const count = await thumbnails.count();
  assert.ok(count >= 16, String(count));
  await eventually("all are drawn, and no two alike", async () => {
    const seen = new Set<string>();
    for (const canvas of await thumbnails.all()) seen.add(await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL()));
    return seen.size === count;
  });
  for (const id of ["xor", "gauss", "spiral", "reg_plane", "reg_gauss", "circle"]) {
    await playground.click(`dataset-${id}`);
    await eventually(id, async () => (await told(page, (store) => store.config.value!.data.dataset)) === id);
    assert.equal(await playground.part(`dataset-${id}`).getAttribute("aria-pressed"), "true");
  }
  assert.deepEqual(errors, []);
});

test("a click puts a feature into the network and another takes it out", async () => {
  const { page, errors, playground } = await visit("#seed=0.59704");
  const features = () => told(page, (store) => store.config.value!.data.features);
  await playground.click("feature-sin_x");
  await eventually("in", async () => (await features()).includes("sin_x"));
  await playground.click("feature-sin_x");
  await eventually("out", async () => !(await features()).includes("sin_x"));
  assert.deepEqual(await features(), ["x", "y"]);
  assert.deepEqual(errors, []);
});

test("the penalty is shown as soon as there is one", async () => {
  const { page, errors, playground } = await visit();
  assert.equal(await playground.shown("metric-penalty"), false);
  await page.getByTestId("penalty").selectOption("l2");
  await playground.until("metric-penalty", (value) => value > 0);
  assert.deepEqual(errors, []);
});

test("the curves have axes and a legend of values, and the logarithm is a switch away", async () => {
  const { page, errors, playground } = await visit("#seed=0.59704");
  for (let epoch = 1; epoch <= 3; epoch += 1) {
    await playground.click("epoch");
    await playground.until("epoch-counter", (now) => now === epoch);
  }
  const curves = page.getByTestId("curves");
  await curves.locator(".u-axis").first().waitFor({ state: "attached" });
  assert.ok((await curves.locator(".u-axis").count()) >= 2);
  await eventually("the training loss is said", async () => Number((await curves.locator("#train").innerText()).replace("−", "-")) > 0);
  assert.match(await curves.locator("#validation").innerText(), /\d/);
  const linear = await curves.locator("canvas").evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  await curves.locator("label").filter({ hasText: labelled("view.curves.log") }).locator("input").check();
  await eventually("drawn anew", async () => (await curves.locator("canvas").evaluate((element) => (element as HTMLCanvasElement).toDataURL())) !== linear);
  assert.deepEqual(errors, []);
});

for (const language of LANGUAGES) {
  test(`colours are named rightly: blue is positive and the second class (${language})`, async () => {
    const { page, errors } = await visit("#seed=0.59704", { locale: language });
    const dictionary = words(language);
    // In the circle of a link the inside is +1.
    const inside = await told(page, (store) => {
      const { x, y, label } = store.points.value!;
      return [...label].filter((_, at) => Math.hypot(x[at]!, y[at]!) < 2.4).every((value) => value === 1);
    });
    assert.ok(inside);
    const legend = page.locator("np-output-key .key");
    const text = await legend.allInnerTexts();
    assert.deepEqual(text.slice(0, 2).map((each) => each.trim()), [dictionary["view.class.orange"], dictionary["view.class.blue"]]);
    assert.equal(await page.locator("np-output-view header p").innerText(), dictionary["view.output.score"]);
    const [orange, blue] = await legend.locator("path").evaluateAll((paths) => paths.map((path) => {
      const [r = 0, , b = 0] = (getComputedStyle(path).fill.match(/\d+/g) ?? []).map(Number);
      return b - r;
    }));
    assert.ok(orange! < -50 && blue! > 50, `${orange} ${blue}`);
    assert.deepEqual(errors, []);
  });
}

for (const language of LANGUAGES) {
  test(`the page is called by its name and says what is happening, in the visitor's language (${language})`, async () => {
    const { page, errors, playground } = await visit("", { locale: language });
    const dictionary = words(language);
    assert.equal(await page.title(), dictionary["ui.page_title"]);
    const status = playground.part("status");
    await status.filter({ hasText: dictionary["status.not_started"]! }).waitFor();
    await playground.click("play");
    await playground.until("epoch-counter", (epoch) => epoch > 20);
    await playground.click("play");
    // Sentences of the dictionary with figures in them; what stands before the first figure is enough to know them by.
    const sentences = Object.entries(dictionary).filter(([key]) => key.startsWith("tell.")).map(([, sentence]) => sentence.split("{")[0]!).filter((start) => start.length > 3);
    await eventually("what the boundary or the curves do", async () => {
      const said = await status.innerText();
      return sentences.some((start) => said.includes(start));
    });
    assert.deepEqual(errors, []);
  });
}
