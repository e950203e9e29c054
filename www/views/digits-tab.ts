/** The digits view with its data, and the network to ask about a drawn digit. */

import { html, type TemplateResult } from "lit";
import { View } from "./view.js";
import "./digits-view.js";

export class DigitsTab extends View {
  protected override render(): TemplateResult {
    const { store } = this;
    return html`<np-digits-view data-testid="digits-wrong" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
      .summary=${store.summary.value} .frame=${store.frame.value} .predict=${this.#predict}></np-digits-view>`;
  }

  #predict = (pixels: Float32Array): Promise<Float32Array> => this.store.actions.engine.predict(pixels);
}

customElements.define("digits-tab", DigitsTab);
