// The programs of the Code panel: what they say, and that PyTorch and Keras print this engine's losses when they run them.
// `UPDATE=1` writes the programs of tests/golden/programs/; tests/golden/programs.py runs them and writes programs.json.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { built } from "./support/package";
import { EPOCHS, SUBJECTS } from "./support/programs";
import { numpy, references } from "../../www/engine/references";
import { pointsFile, startFile } from "../../www/panels/code/data-file";
import { kerasProgram } from "../../www/panels/code/keras";
import type { Subject } from "../../www/panels/code/program";
import { pytorchProgram } from "../../www/panels/code/pytorch";
import { calledOn, python, spell } from "../../www/panels/code/spelling";
import type { Engine as EngineType } from "../../www/engine/index";

const { Engine } = (await import(built.href)) as typeof import("../../www/engine/index");
const folder = new URL("../golden/programs/", import.meta.url);
const golden = new URL("../golden/programs.json", import.meta.url);

/** Single precision over a few hundred updates, and Keras's epsilon stands elsewhere: figures of some 0.1 to 1. */
const TOLERANCE = 2e-4;

const subject = (engine: EngineType, sameStart: boolean): Subject => ({
  config: engine.config, summary: engine.summary, references, columns: numpy[engine.summary.kind] ?? {}, epochs: EPOCHS, sameStart, ownSplit: false,
});

async function prepared(name: string): Promise<EngineType> {
  const engine = await Engine.create({ worker: false, backend: "cpu" });
  const { dataset, patch } = SUBJECTS[name]!;
  await engine.chooseDataset(dataset);
  await engine.patch(patch);
  // What stays of the network before keeps its weights; these begin with their seed's.
  await engine.reset();
  return engine;
}

const committed = (file: string, text: string): void => {
  const at = new URL(file, folder);
  if (process.env["UPDATE"]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(at, text);
  }
  const present = existsSync(at) ? readFileSync(at, "utf8") : "";
  assert.equal(text, present, `${file} is stale: run UPDATE=1 on this test and then tests/golden/programs.py`);
};

for (const name of Object.keys(SUBJECTS)) {
  test(`the programs of "${name}" print this engine's losses`, async () => {
    const engine = await prepared(name);
    try {
      const given = subject(engine, true);
      const programs = { keras: kerasProgram(given), pytorch: pytorchProgram(given) };
      for (const [library, program] of Object.entries(programs)) {
        assert.deepEqual(program.missing, [], `${library} has no word for something that is compared`);
        committed(`${name}.${library}.py`, program.text);
      }
      committed(`${name}.csv`, pointsFile(await engine.points()));
      committed(`${name}.json`, startFile(await engine.weights()));
      const { train } = await engine.train({ epochs: EPOCHS });
      if (process.env["UPDATE"]) return;
      const printed = (JSON.parse(readFileSync(golden, "utf8")) as { losses: Record<string, Record<"keras" | "pytorch", number>> }).losses[name]!;
      // Keras prints the penalty with the loss, PyTorch's program without it.
      assert.ok(Math.abs(printed.keras - train.loss - train.penalty) < TOLERANCE, `Keras ${printed.keras}, here ${train.loss} and ${train.penalty}`);
      assert.ok(Math.abs(printed.pytorch - train.loss) < TOLERANCE, `PyTorch ${printed.pytorch}, here ${train.loss}`);
    } finally {
      engine.dispose();
    }
  });
}

test("every row of every table has its call, or the program says what is missing", async () => {
  const engine = await prepared("default");
  try {
    const { catalog } = engine;
    const programs = (config: object): string[] => {
      const given = { ...subject(engine, false), config: { ...engine.config, ...config } as Subject["config"] };
      return [kerasProgram(given), pytorchProgram(given)].flatMap(({ text, missing }) => {
        assert.doesNotMatch(text, /undefined|null|\{\w+\??\}|NaN/, text);
        return missing.map(({ what }) => what);
      });
    };
    const { training, network } = engine.config;
    const choice = ({ id, params }: { id: string; params: { id: string; default: number }[] }) => ({ id, ...Object.fromEntries(params.map((param) => [param.id, param.default])) });
    const lacking: string[] = [];
    for (const row of catalog.optimizers) lacking.push(...programs({ training: { ...training, optimizer: choice(row) } }));
    for (const row of catalog.schedules) lacking.push(...programs({ training: { ...training, schedule: choice(row) } }));
    for (const row of catalog.penalties) lacking.push(...programs({ training: { ...training, penalty: choice(row) } }));
    for (const row of catalog.clips) lacking.push(...programs({ training: { ...training, clip: choice(row) } }));
    for (const row of catalog.losses) lacking.push(...programs({ training: { ...training, loss: choice(row) } }));
    for (const row of catalog.initializers) lacking.push(...programs({ network: { ...network, weight_initializer: choice(row) } }));
    for (const row of catalog.activations) {
      if (row.hidden) lacking.push(...programs({ network: { ...network, hidden: [{ units: 3, activation: choice(row), dropout: 0.2, frozen: true }] } }));
    }
    // Keras has no such schedules.
    assert.deepEqual(lacking.sort(), ["schedule.cyclic", "schedule.one_cycle"]);
  } finally {
    engine.dispose();
  }
});

test("calls are filled in as Python has them", () => {
  assert.equal(python(1e-8), "1e-08");
  assert.equal(python(1e21), "1e21");
  assert.equal(python(0.1), "0.1");
  const template = "f(lr={learning_rate}[, weight_decay={weight_decay}][, amsgrad={amsgrad?}])";
  assert.deepEqual(spell(template, { id: "f", learning_rate: 0.5, weight_decay: 0, amsgrad: 1 }), { text: "f(lr=0.5, amsgrad=True)", unused: [] });
  assert.deepEqual(spell("f({a})", { id: "f", a: 1, b: 2 }).unused, [["b", 2]]);
  assert.equal(calledOn("zeros_()", "w"), "zeros_(w)");
  assert.equal(calledOn("f(lr=1)", "model.parameters()"), "f(model.parameters(), lr=1)");
});
