import { launch, open } from "./support/browser";
import { serve } from "./support/server";
const [browser, site] = await Promise.all([launch(), serve({ pages: { "/engine.html": `<!doctype html><title>E</title><script>window.__name = (it) => it;</script><script type="module">import { Engine } from "/package/engine.js"; window.Engine = Engine;</script>` } })]);
const { page } = await open(browser, `${site.origin}/engine.html`);
await page.waitForFunction(() => (window as any).Engine !== undefined);
const layer = (units: number, activation: string) => ({ units, activation, dropout: 0, frozen: false });
for (const [name, config] of [
  ["W1", {}],
  ["2-128-128-1", { network: { hidden: [layer(128, "tanh"), layer(128, "tanh")] } }],
  ["W3", { data: { dataset: "digits" }, network: { hidden: [layer(64, "relu"), layer(64, "relu")] } }],
  ["W4", { data: { dataset: "digits" }, network: { hidden: [layer(512, "relu"), layer(512, "relu")] } }],
] as const) {
  const found = await page.evaluate(async (config) => {
    const out: Record<string, unknown> = {};
    const ms = async (work: () => Promise<unknown>) => {
      const times = [];
      for (let i = 0; i < 8; i += 1) { const t = performance.now(); await work(); times.push(performance.now() - t); }
      return +times.sort((a, b) => a - b)[2]!.toFixed(2);
    };
    for (const backend of ["cpu", "webgpu"]) {
      const engine = await (window as any).Engine.create({ backend: "cpu" });
      await engine.configure(config);
      await engine.setBackend(backend);
      const t = [await ms(() => engine.metrics())];
      if (engine.summary.kind !== "digits") t.push(await ms(() => engine.maps(36)), await ms(() => engine.frame({ output: { resolution: 100 } })));
      else t.push(await ms(() => engine.frame({ digits: { wrong: 24 } })));
      out[backend] = t;
      out.counts = engine.summary.counts; out.interp = engine.info.interpreter ?? out.interp;
      engine.dispose();
    }
    return out;
  }, config as object);
  console.log(name, JSON.stringify(found));
}
await browser.close(); await site.close();
