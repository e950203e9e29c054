// The element in other people's pages: every way to a worker, strict policies, what is shown, hidden and locked, what it tells,
// several on one page, and what it costs.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import type { Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import { CONTROLS } from "../../www/state/control-policy";
import { EMBED_BUDGET, embedLoad, gzipped } from "../../scripts/first-load.mjs";
import { combinations, heavy } from "../support/everything";
import { violations } from "./support/axe";
import { LANGUAGES, picture, words } from "./support/browser";
import type { Opened, Opening } from "./support/browser";
import { dist } from "./support/server";
import { withSite } from "./support/site";
import { trainedAt, watchTraining } from "./support/trained";

const CORS = { "access-control-allow-origin": "*" };
/** The strictest policy under which anything of the kind can run: no inline style, no inline script, no worker. */
const STRICT = { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'" };

const tutorial = (figures: string, origin = ""): string =>
  `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A tutorial</title><script type="module" src="${origin}/v1/playground.js"></script><main><h1>A tutorial</h1>${figures}</main></html>`;
const figure = (attributes = "", origin = ""): string => tutorial(`<neural-playground ${attributes} lang="en"></neural-playground>`, origin);

const PAGES = {
  "/plain.html": figure(),
  "/wished.html": figure(`dataset="xor" layers="6,3" activation="relu" optimizer="adam" learning-rate="0.02" batch-size="25" goal="accuracy>=0.6"`),
  "/wrong.html": figure(`layers="8,many" learning-rate="fast" goal="accuracy<=0.9" controls="activation,optimiser" hide="tabs,nonsense" theme="blue" optimizer="adamax2"`),
  "/single.html": figure(`controls="activation,optimizer"`),
  "/parts.html": figure(`controls="training" hide="seed,schedule" lock="noise"`),
  "/locked.html": figure(`lock="${CONTROLS.join(" ")}"`),
  "/hidden.html": figure(`hide="${CONTROLS.join(" ")}"`),
  "/styled.html": `<style>neural-playground { --accent: rgb(10 120 70); --blue: rgb(120 0 160); --orange: rgb(120 0 160); } neural-playground::part(play) { border-radius: 3px; } neural-playground::part(map) { outline: 3px solid rgb(1 2 3); }</style>${figure(`theme="light"`)}`,
  "/six.html": tutorial(Array.from({ length: 6 }, (_, at) =>
    `<div style="height: 2000px"><neural-playground id="n${at}" dataset="${["circle", "xor", "spiral", "moons", "gauss", "rings"][at]}" controls="play" autoplay lang="en"></neural-playground></div>`).join("")),
};

const site = withSite({ pages: PAGES, headers: CORS });

declare global {
  interface Window {
    told: { type: string; at: number; detail: Record<string, unknown> }[];
    refused: string[];
  }
}

/** Opens a page that notes every event, and every breach of a policy, from the start: strict policies make a browser write errors, so only
 * exceptions are looked at. */
function visit(address: string, options: Opening = {}): Promise<Opened> {
  return site.open(address, { viewport: { width: 760, height: 900 }, prepare: noted, ...options });
}

async function noted(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.told = [];
    window.refused = [];
    for (const type of ["np-ready", "np-frame", "np-goal", "np-done", "np-error"]) {
      addEventListener(type, (event) => window.told.push({ type, at: performance.now(), detail: (event as CustomEvent).detail }));
    }
    addEventListener("securitypolicyviolation", (event) => window.refused.push(event.effectiveDirective));
  });
}

const ready = (page: Page) => page.waitForFunction(() => window.told.some(({ type }) => type === "np-ready"));
const seen = (page: Page, type: string) => page.waitForFunction((wanted) => window.told.find((each) => each.type === wanted)?.detail, type).then((found) => found.jsonValue() as Promise<Record<string, unknown>>);

/** Trains by the element's own call; where it ran, and what came of it. */
async function train(page: Page): Promise<{ thread: string; fell: boolean; drawn: boolean }> {
  await ready(page);
  return page.evaluate(async () => {
    const element = document.querySelector("neural-playground") as NeuralPlayground;
    const before = await element.metrics();
    const { train } = await element.train({ epochs: 30 });
    return { thread: element.info!.thread, fell: train.loss! < before.train.loss!, drawn: element.store.frame.value !== null };
  });
}

test("first rung: from the same origin the element's engine runs in a worker", async () => {
  const { page, thrown } = await visit(`/plain.html`);
  assert.deepEqual(await train(page), { thread: "worker", fell: true, drawn: true });
  assert.deepEqual(thrown, []);
});

test("second rung: from another origin, with CORS, it runs in a worker by way of a Blob", async () => {
  const { page, thrown } = await site.elsewhere(figure("", site.origin), { prepare: noted });
  assert.deepEqual(await train(page), { thread: "blob_worker", fell: true, drawn: true });
  assert.deepEqual(thrown, []);
});

test("third rung: a host whose policy forbids workers and inline styles has it in its own thread, and breaks no other rule", async () => {
  const host = await site.serve({ pages: PAGES, headers: STRICT });
  const { page, thrown } = await visit(`${host.origin}/plain.html`);
  assert.deepEqual(await train(page), { thread: "main", fell: true, drawn: true });
  // Every panel, and what is fetched when it is first used.
  await page.getByTestId("picture-surface").click();
  await page.getByTestId("surface").waitFor();
  await page.getByTestId("share").click();
  await page.getByTestId("share-link").waitFor();
  assert.deepEqual([...new Set(await page.evaluate(() => window.refused))], ["worker-src"]);
  const [unit, network] = await Promise.all([page.locator("np-network-view .unit").last().boundingBox(), page.getByTestId("network").boundingBox()]);
  assert.ok(unit!.x > network!.x + network!.width / 2, "neurons stand where they belong: their places are styles too");
  assert.deepEqual(thrown, []);
});

test("without CORS there is an error that says so, in words, and no script error", async () => {
  const library = await site.serve();
  const { page } = await site.elsewhere(`<!doctype html><title>x</title><script type="module">
    try { await import("${library.origin}/v1/playground.js"); } catch (error) { document.title = String(error); }</script>`);
  await page.waitForFunction(() => document.title.startsWith("TypeError"));
});

test("attributes are the start, a goal is reached and told, and then training is done", async () => {
  const { page } = await visit(`/wished.html`);
  const { config } = (await seen(page, "np-ready")) as { config: { data: { dataset: string }; network: { hidden: { units: number; activation: { id: string } }[] }; training: Record<string, unknown> } };
  assert.equal(config.data.dataset, "xor");
  assert.deepEqual(config.network.hidden.map(({ units, activation }) => [units, activation.id]), [[6, "relu"], [3, "relu"]]);
  assert.deepEqual((config.training.optimizer as object), { ...(config.training.optimizer as object), id: "adam", learning_rate: 0.02 });
  assert.equal(config.training.batch_size, 25);
  assert.deepEqual((config.training.stop as { target: object }).target, { metric: "accuracy", value: 0.6 });
  await page.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).play());
  const goal = await seen(page, "np-goal");
  const done = await seen(page, "np-done");
  const { validation } = await page.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).metrics());
  assert.deepEqual([goal.metric, goal.goal, goal.step, goal.value], ["accuracy", 0.6, done.step, validation!.accuracy]);
  assert.ok(validation!.accuracy! >= 0.6);
  assert.equal(done.reason, "target");
  const order = await page.evaluate(() => window.told.map(({ type }) => type).filter((type) => type === "np-goal" || type === "np-done"));
  assert.deepEqual(order, ["np-goal", "np-done"]);
});

for (const language of LANGUAGES) {
  test(`what is wrong with attributes is told and shown by name, and the rest holds (${language})`, async () => {
    const { page, thrown } = await visit(`/wrong.html`);
    await page.evaluate((lang) => document.querySelector("neural-playground")!.setAttribute("lang", lang), language);
    await ready(page);
    const faults = await page.evaluate(() => window.told.filter(({ type }) => type === "np-error").map(({ detail }) => [detail.code, detail.field, (detail.values as { value?: string }).value]));
    assert.deepEqual(faults, [
      ["unknown_name", "theme", "blue"],
      ["unknown_name", "controls", "optimiser"],
      ["unknown_name", "hide", "nonsense"],
      ["attribute_number", "layers", "many"],
      ["attribute_number", "learning-rate", "fast"],
      ["goal_form", "goal", "accuracy<=0.9"],
      ["unknown_id", "optimizer", undefined],
    ]);
    const message = await page.locator(".toast").innerText();
    assert.match(message, /optimizer.*adamax2|adamax2.*optimizer/, "the last one is shown");
    assert.equal(await page.locator("np-network-view select").count(), 3, "the activations are shown, as asked");
    assert.equal(await page.locator("np-tab-bar").count(), 0);
    assert.deepEqual(thrown, []);
  });
}

/** By test id or selector, where each control is found: at least one for every id. */
const PLACES: Record<(typeof CONTROLS)[number], string> = {
  "play": "[data-testid=play]", "step": "[data-testid=step]", "epoch": "[data-testid=epoch]", "reset": "[data-testid=reset]", "seed": "[data-testid=new-seed]",
  "undo": "[data-testid=undo]", "speed": "[data-testid=speed]", "engine": "[data-testid=engine-badge]",
  "dataset": "[data-testid=dataset-circle]", "problem": "[data-testid=dataset-reg_plane]", "noise": "input[aria-label='Noise']",
  "samples": "input[aria-label='Samples']", "classes": "input[aria-label='Classes']", "split": "np-split-bar [role=slider]", "features": "[data-testid=feature-x]",
  "label-noise": "input[aria-label='Label noise']", "balance": "input[aria-label='Class balance']", "scaling": "select[aria-label='Scaling']",
  "loss": "[data-testid=loss]", "optimizer": "[data-testid=optimizer]", "learning-rate": ".rate-control input", "regularization": "[data-testid=penalty]",
  "regularization-rate": "input[aria-label='Regularization rate']", "batch-size": "input[aria-label='Batch size']", "schedule": "select[aria-label='Learning-rate schedule']",
  "clipping": "select[aria-label='Gradient clipping']", "initializer": "select[aria-label='Initial weights']", "stop": "np-stopping-panel input",
  "activation": "np-network-view .menu select", "layers": "np-network-view .remove", "neurons": "np-network-view .small:not(.remove)", "weights": ".weight input",
  "gradients": "[data-testid=gradients]", "dropout": "input[aria-label='Dropout']", "freeze": ".layer-ends input[type=checkbox]",
  "picture": "[data-testid=picture-surface]", "show-validation": "[data-testid=show-validation]", "show-test": "[data-testid=show-test]",
  "discretize": "[data-testid=discretize]", "curves": "np-curves-view .choice button", "test": "[data-testid=reveal-test]",
  "share": "[data-testid=share]", "language": "[data-testid=language]", "theme": "[data-testid=theme]", "shortcuts": "[data-testid=shortcuts]",
};
/** Two configs in which every control has its place: some data sets have a number of classes, others a balance of two; the test set is closed first, then opened. */
const PLACED = ["blobs", "circle"].map((dataset) => ({ data: { dataset }, training: { penalty: { id: "l2", lambda: 0.001 } } }));

test("every control is there, and each can be hidden and locked by its name", async () => {
  for (const [path, state] of [["/plain.html", "shown"], ["/locked.html", "locked"], ["/hidden.html", "hidden"]] as const) {
    const { page, thrown, close } = await visit(`${site.origin}${path}`);
    await ready(page);
    const found: string[] = [];
    const met = new Set<string>();
    for (const config of PLACED) {
      await page.evaluate(async (wanted) => {
        const element = document.querySelector("neural-playground") as NeuralPlayground;
        await element.configure(wanted as never);
        await element.step();
        if (wanted.data.dataset === "circle") {
          await element.revealTest();
          while (element.store.points.value!.label.some(Number.isNaN)) await new Promise(requestAnimationFrame);
        }
        // The weights come with the next frame.
        while (element.store.frame.value?.step !== 1 || element.store.frame.value.run !== element.store.run.value) await new Promise(requestAnimationFrame);
        await element.updateComplete;
        await new Promise(requestAnimationFrame);
      }, config);
      for (const [id, place] of Object.entries(PLACES)) for (const each of await page.locator(`neural-playground ${place}`).all()) {
        met.add(id);
        if (state === "hidden") found.push(id);
        if (state === "hidden") continue;
        const off = await each.evaluate((control) => control.matches(":disabled, [aria-disabled=true], [readonly]"));
        if (off !== (state === "locked") && id !== "undo") found.push(`${id} is ${off ? "off" : "on"}`);
        if (state === "locked") {
          // In the control's own name, or in that of the group around it.
          const says = await each.evaluate((control) => /locked/i.test(`${control.getAttribute("aria-label")} ${control.closest("fieldset.locked")?.querySelector("legend")?.textContent} ${control.closest("[role=group]")?.getAttribute("aria-label")}`));
          if (!says) found.push(`${id} does not say that it is locked`);
        }
      }
    }
    if (state !== "hidden") assert.deepEqual(CONTROLS.filter((id) => !met.has(id)), [], "each is there");
    assert.deepEqual(found, [], state);
    if (state === "hidden") {
      await page.locator("np-network-view .unit").first().focus();
      await page.keyboard.press("]");
      await page.keyboard.press("Space");
      assert.equal(await page.evaluate(() => (document.querySelector("neural-playground") as NeuralPlayground).store.playing.value), false, "no key does what is hidden");
    }
    assert.deepEqual(thrown, []);
    await close();
  }
});

test("single controls bring their part and nothing else; Play stays; the tutorial's example", async () => {
  const { page } = await visit(`/single.html`);
  await ready(page);
  const there = async (selector: string): Promise<boolean> => (await page.locator(selector).count()) > 0;
  assert.deepEqual(await Promise.all(["[data-testid=play]", "[data-testid=optimizer]", "np-network-view .menu select", "np-training-panel"].map(there)), [true, true, true, true]);
  assert.deepEqual(await Promise.all(["[data-testid=step]", "[data-testid=loss]", "np-data-panel", "np-layer-panel", "np-tab-bar", "np-top-bar", "np-engine-badge", "np-network-view .remove"].map(there)), Array(8).fill(false));
  await page.evaluate(() => document.querySelector("neural-playground")!.setAttribute("hide", "play"));
  await page.getByTestId("play").waitFor({ state: "detached" });
  const parts = await visit(`/parts.html`);
  await ready(parts.page);
  const shown = await Promise.all(["np-training-panel", "[data-testid=step]", "np-data-panel", "[data-testid=new-seed]", "np-layer-panel"].map(async (selector) => (await parts.page.locator(selector).count()) > 0));
  assert.deepEqual(shown, [true, true, false, false, false]);
});

test("custom properties colour it, canvases too, and parts have names", async () => {
  const { page } = await visit(`/styled.html`);
  await train(page);
  const looks = await page.evaluate(async () => {
    const root = document.querySelector("neural-playground")!.shadowRoot!;
    const play = getComputedStyle(root.querySelector("[data-testid=play]")!);
    const view = root.querySelector("np-output-view")!.shadowRoot!;
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    const canvas = view.querySelector<HTMLCanvasElement>("#map")!;
    const { width, height } = canvas;
    const [red, green, blue] = canvas.getContext("2d")!.getImageData(Math.round(width / 2), Math.round(height / 2), 1, 1).data;
    const named = ["header", "transport", "status", "data", "network", "training", "layer", "output", "metrics", "curves", "tabs"].filter((name) => root.querySelectorAll(`[part~="${name}"]`).length !== 1);
    return { accent: play.backgroundColor, radius: play.borderRadius, outline: getComputedStyle(view.querySelector(".stage")!).outlineColor, violet: red! > green! && blue! > green!, named };
  });
  assert.deepEqual(looks, { accent: "rgb(10, 120, 70)", radius: "3px", outline: "rgb(1, 2, 3)", violet: true, named: [] });
});

test("six figures have one worker; only what is seen trains, and goes on when it is seen again", async () => {
  const { page, thrown } = await visit(`/six.html`);
  await page.waitForFunction(() => window.told.filter(({ type }) => type === "np-ready").length === 6);
  assert.equal(page.workers().length, 1);
  const steps = () => page.evaluate(async () => Promise.all([...document.querySelectorAll("neural-playground")].map(async (each) => (await (each as NeuralPlayground).metrics()).step)));
  const running = () => page.evaluate(() => [...document.querySelectorAll("neural-playground")].map((each) => (each as NeuralPlayground).store.playing.value));
  await page.waitForFunction(() => ((document.querySelector("#n0") as NeuralPlayground).store.frame.value?.step ?? 0) > 50);
  assert.deepEqual(await running(), [true, false, false, false, false, false]);
  assert.deepEqual((await steps()).slice(1), [0, 0, 0, 0, 0]);
  await page.evaluate(() => document.querySelector("#n3")!.scrollIntoView());
  await page.waitForFunction(() => ((document.querySelector("#n3") as NeuralPlayground).store.frame.value?.step ?? 0) > 50);
  await page.waitForFunction(() => !(document.querySelector("#n0") as NeuralPlayground).store.playing.value);
  const left = await steps();
  await page.waitForFunction((from) => (document.querySelector("#n3") as NeuralPlayground).store.frame.value!.step > from + 50, left[3]!);
  const later = await steps();
  assert.deepEqual([later[0], later[1], later[5]], [left[0], 0, 0], "who is scrolled away stands");
  await page.evaluate(() => document.querySelector("#n0")!.scrollIntoView());
  await page.waitForFunction((from) => (document.querySelector("#n0") as NeuralPlayground).store.frame.value!.step > from, left[0]!);
  // Paused by hand, it stays so.
  await page.evaluate(async () => {
    await (document.querySelector("#n0") as NeuralPlayground).pause();
    document.querySelector("#n3")!.scrollIntoView();
  });
  await page.waitForFunction(() => (document.querySelector("#n3") as NeuralPlayground).store.playing.value);
  await page.evaluate(() => document.querySelector("#n0")!.scrollIntoView());
  await page.waitForFunction(() => !(document.querySelector("#n3") as NeuralPlayground).store.playing.value);
  assert.deepEqual(await running(), Array(6).fill(false));
  assert.deepEqual(thrown, []);
});

// gpu.spec.ts has two.
heavy("six figures on WebGPU have one device", async () => {
  const { page } = await visit(`/six.html`);
  await page.waitForFunction(() => window.told.filter(({ type }) => type === "np-ready").length === 6);
  const [worker] = page.workers();
  await worker!.evaluate(() => {
    const { prototype } = GPUAdapter;
    const ask = prototype.requestDevice;
    Object.assign(self, { devices: 0 });
    prototype.requestDevice = function (this: GPUAdapter, ...wishes) {
      (self as unknown as { devices: number }).devices += 1;
      return ask.apply(this, wishes);
    };
  });
  const reasons = await page.evaluate(async () => {
    const found: string[] = [];
    for (const each of document.querySelectorAll("neural-playground")) found.push((await (each as NeuralPlayground).setBackend("webgpu")).why);
    return found;
  });
  assert.deepEqual(reasons, Array(6).fill("webgpu_asked_for"));
  const devices = await worker!.evaluate(() => (self as unknown as { devices: number }).devices);
  assert.ok(devices <= 1, `${devices} devices were asked for`);
  assert.equal(page.workers().length, 1);
});

test("an embed fetches what the build counts until it has trained, and no other file", async (context) => {
  const own = await site.serve({ pages: { "/article.html": figure(`autoplay`) } });
  const { page } = await site.open(`${own.origin}/article.html`, { locale: "en-GB", prepare: watchTraining });
  const until = await trainedAt(page);
  // Where there is a GPU its module comes meanwhile.
  const asked = [...own.askedAt].filter(([path, at]) => at <= until && !/favicon|article|neural_playground_gpu/.test(path)).map(([path]) => path).sort();
  const counted = embedLoad(join(dist, "v1"));
  assert.deepEqual(asked, counted.map((path) => path.slice(dist.length - 1)).sort());
  for (const language of LANGUAGES) {
    const bytes = gzipped(embedLoad(join(dist, "v1"), language));
    context.diagnostic(`${language}: ${bytes} bytes of ${EMBED_BUDGET}`);
    assert.ok(bytes <= EMBED_BUDGET, `${language}: ${bytes} bytes are ${bytes - EMBED_BUDGET} too many`);
  }
});

for (const { language, colorScheme, width } of combinations({ language: LANGUAGES, colorScheme: ["light", "dark"] as const, width: [720, 480, 320] })) {
  test(`it fits its column, and axe finds nothing (${language}, ${colorScheme}, ${width} px)`, async () => {
    const style = `body { max-width: 720px; margin: 16px auto; padding: 0 16px; ${colorScheme === "dark" ? "background: #1c1c1c; color: #eee;" : ""} }`;
    const html = tutorial(`<p>${words(language)["ui.page_title"]}</p><neural-playground lang="${language}"></neural-playground>`).replace("<main>", `<style>${style}</style><main>`);
    const host = await site.serve({ pages: { "/tutorial.html": html } });
    const { page } = await visit(`${host.origin}/tutorial.html`, { viewport: { width, height: 1000 }, colorScheme });
    await train(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `nothing is wider than ${width}`);
    await page.waitForFunction(() => document.querySelector("neural-playground")!.shadowRoot!.querySelector("np-curves-view")?.shadowRoot?.querySelector("canvas"));
    assert.deepEqual(await violations(page), []);
    if (width > 320) await picture(page, `embed-${width}-${language}-${colorScheme}`);
  });
}
