/** What the engine refused, changed of its own accord, or failed at: beside its control, else in the line that says what is happening. */

import { html, nothing, type TemplateResult } from "lit";
import { define } from "./define.js";
import { lookUp, type Values } from "../i18n/index.js";
import type { Message, Store } from "../state/store.js";
import { engineReason } from "../panels/transport/engine-details.js";
import { icons } from "./icons.js";
import { mendOf } from "./mends.js";
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
    const fallback = (refusal as { message?: string }).message ?? code;
    const named: Values = { field: fieldName(store, field), message: fallback };
    for (const [name, value] of Object.entries(values)) named[name] = readable(store, name, value);
    // The sentence has its own point.
    named["message"] = String(named["message"]).replace(/\.$/, "");
    const inner = code === "pairing" ? `pairing.${values.rule}` : code === "not_now" ? `not_now.${values.reason}` : null;
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

/** What would make the wish possible, as a button. */
function mendButton(store: Store, message: Message): TemplateResult | typeof nothing {
  const mend = mendOf(store, message);
  return mend ? html` <button type="button" class="text-button" data-testid="mend" @click=${(event: Event) => {
    event.stopPropagation();
    store.message.value = null;
    void store.actions.patch(mend.patch, message.field);
  }}>${mend.label}</button>` : nothing;
}

export class FieldMessage extends View {
  static override properties = { ...View.properties, path: {} };
  declare path: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this.store?.places.add(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store?.places.delete(this);
  }

  /** What is to be said here, if anything. */
  get #mine(): Message | null {
    const message = this.store.message.value;
    return message?.kind === "refusal" && message.field === this.path ? message : null;
  }

  protected override render(): TemplateResult {
    if (this.isConnected) this.store.places.add(this);
    // What the engine changed of its own accord shows itself where it stands.
    const adapted = this.store.message.value?.adapted?.some(({ field }) => field === this.path) ?? false;
    this.parentElement?.toggleAttribute("data-flash", adapted);
    const message = this.#mine;
    return html`<div role="status" aria-live="polite">${message ? html`<p class="refusal" @click=${() => { this.store.message.value = null; }}>${sentence(this.store, message)}${
      mendButton(this.store, message)}</p>` : nothing}</div>`;
  }

  /** It must be seen: closed groups around it open; where it still is not (its part is not shown), it stands at the page's foot. */
  protected override updated(): void {
    const message = this.#mine;
    if (!message || message === this.#shown) return;
    this.#shown = message;
    for (let group = this.closest("details"); group; group = group.parentElement?.closest("details") ?? null) group.open = true;
    const root = this.getRootNode() as ShadowRoot;
    const seen = [...root.querySelectorAll<FieldMessage>("np-field-message")].filter(({ path }) => path === this.path).some((each) => each.checkVisibility());
    if (!seen) this.store.message.value = { ...message, field: "" };
    // Who works here is led there; a page around that asked by script is not moved.
    else if (root.activeElement && this.checkVisibility()) this.querySelector(".refusal")?.scrollIntoView({ block: "nearest" });
  }

  #shown: Message | null = null;
}

export class PageMessages extends View {
  protected override render(): TemplateResult {
    return html`${this.#replay()}${this.#message()}`;
  }

  /** What a link set going can be seen and stopped, whatever else it hides. */
  #replay(): TemplateResult | typeof nothing {
    const { replay, reading: frame, message } = this.store;
    if (!replay.value) return nothing;
    const { steps, halt } = replay.value;
    const text = this.t("link.replaying", { steps: this.number(steps, 0) });
    return html`<div part="message" class="toast notice replay ${message.value ? "above" : ""}" role="group" aria-label=${text} data-testid="replay">
      <p>${text}<progress aria-label=${text} max=${steps} .value=${Math.min(steps, frame.value?.step ?? 0)}></progress></p>
      <button type="button" class="button small" data-testid="replay-stop" @click=${halt}>${this.t("link.stop")}</button></div>`;
  }

  #message(): TemplateResult {
    const message = this.store.message.value;
    const elsewhere = message?.kind === "refusal" && this.store.places.has(message.field);
    return html`<div role="status" aria-live="polite">${message && !elsewhere ? html`<div part="message" class="toast ${message.kind}">
      <p>${sentence(this.store, message)}</p>
      ${mendButton(this.store, message)}
      ${message.engine ? html`<button type="button" class="text-button" data-testid="engine-lost-retry"
        @click=${() => void this.store.actions.setBackend(message.engine!.choice)}>${this.t("ui.engine_retry")}</button>` : nothing}
      <button type="button" class="icon-button quiet" aria-label=${this.t("ui.dismiss")} @click=${() => { this.store.message.value = null; }}>${icons.close}</button>
    </div>` : nothing}</div>`;
  }
}

define("np-field-message", FieldMessage);
define("np-page-messages", PageMessages);
