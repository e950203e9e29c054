// What every drawing view shares: its words, its palette, its size, and drawing at most once an animation frame.
// Views get data by properties and say what the visitor wants by events (events.ts); they know no store and no engine.
import { effect } from "@preact/signals-core";
import { LitElement, type PropertyDeclarations, type PropertyValues } from "lit";
import type { ControlState } from "../state/control-policy.js";
import { density } from "../canvas/density.js";
import { signed } from "../i18n/speech.js";
import { readPalette, type Palette } from "../canvas/palette.js";

/** Looks up a word by its key and fills in `{name}` placeholders. */
export type Translate = (key: string, values?: { [name: string]: string | number }) => string;
export type Theme = "light" | "dark";

/** Base of the views that draw on canvases.
 *
 *  A frame arrives up to sixty times a second, so `frame` is a plain accessor that asks for a redraw and not for a Lit
 *  update: the template is only rendered again when the structure changes. */
export abstract class DrawnView extends LitElement {
  static override properties: PropertyDeclarations = {
    t: { attribute: false },
    theme: { type: String },
    language: { type: String },
  };
  declare t: Translate;
  declare theme: Theme;
  declare language: string;

  /** Size of the host's content box in CSS pixels; 0 until it is laid out. */
  protected width = 0;
  protected height = 0;
  private pending = 0;
  private observer: ResizeObserver | null = null;
  private stopDensity = (): void => {};
  private paletteNow: Palette | null = null;
  private paletteTheme = "";
  private numberFormats = new Map<string, Intl.NumberFormat>();

  constructor() {
    super();
    this.t = (key) => key;
    this.theme = "light";
    this.language = "en";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width === this.width && height === this.height) return;
      // What follows changes sizes in its turn: not while they are being told, which the window would report as an error.
      requestAnimationFrame(() => {
        if (!this.isConnected) return;
        this.width = width;
        this.height = height;
        this.resized();
        this.redraw();
      });
    });
    this.observer.observe(this);
    // What came meanwhile was not drawn, nor was it on another screen.
    this.stopDensity = effect(() => {
      density.value;
      this.resized();
      this.redraw();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.stopDensity();
    cancelAnimationFrame(this.pending);
    this.pending = 0;
  }

  protected override updated(_changed: PropertyValues): void {
    this.redraw();
  }

  /** The colours of the current theme, read from the tokens once per theme. */
  protected get palette(): Palette {
    if (!this.paletteNow || this.paletteTheme !== this.theme) {
      this.paletteNow = readPalette(this);
      this.paletteTheme = this.theme;
    }
    return this.paletteNow;
  }

  /** The name of a control, and that it cannot be used where the embedding page has locked it. */
  protected named(name: string, state: ControlState): string {
    return state === "locked" ? this.t("ui.locked_name", { name }) : name;
  }

  /** A number in the visitor's language, with a true minus sign. */
  number(value: number, options: Intl.NumberFormatOptions = {}): string {
    const key = this.language + JSON.stringify(options);
    let format = this.numberFormats.get(key);
    if (!format) this.numberFormats.set(key, (format = new Intl.NumberFormat(this.language, options)));
    const text = signed(format.format(value));
    return options.notation === "scientific" ? text.replace("E", "e") : text;
  }

  /** A share as a percentage: `93.0%`. */
  protected percent(share: number, digits = 0): string {
    return this.number(share, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** Draws on the next animation frame, however often it is asked. */
  protected redraw(): void {
    if (this.pending || !this.isConnected) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      if (this.hasUpdated) this.draw();
    });
  }

  /** Writes text, or an attribute, where it differs: what is written again is laid out again. */
  protected say(selector: string, text: string, attribute?: string): void {
    const element = this.renderRoot.querySelector(selector);
    if (!element || (attribute ? element.getAttribute(attribute) : element.textContent) === text) return;
    if (attribute) element.setAttribute(attribute, text);
    else element.textContent = text;
  }

  protected readonly again = (): void => this.redraw();

  protected send<T>(name: string, detail: T): void {
    // Out of a view inside a view, and never out of the playground: to the page around these names mean nothing.
    const { host } = this.getRootNode() as ShadowRoot;
    this.dispatchEvent(new CustomEvent<T>(name, { detail, bubbles: true, composed: host instanceof DrawnView }));
  }

  protected resized(): void {}
  protected abstract draw(): void;
}
