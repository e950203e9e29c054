/**
 * What is typed into a control is the control's: key presses are composed and would go on to the page around, where a "." may blacken a slide and an
 * arrow turn the page. The page sees the element itself as their target, so it cannot know.
 */

/** Where every key that writes or moves is used. */
const EDITED = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false])";
/** Where arrows and their like are. */
const MOVED = "[role=slider], [role=tab], [role=application], [role=grid], [type=radio], [role=radio], np-network-view, canvas[tabindex]";
/** Where Space and Enter press. */
const PRESSED = "button, a[href], summary, input, [role=button], [role=tab], [role=switch], [role=option]";
/** What Escape closes while the focus is in it. */
const CLOSED = "dialog[open], [popover], np-parameter-card";
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

/** Whether a key means something to what has the focus. Tab, Escape where it closes nothing, and keys with a modifier are the page's too. */
export function isUsed(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event;
  if (defaultPrevented) return true;
  const within = (selector: string): boolean => event.composedPath().some((each) => each instanceof Element && each.matches(selector));
  const writes = key.length === 1 || ["Backspace", "Delete", "Enter", "Process", "Dead", "Unidentified", ...MOVES].includes(key);
  if (key === "Escape") return within(CLOSED);
  if (within(EDITED)) return event.isComposing || (writes && (!(ctrlKey || metaKey) || /^[acvxyz]$/i.test(key) || key.length > 1));
  if (ctrlKey || metaKey || altKey) return false;
  return ([" ", "Enter"].includes(key) && within(PRESSED)) || (MOVES.includes(key) && within(MOVED));
}

/** Keeps used keys inside the element. Its own listeners, and those of whoever listens on the way down, have had them. */
export function keepKeys(element: HTMLElement & { page: boolean }): void {
  for (const type of ["keydown", "keypress", "keyup"] as const) {
    element.addEventListener(type, (event) => {
      if (!element.page && isUsed(event)) event.stopPropagation();
    });
  }
}
