import { test } from "node:test";
import { launch, open } from "./support/browser";
import { serve } from "./support/server";
test("x", async () => {
  const [browser, site] = await Promise.all([launch(), serve({ pages: { "/engine.html": `<!doctype html><title>Engine</title><script type="module">import { Engine } from "/package/engine.js"; window.Engine = Engine;</script>` } })]);
  const { page, errors } = await open(browser, `${site.origin}/engine.html`);
  await page.waitForFunction(() => (window as any).Engine !== undefined);
  const found = await page.evaluate(async () => {
    const t0 = performance.now();
    const engine = await (window as any).Engine.create({ backend: "webgpu" });
    const t1 = performance.now();
    const cpu = await (window as any).Engine.create({ backend: "cpu" });
    const out: any[] = [t1 - t0, engine.info];
    for (const steps of [0, 200]) {
      const m = steps ? await engine.train({ steps }) : await engine.metrics();
      await cpu.setWeights(await engine.weights());
      const a = await engine.maps(4), b = await cpu.maps(4);
      out.push(m, await cpu.metrics());
      for (const l of a.layers.keys()) out.push([[...a.layers[l]].slice(0, 8), [...b.layers[l]].slice(0, 8)]);
    }
    return out;
  });
  console.log(JSON.stringify(found, (k, v) => typeof v === "number" ? +v.toPrecision(6) : v).replaceAll("],[", "],\n["), errors);
  await browser.close(); await site.close();
});
