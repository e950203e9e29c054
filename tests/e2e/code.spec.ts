// Code made for one network, in the browser: it is fetched once a run lasts, and the weights are the same bits with it and without.

import assert from "node:assert/strict";
import { test } from "node:test";

import { packaged } from "../www/support/package";
import { withSite } from "./support/site";

const COMPILER = packaged("neural_playground_compiler.wasm");
/** Far more than sixteen stretches of 8 ms. */
const STEPS = 1_500_000;

const site = withSite();

test("a run that lasts is trained by code of its own, to the same bits, in a worker and in the page", async () => {
  const { page } = await site.blank();
  const trained = (worker: boolean, options: object) =>
    page.evaluate(
      async ({ url, steps, worker, options }) => {
        const { Engine } = (await import(url)) as typeof import("../../www/engine/index");
        const engine = await Engine.create({ backend: "cpu", worker, ...options });
        const { step } = await engine.train({ steps });
        const weights = (await engine.weights()).map(({ data }) => new Uint32Array(data.buffer).join()).join(";");
        engine.dispose();
        return { step, weights };
      },
      { url: `${site.origin}/package/engine.js`, steps: STEPS, worker, options },
    );
  const ofCompiler = () => site.server.requests.splice(0).filter((path) => path === COMPILER);
  const plain = await trained(true, { workerName: "plain", urls: { compiler: `${site.origin}/nowhere.wasm` } });
  assert.deepEqual(ofCompiler(), []);
  for (const worker of [true, false]) {
    assert.deepEqual(await trained(worker, {}), plain);
    assert.deepEqual(ofCompiler(), [COMPILER], `worker: ${worker}`);
  }
  assert.equal(plain.step, STEPS);
});
