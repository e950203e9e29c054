// What the analyzer of custom elements makes of ours, for editors and documentation: methods off their class, properties and events off
// the public types, attributes, states, parts and custom properties off docs/embed.md, which tests hold to the source.

import { readFileSync } from "node:fs";

const doc = readFileSync(new URL("../docs/embed.md", import.meta.url), "utf8");

/** Rows of the table whose header begins so, as lists of cells. */
function table(header) {
  const lines = doc.split("\n");
  const from = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  if (from < 0) throw new Error(`docs/embed.md has no table that begins with ${header}`);
  const rows = [];
  for (let at = from + 2; lines[at]?.startsWith("|"); at += 1) rows.push(lines[at].replace(/^\| *| *\|$/g, "").split(/ *(?<!\\)\| */));
  return rows;
}

const quoted = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
const plain = (cell) => cell.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1");
/** One entry for each name of a row: several may share a description. */
const named = (header) => table(header).flatMap(([names, ...rest]) => quoted(between(names)).map((name) => ({ name, rest })));
/** `a-0` ... `a-9` are ten. */
const between = (cell) => cell.replace(/`([\w-]+-)(\d+)` \.\.\. `\1(\d+)`/g, (_, stem, from, to) => Array.from({ length: to - from + 1 }, (_, at) => `\`${stem}${+from + at}\``).join(" "));
/** Whether a property sets an attribute. `dataset` is every element's own, and reads as something else. */
const sets = (property, attribute) =>
  property !== "dataset" && (property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) === attribute || (property === "datasetId" && attribute === "dataset"));

/** Fields of the public interface, and the details of its events. */
function publicTypes() {
  const fields = [];
  const events = [];
  const comment = (node) => node.jsDoc?.[0]?.comment;
  return {
    fields, events,
    analyzePhase({ ts, node }) {
      if (!ts.isInterfaceDeclaration(node)) return;
      const members = node.members.filter((member) => ts.isPropertySignature(member) || ts.isGetAccessor(member));
      const written = new Set(node.members.filter(ts.isSetAccessor).map(({ name }) => name.text));
      if (node.name.text === "PlaygroundDetails") for (const member of members) events.push({ name: member.name.text, detail: member.type.getText().replace(/\s+/g, " ") });
      if (node.name.text !== "PlaygroundElement") return;
      for (const member of members) {
        const readonly = ts.isGetAccessor(member) ? !written.has(member.name.text) : member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
        const description = comment(member);
        fields.push({ kind: "field", name: member.name.text, type: { text: member.type.getText() }, ...(description && { description }), ...(readonly && { readonly }) });
      }
    },
  };
}

const types = publicTypes();

export default {
  globs: ["www/app/element/calls.ts", "www/app/element/playground.ts"],
  quiet: true,
  plugins: [{
    name: "neural-playground",
    analyzePhase: types.analyzePhase,
    packageLinkPhase({ customElementsManifest }) {
      const calls = customElementsManifest.modules.flatMap(({ declarations }) => declarations).find(({ name }) => name === "Calls");
      const every = calls.members.filter(({ kind, privacy, name }) => kind === "method" && !privacy && !name.endsWith("ForTest"));
      // Of overloads the first is described, the last takes whatever any of them takes.
      const methods = every.filter(({ name }, at) => every.findLastIndex((each) => each.name === name) === at)
        .map((method) => ({ ...method, description: every.find(({ name }) => name === method.name).description }));
      const attributes = table("attribute").flatMap(([names, description]) => quoted(names).map((name) => {
        const field = types.fields.find((each) => sets(each.name, name));
        return { name, description: plain(description), ...(field && { fieldName: field.name, type: field.type }) };
      }));
      const fields = types.fields.map((field) => {
        const attribute = attributes.find(({ fieldName }) => fieldName === field.name)?.name;
        return attribute ? { ...field, attribute, reflects: true } : field;
      });
      const described = Object.fromEntries(named("event").map(({ name, rest }) => [name, plain(rest[0])]));
      const events = types.events.map(({ name, detail }) => ({ name, type: { text: `CustomEvent<${detail}>` }, description: described[name] }));
      const cssProperties = named("property").map(({ name, rest }) => ({ name, description: plain(rest[0]) }));
      const cssParts = named("part | what").map(({ name, rest }) => ({ name, description: plain(rest[0]) }));
      const cssStates = named("state").map(({ name, rest }) => ({ name, description: plain(rest[0]) }));
      const element = {
        kind: "class", customElement: true, tagName: "neural-playground", name: "NeuralPlayground",
        description: "A neural network that trains in the page: data, network, output, and the controls that an author chooses.",
        superclass: { name: "HTMLElement" },
        members: [...fields, ...methods], attributes, events, cssProperties, cssParts, cssStates,
      };
      const declaration = { name: "NeuralPlayground", module: "playground.js" };
      customElementsManifest.modules = [{
        kind: "javascript-module", path: "playground.js", declarations: [element],
        exports: [
          { kind: "js", name: "NeuralPlayground", declaration },
          { kind: "custom-element-definition", name: "neural-playground", declaration },
        ],
      }];
    },
  }],
};
