/** Where shortcuts lead: to a part of the page, or to the sheet that lists them. Fetched with the first that does. */

import { fetchLater } from "../later.js";
import type { Store } from "../store.js";

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

/** Puts the focus on a part, or on its first control, and brings it into view. */
export async function go(app: HTMLElement, selector: string): Promise<void> {
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
