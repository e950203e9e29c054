// A page of the drawing views alone, over the mock engine: views.html?dataset=circle&layers=4,2&theme=dark&lang=zh-CN&epochs=50&play=1
import "../views/activation-view.js";
import "../views/confusion-view.js";
import "../views/curves-view.js";
import "../views/digits-view.js";
import "../views/network-view.js";
import "../views/output-view.js";
import type { ActivationView } from "../views/activation-view.js";
import type { ConfusionView } from "../views/confusion-view.js";
import type { CurvesView } from "../views/curves-view.js";
import type { DigitsView } from "../views/digits-view.js";
import type { Unit, ViewEvents } from "../views/events.js";
import type { NetworkView } from "../views/network-view.js";
import type { OutputView } from "../views/output-view.js";
import type { Config, LayerConfig } from "../engine/types.js";
import { Engine } from "./mock-engine.js";
import { words } from "./view-words.js";

const query = new URLSearchParams(location.search);
const theme = query.get("theme") === "dark" ? "dark" : "light";
const language = query.get("lang") ?? "en";
document.documentElement.dataset.scheme = theme;

const t = (key: string, values: { [name: string]: string | number } = {}): string => {
  const text = words[key]?.[language === "en" ? 0 : 1] ?? key.split(".").pop()!.replaceAll("_", " ");
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
};
const network = document.querySelector<NetworkView>("np-network-view")!;
const output = document.querySelector<OutputView>("np-output-view")!;
const curves = document.querySelector<CurvesView>("np-curves-view")!;
const digits = document.querySelector<DigitsView>("np-digits-view")!;
const activation = document.querySelector<ActivationView>("np-activation-view")!;
const [confusion, ten] = document.querySelectorAll<ConfusionView>("np-confusion-view");
for (const view of [network, output, curves, digits, activation, confusion!, ten!]) Object.assign(view, { t, theme, language });

const engine = await Engine.create();
network.catalog = engine.catalog;
let config: Config;
let hovered: Unit | null = null;
engine.on("configured", (event) => {
  config = event.config;
  network.config = event.config;
  network.summary = output.summary = curves.summary = digits.summary = event.summary;
  const isDigits = event.summary.kind === "digits";
  digits.style.display = isDigits ? "" : "none";
  output.style.display = isDigits ? "none" : "";
});
engine.on("points", async () => { network.points = output.points = await engine.points(); });
engine.on("playing", () => { network.playing = true; });
engine.on("paused", () => { network.playing = false; });
digits.predict = (pixels) => engine.predict(pixels);

const listen = <K extends keyof ViewEvents>(name: K, run: (detail: ViewEvents[K]) => void): void =>
  document.addEventListener(name, (event) => run((event as CustomEvent<ViewEvents[K]>).detail));
const layers = (change: (hidden: LayerConfig[]) => void): void => {
  const hidden = structuredClone(config.network.hidden);
  change(hidden);
  void engine.patch({ network: { hidden } }).then(draw);
};
const layer = (units: number): LayerConfig => ({ units, activation: { id: config.network.hidden[0]?.activation.id ?? "tanh" }, dropout: 0, frozen: false });
listen("hover-unit", (unit) => { hovered = network.hovered = output.hovered = unit; void draw(); });
listen("select-unit", (unit) => { network.selection = unit; });
listen("add-layer", ({ at }) => layers((hidden) => hidden.splice(at, 0, layer(4))));
listen("remove-layer", ({ hidden: at }) => layers((hidden) => hidden.splice(at, 1)));
listen("change-units", ({ hidden: at, units }) => layers((hidden) => { hidden[at]!.units = units; }));
listen("edit-parameter", ({ layer: at, unit, input, value }) => { void engine.setParameter(at, unit, input, value).then(draw); });
listen("choose-activation", ({ hidden: at, activation: id }) => {
  if (at === null) void engine.patch({ network: { output: { activation: { id } } } }).then(draw);
  else layers((hidden) => { hidden[at]!.activation = { id }; });
});

async function draw(): Promise<void> {
  const frame = await engine.frame({ maps: { resolution: 36, hidden: true }, output: { resolution: 100, ...(hovered ?? {}) }, weights: true, history: true, digits: { wrong: 24 } });
  network.frame = output.frame = curves.frame = frame;
  if (!digits.style.display) digits.frame = frame;
}
await engine.chooseDataset(query.get("dataset") ?? "circle");
network.points = output.points = await engine.points();
const shape = query.get("layers");
if (shape !== null) layers((hidden) => { hidden.splice(0, 99, ...shape.split(",").filter(Boolean).map((n) => layer(Number(n)))); });
await engine.epoch(Number(query.get("epochs") ?? 0));
activation.curve = async (choice) => {
  const { z, value, slope } = await engine.curve(choice);
  return { x: z, value, derivative: slope };
};
activation.activation = { id: query.get("curve") ?? "tanh" };
confusion!.names = [t("view.class.orange"), t("view.class.blue")];
confusion!.counts = [23, 2, 1, 24];
ten!.names = Array.from({ length: 10 }, (_, k) => String(k));
ten!.counts = Array.from({ length: 100 }, (_, i) => (i % 11 === 0 ? 180 + (i % 7) * 3 : i % 9 === 4 ? i % 5 : 0));
await draw();
if (query.has("play")) {
  await engine.play();
  const loop = async (): Promise<void> => { await draw(); requestAnimationFrame(() => void loop()); };
  void loop();
}
Object.assign(window, { engine, draw, ready: true });

/** Milliseconds of the main thread that one frame costs each view, over `count` frames. */
async function measure(count: number): Promise<{ [name: string]: number }> {
  const spent: { [name: string]: number } = {};
  for (let i = 0; i < count; i++) {
    await engine.step(1);
    const frame = await engine.frame({ maps: { resolution: 36, hidden: true }, output: { resolution: 100 }, weights: true, history: true });
    for (const view of [network, output, curves] as unknown as { frame: unknown; draw(): void; localName: string; drawnAt?: number }[]) {
      if ("drawnAt" in view) view.drawnAt = -Infinity;
      const start = performance.now();
      view.frame = frame;
      view.draw();
      spent[view.localName] = (spent[view.localName] ?? 0) + (performance.now() - start) / count;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return spent;
}
Object.assign(window, { measure });
