/** A panel, or several, as one SVG with its words; and that as PNG. */

import { scaleOf } from "../canvas/pointer.js";
import { drawCurves, type CurvesLook } from "./curves-picture.js";
import { Recorder } from "./recorder.js";

/** A view that draws on canvases in its shadow root (ui/drawn-view.ts). */
type Drawn = HTMLElement & { renderRoot: ShadowRoot; resized(): void; draw(): void; redraw(): void };

const MARGIN = 12;
/** Pixels of a PNG to a CSS pixel. */
const FINENESS = 2;
/** What belongs to the page and not to the picture. */
const CONTROLS = "select, option, style, button, label, input, .choice, .visually-hidden, .popover, .card";
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const short = (value: number): string => String(Math.round(value * 100) / 100);

/** A box of the window as it is in the picture: from its corner, and in the figure's own pixels, however large the page shows it. */
type Placing = (box: DOMRect) => DOMRect;

/** The SVG of views as they stand on the page, on the page's ground. */
export function toSvg(views: HTMLElement[], curves: (host: HTMLElement) => CurvesLook | null): string {
  const boxes = views.map((view) => view.getBoundingClientRect());
  const { across, down } = scaleOf(views[0]!);
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const placed: Placing = (box) => new DOMRect((box.left - left) / across + MARGIN, (box.top - top) / down + MARGIN, box.width / across, box.height / down);
  const width = Math.max(...boxes.map((box) => placed(box).right)) + MARGIN;
  const height = Math.max(...boxes.map((box) => placed(box).bottom)) + MARGIN;
  const ground = getComputedStyle(views[0]!).getPropertyValue("--paper").trim();
  const place = (box: DOMRect, content: string): string => `<g transform="translate(${short(placed(box).left)} ${short(placed(box).top)})">${content}</g>`;
  const body = (views as Drawn[]).map((view) => {
    const look = curves(view);
    const chart = view.renderRoot.querySelector(".chart");
    const drawn = look && chart
      ? place(chart.getBoundingClientRect(), curvesOf(look))
      : record(view).map(([canvas, content]) => place(canvas.getBoundingClientRect(), content)).join("");
    return drawn + words(view.renderRoot, placed) + icons(view.renderRoot, placed);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}">` +
    `<rect width="100%" height="100%" fill="${escaped(ground)}"/>${body.join("")}</svg>`;
}

function curvesOf(look: CurvesLook): string {
  const recorder = new Recorder(document.createElement("canvas"));
  drawCurves(recorder as unknown as CanvasRenderingContext2D, look);
  return recorder.toString();
}

/** Has the view draw once more, on recorders in place of its canvases. */
function record(view: Drawn): [HTMLCanvasElement, string][] {
  // A map in whose place another picture stands is not shown.
  const canvases = [...view.renderRoot.querySelectorAll("canvas")].filter((canvas) => canvas.getClientRects().length > 0);
  if (canvases.length === 0) return [];
  const recorders = canvases.map((canvas) => {
    const recorder = new Recorder(canvas);
    canvas.getContext = (() => recorder) as never;
    return recorder;
  });
  try {
    view.resized();
    view.draw();
  } finally {
    for (const canvas of canvases) delete (canvas as { getContext?: unknown }).getContext;
    view.resized();
    view.redraw();
  }
  return canvases.map((canvas, at) => {
    const recorder = recorders[at]!;
    // A canvas with a context of its own for good keeps to itself: it comes as it is.
    if (recorder.parts.length > 0 || canvas.width === 0) return [canvas, recorder.toString()];
    recorder.drawImage(canvas, 0, 0, canvas.offsetWidth, canvas.offsetHeight);
    return [canvas, recorder.toString()];
  });
}

/** Every word that is shown, where it stands. */
function words(root: ShadowRoot, placed: Placing): string {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const parts: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.textContent ?? "").replace(/[▾▸]/g, "").trim();
    const parent = node.parentElement;
    if (!text || !parent || parent.closest(CONTROLS) || parent.closest("svg, .chart")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(parent);
    if (box.width === 0 || style.visibility === "hidden") continue;
    const spacing = style.letterSpacing === "normal" ? "" : `; letter-spacing: ${style.letterSpacing}`;
    for (const line of linesOf(node as Text, placed)) {
      const shown = (style.textTransform === "uppercase" ? line.text.toUpperCase() : line.text).replace(/[▾▸]/g, "").trim();
      parts.push(`<text x="${short(line.left)}" y="${short(line.middle)}" fill="${style.color}" dominant-baseline="central" ` +
        `style="font: ${escaped(`${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`)}${spacing}">${escaped(shown)}</text>`);
    }
  }
  return parts.join("");
}

/** The lines that a text is broken into on the page. */
function linesOf(node: Text, placed: Placing): { text: string; left: number; middle: number }[] {
  const lines: { text: string; left: number; middle: number }[] = [];
  const range = document.createRange();
  for (let at = 0; at < node.data.length; at += 1) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const shown = range.getClientRects()[0];
    // Spaces at the ends take no room.
    if (!shown || shown.width === 0) continue;
    const box = placed(shown);
    const middle = box.top + box.height / 2;
    const last = lines.at(-1);
    if (last && Math.abs(last.middle - middle) < box.height / 2) last.text += node.data[at];
    else lines.push({ text: node.data[at]!, left: box.left, middle });
  }
  return lines;
}

/** The legend's marks: lines of the curves, the bar of a regression's colours, icons. */
function icons(root: ShadowRoot, placed: Placing): string {
  const lines = [...root.querySelectorAll<HTMLElement>("dt i")].map((mark) => {
    const box = placed(mark.getBoundingClientRect());
    const { borderTopColor, borderTopStyle } = getComputedStyle(mark);
    const y = short(box.top + box.height / 2);
    return `<path d="M${short(box.left)} ${y}h${short(box.width)}" stroke="${borderTopColor}" stroke-width="2"${borderTopStyle === "dashed" ? ' stroke-dasharray="5 4"' : ""}/>`;
  });
  const bars = [...root.querySelectorAll<HTMLElement>(".bar i")].map((bar) => {
    const box = placed(bar.getBoundingClientRect());
    const style = getComputedStyle(bar);
    const stops = ["orange", "zero", "blue"].map((name, at) => `<stop offset="${at / 2}" stop-color="${escaped(style.getPropertyValue(`--${name}`).trim())}"/>`);
    return `<linearGradient id="np-bar">${stops.join("")}</linearGradient><rect x="${short(box.left)}" y="${short(box.top)}" width="${short(box.width)}" height="${short(box.height)}" rx="4" fill="url(#np-bar)"/>`;
  });
  return lines.join("") + bars.join("") + [...root.querySelectorAll("svg")].filter((icon) => !icon.closest("button, label, .chart")).map((icon) => {
    const box = placed(icon.getBoundingClientRect());
    if (box.width === 0) return "";
    const copy = icon.cloneNode(true) as SVGElement;
    copy.setAttribute("x", short(box.left));
    copy.setAttribute("y", short(box.top));
    copy.setAttribute("width", short(box.width));
    copy.setAttribute("height", short(box.height));
    return new XMLSerializer().serializeToString(copy);
  }).join("");
}

/** The same picture in pixels. */
export async function toPng(svg: string): Promise<Blob> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(image.naturalWidth * FINENESS);
    canvas.height = Math.ceil(image.naturalHeight * FINENESS);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser made no PNG"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
