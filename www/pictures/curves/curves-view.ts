// Loss and score over the epochs: two charts behind one switch, with a legend of live values.
import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type uPlot from "uplot";
import type { Frame, ModelSummary } from "../../engine/types.js";
import { DrawnView } from "../../ui/drawn-view.js";
import type { ControlState } from "../../ui/events.js";
import { formatFigure } from "../../i18n/index.js";
import { lazy } from "../../ui/lazy.js";

const plots = lazy(() => import("../../canvas/chart.js"));

type Measure = "loss" | "score";
const HEIGHT = 128;
/** Milliseconds between redraws of the chart while training: lines need no sixty pictures a second. */
const PERIOD = 80;
const SPLITS = ["train", "validation"] as const;

export class CurvesView extends DrawnView {
  static override properties: PropertyDeclarations = {
    summary: { attribute: false },
    logScale: { type: Boolean, attribute: "log-scale" },
    measure: { state: true },
    sampled: { state: true },
    control: {},
  };
  declare summary: ModelSummary | null;
  declare logScale: boolean;
  declare private measure: Measure;
  /** How many samples of a large training part its curve is measured on; null: all of them. */
  declare private sampled: number | null;
  /** Whether what is drawn may be chosen. */
  declare control: ControlState;
  private current: Frame | null = null;
  private chart: uPlot | null = null;
  private charts: typeof import("../../canvas/chart.js") | null = null;
  private asked = false;
  /** Epochs, training, validation; filled anew for each drawing. */
  private readonly columns: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  private drawnAt = -Infinity;
  private late = 0;
  private cursor: number | null = null;

  static override styles = css`
    :host {
      display: block; min-width: 0; color: var(--ink); font: var(--text-m)/1.4 var(--sans);
      font-variant-numeric: tabular-nums;
    }
    .legend {
      display: flex; justify-content: space-between; align-items: center; gap: 12px; margin-top: 2px; min-height: 20px;
      font-size: var(--text-xs); color: var(--faint);
    }
    dl { display: flex; gap: 0 10px; margin: 0; }
    dl div { display: flex; align-items: center; gap: 6px; white-space: nowrap; }
    dt { display: flex; align-items: center; gap: 6px; }
    dt i { width: 12px; border-top: 2px solid var(--ink); }
    dt i.dashed { border-top: 2px dashed var(--soft); }
    dd { margin: 0; width: 3.4em; contain: layout paint; color: var(--ink); font-size: var(--text-s); font-weight: 600; }
    .at { margin: 0; white-space: nowrap; }
    /* Whatever epoch stands beside them. */
    @container curves (max-width: 310px) { .legend { min-height: 34px; } dl { flex-direction: column; } }
    .row { display: flex; justify-content: space-between; align-items: center; gap: 8px; min-height: max(28px, 2 * var(--hit, 32px) - 44px); }
    .choice { display: inline-flex; gap: 2px; }
    .choice button {
      font: inherit; font-size: var(--text-s); color: var(--soft); background: none; border: 0;
      border-radius: var(--radius-s); padding: 0 8px; min-height: max(26px, 2 * var(--hit, 32px) - 44px); cursor: pointer;
    }
    .choice button[aria-pressed="true"] { color: var(--ink); background: var(--line); font-weight: 600; }
    button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    label {
      display: inline-flex; align-items: center; gap: 6px; font-size: var(--text-s); color: var(--soft); cursor: pointer;
      min-height: max(26px, 2 * var(--hit, 32px) - 44px);
    }
    input { accent-color: var(--accent); margin: 0; width: 15px; height: 15px; }
    .chart { height: ${HEIGHT}px; touch-action: pan-y; }
    .uplot { font-family: inherit; }
    .u-hz .u-cursor-x, .u-vt .u-cursor-y { border-right: 1px solid var(--faint); }
  `;

  constructor() {
    super();
    this.summary = null;
    this.logScale = false;
    this.measure = "loss";
    this.sampled = null;
    this.control = "shown";
  }

  get frame(): Frame | null {
    return this.current;
  }
  set frame(frame: Frame | null) {
    this.current = frame;
    const samples = frame?.history?.train_samples;
    if (samples !== undefined) this.sampled = samples < (this.summary?.counts.train ?? 0) ? samples : null;
    this.redraw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.late);
    this.chart?.destroy();
    this.chart = null;
  }

  private get score(): "r2" | "accuracy" {
    return this.summary?.task === "regression" ? "r2" : "accuracy";
  }

  override render(): TemplateResult {
    const { t, measure, control } = this;
    const locked = control === "locked";
    const button = (name: Measure, word: string) =>
      html`<button ?disabled=${locked} aria-label=${this.named(word, control)} aria-pressed=${measure === name} @click=${() => {
        this.measure = name;
      }}>${word}</button>`;
    return html`
      ${control === "hidden" ? nothing : html`<div class="row">
        <div class="choice" role="group"
          aria-label=${t("view.curves.measure")}>${button("loss", t("metric.loss"))}${button("score", t(`metric.${this.score}`))}</div>
        ${measure === "loss" ? html`<label><input type="checkbox" .checked=${this.logScale} ?disabled=${locked} aria-label=${this.named(t("view.curves.log"), control)}
          @change=${this.toggleLog}>${t("view.curves.log")}</label>` : nothing}
      </div>`}
      <div class="chart" part="chart" role="img" aria-label=${t(measure === "loss" ? "metric.loss" : `metric.${this.score}`)}></div>
      <div class="legend"><dl>
          <div><dt><i></i>${this.sampled === null ? t("view.curves.train") : html`<span title=${t("view.curves.sampled", {
            count: this.number(this.sampled) })}>${t("view.curves.train")}*</span>`}</dt><dd id="train"></dd></div>
          <div><dt><i class="dashed"></i>${t("view.curves.validation")}</dt><dd id="validation"></dd></div>
        </dl><p class="at"></p></div>`;
  }

  private toggleLog(event: Event): void {
    this.logScale = (event.target as HTMLInputElement).checked;
    this.send("toggle-log-scale", { on: this.logScale });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("measure") || changed.has("logScale") || changed.has("language")) {
      this.chart?.destroy();
      this.chart = null;
    } else if (changed.has("theme")) this.chart?.redraw(false, true);
    this.drawnAt = -Infinity;
    super.updated(changed);
  }

  protected override resized(): void {
    this.chart?.setSize({ width: Math.max(80, this.width), height: HEIGHT });
  }

  protected override draw(): void {
    const wait = this.drawnAt + PERIOD - performance.now();
    if (wait > 0) {
      this.late ||= setTimeout(() => {
        this.late = 0;
        this.redraw();
      }, wait) as unknown as number;
      return;
    }
    if (this.width === 0) return;
    this.drawnAt = performance.now();
    this.gather();
    this.write();
    if (!this.charts) {
      void this.load();
      return;
    }
    this.chart ??= new this.charts.Plot(
      this.charts.chartOptions({
        width: Math.max(80, this.width),
        height: HEIGHT,
        log: this.measure === "loss" && this.logScale,
        share: this.measure === "score",
        palette: () => this.palette,
        number: (v, o) => this.number(v, o),
        hover: (row) => {
          this.cursor = row;
          this.write();
        },
      }),
      this.columns,
      this.renderRoot.querySelector<HTMLElement>(".chart")!,
    );
    this.chart.setData(this.columns);
  }

  private load(): void {
    if (this.asked) return;
    this.asked = true;
    const there = plots.want(this.loaded);
    if (there) this.loaded(there);
  }

  private readonly loaded = (charts: NonNullable<typeof plots.value>): void => {
    (this.renderRoot as ShadowRoot).adoptedStyleSheets.unshift(charts.plotStyle());
    this.charts = charts;
    this.drawnAt = -Infinity;
    this.redraw();
  };

  /** Column of the history for a split; -1 when the engine does not send it. */
  private column(split: "train" | "validation"): number {
    return this.current?.history?.columns.indexOf(`${split}_${this.measure}`) ?? -1;
  }

  /** What was measured for the picture that is drawn, where that is newer than the newest row: the curve's live end. */
  private get live(): Frame["metrics"] {
    const { history, metrics } = this.current ?? {};
    if (!history?.rows || !metrics) return null;
    const newest = history.data[(history.rows - 1) * history.columns.length]!;
    return metrics.epoch > newest + 1e-6 ? metrics : null;
  }

  private gather(): void {
    const history = this.current?.history;
    const rows = history?.rows ?? 0;
    const from = [0, this.column("train"), this.column("validation")];
    const positive = this.measure === "loss" && this.logScale;
    this.columns.forEach((column, c) => {
      column.length = rows;
      for (let r = 0; r < rows; r++) {
        const v = from[c]! < 0 ? NaN : history!.data[r * history!.columns.length + from[c]!]!;
        column[r] = Number.isFinite(v) && !(positive && c > 0 && v <= 0) ? v : (null as unknown as number);
      }
    });
    const { live } = this;
    if (!live) return;
    const metric = this.measure === "loss" ? "loss" : this.score;
    // A curve of a sample does not end in a figure of the whole part. Where the training part is sampled, so is the
    // validation part until the first epoch ends.
    const whole = history?.train_samples === this.summary?.counts.train;
    [live.epoch, whole ? live.train[metric] : NaN, whole || live.epoch >= 1 ? live.validation?.[metric] : NaN].forEach((v, c) => {
      this.columns[c]!.push(v !== undefined && Number.isFinite(v) && !(positive && c > 0 && v <= 0) ? v : (null as unknown as number));
    });
  }

  /** The chart's name says the newest figures, too. */
  private describe(metric: string): void {
    const [train, validation] = SPLITS.map((split) => this.renderRoot.querySelector(`#${split}`)!.textContent ?? "");
    this.say(".chart", this.t("view.curves.describe", { measure: this.t(`metric.${metric}`), train: train!, validation: validation! }), "aria-label");
  }

  /** Values at the cursor, else the newest. */
  private write(): void {
    const { history, metrics } = this.current ?? {};
    const row = this.cursor !== null && history && this.cursor < history.rows ? this.cursor : null;
    const read = (split: "train" | "validation", metric: string): number => {
      if (row === null) return metrics?.[split]?.[metric] ?? NaN;
      const c = this.column(split);
      return c < 0 ? NaN : history!.data[row * history!.columns.length + c]!;
    };
    const metric = this.measure === "loss" ? "loss" : this.score;
    for (const split of SPLITS) {
      const value = read(split, metric);
      const text = Number.isNaN(value) ? "–" : metric === "accuracy" ? this.percent(value, 1) : formatFigure(this.language, value);
      this.say(`#${split}`, text);
    }
    // The epoch of the figures, which the picture may be ahead of.
    const epoch = row === null ? (metrics ?? this.current)?.epoch : history!.data[row * history!.columns.length];
    if (row === null) this.describe(metric);
    this.say(".at", epoch === undefined ? ""
      : this.t("view.curves.epoch", { epoch: this.number(epoch < 10 ? Math.floor(epoch * 10 + 1e-3) / 10 : Math.floor(epoch + 1e-3)) }));
  }
}

define("np-curves-view", CurvesView);
