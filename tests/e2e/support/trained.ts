// The moment of the first trained picture, to the millisecond: what is fetched before it is what a visitor waits for.

import type { Page } from "playwright-core";

interface Watched {
  trainedAt?: number;
}

/** Before the page is opened: has the playground there play as soon as it can, and notes when it has a trained frame. */
export async function watchTraining(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // Nobody is quicker at Play.
    addEventListener("np-ready", ({ target }) => void (target as unknown as { play(): Promise<void> }).play());
    const look = setInterval(() => {
      const store = (document.querySelector("neural-playground") as unknown as { store?: { frame: { subscribe(listen: (frame: { step: number } | null) => void): void } } } | null)?.store;
      if (!store) return;
      clearInterval(look);
      store.frame.subscribe((frame) => {
        if (frame && frame.step > 0) (window as Watched).trainedAt ??= Date.now();
      });
    });
  });
}

/** When that was, as `Date.now()` tells it. */
export async function trainedAt(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => (window as Watched).trainedAt);
  return (await found.jsonValue())!;
}
