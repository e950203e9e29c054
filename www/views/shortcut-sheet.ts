/** The sheet of keyboard shortcuts. Fetched when it is first asked for. */

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { lookUp } from "../i18n/index.js";
import { SHORTCUTS, type Shortcut } from "../shortcuts.js";
import { icons } from "./icons.js";
import { View } from "./view.js";

const GROUPS = { train: ["play", "step", "epoch", "reset", "new_seed", "slower", "faster"], change: ["undo", "redo", "share"],
  go: ["go_data", "go_network", "go_training", "go_layer", "go_output", "go_curves", "tab", "sheet"] } as const;

export class ShortcutSheet extends View {
  open(): void {
    void this.updateComplete.then(() => this.querySelector("dialog")?.showModal());
  }

  protected override render(): TemplateResult {
    const { singleKeys } = this.store;
    const close = (): void => this.querySelector("dialog")?.close();
    return html`<dialog class="sheet" data-testid="shortcut-sheet" aria-labelledby="np-shortcuts" @click=${(event: Event) => {
      // The backdrop is the dialog itself.
      if (event.target === event.currentTarget) close();
    }}>
      <div class="sheet-body">
        <div class="sheet-head"><h2 id="np-shortcuts">${this.t("ui.shortcuts")}</h2>
          <button type="button" class="icon-button quiet" data-testid="close-sheet" aria-label=${this.t("ui.close")} title=${this.t("ui.close")} @click=${close}>${icons.close}</button></div>
        <div class="sheet-groups">${(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => html`<section>
          <h3>${this.t(`ui.shortcuts_${group}`)}</h3>
          <dl>${GROUPS[group].map((id) => this.#row(id))}</dl></section>`)}</div>
        <label class="toggle"><input type="checkbox" role="switch" data-testid="single-keys" .checked=${live(singleKeys.value)}
          @change=${(event: Event) => { singleKeys.value = (event.target as HTMLInputElement).checked; }}><span>${this.t("ui.single_keys")}</span></label>
        <p class="hint">${this.t("ui.shortcuts_more")}</p>
      </div>
    </dialog>`;
  }

  #row(id: string): TemplateResult {
    const rows = SHORTCUTS.filter((each) => each.id === id);
    const keys = id === "tab" ? [["1"], ["9"]] : (rows[0]?.keys ?? []).map((each) => each.split(" "));
    return html`<div><dt>${lookUp(this.store.language.value, `shortcut.${id}`) ?? id}</dt>
      <dd>${keys.map((parts, at) => html`${at > 0 ? html`<span class="or">${id === "tab" ? "–" : "/"}</span>` : ""}${
        parts.map((part) => html`<kbd>${this.#key(part, rows[0])}</kbd>`)}`)}</dd></div>`;
  }

  #key(part: string, shortcut: Shortcut | undefined): string {
    if (part === "Space") return this.t("ui.space_key");
    return shortcut?.command && /Mac|iP(ad|hone)/.test(navigator.platform) ? part.replace("Ctrl+", "⌘").replace("Shift+", "⇧") : part;
  }
}

customElements.define("shortcut-sheet", ShortcutSheet);
