/** The figures that the plain-language line speaks of, taken from a frame. */

import { readBoundary, shareMoved } from "./boundary.js";
import { resample } from "./resample.js";
import type { Config, Frame, ModelSummary } from "./engine/types.js";
import type { Facts, Row } from "./narration.js";

/** Cells on a side of the map that the boundary is read off. */
const SIDE = 36;

/** `before` is the output's map some time ago, as returned here; null if there is none. */
export function factsOf(frame: Frame, config: Config, summary: ModelSummary, before: Float32Array | null): { facts: Facts; map: Float32Array | null } {
  const { maps } = frame;
  const output = summary.kind === "plane" && summary.task === "classification" && summary.classes === 2 && summary.layers.at(-1)?.units === 1
    ? maps?.layers.at(-1) : null;
  const map = output && maps ? resample(output, maps.resolution, SIDE) : null;
  const { hidden } = config.network;
  return { map, facts: {
    rows: rowsOf(frame),
    boundary: map ? readBoundary(map, SIDE) : null,
    moved: map && before ? shareMoved(before, map) : null,
    regression: summary.task === "regression",
    linear: hidden.every(({ activation }) => activation.id === "linear"),
    ...deadUnits(frame, config),
    validated: summary.counts.validation > 0,
  } };
}

function rowsOf({ history }: Frame): Row[] {
  if (!history) return [];
  const { columns, data, rows } = history;
  const [epoch, train, validation, score] = ["epoch", "train_loss", "validation_loss", "train_score"].map((name) => columns.indexOf(name));
  const at = (row: number, column: number | undefined): number => (column === undefined || column < 0 ? NaN : data[row * columns.length + column]!);
  return Array.from({ length: rows }, (_, row) => ({ epoch: at(row, epoch), train: at(row, train), validation: at(row, validation), score: at(row, score) }));
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
