/** Any panel as an image: PNG or SVG, to a file or to the clipboard. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../ui/define.js";
import { View } from "../ui/view.js";
import { copyImage, copyText, download } from "./carry.js";
import type { CurvesLook } from "./curves-picture.js";
import { toPng, toSvg } from "./picture.js";

/** The views of each panel, by element. */
const PANELS = {
  figure: "np-network-view, np-output-view, np-output-key, np-surface-view, np-hidden-view, np-drawing-pad, np-curves-view", network: "np-network-view", output: "np-output-view, np-output-key, np-surface-view, np-hidden-view, np-drawing-pad", curves: "np-curves-view",
};
type Panel = keyof typeof PANELS;

export class ImageSection extends View {
  static override properties = { ...View.properties, panel: { state: true }, said: { state: true } };
  declare private panel: Panel;
  declare private said: string;

  constructor() {
    super();
    this.panel = "figure";
    this.said = "";
  }

  protected override render(): TemplateResult {
    const panels = (Object.keys(PANELS) as Panel[]).filter((panel) => this.#views(panel).length > 0);
    const button = (id: string, text: string, act: () => Promise<void>): TemplateResult =>
      html`<button type="button" class="button" data-testid=${id} @click=${() => this.#try(act)}>${text}</button>`;
    return html`<section aria-label=${this.t("share.image")}><h3>${this.t("share.image")}</h3>
      <div class="share-actions"><span class="select"><select data-testid="image-panel" aria-label=${this.t("share.panel")}
          @change=${(event: Event) => { this.panel = (event.target as HTMLSelectElement).value as Panel; }}>
          ${panels.map((panel) => html`<option value=${panel} ?selected=${panel === this.panel}>${this.t(`share.panel.${panel}`)}</option>`)}</select></span>
        ${button("download-png", this.t("share.download", { format: "PNG" }), async () => download(await toPng(this.#svg()), `${this.#name()}.png`))}
        ${button("download-svg", this.t("share.download", { format: "SVG" }), async () => download(new Blob([this.#svg()], { type: "image/svg+xml" }), `${this.#name()}.svg`))}
        ${"ClipboardItem" in window ? button("copy-png", this.t("share.copy_image", { format: "PNG" }), async () => this.#say(await copyImage(await toPng(this.#svg())))) : nothing}
        ${button("copy-svg", this.t("share.copy_image", { format: "SVG" }), async () => this.#say(await copyText(this.#svg())))}
        <span class="hint" role="status" data-testid="image-said">${this.said}</span></div>
    </section>`;
  }

  /** The views stand beside the dialog, in the same playground. */
  #views(panel: Panel): HTMLElement[] {
    return [...(this.closest(".app")?.querySelectorAll<HTMLElement>(PANELS[panel]) ?? [])].filter((view) => !view.closest("np-share-dialog") && view.offsetWidth > 0);
  }

  #svg(): string {
    return toSvg(this.#views(this.panel), (view) => (view.matches(PANELS.curves) ? this.#curves(view) : null));
  }

  #curves(view: HTMLElement): CurvesLook | null {
    const { store } = this;
    const history = store.frame.value?.history;
    const chart = view.shadowRoot?.querySelector<HTMLElement>(".chart");
    if (!history || !chart) return null;
    const isScore = view.shadowRoot!.querySelectorAll(".choice button")[1]?.getAttribute("aria-pressed") === "true";
    const measure = isScore ? "score" : "loss";
    const style = getComputedStyle(view);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    return {
      history, columns: [`train_${measure}`, `validation_${measure}`], log: !isScore && (view as unknown as { logScale: boolean }).logScale,
      width: chart.offsetWidth, height: chart.offsetHeight, number: (value) => this.number(value, 3),
      colours: { ink: colour("ink"), soft: colour("soft"), faint: colour("faint"), line: colour("line"), font: style.fontFamily },
    };
  }

  #name(): string {
    return `${this.store.config.value?.data.dataset ?? "network"}-${this.panel}`;
  }

  #say(done: boolean): void {
    this.said = this.t(done ? "share.copied" : "share.copy_failed");
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.said = "";
    try {
      await act();
    } catch (error) {
      this.said = this.t("ui.failure", { text: error instanceof Error ? error.message : String(error) });
    }
  }
}

define("np-image-section", ImageSection);
