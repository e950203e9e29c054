// The page as a visitor reads it: by test id where a thing has no name of its own.

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

export class Playground {
  constructor(readonly page: Page) {}

  part(id: string) {
    return this.page.getByTestId(id).first();
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
