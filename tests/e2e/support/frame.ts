// embed.html in a frame of another page, and the figure in it.

import assert from "node:assert/strict";

import type { Frame, Page } from "playwright-core";

import type { NeuralPlayground } from "../../../www/app/element/element";
import { eventually } from "./playground";

/** The playground's frame whose address has that in it, once it is there. */
export async function frameOf(page: Page, part = ""): Promise<Frame> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const frame = page.frames().find((each) => each.url().includes("embed.html") && each.url().includes(part));
    if (frame) return frame;
    assert.ok(Date.now() < deadline, page.frames().map((each) => each.url()).join(" "));
    await page.waitForTimeout(50);
  }
}

/** A figure, in a page or in a frame, trains when its Play is pressed, with those data. */
export async function trains(place: Page | Frame, dataset: string): Promise<void> {
  const play = place.getByTestId("play").first();
  await play.scrollIntoViewIfNeeded();
  await play.click();
  await place.waitForFunction((wanted) => {
    const { config, frame } = document.querySelector<NeuralPlayground>("neural-playground")!.store;
    return config.value?.data.dataset === wanted && (frame.value?.epoch ?? 0) > 2;
  }, dataset, { timeout: 60_000 });
  await play.click();
}

/** What comes after the first picture is there too: only then does a figure keep its height. */
export async function whole(place: Page | Frame): Promise<void> {
  await place.waitForFunction(() => {
    const element = document.querySelector<NeuralPlayground>("neural-playground");
    return element?.store?.sight && !element.shadowRoot!.querySelector(":not(:defined)");
  });
}

/** The page around follows what the frame tells: they are of one height, which is the answer. */
export async function fits(page: Page, frame: Frame): Promise<number> {
  const outer = (): Promise<number> => page.locator("iframe").evaluate((element) => element.clientHeight);
  const inner = (): Promise<number> => frame.evaluate(() => Math.ceil(document.querySelector("neural-playground")!.getBoundingClientRect().height));
  await eventually("the frame is as high as its figure", async () => (await outer()) === (await inner()));
  return outer();
}
