// What MyST's theme and MDX make of their snippets: see README.md.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { evaluate } from "@mdx-js/mdx";
import { mystParse } from "myst-parser";
import { DEFAULT_RENDERERS, MyST } from "myst-to-react";
import { ThemeProvider } from "@myst-theme/providers";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import * as runtime from "react/jsx-runtime";

const root = process.argv[2];
const version = (name) => `${name} ${JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")).version}`;

function snippet(page, name) {
  const text = readFileSync(join(root, "docs/embedding", page), "utf8");
  const [, , body] = new RegExp(`^(\`{3,})\\w+ ${name}\\n([\\s\\S]*?)\\n\\1$`, "m").exec(text);
  return body;
}

function write(name, page, makers, html) {
  const digest = createHash("sha256").update(snippet(page, name)).digest("hex");
  writeFileSync(join(root, "tests/platforms", `${name}.html`), `<!-- ${makers.map(version).join(", ")}; of docs/embedding/${page}, ${name}: ${digest} -->\n${html}\n`);
}

/** Directives stand around what they have become. */
const lifted = (node) => (node.children ? { ...node, children: node.children.flatMap((child) => (child.type === "mystDirective" ? (child.children ?? []).map(lifted) : [lifted(child)])) } : node);

const tree = lifted(mystParse(snippet("myst.md", "myst-frame")));
const theme = { renderers: DEFAULT_RENDERERS, theme: "light", setTheme: () => {} };
write("myst-frame", "myst.md", ["myst-parser", "myst-to-react"], renderToStaticMarkup(createElement(ThemeProvider, theme, createElement(MyST, { ast: tree.children }))));

for (const name of ["docusaurus-frame", "docusaurus-element"]) {
  const { default: Content } = await evaluate(snippet("docusaurus.md", name), runtime);
  write(name, "docusaurus.md", ["@mdx-js/mdx", "react"], renderToStaticMarkup(createElement(Content)));
}
