/** Where shortcuts lead: to a part of the page, or to the sheet that lists them. Fetched with the first that does. */

import { fetchLater } from "../deferred.js";
import type { Section, Store } from "../../state/store.js";
import { lazy } from "../../ui/lazy.js";

const sheets = lazy(() => import("./shortcut-sheet.js"));

/** Opens the sheet of shortcuts, which is fetched the first time. */
export async function openSheet(app: HTMLElement, store: Store): Promise<void> {
  await Promise.all([sheets.get(), fetchLater(app.getRootNode() as ShadowRoot)]);
  let sheet = app.querySelector<HTMLElement & { store: Store; open(): void }>("np-shortcut-sheet");
  if (!sheet) {
    sheet = document.createElement("np-shortcut-sheet") as HTMLElement & { store: Store; open(): void };
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
  // On a phone it may be in a section that is not shown.
  const section = part.closest<HTMLElement>("[data-section]")?.dataset.section;
  const { store, updateComplete } = app as HTMLElement & { store?: Store; updateComplete?: Promise<unknown> };
  if (store && section) store.section.value = section as Section;
  await updateComplete;
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
