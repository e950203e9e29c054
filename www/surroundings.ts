/** What the playground is told by where it stands: its width, the system's scheme, the wish for little motion. */

import type { Store } from "./store.js";

/** Keeps the store up to date until the returned function is called. */
export function followSurroundings(element: HTMLElement, store: Store): () => void {
  const stops = [
    follow("(prefers-color-scheme: dark)", (on) => { store.systemDark.value = on; }),
    follow("(prefers-reduced-motion: reduce)", (on) => { store.reducedMotion.value = on; }),
  ];
  const observer = new ResizeObserver(([entry]) => {
    if (entry) store.width.value = entry.contentRect.width;
  });
  store.width.value = element.clientWidth || innerWidth;
  observer.observe(element);
  return () => {
    observer.disconnect();
    for (const stop of stops) stop();
  };
}

function follow(query: string, tell: (on: boolean) => void): () => void {
  const media = matchMedia(query);
  const listen = (): void => tell(media.matches);
  listen();
  media.addEventListener("change", listen);
  return () => media.removeEventListener("change", listen);
}
