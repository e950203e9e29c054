/** Listens for shortcuts: in the whole window where the playground is the page, else while the focus is inside it. */

import { fetchLater } from "../later.js";
import { Keys, type Page } from "../shortcuts.js";
import type { Store } from "../store.js";

/** Listens until the returned function is called. */
export function followKeys(app: HTMLElement, store: Store): () => void {
  const keys = new Keys();
  const page: Page = {
    go: (selector) => void go(app, selector),
    press: (testId) => {
      const button = app.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      if (button && !button.matches(":disabled, [aria-disabled=true]")) button.click();
    },
    openSheet: () => void openSheet(app, store),
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

/** Opens the sheet of shortcuts, which is fetched the first time. */
export async function openSheet(app: HTMLElement, store: Store): Promise<void> {
  await Promise.all([import("./shortcut-sheet.js"), fetchLater(app.getRootNode() as ShadowRoot)]);
  let sheet = app.querySelector<HTMLElement & { store: Store; open(): void }>("shortcut-sheet");
  if (!sheet) {
    sheet = document.createElement("shortcut-sheet") as HTMLElement & { store: Store; open(): void };
    sheet.store = store;
    app.append(sheet);
  }
  sheet.open();
}

const FOCUSABLE = "button:not([disabled], [tabindex='-1']), input:not([disabled]), select, summary, a[href], [tabindex='0']";

async function go(app: HTMLElement, selector: string): Promise<void> {
  await fetchLater(app.getRootNode() as ShadowRoot);
  const part = app.querySelector<HTMLElement & { updateComplete?: Promise<unknown> }>(selector);
  if (!part) return;
  await part.updateComplete;
  const inside = part.matches(FOCUSABLE) || part.getAttribute("role") === "tab" ? part : firstControl(part);
  if (part.getAttribute("role") === "tab") part.click();
  (inside ?? part).focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** The first control of a part, inside shadow roots too. */
function firstControl(part: Element | ShadowRoot): HTMLElement | null {
  for (const element of part.querySelectorAll<HTMLElement>("*")) {
    const found = element.matches(FOCUSABLE) ? element : element.shadowRoot && firstControl(element.shadowRoot);
    if (found) return found;
  }
  return part instanceof Element && part.shadowRoot ? firstControl(part.shadowRoot) : null;
}
