/** What a change was, in words: "Learning rate: 0.03 → 0.1". */

import { SEEDS, differences, type Change, type Difference } from "../state/changes.js";
import { formatNumber, formatPercent, formatPower, lookUp } from "../i18n/index.js";
import type { Store } from "../state/store.js";
import { fieldName, idName } from "../ui/messages.js";

/** Shares that the controls show as per cent. */
const PER_CENT = ["data.noise", "data.label_noise", "data.balance"];

export function changeWords(store: Store, { before, after, parameter, data }: Change): string {
  const language = store.language.value;
  const say = (key: string, values: Record<string, string | number> = {}): string => lookUp(language, key, values) ?? key;
  const number = (value: number): string => (value !== 0 && Math.abs(value) < 1e-4 ? formatPower(value) : formatNumber(language, value, 6));
  if (parameter) {
    const hidden = before.network.hidden.length;
    const layer = parameter.layer < hidden ? say("ui.hidden", { index: parameter.layer + 1 }) : say("ui.output");
    const [from, to] = [formatNumber(language, parameter.from, 3), formatNumber(language, parameter.to, 3)];
    const { unit, input } = parameter;
    return say(input === null ? "change.bias" : "change.weight", { layer, unit: unit + 1, input: (input ?? 0) + 1, from, to });
  }
  const symbols = store.catalog.value?.features;
  const changed = differences(before, after);
  const dataset = changed.find(({ path }) => path === "data.dataset");
  // Another data set brings other settings with it: it is the change.
  const first = dataset ?? changed[0];
  if (!first) return say(data ? "change.rows" : "change.reset");
  const words = one(first);
  return dataset || changed.length === 1 || isSplit(changed) || isSeeds(changed) ? words : say("change.more", { change: words, count: changed.length - 1 });

  function one({ path, from, to }: Difference): string {
    if (isSeeds(changed)) return say("change.seeds", { names: seeds(changed).map((each) => fieldName(store, each)).join(say("ui.list_comma")) });
    if (isSplit(changed)) return say("change.split", { from: split(before.data.split), to: split(after.data.split) });
    if (path === "network.hidden") return layers(from as unknown[], to as unknown[]);
    return say("change.field", { field: inLayer(path), from: value(path, from), to: value(path, to) });
  }

  function layers(from: readonly unknown[], to: readonly unknown[]): string {
    if (to.length === from.length + 1) return say("change.layer_added");
    if (to.length === from.length - 1) return say("change.layer_removed");
    return say("change.field", { field: fieldName(store, "network.hidden"), from: String(from.length), to: String(to.length) });
  }

  /** The field, with its layer where it is one of a layer's. */
  function inLayer(path: string): string {
    const at = /^network\.hidden\[(\d+)\]/.exec(path)?.[1];
    const field = fieldName(store, path);
    return at === undefined ? field : say("change.of_layer", { layer: say("ui.hidden", { index: Number(at) + 1 }), field });
  }

  function value(path: string, it: unknown): string {
    if (typeof it === "number") return PER_CENT.includes(path) ? formatPercent(store.language.value, it) : number(it);
    if (typeof it === "boolean") return say(it ? "ui.on" : "ui.off");
    if (typeof it === "string") return idName(store, path, it);
    if (Array.isArray(it)) return it.map((id) => symbols?.find((each) => each.id === id)?.symbol ?? String(id)).join(say("ui.list_comma"));
    if (it === null || it === undefined) return say("ui.off");
    const { id } = it as { id?: string };
    return id ? idName(store, path, id) : say("ui.on");
  }
}

function isSplit(changed: Difference[]): boolean {
  return changed.every(({ path }) => path.startsWith("data.split."));
}

/** Their paths; any other seed stands behind those that every run has. */
function seeds(changed: Difference[]): string[] {
  const known = SEEDS.map((name) => `seeds.${name}`);
  const paths = changed.map(({ path }) => path);
  return [...known.filter((path) => paths.includes(path)), ...paths.filter((path) => !known.includes(path))];
}

function isSeeds(changed: Difference[]): boolean {
  return changed.every(({ path }) => path.startsWith("seeds."));
}

function split({ train, validation, test }: { train: number; validation: number; test: number }): string {
  return `${train}/${validation}/${test}`;
}
