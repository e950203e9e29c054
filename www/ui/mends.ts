/** What would make a refused wish possible: one press beside the sentence that refuses it. */

import type { Config } from "../engine/types.js";
import { lookUp } from "../i18n/index.js";
import type { Message, Store } from "../state/store.js";

/** A label and the patch behind it. */
export interface Mend { label: string; patch: unknown }

/** The output that a rule of pairing asks for, the last where it leaves a choice: `hinge_needs_linear_or_tanh`. */
const outputOf = (rule: unknown): string | undefined => String(rule ?? "").split("_needs_")[1]?.split("_or_").at(-1);
/** The loss that goes with every output. */
const ANY = "mse";
/** Per cent that are set aside where there is no test set. */
const TEST = 20;

export function mendOf(store: Store, { refusal, wish }: Message): Mend | null {
  const config = store.config.value;
  if (!refusal || !config) return null;
  const { code, values, field } = refusal;
  const say = (key: string, id: string): string => lookUp(store.language.value, key, { value: id }) ?? "";
  if (code === "pairing") {
    // Whoever asked for a loss is given its output, and whoever asked for an output a loss that goes with it.
    const output = (wish as Partial<Config> | undefined)?.network?.output?.activation?.id;
    const needed = outputOf(values.rule);
    if (needed === "classes") return null;
    const own = (id: string): boolean => lookUp(store.language.value, `pairing.${id}_needs_${output}`) !== null;
    const loss = output && output !== needed ? store.catalog.value?.losses.find(({ id }) => own(id))?.id ?? ANY : undefined;
    if (loss) return { label: say("mend.loss", name("loss", loss)), patch: merged(wish, { training: { loss: { id: loss } } }) };
    return needed ? { label: say("mend.output", name("activation", needed)), patch: merged(wish, { network: { output: { activation: { id: needed } } } }) } : null;
  }
  if (code === "out_of_range" && wish !== undefined && /^(data|network|training)\.[a-z_.]+$/.test(field)) {
    const [value, min, max] = [Number(values.value), Number(values.min), Number(values.max)];
    const bound = value < min ? min : max;
    const patch = field.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), bound);
    return Number.isFinite(bound) ? { label: say("mend.bound", String(bound)), patch } : null;
  }
  if (code === "not_now" && values.reason === "no_test_set") {
    const { train, validation } = config.data.split;
    const kept = Math.round((train * (100 - TEST)) / (train + validation));
    return { label: say("mend.test", String(TEST)), patch: { data: { split: { train: kept, validation: 100 - TEST - kept, test: TEST } } } };
  }
  return null;

  function name(table: string, id: string): string {
    return lookUp(store.language.value, `${table}.${id}`) ?? id;
  }
}

/** One JSON merge patch over another. */
function merged(first: unknown, second: unknown): unknown {
  if (typeof first !== "object" || first === null || typeof second !== "object" || second === null) return second;
  const all = { ...first } as Record<string, unknown>;
  for (const [name, value] of Object.entries(second)) all[name] = merged(all[name], value);
  return all;
}
