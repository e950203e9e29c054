// The plane as a layer bends it: a grid of the plane and the data points, drawn by the outputs of two of the layer's units.
// Where the next layer finds the classes apart by a straight line, they are so here. Loaded when it is first chosen.
import { css, html, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Frame, ModelSummary, Points } from "../../engine/types.js";
import { fit } from "../../canvas/canvas.js";
import { DrawnView } from "../../ui/drawn-view.js";
import { bend, drawBent } from "./hidden-painter.js";
import { stageHeight } from "./output-map.js";
import { layerName } from "../../ui/unit-name.js";

/** A layer (0 = inputs) and the two units that are the axes. */
export interface Bent {
  layer: number;
  across: number;
  up: number;
}

export class HiddenView extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false }, points: { attribute: false }, bent: { attribute: false }, showValidation: { attribute: false }, showTest: { attribute: false },
  };
  declare summary: ModelSummary | null;
  declare points: Points | null;
  declare bent: Bent;
  declare showValidation: boolean;
  declare showTest: boolean;
  private current: Frame | null = null;

  static override styles = css`
    :host { display: block; container-type: inline-size; color: var(--soft); font: var(--text-s)/1.4 var(--sans); }
    .whole { display: flex; flex-direction: column; }
    .stage { position: relative; flex: 1 1 auto; align-self: center; aspect-ratio: 1; min-height: 0; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
    .axes { display: flex; flex-wrap: wrap; gap: 4px 12px; margin-top: 8px; }
    label { display: inline-flex; align-items: center; gap: 6px; }
    select { height: var(--hit); padding: 0 4px; font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-s); }
    select:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
    @media (pointer: coarse) { select { font-size: 16px; } }
  `;

  constructor() {
    super();
    this.summary = this.points = null;
    this.bent = { layer: 1, across: 0, up: 1 };
    this.showValidation = this.showTest = false;
  }

  get frame(): Frame | null {
    return this.current;
  }
  set frame(frame: Frame | null) {
    this.current = frame;
    this.redraw();
  }

  protected override resized(): void {
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { summary, bent, t } = this;
    const hidden = summary?.layers.map((_, at) => at).filter((at) => summary.layers[at]!.kind === "hidden") ?? [];
    const units = Array.from({ length: summary?.layers[bent.layer]?.units ?? 0 }, (_, at) => at);
    const unit = (name: "across" | "up") => this.choice(`view.hidden.${name}`, units.map((at) => [at, t("view.hidden.neuron", { unit: at + 1 })]), bent[name],
      (to) => ({ ...bent, [name]: to }));
    return html`<div class="whole" .style=${this.width > 0 ? `height:${stageHeight(this.width)}px` : "height:calc(100cqw - 8px)"}><div class="stage" role="img" aria-label=${t("view.hidden.label", { layer: summary ? layerName(summary, bent.layer, t) : "" })}><canvas></canvas></div>
      <div class="axes">${this.choice("view.hidden.layer", hidden.map((at) => [at, layerName(summary!, at, t)]), bent.layer, (layer) => ({ layer, across: 0, up: 1 }))}
        ${unit("across")}${unit("up")}</div></div>`;
  }

  private choice(label: string, options: (readonly [number, string])[], chosen: number, change: (to: number) => Bent): TemplateResult {
    return html`<label>${this.t(label)}<select @change=${(event: Event) => this.send("choose-bent", change(Number((event.target as HTMLSelectElement).value)))}>
      ${options.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen} .selected=${value === chosen}>${name}</option>`)}</select></label>`;
  }

  protected override draw(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const { summary, width, current } = this;
    if (!canvas || !summary || width === 0) return;
    const side = canvas.parentElement!.clientHeight;
    const context = fit(canvas, side, side);
    context.clearRect(0, 0, side, side);
    const plane = current && bend(current, summary.layers[this.bent.layer]?.units ?? 0, this.bent);
    if (plane)
      drawBent(context, plane, {
        palette: this.palette, summary, points: this.points, side, validation: this.showValidation, test: this.showTest,
        format: (value) => this.number(value, { maximumSignificantDigits: 3 }),
        axes: [this.t("view.hidden.neuron", { unit: this.bent.across + 1 }), this.t("view.hidden.neuron", { unit: this.bent.up + 1 })],
      });
  }
}

define("np-hidden-view", HiddenView);
