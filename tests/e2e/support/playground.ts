// The page as a visitor reads it: by test id where a thing has no name of its own.

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import type { NeuralPlayground } from "../../../www/app/element/element";

export class Playground {
  constructor(readonly page: Page) {}

  part(id: string) {
    return this.page.getByTestId(id).first();
  }

  /** On a phone: shows the section that it is in, or opens the menu of the transport. Elsewhere everything is there. */
  async reach(id: string): Promise<void> {
    if (await this.part(id).isVisible()) return;
    const place = await this.part(id).evaluate((element) => {
      for (let at: Element | null = element; at; at = at.parentElement ?? (at.getRootNode() as Partial<ShadowRoot>).host ?? null) {
        if (at.matches(".transport-menu")) return "transport-more";
        if (at.matches(".test-row")) return "section-more";
        if (at.matches("[data-section]")) return `section-${(at as HTMLElement).dataset["section"]}`;
      }
      return null;
    });
    assert.ok(place, `${id} is somewhere`);
    await this.click(place);
  }

  /** What holds of the page, in each of a phone's sections; elsewhere once. */
  async everySection<T>(look: () => Promise<T>): Promise<T[]> {
    const seen: T[] = [];
    for (const button of await this.page.locator(".section-bar button").all()) {
      await button.click();
      seen.push(await look());
    }
    return seen.length > 0 ? seen : [await look()];
  }

  async click(id: string): Promise<void> {
    await this.part(id).click();
  }

  /** The number shown, without separators, sign of percent and spaces; NaN for a dash. */
  async figure(id: string): Promise<number> {
    const text = (await this.part(id).innerText()).replace(/[,\s]/g, "").replace("−", "-");
    const number = Number.parseFloat(text);
    return text.endsWith("%") ? number / 100 : number;
  }

  async shown(id: string): Promise<boolean> {
    return (await this.page.getByTestId(id).count()) > 0;
  }

  /** Waits until `holds` is true of a figure; the failure tells the last one seen. */
  async until(id: string, holds: (value: number) => boolean, timeout = 30_000): Promise<number> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const value = (await this.shown(id)) ? await this.figure(id) : Number.NaN;
      if (holds(value)) return value;
      assert.ok(Date.now() < deadline, `${id} stayed at ${value} for ${timeout} ms`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Waits until what is shown is what the engine has: nothing of a run that was paused is still on its way. */
  async rest(): Promise<void> {
    await this.page.waitForFunction(async () => {
      const element = document.querySelector<NeuralPlayground>("neural-playground")!;
      const { step } = await element.metrics();
      return !element.store.playing.value && element.store.frame.value?.step === step;
    });
    await this.drawn();
  }

  /** Two animation frames: what has been changed by now is on the screen. */
  async drawn(): Promise<void> {
    await this.page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
  }

  /** All canvases of a part as data addresses: two are equal when the pictures are. */
  async pixels(id: string): Promise<string> {
    const canvases = await this.part(id).locator("canvas").all();
    assert.ok(canvases.length > 0, `${id} has a canvas`);
    const pictures = await Promise.all(
      canvases.map((canvas) => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL())),
    );
    return pictures.join("\n");
  }

  /** Keys of the dictionaries that are shown because a word is missing. */
  async untranslated(): Promise<string[]> {
    const text = await this.page.locator("body").innerText();
    return text.match(/\b(?:ui|view|field|param|activation|loss|optimizer|schedule|metric|dataset|feature|error|not_now)\.[a-z_.]+\b/g) ?? [];
  }
}

/** Waits until it holds; the failure says what did not come about. */
export async function eventually(what: string, holds: () => Promise<boolean>, timeout = 30_000): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what}: not within ${timeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
