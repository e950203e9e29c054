/** The element's attributes as a patch of the config. */

import type { Config } from "./engine/types.js";

/** What the attributes say; null where they say nothing. */
export interface Attributes {
  /** Units of the hidden layers, "8,8"; "" for none. */
  layers: string | null;
  activation: string | null;
  optimizer: string | null;
  learningRate: number | null;
  loss: string | null;
  batchSize: number | null;
}

/** A patch over what the data set's choice has made of the config; null if there is nothing to change. */
export function patchOf(attributes: Attributes, config: Config | null, defaults: Config): object | null {
  if (!config) return null;
  const { loss, batchSize, optimizer, learningRate } = attributes;
  const training: Record<string, unknown> = {};
  if (loss) training.loss = { id: loss };
  if (batchSize) training.batch_size = batchSize;
  if (optimizer || learningRate) {
    training.optimizer = { id: optimizer ?? config.training.optimizer.id, ...(learningRate ? { learning_rate: learningRate } : {}) };
  }
  const patch: Record<string, unknown> = Object.keys(training).length > 0 ? { training } : {};
  if (attributes.layers !== null || attributes.activation) patch.network = { hidden: hiddenLayers(attributes, config, defaults) };
  return Object.keys(patch).length > 0 ? patch : null;
}

function hiddenLayers({ layers, activation }: Attributes, config: Config, defaults: Config): unknown[] {
  const { hidden } = config.network;
  const model = hidden[0] ?? defaults.network.hidden[0];
  const units = layers === null ? hidden.map((layer) => layer.units) : layers.split(",").map((text) => text.trim()).filter(Boolean).map(Number);
  return units.map((count, at) => ({ ...(hidden[at] ?? model), units: count, ...(activation ? { activation: { id: activation } } : {}) }));
}
