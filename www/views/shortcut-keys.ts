/** Listens for shortcuts: in the whole window where the playground is the page, else while the focus is inside it. */

import { Keys, type Page } from "../shortcuts.js";
import type { Store } from "../store.js";

/** Listens until the returned function is called. */
export function followKeys(app: HTMLElement, store: Store): () => void {
  const keys = new Keys();
  const page: Page = {
    go: (selector) => void import("./shortcut-goals.js").then(({ go }) => go(app, selector)),
    press: (testId) => {
      const button = app.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      if (button && !button.matches(":disabled, [aria-disabled=true]")) button.click();
    },
    openSheet: () => void import("./shortcut-goals.js").then(({ openSheet }) => openSheet(app, store)),
  };
  const listen = (event: KeyboardEvent): void => {
    // Seen once inside the element and, on its own page, once more on the way up.
    if (!store.started.value || (event.currentTarget === document && (!store.wholePage.value || event.composedPath().includes(app)))) return;
    if (event.key === "Escape" && !event.defaultPrevented) store.message.value = null;
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
