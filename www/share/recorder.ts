/** A 2-D drawing context that writes SVG: the views draw on it what they draw on a canvas. Pictures become embedded images. */

interface State {
  fillStyle: string; strokeStyle: string; lineWidth: number; globalAlpha: number; lineCap: string; lineJoin: string; font: string;
  textAlign: string; textBaseline: string; dash: number[]; lineDashOffset: number; shift: [number, number]; size: [number, number]; clips: number;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const short = (value: number): string => String(Math.round(value * 100) / 100);
const ANCHORS: Record<string, string> = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
const BASELINES: Record<string, string> = { top: "hanging", hanging: "hanging", middle: "central", bottom: "text-after-edge", alphabetic: "auto" };
let clipCount = 0;

/** What the views use of `CanvasRenderingContext2D`; anything else does nothing. */
export class Recorder {
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  globalAlpha = 1;
  lineCap = "butt";
  lineJoin = "miter";
  font = "10px sans-serif";
  textAlign = "start";
  textBaseline = "alphabetic";
  lineDashOffset = 0;
  imageSmoothingEnabled = true;
  imageSmoothingQuality = "high";
  globalCompositeOperation = "source-over";
  readonly parts: string[] = [];
  #path = "";
  #dash: number[] = [];
  #shift: [number, number] = [0, 0];
  #size: [number, number] = [1, 1];
  #clips = 0;
  readonly #stack: State[] = [];

  constructor(readonly canvas: HTMLCanvasElement) {}

  /** What was drawn, with every group closed. */
  toString(): string {
    return this.parts.join("") + "</g>".repeat(this.#clips);
  }

  #at(x: number, y: number): string {
    return `${short(x * this.#size[0] + this.#shift[0])} ${short(y * this.#size[1] + this.#shift[1])}`;
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, lineCap, lineJoin, font, textAlign, textBaseline, lineDashOffset } = this;
    this.#stack.push({
      fillStyle, strokeStyle, lineWidth, globalAlpha, lineCap, lineJoin, font, textAlign, textBaseline, lineDashOffset,
      dash: this.#dash, shift: [...this.#shift], size: [...this.#size], clips: this.#clips,
    });
  }

  restore(): void {
    const state = this.#stack.pop();
    if (!state) return;
    const { dash, shift, size, clips, ...rest } = state;
    Object.assign(this, rest);
    [this.#dash, this.#shift, this.#size] = [dash, shift, size];
    this.parts.push("</g>".repeat(this.#clips - clips));
    this.#clips = clips;
  }

  /** The views set the resolution of the screen by it: here units are CSS pixels. */
  setTransform(): void {
    this.#shift = [0, 0];
    this.#size = [1, 1];
  }

  resetTransform(): void { this.setTransform(); }

  translate(x: number, y: number): void {
    this.#shift = [this.#shift[0] + x * this.#size[0], this.#shift[1] + y * this.#size[1]];
  }

  scale(x: number, y: number): void {
    this.#size = [this.#size[0] * x, this.#size[1] * y];
  }

  setLineDash(dash: number[]): void { this.#dash = dash; }
  getLineDash(): number[] { return this.#dash; }

  /** Views clear all before they draw; what stands there goes. */
  clearRect(): void {
    if (this.#stack.length > 0) return;
    this.parts.length = 0;
    this.#clips = 0;
  }

  beginPath(): void { this.#path = ""; }
  closePath(): void { this.#path += "Z"; }
  moveTo(x: number, y: number): void { this.#path += `M${this.#at(x, y)}`; }
  lineTo(x: number, y: number): void { this.#path += `${this.#path ? "L" : "M"}${this.#at(x, y)}`; }

  bezierCurveTo(a: number, b: number, c: number, d: number, x: number, y: number): void {
    this.#path += `C${this.#at(a, b)} ${this.#at(c, d)} ${this.#at(x, y)}`;
  }

  quadraticCurveTo(a: number, b: number, x: number, y: number): void { this.#path += `Q${this.#at(a, b)} ${this.#at(x, y)}`; }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${this.#at(x, y)}L${this.#at(x + width, y)}L${this.#at(x + width, y + height)}L${this.#at(x, y + height)}Z`;
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number | number[] = 0): void {
    const r = Math.min(Array.isArray(radius) ? radius[0] ?? 0 : radius, width / 2, height / 2);
    const corner = (toX: number, toY: number): string => `A${short(r * this.#size[0])} ${short(r * this.#size[1])} 0 0 1 ${this.#at(toX, toY)}`;
    this.#path += `M${this.#at(x + r, y)}L${this.#at(x + width - r, y)}${corner(x + width, y + r)}L${this.#at(x + width, y + height - r)}${corner(x + width - r, y + height)}` +
      `L${this.#at(x + r, y + height)}${corner(x, y + height - r)}L${this.#at(x, y + r)}${corner(x + r, y)}Z`;
  }

  arc(x: number, y: number, r: number, from: number, to: number, counter = false): void {
    this.ellipse(x, y, r, r, 0, from, to, counter);
  }

  ellipse(x: number, y: number, rx: number, ry: number, _turn: number, from: number, to: number, counter = false): void {
    const point = (angle: number): string => this.#at(x + rx * Math.cos(angle), y + ry * Math.sin(angle));
    const radii = `${short(rx * this.#size[0])} ${short(ry * this.#size[1])}`;
    const sweep = counter ? 0 : 1;
    const start = `${this.#path ? "L" : "M"}${point(from)}`;
    // A whole turn has no end to point at: two halves.
    if (Math.abs(to - from) >= 2 * Math.PI - 1e-9) {
      this.#path += `M${point(from)}A${radii} 0 1 ${sweep} ${point(from + Math.PI)}A${radii} 0 1 ${sweep} ${point(from)}Z`;
    } else {
      const large = Math.abs(to - from) > Math.PI ? 1 : 0;
      this.#path += `${start}A${radii} 0 ${large} ${sweep} ${point(to)}`;
    }
  }

  #draw(path: string, attributes: string): void {
    if (!path) return;
    const alpha = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    this.parts.push(`<path d="${path}" ${attributes}${alpha}/>`);
  }

  fill(rule: CanvasFillRule = "nonzero"): void { this.#draw(this.#path, `fill="${escaped(String(this.fillStyle))}"${rule === "evenodd" ? ' fill-rule="evenodd"' : ""}`); }

  stroke(): void {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(" ")}" stroke-dashoffset="${short(this.lineDashOffset)}"` : "";
    this.#draw(this.#path, `fill="none" stroke="${escaped(String(this.strokeStyle))}" stroke-width="${short(this.lineWidth * this.#size[0])}" stroke-linecap="${this.lineCap}" stroke-linejoin="${this.lineJoin}"${dash}`);
  }

  fillRect(x: number, y: number, width: number, height: number): void { this.#aside(() => { this.rect(x, y, width, height); this.fill(); }); }
  strokeRect(x: number, y: number, width: number, height: number): void { this.#aside(() => { this.rect(x, y, width, height); this.stroke(); }); }

  #aside(draw: () => void): void {
    const path = this.#path;
    this.#path = "";
    draw();
    this.#path = path;
  }

  clip(): void {
    const id = `np-clip-${++clipCount}`;
    this.parts.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath><g clip-path="url(#${id})">`);
    this.#clips += 1;
  }

  fillText(text: string, x: number, y: number): void {
    const [left, top] = this.#at(x, y).split(" ");
    const alpha = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    this.parts.push(`<text x="${left}" y="${top}" style="font: ${escaped(this.font)}" fill="${escaped(String(this.fillStyle))}" text-anchor="${ANCHORS[this.textAlign] ?? "start"}" dominant-baseline="${BASELINES[this.textBaseline] ?? "auto"}"${alpha}>${escaped(text)}</text>`);
  }

  strokeText(): void {}

  measureText(text: string): TextMetrics {
    const context = document.createElement("canvas").getContext("2d")!;
    context.font = this.font;
    return context.measureText(text);
  }

  drawImage(source: HTMLCanvasElement, ...at: number[]): void {
    const [sx = 0, sy = 0, sw = source.width, sh = source.height] = at.length === 8 ? at : [];
    const [x = 0, y = 0, width = sw, height = sh] = at.length === 8 ? at.slice(4) : at;
    if (sw < 1 || sh < 1) return;
    const piece = document.createElement("canvas");
    piece.width = Math.round(sw);
    piece.height = Math.round(sh);
    piece.getContext("2d")!.drawImage(source, sx, sy, sw, sh, 0, 0, piece.width, piece.height);
    const [left, top] = this.#at(x, y).split(" ");
    const alpha = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    const rendering = this.imageSmoothingEnabled ? "" : ' style="image-rendering: pixelated"';
    this.parts.push(`<image x="${left}" y="${top}" width="${short(width * this.#size[0])}" height="${short(height * this.#size[1])}" preserveAspectRatio="none"${rendering}${alpha} href="${piece.toDataURL("image/png")}"/>`);
  }
}
