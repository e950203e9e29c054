// Links that are cut off, changed, hostile: each is taken, or refused by a message that names a field; nothing else happens.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

import { applyLink, decodeLink, MAX_STEPS, type LinkState } from "../../www/links/index";
import { digestOf } from "../../www/links/digest";
import { pack } from "../../www/links/packing";
import type { Engine as EngineType, FieldSpec } from "../../www/engine/index";
import { built } from "./support/package";

const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");
const dictionaries = ["en", "zh-CN"].map((language) =>
  JSON.parse(readFileSync(new URL(`../../www/i18n/${language}.json`, import.meta.url), "utf8")) as Record<string, string>);

let engine: EngineType;
let probe: EngineType;
before(async () => {
  [engine, probe] = await Promise.all([Engine.create({ worker: false }), Engine.create({ worker: false })]);
});
after(() => {
  engine.dispose();
  probe.dispose();
});

/** The field that was named, or null where the link was taken. Fails on any other end, and when a refusal changed anything. */
async function outcome(link: string): Promise<string | null> {
  const state = async () => JSON.stringify([engine.config, digestOf(await engine.weights()), (await engine.metrics()).step]);
  const before = await state();
  let read: LinkState;
  try {
    read = await decodeLink(link);
    // How long a replay may take is another question: it can be stopped.
    if ((read.replay?.steps ?? 0) > 50) read.replay!.steps = 50;
    await applyLink(read, engine, probe);
    return null;
  } catch (error) {
    const { code, field, message, values } = error as { code?: string; field?: string; message: string; values?: Record<string, string> };
    assert.ok(code && field, `${link.slice(0, 300)}: ${String(error)}`);
    assert.ok(message.length < 2000, `${link.slice(0, 300)}: a message of ${message.length} characters`);
    for (const words of dictionaries) {
      const key = code === "pairing" ? `pairing.${values!.rule}` : code === "not_now" ? `not_now.${values!.reason}` : `error.${code}`;
      assert.ok(words[key], `no sentence for ${key}`);
      if (field.startsWith("link") && code !== "unknown_field") assert.ok(words[`field.${field}`] ?? words["field.link"], field);
      for (const [, name] of words[key]!.matchAll(/\{(\w+)\}/g)) assert.ok(name === "field" || values![name!] !== undefined, `${key} lacks ${name}`);
    }
    assert.equal(await state(), before, `${link.slice(0, 300)}: refused, and yet something changed`);
    return field;
  }
}

/** Numbers that are the same in every run: mulberry32. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const THEIRS = "activation=relu&regularization=L2&batchSize=10&dataset=xor&regDataset=reg-plane&learningRate=0.03&regularizationRate=0.01&noise=10&" +
  "networkShape=4,2&seed=0.5&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false&xSquared=false&ySquared=false&cosX=false&" +
  "sinX=false&cosY=false&sinY=false&collectStats=false&problem=classification&initZero=false&hideText=false&playButton_hide=true&xSquared_hide=true";
const OURS = {
  config: { data: { dataset: "spiral", noise: 0.1, split: { train: 60, validation: 20, test: 20 } }, network: { hidden: [{ units: 3, activation: "tanh" }] },
    training: { optimizer: { id: "adam", learning_rate: 0.02 }, batch_size: 20, early_stopping: { metric: "loss" } }, seeds: { init: 4 } },
  weights: Buffer.from(new Float32Array(13).buffer).toString("base64"), view: { test: true, parts: ["data"] }, hidden: ["seed"], locked: ["noise"],
  replay: { steps: 3, digest: "0123456789abcdef" },
};
const POINTS = { points: { inputs: Buffer.from(new Float32Array(24).fill(1).buffer).toString("base64"), targets: Buffer.from(Float32Array.from({ length: 12 }, (_, i) => i % 2).buffer).toString("base64"), columns: 2, split: Buffer.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]).toString("base64"), task: "classification" } };
const WORDS = ["", "NaN", "-1", "0", "1e309", "-1e309", "1e15", "0.5", "true", "null", "é", "\u{1f600}", "%", "%E0%A4%A", "%00", "\u0000", "\ud800", "4,2,", ",", "8,8,8,8,8,8,8,8,8", "0,0", "-3", "1025",
  "1e9,1e9", "x".repeat(70), "x".repeat(5000), "constructor", "__proto__", "[object Object]", "1&1", "=", "0x10", " 5 "];
const VALUES: unknown[] = [null, true, false, 0, -1, 0.5, 1e308, -1e308, 1e15, 4294967296, "", "NaN", "é\u{1f600}", "\ud800", "A".repeat(3000), [], [[]], {}, { id: "nothing" }, { id: 3 }, { __proto__x: 1 },
  [1, 2, 3], "!!!", "AAAA", "AAAAAAA=", Buffer.from(Float32Array.of(NaN, 1).buffer).toString("base64"), JSON.parse(`${"[".repeat(9)}1${"]".repeat(9)}`), Array(1000).fill("x"), 1025, 5001, 1e9];

/** `LINKS=100000 SEED=2 node --import tsx tests/www/links-malformed.test.ts` makes others, and more. */
const COUNT = Number(process.env["LINKS"] ?? 5000);
const SEED = Number(process.env["SEED"] ?? 20);

test("malformed links are taken or refused by field, and nothing else", async (context) => {
  const next = random(SEED);
  const at = (count: number): number => Math.floor(next() * count);
  const pick = <T>(list: readonly T[]): T => list[at(list.length)]!;
  const ends = new Map<string, number>();
  const packed = await encodeOwn(OURS);
  const mutations: (() => string | Promise<string>)[] = [
    () => `#${THEIRS.slice(0, at(THEIRS.length))}`,
    () => `#${THEIRS.replace(/(\w+)=([^&]*)/g, (whole, name: string) => (next() < 0.06 ? `${name}=${pick(WORDS)}` : whole))}`,
    () => `#${splice(THEIRS, at(THEIRS.length), at(3), pick(WORDS))}`,
    () => `#${THEIRS.split("&").sort(() => next() - 0.5).slice(at(20)).map((pair) => (next() < 0.1 ? pair + pick(WORDS) : pair)).join(pick(["&", "&", "&", ";", "&&", "#"]))}`,
    () => packed.slice(0, at(packed.length)),
    () => splice(packed, at(packed.length), 1, String.fromCharCode(33 + at(94))),
    () => splice(packed, at(packed.length), at(9), pick(WORDS)),
    () => flipped(packed, at),
    async () => encodeOwn(changed(structuredClone(OURS), next, pick)),
    async () => encodeOwn(changed(changed(structuredClone({ ...OURS, ...POINTS, weights: undefined }), next, pick), next, pick)),
    async () => `#c=1.${await pack(splice(JSON.stringify(OURS), at(300), at(4), pick(['"', "[", "{", "}", ",", "\\", "1e999", "\u0000"])))}`,
    () => pick(["#", "#c=", "#c=1", "#c=1.", "#c=2.AAAA", "#c=1.1.1", "", "http://", "#\ud800", "#c=\ud800", "javascript:alert(1)#x=1", `#${"=".repeat(at(99))}`, "#c=1.AAAA", "#c=1.AwA", "#&&&"]),
  ];
  for (let count = 0; count < COUNT; count += 1) {
    const field = await outcome(await mutations[count % mutations.length]!());
    const end = field === null ? "taken" : field.replace(/\[\d+\]/g, "[]");
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  // The generator reaches far: both ends, and many fields.
  assert.ok((ends.get("taken") ?? 0) > COUNT / 25 && (ends.get("taken") ?? 0) < COUNT * 0.8, `${ends.get("taken")} taken`);
  assert.ok(ends.size > 40, [...ends.keys()].join(" "));
  context.diagnostic(`${ends.get("taken")} taken; ${ends.size - 1} fields named`);
});

function splice(text: string, start: number, remove: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(start + remove);
}

/** One bit of the packed bytes turned over. */
function flipped(packed: string, at: (count: number) => number): string {
  const bytes = Buffer.from(packed.slice("#c=1.".length), "base64url");
  bytes[at(bytes.length)]! ^= 1 << at(8);
  return `#c=1.${bytes.toString("base64url")}`;
}

async function encodeOwn(json: unknown): Promise<string> {
  return `#c=1.${await pack(JSON.stringify(json))}`;
}

/** One value somewhere inside replaced, removed, or one added. */
function changed(json: Record<string, unknown>, next: () => number, pick: <T>(list: readonly T[]) => T): Record<string, unknown> {
  let inside: Record<string, unknown> = json;
  for (;;) {
    const key = pick(Object.keys(inside));
    const inner = inside[key];
    if (typeof inner === "object" && inner !== null && Object.keys(inner).length > 0 && next() < 0.75) {
      inside = inner as Record<string, unknown>;
      continue;
    }
    const choice = next();
    if (choice < 0.1) delete inside[key];
    else if (choice < 0.2) inside[pick(["strange", "__proto__x", "constructor", "é"])] = structuredClone(pick(VALUES));
    else inside[key] = structuredClone(pick(VALUES));
    return json;
  }
}

/** A config in which the field at `path` has `value`, and everything that must go with it is there. */
function withField(path: string, value: unknown): Record<string, unknown> {
  const base: Record<string, unknown> = {};
  if (path.startsWith("data.split.")) base.data = { split: { train: 50, validation: 50, test: 0 } };
  if (path === "data.balance") base.data = { dataset: "moons" };
  if (path === "data.classes") base.data = { dataset: "blobs" };
  if (path.startsWith("network.hidden[].")) base.network = { hidden: [{ units: 2, activation: "tanh" }] };
  if (path.startsWith("training.early_stopping.")) base.training = { early_stopping: { metric: "loss" } };
  if (path.startsWith("training.stop.target.")) base.training = { stop: { target: { metric: "loss", value: 0.1 } } };
  const steps = path.replace("[]", ".0").split(".");
  let inside: Record<string, unknown> = base;
  for (const step of steps.slice(0, -1)) inside = (inside[step] ??= {}) as Record<string, unknown>;
  inside[steps.at(-1)!] = value;
  return base;
}

test("every number of the config at, under and over its limits", async () => {
  const fields = engine.catalog.fields.filter(({ kind }) => kind === "number" || kind === "integer");
  assert.ok(fields.length >= 20, String(fields.length));
  for (const { path, kind, min, max, step } of fields as FieldSpec[]) {
    const form = (field: string | null) => field?.replace(/\[\d+\]/g, "[]");
    const reach = async (value: number) => form(await outcome(await encodeOwn({ config: withField(path, value) })));
    for (const value of [min, max]) {
      const field = await reach(value);
      // The parts of a split must come to 100, and a part may be too small for the rest.
      assert.ok(field === undefined || (path.startsWith("data.") && field.startsWith("data.")), `${path} = ${value}: ${field}`);
    }
    const beyond = kind === "integer" ? 1 : step;
    for (const value of [min - beyond, max + beyond, -1e300, 1e300]) assert.equal(await reach(value), path, `${path} = ${value}`);
    if (kind === "integer") assert.equal(await reach(min + 0.5), path);
    for (const value of ["1", null, [], {}, true]) {
      const field = form(await outcome(await encodeOwn({ config: withField(path, value) })));
      assert.ok(field && path.startsWith(field), `${path} = ${JSON.stringify(value)}: ${field}`);
    }
  }
});

test("every parameter of every choice at, under and over its limits", async () => {
  const { catalog } = engine;
  const places = [
    ["training.optimizer", catalog.optimizers], ["training.schedule", catalog.schedules], ["training.penalty", catalog.penalties], ["training.clip", catalog.clips],
    ["training.loss", catalog.losses], ["network.weight_initializer", catalog.initializers], ["network.bias_initializer", catalog.initializers],
    ["network.hidden[].activation", catalog.activations.filter(({ hidden }) => hidden)],
  ] as const;
  let tried = 0;
  for (const [path, table] of places) {
    for (const { id, params } of table) {
      for (const { id: param, min, max } of params) {
        const reach = async (value: unknown) => (await outcome(await encodeOwn({ config: withField(path, { id, [param]: value }) })))?.replace(/\[\d+\]/g, "[]");
        tried += 1;
        for (const value of [min, max]) {
          const field = await reach(value);
          assert.ok(field === undefined || field === path, `${path} ${id}.${param} = ${value}: ${field}`);
        }
        for (const value of [min - 1, max + 1, "x"]) assert.equal(await reach(value), `${path}.${param}`, `${id} ${value}`);
      }
    }
    assert.equal((await outcome(await encodeOwn({ config: withField(path, "nothing") })))?.replace(/\[\d+\]/g, "[]"), path);
  }
  assert.ok(tried > 30, String(tried));
});

test("every part of a link of our own at, under and over its limits", async () => {
  const floats = (count: number, value = 0): string => Buffer.from(new Float32Array(count).fill(value).buffer).toString("base64");
  // Engines that never had a caller's own points.
  engine.dispose();
  probe.dispose();
  [engine, probe] = await Promise.all([Engine.create({ worker: false }), Engine.create({ worker: false })]);
  const { parameters } = await engine.configure({}).then(() => engine.summary);
  const cases: [unknown, string | null][] = [
    [{}, null],
    [{ config: [] }, "link.config"],
    [{ config: { version: 2 } }, "version"],
    [{ config: { nonsense: 1 } }, "nonsense"],
    [{ config: { data: { dataset: "custom" } } }, "data.dataset"],
    [{ config: { seeds: { tf_playground: "x".repeat(64) } } }, null],
    [{ config: { seeds: { tf_playground: "x".repeat(65) } } }, "seeds.tf_playground"],
    [{ weights: floats(parameters) }, null],
    [{ weights: floats(parameters - 1) }, "link.weights"],
    [{ weights: floats(parameters + 1) }, "link.weights"],
    [{ weights: floats(parameters, Infinity) }, "link.weights"],
    [{ weights: "" }, "link.weights"],
    [{ weights: 7 }, "link.weights"],
    [{ weights: "AAA*" }, "link.weights"],
    [{ replay: { steps: 1 } }, null],
    [{ replay: { steps: MAX_STEPS } }, null],
    [{ replay: { steps: 0 } }, "link.replay.steps"],
    [{ replay: { steps: MAX_STEPS + 1 } }, "link.replay.steps"],
    [{ replay: { steps: 1.5 } }, "link.replay.steps"],
    [{ replay: {} }, "link.replay.steps"],
    [{ replay: { steps: 1, digest: "0" } }, "link.replay.digest"],
    [{ replay: { steps: 1, digest: 5 } }, "link.replay.digest"],
    [{ replay: 5 }, "link.replay"],
    [{ view: { test: 1 } }, "link.view.test"],
    [{ view: { parts: ["nothing"] } }, "link.view.parts"],
    [{ view: { parts: [] } }, null],
    [{ view: { other: true } }, "link.view.other"],
    [{ hidden: "seed" }, "link.hidden"],
    [{ hidden: ["nothing"] }, "link.hidden"],
    [{ locked: [3] }, "link.locked"],
    [{ strange: 1 }, "link.strange"],
    [[], "link"],
    [POINTS, null],
    [{ points: { ...POINTS.points, columns: 0 } }, "link.points.columns"],
    [{ points: { ...POINTS.points, columns: 4097 } }, "link.points.columns"],
    [{ points: { ...POINTS.points, columns: 3 } }, "inputs"],
    [{ points: { ...POINTS.points, targets: floats(12, NaN) } }, "link.points.targets"],
    [{ points: { ...POINTS.points, split: "AA==" } }, "split"],
    [{ points: { ...POINTS.points, task: "both" } }, "link.points.task"],
    [{ points: { ...POINTS.points, targets: floats(12, 300) } }, "targets[0]"],
  ];
  for (const [json, field] of cases) assert.equal(await outcome(await encodeOwn(json)), field, JSON.stringify(json).slice(0, 200));
  for (const depth of [12, 17]) {
    const nested = JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) as unknown;
    assert.equal(await outcome(await encodeOwn({ config: { data: nested } })), depth < 16 ? "data" : "link");
  }
});

test("every number of a hash at, under and over what can be had here", async () => {
  const cases: [string, string | null][] = [
    ["learningRate=0.000001", null], ["learningRate=100", null], ["learningRate=101", "training.optimizer.learning_rate"], ["learningRate=0", "training.optimizer.learning_rate"],
    ["learningRate=fast", "training.optimizer.learning_rate"], ["batchSize=1", null], ["batchSize=5000", null], ["batchSize=5001", "training.batch_size"], ["batchSize=0", "training.batch_size"],
    ["batchSize=2.5", "training.batch_size"], ["batchSize=x", "training.batch_size"], ["regularization=L1&regularizationRate=10", null],
    ["regularization=L1&regularizationRate=11", "training.penalty.lambda"], ["regularization=L2&regularizationRate=-1", "training.penalty.lambda"],
    ["regularizationRate=11", null], ["noise=1e9", null], ["noise=-1e9", null], ["noise=x", "data.noise"], ["percTrainData=5", null], ["percTrainData=100", null],
    ["percTrainData=4", "data.split.train"], ["percTrainData=101", "data.split.train"], ["percTrainData=x", "data.split.train"],
    ["networkShape=8,8,8,8,8,8,8,8", null], ["networkShape=8,8,8,8,8,8,8,8,8", "network.hidden"], ["networkShape=1024", null], ["networkShape=1025", "network.hidden[0].units"],
    ["networkShape=4,0", "network.hidden[1].units"], ["networkShape=4,x", "network.hidden"], /* the comma of the sentence behind it */ ["networkShape=4,", null], [`seed=${"x".repeat(64)}`, null],
    [`seed=${"x".repeat(65)}`, "seeds.tf_playground"], ["x=false&y=false", "data.features"], ["x_hide=true&y_hide=true", "data.features"], [`seed=1&a=${"x".repeat(10_000)}`, "link"],
  ];
  for (const [hash, field] of cases) assert.equal(await outcome(`#${hash}`), field, hash.slice(0, 100));
});

test("hostile links take less than 64 MB", (context) => {
  const program = fileURLToPath(new URL("support/bombs.ts", import.meta.url));
  const run = (...args: string[]): string => execFileSync(process.execPath, ["--expose-gc", "--import", "tsx", program, ...args], { encoding: "utf8" });
  const names = JSON.parse(run()) as string[];
  assert.ok(names.length >= 10);
  for (const name of names) {
    const { outcome: end, megabytes } = JSON.parse(run(name)) as { outcome: string; megabytes: number };
    assert.match(end, /^(accepted|link_\w+ link)/, name);
    assert.ok(megabytes < 64, `${name}: ${megabytes} MB`);
    context.diagnostic(`${name}: ${end}, ${megabytes.toFixed(0)} MB`);
  }
});
