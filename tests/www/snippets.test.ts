// Snippets of the documentation say nothing that is not there: scripts are checked by the compiler against the package's types, and markup,
// addresses and styles by the names that the source knows.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { ATTRIBUTES } from "../../www/app/element/attributes";
import { readNames } from "../../www/state/control-policy";
import { built } from "./support/package";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = ["", "docs", "docs/embedding"].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".md")).map((name) => join(folder, name)));

/** Every fenced block of the documentation, with where it stands. */
const blocks = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^(`{3,})(\w*)[^\n]*\n([\s\S]*?)^\1$/gm)].map(({ index, 2: language, 3: code }) => ({ place: `${page}:${text.slice(0, index).split("\n").length}`, language: language!, code: code! }));
});
const all = blocks.map(({ code }) => code).join("\n");

const folder = mkdtempSync(join(tmpdir(), "snippets-"));
after(() => rmSync(folder, { recursive: true }));

test("scripts fit the package's types", () => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(fileURLToPath(new URL(".", built)), join(folder, "node_modules/neural-playground"));
  const scripts = blocks.filter(({ language }) => ["js", "ts"].includes(language));
  assert.ok(scripts.length > 15);
  const names = scripts.map(({ place, code }, at) => {
    const name = `${place.replace(/\W+/g, "-")}-${at}.js`;
    writeFileSync(join(folder, name), code);
    return name;
  });
  // What an Observable notebook has, and the package by an address.
  writeFileSync(join(folder, "around.d.ts"), `declare module "https://HOST/v1/playground.js" { export * from "neural-playground/playground"; }
    declare function display<T>(value: T): T;
    declare const Generators: { observe<T>(start: (notify: (value: T) => void) => () => void): AsyncGenerator<T> };
    declare const figure: import("neural-playground/playground").PlaygroundElement;\n`);
  // Scripts of a page are not written for the compiler: what may be null or of any type is theirs to know.
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
    compilerOptions: { target: "ESNext", module: "ESNext", moduleResolution: "bundler", moduleDetection: "force", lib: ["ESNext", "DOM", "DOM.Iterable"], types: [],
      allowJs: true, checkJs: true, strict: true, strictNullChecks: false, noImplicitAny: false, noEmit: true, skipLibCheck: true, preserveSymlinks: true },
    files: ["around.d.ts", ...names],
  }));
  const check = (): string => {
    try {
      return execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };
  assert.equal(check(), "");
  writeFileSync(join(folder, names.at(-1)!), `import { Engine } from "neural-playground";\nawait Engine.creat();`);
  assert.match(check(), /creat/);
});

test("markup and addresses of frames know no other attributes, parts and controls than the element", () => {
  const known = new Set<string>([...ATTRIBUTES, "id", "class", "style", "hidden", "data-scheme", "key", "ref"]);
  const named: [string, string][] = [];
  const tags = [...all.matchAll(/<neural-playground([^>]*)>/g)];
  for (const [tag, attributes] of tags) {
    for (const [, name, value] of attributes!.matchAll(/([\w-]+)(?:="((?:\{\{[^}]*\}\}|[^"])*)")?/g)) {
      assert.ok(known.has(name!), tag);
      named.push([name!, value ?? ""]);
    }
  }
  const addresses = [...all.matchAll(/embed\.html\?([^"'#\s)`]*)/g)];
  for (const [address, query] of addresses) {
    for (const [name, value] of new URLSearchParams(query!.replaceAll("&amp;", "&"))) {
      assert.ok((ATTRIBUTES as readonly string[]).includes(name), address);
      named.push([name, value]);
    }
  }
  assert.ok(tags.length > 8 && addresses.length > 8);
  const lists = named.filter(([name]) => ["controls", "hide", "lock"].includes(name));
  assert.ok(lists.length > 3);
  for (const [name, value] of lists) assert.deepEqual(readNames(value).unknown, [], `${name}="${value}"`);
});

test("styles name parts, states and properties that are there", () => {
  const manifest = JSON.parse(readFileSync(new URL("custom-elements.json", built), "utf8")) as { modules: { declarations: Record<"cssParts" | "cssStates" | "cssProperties", { name: string }[]>[] }[] };
  const element = manifest.modules[0]!.declarations[0]!;
  const styles = blocks.filter(({ language }) => language === "css").map(({ code }) => code).join("\n");
  const used = { cssParts: /::part\((\w+)\)/g, cssStates: /:state\((\w+)\)/g, cssProperties: /(--[\w-]+):/g } as const;
  for (const [kind, pattern] of Object.entries(used)) {
    const names = [...styles.matchAll(pattern)].map(([, name]) => name!);
    assert.ok(names.length > 0, kind);
    for (const name of names) assert.ok(element[kind as keyof typeof used].some((each) => each.name === name), name);
  }
});
