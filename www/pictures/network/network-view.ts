// The network, left to right as data flows: one column a layer, one live map a neuron, links between them.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { define } from "../../ui/define.js";
import type { Catalog, Config, Frame, ModelSummary, Points } from "../../engine/types.js";
import { fit } from "../../canvas/canvas.js";
import { pointOn } from "../../canvas/pointer.js";
import { DrawnView } from "../../ui/drawn-view.js";
import { lazy } from "../../ui/lazy.js";
import type { ControlId, ControlState, Unit } from "../../ui/events.js";
import { cardPlace } from "./card-place.js";
import { columnHeader } from "./network-header.js";
import { layOut, neighbour, type Layout } from "./network-layout.js";
import { drawLinks, FULL } from "./network-links.js";
import { drawMaps } from "./network-maps.js";
import { fits, nearestBias, parameterName, parameterUnder, placeOf, valueOf, type Link, type Parameter } from "./network-probe.js";
import { networkStyle } from "./network-style.js";
import { same, units } from "./network-units.js";
import { largest, spanOf } from "../../canvas/scale.js";
import { heading } from "../../ui/styles.js";

const cards = lazy(() => import("./parameter-card.js"));
const still = typeof matchMedia === "function" ? matchMedia("(prefers-reduced-motion: reduce)") : null;

const NOTHING = { maps: null, weights: null };
/** Nearer to the upper edge than this a reading hangs below the pointer. */
const READING_ROOM = 76;
const DECIMALS = { minimumFractionDigits: 3, maximumFractionDigits: 3 };

export class NetworkView extends DrawnView {
  static override properties: PropertyDeclarations = {
    catalog: { attribute: false },
    config: { attribute: false },
    summary: { attribute: false },
    points: { attribute: false },
    selection: { attribute: false },
    hovered: { attribute: false },
    playing: { type: Boolean },
    parameter: { attribute: false },
    gradients: { type: Boolean },
    control: { attribute: false },
    link: { state: true },
  };
  declare catalog: Catalog | null;
  declare config: Config | null;
  declare summary: ModelSummary | null;
  /** For the scale of a regression's output; may be left out. */
  declare points: Points | null;
  declare selection: Unit | null;
  declare hovered: Unit | null;
  declare playing: boolean;
  /** The weight or bias in hand: its card is open. */
  declare parameter: Parameter | null;
  /** Links show the loss's gradient and not the weight. */
  declare gradients: boolean;
  /** Whether a control is shown, locked or hidden, by its id. */
  declare control: (id: ControlId) => ControlState;
  /** The weight or bias under the pointer. */
  declare private link: Link | null;
  static override styles = [heading, networkStyle];

  private current: Frame | null = null;
  private layout: Layout | null = null;
  /** The neuron that Tab reaches. */
  private roving: Unit = { layer: 0, unit: 0 };
  private pressedBy = "";

  constructor() {
    super();
    this.catalog = this.config = this.summary = this.points = this.selection = this.hovered = null;
    this.link = this.parameter = null;
    this.playing = this.gradients = false;
    this.control = () => "shown";
  }

  get frame(): Frame | null { return this.current; }
  set frame(frame: Frame | null) {
    this.current = frame;
    this.redraw();
  }

  protected override resized(): void { this.requestUpdate(); }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.summary || this.width === 0) return;
    if (changed.has("summary")) this.link = null;
    if (changed.has("parameter") && this.parameter) {
      this.link = null;
      // Before it is defined an element keeps what it is given to itself.
      cards.want(() => this.requestUpdate());
    }
    this.layout = layOut(this.summary, this.width, this.catalog?.limits.drawn_units ?? 64);
    const { columns } = this.layout;
    if (!columns[this.roving.layer]?.cells.some((c) => c.unit === this.roving.unit))
      this.roving = { layer: 0, unit: columns[0]!.cells[0]!.unit };
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // A neuron that is removed under the pointer never says that the pointer left.
    const { hovered, summary } = this;
    if (hovered && summary && hovered.unit >= (summary.layers[hovered.layer]?.units ?? 0)) this.hover(null);
    this.scrolled();
    if (!this.parameter || !this.layout) return;
    if (!placeOf(this.layout, this.parameter)) this.send("choose-parameter", null);
    else requestAnimationFrame(this.placeCard);
  }

  override render(): TemplateResult {
    const { summary, layout, selection, hovered, roving, t } = this;
    if (!summary || !layout) return html`<header><h2>${t("view.network.title")}</h2></header><div class="picture waiting"></div>`;
    const count = (value: number) => this.number(value);
    const look = { summary, selection, hovered, roving, t, count };
    const gradients = this.control("gradients");
    return html`
      <header><h2>${t("view.network.title")}</h2><p>${t("view.network.caption", { parameters: count(summary.parameters), operations: count(summary.multiply_adds) })}</p>${
        this.isImage || gradients === "hidden"
          ? nothing
          : html`<label class="switch" title=${t("view.network.gradients_help")}><input type="checkbox" part="switch" data-testid="gradients" .checked=${this.gradients}
            ?disabled=${gradients === "locked"} aria-label=${this.named(t("view.network.gradients"), gradients)}
            @change=${(event: Event) => this.send("toggle-gradients", { on: (event.target as HTMLInputElement).checked })}>${t("view.network.gradients")}</label>`
      }</header>
      <div class="stage">
        <div class="scroll" @scroll=${this.scrolled}>
          <div class="sheet" .style=${`width:${layout.width}px`}>
            <div class="heads ${layout.compact ? "compact" : ""} ${layout.tight ? "tight" : ""}">${layout.columns.map((column) =>
              columnHeader(this, column, layout, (name, detail) => this.send(name, detail)),
            )}</div>
            <div class="picture" .style=${`height:${layout.height}px`} role="group" aria-label=${t("view.network.describe", { units: summary.layers.map(({ units }) => count(units)).join(" – ") })}
              @pointerdown=${(event: PointerEvent) => { this.pressedBy = event.pointerType; }} @pointerover=${this.over} @pointerout=${this.out} @focusin=${this.over} @focusout=${this.out}
              @click=${this.choose} @keydown=${this.move} @pointermove=${this.probe} @pointerleave=${() => { this.link = null; }}>
              <canvas></canvas>
              ${layout.columns.map((column) => units(column, look))}
              ${this.link && !this.parameter ? this.reading(this.link) : nothing}
            </div>
          </div>
        </div>
        ${this.parameter && this.control("weights") !== "hidden" && customElements.get("np-parameter-card")
            ? html`<np-parameter-card data-testid="parameter-card" .t=${t} .theme=${this.theme} .language=${this.language}
              .summary=${summary} .parameter=${this.parameter} .frame=${this.current} .locked=${this.control("weights") === "locked"}
              .withGradient=${!this.isImage} @close-card=${this.closeCard}></np-parameter-card>`
            : nothing
        }
      </div>`;
  }

  private get isImage(): boolean { return dataOf(this.summary).image; }
  private unitOf(event: Event): Unit | null {
    const { layer, unit } = (event.target as HTMLElement).dataset ?? {};
    return layer === undefined || unit === undefined ? null : { layer: Number(layer), unit: Number(unit) };
  }
  private over(event: Event): void {
    const unit = this.unitOf(event);
    if (!unit) return;
    if (event.type === "focusin" && !same(this.roving, unit.layer, unit.unit)) {
      this.roving = unit;
      this.requestUpdate();
    }
    this.hover(unit);
  }
  private out(event: Event): void { if (this.unitOf(event)) this.hover(null); }
  private hover(unit: Unit | null): void {
    if (this.isImage && unit?.layer === 0) return;
    this.send("hover-unit", unit);
  }
  /** What a pointer means: a bias's mark lies above its neuron, and both above the links. */
  private under(event: MouseEvent): Link | null {
    const { layout, current, summary } = this;
    // A key that presses a neuron points at nothing.
    if (!layout || !current?.weights || !fits(current, summary!) || event.detail === 0 && event.type === "click") return null;
    const { x, y } = pointOn(this.renderRoot.querySelector<HTMLElement>(".picture")!, event);
    const finger = this.isTouch(event);
    if (this.unitOf(event)) return nearestBias(layout, x, y, finger);
    return parameterUnder(layout, current.weights, this.isImage, x, y, finger);
  }
  private probe(event: PointerEvent): void {
    if (!this.isTouch(event)) this.link = this.under(event);
  }
  /** A click does not say everywhere what made it (iOS): the press before it did. */
  private isTouch(event: MouseEvent): boolean {
    return ((event as PointerEvent).pointerType || this.pressedBy) === "touch";
  }
  /** A name and a number while the pointer passes. */
  private reading(link: Link): TemplateResult {
    const left = Math.min(Math.max(link.x, 80), this.layout!.width - 80);
    return html`<div class="card ${link.y < READING_ROOM ? "below" : ""}" .style=${`left:${left}px;top:${link.y}px`}>
      <span>${parameterName(this.summary!, link, this.t)}</span><b .textContent=${this.readingText(link)}></b></div>`;
  }
  private readingText(link: Parameter): string {
    const value = valueOf(this.gradients ? this.current?.gradients : this.current?.weights, link);
    return value === null ? "\u2013" : this.number(value, this.gradients ? { maximumSignificantDigits: 3 } : DECIMALS);
  }

  /** Opens the card; what takes the focus there depends on what opened it. */
  private async openCard({ layer, unit, input }: Parameter, by: "keyboard" | "mouse" | "touch"): Promise<void> {
    if (this.control("weights") === "hidden") return;
    this.send("choose-parameter", { layer, unit, input });
    if (!(await cards.get().catch(() => null))) return;
    this.requestUpdate();
    await this.updateComplete;
    const card = this.renderRoot.querySelector("np-parameter-card");
    await card?.updateComplete;
    this.placeCard();
    card?.take(by);
    card?.scrollIntoView({ block: "nearest" });
  }
  private closeCard(event: Event): void {
    event.stopPropagation();
    const { layer, unit } = this.parameter ?? { layer: 0, unit: 0 };
    this.send("choose-parameter", null);
    this.renderRoot.querySelector<HTMLElement>(`[data-layer="${layer + 1}"][data-unit="${unit}"]`)?.focus({ preventScroll: true });
    this.hover(null);
  }
  /** Says at which edges there is more. */
  private scrolled = (): void => {
    const scroll = this.renderRoot.querySelector(".scroll");
    if (!scroll || !this.layout) return;
    const beyond = this.layout.width - this.width;
    const { classList } = scroll.parentElement!;
    classList.toggle("more-left", beyond > 1 && scroll.scrollLeft > 4);
    classList.toggle("more-right", beyond > 1 && scroll.scrollLeft < beyond - 4);
    this.placeCard();
  };
  /** Beside its parameter, and inside the picture: a picture that is scrolled would cut it off. */
  private placeCard = (): void => {
    const card = this.renderRoot.querySelector<HTMLElement>("np-parameter-card");
    if (!card || !this.parameter || !this.layout) return;
    const scroll = this.renderRoot.querySelector(".scroll")!;
    const { offsetTop } = this.renderRoot.querySelector<HTMLElement>(".picture")!;
    const view = { left: scroll.scrollLeft, top: -offsetTop, width: this.width, height: scroll.clientHeight };
    const place = cardPlace(this.layout, this.parameter, { width: card.offsetWidth, height: card.offsetHeight }, view);
    if (!place) return;
    card.style.left = `${place.left - scroll.scrollLeft}px`;
    card.style.top = `${place.top + offsetTop}px`;
  };

  private choose(event: PointerEvent): void {
    const unit = this.unitOf(event);
    const parameter = this.under(event);
    if (parameter) void this.openCard(parameter, this.isTouch(event) ? "touch" : "mouse");
    else if (unit) this.send("select-unit", same(this.selection, unit.layer, unit.unit) ? null : unit);
    else if (this.parameter) this.send("choose-parameter", null);
    else if (this.selection) this.send("select-unit", null);
  }
  private move(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.selection) {
      event.preventDefault();
      this.send("select-unit", null);
      return;
    }
    const { layer, unit } = this.roving;
    if (event.key === "w" && !event.ctrlKey && !event.metaKey && !event.altKey && layer > 0 && this.unitOf(event)) {
      event.preventDefault();
      event.stopPropagation();
      const input = this.isImage && layer === 1 ? null : 0;
      void this.openCard({ layer: layer - 1, unit, input }, "keyboard");
      return;
    }
    if (!event.key.startsWith("Arrow") || !this.layout) return;
    const next = neighbour(this.layout, this.roving.layer, this.roving.unit, event.key);
    event.preventDefault();
    event.stopPropagation();
    if (next) this.renderRoot.querySelector<HTMLElement>(`[data-layer="${next.layer}"][data-unit="${next.unit}"]`)?.focus();
  }

  protected override draw(): void {
    const { layout, summary, current } = this;
    const canvas = this.renderRoot.querySelector("canvas");
    if (!layout || !summary || !canvas) return;
    const context = fit(canvas, layout.width, layout.height);
    context.clearRect(0, 0, layout.width, layout.height);
    const { palette } = this;
    if (!current || !fits(current, this.summary!)) {
      // Until the first frame of a new network: its neurons, still empty.
      drawMaps(context, layout, NOTHING, { palette, summary, span: 1, held: null, again: this.again });
      return;
    }
    const moving = this.playing && !still?.matches;
    const shown = this.gradients && !this.isImage ? current.gradients : current.weights;
    const steepest = this.gradients ? (shown ?? []).reduce((top, { weight }) => largest(weight, 0, weight.length, top), 0) : 0;
    const held = this.parameter ?? this.link;
    if (shown && fits(current, this.summary!))
      drawLinks(context, layout, shown, {
        palette,
        full: this.gradients ? steepest || 1 : FULL,
        backward: this.gradients,
        focus: this.hovered ?? this.selection,
        link: held,
        digits: this.isImage,
        time: moving ? performance.now() / 1000 : null,
      });
    if (this.link) this.say(".card b", this.readingText(this.link));
    const card = this.renderRoot.querySelector<HTMLElement & { frame: Frame | null }>("np-parameter-card");
    if (card) card.frame = current;
    drawMaps(context, layout, current, { palette, summary, span: summary.task === "regression" ? spanOf(this.points) : 1, held, again: this.again });
  }
}

define("np-network-view", NetworkView);
