/** What lies below the columns, one tab at a time; a tab without content is not there. */

import { html, nothing, type TemplateResult } from "lit";
import { View } from "./view.js";
import "./evaluate-tab.js";

type Tab = "digits" | "evaluate";

export class TabBar extends View {
  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const summary = store.summary.value;
    if (!summary) return nothing;
    const tabs: Tab[] = summary.kind === "digits" ? ["digits", "evaluate"] : ["evaluate"];
    const open = tabs.find((tab) => tab === store.tab.value) ?? tabs[0]!;
    return html`<section class="tabs" aria-label=${this.t("ui.tabs")}>
      <div class="tab-list" role="tablist" aria-label=${this.t("ui.tabs")} @keydown=${(event: KeyboardEvent) => this.#key(event, tabs, open)}>
        ${tabs.map((tab) => html`<button type="button" role="tab" id="np-tab-${tab}" aria-selected=${tab === open} aria-controls="np-tabpanel"
          tabindex=${tab === open ? 0 : -1} @click=${() => { store.tab.value = tab; }}>${this.t(`ui.tab.${tab}`)}</button>`)}
      </div>
      <div class="tab-panel" role="tabpanel" id="np-tabpanel" aria-labelledby="np-tab-${open}">
        ${open === "digits" ? this.#digits() : html`<evaluate-tab .store=${store}></evaluate-tab>`}
      </div>
    </section>`;
  }

  /** Loaded with the digits themselves. */
  #digits(): TemplateResult {
    void import("./digits-tab.js");
    return html`<digits-tab .store=${this.store}></digits-tab>`;
  }

  #key(event: KeyboardEvent, tabs: Tab[], open: Tab): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const next = tabs[(tabs.indexOf(open) + by + tabs.length) % tabs.length]!;
    this.store.tab.value = next;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#np-tab-${next}`)?.focus());
  }
}

customElements.define("tab-bar", TabBar);
