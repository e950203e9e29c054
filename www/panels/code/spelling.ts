/** Fills the call templates of the tables' rows (`engine/references.ts`) in. */

import type { Choice } from "../../engine/types.js";

export interface Spelled {
  text: string;
  /** Parameters that the template has no place for and that say something (they are not 0). */
  unused: [name: string, value: number][];
}

/** A number as Python has it: `1e-08`, not `1e-8`. */
export function python(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, "e$10$2").replace("e+", "e");
}

/**
 * `torch.optim.SGD(lr={learning_rate}[, weight_decay={weight_decay}])` with the parameters of `choice`: `{name?}` is True or
 * False; what stands in brackets is left out where its parameters are 0.
 */
export function spell(template: string, choice: Choice, more: Record<string, number> = {}): Spelled {
  const params = { ...more, ...Object.fromEntries(Object.entries(choice).filter(([, value]) => typeof value === "number")) } as Record<string, number>;
  const named = (text: string): string[] => [...text.matchAll(/\{(\w+)\??\}/g)].map(([, name]) => name!);
  const chosen = template.replace(/\[([^\]]*)\]/g, (_, group: string) => (named(group).every((name) => !params[name]) ? "" : group));
  const text = chosen.replace(/\{(\w+)(\??)\}/g, (_, name: string, truth: string) => {
    const value = params[name] ?? 0;
    return truth ? (value ? "True" : "False") : python(value);
  });
  const known = new Set(named(template));
  const unused = Object.entries(choice).filter((entry): entry is [string, number] => typeof entry[1] === "number" && entry[1] !== 0 && !known.has(entry[0]));
  return { text, unused };
}

/** The call with what it is called on as its first argument: `zeros_()` on `layer.bias`. */
export function calledOn(call: string, first: string): string {
  return call.replace(/\((?=(.?))/, (_, next: string) => (next === ")" ? `(${first}` : `(${first}, `));
}
