// The output, large: what the network says over the whole domain, with the points above it.
import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { Frame, ModelSummary, Points } from "../engine/types.js";
import { fit } from "./canvas.js";
import type { ControlId, ControlState, Unit } from "./events.js";
import { legend, scaleBar, splitIcon } from "./output-legend.js";
import { otherKinds } from "./kinds.js";
import { drawPlane, lineRange, type Area } from "./output-map.js";
import { readingAt } from "./output-reading.js";
import { drawPoints, TEST, TRAIN, VALIDATION } from "./points-layer.js";
import { heading } from "./styles.js";
import { unitName } from "./unit-name.js";
import { DrawnView } from "./drawn-view.js";

/** Room for tick labels, in CSS pixels. */
const MARGIN = { left: 28, right: 1, top: 1, bottom: 20 };
const LINE_RATIO = 0.8;

export class OutputView extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false },
    points: { attribute: false },
    hovered: { attribute: false },
    discretize: { type: Boolean },
    covered: { type: Boolean },
    control: { attribute: false },
    showValidation: { attribute: false },
    showTest: { attribute: false },
    reading: { state: true },
  };
  declare summary: ModelSummary | null;
  declare points: Points | null;
  /** The unit whose map is shown; null for the output. */
  declare hovered: Unit | null;
  declare discretize: boolean;
  /** Another picture stands in the map's place (slot "picture"). */
  declare covered: boolean;
  declare control: (id: ControlId) => ControlState;
  declare showValidation: boolean;
  declare showTest: boolean;
  declare private reading: string;
  private current: Frame | null = null;
  private area: Area = { left: 0, top: 0, width: 0, height: 0, low: -6, high: 6, bottom: -1, ceiling: 1 };
  private pointsStale = true;

  static override styles = [
    heading,
    css`
    :host { display: block; color: var(--ink); font: var(--text-m)/1.4 var(--sans); }
    .stage { position: relative; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: pan-y; }
    .below {
      display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; margin-top: 8px; color: var(--soft);
      font-size: var(--text-s);
    }
    .below .key { display: inline-flex; align-items: center; gap: 5px; }
    svg { width: 14px; height: 14px; overflow: visible; }
    .toggles { display: flex; flex-wrap: wrap; gap: 0 16px; }
    label {
      display: inline-flex; align-items: center; gap: 6px; min-height: var(--hit, 32px); color: var(--soft);
      font-size: var(--text-s); cursor: pointer;
    }
    input { accent-color: var(--accent); margin: 0; width: 15px; height: 15px; }
    input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .bar {
      flex: 1 1 120px; display: grid; grid-template-columns: auto 1fr auto; gap: 8px; align-items: center;
      font-variant-numeric: tabular-nums;
    }
    .bar i { height: 8px; border-radius: 4px; background: linear-gradient(90deg, var(--orange), var(--zero), var(--blue)); }
  `,
  ];

  constructor() {
    super();
    this.summary = this.points = this.hovered = null;
    this.discretize = this.showTest = this.covered = false;
    this.control = () => "shown";
    this.showValidation = true;
    this.reading = "";
  }

  get frame(): Frame | null {
    return this.current;
  }
  set frame(frame: Frame | null) {
    this.current = frame;
    this.redraw();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!(changed.size === 1 && changed.has("reading"))) this.pointsStale = true;
  }

  protected override resized(): void {
    this.pointsStale = true;
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const side = Math.max(0, this.width - MARGIN.left - MARGIN.right);
    const isLine = this.summary?.kind === "line";
    const height = (isLine ? side * LINE_RATIO : side) + MARGIN.top + MARGIN.bottom;
    const { summary, t } = this;
    const format = (value: number) => this.number(value, { maximumFractionDigits: 2 });
    return html`
      <header><h2>${t("view.output.title")}</h2><p aria-live="off">${this.reading || this.caption()}</p></header>
      <slot name="choice"></slot>
      <slot name="picture"><div class="stage" part="map" .style=${`height:${height}px`} role="img" aria-label=${this.description()}
        @pointermove=${this.read} @pointerdown=${this.read} @pointerleave=${this.unread}>
        <canvas id="map"></canvas><canvas id="points"></canvas>
      </div></slot>
      <div class="below">${summary ? [legend(summary, t, this.palette), scaleBar(summary, this.span(), format)] : nothing}</div>
      <div class="toggles">
        ${this.check("validation", this.showValidation, this.summary?.counts.validation ? this.toggleValidation : null)}
        ${this.check("test", this.showTest, this.hasTest() ? this.toggleTest : null)}
        ${this.check("discretize", this.discretize, isLine || this.covered ? null : this.toggleDiscretize)}
      </div>`;
  }

  private check(
    name: "validation" | "test" | "discretize",
    on: boolean,
    toggle: ((event: Event) => void) | null,
  ): TemplateResult | typeof nothing {
    const state = this.control(name === "discretize" ? name : `show-${name}`);
    return toggle && state !== "hidden"
      ? html`<label><input type="checkbox" part="switch" .checked=${on} ?disabled=${state === "locked"} aria-label=${this.named(this.t(`view.output.${name}`), state)}
        @change=${toggle}>${name === "discretize" ? nothing : splitIcon(name, this.palette)}${this.t(`view.output.${name}`)}</label>`
      : nothing;
  }
  private toggleValidation(event: Event): void {
    this.showValidation = (event.target as HTMLInputElement).checked;
    this.send("toggle-validation", { on: this.showValidation });
  }
  private toggleTest(event: Event): void {
    this.showTest = (event.target as HTMLInputElement).checked;
    this.send("toggle-test", { on: this.showTest });
  }
  private toggleDiscretize(event: Event): void {
    this.discretize = (event.target as HTMLInputElement).checked;
    this.send("toggle-discretize", { on: this.discretize });
  }

  private hasTest(): boolean {
    const { points } = this;
    return !!points && points.split.some((split, i) => split === TEST && !Number.isNaN(points.label[i]!));
  }

  private caption(): string {
    const { summary, hovered, t } = this;
    if (!summary) return "";
    if (hovered) return unitName(summary, hovered, t);
    if (summary.task === "regression") return t("view.output.value");
    if (summary.classes > 2) return t("view.output.class");
    return t(summary.target_encoding === "zero_one" ? "view.output.probability" : "view.output.score");
  }

  private description(): string {
    const { summary, points, t } = this;
    if (!summary) return "";
    const seen = t(summary.kind === "line" ? "view.output.describe_line" : "view.output.describe_plane", {
      what: this.caption(),
      low: this.number(this.area.low),
      high: this.number(this.area.high),
      points: points?.x.length ?? 0,
    });
    const { output } = this.current ?? {};
    if (!output || output.units !== 1 || summary.kind === "line" || summary.task === "regression") return seen;
    let blue = 0;
    for (const value of output.data) if (value > 0) blue++;
    return t("view.output.describe_share", { seen, share: this.percent(blue / Math.max(1, output.data.length), 0) });
  }

  private span(): number {
    let top = 0;
    if (this.points) for (const v of this.points.label) if (Math.abs(v) > top) top = Math.abs(v);
    return top || 1;
  }

  private measure(): Area {
    const [low, high] = this.summary?.domain ?? [-1, 1];
    const width = this.width - MARGIN.left - MARGIN.right;
    const height = this.summary?.kind === "line" ? width * LINE_RATIO : width;
    const [bottom, ceiling] = this.summary?.kind === "line" ? lineRange(this.points) : [low, high];
    return { left: MARGIN.left, top: MARGIN.top, width, height, low, high, bottom, ceiling };
  }

  protected override draw(): void {
    const { summary } = this;
    if (!summary || this.width === 0 || this.covered) return;
    const map = this.renderRoot.querySelector<HTMLCanvasElement>("#map")!;
    if (this.pointsStale) {
      this.area = this.measure();
      this.drawPoints();
      this.pointsStale = false;
    }
    const stage = this.area.height + MARGIN.top + MARGIN.bottom;
    const context = fit(map, this.width, stage);
    const look = {
      palette: this.palette,
      summary,
      area: this.area,
      discretize: this.discretize,
      hovered: this.hovered,
      span: this.span(),
      height: stage,
      again: this.again,
    };
    if (summary.kind === "line") {
      context.clearRect(0, 0, this.width, stage);
      otherKinds(this.again)?.drawLine(context, this.current?.output ?? null, look, (v) => this.number(v));
    } else drawPlane(context, this.current?.output ?? null, look, (v) => this.number(v));
    this.renderRoot.querySelector(".stage")!.setAttribute("aria-label", this.description());
  }

  private drawPoints(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("#points")!;
    const { area, points } = this;
    const context = fit(canvas, this.width, area.height + MARGIN.top + MARGIN.bottom);
    context.clearRect(0, 0, this.width, area.height + MARGIN.top + MARGIN.bottom);
    if (!points || !this.summary) return;
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    drawPoints(context, points, {
      palette: this.palette,
      classes: this.summary.classes,
      span: this.span(),
      shown: (split) => split === TRAIN || (split === VALIDATION && this.showValidation) || (split === TEST && this.showTest),
      x: (v) => area.left + ((v - area.low) / (area.high - area.low)) * area.width,
      y: (v) => area.top + ((area.ceiling - v) / (area.ceiling - area.bottom)) * area.height,
      radius: points.x.length > 1500 ? 2.2 : points.x.length > 600 ? 3 : Math.min(4.2, Math.max(3.2, area.width / 85)),
      flat: this.summary.kind === "line",
    });
    context.restore();
  }

  private unread(): void {
    this.reading = "";
  }

  /** Says the value under the pointer. */
  private read(event: PointerEvent): void {
    const { area, summary, hovered, t } = this;
    const output = this.current?.output;
    if (!output || !summary) return;
    const box = this.renderRoot.querySelector("#map")!.getBoundingClientRect();
    const u = (event.clientX - box.left - area.left) / area.width;
    const v = (event.clientY - box.top - area.top) / area.height;
    const number = (value: number, digits: number) =>
      this.number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    this.reading = u >= 0 && u < 1 && v >= 0 && v < 1 ? readingAt(u, v, { output, summary, hovered, area, t, number }) : "";
  }
}

customElements.define("np-output-view", OutputView);
