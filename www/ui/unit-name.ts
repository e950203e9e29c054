// What a neuron is called.
import { dataOf } from "../engine/data-kinds.js";
import type { LayerSummary, ModelSummary } from "../engine/types.js";
import type { Unit } from "./events.js";
import type { Translate } from "./drawn-view.js";

/** "Features", "Hidden 2", "Output". */
export function layerName(summary: ModelSummary, layer: number, t: Translate): string {
  const kind = summary.layers[layer]?.kind;
  if (kind === "input") return t(dataOf(summary).image ? "view.network.pixels" : "view.network.features");
  return kind === "output" ? t("view.network.output") : t("view.network.hidden", { index: layer });
}

/** What a picture of a unit is called: "Neuron 3 of hidden layer 1", "Feature x₁". */
export function unitTitle(summary: ModelSummary, { layer, unit }: Unit, t: Translate): string {
  const kind = summary.layers[layer]?.kind;
  if (kind === "input") return t("view.output.of_feature", { symbol: summary.inputs[unit] ?? "" });
  return t(kind === "output" ? "view.output.of_output" : "view.output.of_hidden", { unit: unit + 1, index: layer });
}

/** "Hidden 1, neuron 3, tanh"; "Features, x₁". */
export function unitName(summary: ModelSummary, { layer, unit }: Unit, t: Translate): string {
  const of: LayerSummary | undefined = summary.layers[layer];
  const name = layerName(summary, layer, t);
  if (!of) return name;
  if (of.kind === "input")
    return dataOf(summary).image ? name : t("view.network.feature_name", { layer: name, symbol: summary.inputs[unit] ?? "" });
  return t("view.network.unit_name", {
    layer: name,
    unit: unit + 1,
    activation: of.activation ? t(`activation.${of.activation.id}`) : "",
  });
}
