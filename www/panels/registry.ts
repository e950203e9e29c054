/** What lies below the network, one row each. Tabs, styles and loading walk this table: a panel is a folder and its row here. */

import { html, type TemplateResult } from "lit";
import { dataOf } from "../engine/data-kinds.js";
import type { ModelSummary } from "../engine/types.js";
import type { Store } from "../state/store.js";
import { lazy, type Lazy } from "../ui/lazy.js";

/** A panel's module, as far as the tabs are concerned. */
export interface Loaded {
  /** Its own styles. */
  sheet?: CSSStyleSheet | undefined;
  [name: string]: unknown;
}

export interface Panel {
  /** Permanent: links hold it; `ui.tab.<id>` is what it is called. */
  id: string;
  /** Whether it has anything to say of such a network. */
  when(summary: ModelSummary): boolean;
  /** Its element's file, with its own styles if it has any; fetched when it is first opened. */
  load: Lazy<Loaded>;
  view(store: Store): TemplateResult;
}

export const PANELS: readonly Panel[] = [
  {
    id: "digits", when: (summary) => dataOf(summary).image,
    load: lazy((): Promise<Loaded> => import("./digits/digits-tab.js")), view: (store) => html`<np-digits-tab .store=${store}></np-digits-tab>`,
  },
  {
    id: "evaluate", when: () => true,
    load: lazy((): Promise<Loaded> => import("./evaluate/evaluate-tab.js")), view: (store) => html`<np-evaluate-tab .store=${store}></np-evaluate-tab>`,
  },
  {
    id: "code", when: () => true,
    load: lazy((): Promise<Loaded> => import("./code/code-panel.js")), view: (store) => html`<np-code-panel .store=${store}></np-code-panel>`,
  },
];
