// Colours for canvases, read from the custom properties of style/tokens.css. No colour is written here.

export type Rgb = readonly [red: number, green: number, blue: number];

const CLASSES = 8;
/** Entries of a look-up table: odd, so that zero has an entry of its own. */
export const LUT_SIZE = 255;
/** How much of the full colour a map takes: small maps stand alone, points must stand out on the large one. */
const SMALL_STRENGTH = 0.8;
const LARGE_STRENGTH = 0.64;

const names = ["paper", "surface", "line", "ink", "soft", "faint", "accent", "blue", "orange", "zero", "point-ring"] as const;

export interface Palette {
  /** CSS colours by token name, resolved. */
  css: { [name in (typeof names)[number]]: string };
  /** Colours of two classes: orange for class 0, blue for class 1. `many` serves three classes and more. */
  pair: ClassColours;
  many: ClassColours;
  rgb: { [name in (typeof names)[number]]: Rgb };
  zero: Rgb;
  /** Little-endian RGBA words for values -1..1: orange, zero, blue. */
  small: Uint32Array;
  large: Uint32Array;
  /** As `large`, by sign alone. */
  largeSteps: Uint32Array;
  largeStrength: number;
  font: string;
}

export interface ClassColours {
  css: string[];
  /** Stronger than the map's tint, so that points stand out on it. */
  point: string[];
  rgb: Rgb[];
  /** Tables for -1..1 of which only 0..1 is used: zero to the class colour. */
  small: Uint32Array[];
  large: Uint32Array[];
}

export function classColours(palette: Palette, classes: number): ClassColours {
  return classes > 2 ? palette.many : palette.pair;
}

const DATA = /^(blue|orange|zero|class|point)/;

/** What was read last in each shadow root, and under which scheme: thirty pictures share it. */
const known = new WeakMap<Node, { scheme: string | null; palette: Palette }>();

/** The tokens as they apply to `host` and what stands beside it. Read once per scheme: it costs style recalculations. */
export function readPalette(host: HTMLElement): Palette {
  const root = host.getRootNode();
  const scheme = (root as Partial<ShadowRoot>).host?.getAttribute("data-scheme") ?? null;
  const before = known.get(root);
  if (before && scheme !== null && before.scheme === scheme) return before.palette;
  const palette = read(host);
  known.set(root, { scheme, palette });
  return palette;
}

function read(host: HTMLElement): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  (host.shadowRoot ?? host).append(probe);
  const style = getComputedStyle(probe);
  const resolve = (name: string): Rgb => {
    // Where the system forces its own colours on text and lines, those of the data stay: they are the picture.
    probe.style.setProperty("forced-color-adjust", DATA.test(name) ? "none" : "auto");
    probe.style.color = `var(--${name})`;
    return parse(style.color);
  };
  const rgb = Object.fromEntries(names.map((name) => [name, resolve(name)])) as { [name in (typeof names)[number]]: Rgb };
  const classes = Array.from({ length: CLASSES }, (_, k) => resolve(`class-${k}`));
  const points = [resolve("orange-ink"), resolve("blue-ink")];
  const font = style.fontFamily;
  probe.remove();
  const { zero, orange, blue, ink } = rgb;
  return {
    css: Object.fromEntries(names.map((name) => [name, css(rgb[name])])) as Palette["css"],
    pair: classTable([orange, blue], points, zero),
    many: classTable(
      classes,
      classes.map((c) => mix(c, ink, 0.28)),
      zero,
    ),
    rgb,
    zero,
    font,
    small: diverging(orange, zero, blue, (v) => v * SMALL_STRENGTH),
    large: diverging(orange, zero, blue, (v) => v * LARGE_STRENGTH),
    largeSteps: diverging(orange, zero, blue, () => LARGE_STRENGTH),
    largeStrength: LARGE_STRENGTH,
  };
}

function classTable(colours: Rgb[], points: Rgb[], zero: Rgb): ClassColours {
  return {
    css: colours.map(css),
    point: points.map(css),
    rgb: colours,
    small: colours.map((c) => diverging(zero, zero, c, (v) => v * SMALL_STRENGTH)),
    large: colours.map((c) => diverging(zero, zero, c, (v) => v * LARGE_STRENGTH)),
  };
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

export function css(colour: Rgb): string {
  return `rgb(${Math.round(colour[0])} ${Math.round(colour[1])} ${Math.round(colour[2])})`;
}

export function word(r: number, g: number, b: number): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Computed colours are `rgb(...)`, or `color(srgb ...)` with shares when a token is mixed. */
function parse(text: string): Rgb {
  const parts = (text.match(/-?[\d.]+(?:e-?\d+)?/g) ?? ["0", "0", "0"]).map(Number);
  const scale = text.startsWith("color(") ? 255 : 1;
  return [parts[0]! * scale, parts[1]! * scale, parts[2]! * scale];
}

/** Entry i stands for the value v = -1..1; `strength` gives the share of the full colour for |v|. */
function diverging(negative: Rgb, zero: Rgb, positive: Rgb, strength: (magnitude: number) => number): Uint32Array {
  const table = new Uint32Array(LUT_SIZE);
  for (let i = 0; i < LUT_SIZE; i++) {
    const v = (i / (LUT_SIZE - 1)) * 2 - 1;
    table[i] = word(...mix(zero, v < 0 ? negative : positive, strength(Math.abs(v))));
  }
  return table;
}
