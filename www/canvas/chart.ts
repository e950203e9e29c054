// How line charts look: hairlines, tabular figures, colours of the theme in force.
import uPlot from "uplot";
import style from "uplot/dist/uPlot.min.css?inline";
import type { Palette } from "./palette.js";
import { pointOn } from "./pointer.js";

export interface ChartLook {
  width: number;
  height: number;
  log: boolean;
  /** The values are shares of one (accuracy): the scale ends at 1. */
  share: boolean;
  palette: () => Palette;
  number: (value: number, options?: Intl.NumberFormatOptions) => string;
  hover: (row: number | null) => void;
}

export { uPlot as Plot };

/** What the charts' own elements look like. */
export function plotStyle(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
}

const DASH = [5, 4];
const COMPACT: Intl.NumberFormatOptions = { notation: "compact", maximumSignificantDigits: 3 };

/** Two series over epochs: training solid, validation dashed. A missing value is a gap. */
export function chartOptions(look: ChartLook): uPlot.Options {
  const { palette, number } = look;
  const font = () => `11px ${palette().font}`;
  const axis = (): uPlot.Axis => ({
    stroke: () => palette().css.faint,
    font: font(),
    ticks: { show: false },
    gap: 4,
    grid: { stroke: () => palette().css.line, width: 1 },
  });
  const values = (v: number | null): string =>
    v === null
      ? ""
      : Math.abs(v) > 0 && Math.abs(v) < 1e-3
        ? number(v, { notation: "scientific", maximumFractionDigits: 1 })
        : number(v, COMPACT);
  return {
    width: look.width,
    height: look.height,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, bind: { mousemove: unscaled } },
    scales: {
      x: { time: false, range: (_, low, high) => [low ?? 0, Math.max(high ?? 1, (low ?? 0) + 1)] },
      y: look.log ? { distr: 3 } : { range: (_, low, high) => valueRange(low, high, look.share) },
    },
    axes: [
      {
        ...axis(),
        size: 24,
        space: 60,
        grid: { show: false },
        values: (_, splits) => splits.map((v) => (Number.isInteger(v) ? number(v, COMPACT) : "")),
      },
      { ...axis(), size: 42, space: 34, values: (_, splits) => splits.map(values) },
    ],
    series: [
      {},
      { stroke: () => palette().css.ink, width: 2, points: { show: false }, spanGaps: false },
      { stroke: () => palette().css.soft, width: 1.6, dash: DASH, points: { show: false }, spanGaps: false },
    ],
    hooks: { setCursor: [(chart) => look.hover(chart.cursor.idx ?? null)] },
  };
}

/** The chart takes the window's pixels for its own: an event says where in the chart it is, however that is shown, and wherever it was moved to. */
function unscaled(chart: uPlot, _: HTMLElement, handle: (event: MouseEvent) => null): (event: MouseEvent) => null {
  return (event) => {
    chart.syncRect(true);
    const { left, top } = chart.over.getBoundingClientRect();
    const { x, y } = pointOn(chart.over, event);
    return handle(new MouseEvent(event.type, { clientX: left + x, clientY: top + y, buttons: event.buttons }));
  };
}

/** Losses start at zero; shares end at one; both leave some room so that the line does not lie on the frame. */
function valueRange(low: number | null, high: number | null, share: boolean): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (share) return [Math.min(low, 0.9) - 0.02, 1.01];
  return [Math.min(0, low), Math.max(high, Math.min(0, low) + 1e-6) * 1.05];
}
