// What the marks on the output map mean.
import { html, nothing, svg, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import type { ModelSummary } from "../../engine/types.js";
import { marker } from "../../canvas/canvas.js";
import { classColours, type Palette } from "../../canvas/palette.js";
import type { Translate } from "../../ui/drawn-view.js";

/** Records the calls that draw a marker as an SVG path. */
class PathText {
  text = "";
  moveTo(x: number, y: number): void {
    this.text += `M${x.toFixed(2)} ${y.toFixed(2)}`;
  }
  lineTo(x: number, y: number): void {
    this.text += `L${x.toFixed(2)} ${y.toFixed(2)}`;
  }
  closePath(): void {
    this.text += "Z";
  }
  rect(x: number, y: number, w: number, h: number): void {
    this.text += `M${x} ${y}h${w}v${h}h${-w}Z`;
  }
  arc(x: number, y: number, r: number): void {
    this.text += `M${x + r} ${y}A${r} ${r} 0 1 1 ${x - r} ${y}A${r} ${r} 0 1 1 ${x + r} ${y}Z`;
  }
}

/** The marker of class `k` as SVG, centred in a 14 px box. */
export function markerIcon(k: number, fill: string, stroke: string): TemplateResult {
  const path = new PathText();
  marker(path as unknown as Path2D, k, 7, 7, 4.6);
  return html`<svg viewBox="0 0 14 14" aria-hidden="true">${svg`<path d=${path.text} fill=${fill} stroke=${stroke}
    stroke-width="1.6"/>`}</svg>`;
}

export function className(k: number, classes: number, t: Translate): string {
  return classes === 2 ? t(k === 0 ? "view.class.orange" : "view.class.blue") : t("view.class.number", { index: k });
}

/** How points of a split are drawn, as a neutral circle. */
export function splitIcon(split: "train" | "validation" | "test", { css }: Palette): TemplateResult {
  if (split === "train") return markerIcon(1, css.soft, css["point-ring"]);
  return split === "validation" ? markerIcon(1, css["point-ring"], css.soft) : markerIcon(1, css.faint, css.ink);
}

/** Classes by shape and colour, and what filled markers are. */
export function legend(summary: ModelSummary, t: Translate, palette: Palette): TemplateResult | typeof nothing {
  const ring = palette.css["point-ring"];
  const colours = classColours(palette, summary.classes);
  const classes = Array.from(
    { length: summary.classes },
    (_, k) => html`<span class="key">${markerIcon(k, colours.point[k % 8]!, ring)}${className(k, summary.classes, t)}</span>`,
  );
  return html`${classes}<span class="key">${splitIcon("train", palette)}${t("view.output.key_train")}</span>`;
}

/** Which colour is which value: for regression over the plane. */
export function scaleBar(
  summary: ModelSummary,
  span: number,
  format: (value: number) => string,
): TemplateResult | typeof nothing {
  if (summary.task !== "regression" || dataOf(summary).dimensions !== 2) return nothing;
  return html`<span class="bar"><span>${format(-span)}</span><i></i><span>${format(span)}</span></span>`;
}
