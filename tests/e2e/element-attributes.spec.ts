// Attributes and properties: what frameworks and people hand over, at the start and later.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { NeuralPlayground } from "../../www/app/element/element";
import { ATTRIBUTES } from "../../www/app/element/attributes";
import { withSite } from "./support/site";

const site = withSite({ pages: {
  "/bare.html": `<!doctype html><html lang="en"><title>A tutorial</title><script type="module" src="/v1/playground.js"></script><main></main></html>`,
  "/late.html": `<!doctype html><html lang="en"><title>A tutorial</title><main><neural-playground dataset-id="xor"></neural-playground></main><script>
    const figure = document.querySelector("neural-playground");
    Object.assign(figure, { layers: [3, 2], autoplay: false, learningRate: 0.5, hide: ["tabs"] });
    const script = document.createElement("script");
    Object.assign(script, { type: "module", src: "/v1/playground.js" });
    document.head.append(script);
  </script></html>`,
} });

const open = async (path = "/bare.html") => {
  const opened = await site.open(path);
  await opened.page.waitForFunction(() => customElements.get("neural-playground"));
  return opened;
};

test("no attribute has the name of a property that elements have, except where it means the same or is written through", async () => {
  const { page } = await open();
  const taken = await page.evaluate((names) => names.filter((name) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) in HTMLElement.prototype), [...ATTRIBUTES]);
  assert.deepEqual(taken, ["dataset", "lang"], "dataset is an accessor of its own, lang is every element's");
  const own = await page.evaluate(() => {
    const { prototype } = customElements.get("neural-playground")!;
    const { get, set } = Object.getOwnPropertyDescriptor(prototype, "dataset")!;
    return [typeof get, typeof set];
  });
  assert.deepEqual(own, ["function", "function"]);
});

test("properties reflect, whatever type they are given: numbers, lists, objects, booleans, nothing", async () => {
  const { page, errors } = await open();
  const found = await page.evaluate(() => {
    const element = document.createElement("neural-playground") as NeuralPlayground;
    const loose = element as unknown as Record<string, unknown>;
    const of = (property: string, attribute: string, ...values: unknown[]): unknown[] => values.map((value) => {
      loose[property] = value;
      return [element.getAttribute(attribute), property === "dataset" ? Object.keys(loose[property] as object).length : loose[property]];
    });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    return {
      dataset: of("dataset", "dataset", "spiral", null, "xor", undefined),
      layers: of("layers", "layers", [8, 8], 8, "6,3", [], new Set([2, 1]), null),
      rate: of("learningRate", "learning-rate", 0.5, "0.1", "fast", undefined),
      autoplay: of("autoplay", "autoplay", true, false, "visible", undefined, "", null, "false"),
      hide: of("hide", "hide", ["tabs", "share"], "data", false),
      controls: of("controls", "controls", false, true, ["play"]),
      goal: of("goal", "goal", { metric: "accuracy", value: 0.9 }, "loss<=0.1", null),
      odd: [Symbol("x"), 5n, () => 1, circular, new String("ab"), Number.NaN, Object.create(null)].map((value) => {
        loose.goal = value;
        return typeof element.getAttribute("goal");
      }),
    };
  });
  assert.deepEqual(found, {
    dataset: [["spiral", 0], [null, 0], ["xor", 0], [null, 0]],
    layers: [["8,8", "8,8"], ["8", "8"], ["6,3", "6,3"], ["", ""], ["2,1", "2,1"], [null, null]],
    rate: [["0.5", 0.5], ["0.1", 0.1], ["fast", "fast"], [null, null]],
    autoplay: [["", true], [null, false], ["visible", true], [null, false], ["", true], [null, false], ["false", false]],
    hide: [["tabs,share", "tabs,share"], ["data", "data"], [null, null]],
    controls: [["none", "none"], [null, null], ["play", "play"]],
    goal: [['{"metric":"accuracy","value":0.9}', '{"metric":"accuracy","value":0.9}'], ["loss<=0.1", "loss<=0.1"], [null, null]],
    odd: Array(7).fill("string"),
  });
  assert.deepEqual(errors, []);
});

test("what is set before the script has come holds, and dataset-id can be written then too", async () => {
  const { page, errors } = await open("/late.html");
  const found = await page.evaluate(async () => {
    const element = document.querySelector("neural-playground") as NeuralPlayground;
    const { data, network, training } = await element.patch({});
    return [data.dataset, network.hidden.map(({ units }) => units), training.optimizer.learning_rate, element.store.playing.value, element.getAttribute("layers"), element.getAttribute("hide"), Object.keys(element).filter((key) => key === "layers")];
  });
  assert.deepEqual(found, ["xor", [3, 2], 0.5, false, "3,2", "tabs", []]);
  assert.deepEqual(errors, []);
});

test("every attribute takes effect when it changes, and goes back to the standard when it goes", async () => {
  const { page, errors } = await open();
  const found = await page.evaluate(async () => {
    const element = document.createElement("neural-playground") as NeuralPlayground;
    document.querySelector("main")!.append(element);
    const standard = await element.patch({});
    const read = async () => {
      const { data, network, training } = await element.patch({});
      return [data.dataset, network.hidden.map(({ units }) => units).join(), network.hidden[0]?.activation.id, training.optimizer.id, training.optimizer.learning_rate, training.loss.id, training.batch_size, training.stop.target?.metric];
    };
    const before = await read();
    Object.assign(element, { dataset: "xor", layers: [5], activation: "relu", optimizer: "adam", learningRate: 0.25, batchSize: 7, goal: "accuracy>=0.9", loss: "mse" });
    const changed = await read();
    Object.assign(element, { layers: 2, goal: { metric: "loss", value: 0.2 } });
    const again = await read();
    for (const name of ["dataset", "layers", "activation", "optimizer", "learning-rate", "batch-size", "goal", "loss"]) element.removeAttribute(name);
    const after = await read();
    element.link = "#dataset=gauss&networkShape=5,2";
    element.activation = "relu";
    const linked = await read();
    element.link = null;
    element.activation = null;
    const unlinked = await read();
    element.lang = "zh-CN";
    element.theme = "dark";
    await element.updateComplete;
    const looks = [element.store.language.value, element.store.scheme.value];
    element.removeAttribute("lang");
    element.removeAttribute("theme");
    await element.updateComplete;
    return { before, standard: standard.data.dataset, changed, again, after, linked, unlinked, looks, back: [element.store.language.value, element.store.scheme.value] };
  });
  assert.deepEqual(found.changed, ["xor", "5", "relu", "adam", 0.25, "mse", 7, "accuracy"]);
  assert.deepEqual([found.again[1], found.again[7], found.again[0]], ["2", "loss", "xor"]);
  assert.deepEqual(found.after, found.before);
  assert.deepEqual(found.linked.slice(0, 3), ["gauss", "5,2", "relu"]);
  assert.deepEqual(found.unlinked, found.before);
  assert.deepEqual([found.looks, found.back], [["zh-CN", "dark"], ["en", "light"]]);
  assert.deepEqual(errors, []);
});

test("autoplay may come later and go again; false, null and nothing do not play", async () => {
  const { page } = await open();
  const found = await page.evaluate(async () => {
    const playing: unknown[] = [];
    for (const value of [false, null, undefined, "false", true, "visible"]) {
      const element = document.createElement("neural-playground") as NeuralPlayground;
      element.autoplay = value;
      document.querySelector("main")!.replaceChildren(element);
      await element.metrics();
      const deadline = performance.now() + (value && value !== "false" ? 10_000 : 300);
      while (!element.store.playing.value && performance.now() < deadline) await new Promise((done) => setTimeout(done, 20));
      playing.push(element.store.playing.value);
    }
    const later = document.createElement("neural-playground") as NeuralPlayground;
    document.querySelector("main")!.replaceChildren(later);
    await later.metrics();
    later.autoplay = true;
    const deadline = performance.now() + 10_000;
    while (!later.store.playing.value && performance.now() < deadline) await new Promise((done) => setTimeout(done, 20));
    return [...playing, later.store.playing.value];
  });
  assert.deepEqual(found, [false, false, false, false, true, true, true]);
});

test("what is wrong is told under the attribute's name, once, and everything else holds, at the start and later", async () => {
  const { page, errors } = await open();
  const found = await page.evaluate(async () => {
    const faults: string[] = [];
    addEventListener("np-error", (event) => faults.push((event as CustomEvent<{ field: string }>).detail.field));
    const element = document.createElement("neural-playground") as NeuralPlayground;
    Object.assign(element, { dataset: "nonsense", layers: [4, 3], activation: "relu", optimizer: "adamax2", learningRate: 0.5, batchSize: -3, loss: "mse", goal: { metric: "accuracy" } });
    document.querySelector("main")!.append(element);
    const read = async () => {
      const { data, network, training } = await element.patch({});
      return [data.dataset, network.hidden.map(({ units }) => units).join(), network.hidden[0]?.activation.id, training.optimizer.id, training.optimizer.learning_rate, training.loss.id];
    };
    const [start, first] = [await read(), faults.splice(0)];
    Object.assign(element, { dataset: "xor", layers: [0.5], activation: "swish9", learningRate: 0.25, lock: ["play", "plaay"] });
    return { start, first: first.sort(), later: await read(), second: faults.sort() };
  });
  assert.deepEqual(found, {
    start: ["circle", "4,3", "relu", "adam", 0.5, "mse"], first: ["batch-size", "dataset", "goal", "optimizer"],
    later: ["xor", "4,3", "relu", "adam", 0.25, "mse"], second: ["activation", "layers", "lock"],
  });
  assert.deepEqual(errors, []);
});
