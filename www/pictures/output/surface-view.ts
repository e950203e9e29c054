// The output as a surface over the plane, to be turned by hand; data points stand on posts at the height of their target.
// Loaded when it is first chosen.
import { css, html, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Frame, ModelSummary, Points } from "../../engine/types.js";
import { fit } from "../../canvas/canvas.js";
import { DrawnView } from "../../ui/drawn-view.js";
import type { Unit } from "../../ui/events.js";
import { stageHeight } from "./output-map.js";
import { drawSurface } from "./surface-painter.js";
import { turned, type View3 } from "../../canvas/projection.js";

const START: View3 = { turn: 0.62, tilt: 0.62 };
/** Radians that a key turns, and that a pointer does per CSS pixel. */
const KEY_TURN = Math.PI / 24;
const DRAG_TURN = 0.008;
const KEYS: Record<string, [turn: number, tilt: number]> = {
  ArrowLeft: [-KEY_TURN, 0], ArrowRight: [KEY_TURN, 0], ArrowUp: [0, KEY_TURN], ArrowDown: [0, -KEY_TURN],
};

export class SurfaceView extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false }, points: { attribute: false }, hovered: { attribute: false }, showValidation: { attribute: false }, showTest: { attribute: false },
  };
  declare summary: ModelSummary | null;
  declare points: Points | null;
  /** The unit that is shown; null for the output. */
  declare hovered: Unit | null;
  declare showValidation: boolean;
  declare showTest: boolean;
  private current: Frame | null = null;
  private look: View3 = START;
  private held: { id: number; x: number; y: number } | null = null;

  static override styles = css`
    :host { display: block; }
    .stage { position: relative; border-radius: var(--radius-s); cursor: grab; touch-action: pan-y; user-select: none; -webkit-user-select: none; }
    .stage:active { cursor: grabbing; }
    .stage:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
  `;

  constructor() {
    super();
    this.summary = this.points = this.hovered = null;
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
    const label = this.t("view.surface.label");
    return html`<div class="stage" .style=${this.width > 0 ? `height:${stageHeight(this.width)}px` : "aspect-ratio:1;margin-bottom:-8px"} tabindex="0" role="application" aria-label=${label} title=${label}
      @keydown=${this.key} @pointerdown=${this.take} @pointermove=${this.drag} @pointerup=${this.drop} @pointercancel=${this.drop} @lostpointercapture=${this.drop}
      @dblclick=${() => this.turn(START)}><canvas></canvas></div>`;
  }

  private turn(to: View3): void {
    this.look = to;
    this.redraw();
  }
  private key(event: KeyboardEvent): void {
    if (event.key === "Home") this.turn(START);
    const by = KEYS[event.key];
    if (by) this.turn(turned(this.look, ...by));
    if (!by && event.key !== "Home") return;
    event.preventDefault();
    event.stopPropagation();
  }
  private take(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.held = { id: event.pointerId, x: event.clientX, y: event.clientY };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }
  private drag(event: PointerEvent): void {
    const { held } = this;
    if (!held || held.id !== event.pointerId) return;
    const [x, y] = [event.clientX - held.x, event.clientY - held.y];
    this.held = { id: held.id, x: event.clientX, y: event.clientY };
    this.turn(turned(this.look, x * DRAG_TURN, y * DRAG_TURN));
  }
  private drop(): void {
    this.held = null;
  }

  protected override draw(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const { summary, width } = this;
    if (!canvas || !summary || width === 0) return;
    const height = stageHeight(width);
    const context = fit(canvas, width, height);
    context.clearRect(0, 0, width, height);
    drawSurface(context, this.current?.output ?? null, {
      palette: this.palette, summary, shown: this.hovered, points: this.points, look: this.look, width, height,
      validation: this.showValidation, test: this.showTest, format: (value) => this.number(value, { maximumSignificantDigits: 2 }),
    });
  }
}

define("np-surface-view", SurfaceView);
