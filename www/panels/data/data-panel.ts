/** Which data, how noisy, how many, how split, and which features the network is given. */

import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { define } from "../../ui/define.js";
import type { Catalog, Config, DatasetEntry, FeatureEntry, ModelSummary } from "../../engine/types.js";
import { fetchLater } from "../../app/deferred.js";
import type { ControlId } from "../../state/store.js";
import { absent } from "../../ui/absent.js";
import { limitsOf } from "../../ui/controls.js";
import { View } from "../../ui/view.js";
import "../../pictures/thumbnails/dataset-thumbnail.js";
import "../../pictures/thumbnails/feature-thumbnail.js";
import "../../ui/split-bar.js";

const GROUPS = ["plane_classification", "plane_regression", "line", "digits"] as const;
const MORE: ControlId[] = ["label-noise", "balance", "scaling", "seed"];
const SHARES = ["data.noise", "data.label_noise", "data.balance"];

function groupOf(entry: DatasetEntry): string {
  return dataOf(entry).dimensions === 2 ? `plane_${entry.task}` : entry.kind;
}

/** Controls of the data, by the catalog's fields. */
export abstract class DataControls extends View {
  protected numberOf(catalog: Catalog, path: string, value: number, within?: { min: number; max: number }): TemplateResult | typeof nothing {
    const spec = catalog.fields.find((field) => field.path === path);
    if (!spec) return nothing;
    return html`<np-number .store=${this.store} .label=${this.name("field", path)} .helpText=${this.help("field", path)}
      .limits=${{ ...limitsOf(spec), ...(within ? { min: within.min, max: within.max } : {}) }} .value=${value} .path=${path}
      .percent=${SHARES.includes(path)} .commit=${(to: number) => this.store.actions.set(path, to)}></np-number>`;
  }
}

export class DataPanel extends DataControls {
  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const catalog = store.catalog.value;
    const config = store.config.value;
    const summary = store.summary.value;
    if (!catalog || !config || !summary) return nothing;
    const entry = store.dataset.value;
    const { counts } = summary;
    const points = counts.train + counts.validation + counts.test;
    return html`<section class="panel data-panel" aria-labelledby="np-data">
      <header class="section-head"><h2 id="np-data">${this.t("ui.data")}</h2>
        <p>${this.t(dataOf(summary).image ? "ui.image_count" : "ui.point_count", { count: points })}</p></header>
      ${this.control("dataset", () => html`<div class="dataset-groups">${GROUPS.map((group) => this.#group(group, catalog.datasets.filter((each) => groupOf(each) === group), config))}</div>`)}
      <p class="hint dataset-help">${entry ? this.help("dataset", entry.id) : nothing}</p>
      <np-field-message .store=${store} .path=${"data.dataset"}></np-field-message>
      ${this.control("noise", () => entry?.has_noise ? this.numberOf(catalog, "data.noise", config.data.noise) : absent(this.name("field", "data.noise")))}
      ${this.control("samples", () => this.numberOf(catalog, "data.samples", config.data.samples, this.#sampleLimits(catalog, summary)))}
      ${this.control("split", () => html`<np-split-bar .store=${store}></np-split-bar>`)}
      ${this.#features(catalog.features.filter((feature) => feature.kind === summary.kind), config)}
      ${entry && entry.classes.max > entry.classes.min ? this.control("classes", () => this.numberOf(catalog, "data.classes", config.data.classes, entry.classes)) : nothing}
      ${MORE.some((id) => store.control.value(id) !== "hidden") ? html`<details class="more" @toggle=${() => void fetchLater(this.getRootNode() as ShadowRoot)}><summary>${this.t("ui.more_data")}</summary>
        <np-data-details .store=${store}></np-data-details>
      </details>` : nothing}
    </section>`;
  }

  #group(group: (typeof GROUPS)[number], entries: DatasetEntry[], config: Config): TemplateResult | typeof nothing {
    if (entries.length === 0) return nothing;
    const title = this.t(`ui.group.${group}`);
    // The kind of problem is chosen by choosing data of that kind.
    const problem = this.store.summary.value?.task === entries[0]?.task ? "shown" : this.store.control.value("problem");
    if (problem === "hidden") return nothing;
    return html`<div class="dataset-group ${dataOf(entries[0]).dimensions === 2 ? "wide" : ""}" role="group" aria-label=${title}>
      <h3 class="group-name">${title}</h3>
      <div class="thumbnails">${entries.map((entry) => {
        const chosen = entry.id === config.data.dataset;
        const name = this.name("dataset", entry.id);
        return html`<button type="button" class="thumbnail" part="thumbnail" data-testid="dataset-${entry.id}" aria-pressed=${chosen} aria-label=${name}
          ?disabled=${problem === "locked"} title=${problem === "locked" ? `${name}. ${this.t("ui.locked")}` : name} @click=${() => void this.store.actions.chooseDataset(entry.id)}>
          <np-dataset-thumbnail .store=${this.store} .entry=${entry}></np-dataset-thumbnail><span class="thumbnail-name" aria-hidden="true">${name}</span></button>`;
      })}</div></div>`;
  }

  #sampleLimits({ limits }: Catalog, summary: ModelSummary): { min: number; max: number } {
    const [min, max] = dataOf(summary).image ? limits.digit_samples : limits.samples;
    return { min, max };
  }

  #features(features: FeatureEntry[], config: Config): TemplateResult | typeof nothing {
    if (features.length < 2) return nothing;
    const chosen = config.data.features;
    const label = this.name("field", "data.features");
    return this.control("features", () => html`<div class="features" role="group" aria-label=${label}>
      <div class="label-row"><span class="label">${label}</span>
        <np-help .text=${this.help("field", "data.features")} .label=${this.t("ui.help_for", { name: label })}></np-help></div>
      <div class="chips">${features.map(({ id, symbol }) => html`<button type="button" class="chip feature" part="feature" data-testid="feature-${id}" aria-pressed=${chosen.includes(id)}
        aria-label=${`${symbol}, ${this.name("feature", id)}`} title=${`${this.name("feature", id)}. ${this.help("feature", id)}`}
        @click=${() => { this.#show(-1); this.#toggleFeature(id, features); }}
        @pointerenter=${() => this.#show(chosen.indexOf(id))} @focus=${() => this.#show(chosen.indexOf(id))}
        @pointerleave=${() => this.#show(-1)} @blur=${() => this.#show(-1)}
        ><np-feature-thumbnail .store=${this.store} .feature=${id}></np-feature-thumbnail><span>${symbol}</span></button>`)}</div>
      <np-field-message .store=${this.store} .path=${"data.features"}></np-field-message></div>`);
  }

  /** The feature in use at that place of the network's input is the large map, as its neuron would make it; -1: none is. */
  #show(unit: number): void {
    this.store.hovered.value = unit < 0 ? null : { layer: 0, unit };
  }

  /** Features keep the catalog's order, whichever was chosen first. */
  #toggleFeature(id: string, features: FeatureEntry[]): void {
    void this.store.actions.patch(() => {
      const chosen = this.store.config.value?.data.features ?? [];
      const next = features.map((each) => each.id).filter((each) => (each === id) !== chosen.includes(each));
      return { data: { features: next } };
    }, "data.features");
  }
}

define("np-data-panel", DataPanel);
