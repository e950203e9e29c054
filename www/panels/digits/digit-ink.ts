// Strokes drawn by a visitor become 28 x 28 pixels as MNIST's are: the ink scaled into a 20 x 20 box with its shape
// kept, its centre of mass in the middle of the picture, edges anti-aliased (LeCun, Cortes, Burges: THE MNIST DATABASE).
// Strokes are kept as lines, so that a small drawing gets the same pen as a large one.

/** Coordinates run 0..28 from the top left. x and y alternate. */
export type Stroke = number[];

export const SIDE = 28;
const BOX = 20;
/** Width of the pen: gives about the mean ink of MNIST's training digits, 0.13 of the picture. */
export const PEN = 2.7;
const SAMPLES = 4;
/** A dot is not blown up to a full digit. */
const MOST_SCALE = 5;

const fine = SIDE * SAMPLES;
let context: CanvasRenderingContext2D | null = null;

/** 784 values from 0 (paper) to 1 (ink), rows from the top; null without ink. */
export function inkPixels(strokes: readonly Stroke[]): Float32Array | null {
  const box = bounds(strokes);
  if (!box) return null;
  const scale = Math.min(MOST_SCALE, (BOX - PEN) / Math.max(box.width, box.height, 1e-6));
  const x = SIDE / 2 - scale * (box.left + box.width / 2);
  const y = SIDE / 2 - scale * (box.top + box.height / 2);
  const [dx, dy] = offset(render(strokes, scale, x, y));
  return shrink(render(strokes, scale, x + dx, y + dy));
}

function bounds(strokes: readonly Stroke[]): { left: number; top: number; width: number; height: number } | null {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const stroke of strokes)
    for (let i = 0; i < stroke.length; i += 2) {
      left = Math.min(left, stroke[i]!);
      right = Math.max(right, stroke[i]!);
      top = Math.min(top, stroke[i + 1]!);
      bottom = Math.max(bottom, stroke[i + 1]!);
    }
  return left === Infinity ? null : { left, top, width: right - left, height: bottom - top };
}

/** Adds every stroke to the path of `target`; a stroke of one point is a dot. */
export function trace(target: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  target.lineCap = "round";
  target.lineJoin = "round";
  target.beginPath();
  for (const stroke of strokes) {
    target.moveTo(stroke[0]!, stroke[1]!);
    for (let i = 2; i + 3 < stroke.length; i += 2) {
      target.quadraticCurveTo(
        stroke[i]!,
        stroke[i + 1]!,
        (stroke[i]! + stroke[i + 2]!) / 2,
        (stroke[i + 1]! + stroke[i + 3]!) / 2,
      );
    }
    const [x, y] = stroke.slice(-2) as [number, number];
    target.lineTo(x + (stroke.length === 2 ? 0.01 : 0), y);
  }
  target.stroke();
}

function render(strokes: readonly Stroke[], scale: number, x: number, y: number): Uint8ClampedArray {
  if (!context) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = fine;
    context = canvas.getContext("2d", { willReadFrequently: true })!;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, fine, fine);
  context.setTransform(scale * SAMPLES, 0, 0, scale * SAMPLES, x * SAMPLES, y * SAMPLES);
  context.lineWidth = PEN / scale;
  trace(context, strokes);
  return context.getImageData(0, 0, fine, fine).data;
}

/** What moves the centre of mass to the middle, without moving ink out of the picture. */
function offset(alpha: Uint8ClampedArray): [number, number] {
  let mass = 0;
  let mx = 0;
  let my = 0;
  for (let i = 0; i < fine * fine; i++) {
    const a = alpha[i * 4 + 3]!;
    mass += a;
    mx += a * (i % fine);
    my += a * Math.floor(i / fine);
  }
  const most = (SIDE - BOX) / 2;
  const clamp = (v: number) => Math.max(-most, Math.min(most, v));
  return [clamp(SIDE / 2 - (mx / mass + 0.5) / SAMPLES), clamp(SIDE / 2 - (my / mass + 0.5) / SAMPLES)];
}

function shrink(alpha: Uint8ClampedArray): Float32Array {
  const pixels = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < fine * fine; i++) {
    const row = Math.floor(Math.floor(i / fine) / SAMPLES);
    pixels[row * SIDE + Math.floor((i % fine) / SAMPLES)]! += alpha[i * 4 + 3]! / (255 * SAMPLES * SAMPLES);
  }
  return pixels;
}
