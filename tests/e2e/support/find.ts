import { execFileSync } from "node:child_process";

/** The path of the first of these programs that is installed. A browser that is missing fails the test: nothing is skipped. */
export function find(...names: string[]): string {
  for (const name of names) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The next one, then.
    }
  }
  throw new Error(`not installed: ${names.join(", ")}`);
}
