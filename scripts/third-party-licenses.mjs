// The notices that the licences of others ask for: of every npm package that the bundles hold, and of every crate in the wasm modules.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Licences that may be in the package: they ask for their text and nothing else. */
const ACCEPTED = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unicode-3.0", "Unlicense", "0BSD", "CC0-1.0", "Apache-2.0 WITH LLVM-exception"];

/** The text of a package built into `library`. */
export function thirdPartyLicenses(library) {
  const parts = [...npmPackages(library), ...crates(), standardLibrary()];
  for (const { name, license } of parts) {
    if (!license.split(/\s+OR\s+|\//).some((each) => each.split(/\s+AND\s+/).every((one) => ACCEPTED.includes(one.replace(/[()]/g, "").trim())))) {
      throw new Error(`${name} is under ${license}: may it be in the package?`);
    }
  }
  // Many share one text to the letter.
  const texts = Map.groupBy ? Map.groupBy(parts, ({ text }) => text) : grouped(parts);
  const sections = [...texts].map(([text, owners]) => `${owners.map(({ name, version, license, from }) => `${name} ${version} (${license})${from ? `\n  ${from}` : ""}`).join("\n")}\n\n${text}`);
  return `Neural Playground itself is under the MIT licence (LICENSE), its digits under CC BY-SA 3.0 (DATA.md).
The scripts and WebAssembly modules beside this file hold the following work of others.

${sections.map((section) => `${"-".repeat(80)}\n${section.trim()}\n`).join("\n")}`;
}

function grouped(parts) {
  const groups = new Map();
  for (const part of parts) groups.set(part.text, [...(groups.get(part.text) ?? []), part]);
  return groups;
}

/** What lies in node_modules and in a bundle, by the bundles' source maps. */
function npmPackages(library) {
  const internal = join(library, "internal");
  const names = new Set();
  for (const file of readdirSync(internal).filter((each) => each.endsWith(".map"))) {
    for (const source of JSON.parse(readFileSync(join(internal, file), "utf8")).sources) {
      const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
      if (name) names.add(name);
    }
  }
  return [...names].sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license, homepage, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const from = (typeof repository === "string" ? repository : repository?.url ?? homepage ?? "").replace(/^git\+|\.git$/g, "");
    return { name, version, license, from, text: notice(folder, name, license) };
  });
}

/** Crates that are linked into the modules: normal dependencies on wasm32, without macros, which only the compiler runs. */
function crates() {
  const cargo = (...args) => execFileSync("cargo", [...args, "--locked", "--features", "gpu,compiler"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  const { packages } = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", "wasm32-unknown-unknown"));
  // The tree knows which features are on for this target alone.
  const tree = cargo("tree", "--target", "wasm32-unknown-unknown", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}");
  const linked = new Set([...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name, version]) => `${name} ${version}`));
  return packages.filter(({ name, version, source }) => source !== null && linked.has(`${name} ${version}`)).sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, version, license, repository, manifest_path, authors }) => {
    const folder = dirname(manifest_path);
    return { name, version, license, from: repository ?? "", text: notice(folder, name, license, authors) };
  });
}

/** The licence files of a folder: where one may choose, those of MIT; notices in any case. */
function notice(folder, name, license, authors = []) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file) && !/\.rs$/i.test(file)).sort();
  const ofMit = files.filter((file) => /mit/i.test(file));
  const chosen = /\bMIT\b/.test(license) && ofMit.length > 0 ? [...ofMit, ...files.filter((file) => /^notice/i.test(file))] : files;
  if (chosen.length > 0) return chosen.map((file) => readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n").trim()).join("\n\n");
  if (/\bMIT\b/.test(license)) return mit(`Copyright (c) ${authors.length > 0 ? authors.join(", ") : `the ${name} authors`}`);
  throw new Error(`${name}: no licence file, and ${license} is not MIT`);
}

/** Every module holds what it uses of Rust's own library. */
function standardLibrary() {
  const [, version] = /^rustc (\S+)/.exec(execFileSync("rustc", ["--version"], { cwd: root, encoding: "utf8" }));
  return {
    name: "The Rust standard library, with compiler_builtins, dlmalloc, hashbrown and libm", version, license: "MIT OR Apache-2.0", from: "https://github.com/rust-lang/rust",
    text: mit("Copyright (c) The Rust Project Contributors"),
  };
}

const mit = (copyright) => readFileSync(join(root, "LICENSE"), "utf8").replace(/^Copyright.*$/m, copyright).trim();
