// The examples of docs/api.md, each a module of its own: blocks ```js, below the nearest heading.

import { readFileSync } from "node:fs";

export interface Example {
  title: string;
  code: string;
  runsIn: readonly ("node" | "browser")[];
}

const text = readFileSync(new URL("../../../docs/api.md", import.meta.url), "utf8");

export const examples: Example[] = [];
let heading = "";
const counts = new Map<string, number>();
for (const [, title, language, code] of text.matchAll(/^#+ (.+)$|^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)) {
  if (title !== undefined) heading = title;
  else if (language === "js") {
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    // An example that touches a document cannot run in node.
    const needsPage = /\bdocument\b|neural-playground\/playground/.test(code!);
    examples.push({
      title: count > 1 ? `${heading} (${count})` : heading,
      code: code!,
      runsIn: needsPage ? ["browser"] : ["node", "browser"],
    });
  }
}
