/** Help: how to read the page, with a key, then the keyboard shortcuts. Fetched when it is first asked for. */

import { html, svg, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { live } from "lit/directives/live.js";
import { lookUp } from "../../i18n/index.js";
import { SHORTCUTS, type Shortcut } from "./shortcuts.js";
import { icons } from "../../ui/icons.js";
import { View } from "../../ui/view.js";

const key = (body: TemplateResult): TemplateResult => html`<svg class="reading-key" viewBox="0 0 44 28" aria-hidden="true" focusable="false">${body}</svg>`;

/** What newcomers ask first, each with what it looks like. */
const READING = [
  ["neuron", key(svg`<rect class="blue" x="9" y="1" width="26" height="26" rx="4"/><path class="orange" d="M9 15 35 8v15a4 4 0 0 1-4 4H13a4 4 0 0 1-4-4Z"/>`)],
  ["link", key(svg`<path class="blue-line" d="M2 8C18 8 26 6 42 8"/><path class="orange-line" stroke-dasharray="6 4" d="M2 20c16 0 24 2 40 0"/>`)],
  ["width", key(svg`<path class="blue-line thin" d="M2 7h40"/><path class="blue-line thick" d="M2 20h40"/>`)],
  ["bias", key(svg`<rect class="field" x="11" y="1" width="24" height="22" rx="4"/><rect class="orange" x="7" y="18" width="9" height="9" rx="2"/>`)],
  ["output", key(svg`<rect class="zero" x="9" y="1" width="26" height="26" rx="3"/><circle class="blue ring" cx="17" cy="10" r="4"/><rect class="orange ring" x="23" y="15" width="7" height="7"/>`)],
] as const;

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
        <section class="reading"><h3>${this.t("help.title")}</h3><ul>${READING.map(([id, key]) => html`<li>${key}<span>${this.t(`help.${id}`)}</span></li>`)}</ul></section>
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

define("np-shortcut-sheet", ShortcutSheet);
