// A pad on which the visitor draws a digit; what the network says of it, live.
import { css, html, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { shareOn } from "../../canvas/pointer.js";
import type { Frame } from "../../engine/types.js";
import { fit, Raster } from "../../canvas/canvas.js";
import { inkPixels, PEN, SIDE, trace, type Stroke } from "./digit-ink.js";
import { DrawnView } from "../../ui/drawn-view.js";
import { mix, word, type Palette } from "../../canvas/palette.js";

export type Predict = (pixels: Float32Array) => Promise<ArrayLike<number>>;

/** Milliseconds between questions about the drawn digit while the network trains. */
const REFRESH = 300;
/** A point nearer than this to the one before adds nothing. */
const LEAST_MOVE = 0.25;

export class DrawingPad extends DrawnView {
  static override properties: PropertyDeclarations = { predict: { attribute: false }, said: { state: true } };
  declare predict: Predict | null;
  /** Probabilities of the ten digits; null while nothing is drawn. */
  declare private said: ArrayLike<number> | null;
  private strokes: Stroke[] = [];
  private pointer: number | null = null;
  /** Where the keyboard's pen stands, and whether it writes. */
  private pen = { x: 14, y: 14, down: false, shown: false };
  private pixels: Float32Array | null = null;
  private readonly preview = new Raster();
  private current: Pick<Frame, "run" | "step"> | null = null;
  private refreshedAt = -Infinity;
  private asking = false;
  private askAgain = false;

  static override styles = css`
    :host {
      display: grid; grid-template-columns: minmax(140px, 196px) minmax(130px, 1fr); gap: 12px 20px; align-items: start;
      color: var(--ink); font: var(--text-s)/1.4 var(--sans);
    }
    .pad {
      display: block; width: 100%; aspect-ratio: 1; border: 1px solid var(--line); border-radius: var(--radius-l);
      background: var(--surface); touch-action: none; cursor: crosshair;
    }
    .pad:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .under {
      display: grid; grid-template-columns: 42px 1fr auto; align-items: center; gap: 8px; margin-top: 8px;
      color: var(--faint); font-size: var(--text-xs);
    }
    .seen { width: 40px; height: 40px; border-radius: 4px; border: 1px solid var(--line); image-rendering: pixelated; }
    button {
      font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--line);
      border-radius: var(--radius); min-height: var(--hit, 32px); padding: 0 14px; cursor: pointer;
    }
    ol { list-style: none; margin: 0; padding: 0; font-variant-numeric: tabular-nums; }
    li { display: grid; grid-template-columns: 14px 1fr 54px; gap: 8px; align-items: center; height: 19.6px; color: var(--soft); }
    li i { height: 10px; border-radius: 3px; background: var(--line); overflow: hidden; }
    li i::after {
      content: ""; display: block; height: 100%; width: 100%; background: var(--soft); opacity: 0.55;
      transform: scaleX(var(--share)); transform-origin: left;
    }
    li.best { color: var(--ink); font-weight: 650; }
    li.best i::after { background: var(--accent); opacity: 1; }
    li span { text-align: right; white-space: nowrap; }
    .help { grid-column: 1 / -1; margin: 0; color: var(--faint); }
    .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  `;

  constructor() {
    super();
    this.predict = null;
    this.said = null;
  }

  /** Only tells that the weights have changed: the network is then asked again. */
  get frame(): Pick<Frame, "run" | "step"> | null {
    return this.current;
  }
  set frame(frame: Pick<Frame, "run" | "step"> | null) {
    const moved = frame?.step !== this.current?.step || frame?.run !== this.current?.run;
    this.current = frame;
    const now = performance.now();
    if (!moved || !this.pixels || (now - this.refreshedAt < REFRESH && frame?.step !== 0)) return;
    this.refreshedAt = now;
    void this.ask();
  }

  override render(): TemplateResult {
    const { t, said } = this;
    let best = -1;
    if (said) for (let k = 0; k < said.length; k++) if (best < 0 || said[k]! > said[best]!) best = k;
    return html`
      <div>
        <canvas class="pad" tabindex="0" role="application" aria-label=${t("view.pad.label")} aria-describedby="help"
          @pointerdown=${this.start} @pointermove=${this.draws} @pointerup=${this.end} @pointercancel=${this.end} @lostpointercapture=${this.end}
          @keydown=${this.key} @blur=${this.left}></canvas>
        <div class="under"><canvas class="seen" width="28" height="28" role="img"
          aria-label=${t("view.pad.seen")}></canvas><span>${t("view.pad.seen")}</span>
          <button @click=${this.clear}>${t("view.pad.clear")}</button></div>
      </div>
      <ol aria-label=${t("view.pad.probabilities")}>${Array.from(
        { length: 10 },
        (_, k) => html`
        <li class=${k === best ? "best" : ""}><b>${k}</b><i
          .style=${`--share:${said?.[k] ?? 0}`}></i><span>${said ? this.percent(said[k]!, 1) : ""}</span></li>`,
      )}</ol>
      <p class="help" id="help">${t("view.pad.help")}</p>
      <div class="quiet"
        aria-live="polite">${best >= 0 ? t("view.pad.says", { digit: best, share: this.percent(said![best]!) }) : ""}</div>`;
  }

  private at(event: PointerEvent): [number, number] {
    const { x, y } = shareOn(this.renderRoot.querySelector<HTMLElement>(".pad")!, event);
    return [x * SIDE, y * SIDE];
  }
  private start(event: PointerEvent): void {
    const pad = event.target as Element;
    // A stroke whose end never came is over.
    if (event.button !== 0 || (this.pointer !== null && this.pointer !== event.pointerId && pad.hasPointerCapture(this.pointer))) return;
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.strokes.push([...this.at(event)]);
    this.pen.shown = false;
    this.changed();
  }
  private draws(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const e of events.length ? events : [event]) this.extend(...this.at(e));
    this.changed();
  }
  private extend(x: number, y: number): void {
    const stroke = this.strokes[this.strokes.length - 1]!;
    const n = stroke.length;
    if (Math.hypot(x - stroke[n - 2]!, y - stroke[n - 1]!) >= LEAST_MOVE) stroke.push(x, y);
  }
  private end(event: PointerEvent): void {
    if (event.pointerId === this.pointer) this.pointer = null;
  }

  /** Arrows move the pen, Space sets it down and lifts it, Delete clears. */
  private key(event: KeyboardEvent): void {
    const { pen } = this;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (move) {
      pen.x = Math.max(1, Math.min(SIDE - 1, pen.x + move[0]!));
      pen.y = Math.max(1, Math.min(SIDE - 1, pen.y + move[1]!));
      if (pen.down) this.extend(pen.x, pen.y);
    } else if (event.key === " " || event.key === "Enter") {
      pen.down = !pen.down;
      if (pen.down) this.strokes.push([pen.x, pen.y]);
    } else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
    pen.shown = true;
    this.changed();
  }
  private left(): void {
    this.pen.down = this.pen.shown = false;
    this.redraw();
  }
  private clear(): void {
    this.strokes = [];
    this.pen.down = false;
    this.changed();
  }

  private changed(): void {
    this.pixels = inkPixels(this.strokes);
    this.send("draw-digit", { pixels: this.pixels });
    this.redraw();
    void this.ask();
  }

  /** One question under way at a time; the newest drawing is asked about last. */
  private async ask(): Promise<void> {
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    do {
      this.askAgain = false;
      const { pixels, predict } = this;
      if (!pixels || !predict) {
        this.said = null;
        break;
      }
      try {
        const said = await predict(pixels);
        this.said = this.pixels ? said : null;
      } catch {
        // The network was replaced meanwhile (another data set): there is nothing to say.
        this.said = null;
      }
    } while (this.askAgain);
    this.asking = false;
  }

  protected override draw(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(".pad")!;
    const side = canvas.clientWidth;
    if (side === 0) return;
    const { palette, pen } = this;
    const context = fit(canvas, side, side);
    context.clearRect(0, 0, side, side);
    context.save();
    context.scale(side / SIDE, side / SIDE);
    if (this.strokes.length === 0) guide(context, palette);
    context.lineWidth = PEN * 0.9;
    context.strokeStyle = palette.css.ink;
    trace(context, this.strokes);
    if (pen.shown) {
      context.beginPath();
      context.arc(pen.x, pen.y, PEN / 2, 0, 2 * Math.PI);
      context.lineWidth = 0.35;
      context.strokeStyle = palette.css.accent;
      context.stroke();
      if (pen.down) {
        context.fillStyle = palette.css.accent;
        context.fill();
      }
    }
    context.restore();
    this.renderRoot
      .querySelector<HTMLCanvasElement>(".seen")!
      .getContext("2d")!
      .drawImage(picture(this.preview, this.pixels, 1, palette), 0, 0);
  }
}

function guide(context: CanvasRenderingContext2D, palette: Palette): void {
  context.strokeStyle = palette.css.line;
  context.lineWidth = 0.15;
  context.setLineDash([0.6, 0.6]);
  context.strokeRect(4, 4, 20, 20);
  context.setLineDash([]);
}

/** Paints 28 x 28 ink values of 0..`full` in the page's ink on its surface. */
export function picture(raster: Raster, values: ArrayLike<number> | null, full: number, palette: Palette): HTMLCanvasElement {
  const pixels = raster.pixels(SIDE, SIDE);
  const { surface, ink } = palette.rgb;
  for (let i = 0; i < SIDE * SIDE; i++) pixels[i] = word(...mix(surface, ink, values ? values[i]! / full : 0));
  return raster.commit();
}

define("np-drawing-pad", DrawingPad);
