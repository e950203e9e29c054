/** The wordmark, the language and the theme; where the playground is the page, the transport between them. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { LANGUAGES, nameOf } from "../../i18n/index.js";
import type { Theme } from "../../state/store.js";
import { icons } from "../../ui/icons.js";
import { openSheet } from "../../app/keyboard/shortcut-keys.js";
import { lazy } from "../../ui/lazy.js";
import { View } from "../../ui/view.js";

const sharing = lazy(() => import("../../share/share-dialog.js"));

const NEXT_THEME: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

export class TopBar extends View {
  static override properties = { ...View.properties, between: { attribute: false } };
  /** What stands in the same row, after the name. */
  declare between: unknown;

  protected override render(): TemplateResult {
    const { theme } = this.store;
    const [first, second] = this.t("ui.title").split("·");
    const name = html`${first}<span class="dot">·</span>${second}`;
    return html`<header class="top-bar">
      ${this.store.wholePage.value ? html`<h1 class="wordmark">${name}</h1>` : html`<p class="wordmark">${name}</p>`}
      <span class="spacer"></span>
      ${this.between ?? nothing}
      ${this.control("language", () => this.#languages())}
      ${this.control("share", () => html`<button type="button" class="icon-button quiet" part="button" data-testid="share"
        title=${this.t("share.open")} aria-label=${this.t("share.open")} ?disabled=${!this.store.config.value} @click=${this.#share}>${icons.share}</button>`)}
      ${this.control("shortcuts", () => html`<button type="button" class="icon-button quiet" part="button" data-testid="shortcuts" aria-label=${this.t("ui.shortcuts")} title="${this.t("ui.shortcuts")} (?)"
        aria-haspopup="dialog" aria-keyshortcuts="?" @click=${this.#shortcuts}>${icons.help}</button>`)}
      ${this.control("theme", () => html`<button type="button" class="icon-button quiet" part="button" data-testid="theme" title=${this.t(`ui.theme.${theme.value}`)}
        aria-label=${this.t(`ui.theme.${theme.value}`)}
        @click=${() => { theme.value = NEXT_THEME[theme.value]; }}>${icons.theme}</button>`)}
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

  #shortcuts = async (): Promise<void> => {
    await openSheet(this.closest("np-app")!, this.store);
  };

  #share = async (): Promise<void> => {
    const dialog = await sharing.get().catch(() => null);
    dialog?.openShare(this, this.store);
  };
}

define("np-top-bar", TopBar);
