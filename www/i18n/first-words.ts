/** Which words the first trained picture needs. A dictionary is one file; the build hands it out in two parts. */

/** How keys begin whose sentences tell of what has happened since, or stand in what is opened or comes into view later. */
const LATER = [
  "change.", "clip.", "code.", "control.", "engine.", "error.", "finished.", "initializer.", "link.", "not_now.", "pairing.", "remedy.", "restarted.", "returned.", "scaling.",
  "schedule.", "share.", "shortcut.", "tell.", "undefined.", "help.", "mend.",
  "dataset.custom", "metric.", "param.", "status.test_", "status.paused", "status.figures_train_only", "ui.train_score", "field.data.balance", "field.data.classes", "field.data.dataset", "field.data.label_noise", "field.data.scaling",
  "field.data.split.", "field.inputs", "field.link", "field.mode", "field.network.", "field.seeds", "field.targets",
  "field.training.clip", "field.training.early_stopping", "field.training.max_norm", "field.training.schedule", "field.training.shuffled", "field.training.stop",
  "ui.adapted", "ui.after_epochs", "ui.averages", "ui.bias", "ui.close", "ui.confusion", "ui.digit", "ui.dismiss", "ui.engine", "ui.epoch_count", "ui.failure", "ui.forbidden", "ui.full_batch", "ui.group_stop",
  "ui.hidden", "ui.image_count", "ui.layer", "ui.list_comma", "ui.locked", "ui.many_weights", "ui.metric", "ui.never", "ui.next_unit", "ui.no", "ui.number_wanted",
  "ui.on", "ui.open_again", "ui.output", "ui.previous_unit", "ui.rate_now", "ui.redo_change", "ui.regenerate", "ui.remove_layer", "ui.scores", "ui.seeds",
  "ui.shortcuts_", "ui.single_keys", "ui.starts_again", "ui.tab", "ui.theme.dark", "ui.theme.light", "ui.test_loss", "ui.test_opened_before", "ui.test_score", "ui.undo_change", "ui.unit_", "ui.version",
  "ui.whole_number_wanted", "ui.yes", "ui.of_epoch", "ui.picture_map", "ui.test_now", "ui.test_then",
  "view.activation.", "view.card.", "view.confusion.", "view.curves.", "view.digits.", "view.class.number", "view.hidden.", "view.network.bias_of",
  "view.network.neuron_place", "view.network.pixel", "view.network.sampled", "view.output.at_", "view.output.back", "view.output.class", "view.output.describe_line", "view.output.of_",
  "view.output.reads", "view.output.score", "view.output.test", "view.output.two_", "view.output.value", "view.pad.", "view.surface.",
];
/** Of those, what stands on the page from the start: of tables, the rows that the engine's defaults choose. */
const FIRST = new Set([
  "dataset.circle.help", "initializer.glorot_uniform", "metric.accuracy", "param.learning_rate", "schedule.constant", "share.open",
  "ui.engine_badge", "ui.metrics", "ui.output_title",
]);

export function isFirstWord(key: string): boolean {
  return FIRST.has(key) || !(key.endsWith(".help") || LATER.some((beginning) => key.startsWith(beginning)));
}
