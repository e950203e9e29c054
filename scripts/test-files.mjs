// The files of page tests, in the order and company in which they run. A new file belongs to the first group it fits; files of the
// kinds below are found by their place, so only what is sensitive to time is named here.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const tests = join(dirname(dirname(fileURLToPath(import.meta.url))), "tests");

/** What another browser at work would change: when frames come, when a device is lost, what is idle, what is fetched when. */
const ALONE = ["calm", "first-load", "gpu-losses", "pace", "soak"];

const inFolder = (folder, ending) =>
  readdirSync(join(tests, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(tests, folder, name));
const isAlone = (file) => ALONE.some((name) => file.endsWith(`/${name}.spec.ts`));

/** How many files at a time, and how long one may take, in milliseconds. */
export function groups() {
  const pages = inFolder("e2e", ".spec.ts");
  return [
    { name: "tests in node", files: inFolder("www", ".test.ts"), at_a_time: 2, limit: 300_000 },
    // Each has a server and a browser of its own.
    { name: "pages, two at a time", files: [...inFolder("browsers", ".spec.ts"), ...pages.filter((file) => !isAlone(file))], at_a_time: 2, limit: 600_000 },
    { name: "pages that are sensitive to time, one after another", files: pages.filter(isAlone), at_a_time: 1, limit: 600_000 },
  ];
}

/** `make test-platforms`: what needs a network and other people's tools. */
export function platforms() {
  return [{ name: "other people's tools", files: inFolder("platforms", ".spec.ts"), at_a_time: 1, limit: 1_800_000 }];
}
