// Links opened by the page, the share dialog, and what comes out of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { encodeLink } from "../../www/links/index";
import { violations } from "./support/axe";
import { LANGUAGES, picture, words } from "./support/browser";
import { Playground, eventually } from "./support/playground";
import { withSite } from "./support/site";

const site = withSite();

const THEIRS = "activation=relu&batchSize=10&dataset=xor&learningRate=0.03&noise=10&networkShape=5,3&seed=0.59704&percTrainData=70&x=true&y=true&xTimesY=true&" +
  "showTestData=true&discretize=true&problem=classification&playButton_hide=true&dataset_hide=true&tutorial=intro";

interface Inside {
  store: { config: { value: Config }; hiddenControls: { value: Set<string> }; testPointsShown: { value: boolean }; discrete: { value: boolean } };
}
type Config = import("../../www/engine/index").Config;
const config = (page: Page): Promise<Config> => page.evaluate(() => (document.querySelector("neural-playground") as unknown as Inside).store.config.value);
const notice = (page: Page) => page.locator("np-page-messages .toast");

for (const language of LANGUAGES) {
  test(`a link of TensorFlow Playground opens in its own mode, and sound defaults are one press away (${language})`, async () => {
    const { page, playground, errors } = await site.open(`/#${THEIRS}`, { locale: language });
    const word = words(language);
    await playground.part("mode-note").waitFor();
    assert.ok((await playground.part("mode-note").innerText()).includes(word["link.mode"]!));
    await notice(page).filter({ hasText: word["link.note.tutorial"]! }).waitFor();
    const before = await config(page);
    assert.deepEqual([before.mode, before.data.dataset, before.data.noise, before.data.features, before.seeds.tf_playground], ["tf_playground", "xor", 0.1, ["x", "y", "x_times_y"], "0.59704"]);
    const inside = await page.evaluate(() => {
      const { store } = document.querySelector("neural-playground") as unknown as Inside;
      return [[...store.hiddenControls.value], store.testPointsShown.value, store.discrete.value];
    });
    assert.deepEqual(inside, [["play", "dataset"], true, true]);
    await playground.until("metric-train-loss", (loss) => Number.isFinite(loss));
    const boxes = await page.evaluate(() => [...document.querySelector("neural-playground")!.shadowRoot!.querySelectorAll<HTMLInputElement>("np-output-key input")].map(({ checked }) => checked));
    assert.deepEqual(boxes, [true, true], "test points (here the points that are not for training) and decisions are shown");
    await picture(page, `tf-playground-${language}`);
    await playground.click("sound-defaults");
    await playground.part("mode-note").waitFor({ state: "detached" });
    const now = await config(page);
    assert.deepEqual([now.mode, now.data.dataset, now.data.features], ["standard", "xor", before.data.features]);
    assert.deepEqual(now.network.hidden.map(({ units }) => units), [5, 3]);
    assert.equal(now.training.loss.id, "binary_cross_entropy");
    assert.deepEqual(await playground.untranslated(), []);
    assert.deepEqual(errors, []);
  });

  test(`a link that is broken says so, and the page works as it was (${language})`, async () => {
    for (const hash of ["c=1.AAAA", "c=9.AAAA", "learningRate=quick", "networkShape=4,5000", "nonsense=1"]) {
      const { page, playground, errors, close } = await site.open(`/#${hash}`, { locale: language });
      await notice(page).waitFor();
      const text = await notice(page).innerText();
      assert.ok(text.length > 10 && !/\{\w+\}|undefined/.test(text), `${hash}: ${text}`);
      assert.equal((await config(page)).data.dataset, "circle");
      await playground.until("metric-train-loss", Number.isFinite);
      await playground.click("play");
      await playground.until("epoch-counter", (epoch) => epoch > 2);
      assert.deepEqual(await playground.untranslated(), []);
      assert.deepEqual(errors, []);
      if (hash === "learningRate=quick") await picture(page, `broken-link-${language}`);
      await close();
    }
  });
}

async function shared(page: Page, ...wishes: string[]): Promise<string> {
  const playground = new Playground(page);
  await playground.click("share");
  await playground.part("share-link").waitFor();
  for (const wish of wishes) await playground.part(`share-${wish}`).check();
  const word = words("en");
  if (wishes.includes("replay")) await playground.part("share-check").filter({ hasText: word["share.replays"]! }).waitFor();
  await playground.click("copy-link");
  await playground.part("share-said").filter({ hasText: word["share.copied"]! }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, await playground.part("share-link").inputValue());
  return link;
}

test("a copied link is replayed elsewhere and comes to the same; tampered weights are told", async () => {
  const { page, playground, errors, close } = await site.visit("/", { locale: "en", permissions: ["clipboard-read", "clipboard-write"] });
  for (let count = 0; count < 3; count += 1) await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 3);
  const short = await shared(page);
  assert.ok(short.length < 200, short);
  await page.keyboard.press("Escape");
  await playground.part("share-dialog").waitFor({ state: "detached" });
  const link = await shared(page, "replay", "weights");
  await picture(page, "share-en");
  const loss = await playground.figure("metric-train-loss");
  await close();

  const word = words("en");
  const other = await site.open(link, { locale: "en" });
  await notice(other.page).filter({ hasText: word["link.same"]!.split("}").at(-1)! }).waitFor();
  const there = other.playground;
  await there.until("epoch-counter", (epoch) => epoch === 3);
  assert.equal(await there.figure("metric-train-loss"), loss);
  // The same with one weight of the link changed, pasted into the dialog.
  const { decodeLink } = await import("../../www/links/index");
  const state = await decodeLink(link);
  state.weights![0]! += 0.25;
  const tampered = await encodeLink(state);
  await there.click("share");
  await there.part("paste-link").fill(`${site.origin}/#${tampered}`);
  await there.part("paste-link").press("Enter");
  const said = notice(other.page).filter({ hasText: "hidden.0.weight" });
  await said.waitFor();
  assert.match(await said.innerText(), /0\.250/);
  assert.ok((await said.innerText()).includes(word["link.differs_by"]!.split("{")[0]!));
  // A refused one changes nothing.
  const before = await config(other.page);
  await there.click("share");
  await there.part("paste-link").fill("https://playground.tensorflow.org/#batchSize=0");
  await there.click("open-link");
  await notice(other.page).filter({ hasText: "batch" }).waitFor();
  assert.deepEqual(await config(other.page), before);
  await there.until("epoch-counter", (epoch) => epoch === 3);
  assert.deepEqual([...errors, ...other.errors], []);
});

test("the code to embed says what is shown and what may be changed, and its preview is alive", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en" });
  await playground.click("share");
  const section = page.locator("np-embed-section");
  await section.locator("summary").first().click();
  await playground.part("shown-seed").uncheck();
  await playground.part("changeable-noise").uncheck();
  await playground.part("part-tabs").uncheck();
  const { decodeLink } = await import("../../www/links/index");
  const wanted = JSON.stringify([["seed"], ["noise"], ["header", "data", "training", "layer"]]);
  let code = "";
  await eventually(wanted, async () => {
    code = await playground.part("embed-code").inputValue();
    const link = /link="([^"]+)"/.exec(code)?.[1];
    const state = link ? await decodeLink(link) : null;
    return JSON.stringify([state?.hidden, state?.locked, state?.view?.parts]) === wanted;
  });
  await section.getByText(words("en")["share.preview"]!, { exact: true }).click();
  const preview = playground.part("embed-preview").locator("neural-playground");
  await preview.getByTestId("play").waitFor();
  await page.locator("np-embed-section input[type=radio]").nth(1).check();
  await eventually("the code of a frame", async () => /^<iframe src="http.*embed\.html#c=1\.[\w-]+" title="/.test(await playground.part("embed-code").inputValue()));
  await picture(page, "share-embed-en");
  assert.deepEqual(errors, []);
});

test("every panel is an image: PNG by its bytes, SVG by a parser", async () => {
  for (const dataset of ["circle", "line_sine", "digits"]) {
    const { page, playground, errors, close } = await site.visit("/", { locale: "zh-CN", colorScheme: dataset === "circle" ? "dark" : "light", acceptDownloads: true });
    if (dataset !== "circle") {
      await playground.click(`dataset-${dataset}`);
      await page.waitForFunction((id) => (document.querySelector("neural-playground") as unknown as Inside).store.config.value.data.dataset === id, dataset);
    }
    await playground.click("epoch");
    await playground.until("epoch-counter", (epoch) => epoch >= 1);
    await playground.rest();
    await playground.click("share");
    for (const panel of ["figure", "network", "output", "curves"]) {
      await playground.part("image-panel").selectOption(panel);
      const files: Record<string, Buffer> = {};
      for (const kind of ["svg", "png"]) {
        const [file] = await Promise.all([page.waitForEvent("download"), playground.click(`download-${kind}`)]);
        assert.equal(file.suggestedFilename(), `${dataset}-${panel}.${kind}`);
        files[kind] = readFileSync(await file.path());
        await file.saveAs(`test-results/images/${file.suggestedFilename()}`);
      }
      assert.deepEqual([...files.png!.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
      const svg = files.svg!.toString("utf8");
      const shape = await page.evaluate((text) => {
        const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
        const [errors, paths, texts, images] = ["parsererror", "path", "text", "image"].map((name) => root.getElementsByTagName(name).length) as [number, number, number, number];
        return { root: root.nodeName, errors, paths, texts, images, width: Number(root.getAttribute("width")) };
      }, svg);
      assert.deepEqual([shape.root, shape.errors], ["svg", 0]);
      assert.ok(shape.paths + shape.images > 0 && shape.texts > 0, `${dataset} ${panel}: ${JSON.stringify(shape)}`);
      if (panel === "network") assert.ok(shape.paths > 20, "links and cells are lines");
      if (panel === "network" && dataset === "circle") assert.equal(shape.images, 9, "every neuron's map");
      assert.ok(files.png!.readUInt32BE(16) >= 2 * Math.floor(shape.width), "a PNG is twice as fine");
      assert.ok(!/NaN|undefined/.test(svg.replace(/href="[^"]*"/g, "")), `${dataset} ${panel}`);
    }
    assert.deepEqual(errors, []);
    await close();
  }
});

for (const { language, scheme, width } of [{ language: "zh-CN", scheme: "dark", width: 390 }, { language: "en", scheme: "light", width: 820 }] as const) {
  test(`the dialog works by keyboard (${language}, ${scheme}, ${width} px)`, async () => {
    const { page, playground, errors } = await site.visit("/", { locale: language, colorScheme: scheme, viewport: { width, height: 844 } });
    await playground.part("share").focus();
    await page.keyboard.press("Enter");
    await playground.part("share-dialog").waitFor();
    const inside = (): Promise<boolean> => page.evaluate(() => {
      const { activeElement } = document.querySelector("neural-playground")!.shadowRoot!;
      return activeElement?.closest("np-share-dialog") !== null;
    });
    assert.ok(await inside());
    const seen = new Set<string>();
    for (let count = 0; count < 25; count += 1) {
      await page.keyboard.press("Tab");
      seen.add(await page.evaluate(() => (document.querySelector("neural-playground")!.shadowRoot!.activeElement as HTMLElement | null)?.dataset.testid ?? ""));
    }
    for (const id of ["share-weights", "share-link", "copy-link", "embed-code", "copy-code", "image-panel", "download-png", "paste-link", "open-link", "share-close"]) assert.ok(seen.has(id), `${id} is reached by Tab: ${[...seen].join(" ")}`);
    const overflow = await page.evaluate(() => {
      const dialog = document.querySelector("neural-playground")!.shadowRoot!.querySelector("dialog.share")!;
      return dialog.scrollWidth - dialog.clientWidth;
    });
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    await page.locator("np-embed-section summary").first().click();
    assert.deepEqual(await violations(page, { fromShadowDom: ["neural-playground", "dialog.share"] }), []);
    await page.locator("np-embed-section summary").first().click();
    await picture(page, `share-${width}-${language}`);
    await page.keyboard.press("Escape");
    await playground.part("share-dialog").waitFor({ state: "detached" });
    assert.deepEqual(await playground.untranslated(), []);
    assert.deepEqual(errors, []);
  });
}

/** A link that asks for more than anybody waits for, and hides all that could stop it. */
async function endless(steps = 10_000_000): Promise<string> {
  const { CONTROLS } = await import("../../www/state/control-policy");
  return `#${await encodeLink({ config: {}, view: { parts: [] }, hidden: [...CONTROLS], replay: { steps, digest: "0123456789abcdef" } })}`;
}

for (const path of ["/", "/v1/embed.html"]) test(`a replay without end never holds the page up, and can be stopped although the link hides everything (${path})`, async () => {
  const { page, playground, errors } = await site.open(`${path}${await endless()}`, { locale: "en" });
  const bar = playground.part("replay");
  await bar.waitFor();
  // It is ready meanwhile, and answers.
  await page.waitForFunction(() => (document.querySelector("neural-playground") as unknown as { store: { started: { value: boolean } } }).store.started.value);
  const progress = (): Promise<number> => bar.locator("progress").evaluate((element) => (element as HTMLProgressElement).value);
  const first = await progress();
  await page.waitForFunction((before) => {
    const find = (root: Document | ShadowRoot): HTMLProgressElement | null => root.querySelector("progress");
    return (find(document.querySelector("neural-playground")!.shadowRoot!)?.value ?? 0) > before;
  }, first);
  await playground.click("replay-stop");
  await bar.waitFor({ state: "detached" });
  await notice(page).filter({ hasText: words("en")["link.ended_stopped"]!.split("{")[0]! }).waitFor();
  const step = (): Promise<number> => page.evaluate(async () => (await (document.querySelector("neural-playground") as unknown as { metrics(): Promise<{ step: number }> }).metrics()).step);
  const stopped = await step();
  await page.waitForTimeout(300);
  assert.equal(await step(), stopped, "nothing trains any more");
  assert.ok(stopped < 10_000_000);
  assert.deepEqual(errors, []);
});

test("a link that comes during a replay takes its place, and nothing is said of the network before; whoever changes it ends the replay", async () => {
  const { page, playground, errors } = await site.open(`/${await endless()}`, { locale: "en" });
  await playground.part("replay").waitFor();
  // A bad one changes nothing.
  const go = (hash: string): Promise<void> => page.evaluate((to) => { location.hash = to; }, hash);
  await go("c=1.broken");
  await page.locator(".toast.refusal").waitFor();
  assert.equal(await playground.part("replay").count(), 1);
  const good = await encodeLink({ config: { data: { dataset: "spiral" } }, replay: { steps: 30 } });
  await go(good);
  await playground.until("step-counter", (step) => step === 30);
  await playground.part("replay").waitFor({ state: "detached" });
  assert.equal((await config(page)).data.dataset, "spiral");
  assert.equal(await page.locator(".toast").count(), 0, "the refusal is gone, and nothing is said of the first network");
  await go((await endless()).slice(1));
  await playground.part("replay").waitFor();
  await page.evaluate(() => (document.querySelector("neural-playground") as unknown as { store: { actions: { set(path: string, value: unknown): Promise<void> } } }).store.actions.set("training.batch_size", 12));
  await playground.part("replay").waitFor({ state: "detached" });
  assert.equal((await config(page)).training.batch_size, 12);
  assert.equal(await page.locator(".toast").count(), 0);
  assert.deepEqual(errors, []);
});

test("links that mail and chats have changed open from the address bar", async () => {
  const link = await encodeLink({ config: { data: { dataset: "spiral" }, training: { batch_size: 21 } } });
  for (const hash of [encodeURIComponent(link), encodeURIComponent(encodeURIComponent(link)), `${link}.`, `${link}&utm_source=x`, `${link}?utm_source=x`, `${link}==`]) {
    const { page, close } = await site.visit(`/#${hash}`, { locale: "en" });
    const { data, training } = await config(page);
    assert.deepEqual([data.dataset, training.batch_size], ["spiral", 21], hash);
    await close();
  }
  const { page } = await site.visit("/#seed=1&amp;dataset=xor&amp;learnRate=3", { locale: "en" });
  assert.equal((await config(page)).data.dataset, "xor");
  await notice(page).filter({ hasText: "learnRate=3" }).waitFor();
});
