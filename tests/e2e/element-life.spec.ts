// The life of an element: put on a page, moved, taken off, put back, replaced, whatever is under way. Every wait ends; nothing stays behind.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import type { NeuralPlayground } from "../../www/app/element/element";
import { withSite } from "./support/site";

const bare = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A tutorial</title><script type="module" src="/v1/playground.js"></script><main></main></html>`;
const site = withSite({ pages: {
  "/bare.html": bare,
  "/high.html": bare.replace("<main></main>", `<neural-playground lang="en"></neural-playground><div style="height: 5000px"></div>`),
} });

interface Told { type: string; run: number; step: number }
declare global {
  interface Window {
    lives: Told[];
    make(attributes?: Record<string, string>): NeuralPlayground;
    outcome(promise: Promise<unknown>, ms?: number): Promise<string>;
  }
}

/** A page with the element's script, and none yet of it. */
async function open(path = "/bare.html") {
  const opened = await site.open(path, { prepare: async (page) => void await page.addInitScript(() => {
    window.lives = [];
    for (const type of ["np-ready", "np-done"]) addEventListener(type, (event) => window.lives.push({ ...(event as CustomEvent).detail, type }));
    window.make = (attributes = {}) => {
      const element = document.createElement("neural-playground") as NeuralPlayground;
      for (const [name, value] of Object.entries({ lang: "en", ...attributes })) element.setAttribute(name, value);
      return element;
    };
    window.outcome = (promise, ms = 20_000) => Promise.race([
      promise.then(() => "fulfilled", (error: { code?: string }) => error.code ?? String(error)),
      new Promise<string>((done) => setTimeout(() => done("pending"), ms)),
    ]);
  }) });
  await opened.page.waitForFunction(() => customElements.get("neural-playground"));
  return opened;
}

/** Until every worker of the page has gone. */
async function noWorkers(page: Page): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (page.workers().length > 0) {
    assert.ok(Date.now() < deadline, `${page.workers().length} workers are left`);
    await page.waitForTimeout(50);
  }
}

test("a figure that takes another's place in the same task starts, however it is put there", async () => {
  const { page, errors } = await open();
  const outcomes = await page.evaluate(async () => {
    const main = document.querySelector("main")!;
    const found: string[] = [];
    const ways: ((first: Element, next: Element) => void)[] = [
      (_, next) => main.replaceChildren(next),
      (first, next) => { first.remove(); main.append(next); },
      (first, next) => first.replaceWith(next),
      (first, next) => { main.append(next); first.remove(); },
      (_, next) => { main.innerHTML = ""; main.append(next); },
    ];
    for (const way of ways) {
      const first = window.make();
      main.replaceChildren(first);
      await first.metrics();
      const next = window.make({ dataset: "xor" });
      way(first, next);
      found.push(await window.outcome(next.metrics()), next.store.config.value!.data.dataset);
      next.remove();
    }
    return found;
  });
  assert.deepEqual(outcomes, Array(5).fill(["fulfilled", "xor"]).flat());
  await noWorkers(page);
  assert.deepEqual(errors, []);
});

test("an engine that is made beside one that is disposed of stands", async () => {
  const { page } = await site.blank();
  const outcomes = await page.evaluate(async (url) => {
    const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
    const found: unknown[] = [];
    for (const wait of [0, 1, 5, 20, 60]) {
      const first = await Engine.create();
      const second = Engine.create();
      await new Promise((done) => setTimeout(done, wait));
      first.dispose();
      const engine = await Promise.race([second, new Promise<null>((done) => setTimeout(() => done(null), 15_000))]);
      found.push((await engine?.metrics())?.step ?? "never");
      engine?.dispose();
    }
    return found;
  }, `${site.origin}/v1/engine.js`);
  assert.deepEqual(outcomes, [0, 0, 0, 0, 0]);
  await noWorkers(page);
});

test("taken off and put back while it starts, at any moment, it has one engine, and its events come once", async () => {
  const { page, errors } = await open();
  const found = await page.evaluate(async () => {
    const main = document.querySelector("main")!;
    const each: unknown[] = [];
    for (const [away, wait] of [[0, 0], [0, 5], [1, 0], [10, 5], [30, 30], [80, 5], [150, 1], [300, 0]]) {
      window.lives = [];
      const element = window.make({ goal: "accuracy>=0.6" });
      main.append(element);
      await new Promise((done) => setTimeout(done, away));
      element.remove();
      await new Promise((done) => setTimeout(done, wait));
      main.append(element);
      const ready = await window.outcome(element.metrics());
      await new Promise((done) => setTimeout(done, 300));
      await element.train({ epochs: 400 });
      await new Promise((done) => setTimeout(done, 50));
      const told = window.lives.map(({ type }) => type);
      each.push([ready, told.slice(-2), told.filter((type) => type === "np-done").length]);
      element.remove();
    }
    return each;
  });
  assert.deepEqual(found, Array(8).fill(["fulfilled", ["np-ready", "np-done"], 1]));
  await noWorkers(page);
  assert.deepEqual(errors, []);
});

test("taken off while it plays and put back, it plays again at a press, with its own data, and nothing is unhandled", async () => {
  const { page, errors } = await open();
  await page.evaluate(async () => {
    const element = window.make({ dataset: "xor" });
    document.querySelector("main")!.append(element);
    await element.chooseDataset("spiral");
    await element.play();
  });
  await page.waitForFunction(() => (document.querySelector("neural-playground") as NeuralPlayground).store.frame.value!.step > 100);
  const back = await page.evaluate(async () => {
    const element = document.querySelector("neural-playground") as NeuralPlayground;
    for (const wait of [0, 3, 16, 40, 200]) {
      element.remove();
      await new Promise((done) => setTimeout(done, wait));
      document.querySelector("main")!.append(element);
      await element.metrics();
      if (wait < 200) await element.play();
      await new Promise((done) => setTimeout(done, 60));
    }
    const { config, points, playing } = element.store;
    return [config.value!.data.dataset, points.value!.x.length > 0, playing.value];
  });
  assert.deepEqual(back, ["xor", true, false], "the attributes say what it starts with, and nothing of its last life is left");
  await page.getByTestId("play").click();
  await page.waitForFunction(() => (document.querySelector("neural-playground") as NeuralPlayground).store.frame.value!.step > 100);
  await page.getByTestId("play").click();
  await page.waitForFunction(() => !(document.querySelector("neural-playground") as NeuralPlayground).store.playing.value);
  assert.deepEqual(errors, []);
});

test("a call before it is on a page waits for that, for a second; one that is under way when it is taken off is told", async () => {
  const { page, errors } = await open();
  const found = await page.evaluate(async () => {
    const main = document.querySelector("main")!;
    const never = window.make();
    const called = window.make();
    const soon = window.outcome(called.metrics());
    await new Promise((done) => setTimeout(done, 100));
    main.append(called);
    const starting = window.make();
    main.append(starting);
    const calls = [starting.metrics(), starting.play(), starting.train({ steps: 1e9 }), starting.openLink("#c=1.x"), starting.setBackend("cpu")].map((each) => window.outcome(each));
    await new Promise((done) => setTimeout(done, 5));
    starting.remove();
    const training = window.make();
    main.append(training);
    await training.metrics();
    const under = [training.train({ steps: 1e9 }), training.activationMaps(100), training.weights(), training.setBackend("cpu")].map((each) => window.outcome(each));
    training.remove();
    const after = await Promise.all([never.play(), never.metrics(), training.weights()].map((each) => window.outcome(each)));
    return { soon: await soon, calls: await Promise.all(calls), under: await Promise.all(under), after };
  });
  assert.deepEqual(found, { soon: "fulfilled", calls: Array(5).fill("disposed"), under: Array(4).fill("disposed"), after: Array(3).fill("not_connected") });
  assert.deepEqual(errors, []);
});

test("what was asked for is trained to its end out of sight; what plays rests there, and goes on at its own pace", async () => {
  const { page, errors } = await open("/high.html");
  const ready = () => page.waitForFunction(() => (document.querySelector("neural-playground") as NeuralPlayground).info !== null && (document.querySelector("neural-playground") as NeuralPlayground).store.started.value);
  await ready();
  const figure = page.locator("neural-playground");
  const away = () => page.evaluate(async () => {
    scrollTo(0, 4500);
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
  const state = () => figure.evaluate(async (element) => [(await (element as NeuralPlayground).metrics()).epoch, (element as NeuralPlayground).store.playing.value]);
  for (const [goal, epoch] of [[{ epochs: 400 }, 400], [{ steps: 4000 }, 4000 / 25]] as const) {
    await figure.evaluate((element) => (element as NeuralPlayground).reset());
    await page.evaluate(() => scrollTo(0, 0));
    const trained = figure.evaluate(async (element, asked) => (await (element as NeuralPlayground).train(asked)).epoch, goal as { epochs?: number });
    await away();
    assert.ok(Math.abs((await trained) - epoch) < 1e-6, `${JSON.stringify(goal)} ended at epoch ${await trained}`);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(300);
    assert.deepEqual(await state(), [await trained, false], "nothing goes on when it comes back");
  }
  // The visitor's own button.
  await page.getByTestId("epoch").click();
  await away();
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(300);
  assert.equal((await state())[1], false);

  await figure.evaluate((element) => (element as NeuralPlayground).play({ stepsPerSecond: 40 }));
  await page.waitForFunction(() => (document.querySelector("neural-playground") as NeuralPlayground).store.playing.value);
  await away();
  await page.waitForFunction(() => !(document.querySelector("neural-playground") as NeuralPlayground).store.playing.value);
  const [resting] = await state();
  await page.waitForTimeout(300);
  assert.equal((await state())[0], resting, "out of sight nothing is trained");
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => (document.querySelector("neural-playground") as NeuralPlayground).store.playing.value);
  const from = await figure.evaluate(async (element) => [(await (element as NeuralPlayground).metrics()).step, performance.now()]);
  await page.waitForTimeout(1000);
  const rate = await figure.evaluate(async (element, [step, at]) => ((await (element as NeuralPlayground).metrics()).step - step!) / ((performance.now() - at!) / 1000), from);
  assert.ok(rate > 5 && rate < 80, `at the pace that was asked for, and not at ${rate} steps a second`);
  // Asked for out of sight.
  await figure.evaluate((element) => (element as NeuralPlayground).pause());
  await away();
  await figure.evaluate((element) => (element as NeuralPlayground).play());
  await page.waitForTimeout(200);
  assert.equal((await state())[1], false);
  assert.equal(await figure.evaluate(async (element) => (await (element as NeuralPlayground).reset(), (await (element as NeuralPlayground).train({ steps: 77 })).step)), 77);
  assert.deepEqual(errors, []);
});

test("a view that has left the page is drawn no more", async () => {
  const { page } = await open();
  const drawn = await page.evaluate(async () => {
    const element = window.make();
    document.querySelector("main")!.append(element);
    await element.metrics();
    await element.play();
    await new Promise((done) => setTimeout(done, 300));
    const app = element.shadowRoot!.querySelector("np-app")!;
    const views = [...app.querySelectorAll<HTMLElement & { performUpdate(): void }>("np-metrics-panel, np-status-line, np-transport-bar, np-data-panel")];
    let count = 0;
    for (const view of views) {
      const { performUpdate } = view;
      view.performUpdate = () => {
        count += 1;
        performUpdate.call(view);
      };
      // An update is under way when it goes: it was this that followed the figure for ever.
      (view as unknown as { requestUpdate(): void }).requestUpdate();
      view.remove();
    }
    await new Promise((done) => setTimeout(done, 100));
    const once = count;
    const step = element.store.frame.value!.step;
    await new Promise((done) => setTimeout(done, 600));
    return { views: views.length, once: once <= views.length, more: count - once, trained: element.store.frame.value!.step > step };
  });
  assert.deepEqual(drawn, { views: 4, once: true, more: 0, trained: true });
});

test("ready is a promise of every life, and styles know the states", async () => {
  const { page, errors } = await open();
  const found = await page.evaluate(async () => {
    const main = document.querySelector("main")!;
    const states = (element: Element): string[] => ["ready", "playing", "broken"].filter((state) => element.matches(`:state(${state})`));
    const seen: [string, unknown, string[]][] = [];
    const element = window.make();
    const before = element.ready;
    main.append(element);
    seen.push(["starting", null, states(element)]);
    const info = await before;
    seen.push(["ready", [info.thread, info === element.info, await window.outcome(element.ready)], states(element)]);
    await element.play();
    while (!element.store.playing.value) await new Promise(requestAnimationFrame);
    seen.push(["playing", null, states(element)]);
    await element.pause();
    while (element.store.playing.value) await new Promise(requestAnimationFrame);
    seen.push(["paused", null, states(element)]);
    element.remove();
    const gone = await window.outcome(element.ready);
    seen.push(["taken off", gone, states(element)]);
    main.append(element);
    seen.push(["again", await window.outcome(element.ready), states(element)]);
    element.remove();
    return seen;
  });
  assert.deepEqual(found, [
    ["starting", null, []],
    ["ready", ["worker", true, "fulfilled"], ["ready"]],
    ["playing", null, ["ready", "playing"]],
    ["paused", null, ["ready"]],
    ["taken off", "not_connected", []],
    ["again", "fulfilled", ["ready"]],
  ]);
  await page.route(/neural_playground_bg/, (route) => route.abort());
  const broken = await page.evaluate(async () => {
    const element = window.make();
    document.querySelector("main")!.replaceChildren(element);
    const outcome = await window.outcome(element.ready);
    return [outcome, ["ready", "playing", "broken"].filter((state) => element.matches(`:state(${state})`))];
  });
  assert.deepEqual(broken, ["engine_unavailable", ["broken"]]);
  assert.deepEqual(errors.filter((error) => !/neural_playground_bg|ERR_FAILED/.test(error)), []);
});
