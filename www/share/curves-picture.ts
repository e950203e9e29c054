/** The curves as lines over axes: what the page's chart shows, on any drawing context. */

import type { History } from "../engine/types.js";

export interface CurvesLook {
  history: History;
  /** Columns of the history: solid, then dashed. */
  columns: [string, string];
  log: boolean;
  width: number;
  height: number;
  colours: { ink: string; soft: string; faint: string; line: string; font: string };
  number: (value: number) => string;
}

const ROOM = { left: 42, right: 10, top: 8, bottom: 24 };
const TICKS = 4;
const DASH = [5, 4];

/** Round numbers from `low` to `high`, about `TICKS` of them. */
function steps(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** Powers of ten between, or the ends where there is none. */
function powers(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low));
  const count = Math.floor(Math.log10(high)) - first + 1;
  return count < 1 ? [low, high] : Array.from({ length: count }, (_, at) => 10 ** (first + at));
}

export function drawCurves(context: CanvasRenderingContext2D, look: CurvesLook): void {
  const { history, columns, log, width, height, colours, number } = look;
  const at = (row: number, column: number): number => history.data[row * history.columns.length + column] ?? NaN;
  const indices = columns.map((name) => history.columns.indexOf(name));
  const values = indices.flatMap((column) => (column < 0 ? [] : Array.from({ length: history.rows }, (_, row) => at(row, column))))
    .filter((value) => Number.isFinite(value) && (!log || value > 0));
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const most = values.reduce((high, value) => Math.max(high, value), -Infinity);
  const [low, high] = values.length === 0 ? [log ? 0.1 : 0, 1] : log ? [least, Math.max(most, least * 1.01)] : [Math.min(0, least), Math.max(most, least + 1e-6) * 1.05];
  const end = Math.max(1, history.rows > 0 ? at(history.rows - 1, 0) : 1);
  const scale = log ? Math.log : (value: number): number => value;
  const inside = { width: width - ROOM.left - ROOM.right, height: height - ROOM.top - ROOM.bottom };
  const x = (epoch: number): number => ROOM.left + (epoch / end) * inside.width;
  const y = (value: number): number => ROOM.top + inside.height * (1 - (scale(value) - scale(low)) / (scale(high) - scale(low)));

  context.font = `11px ${colours.font}`;
  context.fillStyle = colours.faint;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of log ? powers(low, high) : steps(low, high)) {
    context.beginPath();
    context.moveTo(ROOM.left, y(value));
    context.lineTo(ROOM.left + inside.width, y(value));
    context.stroke();
    context.fillText(number(value), ROOM.left - 6, y(value));
  }
  context.textBaseline = "top";
  for (const epoch of steps(0, end).filter(Number.isInteger)) {
    context.textAlign = epoch === 0 ? "left" : epoch > 0.95 * end ? "right" : "center";
    context.fillText(number(epoch), x(epoch), height - ROOM.bottom + 6);
  }
  context.lineJoin = "round";
  for (const [series, column] of indices.entries()) {
    if (column < 0) continue;
    context.strokeStyle = series === 0 ? colours.ink : colours.soft;
    context.lineWidth = series === 0 ? 2 : 1.6;
    context.setLineDash(series === 0 ? [] : DASH);
    context.beginPath();
    let drawing = false;
    for (let row = 0; row < history.rows; row += 1) {
      const value = at(row, column);
      const good = Number.isFinite(value) && (!log || value > 0);
      if (good && drawing) context.lineTo(x(at(row, 0)), y(value));
      else if (good) context.moveTo(x(at(row, 0)), y(value));
      drawing = good;
    }
    context.stroke();
  }
  context.setLineDash([]);
}
