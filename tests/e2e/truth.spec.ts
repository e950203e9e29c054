// What the page says and shows is true of what is seen: names, titles, sentences, figures of earlier moments, refusals.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { NeuralPlayground } from "../../www/app/element/element";
import type { Store } from "../../www/state/store";
import { LANGUAGES, words } from "./support/browser";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

for (const language of LANGUAGES) {
  test(`help says how to read the page, and every data set has a visible name (${language})`, async () => {
    const { page, errors } = await site.visit("/", { locale: language });
    const word = words(language);
    await page.keyboard.press("?");
    const sheet = page.getByTestId("shortcut-sheet");
    await sheet.getByText(word["help.title"]!).waitFor();
    assert.equal(await sheet.locator(".reading li").count(), 5);
    for (const id of ["neuron", "link", "width", "bias", "output"]) await sheet.getByText(word[`help.${id}`]!).waitFor();
    await page.keyboard.press("Escape");
    for (const id of ["circle", "xor", "gauss", "spiral", "reg_plane", "line_sine", "digits"]) {
      const name = page.getByTestId(`dataset-${id}`).locator(".thumbnail-name");
      assert.equal(await name.innerText(), word[`dataset.${id}`]);
      assert.ok(await name.isVisible());
    }
    // No name runs into its neighbour's or out of the panel.
    const boxes = await page.locator(".thumbnail-name").evaluateAll((names) => names.map((name) => name.getBoundingClientRect()).map(({ left, right, top }) => ({ left, right, top })));
    for (const a of boxes) for (const b of boxes) if (a !== b && Math.abs(a.top - b.top) < 4) assert.ok(a.right <= b.left + 1 || b.right <= a.left + 1, JSON.stringify([a, b]));
    assert.deepEqual(errors, []);
  });

  test(`a chosen neuron's picture is titled, and the way back is a press or Escape (${language})`, async () => {
    const { page } = await site.visit("/", { locale: language });
    const word = words(language);
    const title = page.locator("np-output-view h2");
    assert.equal(await title.innerText().then((text) => text.toLowerCase()), word["view.output.title"]!.toLowerCase());
    const choose = async (): Promise<void> => {
      await page.locator('np-network-view .unit[data-layer="1"][data-unit="2"]').click({ position: { x: 24, y: 20 } });
      await page.mouse.move(5, 5);
      const wanted = word["view.output.of_hidden"]!.replace("{unit}", "3").replace("{index}", "1").toLowerCase();
      await eventually("the title names it", async () => (await title.innerText()).toLowerCase() === wanted);
    };
    await choose();
    await page.getByTestId("back-to-output").click();
    await eventually("the output is back", async () => (await title.innerText()).toLowerCase() === word["view.output.title"]!.toLowerCase());
    await choose();
    await page.keyboard.press("Escape");
    await eventually("the output is back", async () => (await title.innerText()).toLowerCase() === word["view.output.title"]!.toLowerCase());
  });

  test(`a change while paused is not called a rising loss (${language})`, async () => {
    const { page, playground } = await site.visit("/", { locale: language });
    const word = words(language);
    await playground.click("play");
    await playground.until("epoch-counter", (epoch) => epoch >= 80);
    await playground.click("play");
    await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.patch({ network: { hidden: [
      { units: 4, activation: "relu", dropout: 0, frozen: false }, { units: 2, activation: "relu", dropout: 0, frozen: false }] } }));
    const status = playground.part("status");
    await status.filter({ hasText: word["tell.curves.changed"]! }).waitFor();
    const text = await status.innerText();
    for (const key of ["rising", "jumping", "falling", "above_start"]) assert.ok(!text.includes(word[`tell.curves.${key}`]!), text);
  });
}

test("a neuron more while it plays goes on playing, and so does taking it back", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  await playground.click("play");
  await playground.until("epoch-counter", (epoch) => epoch >= 60);
  await page.getByRole("button", { name: words("en")["view.network.more"]!.replace("{layer}", "Hidden 1") }).click();
  await page.locator('np-network-view .unit[data-layer="1"][data-unit="4"]').waitFor();
  const grown = await playground.until("epoch-counter", (epoch) => epoch >= 60);
  assert.ok(await page.getByRole("button", { name: words("en")["ui.pause"]!, exact: true }).isVisible(), "it still plays");
  await playground.until("epoch-counter", (epoch) => epoch > grown + 10);
  await playground.click("undo");
  await eventually("four neurons again", async () => (await page.locator('np-network-view .unit[data-layer="1"]').count()) === 4);
  const back = await playground.figure("epoch-counter");
  assert.ok(back > grown && (await page.getByRole("button", { name: words("en")["ui.pause"]!, exact: true }).isVisible()));
  await playground.until("epoch-counter", (epoch) => epoch > back + 10);
});

test("test figures say of which epoch they are, and turn pale after a change; the confusion matrix has no colour of a class", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  await playground.click("epoch");
  await playground.click("reveal-test");
  const cards = page.getByTestId("test-cards");
  await cards.waitFor();
  assert.doesNotMatch((await cards.getAttribute("class"))!, /past/);
  await playground.click("epoch");
  await eventually("they are of an earlier epoch", async () => /past/.test((await cards.getAttribute("class"))!));
  assert.match(await cards.innerText(), /Epoch 1/);
  await playground.click("reveal-test");
  await eventually("measured again", async () => !/past/.test((await cards.getAttribute("class"))!));
  await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.patch({ training: { penalty: { id: "l2", lambda: 0.1 } } }));
  await eventually("a change at the same step", async () => /past/.test((await cards.getAttribute("class"))!));

  await page.getByRole("tab").first().click();
  await page.locator("np-confusion-view td").filter({ hasText: /\d/ }).first().waitFor();
  const cells = await page.locator("np-confusion-view td").filter({ hasText: /\d/ }).evaluateAll((all) => all.map((cell) => {
    const { backgroundColor, boxShadow } = getComputedStyle(cell);
    const context = document.createElement("canvas").getContext("2d")!;
    context.fillStyle = backgroundColor;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return { spread: Math.max(r!, g!, b!) - Math.min(r!, g!, b!), framed: boxShadow !== "none" };
  }));
  assert.equal(cells.length, 4);
  assert.ok(cells.every(({ spread }) => spread < 24), JSON.stringify(cells));
  assert.deepEqual(cells.map(({ framed }) => framed), [true, false, false, true]);
});

test("a refused loss offers the output that it needs", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  await page.locator("np-training-panel select").first().selectOption("hinge");
  const mend = page.getByTestId("mend").first();
  await mend.waitFor();
  assert.equal(await mend.innerText(), words("en")["mend.output"]!.replace("{value}", "Tanh"));
  await mend.click();
  const config = () => page.evaluate(() => (document.querySelector("neural-playground") as unknown as { store: Store }).store.config.value);
  await eventually("both are set", async () => {
    const { training, network } = (await config())!;
    return training.loss.id === "hinge" && network.output.activation.id === "tanh";
  });
  assert.equal(await playground.shown("mend"), false);
});

test("after divergence a remedy starts again from sound weights", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.patch({
    network: { hidden: [{ units: 4, activation: "relu", dropout: 0, frozen: false }], output: { activation: "linear" } },
    training: { loss: "mse", optimizer: { id: "sgd", learning_rate: 50 } },
  }));
  await playground.click("play");
  const remedy = page.locator(".remedies button").first();
  await remedy.waitFor();
  const said = await playground.part("status").innerText();
  const step = await playground.figure("step-counter");
  assert.ok(said.includes(`shows step ${step.toLocaleString("en")}`), `${said} beside the counter ${step}`);
  await remedy.click();
  await playground.until("epoch-counter", (epoch) => epoch >= 20);
  assert.ok((await playground.figure("metric-train-loss")) < 1);
  assert.equal(await page.locator(".remedies button").count(), 0);
});

test("feature chips show their own features after another kind of data", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  const picture = (id: string) => page.getByTestId(`feature-${id}`).locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const ids = ["x", "y", "x_squared", "y_squared", "x_times_y", "sin_x", "sin_y"];
  await eventually("they are drawn", async () => new Set(await Promise.all(ids.map(picture))).size === ids.length);
  const plane = await Promise.all(ids.map(picture));
  await playground.click("dataset-line_sine");
  await page.waitForTimeout(500);
  await playground.click("dataset-circle");
  await eventually("as before", async () => JSON.stringify(await Promise.all(ids.map(picture))) === JSON.stringify(plane));
});

test("a test part of 0 % is not sealed", async () => {
  const { page } = await site.visit("/", { locale: "en" });
  const split = page.locator("np-split-bar");
  await split.getByText(words("en")["ui.test_sealed_short"]!).waitFor();
  await page.evaluate(() => document.querySelector<NeuralPlayground>("neural-playground")!.patch({ data: { split: { train: 60, validation: 40, test: 0 } } }));
  await eventually("nothing is sealed", async () => !(await split.innerText()).includes(words("en")["ui.test_sealed_short"]!));
});

test("where values are predicted the words are of values", async () => {
  const { page, playground } = await site.visit("/", { locale: "en" });
  const word = words("en");
  await playground.click("dataset-reg_plane");
  await page.getByTestId("picture-boundary").filter({ hasText: word["ui.picture_map"]! }).waitFor();
  await page.locator("np-output-key").getByText(word["view.output.two_colours"]!).waitFor();
});
