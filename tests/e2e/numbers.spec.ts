// Every box for a number reads what is plain, says what it wants where nothing is, and shows what the engine then has.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Locator } from "playwright-core";

import type { Config } from "../../www/engine/types";
import { LANGUAGES, words } from "./support/browser";
import { withSite } from "./support/site";

const site = withSite();

for (const language of LANGUAGES) test(`boxes for numbers take every script, comma and sign, and say what they want (${language})`, async () => {
  const { page, errors, playground } = await site.visit("/", { locale: language });
  const say = words(language);
  const box = (key: string): Locator => page.locator(`input.value[aria-label="${say[key]}"]`);
  const config = (): Promise<Config> => page.evaluate(() => (document.querySelector("neural-playground") as unknown as { store: { config: { value: Config } } }).store.config.value);
  const weight = (): Promise<number> => page.evaluate(async () => (await (document.querySelector("neural-playground") as unknown as { weights(): Promise<{ data: Float32Array }[]> }).weights())[0]!.data[0]!);
  const type = async (where: Locator, text: string): Promise<void> => {
    await where.fill(text);
    await where.press("Enter");
  };
  const becomes = async (read: () => Promise<number>, value: number, text: string): Promise<void> => {
    for (let tries = 0; Math.abs((await read()) - value) > 1e-6 && tries < 60; tries += 1) await page.waitForTimeout(50);
    assert.ok(Math.abs((await read()) - value) < 1e-6, `"${text}" became ${await read()}, not ${value}`);
  };

  await page.locator("np-data-panel details.more > summary").click();
  const cell = page.locator("np-unit-parameters .weight input").first();
  await cell.waitFor();
  const boxes: [Locator, () => Promise<number>, [string, number][]][] = [
    [box("param.learning_rate"), async () => Number((await config()).training.optimizer.learning_rate), [["0,03", 0.03], ["０．０５", 0.05], ["1e−3", 0.001], ["0。02", 0.02], ["3×10⁻²", 0.03]]],
    [box("field.training.batch_size"), async () => (await config()).training.batch_size, [["２０", 20], ["15", 15]]],
    [box("field.data.noise"), async () => (await config()).data.noise, [["12,5", 0.125], ["20%", 0.2], ["５％", 0.05]]],
    [cell, weight, [["−0,5", -0.5], ["０．２５", 0.25], ["–1", -1]]],
    [box("field.seeds.init"), async () => (await config()).seeds.init, [["７", 7], ["1,234,567", 1234567]]],
  ];
  for (const [where, read, cases] of boxes) {
    for (const [text, value] of cases) {
      await type(where, text);
      await becomes(read, value, text);
    }
    const before = await read();
    for (const text of ["abc", "0x10", ""]) {
      await type(where, text);
      const said = page.locator(".refusal[role=alert]");
      await said.waitFor();
      assert.match(await said.innerText(), new RegExp(`${say["ui.number_wanted"]!.slice(0, 4)}`), text);
      assert.equal(await where.inputValue(), text, "what was typed stands, to be mended");
      assert.equal(await where.getAttribute("aria-invalid"), "true");
      assert.equal(await read(), before);
    }
    await where.press("Escape");
    await page.locator(".refusal[role=alert]").waitFor({ state: "detached" });
    assert.notEqual(await where.inputValue(), "");
    assert.equal(await read(), before);
    await where.evaluate((element) => (element as HTMLInputElement).blur());
  }
  // What is read and lies outside is the engine's to refuse, at that box.
  await type(box("param.learning_rate"), "９９９");
  await page.locator("np-number:has(.refusal)").filter({ hasText: say["param.learning_rate"]! }).waitFor();

  // The card of one weight.
  const card = page.locator("np-parameter-card");
  const network = page.locator("np-network-view");
  await network.evaluate((view) => view.dispatchEvent(new CustomEvent("choose-parameter", { detail: { layer: 0, unit: 0, input: 0 }, bubbles: true, composed: true })));
  const typed = card.locator("input.value");
  await typed.waitFor();
  for (const [text, value] of [["0,75", 0.75], ["−１．５", -1.5], ["5e−1", 0.5]] as const) {
    await typed.fill(text);
    await typed.blur();
    await becomes(weight, value, text);
  }
  await typed.fill("x1");
  await typed.blur();
  await card.locator("[role=alert]").waitFor();
  assert.equal(await typed.inputValue(), "x1");
  assert.deepEqual(await playground.untranslated(), []);
  assert.deepEqual(errors, []);
});
