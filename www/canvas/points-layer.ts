// Draws data points on a plane or over a line. Shapes tell classes apart, fill tells the split.
import type { Points } from "../engine/types.js";
import { marker } from "./canvas.js";
import { classColours, css, mix, type Palette } from "./palette.js";

export const TRAIN = 0;
export const VALIDATION = 1;
export const TEST = 2;

export interface PointsLook {
  palette: Palette;
  /** 0 for regression. */
  classes: number;
  /** Largest magnitude of a regression target: full colour. */
  span: number;
  shown: (split: number) => boolean;
  x: (value: number) => number;
  y: (value: number) => number;
  radius: number;
  /** For lines: the target is the height, and the colour is one. */
  flat: boolean;
}

/** Training points are filled with a thin ring, validation points hollow, test points filled with an ink rim.
 *  Points outside the drawn domain are left to the clip of the caller. */
export function drawPoints(context: CanvasRenderingContext2D, points: Points, look: PointsLook): void {
  const { palette, classes } = look;
  const colours = classColours(palette, classes);
  const ring = palette.css["point-ring"];
  for (const split of [TEST, VALIDATION, TRAIN]) {
    if (!look.shown(split)) continue;
    for (let i = 0; i < points.x.length; i++) {
      const label = points.label[i]!;
      if (points.split[i] !== split || Number.isNaN(label)) continue;
      const x = look.x(points.x[i]!);
      const y = look.y(look.flat ? label : points.y[i]!);
      const k = classes > 0 ? label : 1;
      const colour =
        classes > 0
          ? colours.point[k % colours.point.length]!
          : look.flat
            ? palette.css.blue
            : valueColour(label / look.span, palette);
      const value = classes === 0 && !look.flat;
      context.beginPath();
      marker(context, k, x, y, look.radius);
      if (split === VALIDATION) {
        context.fillStyle = ring;
        context.strokeStyle = colour;
        context.lineWidth = look.radius * 0.5;
      } else {
        context.fillStyle = colour;
        context.strokeStyle = split === TEST ? palette.css.ink : value ? palette.css.soft : ring;
        context.lineWidth = look.radius * 0.36;
      }
      if (split === VALIDATION) {
        context.fill();
        context.stroke();
      } else {
        context.stroke();
        context.fill();
        if (split === TEST) context.stroke();
      }
    }
  }
}

function valueColour(v: number, palette: Palette): string {
  const side = palette.pair.rgb[v < 0 ? 0 : 1]!;
  return css(mix(palette.zero, side, Math.min(1, Math.abs(v)) * 0.85 + 0.15));
}
