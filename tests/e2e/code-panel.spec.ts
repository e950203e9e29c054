// The Code panel: the network as a program that follows the page, is copied and saved, and reads the rows that are saved with it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { violations } from "./support/axe";
import { LANGUAGES, picture, words } from "./support/browser";
import { withSite } from "./support/site";

const site = withSite();
const SIZES = { desktop: { width: 1440, height: 900 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } };

async function saved(page: Page, testId: string): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testId).click()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

for (const language of LANGUAGES) {
  test(`the program follows the page and is saved with its rows and weights (${language})`, async () => {
    const { page, playground, errors } = await site.visit("/", { locale: language });
    const word = words(language);
    const program = (): Promise<string> => page.getByTestId("code-program").innerText();
    const says = (pattern: RegExp): Promise<void> => page.waitForFunction(
      ([selector, source]) => new RegExp(source!).test((document.querySelector("neural-playground")!.shadowRoot!.querySelector(selector!) as HTMLElement | null)?.innerText ?? ""),
      ["[data-testid=code-program]", pattern.source],
    ).then(() => {});

    await page.getByRole("tab", { name: word["ui.tab.code"]! }).click();
    await says(/keras\.layers\.Dense\(4, activation="tanh"/);
    await says(/keras\.optimizers\.Adam\(learning_rate=0\.01,/);
    await page.evaluate(() => (document.querySelector("neural-playground") as unknown as { patch(patch: object): Promise<unknown> }).patch({ training: { optimizer: { id: "momentum", learning_rate: 0.05 } } }));
    await says(/keras\.optimizers\.SGD\(learning_rate=0\.05, momentum=0\.9\)/);
    await page.getByText("PyTorch", { exact: true }).click();
    await says(/torch\.optim\.SGD\(model\.parameters\(\), lr=0\.05, momentum=0\.9\)/);

    const text = await saved(page, "code-save");
    assert.equal(text.name, "pytorch_network.py");
    assert.equal(text.text.trimEnd(), (await program()).trimEnd());
    const rows = (await saved(page, "code-data")).text.trimEnd().split("\n");
    assert.equal(rows[0], "x1,x2,label,part");
    assert.equal(rows.length, 501);
    assert.ok(rows.slice(1).every((row) => /^-?[\d.e-]+,-?[\d.e-]+,(0|1|nan),[012]$/.test(row)));
    assert.ok(rows.slice(1).every((row) => row.endsWith(",2") === row.includes("nan")), "the labels of the sealed test set are not in it");
    await page.getByTestId("code-same-start").check();
    await says(/start\.json/);
    const start = JSON.parse((await saved(page, "code-start")).text) as Record<string, number[][]>;
    assert.deepEqual(Object.keys(start), ["hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "output.weight", "output.bias"]);
    assert.deepEqual([start["hidden.0.weight"]!.length, start["hidden.0.weight"]![0]!.length], [4, 2]);

    await page.evaluate(() => (document.querySelector("neural-playground") as unknown as { patch(patch: object): Promise<unknown> }).patch({ training: { schedule: "one_cycle" } }));
    await page.getByText("Keras 3", { exact: true }).click();
    await page.locator(".code-missing").first().waitFor();
    assert.deepEqual(await violations(page), []);
    for (const [name, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size);
      // A phone has it in one of its sections.
      await page.locator(".section-bar").waitFor({ state: name === "phone" ? "visible" : "hidden" });
      await playground.reach("code-program");
      await page.locator("np-code-panel").scrollIntoViewIfNeeded();
      await picture(page, `code-${name}-${language}`);
    }
    assert.deepEqual(await playground.untranslated(), []);
    assert.deepEqual(errors, []);
  });
}

test("the tabs are told by the table of panels, and by keyboard", async () => {
  const { page } = await site.visit("/", { locale: "en" });
  const word = words("en");
  const tab = (id: string) => page.getByRole("tab", { name: word[`ui.tab.${id}`]! });
  await tab("evaluate").click();
  await page.keyboard.press("End");
  await tab("code").and(page.locator("[aria-selected=true]")).waitFor();
  await page.keyboard.press("ArrowRight");
  await tab("evaluate").and(page.locator("[aria-selected=true]")).waitFor();
  await page.keyboard.press("Home");
  assert.equal(await tab("evaluate").getAttribute("aria-selected"), "true");
});
