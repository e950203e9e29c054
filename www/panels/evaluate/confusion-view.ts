// What was said against what was true, as a table of counts.
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import type { Translate } from "../../ui/drawn-view.js";

/** More classes than this: the heads are short, the cells small. */
const ROOMY = 4;

export class ConfusionView extends LitElement {
  static override properties: PropertyDeclarations = {
    t: { attribute: false },
    language: { type: String },
    counts: { attribute: false },
    names: { attribute: false },
    caption: { type: String },
  };
  declare t: Translate;
  declare language: string;
  /** Truth-major, classes * classes. */
  declare counts: ArrayLike<number> | null;
  declare names: string[];
  declare caption: string;

  static override styles = css`
    :host {
      display: block; overflow-x: auto; color: var(--ink); font: var(--text-m)/1.3 var(--sans);
      font-variant-numeric: tabular-nums;
    }
    table { border-collapse: separate; border-spacing: 3px; }
    caption { text-align: left; color: var(--faint); font-size: var(--text-s); padding-bottom: 6px; }
    th { font-weight: 400; color: var(--soft); font-size: var(--text-s); padding: 2px 6px; }
    th[scope="row"] { text-align: right; white-space: nowrap; }
    th.axis { color: var(--faint); text-align: center; }
    td {
      position: relative; min-width: 58px; height: 40px; text-align: center; font-weight: 650; border-radius: var(--radius);
      padding: 0 6px;
    }
    .dense { border-spacing: 2px; }
    .dense th { padding: 2px 4px; }
    .dense td { min-width: 24px; height: 28px; font-size: var(--text-xs); border-radius: 5px; padding: 0 2px; }
    @media (min-width: 700px) { .dense td { min-width: 34px; font-size: var(--text-s); } }
    td.none { color: var(--soft); font-weight: 400; }
    td.right { box-shadow: inset 0 0 0 1.5px var(--ink); }
  `;

  constructor() {
    super();
    this.t = (key) => key;
    this.language = "en";
    this.counts = null;
    this.names = [];
    this.caption = "";
  }

  override render(): TemplateResult | typeof nothing {
    const { counts, names, t } = this;
    const n = names.length;
    if (!counts || n === 0 || counts.length !== n * n) return nothing;
    const format = new Intl.NumberFormat(this.language);
    return html`<table class=${n > ROOMY ? "dense" : ""}>
      ${this.caption ? html`<caption>${this.caption}</caption>` : nothing}
      <thead>
        <tr><td class="none" aria-hidden="true"></td><th class="axis" colspan=${n}
          scope="colgroup">${t("view.confusion.predicted")}</th></tr>
        <tr><th class="axis" scope="col">${t("view.confusion.truth")}</th>${names.map((name) => html`<th
          scope="col">${name}</th>`)}</tr>
      </thead>
      <tbody>${names.map((name, truth) => html`<tr><th
        scope="row">${name}</th>${names.map((_, said) => this.cell(counts, n, truth, said, format))}</tr>`)}</tbody>
    </table>`;
  }

  /** The tint is the share of the true class, in one hue: colours are the classes'. What is right stands on the diagonal, in a frame. */
  private cell(counts: ArrayLike<number>, n: number, truth: number, said: number, format: Intl.NumberFormat): TemplateResult {
    let total = 0;
    for (let k = 0; k < n; k++) total += counts[truth * n + k]!;
    const count = counts[truth * n + said]!;
    const share = total > 0 ? count / total : 0;
    // The root lifts a few among thousands out of the paper; the figures stay legible on the darkest.
    const tint = Math.round(Math.sqrt(share) * 34);
    return html`<td class="${count === 0 ? "none" : ""} ${truth === said ? "right" : ""}"
      .style=${`background:color-mix(in srgb, var(--ink) ${tint}%, var(--surface))`}>${format.format(count)}</td>`;
  }
}

define("np-confusion-view", ConfusionView);
