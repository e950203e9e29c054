/** Says that TensorFlow Playground's rules are in force, and offers this page's own. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../ui/define.js";
import { View } from "../ui/view.js";

export class ModeNote extends View {
  protected override render(): TemplateResult | typeof nothing {
    if (this.store.config.value?.mode !== "tf_playground") return nothing;
    return html`<div class="mode-note" data-testid="mode-note" role="note">
      <p>${this.t("link.mode")}</p>
      <button type="button" class="button small" data-testid="sound-defaults" title=${this.t("link.sound_help")} @click=${this.#use}>${this.t("link.sound")}</button>
    </div>`;
  }

  /** The data set and the network's shape stay; the rest is what the engine takes for that data set by itself. */
  #use = (): void => {
    const { config, actions } = this.store;
    if (!config.value) return;
    const { data, network } = config.value;
    void actions.configure({ data: { dataset: data.dataset, features: data.features }, network: { hidden: network.hidden } });
  };
}

define("np-mode-note", ModeNote);
