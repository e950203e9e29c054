/** Tabs and radio buttons under the keyboard, as WAI-ARIA has them: one of them takes the focus, arrows go round, Home and End to the ends. */

/** The one that a key chooses; null where the key is none of theirs. In a page from right to left, left is on. */
export function chosenBy<T>(event: KeyboardEvent, all: readonly T[], now: T): T | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
  const on = getComputedStyle(event.currentTarget as Element).direction === "rtl" ? -1 : 1;
  const at = all.indexOf(now);
  const to = { ArrowRight: at + on, ArrowLeft: at - on, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return null;
  event.preventDefault();
  return all[(to + all.length) % all.length]!;
}
