// Says whether a tag may be released: everything that names a version names this one, and the changelog has its section.

import { readFileSync } from "node:fs";

/** What is wrong; empty when nothing is. */
export function faultsOf(tag, read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8")) {
  const version = tag.replace(/^v/, "");
  const named = {
    "package.json": JSON.parse(read("package.json")).version,
    "package-lock.json": JSON.parse(read("package-lock.json")).version,
    "Cargo.toml": /^version = "([^"]+)"/m.exec(read("Cargo.toml"))?.[1],
    "Cargo.lock": /^name = "neural-playground"\nversion = "([^"]+)"/m.exec(read("Cargo.lock"))?.[1],
    "CITATION.cff": /^version: (.+)$/m.exec(read("CITATION.cff"))?.[1],
    "CHANGELOG.md": new RegExp(`^## ${version.replaceAll(".", "\\.")}\\b`, "m").test(read("CHANGELOG.md")) ? version : "no section",
  };
  return Object.entries(named).filter(([, found]) => found !== version).map(([file, found]) => `${file}: ${found}, and the tag says ${version}`);
}

if (process.argv[1]?.endsWith("release-check.mjs")) {
  const faults = faultsOf(process.argv[2] ?? "");
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
