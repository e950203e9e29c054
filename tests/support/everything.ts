// What `make test` runs of what `make test-all` runs. tests/www/everything.test.ts compares the two.

import { test } from "node:test";

/** `make test-all`: nothing is left out. */
export const everything = process.env["TEST_ALL"] === "1";

/** A test that takes long and seldom finds what others do not: `make test-all` runs it. */
export const heavy: typeof test = everything ? test : ((() => Promise.resolve()) as unknown as typeof test);

/** One of two amounts. */
export function amount(ofAll: number, usual: number): number {
  return everything ? ofAll : usual;
}

type Factors = Record<string, readonly (string | number | boolean)[]>;
export type Combination<F extends Factors> = { [K in keyof F]: F[K][number] };

/** Every combination. */
export function product<F extends Factors>(factors: F): Combination<F>[] {
  let found: Combination<F>[] = [{} as Combination<F>];
  for (const [name, values] of Object.entries(factors)) found = found.flatMap((each) => values.map((value) => ({ ...each, [name]: value })));
  return found;
}

/** The pairs of values of two factors that a combination has. */
export function pairs<F extends Factors>(combination: Combination<F>): string[] {
  const entries = Object.entries(combination).map(([name, value]) => `${name}=${String(value)}`);
  return entries.flatMap((one, index) => entries.slice(index + 1).map((other) => `${one} ${other}`));
}

/** So few combinations that every value of each factor still meets every value of each other one: always the same ones. */
export function pairwise<F extends Factors>(factors: F): Combination<F>[] {
  const all = product(factors);
  const open = new Set(all.flatMap(pairs));
  const found: Combination<F>[] = [];
  while (open.size > 0) {
    const news = all.map((each) => pairs(each).filter((pair) => open.has(pair)).length);
    // Of those with as many new pairs, the one whose pairs have been had least.
    const had = all.map((each) => found.flatMap(pairs).filter((pair) => pairs(each).includes(pair)).length);
    const best = all.map((_, index) => index).sort((a, b) => news[b]! - news[a]! || had[a]! - had[b]! || a - b)[0]!;
    for (const pair of pairs(all[best]!)) open.delete(pair);
    found.push(all[best]!);
  }
  return found;
}

/** So few combinations that every value of each factor is in one. */
export function once<F extends Factors>(factors: F): Combination<F>[] {
  const most = Math.max(...Object.values(factors).map(({ length }) => length));
  return Array.from({ length: most }, (_, at) => Object.fromEntries(Object.entries(factors).map(([name, values]) => [name, values[at % values.length]!])) as Combination<F>);
}

/** Every combination in `make test-all`, every value in `make test`: of what takes long, and what others look at in pairs. */
export function values<F extends Factors>(factors: F): Combination<F>[] {
  return everything ? product(factors) : once(factors);
}

/** Every combination in `make test-all`, every pair in `make test`. */
export function combinations<F extends Factors>(factors: F): Combination<F>[] {
  return everything ? product(factors) : pairwise(factors);
}
