// What goes wrong on the way does not stay: pieces that fail to come are asked for again, and nothing that was wished meanwhile is lost.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type { Page } from "playwright-core";

import type { Config } from "../../www/engine/types";
import { LANGUAGES, words } from "./support/browser";
import { dist } from "./support/server";
import { withSite } from "./support/site";

const site = withSite();

/** Paths of the built pieces of these names. */
function pieces(...names: string[]): string[] {
  const all = readdirSync(join(dist, "assets")).filter((file) => names.some((name) => file.startsWith(`${name}-`) && file.endsWith(".js")));
  assert.ok(all.length >= names.length, names.join());
  return all.map((file) => `/assets/${file}`);
}

interface Store { config: { value: Config }; frame: { value: { step: number } }; message: { value: { kind: string; field: string } | null } }
const config = (page: Page): Promise<Config> => page.evaluate(() => (document.querySelector("neural-playground") as unknown as { store: Store }).store.config.value);
const actions = (page: Page, act: string): Promise<void> => page.evaluate((text) => new Function("actions", `return ${text}`)((document.querySelector("neural-playground") as unknown as { store: { actions: unknown } }).store.actions) as Promise<void>, act);

for (const language of LANGUAGES) test(`whatever piece fails to come, all that is wished is done, it is said, and one press brings it (${language})`, async () => {
  const say = words(language);
  const gone = pieces("deferred-views", "undo", "change-words", "teller", "messages", "changes", `${language}-later`, "engine-details", "share-dialog", "shortcut-goals");
  for (const path of gone) site.server.missing.add(path);
  const { page, playground } = await site.visit("/", { locale: language });
  const { init } = (await config(page)).seeds;
  // The first change is a weight, and the piece that keeps it does not come: what follows is done all the same.
  await actions(page, "actions.setParameter(0, 0, 0, 1.5)");
  await actions(page, "actions.set('training.batch_size', 17)");
  await actions(page, "actions.newSeed(['init'])");
  await actions(page, "actions.reset()");
  const { training, seeds } = await config(page);
  assert.deepEqual([training.batch_size, seeds.init], [17, init + 1]);
  const lacking = playground.part("lacking");
  await lacking.filter({ hasText: say["ui.lacking"]! }).waitFor();
  await playground.click("share");
  await playground.click("engine-badge");
  await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  // Still gone: it is said still.
  await playground.click("ask-again");
  await page.waitForTimeout(300);
  await lacking.waitFor();
  site.server.missing.clear();
  await playground.click("ask-again");
  await lacking.waitFor({ state: "detached" });
  await page.locator("np-layer-panel section").waitFor();
  await page.locator("np-tab-bar [role=tab]").first().waitFor();
  // What was changed meanwhile can be taken back.
  await page.getByTestId("undo").and(page.locator(":not(:disabled)")).waitFor();
  for (let count = 0; count < 2; count += 1) await playground.click("undo");
  for (let tries = 0; (await config(page)).training.batch_size === 17 && tries < 100; tries += 1) {
    if (tries % 20 === 19) await playground.click("undo");
    await page.waitForTimeout(50);
  }
  assert.notEqual((await config(page)).training.batch_size, 17);
  await playground.click("share");
  await playground.part("share-dialog").waitFor();
  assert.deepEqual(await playground.untranslated(), []);
});

test("a refusal is shown at its own control whatever was refused before, and its closed group opens", async () => {
  const { page, errors } = await site.visit("/", { locale: "en" });
  await page.locator("np-training-details").first().waitFor({ state: "attached" });
  const shown = async (where: string): Promise<void> => {
    const refusal = page.locator(".refusal");
    await page.locator(`${where} .refusal`).first().waitFor();
    assert.equal(await refusal.count(), 1, where);
    assert.ok(await refusal.isVisible());
  };
  await actions(page, "actions.set('training.batch_size', -1)");
  await shown("np-training-panel np-number");
  // Not asked for by the page: a script's refusal is not the batch size's.
  await page.evaluate(() => (document.querySelector("neural-playground") as unknown as { patch(patch: unknown): Promise<unknown> }).patch({ data: { noise: 9 } }).catch(() => {}));
  await shown("np-data-panel np-number");
  const group = page.locator("details", { has: page.locator("np-data-details") });
  assert.equal(await group.getAttribute("open"), null);
  await actions(page, "actions.set('data.label_noise', 7)");
  await shown("np-data-details np-number");
  assert.notEqual(await group.getAttribute("open"), null, "its group has opened");
  // A parameter of a choice: beside its own slider, not beside the menu.
  await actions(page, "actions.set('training.optimizer', { id: 'sgd', learning_rate: 1e9 })");
  await shown(".rate-control np-number");
  assert.deepEqual(errors, []);
});

test("trained weights come back when a slider moved while the digits were on their way", async () => {
  const { page, playground, errors } = await site.visit("/", { locale: "en" });
  await playground.click("epoch");
  await playground.until("epoch-counter", (epoch) => epoch === 1);
  const weights = (): Promise<number[]> => page.evaluate(async () => {
    const tensors = await (document.querySelector("neural-playground") as unknown as { weights(): Promise<{ data: Float32Array }[]> }).weights();
    return tensors.flatMap(({ data }) => [...data]);
  });
  const trained = await weights();
  let go = (): void => {};
  const held = new Promise<void>((done) => { go = done; });
  await page.context().route("**/digits.bin", async (route) => {
    await held;
    await route.continue();
  });
  const chosen = actions(page, "actions.chooseDataset('digits')");
  await page.waitForTimeout(200);
  await actions(page, "actions.set('training.optimizer', { id: actions.store.config.value.training.optimizer.id, learning_rate: 0.02 })");
  assert.equal((await config(page)).training.optimizer.learning_rate, 0.02, "nobody waits for the digits");
  go();
  await chosen;
  assert.equal((await config(page)).data.dataset, "digits");
  await page.getByTestId("undo").and(page.locator(":not(:disabled)")).waitFor();
  await actions(page, "actions.undo()");
  const said = await page.evaluate(() => {
    const { store } = document.querySelector("neural-playground") as unknown as { store: { message: { value: unknown }; actions: { history: { past: { value: unknown[] }; future: { value: unknown[] } } } } };
    return JSON.stringify([store.message.value, store.actions.history.past.value.length, store.actions.history.future.value.length]);
  });
  assert.equal((await config(page)).data.dataset, "circle", said);
  assert.deepEqual(await weights(), trained);
  assert.deepEqual(errors, []);
});
