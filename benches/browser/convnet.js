// ConvNetJS. Its regression layer is linear, so the last tanh is spared it.

import url from "convnetjs/build/convnet-min.js?url";
import { circle, grid } from "./data.js";

let ready;
const start = () =>
  (ready ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = reject;
    script.src = url;
    document.head.append(script);
  }));

async function network({ sizes }) {
  await start();
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: sizes[0] },
    ...sizes.slice(1, -1).map((units) => ({ type: "fc", num_neurons: units, activation: "tanh" })),
    { type: "regression", num_neurons: 1 },
  ]);
  return net;
}

export default {
  name: "ConvNetJS",

  async train(workload) {
    if (workload.output === "softmax") return null;
    const net = await network(workload);
    const trainer = new convnetjs.SGDTrainer(net, { learning_rate: workload.rate, momentum: 0, batch_size: workload.batch, l2_decay: 0 });
    const { rows, columns, x, y } = circle(workload.sizes[0]);
    const points = Array.from({ length: rows }, (_, row) => new convnetjs.Vol([...x.subarray(row * columns, (row + 1) * columns)]));
    const targets = Array.from(y, (value) => [value]);
    let place = 0;
    return {
      async steps(count) {
        for (let index = 0; index < count * workload.batch; index += 1) {
          trainer.train(points[place], targets[place]);
          place = (place + 1) % rows;
        }
      },
      end: () => {},
    };
  },

  async maps(workload, resolution) {
    const net = await network(workload);
    const columns = workload.sizes[0];
    const cells = grid(columns, resolution);
    const shown = net.layers.filter((layer) => layer.layer_type === "tanh" || layer.layer_type === "regression");
    const maps = shown.map((layer) => new Float32Array(layer.out_depth * resolution * resolution));
    return {
      async frame() {
        const point = new convnetjs.Vol(1, 1, columns);
        for (let cell = 0; cell < resolution * resolution; cell += 1) {
          for (let column = 0; column < columns; column += 1) point.w[column] = cells[cell * columns + column];
          net.forward(point, false);
          shown.forEach((layer, index) => maps[index].set(layer.out_act.w, cell * layer.out_depth));
        }
      },
      end: () => {},
    };
  },
};
