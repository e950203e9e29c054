/** The digits that the network got wrong, and what its first layer looks for. */

import { html, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { View } from "../../ui/view.js";
import "./digits-view.js";

export class DigitsTab extends View {
  protected override render(): TemplateResult {
    const { store } = this;
    return html`<np-digits-view data-testid="digits-wrong" .t=${store.words.value} .theme=${store.scheme.value} .language=${store.language.value}
      .summary=${store.summary.value} .frame=${store.reading.value} .pad=${false}></np-digits-view>`;
  }
}

define("np-digits-tab", DigitsTab);
