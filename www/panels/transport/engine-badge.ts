/** Which engine trains, and how fast; why, and the choice between them, in what it opens. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { place } from "../../ui/help.js";
import { lazy } from "../../ui/lazy.js";
import { View } from "../../ui/view.js";

const details = lazy(() => import("./engine-details.js"));

export class EngineBadge extends View {
  static override properties = { ...View.properties, open: { state: true } };
  declare open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  protected override render(): TemplateResult {
    const { info, reading: frame, playing } = this.store;
    const engine = info.value;
    const backend = engine ? this.t(`ui.backend.${engine.backend}`) : "";
    const rate = frame.value?.steps_per_second ?? 0;
    const lost = engine !== null && engine.backend === "cpu" && engine.choice === "webgpu";
    return html`<div class="badge-holder">
      <button type="button" part="badge" class="badge ${playing.value ? "on" : ""} ${lost ? "lost" : ""}" data-testid="engine-badge" aria-expanded=${this.open}
        title=${this.t("ui.engine_badge", { backend })} @click=${this.#toggle}>
        <span class="lamp"></span><span>${backend}</span>
        <span class="rate">${this.t("ui.rate", { rate: this.compact(rate, 2) })}</span>
      </button>
      <div class="popover badge-popover" popover="auto" data-testid="engine-details" @toggle=${(event: Event) => {
        this.open = (event as ToggleEvent).newState === "open";
      }}>${engine && this.open ? html`<np-engine-details .store=${this.store}></np-engine-details>` : nothing}</div>
    </div>`;
  }

  #toggle = async (): Promise<void> => {
    const box = this.querySelector<HTMLElement>(".badge-popover");
    const button = this.querySelector(".badge");
    if (!box || !button) return;
    if (this.open) {
      box.hidePopover();
      return;
    }
    if (!(await details.get().catch(() => null))) return;
    this.open = true;
    await this.updateComplete;
    await this.querySelector<View>("np-engine-details")?.updateComplete;
    box.showPopover();
    place(box, button);
  };
}

define("np-engine-badge", EngineBadge);
