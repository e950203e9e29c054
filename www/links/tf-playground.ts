/** Links of TensorFlow Playground: its hash, `name=value` joined by `&`, as that page reads it. */

import { engineError } from "../engine/errors.js";
import { PARTS, type ControlId } from "../state/control-policy.js";
import type { LinkState } from "./link.js";
import { bare, isTracking, pairsText } from "./mend.js";
import { broken, checkLength } from "./packing.js";

/** Its names for what we have under other names, or under the same. */
const list = (names: string): string[] => names.split(" ");
const ACTIVATIONS = list("relu tanh sigmoid linear");
const DATASETS = list("circle xor gauss spiral");
const REGRESSION_DATASETS = list("reg-plane reg-gauss");
const PROBLEMS = list("classification regression");
const REGULARIZATIONS = list("none L1 L2");
/** Features in the order of that page's columns, and ours. `cosX` and `cosY` do nothing there. */
const FEATURES = [
  ["x", "x", true], ["y", "y", true], ["xSquared", "x_squared", false], ["ySquared", "y_squared", false],
  ["xTimesY", "x_times_y", false], ["sinX", "sin_x", false], ["sinY", "sin_y", false],
] as const;
/** What `<name>_hide=true` hides. Its step is an epoch; here both buttons are steps. Its test points are all that are not for training. */
const HIDES: Record<string, ControlId[]> = {
  showTestData: ["show-test", "show-validation"], discretize: ["discretize"], playButton: ["play"], stepButton: ["step", "epoch"], resetButton: ["reset"],
  learningRate: ["learning-rate"], activation: ["activation"], regularization: ["regularization"], regularizationRate: ["regularization-rate"],
  problem: ["problem"], dataset: ["dataset"], percTrainData: ["split"], noise: ["noise"], batchSize: ["batch-size"], numHiddenLayers: ["layers"],
};
/** Its other state keys: a hash with none of all these is no link of that page. */
const OTHERS = list("activation regularization batchSize dataset regDataset learningRate regularizationRate noise networkShape seed showTestData discretize percTrainData cosX cosY collectStats tutorial problem initZero hideText");

/** Longest hash that is read; that page writes about 600 characters. */
const MAX_HASH = 10_000;
/** So many pairs that are not understood are told. */
const MOST_TOLD = 5;
/** Noise beyond the slider: up to 80 it is taken, above it becomes 50. */
const NOISE_TAKEN = 80;
const NOISE_ELSE = 50;

/** The pairs of a hash, as that page splits them: of `a=b=c` the value is `b`, and the last of two wins. */
function pairsOf(hash: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of hash.split("&")) {
    const [name = "", value] = pair.split("=");
    if (value !== undefined) pairs.set(name, valueOf(name, value));
  }
  return pairs;
}

/** What is taken at its word: whatever else is said there is told to the visitor. */
const FLAGS = new Set([...FEATURES.map(([name]) => name as string), ...list("showTestData discretize cosX cosY collectStats initZero hideText")]);
const CHOICES: Record<string, string[]> = { activation: ACTIVATIONS, dataset: DATASETS, regDataset: REGRESSION_DATASETS, problem: PROBLEMS, regularization: REGULARIZATIONS };
const isKnown = (name: string): boolean => FLAGS.has(name) || OTHERS.includes(name) || (name.endsWith("_hide") && (name.slice(0, -5) in HIDES || isKnown(name.slice(0, -5))));

/** Whether a value is one that the name may have there. */
function fits(name: string, value: string): boolean {
  if (value.trim() === "" || name === "seed" || name === "tutorial") return true;
  if (FLAGS.has(name) || name.endsWith("_hide")) return value === "true" || value === "false";
  const choices = CHOICES[name];
  if (choices) return choices.includes(value);
  return isKnown(name) && value.split(name === "networkShape" ? "," : "\n").every((part) => part.trim() !== "" && Number.isFinite(Number(part)));
}

/** A value without what a sentence put behind it: a word ends before anything that is not of words, a number is whole or none. */
function valueOf(name: string, value: string): string {
  if (fits(name, value)) return value;
  const word = FLAGS.has(name) || name in CHOICES || name.endsWith("_hide") ? /^[\w-]*/.exec(value)![0] : bare(value);
  return word !== "" && fits(name, word) ? word : value;
}

/** Pairs that say nothing known there, shortened; an honest reader is told. */
function unreadOf(pairs: Map<string, string>): string[] {
  const strange = [...pairs].filter(([name, value]) => !isTracking(name) && !(isKnown(name) && fits(name, value)));
  // Names and words that no such link has ever had inside: it was changed on its way, and what it meant is not known.
  const torn = strange.find(([name, value]) => !/^[\w-]+$/.test(name) || (FLAGS.has(name) && !/^[\w.+-]{1,5}$/.test(value)) || CHOICES[name]?.some((choice) => value.startsWith(choice)));
  if (torn) throw broken("link", `${torn[0]}=${torn[1]}`.slice(0, 80));
  return strange.slice(0, MOST_TOLD).map(([name, value]) => `${name}=${value}`.slice(0, 40));
}

/** Whether a hash (without `#`) looks like one of that page's. */
export function isTfPlayground(hash: string): boolean {
  const known = new Set([...OTHERS, ...FEATURES.map(([name]) => name)]);
  for (const name of pairsOf(hash.replaceAll("?", "&")).keys()) if (known.has(name.replace(/_hide$/, "")) || name.replace(/_hide$/, "") in HIDES) return true;
  return false;
}

/** Reads a hash (without `#`). Throws an `EngineError` that names the field. */
export function decodeTfPlayground(hash: string): LinkState {
  checkLength(hash, MAX_HASH);
  const pairs = pairsOf(pairsText(hash, fits));
  const raw = (name: string): string | null => {
    const value = pairs.get(name);
    return value === undefined || value.trim() === "" ? null : value;
  };
  const choice = (name: string, known: string[]): string => {
    const value = raw(name);
    return value !== null && known.includes(value) ? value : known[0]!;
  };
  const isOn = (name: string, otherwise: boolean): boolean => {
    const value = raw(name);
    return value === null ? otherwise : value !== "false";
  };
  const number = (name: string, field: string, otherwise: number): number => {
    const value = raw(name);
    return value === null ? otherwise : toNumber(name, value, field);
  };
  const isHidden = (name: string): boolean => pairs.get(`${name}_hide`) === "true";

  const isRegression = choice("problem", PROBLEMS) === "regression";
  // Its default activation is the second of the list.
  const activation = raw("activation") !== null && ACTIVATIONS.includes(raw("activation")!) ? raw("activation")! : ACTIVATIONS[1]!;
  const dataset = isRegression ? choice("regDataset", REGRESSION_DATASETS).replace("-", "_") : choice("dataset", DATASETS);
  const share = number("percTrainData", "data.split.train", 50);
  const initial = isOn("initZero", false)
    ? { weight_initializer: { id: "zeros" }, bias_initializer: { id: "zeros" } }
    : { weight_initializer: { id: "uniform", low: -0.5, high: 0.5 }, bias_initializer: { id: "constant", value: 0.1 } };
  const penalty = choice("regularization", REGULARIZATIONS).toLowerCase();
  const rate = number("regularizationRate", `training.penalty.lambda`, 0);
  const config = {
    mode: "tf_playground",
    // Without a seed that page draws one.
    seeds: { tf_playground: raw("seed") ?? Math.random().toFixed(5) },
    data: {
      dataset,
      noise: noiseOf(number("noise", "data.noise", 0)) / 100,
      split: { train: share, validation: 100 - share, test: 0 },
      features: FEATURES.filter(([name, , on]) => isOn(name, on) && !isHidden(name)).map(([, id]) => id),
    },
    network: {
      hidden: shapeOf(pairs.get("networkShape")).map((units) => ({ units, activation: { id: activation } })),
      output: { activation: { id: isRegression ? "linear" : "tanh" } },
      ...initial,
    },
    training: {
      loss: { id: "half_mse" },
      optimizer: { id: "sgd", learning_rate: number("learningRate", "training.optimizer.learning_rate", 0.03) },
      batch_size: number("batchSize", "training.batch_size", 10),
      penalty: penalty === "none" ? { id: penalty } : { id: penalty, lambda: rate },
    },
  };
  const notes: string[] = [];
  if (raw("tutorial") !== null) notes.push("tutorial");
  const unread = unreadOf(pairs);
  return {
    kind: "tf_playground", config, notes, ...(unread.length > 0 ? { unread } : {}),
    view: {
      testPoints: isOn("showTestData", false), discrete: isOn("discretize", false),
      ...(isOn("hideText", false) ? { parts: PARTS.filter((part) => part !== "header" && part !== "tabs") } : {}),
    },
    hidden: Object.entries(HIDES).flatMap(([name, ids]) => (isHidden(name) ? ids : [])),
  };
}

function noiseOf(noise: number): number {
  if (noise > NOISE_TAKEN) return NOISE_ELSE;
  return Math.max(0, noise);
}

/** `networkShape=` is no hidden layer; without the key it is 4,2. */
function shapeOf(value: string | undefined): number[] {
  const shape = value ?? "4,2";
  return shape.trim() === "" ? [] : shape.split(",").map((part) => toNumber("networkShape", part, "network.hidden"));
}

/** As JavaScript reads numbers there (`+text`): blanks around and 1e-3 are fine; what is no number, or infinite, is refused. */
function toNumber(key: string, value: string, field: string): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number)) return number;
  const shown = value.slice(0, 40);
  throw engineError("link_number", field, `${field}: the link says ${key}=${shown}, which is not a number`, { key, value: shown });
}
