// What every recipe's page does once its figure is there: train it, and train the digits with the engine alone.

import { Engine } from "neural-playground/engine";

export async function check(element) {
  const { train } = await element.train({ epochs: 20 });
  const engine = await Engine.create();
  const digits = await engine.chooseDataset("digits");
  await engine.train({ steps: 5 });
  window.result = { learned: train.loss < 0.4, figure: element.info.thread, engine: engine.info.thread, dataset: digits.data.dataset };
  engine.dispose();
}
