/** How many of the screen's pixels a CSS pixel takes: another number on another screen, or where the visitor enlarges the page. Read it to draw again. */

import { signal } from "@preact/signals-core";

let stop = (): void => {};

function watch(): void {
  const media = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const changed = (): void => {
    stop();
    watch();
    density.value = devicePixelRatio;
  };
  media.addEventListener("change", changed);
  stop = () => media.removeEventListener("change", changed);
}

export const density = signal(globalThis.devicePixelRatio ?? 1, { watched: watch, unwatched: () => stop() });
