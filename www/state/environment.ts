/** What the playground is told by where it stands: its width, the system's scheme, the wish for little motion. */

import type { Store } from "./store.js";

/** Keeps the store up to date until the returned function is called. */
export function followSurroundings(element: HTMLElement, store: Store): () => void {
  let system = false;
  const schemes = (): void => { store.systemDark.value = schemeAround(element, store) ?? system; };
  // A page that has a switch of its own says so at its root.
  const switches = new MutationObserver(schemes);
  for (const root of [document.documentElement, document.body]) if (root) switches.observe(root, { attributes: true });
  const stops = [
    () => switches.disconnect(),
    follow("(prefers-color-scheme: dark)", (on) => {
      system = on;
      schemes();
    }),
    follow("(prefers-reduced-motion: reduce)", (on) => { store.reducedMotion.value = on; }),
  ];
  const observer = new ResizeObserver(([entry]) => {
    // The layout changes with it: not while sizes are being told, which the window would report as an error.
    if (entry) requestAnimationFrame(() => { store.width.value = entry.contentRect.width; });
  });
  store.width.value = element.clientWidth || innerWidth;
  observer.observe(element);
  return () => {
    observer.disconnect();
    for (const stop of stops) stop();
  };
}

/** Whether the page around is dark, where it says so by its `color-scheme`; null where it leaves that to the system, or is ours. */
function schemeAround(element: HTMLElement, store: Store): boolean | null {
  const around = element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host;
  if (store.ownPage || !around) return null;
  const said = getComputedStyle(around).colorScheme.split(" ");
  const [dark, light] = [said.includes("dark"), said.includes("light")];
  return dark === light ? null : dark;
}

function follow(query: string, tell: (on: boolean) => void): () => void {
  const media = matchMedia(query);
  const listen = (): void => tell(media.matches);
  listen();
  media.addEventListener("change", listen);
  return () => media.removeEventListener("change", listen);
}
