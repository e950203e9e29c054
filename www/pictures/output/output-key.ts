/** What the marks on the large picture mean, and which of them it shows: keys, of which some are switches. */

import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { define } from "../../ui/define.js";
import { readPalette, type Palette } from "../../canvas/palette.js";
import { TEST } from "../../canvas/points-layer.js";
import { spanOf } from "../../canvas/scale.js";
import { View } from "../../ui/view.js";
import { legend, scaleBar, splitIcon } from "./output-legend.js";

export class OutputKey extends View {
  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const summary = store.summary.value;
    if (!summary || dataOf(summary).dimensions === 0) return nothing;
    const { discrete, testPointsShown, validationPointsShown } = store;
    const points = store.points.value;
    const hasTest = points?.split.some((split, i) => split === TEST && !Number.isNaN(points.label[i]!)) ?? false;
    // By TensorFlow Playground's rules there is no third part: what is not for training is its test data.
    const held = store.config.value?.mode === "tf_playground" ? testPointsShown : validationPointsShown;
    return html`<div class="output-key">
      ${legend(summary, store.words.value, this.#colours())}${scaleBar(summary, spanOf(points), (value) => this.number(value, 2))}
      ${summary.counts.validation ? this.#switch("validation", held.value, (on) => { held.value = on; }) : nothing}
      ${dataOf(summary).dimensions === 1 || store.pictured.value !== "boundary" ? nothing : this.#switch("discretize", discrete.value, (on) => { discrete.value = on; })}
      ${/* Last: it comes when the test set is opened, and moves none of the others. */ hasTest ? this.#switch("test", testPointsShown.value, (on) => { testPointsShown.value = on; }) : nothing}
    </div>`;
  }

  #switch(name: "validation" | "test" | "discretize", on: boolean, set: (on: boolean) => void): TemplateResult | typeof nothing {
    const id = name === "discretize" ? name : `show-${name}` as const;
    const state = this.store.control.value(id);
    if (state === "hidden") return nothing;
    // Where values are predicted nothing is decided: there are two colours.
    const label = this.t(name === "discretize" && this.store.summary.value?.task === "regression" ? "view.output.two_colours" : `view.output.${name}`);
    return html`<label><input type="checkbox" part="switch" data-testid=${id} .checked=${on} ?disabled=${state === "locked"}
      aria-label=${state === "locked" ? this.t("ui.locked_name", { name: label }) : label}
      @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}>${name === "discretize" ? nothing : splitIcon(name, this.#colours())}${label}</label>`;
  }

  #colours(): Palette {
    // Read, so that it is drawn anew with another.
    this.store.scheme.value;
    return readPalette(this);
  }
}

define("np-output-key", OutputKey);
