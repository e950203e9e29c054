/** What a phone alone has: the bar that says which part is shown below the output, and the output that stays in sight, smaller, while one scrolls. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../ui/define.js";
import { SECTIONS, type Section } from "../state/store.js";
import { View } from "../ui/view.js";

export class SectionBar extends View {
  #stop: (() => void) | undefined;

  protected override render(): TemplateResult {
    const { section, parts } = this.store;
    const shown = SECTIONS.filter((each) => each === "network" || parts.value.has(each === "more" ? "tabs" : each));
    return html`<div class="section-bar" role="group" aria-label=${this.t("ui.sections")}>${shown.map((each) => html`
      <button type="button" data-testid="section-${each}" aria-pressed=${each === section.value} @click=${() => void this.#show(each)}>${this.t(`ui.section.${each}`)}</button>`)}</div>`;
  }

  /** What is chosen begins right below the bar, however far one had scrolled. */
  async #show(section: Section): Promise<void> {
    this.store.section.value = section;
    await this.closest<View>("np-app")?.updateComplete;
    const bar = this.getBoundingClientRect().bottom;
    const first = this.parentElement?.querySelector(`[data-section="${section}"]`)?.getBoundingClientRect().top ?? bar;
    if (first < bar) scrollBy(0, first - bar);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = followScroll(this.parentElement!);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }
}

/**
 * Says in custom properties how high the output is and how far it has shrunk: the style sheet lets it stick to the window's upper
 * edge by its lower end, and the picture, scaled, keeps inside what is left of it. Nothing is laid out anew while one scrolls.
 */
function followScroll(columns: HTMLElement): () => void {
  const picture = columns.querySelector<HTMLElement>("np-output-picture");
  if (!picture) return () => {};
  let asked = 0;
  let height = 0;
  const shrink = (): void => {
    asked = 0;
    const view = picture.querySelector<HTMLElement>("np-output-view");
    const stage = view?.shadowRoot?.querySelector<HTMLElement>("slot[name=picture]")?.offsetHeight ?? 0;
    const left = picture.getBoundingClientRect().bottom;
    picture.style.setProperty("--shrink", stage > 0 ? Math.min(1, Math.max(0.2, left / stage)).toFixed(4) : "1");
  };
  const ask = (): void => { asked ||= requestAnimationFrame(shrink); };
  const observer = new ResizeObserver(() => {
    if (picture.offsetHeight === height) return;
    height = picture.offsetHeight;
    columns.style.setProperty("--output-height", `${height}px`);
    ask();
  });
  observer.observe(picture);
  addEventListener("scroll", ask, { passive: true });
  return () => {
    observer.disconnect();
    removeEventListener("scroll", ask);
    cancelAnimationFrame(asked);
    picture.style.removeProperty("--shrink");
  };
}

/** The figures beside the output while it is small. They stand elsewhere too, so who listens does not hear them twice. */
export class OutputPeek extends View {
  protected override render(): TemplateResult | typeof nothing {
    const { reading, summary } = this.store;
    const metrics = reading.value?.metrics;
    if (!metrics || !summary.value) return nothing;
    const score = summary.value.task === "regression" ? "r2" : "accuracy";
    const value = (metrics.validation ?? metrics.train)[score];
    const rows: [string, string][] = [[this.t("ui.train_loss"), this.figure(metrics.train.loss)]];
    if (metrics.validation) rows.push([this.t("ui.validation_loss"), this.figure(metrics.validation.loss)]);
    rows.push([this.name("metric", score), score === "accuracy" && value !== undefined ? this.percentage(value) : this.figure(value)]);
    return html`<dl class="output-peek" aria-hidden="true">${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
  }
}

define("np-section-bar", SectionBar);
define("np-output-peek", OutputPeek);
