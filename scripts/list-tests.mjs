// Prints the names of all page tests as JSON and runs none; the files are imported with a node:test that only listens.
// node --import tsx scripts/list-tests.mjs

import { register } from "node:module";
import { relative } from "node:path";

import { groups, tests } from "./test-files.mjs";

const listener = `
  export const names = globalThis.testNames = [];
  const around = [];
  const nothing = () => {};
  export function test(...args) {
    const name = args.find((each) => typeof each === "string") ?? "";
    names.push([globalThis.testFile + ":", ...around, name].join(" "));
    return Promise.resolve();
  }
  export function describe(...args) {
    around.push(args.find((each) => typeof each === "string") ?? "");
    args.find((each) => typeof each === "function")?.();
    around.pop();
    return Promise.resolve();
  }
  export const it = test, suite = describe, before = nothing, after = nothing, beforeEach = nothing, afterEach = nothing;
  export const mock = { timers: { enable: nothing } };
  Object.assign(test, { test, it, describe, suite, before, after, beforeEach, afterEach, mock });
  export default test;
`;
const address = `data:text/javascript,${encodeURIComponent(listener)}`;
const hooks = `export function resolve(name, context, next) {
  return name === "node:test" || name === "test" ? { url: ${JSON.stringify(address)}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, import.meta.url);

for (const file of groups().flatMap(({ files }) => files)) {
  globalThis.testFile = relative(tests, file);
  await import(file);
}
// What a file has set going meanwhile is not waited for.
process.stdout.write(JSON.stringify(globalThis.testNames), () => process.exit());
