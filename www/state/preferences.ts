/** What the page keeps between visits: language, theme and whether single keys are shortcuts, in the browser's own storage. */

import { LANGUAGES, type Language } from "../i18n/index.js";
import type { Theme } from "./store.js";

const KEPT = "neural-playground";

export interface Kept { language?: Language; theme?: Theme; singleKeys?: boolean }

/** What the visitor chose the last time; nothing where storage is not allowed. */
export function recall(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Kept;
    return { language: LANGUAGES.find((each) => each === kept.language), theme: (["auto", "light", "dark"] as const).find((each) => each === kept.theme),
      ...(typeof kept.singleKeys === "boolean" ? { singleKeys: kept.singleKeys } : {}) };
  } catch {
    return {};
  }
}

/** Keeps the visitor's choice. */
export function remember(kept: Kept): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // Private windows and sandboxed frames refuse: the choice then lasts as long as the page.
  }
}
