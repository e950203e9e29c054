/** The wordmark, the language and the theme. */

import { html, nothing, type TemplateResult } from "lit";
import { LANGUAGES, nameOf } from "../i18n/index.js";
import type { Theme } from "../store.js";
import { icons } from "./icons.js";
import { openSheet } from "./shortcut-keys.js";
import { View } from "./view.js";

const NEXT_THEME: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

export class TopBar extends View {
  protected override render(): TemplateResult {
    const { theme } = this.store;
    const [first, second] = this.t("ui.title").split("·");
    return html`<header class="top-bar">
      <h1 class="wordmark">${first}<span class="dot">·</span>${second}</h1>
      <span class="spacer"></span>
      ${this.#languages()}
      ${this.store.hiddenControls.value.has("share") ? nothing : html`<button type="button" class="icon-button quiet" data-testid="share"
        title=${this.t("share.open")} aria-label=${this.t("share.open")} ?disabled=${!this.store.config.value} @click=${this.#share}>${icons.share}</button>`}
      <button type="button" class="icon-button quiet" data-testid="shortcuts" aria-label=${this.t("ui.shortcuts")} title="${this.t("ui.shortcuts")} (?)"
        aria-haspopup="dialog" aria-keyshortcuts="?" @click=${() => void openSheet(this.closest("np-app")!, this.store)}>${icons.help}</button>
      <button type="button" class="icon-button quiet" data-testid="theme" title=${this.t(`ui.theme.${theme.value}`)}
        aria-label=${this.t(`ui.theme.${theme.value}`)}
        @click=${() => { theme.value = NEXT_THEME[theme.value]; }}>${icons.theme}</button>
    </header>`;
  }

  /** One other language is a button, more are a menu. */
  #languages(): TemplateResult {
    const { language } = this.store;
    const others = LANGUAGES.filter((each) => each !== language.value);
    const [other] = others;
    if (other && others.length === 1) {
      return html`<button type="button" class="text-button" data-testid="language" aria-label="${this.t("ui.language")}: ${nameOf(other)}"
        @click=${() => { language.value = other; }}><span lang=${other}>${nameOf(other)}</span></button>`;
    }
    return html`<div class="select"><select data-testid="language" aria-label=${this.t("ui.language")} @change=${(event: Event) => {
      language.value = (event.target as HTMLSelectElement).value;
    }}>${LANGUAGES.map((each) => html`<option value=${each} lang=${each} ?selected=${each === language.value}>${nameOf(each)}</option>`)}</select></div>`;
  }

  #share = async (): Promise<void> => {
    const { openShare } = await import("../share/share-dialog.js");
    openShare(this, this.store);
  };
}

customElements.define("top-bar", TopBar);
