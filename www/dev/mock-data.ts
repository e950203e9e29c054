// Data sets for the mock engine: rough versions of the real generators. Development only.
import type { DatasetEntry } from "../engine/types.js";
import { normal, rng } from "./mock-net.js";

export interface MockData { inputs: Float32Array[]; labels: number[]; split: Uint8Array; classes: number; task: "classification" | "regression";
  kind: "plane" | "line" | "digits" }

const plane = (id: string, min = 2, max = 2, more: Partial<DatasetEntry> = {}): DatasetEntry => ({
  id, task: "classification", kind: "plane", classes: { min, max, default: min === 2 && max > 2 ? 3 : min },
  has_balance: max === 2, has_noise: true, domain: [-6, 6], ...more });
const value = (id: string, kind: "plane" | "line"): DatasetEntry => ({
  id, task: "regression", kind, classes: { min: 0, max: 0, default: 0 }, has_balance: false, has_noise: true, domain: [-6, 6] });

export const datasets: DatasetEntry[] = [
  plane("circle"), plane("xor"), plane("gauss"), plane("spiral"), plane("moons"), plane("checkerboard"),
  plane("rings", 3, 3), plane("blobs", 2, 8), plane("pinwheel", 2, 8),
  value("reg_plane", "plane"), value("reg_gauss", "plane"), value("reg_ripple", "plane"), value("reg_saddle", "plane"),
  value("line_sine", "line"), value("line_step", "line"), value("line_cubic", "line"),
  plane("digits", 10, 10, { kind: "digits", has_noise: false }),
];

const functions: { [id: string]: (x: number, y: number) => number } = {
  reg_plane: (x, y) => (x + y) / 10,
  reg_gauss: (x, y) => Math.exp(-((x - 2) ** 2 + (y - 2) ** 2) / 4) - Math.exp(-((x + 2) ** 2 + (y + 2) ** 2) / 4),
  reg_ripple: (x, y) => Math.cos(Math.hypot(x, y)),
  reg_saddle: (x, y) => (x * x - y * y) / 36,
  line_sine: (x) => Math.sin(x),
  line_step: (x) => (x > 0 ? 0.8 : -0.8),
  line_cubic: (x) => (x ** 3 - 12 * x) / 100,
};

type Sample = [x: number, y: number, label: number];

function sample(id: string, i: number, n: number, classes: number, noise: number, u: () => number): Sample {
  const jitter = () => normal(u) * noise * 1.5;
  const polar = (r: number, t: number, label: number): Sample => [r * Math.sin(t) + jitter(), r * Math.cos(t) + jitter(), label];
  const label = i % classes;
  switch (id) {
    case "circle": return label === 1 ? polar(u() * 2.5, u() * 7, 1) : polar(3.5 + u() * 1.5, u() * 7, 0);
    case "xor": { const x = u() * 10 - 5; const y = u() * 10 - 5; return [x + Math.sign(x) * 0.3, y + Math.sign(y) * 0.3, x * y >= 0 ? 1 : 0]; }
    case "gauss": return [(label ? 2 : -2) + normal(u) * 0.9 + jitter(), (label ? 2 : -2) + normal(u) * 0.9 + jitter(), label];
    case "spiral": return polar(5 * i / n, 1.75 * (i / n) * 2 * Math.PI + (label ? 0 : Math.PI), label);
    case "moons": { const t = u() * Math.PI; return label
      ? [3 * Math.cos(t) - 1.5 + jitter(), 3 * Math.sin(t) - 1 + jitter(), 1]
      : [3 * Math.cos(t) * -1 + 1.5 + jitter(), -3 * Math.sin(t) + 1 + jitter(), 0]; }
    case "checkerboard": { const x = u() * 10 - 5; const y = u() * 10 - 5; return [x, y, (Math.floor((x + 5) / 2.5) + Math.floor((y + 5) / 2.5)) % 2]; }
    case "rings": return polar(1 + label * 1.8 + u() * 0.8, u() * 7, label);
    case "blobs": { const t = label / classes * 2 * Math.PI; return [3.4 * Math.sin(t) + normal(u) * 0.7, 3.4 * Math.cos(t) + normal(u) * 0.7, label]; }
    default: { const r = 0.6 + u() * 4.4; return polar(r, label / classes * 2 * Math.PI + r * 0.45 + normal(u) * 0.12, label); }
  }
}

// 3 x 5 glyphs of the ten digits: one octal digit a row, one bit a cell.
const glyphs = ["75557", "26227", "71747", "71717", "55711", "74717", "74757", "71222", "75757", "75717"];

function digit(label: number, u: () => number): Float32Array {
  const pixels = new Float32Array(784);
  const left = 5 + u() * 4; const top = 3 + u() * 3; const slant = (u() - 0.5) * 0.4; const cell = 3.8 + u() * 0.8;
  for (let y = 0; y < 28; y++) for (let x = 0; x < 28; x++) {
    const gy = (y - top) / cell; const gx = (x - left + slant * (y - 14)) / cell;
    let ink = 0;
    for (let r = 0; r < 5; r++) for (let c = 0; c < 3; c++) {
      if (!((parseInt(glyphs[label]![r]!, 8) >> (2 - c)) & 1)) continue;
      ink = Math.max(ink, 1.25 - Math.hypot(gx - c - 0.5, gy - r - 0.5));
    }
    pixels[y * 28 + x] = Math.min(1, Math.max(0, ink * 1.6));
  }
  return pixels;
}

export function make(id: string, samples: number, noise: number, classes: number, seed: number, split: { train: number; validation: number }): MockData {
  const entry = datasets.find((d) => d.id === id) ?? datasets[0]!;
  const u = rng(seed);
  const kind = entry.kind as MockData["kind"];
  const count = kind === "digits" ? Math.min(samples, 400) : samples;
  const data: MockData = { inputs: [], labels: [], split: new Uint8Array(count), classes: 0, task: entry.task, kind };
  if (entry.task === "classification") data.classes = Math.min(entry.classes.max, Math.max(entry.classes.min, classes));
  for (let i = 0; i < count; i++) {
    if (kind === "digits") { data.inputs.push(digit(i % 10, u)); data.labels.push(i % 10); }
    else if (entry.task === "regression") {
      const x = u() * 12 - 6; const y = kind === "line" ? 0 : u() * 12 - 6;
      data.inputs.push(Float32Array.of(x, y));
      data.labels.push(functions[id]!(x, y) + normal(u) * noise * 0.3);
    } else { const [x, y, label] = sample(id, i, count, data.classes, noise, u); data.inputs.push(Float32Array.of(x, y)); data.labels.push(label); }
    const share = u() * 100;
    data.split[i] = share < split.train ? 0 : share < split.train + split.validation ? 1 : 2;
  }
  return data;
}
