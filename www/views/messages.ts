/** What the engine refused, changed of its own accord, or failed at: beside its control, else at the page's foot. */

import { html, nothing, type TemplateResult } from "lit";
import { lookUp, type Values } from "../i18n/index.js";
import type { Message, Store } from "../store.js";
import { engineReason } from "./engine-details.js";
import { icons } from "./icons.js";
import { View } from "./view.js";

/** The name of the field at a path: a field of the config, or a parameter of a chosen row. */
export function fieldName(store: Store, path: string): string {
  const language = store.language.value;
  const form = path.replace(/\[\d+\]/g, "[]");
  const last = form.split(".").at(-1) ?? form;
  return lookUp(language, `field.${form}`) ?? lookUp(language, `param.${last}`) ?? path;
}

/** The sentence of a message in the visitor's language. */
export function sentence(store: Store, message: Message): string {
  const language = store.language.value;
  const { refusal } = message;
  if (refusal) {
    const { code, field, values } = refusal;
    const named: Values = { field: fieldName(store, field) };
    for (const [name, value] of Object.entries(values)) named[name] = readable(store, name, value);
    const inner = code === "pairing" ? `pairing.${values.rule}` : code === "not_now" ? `not_now.${values.reason}` : null;
    const fallback = (refusal as { message?: string }).message ?? code;
    return (inner && lookUp(language, inner, named)) ?? lookUp(language, `error.${code}`, named) ?? fallback;
  }
  if (message.adapted) {
    return message.adapted.map(({ field, from, to }) => lookUp(language, "ui.adapted", {
      field: fieldName(store, field), from: idName(store, field, from), to: idName(store, field, to),
    }) ?? "").join(lookUp(language, "ui.sentence_gap") ?? " ");
  }
  if (message.notices) return message.notices.map(({ key, values }) => lookUp(language, key, values) ?? key).join(lookUp(language, "ui.sentence_gap") ?? " ");
  if (message.engine) return engineReason(store, message.engine);
  if (message.restored) return lookUp(language, `restarted.${message.restored}`) ?? "";
  if (message.returned) return lookUp(language, `returned.${message.returned}`) ?? "";
  return lookUp(language, "ui.failure", { text: message.text ?? "" }) ?? "";
}

function readable(store: Store, name: string, value: string | number): string | number {
  const number = Number(value);
  if (value !== "" && Number.isFinite(number)) return number;
  const table = name === "loss" ? "loss" : name === "output" ? "activation" : null;
  return (table && lookUp(store.language.value, `${table}.${value}`)) ?? value;
}

/** The name of a table's row when the field holds an id, else the value as it is. */
export function idName(store: Store, field: string, value: string): string {
  const last = field.split(".").at(-1) ?? "";
  const table = last.endsWith("initializer") ? "initializer" : last;
  return lookUp(store.language.value, `${table}.${value}`) ?? value;
}

export class FieldMessage extends View {
  static override properties = { ...View.properties, path: {} };
  declare path: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this.store?.places.add(this.path);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store?.places.delete(this.path);
  }

  protected override render(): TemplateResult | typeof nothing {
    this.store.places.add(this.path);
    const message = this.store.message.value;
    const mine = message && message.field === this.path && message.kind === "refusal";
    return html`<div role="status" aria-live="polite">${mine ? html`<p class="refusal" @click=${() => { this.store.message.value = null; }}>${sentence(this.store, message)}</p>` : nothing}</div>`;
  }
}

export class PageMessages extends View {
  protected override render(): TemplateResult {
    const message = this.store.message.value;
    const elsewhere = message?.kind === "refusal" && this.store.places.has(message.field);
    return html`<div role="status" aria-live="polite">${message && !elsewhere ? html`<div part="message" class="toast ${message.kind}">
      <p>${sentence(this.store, message)}</p>
      ${message.engine ? html`<button type="button" class="text-button" data-testid="engine-lost-retry"
        @click=${() => void this.store.actions.setBackend(message.engine!.choice)}>${this.t("ui.engine_retry")}</button>` : nothing}
      <button type="button" class="icon-button quiet" aria-label=${this.t("ui.dismiss")} @click=${() => { this.store.message.value = null; }}>${icons.close}</button>
    </div>` : nothing}</div>`;
  }
}

customElements.define("field-message", FieldMessage);
customElements.define("page-messages", PageMessages);
