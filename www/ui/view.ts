/** The base of every view: draws itself again when a signal that its `render` read has changed. */

import { effect } from "@preact/signals-core";
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatCompact, formatFigure, formatFixed, formatNumber, formatPercent, isAwaited, lookUp, translate, type Key, type Values } from "../i18n/index.js";
import type { ControlId, Store } from "../state/store.js";

/**
 * A view renders into light DOM: the page's own parts share the shadow root of `<neural-playground>` and its
 * style sheets. `store` is given by the parent as a property.
 *
 * A subclass that draws on a canvas reads its signals in `watch`, which runs at once and after each change.
 */
export abstract class View extends LitElement {
  static override properties: Record<string, object> = { store: { attribute: false } };
  declare store: Store;
  #stopRender: (() => void) | undefined;
  #stopWatch: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** The dictionary's sentence for `key` in the language of the moment. */
  t(key: Key, values?: Values): string {
    return translate(this.store.language.value, key, values);
  }

  /** The name of something that the engine knows by id: `name("optimizer", "adam")`. The id itself if it has none. */
  name(table: string, id: string): string {
    return lookUp(this.store.language.value, `${table}.${id}`) ?? id;
  }

  /** Its sentence of help; empty if it has none, a blank where it has yet to be fetched (by who asks for help). */
  help(table: string, id: string): string {
    const language = this.store.language.value;
    const key = `${table}.${id}.help`;
    return isAwaited(language, key) ? " " : lookUp(language, key) ?? "";
  }

  /** A control as the embedding page wants it: absent, or there and out of use, which it says to those who cannot see it. */
  control(id: ControlId, content: () => unknown): TemplateResult | typeof nothing {
    const state = this.store.control.value(id);
    if (state === "hidden") return nothing;
    if (state === "shown") return html`${content()}`;
    return html`<fieldset class="bare locked" disabled title=${this.t("ui.locked")}><legend class="visually-hidden">${this.t("ui.locked")}</legend>${content()}</fieldset>`;
  }

  number(value: number, digits = 3): string {
    return formatNumber(this.store.language.value, value, digits);
  }

  fixed(value: number, digits: number): string {
    return formatFixed(this.store.language.value, value, digits);
  }

  /** So many digits, and "12K" for twelve thousand. */
  compact(value: number, digits: number): string {
    return formatCompact(this.store.language.value, value, digits);
  }

  /** A share as a percentage with so many decimals. */
  percentage(share: number, digits = 1, least = digits): string {
    return formatPercent(this.store.language.value, share, digits, least);
  }

  /** A measured figure; a dash where there is none. */
  figure(value: number | undefined): string {
    return formatFigure(this.store.language.value, value);
  }

  /** Called inside an effect: reads signals, draws. Nothing by default. */
  protected watch(): void {}

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.#stopRender?.();
    this.#stopRender = undefined;
    // Taken off the page before its turn came: it follows nothing any more, since nobody would end that.
    if (!this.isConnected) return super.performUpdate();
    let first = true;
    this.#stopRender = effect(() => {
      if (first) {
        first = false;
        super.performUpdate();
      } else {
        this.requestUpdate();
      }
    });
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    if (this.isConnected) this.#startWatching();
  }

  #startWatching(): void {
    this.#stopWatch ??= effect(() => this.watch());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.requestUpdate();
    this.#startWatching();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopRender?.();
    this.#stopWatch?.();
    this.#stopRender = this.#stopWatch = undefined;
  }
}
