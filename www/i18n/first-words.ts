/** Which words the first trained picture needs. A dictionary is one file; the build hands it out in two parts. */

/** Tables whose sentences tell of what has happened since, or stand in what is opened later. */
const LATER = new Set([
  "change", "control", "engine", "error", "finished", "link", "not_now", "pairing", "remedy", "restarted", "returned", "share", "shortcut", "tell",
]);
/** Of those tables, what stands on the page from the start. */
const FIRST = new Set(["share.open"]);

export function isFirstWord(key: string): boolean {
  if (key.endsWith(".help")) return key.startsWith("dataset.");
  return FIRST.has(key) || !LATER.has(key.slice(0, key.indexOf(".")));
}
