/** Which words the first trained picture needs. A dictionary is one file; the build hands it out in two parts. */

/** How keys begin whose sentences tell of what has happened since, or stand in what is opened or comes into view later. */
const LATER = [
  "change.", "control.", "engine.", "error.", "finished.", "link.", "not_now.", "pairing.", "remedy.", "restarted.", "returned.", "share.", "shortcut.", "tell.",
  "metric.", "param.", "status.test_", "field.data.classes", "field.data.split.", "field.inputs", "field.link", "field.mode", "field.targets",
  "field.training.early_stopping", "field.training.stop", "field.network.hidden[].", "field.network.output",
  "ui.adapted", "ui.after_epochs", "ui.averages", "ui.confusion", "ui.digit", "ui.dismiss", "ui.engine_", "ui.epoch_count", "ui.failure", "ui.full_batch", "ui.group_stop", "ui.image_count",
  "ui.locked", "ui.many_weights", "ui.never", "ui.next_unit", "ui.open_again", "ui.opened", "ui.output_units", "ui.previous_unit", "ui.rate_now", "ui.redo_change", "ui.scores",
  "ui.shortcuts_", "ui.single_keys", "ui.tab", "ui.test_loss", "ui.test_opened_before", "ui.test_score", "ui.undo_change", "ui.unit_",
  "view.activation.", "view.card.", "view.confusion.", "view.curves.", "view.digits.", "view.class.number", "view.hidden.", "view.network.bias_of",
  "view.network.neuron_place", "view.network.pixel", "view.network.sampled", "view.output.at_", "view.output.class", "view.output.describe_line",
  "view.output.reads", "view.output.score", "view.output.value", "view.pad.", "view.surface.",
];
/** Of those, what stands on the page from the start: of tables, the rows that the engine's defaults choose. */
const FIRST = new Set([
  "dataset.circle.help", "metric.accuracy", "share.open", "ui.engine_badge",
  "param.amsgrad", "param.beta1", "param.beta2", "param.eps", "param.learning_rate", "param.weight_decay",
]);

export function isFirstWord(key: string): boolean {
  return FIRST.has(key) || !(key.endsWith(".help") || LATER.some((beginning) => key.startsWith(beginning)));
}
