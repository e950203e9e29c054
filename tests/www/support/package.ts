import { readFileSync } from "node:fs";

/** The built package's engine, as an author would import it. */
export const built = new URL("../../../dist/package/engine.js", import.meta.url);

/** The path of one of the engine's own files on the server, by the name that the package's exports give it. */
export function packaged(name: string): string {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", built), "utf8")) as { exports: Record<string, string> };
  return `/package/${exports[`./${name}`]!.slice(2)}`;
}
