/** The panels below the columns, one tab at a time; a tab without content is not there. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../ui/define.js";
import { chosenBy } from "../ui/roving.js";
import { View } from "../ui/view.js";
import { PANELS, type Panel } from "./registry.js";

/** Less of the panel than this, in CSS pixels, is too little to read: the rest is brought into sight. */
const LEAST_SEEN = 240;

export class TabBar extends View {
  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const summary = store.summary.value;
    if (!summary) return nothing;
    const panels = PANELS.filter((panel) => panel.when(summary));
    const open = panels.find(({ id }) => id === store.tab.value) ?? panels[0]!;
    return html`<section class="tabs" aria-label=${this.t("ui.tabs")}>
      <div class="tab-list" role="tablist" aria-label=${this.t("ui.tabs")} @keydown=${(event: KeyboardEvent) => this.#key(event, panels, open)}>
        ${panels.map(({ id }) => html`<button type="button" role="tab" id="np-tab-${id}" aria-selected=${id === open.id} aria-controls="np-tabpanel"
          tabindex=${id === open.id ? 0 : -1} @click=${() => this.#choose(id)}>${this.name("ui.tab", id)}</button>`)}
      </div>
      <div class="tab-panel" role="tabpanel" id="np-tabpanel" aria-labelledby="np-tab-${open.id}">${this.#panel(open)}</div>
    </section>`;
  }

  /** The strip may stand at the window's lower edge, and its panel beyond it. */
  #choose(id: Panel["id"]): void {
    this.store.tab.value = id;
    void this.updateComplete.then(() => {
      const panel = this.querySelector("#np-tabpanel")!;
      if (panel.getBoundingClientRect().top > innerHeight - LEAST_SEEN) panel.scrollIntoView({ block: "nearest" });
    });
  }

  /** Empty until it has come; then it is drawn, in its own styles. */
  #panel({ load, view }: Panel): TemplateResult | typeof nothing {
    const loaded = load.value;
    if (!loaded) {
      load.want();
      return nothing;
    }
    const root = this.getRootNode() as ShadowRoot;
    const { sheet } = loaded;
    if (sheet && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return view(this.store);
  }

  #key(event: KeyboardEvent, panels: readonly Panel[], open: Panel): void {
    const next = chosenBy(event, panels, open);
    if (next === null) return;
    this.store.tab.value = next.id;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#np-tab-${next.id}`)?.focus());
  }
}

define("np-tab-bar", TabBar);
