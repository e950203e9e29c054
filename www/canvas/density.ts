/** How many of the screen's pixels a CSS pixel takes: another number on another screen, or where the visitor enlarges the page. Read it to draw again. */

import { signal } from "@preact/signals-core";

let stop = (): void => {};

const look = (): void => {
  density.value = devicePixelRatio;
};

function watch(): void {
  // Told by some browsers when a window is moved ...
  let media: MediaQueryList | null = null;
  const changed = (): void => {
    media?.removeEventListener("change", changed);
    media = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    media.addEventListener("change", changed);
    look();
  };
  // ... and by some where the page is so many of the screen's pixels wide.
  const observer = new ResizeObserver(look);
  try {
    observer.observe(document.documentElement, { box: "device-pixel-content-box" });
  } catch {
    // One that does not know that box tells it by the other way.
  }
  stop = () => {
    media?.removeEventListener("change", changed);
    observer.disconnect();
  };
  changed();
}

export const density = signal(globalThis.devicePixelRatio ?? 1, { watched: watch, unwatched: () => stop() });
