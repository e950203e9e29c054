/** Listens for shortcuts: in the whole window where the playground is the page, else while the focus is inside it. */

import { Keys, type Page } from "./shortcuts.js";
import type { Store } from "../../state/store.js";
import { lazy } from "../../ui/lazy.js";

const goals = lazy(() => import("./shortcut-goals.js"));

/** Opens the sheet that lists them. */
export function openSheet(app: HTMLElement, store: Store): Promise<void> {
  return goals.get().then(({ openSheet: open }) => open(app, store)).catch(() => {});
}

/** Listens until the returned function is called. */
export function followKeys(app: HTMLElement, store: Store): () => void {
  const keys = new Keys();
  const page: Page = {
    go: (selector) => void goals.get().then(({ go }) => go(app, selector)).catch(() => {}),
    press: (testId) => {
      const button = app.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      if (button && !button.matches(":disabled, [aria-disabled=true]")) button.click();
    },
    openSheet: () => void openSheet(app, store),
  };
  const listen = (event: KeyboardEvent): void => {
    // Seen once inside the element and, on its own page, once more on the way up.
    if (!store.started.value || (event.currentTarget === document && (!store.wholePage.value || event.composedPath().includes(app)))) return;
    if (event.key === "Escape" && !event.defaultPrevented) {
      // What is open closes first; then the picture of a neuron gives way to the output.
      if (store.message.value) store.message.value = null;
      else if (!store.parameter.value) store.selection.value = store.hovered.value = null;
    }
    const shortcut = keys.match(event, store.singleKeys.value);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.act(store, page);
  };
  app.addEventListener("keydown", listen);
  document.addEventListener("keydown", listen);
  return () => {
    app.removeEventListener("keydown", listen);
    document.removeEventListener("keydown", listen);
  };
}
