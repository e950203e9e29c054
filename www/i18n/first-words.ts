/** Which words the first trained picture needs. A dictionary is one file; the build hands it out in two parts. */

/** How keys begin whose sentences tell of what has happened since, or stand in what is opened or comes into view later. */
const LATER = [
  "change.", "control.", "engine.", "error.", "finished.", "link.", "not_now.", "pairing.", "remedy.", "restarted.", "returned.", "share.", "shortcut.", "tell.",
  "metric.", "param.", "field.link", "field.training.early_stopping", "field.training.stop", "field.network.hidden[].", "field.network.output",
  "ui.engine_", "ui.image_count", "ui.open_again", "ui.opened", "ui.scores", "ui.shortcuts_", "ui.tab", "ui.test_opened_before", "ui.unit_",
  "view.activation.", "view.card.", "view.confusion.", "view.digits.", "view.hidden.", "view.pad.", "view.surface.",
];
/** Of those, what stands on the page from the start. */
const FIRST = new Set(["metric.accuracy", "param.learning_rate", "share.open", "ui.engine_badge"]);

export function isFirstWord(key: string): boolean {
  if (key.endsWith(".help")) return key.startsWith("dataset.");
  return FIRST.has(key) || !LATER.some((beginning) => key.startsWith(beginning));
}
