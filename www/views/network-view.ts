// The network, left to right as data flows: one column a layer, one live map a neuron, links between them.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { Catalog, Config, Frame, ModelSummary, Points } from "../engine/types.js";
import { fit } from "./canvas.js";
import { DrawnView } from "./drawn-view.js";
import type { Unit } from "./events.js";
import { columnHeader } from "./network-header.js";
import { layOut, neighbour, type Layout } from "./network-layout.js";
import { drawLinks } from "./network-links.js";
import { drawMaps } from "./network-maps.js";
import { linkCard, nearestLink, type Link } from "./network-probe.js";
import { networkStyle } from "./network-style.js";
import { same, units } from "./network-units.js";
import { heading } from "./styles.js";

const still = typeof matchMedia === "function" ? matchMedia("(prefers-reduced-motion: reduce)") : null;

const NOTHING = { maps: null, weights: null };

export class NetworkView extends DrawnView {
  static override properties: PropertyDeclarations = {
    catalog: { attribute: false },
    config: { attribute: false },
    summary: { attribute: false },
    points: { attribute: false },
    selection: { attribute: false },
    hovered: { attribute: false },
    playing: { type: Boolean },
    link: { state: true },
    editing: { state: true },
  };
  declare catalog: Catalog | null;
  declare config: Config | null;
  declare summary: ModelSummary | null;
  /** For the scale of a regression's output; may be left out. */
  declare points: Points | null;
  declare selection: Unit | null;
  declare hovered: Unit | null;
  declare playing: boolean;
  /** The link under the pointer, and whether its weight is being edited. */
  declare private link: Link | null;
  declare private editing: boolean;
  static override styles = [heading, networkStyle];

  private current: Frame | null = null;
  private layout: Layout | null = null;
  /** The neuron that Tab reaches. */
  private roving: Unit = { layer: 0, unit: 0 };

  constructor() {
    super();
    this.catalog = this.config = this.summary = this.points = this.selection = this.hovered = null;
    this.link = null;
    this.playing = this.editing = false;
  }

  get frame(): Frame | null {
    return this.current;
  }
  set frame(frame: Frame | null) {
    this.current = frame;
    this.redraw();
  }

  protected override resized(): void {
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.summary || this.width === 0) return;
    if (changed.has("summary")) {
      this.link = null;
      this.editing = false;
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
  }

  override render(): TemplateResult {
    const { summary, layout, selection, hovered, roving, t } = this;
    if (!summary || !layout) return html`<header><h2>${t("view.network.title")}</h2></header><div class="picture waiting"></div>`;
    const count = (value: number) => this.number(value);
    const look = { summary, selection, hovered, roving, t, count };
    const parameters = count(summary.parameters);
    const operations = count(summary.multiply_adds);
    return html`
      <header><h2>${t("view.network.title")}</h2><p>${t("view.network.caption", { parameters, operations })}</p></header>
        <div class="scroll">
          <div class="sheet" style="width:${layout.width}px">
            <div class="heads ${layout.compact ? "compact" : ""}">${layout.columns.map((column) =>
              columnHeader(this, column, layout, (name, detail) => this.send(name, detail)),
            )}</div>
            <div class="picture" style="height:${layout.height}px" role="group" aria-label=${t("view.network.describe", { units: summary.layers.map(({ units }) => count(units)).join(" – ") })}
              @pointerover=${this.over} @pointerout=${this.out} @focusin=${this.over} @focusout=${this.out}
              @click=${this.choose} @keydown=${this.move} @pointermove=${this.probe} @pointerleave=${this.leave}>
              <canvas></canvas>
              ${layout.columns.map((column) => units(column, look))}
              ${this.link ? this.card(this.link) : nothing}
            </div>
          </div>
        </div>`;
  }

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
  private out(event: Event): void {
    if (this.unitOf(event)) this.hover(null);
  }
  private hover(unit: Unit | null): void {
    if (this.summary?.kind === "digits" && unit?.layer === 0) return;
    this.send("hover-unit", unit);
  }
  private probe(event: PointerEvent): void {
    if (this.editing || !this.layout || !this.current?.weights || !this.fits(this.current)) return;
    const box = this.renderRoot.querySelector(".picture")!.getBoundingClientRect();
    this.link = this.unitOf(event)
      ? null
      : nearestLink(
          this.layout,
          this.current.weights,
          this.summary?.kind === "digits",
          event.clientX - box.left,
          event.clientY - box.top,
        );
  }
  private leave(): void {
    if (!this.editing) this.link = null;
  }
  private card(link: Link): TemplateResult {
    const w = this.weight(link);
    return linkCard(
      this.summary!,
      link,
      w,
      this.number(w, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
      this.editing,
      this.t,
      this.layout!.width,
      (value) => {
        this.editing = false;
        this.link = null;
        if (value !== null) this.send("edit-parameter", { layer: link.layer, unit: link.unit, input: link.input, value });
      },
    );
  }
  private weight({ layer, unit, input }: Link): number {
    const tensor = this.current?.weights?.[layer];
    return tensor?.weight[unit * tensor.inputs + input] ?? 0;
  }
  private async edit(): Promise<void> {
    this.editing = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>(".card input")?.select();
  }

  private choose(event: Event): void {
    const unit = this.unitOf(event);
    if ((event.target as HTMLElement).closest(".card")) return;
    if (!unit && this.link && !this.editing) void this.edit();
    else if (unit) this.send("select-unit", same(this.selection, unit.layer, unit.unit) ? null : unit);
    else if (this.selection) this.send("select-unit", null);
  }
  private move(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.selection) {
      this.send("select-unit", null);
      return;
    }
    if (!event.key.startsWith("Arrow") || !this.layout) return;
    const next = neighbour(this.layout, this.roving.layer, this.roving.unit, event.key);
    event.preventDefault();
    event.stopPropagation();
    if (next) this.renderRoot.querySelector<HTMLElement>(`[data-layer="${next.layer}"][data-unit="${next.unit}"]`)?.focus();
  }

  private span(): number {
    let top = 0;
    if (this.points && this.summary?.task === "regression")
      for (const v of this.points.label) if (Math.abs(v) > top) top = Math.abs(v);
    return top || 1;
  }

  protected override draw(): void {
    const { layout, summary, current } = this;
    const canvas = this.renderRoot.querySelector("canvas");
    if (!layout || !summary || !canvas) return;
    const context = fit(canvas, layout.width, layout.height);
    context.clearRect(0, 0, layout.width, layout.height);
    const { palette } = this;
    if (!current || !this.fits(current)) {
      // Until the first frame of a new network: its neurons, still empty.
      drawMaps(context, layout, NOTHING, { palette, summary, span: 1 });
      return;
    }
    const moving = this.playing && !still?.matches;
    if (current.weights)
      drawLinks(context, layout, current.weights, {
        palette,
        focus: this.hovered ?? this.selection,
        link: this.link,
        digits: summary.kind === "digits",
        time: moving ? performance.now() / 1000 : null,
      });
    const reading = this.link && !this.editing ? this.renderRoot.querySelector(".card b") : null;
    if (reading)
      reading.textContent = this.number(this.weight(this.link!), { minimumFractionDigits: 3, maximumFractionDigits: 3 });
    drawMaps(context, layout, current, { palette, summary, span: this.span() });
  }

  /** A frame of another shape than the summary is from before a change: it is not drawn. */
  private fits(frame: Frame): boolean {
    const layers = this.summary!.layers;
    return (
      !frame.weights ||
      (frame.weights.length === layers.length - 1 &&
        frame.weights.every((w, l) => w.outputs === layers[l + 1]!.units && w.inputs === layers[l]!.units))
    );
  }
}

customElements.define("np-network-view", NetworkView);
