// Projects of other people's kind (tests/platforms/recipes): made in a fresh folder with the packed package, built as their authors would
// build them, and opened.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { dist } from "./server";
import type { Site } from "./site";

const recipes = fileURLToPath(new URL("../../platforms/recipes/", import.meta.url));
const modules = fileURLToPath(new URL("../../../node_modules/", import.meta.url));

interface Manifest { scripts: Record<string, string>; dependencies?: Record<string, string>; devDependencies?: Record<string, string> }

/** Runs a command in a folder; what it says is the error when it fails. */
export function run(folder: string, command: string, ...args: string[]): string {
  try {
    const PATH = `${join(folder, "node_modules/.bin")}:${join(modules, ".bin")}:${process.env["PATH"]}`;
    return execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PATH, NEXT_TELEMETRY_DISABLED: "1", CI: "1" } });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
  }
}

/** A folder for the projects of a test file, with the package as `npm pack` makes it. */
export function pack(): { folder: string; tarball: string } {
  const folder = mkdtempSync(join(tmpdir(), "projects-"));
  run(folder, "npm", "pack", join(dist, "package"), "--pack-destination", folder, "--silent");
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
  return { folder, tarball: join(folder, tarball) };
}

/** A project that has the package installed and nothing else. */
export function fresh(folder: string, tarball: string, manifest: object = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", ...manifest, dependencies: { "neural-playground": `file:${tarball}` } }));
  run(folder, "npm", "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts");
}

/** A recipe's project with what it needs: `here`, out of this repository's own packages; else from the registry. Its folder. */
export function project(name: string, { folder: parent, tarball }: { folder: string; tarball: string }, from: "here" | "registry"): string {
  const folder = join(parent, name);
  const manifest = JSON.parse(readFileSync(join(recipes, name, "package.json"), "utf8")) as Manifest;
  if (from === "here") {
    fresh(folder, tarball);
    for (const [tool, version] of Object.entries(manifest.devDependencies ?? {})) {
      const own = JSON.parse(readFileSync(join(modules, tool, "package.json"), "utf8")) as { version: string };
      assert.equal(own.version, version, `${tool} of the recipe ${name} and of this repository`);
      mkdirSync(dirname(join(folder, "node_modules", tool)), { recursive: true });
      symlinkSync(join(modules, tool), join(folder, "node_modules", tool));
    }
  }
  cpSync(join(recipes, name), folder, { recursive: true });
  cpSync(join(recipes, "check.js"), join(folder, "check.js"));
  if (from === "registry") {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, "neural-playground": `file:${tarball}` } }));
    run(folder, "npm", "install", "--no-audit", "--no-fund");
  }
  return folder;
}

/** What the page of a built project has to tell (recipes/check.js); it must not have complained meanwhile. */
export async function told(site: Site, folder: string): Promise<object> {
  const { origin, requests } = await site.serve({ folder: join(folder, "dist/") });
  const { page, errors } = await site.open(`${origin}/`);
  const result = await page.waitForFunction(() => (window as unknown as { result?: object }).result, null, { timeout: 120_000 }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${errors.join("\n")}\n${requests.join(" ")}`);
  });
  assert.deepEqual(errors, []);
  return (await result.jsonValue()) as object;
}

/** What `check.js` tells where everything is as it should be. */
export const AS_IT_SHOULD = { learned: true, figure: "worker", engine: "worker", dataset: "digits" };
