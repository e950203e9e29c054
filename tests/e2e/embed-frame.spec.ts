// embed.html in a frame: what it tells the page around it and does for it, in both sandboxes, and that it keeps nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Frame } from "playwright-core";

import { encodeLink } from "../../www/links/link";
import type { Opened } from "./support/browser";
import { fits, frameOf, whole } from "./support/frame";
import { eventually } from "./support/playground";
import { withSite } from "./support/site";

interface Told {
  type: string;
  v: number;
  id?: number | string | null;
  [detail: string]: unknown;
}
declare global {
  interface Window {
    messages: Told[];
    /** Posts a call and waits for its answer; the error's own fields where it was refused. */
    call(name: string, ...args: unknown[]): Promise<Told>;
    post(message: unknown): void;
  }
}

/** A page of another site, with the listener of docs/embed.md. */
const host = (source: string, sandbox: string): string => `<!doctype html><html lang="en"><title>Host</title>
<iframe src="${source}" title="Neural network playground" sandbox="${sandbox}" style="width: 720px; border: 0"></iframe>
<script>
  window.messages = [];
  const frame = document.querySelector("iframe");
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    messages.push(data);
    if (data.type === "np-height") frame.style.height = data.height + "px";
  });
  window.post = (message) => frame.contentWindow.postMessage(message, "*");
  let calls = 0;
  window.call = (name, ...args) => new Promise((resolve) => {
    const id = "call " + (calls += 1);
    addEventListener("message", ({ data }) => { if (data.id === id) resolve(data); });
    post({ type: "np-call", v: 1, id, call: name, args });
  });
</script>`;

const BOTH = "allow-scripts allow-same-origin";
const site = withSite({ headers: { "access-control-allow-origin": "*" } });

async function framed(path: string, sandbox = BOTH): Promise<Opened & { frame: Frame; told(type: string): Promise<Told> }> {
  const opened = await site.elsewhere(host(`${site.origin}/v1/embed.html${path}`, sandbox), { viewport: { width: 760, height: 900 } });
  return {
    ...opened, frame: await frameOf(opened.page),
    told: async (type) => (await opened.page.waitForFunction((wanted) => window.messages.find((each) => each.type === wanted), type)).jsonValue() as Promise<Told>,
  };
}

for (const [sandbox, thread] of [[BOTH, "worker"], ["allow-scripts", "blob_worker"]] as const) {
  test(`a frame with sandbox="${sandbox}" trains in a worker and keeps nothing in the browser`, async () => {
    const { page, frame, context, told } = await framed("?dataset=xor&lang=en", sandbox);
    const ready = await told("np-ready");
    assert.deepEqual([ready.v, (ready.info as { thread: string }).thread, (ready.config as { data: { dataset: string } }).data.dataset], [1, thread, "xor"]);
    const [before, after] = await page.evaluate(async () => [await window.call("metrics"), await window.call("train", { epochs: 20 })]);
    const loss = (answer: Told) => (answer.value as { train: { loss: number } }).train.loss;
    assert.ok(loss(after!) < loss(before!), `${loss(before!)} -> ${loss(after!)}`);
    // A visitor who changes what the page itself would keep.
    await frame.getByTestId("theme").click();
    await frame.getByTestId("language").click();
    await frame.getByTestId("play").click();
    await told("np-frame");
    assert.deepEqual((await context.storageState()), { cookies: [], origins: [] });
    const workers = await frame.evaluate(() => {
      try {
        return navigator.serviceWorker.getRegistrations().then((all) => all.length);
      } catch {
        return 0; // A frame without an origin has none at all.
      }
    });
    assert.equal(workers, 0);
  });
}

test("links of both kinds open, from the address and later, and a broken one says why and changes nothing", async () => {
  const own = await encodeLink({ config: { data: { dataset: "moons" }, network: { hidden: [{ units: 3, activation: "relu" }] } }, hidden: ["seed"] });
  const { page, frame, told } = await framed(`?lang=en#${own}`);
  const { config } = (await told("np-ready")) as unknown as { config: { data: { dataset: string }; network: { hidden: { units: number }[] } } };
  assert.deepEqual([config.data.dataset, config.network.hidden.map(({ units }) => units)], ["moons", [3]]);
  assert.equal(await frame.getByTestId("new-seed").count(), 0);
  const answer = await page.evaluate(() => window.call("openLink", "#dataset=spiral&networkShape=5,2&noise=10"));
  const opened = answer.value as { mode: string; data: { dataset: string; noise: number } };
  assert.deepEqual([answer.type, opened.mode, opened.data.dataset, opened.data.noise], ["np-answer", "tf_playground", "spiral", 0.1]);
  const refused = await page.evaluate(() => window.call("openLink", "#c=1.broken"));
  assert.deepEqual([refused.type, refused.code, refused.field], ["np-error", "link_broken", "link"]);
  assert.match(String(refused.message), /link/);
  const kept = await page.evaluate(() => window.call("patch", {}));
  assert.equal((kept.value as { data: { dataset: string } }).data.dataset, "spiral");
  const theirs = await framed("#dataset=gauss&networkShape=2");
  assert.equal(((await theirs.told("np-ready")) as unknown as { config: { data: { dataset: string } } }).config.data.dataset, "gauss");
});

test("every call is answered under its id, and every other message by an error that names what is wrong", async () => {
  const { page, frame, told } = await framed("?lang=en");
  await told("np-ready");
  const answers = await page.evaluate(async () => {
    const found: unknown[] = [];
    for (const [name, ...args] of [["step", 3], ["epoch"], ["reset"], ["newSeed", ["init"]], ["chooseDataset", "xor"], ["configure", { data: { dataset: "circle" } }], ["patch", { training: { batch_size: 20 } }],
      ["train", { steps: 7 }], ["metrics"], ["weights"], ["predict", [[0, 0], [1, 1]]], ["activationMaps", 8], ["play"], ["pause"], ["revealTest"], ["setBackend", "cpu"], ["setAttribute", "theme", "dark"]] as [string, ...unknown[]][]) {
      const answer = await window.call(name, ...args);
      if (answer.type !== "np-answer") found.push([name, answer]);
      if (name === "train" && (answer.value as { step: number }).step !== 7) found.push(answer);
    }
    const weights = (await window.call("weights")).value;
    const set = await window.call("setWeights", weights);
    if (set.type !== "np-answer") found.push(set);
    const custom = await window.call("setData", { inputs: [[0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [3, 3], [2, 0], [0, 2]], targets: [0, 1, 1, 0, 0, 0, 1, 1] });
    if (custom.type !== "np-answer") found.push(custom);
    return found;
  });
  assert.deepEqual(answers, []);
  assert.equal(await frame.locator("neural-playground").getAttribute("data-scheme"), "dark");

  const before = await page.evaluate(async () => (await window.call("patch", {})).value);
  const wrong: [unknown, string | null, string][] = [
    ["hello", null, "message"], [42, null, "message"], [null, null, "message"], [[1], null, "type"], [{}, null, "type"], [{ type: "play" }, null, "type"], [{ type: "np-frame", v: 1 }, null, "type"],
    [{ type: "np-call", id: "a", call: "play" }, "a", "v"], [{ type: "np-call", v: 2, id: "b", call: "play" }, "b", "v"], [{ type: "np-call", v: 1, id: {}, call: "play" }, null, "id"],
    [{ type: "np-call", v: 1, id: "c" }, "c", "call"], [{ type: "np-call", v: 1, id: "d", call: "dispose" }, "d", "call"], [{ type: "np-call", v: 1, id: "e", call: "constructor" }, "e", "call"],
    [{ type: "np-call", v: 1, id: "f", call: "step", args: 3 }, "f", "args"], [{ type: "np-call", v: 1, id: "g", call: "setAttribute", args: ["onclick", "x"] }, "g", "args[0]"],
    [{ type: "np-call", v: 1, id: "h", call: "setAttribute", args: ["theme", 1] }, "h", "args[1]"], [{ type: "np-call", v: 1, id: "i", call: "setAttribute", args: ["lang", "xx"] }, "i", "args[1]"],
    [{ type: "np-call", v: 1, id: "j", call: "patch", args: [{ training: { batch_size: 0 } }] }, "j", "training.batch_size"], [{ type: "np-call", v: 1, id: "k", call: "patch", args: [{ nonsense: 1 }] }, "k", "nonsense"],
    [{ type: "np-call", v: 1, id: "l", call: "step", args: ["many"] }, "l", ""], [{ type: "np-call", v: 1, id: "m", call: "predict", args: [] }, "m", ""],
  ];
  for (const [message, id, field] of wrong) {
    const answer = await page.evaluate(async ([sent]) => {
      const from = window.messages.length;
      window.post(sent);
      for (;;) {
        const found = window.messages.slice(from).find((each) => each.type === "np-error" && "id" in each);
        if (found) return found;
        await new Promise((done) => setTimeout(done, 10));
      }
    }, [message]);
    const what = JSON.stringify(message);
    assert.equal(answer.id, id, what);
    if (field) assert.equal(answer.field, field, what);
    assert.ok(String(answer.message).length > 10, what);
  }
  assert.deepEqual(await page.evaluate(async () => (await window.call("patch", {})).value), before, "nothing was lost");
});

test("the frame tells its height, and a page that follows has no bar to scroll; messages of others are not heard", async () => {
  const { page, frame, told } = await framed("?lang=en&controls=play");
  await told("np-ready");
  await told("np-height");
  await whole(frame);
  const fitted = async (): Promise<number> => {
    // The page around sets it by the message alone.
    const height = await fits(page, frame);
    assert.ok(height > 300, `${height} px`);
    await frame.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight + 1);
    return height;
  };
  const low = await fitted();
  await page.evaluate(() => window.call("setAttribute", "controls", "data,training,layer,tabs"));
  await frame.locator("np-tab-bar").waitFor();
  await eventually("higher", async () => (await fitted()) > low + 200);
  await page.evaluate(() => window.call("setAttribute", "controls", "play"));
  await eventually("as low as before", async () => Math.abs((await fitted()) - low) < 2);
  // The frame's own scripts are not the page around it.
  await frame.evaluate(() => new Promise<void>((done) => {
    addEventListener("message", ({ data }) => { if (data === "both have come") done(); });
    postMessage({ type: "np-call", v: 1, id: 1, call: "setAttribute", args: ["theme", "dark"] }, "*");
    postMessage("both have come", "*");
  }));
  await page.evaluate(() => window.call("metrics"));
  assert.equal(await frame.locator("neural-playground").getAttribute("theme"), null);
});

test("a goal in the address is told to the page around, and so is a parameter that is none", async () => {
  const { page, told } = await framed(`?lang=en&autoplay=visible&layers=4&goal=${encodeURIComponent("accuracy>=0.55")}&colour=red`);
  const wrong = await told("np-error");
  assert.deepEqual([wrong.code, wrong.field, wrong.values], ["unknown_name", "embed.html", { value: "colour" }]);
  const goal = await told("np-goal");
  assert.deepEqual([goal.v, goal.metric, goal.goal], [1, "accuracy", 0.55]);
  const done = await told("np-done");
  assert.deepEqual([done.reason, done.step], ["target", goal.step]);
  assert.ok(await page.evaluate(() => window.messages.every((each) => each.v === 1 && /^np-(ready|frame|goal|done|error|height|answer)$/.test(each.type))));
});

test("the listener of docs/embed.md does as it stands there", async () => {
  const doc = readFileSync(new URL("../../docs/embed.md", import.meta.url), "utf8");
  const [, code] = /```html\n(<iframe id="figure"[\s\S]*?)```/.exec(doc)!;
  const { page } = await site.elsewhere(`<!doctype html><title>Host</title>${code!.replaceAll("https://HOST", site.origin).replace("#c=...", "")}`);
  await page.waitForFunction(() => document.querySelector("iframe")!.clientHeight > 400);
  await (await frameOf(page)).locator("[data-testid=play]:enabled").waitFor();
  const [size, refused] = await page.evaluate(`(async () => [(await call("patch", { training: { batch_size: 20 } })).training.batch_size,
    await call("patch", { training: { batch_size: 0 } }).catch((error) => error.message)])()`) as [number, string];
  assert.equal(size, 20);
  assert.match(refused, /training\.batch_size/);
});

test("opened by itself it is a figure that trains, and without CORS a frame of no origin says what is missing", async () => {
  const { page } = await site.open("/v1/embed.html?lang=en");
  await page.getByTestId("play").click();
  await page.waitForFunction(() => Number(document.querySelector("neural-playground")?.shadowRoot?.querySelector("[data-testid=step-counter]")?.textContent?.replace(",", "")) > 0);
  const closed = await site.serve();
  const frame = await frameOf((await site.elsewhere(host(`${closed.origin}/v1/embed.html`, "allow-scripts"))).page);
  await frame.waitForFunction(() => Number(getComputedStyle(document.querySelector("p")!).opacity) === 1);
  assert.match(await frame.locator("p").innerText(), /Access-Control-Allow-Origin/);
});
