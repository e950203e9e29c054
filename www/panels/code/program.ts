/** What both programs say: where the rows come from, and what of the config both need. All of it is text of Python. */

import { dataOf } from "../../engine/data-kinds.js";
import type { Config, LayerConfig, ModelSummary } from "../../engine/types.js";
import type { References } from "../../engine/references.js";
import { python } from "./spelling.js";

export type Library = "keras" | "pytorch";

/** What a program is written from. */
export interface Subject {
  config: Config;
  summary: ModelSummary;
  references: References;
  /** The input features in NumPy, by their ids. */
  columns: Record<string, string>;
  /** Epochs to train for. */
  epochs: number;
  /** Whether the program starts from weights that the page has saved, and keeps the order of the rows: then its figures are the page's. */
  sameStart: boolean;
  /** Whether the caller's own rows come with their parts. */
  ownSplit: boolean;
}

export interface Program {
  text: string;
  /** What the library has no word for: sentences of the dictionary, `code.missing`, with what and its value. */
  missing: { what: string; value: string }[];
}

export const DATA_FILE = "data.csv";
export const START_FILE = "start.json";

/** Layers in order, the output last, with their place in `Subject.summary.layers`. */
export function layersOf({ config, summary }: Subject): (LayerConfig & { inputs: number; name: string; isOutput: boolean })[] {
  const { hidden, output } = config.network;
  const rows = [...hidden, { dropout: 0, ...output, units: summary.layers.at(-1)!.units }] as LayerConfig[];
  return rows.map((row, index) => ({
    ...row,
    inputs: summary.layers[index]!.units,
    name: index < hidden.length ? `hidden.${index}` : "output",
    isOutput: index === hidden.length,
  }));
}

/** Lines that give `X` (rows, columns), `y` (rows, outputs), and the row numbers `train`, `validation` and `test`. */
export function dataSection(subject: Subject, library: Library): string[] {
  const { summary } = subject;
  const lines = dataOf(summary).image ? digits(subject, library) : table(subject);
  return [...lines, ...scaling(subject), ...targets(subject), ""];
}

function table({ config, summary, columns, ownSplit }: Subject): string[] {
  const { dimensions, own } = dataOf(summary);
  const names = dimensions === 2 ? ["x1", "x2"] : ["x"];
  const read = `table = np.loadtxt("${DATA_FILE}", delimiter=",", skiprows=1, ndmin=2)`;
  if (own) {
    const count = summary.input_count;
    const lines = [`# ${DATA_FILE}: ${count} input columns, the target${ownSplit ? ", and the part (0 training, 1 validation, 2 test)" : ""}; saved from the page`, read, `X, label = table[:, :${count}], table[:, ${count}]`];
    return [...lines, ...(ownSplit ? [`part = table[:, ${count + 1}]`] : drawnParts(config)), ...parts()];
  }
  return [
    `# ${DATA_FILE}: ${names.join(", ")}, the label, and the part (0 training, 1 validation, 2 test); saved from the page`,
    read,
    "table = table[~np.isnan(table).any(axis=1)]  # the labels of a sealed test set are not in the file",
    `${names.join(", ")}, label, part = table.T`,
    `X = np.stack([${config.data.features.map((id) => columns[id] ?? id).join(", ")}], axis=1)`,
    ...parts(),
  ];
}

/** The caller's rows without parts of their own: the same shares, other rows. */
function drawnParts({ data, seeds }: Config): string[] {
  const { train, validation } = data.split;
  return [
    "# the same shares as on the page, other rows",
    `order = np.random.default_rng(${seeds.split}).permutation(len(X))`,
    "part = np.empty(len(X))",
    `part[order] = np.digitize(np.arange(len(X)) / len(X), [${python(train / 100)}, ${python((train + validation) / 100)}])`,
  ];
}

const parts = (): string[] => ["train, validation, test = (np.flatnonzero(part == index) for index in range(3))"];

function digits({ summary }: Subject, library: Library): string[] {
  const { train, validation, test } = summary.counts;
  const load = library === "keras"
    ? ["(images, label), (test_images, test_label) = keras.datasets.mnist.load_data()", "X = np.concatenate([images, test_images]).reshape(-1, 784) / 255", "label = np.concatenate([label, test_label])", "first_test = len(images)"]
    : ["digits = [torchvision.datasets.MNIST(\"data\", train=part, download=True) for part in (True, False)]", "X = np.concatenate([part.data.numpy() for part in digits]).reshape(-1, 784) / 255", "label = np.concatenate([part.targets.numpy() for part in digits])", "first_test = len(digits[0])"];
  return [
    `# MNIST. The page has 10,000 of its 70,000 digits; so many are used here, so the figures are alike and not the same.`,
    ...load,
    `train = np.arange(${train})`,
    `validation = np.arange(${train}, ${train + validation})`,
    `test = first_test + np.arange(${test})`,
  ];
}

function scaling({ config }: Subject): string[] {
  const fit = { standard: ["X[train].mean(axis=0)", "X[train].std(axis=0)"], min_max: ["X[train].min(axis=0)", "np.ptp(X[train], axis=0)"] }[config.data.scaling.id];
  if (!fit) return [];
  return ["# fitted on the training part alone; a constant column is only shifted", `shift, scale = ${fit[0]}, ${fit[1]}`, "X = (X - shift) / np.where(scale == 0, 1, scale)"];
}

function targets({ summary }: Subject): string[] {
  const classes = summary.classes;
  const one = {
    zero_one: "y = label[:, None]",
    plus_minus_one: "y = 2 * label[:, None] - 1  # -1 and 1",
    one_hot: `y = np.eye(${classes})[label.astype(int)]`,
    plus_minus_one_hot: `y = 2 * np.eye(${classes})[label.astype(int)] - 1  # -1 and 1`,
    value: "y = label[:, None]",
  }[summary.target_encoding];
  return [one, 'X, y = X.astype("float32"), y.astype("float32")'];
}

/** Whether an accuracy can be told, and of which targets. */
export function hitOf({ summary }: Subject): "none" | "probability" | "sign" | "largest" {
  const { target_encoding: encoding } = summary;
  if (encoding === "value") return "none";
  if (encoding === "zero_one") return "probability";
  return encoding === "plus_minus_one" ? "sign" : "largest";
}

/** The batch size that is in force: `gd` takes all rows at once. */
export function batchSizeOf({ config, summary }: Subject): number {
  return summary.steps_per_epoch === 1 ? Math.max(summary.counts.train, 1) : config.training.batch_size;
}
