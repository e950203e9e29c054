// The output, large: what the network says over the whole domain, with the points above it.
import { css, html, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { define } from "../../ui/define.js";
import type { Frame, ModelSummary, Points } from "../../engine/types.js";
import { fit, Raster } from "../../canvas/canvas.js";
import { pointOn } from "../../canvas/pointer.js";
import type { Unit } from "../../ui/events.js";
import { otherKinds } from "./kinds.js";
import { drawPlane, lineRange, MARGIN, type Area } from "./output-map.js";
import { readingAt } from "./output-reading.js";
import { drawPoints, TEST, TRAIN, VALIDATION } from "../../canvas/points-layer.js";
import { spanOf } from "../../canvas/scale.js";
import { heading } from "../../ui/styles.js";
import { unitTitle } from "../../ui/unit-name.js";
import { DrawnView } from "../../ui/drawn-view.js";

const LINE_RATIO = 0.8;

export class OutputView extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false },
    points: { attribute: false },
    hovered: { attribute: false },
    held: { type: Boolean },
    discretize: { type: Boolean },
    covered: { type: Boolean },
    showValidation: { attribute: false },
    showTest: { attribute: false },
    reading: { state: true },
  };
  declare summary: ModelSummary | null;
  declare points: Points | null;
  /** The unit whose map is shown; null for the output. */
  declare hovered: Unit | null;
  /** It has been chosen, and stays until the visitor goes back. */
  declare held: boolean;
  declare discretize: boolean;
  /** Another picture stands in the map's place (slot "picture"). */
  declare covered: boolean;
  declare showValidation: boolean;
  declare showTest: boolean;
  declare private reading: string;
  private current: Frame | null = null;
  private area: Area = { left: 0, top: 0, width: 0, height: 0, low: -6, high: 6, bottom: -1, ceiling: 1 };
  private pointsStale = true;
  private raster = new Raster();

  static override styles = [
    heading,
    css`
    :host { display: block; color: var(--ink); font: var(--text-m)/1.4 var(--sans); }
    .stage { position: relative; }
    slot { display: block; transform: scale(var(--shrink, 1)); transform-origin: 0 100%; }
    slot[name="choice"] { transform: none; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: pan-y; }
    .back { margin-block: calc((16px - var(--hit, 32px)) / 2); margin-left: auto; padding: 0 8px; min-height: var(--hit, 32px); border: 1px solid var(--line); border-radius: var(--radius-s); background: var(--surface); color: var(--ink); font: inherit; font-size: var(--text-s); white-space: nowrap; cursor: pointer; }
    .back:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  `,
  ];

  constructor() {
    super();
    this.summary = this.points = this.hovered = null;
    this.held = this.discretize = this.showTest = this.covered = false;
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
    const height = (this.isLine ? side * LINE_RATIO : side) + MARGIN.top + MARGIN.bottom;
    // Its place is kept before its width is known, and while another picture of the plane is on its way.
    const place = this.width > 0 ? `height:${height}px` : "aspect-ratio:1;margin-bottom:-8px";
    const { summary, hovered, t } = this;
    return html`
      <header><h2>${hovered && summary ? unitTitle(summary, hovered, t) : t("view.output.title")}</h2>${
        hovered && this.held && !this.reading ? html`<button class="back" data-testid="back-to-output" title=${t("view.output.back_help")}
          @click=${() => this.send("select-unit", null)}>${t("view.output.back")}</button>` : html`<p aria-live="off">${this.reading || this.caption()}</p>`}</header>
      <slot name="choice"></slot>
      <slot name="picture" .style=${place}><div class="stage" part="map" .style=${place} role="img" aria-label=${this.description()}
        @pointermove=${this.read} @pointerdown=${this.read} @pointerleave=${this.unread}>
        <canvas id="map"></canvas><canvas id="points"></canvas>
      </div></slot>`;
  }

  private caption(): string {
    const { summary, hovered, t } = this;
    if (!summary) return "";
    if (hovered) {
      const { activation } = summary.layers[hovered.layer] ?? {};
      return activation ? t(`activation.${activation.id}`) : "";
    }
    if (summary.task === "regression") return t("view.output.value");
    if (summary.classes > 2) return t("view.output.class");
    return t(summary.target_encoding === "zero_one" ? "view.output.probability" : "view.output.score");
  }

  /** Says anew what is seen, with the texts of the page: each picture would have the page laid out for it. */
  describe(): void {
    this.say(".stage", this.description(), "aria-label");
  }

  private get isLine(): boolean {
    return dataOf(this.summary).dimensions === 1;
  }

  private description(): string {
    const { summary, points, t } = this;
    if (!summary) return "";
    const seen = t(this.isLine ? "view.output.describe_line" : "view.output.describe_plane", {
      what: this.hovered ? unitTitle(summary, this.hovered, t) : this.caption(),
      low: this.number(summary.domain[0]),
      high: this.number(summary.domain[1]),
      points: points?.x.length ?? 0,
    });
    const { output } = this.current ?? {};
    if (!output || output.units !== 1 || this.isLine || summary.task === "regression") return seen;
    let blue = 0;
    for (const value of output.data) if (value > 0) blue++;
    return t("view.output.describe_share", { seen, share: this.percent(blue / Math.max(1, output.data.length), 0) });
  }

  private measure(): Area {
    const [low, high] = this.summary?.domain ?? [-1, 1];
    const width = this.width - MARGIN.left - MARGIN.right;
    const height = this.isLine ? width * LINE_RATIO : width;
    const [bottom, ceiling] = this.isLine ? lineRange(this.points) : [low, high];
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
      raster: this.raster,
      discretize: this.discretize,
      hovered: this.hovered,
      span: spanOf(this.points),
      height: stage,
      again: this.again,
    };
    if (this.isLine) {
      context.clearRect(0, 0, this.width, stage);
      otherKinds(this.again)?.drawLine(context, this.current?.output ?? null, look, (v) => this.number(v));
    } else drawPlane(context, this.current?.output ?? null, look, (v) => this.number(v));
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
      span: spanOf(this.points),
      shown: (split) => split === TRAIN || (split === VALIDATION && this.showValidation) || (split === TEST && this.showTest),
      x: (v) => area.left + ((v - area.low) / (area.high - area.low)) * area.width,
      y: (v) => area.top + ((area.ceiling - v) / (area.ceiling - area.bottom)) * area.height,
      radius: points.x.length > 1500 ? 2.2 : points.x.length > 600 ? 3 : Math.min(4.2, Math.max(3.2, area.width / 85)),
      flat: this.isLine,
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
    const { x, y } = pointOn(this.renderRoot.querySelector<HTMLElement>("#map")!, event);
    const [u, v] = [(x - area.left) / area.width, (y - area.top) / area.height];
    const number = (value: number, digits: number) =>
      this.number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    this.reading = u >= 0 && u < 1 && v >= 0 && v < 1 ? readingAt(u, v, { output, summary, hovered, area, t, number }) : "";
  }
}

define("np-output-view", OutputView);
