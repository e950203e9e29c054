/** Play, step, epoch, reset, seed, speed; the counters. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "../../ui/define.js";
import { live } from "lit/directives/live.js";
import type { Actions } from "../../state/actions.js";
import type { Change } from "../../state/changes.js";
import type { Key } from "../../i18n/index.js";
import { rateOf, stopAfter } from "../../state/speed.js";
import { NARROW, type ControlId } from "../../state/store.js";
import "./engine-badge.js";
import { place } from "../../ui/help.js";
import { icons } from "../../ui/icons.js";
import { lazy } from "../../ui/lazy.js";
import { View } from "../../ui/view.js";

const words = lazy(() => import("../../insights/change-words.js"));

const BUTTONS: readonly [ControlId, Key, keyof typeof icons, (actions: Actions) => Promise<void>][] = [
  ["step", "ui.step", "step", (actions) => actions.step()],
  ["epoch", "ui.epoch_button", "epoch", (actions) => actions.epoch()],
  ["reset", "ui.reset", "reset", (actions) => actions.reset()],
  ["seed", "ui.new_seed", "dice", (actions) => actions.newSeed(["init", "batches"])],
];

/** Greatest width of a figure in a text, in CSS pixels, that has the menu. */
const SLIM = 600;

export class TransportBar extends View {
  static override properties = { ...View.properties, open: { state: true } };
  /** The menu of what has no room in the row. */
  declare open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const { actions } = store;
    const playing = store.playing.value;
    const ready = store.started.value;
    const frame = store.reading.value;
    const label = this.t(playing ? "ui.pause" : "ui.play");
    // Where there is little room the row holds what is pressed all the time, and a menu the rest.
    const narrow = store.width.value <= (store.wholePage.value ? NARROW : SLIM);
    const shown = (ids: readonly ControlId[]): boolean => ids.some((id) => store.control.value(id) !== "hidden");
    const rest = html`${this.control("undo", () => html`<div class="buttons history" role="group" aria-label="${this.t("ui.undo")}, ${this.t("ui.redo")}">
        ${this.#history("undo")}${this.#history("redo")}
      </div>`)}`;
    return html`<section class="transport" aria-label=${this.t("ui.transport")}>
      ${this.control("play", () => html`<button type="button" class="play" part="play" data-testid="play" aria-label=${label} title=${`${label} (${this.t("ui.space_key")})`}
        aria-keyshortcuts="Space" ?disabled=${!ready} @click=${() => void actions.toggle()}>${playing ? icons.pause : icons.play}</button>`)}
      ${shown(BUTTONS.map(([id]) => id)) ? html`<div class="buttons">${BUTTONS.filter(([id]) => !narrow || id !== "seed").map((each) => this.#act(each))}</div>` : nothing}
      ${narrow ? nothing : rest}
      <dl class="counters">
        <div><dt>${this.t("ui.epoch")}</dt><dd data-testid="epoch-counter">${this.number(Math.floor((frame?.epoch ?? 0) + 1e-6), 0)}</dd></div>
        ${narrow ? nothing : this.#steps()}
      </dl>
      ${narrow ? nothing : html`${this.control("speed", () => this.#speed())}<span class="spacer"></span>${this.control("engine", () => html`<np-engine-badge .store=${store}></np-engine-badge>`)}`}
      ${narrow && shown(["seed", "undo", "speed", "engine"]) ? html`<span class="spacer"></span>${this.#menu(html`
        <div class="buttons">${this.#act(BUTTONS.find(([id]) => id === "seed")!)}${rest}<dl class="counters">${this.#steps()}</dl></div>
        ${this.control("speed", () => this.#speed())}${this.control("engine", () => html`<np-engine-badge .store=${store}></np-engine-badge>`)}`)}` : nothing}
    </section>`;
  }

  #act([id, key, icon, act]: (typeof BUTTONS)[number]): TemplateResult | typeof nothing {
    return this.control(id, () => this.#button(id === "seed" ? "new-seed" : id, key, icons[icon], () => act(this.store.actions)));
  }

  #steps(): TemplateResult {
    return html`<div><dt>${this.t("ui.step_count")}</dt><dd data-testid="step-counter">${this.number(this.store.reading.value?.step ?? 0, 0)}</dd></div>`;
  }

  #menu(content: TemplateResult): TemplateResult {
    const label = this.t("ui.transport_more");
    return html`<button type="button" class="icon-button" part="button" data-testid="transport-more" aria-label=${label} title=${label} aria-haspopup="true" aria-expanded=${this.open}
        @click=${this.#toggleMenu}>${icons.more}</button>
      <div class="popover transport-menu" popover="auto" role="group" aria-label=${label} @toggle=${(event: ToggleEvent) => { if (event.target === event.currentTarget) this.open = event.newState === "open"; }}>${content}</div>`;
  }

  #toggleMenu = (event: Event): void => {
    const box = this.querySelector<HTMLElement>(".transport-menu")!;
    box.togglePopover();
    place(box, event.currentTarget as Element);
  };

  #button(id: string, key: Key, icon: TemplateResult, act: () => Promise<void>): TemplateResult {
    return html`<button type="button" class="icon-button" part="button" data-testid=${id} aria-label=${this.t(key)} title=${this.t(key)}
      ?disabled=${!this.store.started.value} @click=${() => void act()}>${icon}</button>`;
  }

  /** Takes a change back, or makes it again; the title says which. It keeps the focus while there is nothing to do. */
  #history(way: "undo" | "redo"): TemplateResult {
    const { store } = this;
    const history = store.catalog.value ? store.actions.history : null;
    const change = (way === "undo" ? history?.past : history?.future)?.value.at(-1);
    const words = change ? this.#wordsOf(change) : "";
    const label = words ? this.t(`ui.${way}_change`, { change: words }) : this.t(`ui.${way}`);
    return html`<button type="button" class="icon-button" part="button" data-testid=${way} aria-label=${label} title=${label} aria-disabled=${!change}
      aria-keyshortcuts=${way === "undo" ? "Control+Z Meta+Z" : "Control+Shift+Z Meta+Shift+Z Control+Y"}
      @click=${() => { if (change) void store.actions[way](); }}>${icons[way]}</button>`;
  }


  /** What a change was; what says so is fetched with the first one. */
  #wordsOf(change: Change): string {
    const said = words.value?.changeWords;
    if (said) return said(this.store, change);
    words.want();
    return "";
  }

  #speed(): TemplateResult {
    const { store } = this;
    const position = store.speed.value;
    const rate = rateOf(position, store.summary.value);
    const text = rate.stepsPerSecond ? this.t("ui.steps_per_second", { count: rate.stepsPerSecond })
      : rate.epochsPerSecond ? this.t("ui.epochs_per_second", { count: rate.epochsPerSecond }) : this.t("ui.flat_out");
    return html`<label class="speed"><span class="caption">${this.t("ui.speed")} <output>${text}</output></span>
      <input class="slider" part="slider" type="range" min="0" max="1" step="0.005" data-testid="speed" .style=${`--fill: ${position}`} ?disabled=${!store.started.value} .value=${live(String(position))}
        aria-label=${this.t("ui.speed")} aria-valuetext=${text} @input=${(event: Event) => store.actions.setSpeed(Number((event.target as HTMLInputElement).value))}
        @keydown=${(event: KeyboardEvent) => this.#pressSpeed(event)}></label>`;
  }

  /** Arrow keys in steps that can be told apart; Home and End are the browser's. */
  #pressSpeed(event: KeyboardEvent): void {
    const presses: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 4, PageDown: -4 };
    const by = presses[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.store.actions.setSpeed(stopAfter(this.store.speed.value, by));
  }
}

define("np-transport-bar", TransportBar);
