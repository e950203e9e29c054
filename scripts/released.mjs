// Puts every released version beside the new one, as npm keeps it: its whole folder under its exact version, and its internal files
// beside those of /v1/, so that an entry that a browser has kept still finds what it leads to. Run after a build, before the site is published.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Lays unpacked packages, by version, into the built site. A version's own folder is what was released, also where this build has the same number. */
export function layBeside(dist, packages) {
  for (const [version, folder] of Object.entries(packages)) {
    rmSync(join(dist, version), { recursive: true, force: true });
    cpSync(folder, join(dist, version), { recursive: true });
    const internal = join(folder, "internal");
    if (!existsSync(internal)) continue;
    // The name is a digest of the content: what is there is the same.
    for (const file of readdirSync(internal)) cpSync(join(internal, file), join(dist, "v1/internal", file), { force: false });
  }
}

function releasedVersions(name) {
  try {
    return [JSON.parse(execFileSync("npm", ["view", name, "versions", "--json"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }))].flat();
  } catch (error) {
    // Nothing has been released yet.
    if (String(error.stdout).includes("E404")) return [];
    throw error;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "released-"));
  const packages = {};
  for (const version of releasedVersions(name)) {
    const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", `${name}@${version}`, "--json", "--pack-destination", folder], { encoding: "utf8" }));
    const unpacked = join(folder, version);
    mkdirSync(unpacked);
    execFileSync("tar", ["-xzf", join(folder, filename), "-C", unpacked, "--strip-components=1"]);
    packages[version] = unpacked;
  }
  layBeside(join(root, "dist"), packages);
  rmSync(folder, { recursive: true });
  console.log(`released before: ${Object.keys(packages).join(", ") || "nothing"}`);
}
