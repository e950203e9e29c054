// An activation function and its derivative, with axes.
import { css, html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Choice } from "../../engine/types.js";
import { fit } from "../../canvas/canvas.js";
import { DrawnView } from "../../ui/drawn-view.js";

export interface Curve {
  x: Float32Array;
  value: Float32Array;
  derivative: Float32Array;
}

const HEIGHT = 150;
const MARGIN = { left: 28, right: 6, top: 6, bottom: 18 };
const DASH = [4, 3];

export class ActivationView extends DrawnView {
  static override properties: PropertyDeclarations = {
    activation: { attribute: false },
    curve: { attribute: false },
    values: { state: true },
  };
  declare activation: Choice | null;
  /** Asks the engine for the curve of an activation. */
  declare curve: ((activation: Choice) => Promise<Curve>) | null;
  declare private values: Curve | null;

  static override styles = css`
    :host { display: block; min-width: 0; max-width: 320px; color: var(--soft); font: var(--text-s)/1.4 var(--sans); }
    canvas { display: block; width: 100%; height: ${HEIGHT}px; }
    p { display: flex; gap: 16px; margin: 4px 0 0; padding-left: ${MARGIN.left}px; }
    span { display: inline-flex; align-items: center; gap: 6px; }
    i { width: 16px; border-top: 2px solid var(--ink); }
    i.dashed { border-top: 2px dashed var(--accent); }
  `;

  constructor() {
    super();
    this.activation = this.curve = this.values = null;
  }

  protected override willUpdate(changed: PropertyValues<{ activation: Choice | null }>): void {
    const before = changed.get("activation");
    if (changed.has("activation") && JSON.stringify(before) !== JSON.stringify(this.activation)) void this.load();
  }

  private async load(): Promise<void> {
    const { activation, curve } = this;
    if (!activation || !curve) return;
    const values = await curve(activation).catch(() => null);
    // The engine has gone meanwhile.
    if (!values) return;
    if (this.activation === activation || this.activation?.id === activation.id) this.values = values;
  }

  override render(): TemplateResult {
    const { t } = this;
    const name = this.activation ? t(`activation.${this.activation.id}`) : "";
    return html`<canvas role="img" aria-label=${t("view.activation.describe", { name })}></canvas>
      <p><span><i></i>${name}</span><span><i class="dashed"></i>${t("view.activation.derivative")}</span></p>`;
  }

  protected override draw(): void {
    const { values: curve, width } = this;
    if (!curve || curve.x.length < 2 || width === 0) return;
    const { css: colours, font } = this.palette;
    const context = fit(this.renderRoot.querySelector("canvas")!, width, HEIGHT);
    context.clearRect(0, 0, width, HEIGHT);
    const low = curve.x[0]!;
    const high = curve.x[curve.x.length - 1]!;
    const [bottom, top] = range(curve);
    const right = width - MARGIN.right;
    const base = HEIGHT - MARGIN.bottom;
    const x = (v: number) => MARGIN.left + ((v - low) / (high - low)) * (right - MARGIN.left);
    const y = (v: number) => base - ((v - bottom) / (top - bottom)) * (base - MARGIN.top);
    context.font = `11px ${font}`;
    context.fillStyle = colours.faint;
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const step = top - bottom > 4 ? 2 : top - bottom > 1.6 ? 1 : 0.5;
    context.beginPath();
    for (let v = Math.ceil(bottom / step) * step; v <= top + 1e-9; v += step) {
      context.moveTo(MARGIN.left, Math.round(y(v)) + 0.5);
      context.lineTo(right, Math.round(y(v)) + 0.5);
      context.fillText(this.number(v, { maximumFractionDigits: 1 }), MARGIN.left - 6, y(v));
    }
    context.stroke();
    context.strokeStyle = colours.faint;
    context.beginPath();
    context.moveTo(Math.round(x(0)) + 0.5, MARGIN.top);
    context.lineTo(Math.round(x(0)) + 0.5, base);
    context.moveTo(MARGIN.left, Math.round(y(0)) + 0.5);
    context.lineTo(right, Math.round(y(0)) + 0.5);
    context.stroke();
    context.textBaseline = "top";
    for (const [align, v] of [
      ["left", low],
      ["center", 0],
      ["right", high],
    ] as const) {
      context.textAlign = align;
      context.fillText(this.number(v), x(v), base + 5);
    }
    context.lineJoin = "round";
    context.save();
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top - 2, right - MARGIN.left, base - MARGIN.top + 4);
    context.clip();
    for (const [values, colour, dash] of [
      [curve.derivative, colours.accent, DASH],
      [curve.value, colours.ink, []],
    ] as const) {
      context.beginPath();
      values.forEach((v, i) => context.lineTo(x(curve.x[i]!), y(v)));
      context.strokeStyle = colour;
      context.lineWidth = dash.length ? 1.75 : 2.25;
      context.setLineDash([...dash]);
      context.stroke();
    }
    context.restore();
  }
}

/** Holds both curves, but an unbounded function may not flatten its derivative: at most -2..3. */
function range(curve: Curve): [number, number] {
  let bottom = -0.15;
  let top = 1.1;
  for (const values of [curve.value, curve.derivative])
    for (const v of values) {
      if (v < bottom) bottom = v;
      if (v > top) top = v;
    }
  return [Math.max(-2, bottom * 1.05), Math.min(3, top * 1.05)];
}

define("np-activation-view", ActivationView);
