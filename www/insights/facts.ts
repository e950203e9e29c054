/** The figures that the plain-language line speaks of, taken from a frame. */

import { dataOf } from "../engine/data-kinds.js";
import { readBoundary, shareMoved } from "./boundary.js";
import { resample } from "./resample.js";
import type { Config, Frame, ModelSummary } from "../engine/types.js";
import type { Facts, Row } from "./narration.js";

/** Cells on a side of the map that the boundary is read off. */
const SIDE = 36;

/** What was seen before: the output's map some time ago, as returned here, null if there is none; and how the map has been moving. */
export interface Seen { map: Float32Array | null; swinging: boolean }

export function factsOf(frame: Frame, config: Config, summary: ModelSummary, before: Seen): { facts: Facts; map: Float32Array | null } {
  const { maps } = frame;
  const output = dataOf(summary).dimensions === 2 && summary.task === "classification" && summary.classes === 2 && summary.layers.at(-1)?.units === 1
    ? maps?.layers.at(-1) : null;
  const map = output && maps ? resample(output, maps.resolution, SIDE) : null;
  const { hidden } = config.network;
  const rows = rowsOf(frame);
  return { map, facts: {
    rows: sinceChange(rows, frame, summary),
    start: rows[0]?.epoch === 0 ? rows[0].train : NaN,
    untrained: frame.step > 0 && frame.step === frame.changed_step,
    boundary: map ? readBoundary(map, SIDE) : null,
    moved: map && before.map ? shareMoved(before.map, map) : null,
    swinging: before.swinging,
    regression: summary.task === "regression",
    linear: hidden.every(({ activation }) => activation.id === "linear"),
    ...deadUnits(frame, config),
    validated: summary.counts.validation > 0,
  } };
}

/** What training measured since the last change, and, of the picture that is drawn, what was measured for it. */
function sinceChange(rows: Row[], { changed_step, changed_epoch, metrics }: Frame, summary: ModelSummary): Row[] {
  // At the step of the change itself the row is of the network before it.
  const since = changed_step === 0 ? rows : rows.filter(({ epoch }) => epoch > changed_epoch);
  if (!metrics || metrics.step < changed_step || metrics.epoch <= (since.at(-1)?.epoch ?? -1)) return since;
  const score = summary.task === "regression" ? "r2" : "accuracy";
  const { train, validation, epoch } = metrics;
  return [...since, { epoch, train: train.loss, validation: validation?.loss ?? NaN, score: train[score] ?? NaN, validationScore: validation?.[score] ?? NaN }];
}

function rowsOf({ history }: Frame): Row[] {
  if (!history) return [];
  const { columns, data, rows } = history;
  const [epoch, train, validation, score, validationScore] = ["epoch", "train_loss", "validation_loss", "train_score", "validation_score"]
    .map((name) => columns.indexOf(name)) as [number, number, number, number, number];
  const at = (row: number, column: number): number => (column < 0 ? NaN : data[row * columns.length + column]!);
  return Array.from({ length: rows }, (_, row) => ({ epoch: at(row, epoch), train: at(row, train), validation: at(row, validation),
    score: at(row, score), validationScore: at(row, validationScore) }));
}

/** Units that answer 0 wherever one looks, among all units of the layers that can have such. */
function deadUnits({ maps }: Frame, { network }: Config): { dead: number; hiddenUnits: number } {
  let [dead, hiddenUnits] = [0, 0];
  network.hidden.forEach(({ activation, units }, at) => {
    const values = activation.id === "relu" ? maps?.layers[at + 1] : undefined;
    if (!values) return;
    const cells = values.length / units;
    hiddenUnits += units;
    for (let unit = 0; unit < units; unit++) if (values.subarray(unit * cells, (unit + 1) * cells).every((value) => value <= 0)) dead++;
  });
  return { dead, hiddenUnits };
}
