/** The wordmark, the language and the theme. */

import { html, nothing, type TemplateResult } from "lit";
import type { Theme } from "../store.js";
import { icons } from "./icons.js";
import { View } from "./view.js";

const NEXT_THEME: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

export class TopBar extends View {
  protected override render(): TemplateResult {
    const { language, theme } = this.store;
    const [first, second] = this.t("ui.title").split("·");
    return html`<header class="top-bar">
      <h1 class="wordmark">${first}<span class="dot">·</span>${second}</h1>
      <span class="spacer"></span>
      ${this.store.hiddenControls.value.has("share") ? nothing : html`<button type="button" class="icon-button quiet" data-testid="share"
        title=${this.t("share.open")} aria-label=${this.t("share.open")} ?disabled=${!this.store.config.value} @click=${this.#share}>${icons.share}</button>`}
      <button type="button" class="text-button" data-testid="language" lang=${language.value === "en" ? "zh-CN" : "en"}
        aria-label=${this.t("ui.switch_language")}
        @click=${() => { language.value = language.value === "en" ? "zh-CN" : "en"; }}>${this.t("ui.other_language")}</button>
      <button type="button" class="icon-button quiet" data-testid="theme" title=${this.t(`ui.theme.${theme.value}`)}
        aria-label=${this.t(`ui.theme.${theme.value}`)}
        @click=${() => { theme.value = NEXT_THEME[theme.value]; }}>${icons.theme}</button>
    </header>`;
  }

  #share = async (): Promise<void> => {
    const { openShare } = await import("../share/share-dialog.js");
    openShare(this, this.store);
  };
}

customElements.define("top-bar", TopBar);
