/** The page's one box for a typed number: what is typed stands until it is read, and what cannot be read is said beside it. */

import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { readNumber } from "./read-number.js";

/** How a box is spoken to and marked. */
interface Field {
  /** Tells the boxes of one view apart. */
  id?: string;
  /** The number as it is shown while nobody types. */
  text: string;
  label?: string;
  integer?: boolean;
  /** It is typed and shown in per cent. */
  percent?: boolean;
  readonly?: boolean;
  /** From the focus on frames do not write into it, and its text is chosen. */
  held?: boolean;
  part?: string;
  commit: (value: number) => void;
  /** So many notches by arrow and page keys, the smaller ones with Shift. */
  step?: (notches: number, fine: boolean) => void;
}

/** Notches of the keys that change a number. */
export const NOTCHES: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** The boxes of one view. */
export class NumberFields {
  readonly #host: ReactiveControllerHost;
  readonly #language: () => string;
  /** The box that is typed into. */
  #typed: { id: string; text: string } | null = null;
  /** The box whose text is no number. */
  #wrong: string | null = null;

  constructor(host: ReactiveControllerHost, language: () => string) {
    this.#host = host;
    this.#language = language;
  }

  /** Whether somebody types: then nothing else writes into the box. */
  get typing(): boolean {
    return this.#typed !== null;
  }

  /** Forgets what was typed and not read. */
  drop(): void {
    if (!this.#typed && this.#wrong === null) return;
    this.#typed = this.#wrong = null;
    this.#host.requestUpdate();
  }

  box(field: Field): TemplateResult {
    const { id = "", label, part, integer = false, readonly = false } = field;
    const text = this.#typed?.id === id ? this.#typed.text : field.text;
    return html`<input class="value" part=${ifDefined(part)} type="text" inputmode=${integer ? "numeric" : "decimal"} autocomplete="off" spellcheck="false"
      .value=${live(text)} size=${Math.max(3, text.length)} aria-label=${ifDefined(label)} aria-invalid=${this.#wrong === id ? "true" : nothing} ?readonly=${readonly}
      @focus=${(event: Event) => { if (field.held) this.#hold(event.target as HTMLInputElement, id); }}
      @input=${(event: Event) => this.#type(event.target as HTMLInputElement, id)} @change=${() => this.read(field)}
      @blur=${() => { if (this.#typed?.id === id && this.#wrong !== id) this.drop(); }}
      @keydown=${(event: KeyboardEvent) => this.#key(event, field)}>`;
  }

  /** What is wrong with what was typed; `words` says it, and is asked only then: the words may have yet to be fetched. */
  message(words: () => string): TemplateResult | typeof nothing {
    return this.#wrong === null ? nothing : html`<p class="refusal" role="alert">${words()}</p>`;
  }

  /** Reads what was typed; false, and said, where it is no number. */
  read({ id = "", percent = false, commit }: Field): boolean {
    if (this.#typed?.id !== id) return true;
    const value = readNumber(this.#typed.text, { language: this.#language(), percent });
    if (value === null) {
      this.#wrong = id;
      this.#host.requestUpdate();
      return false;
    }
    this.drop();
    commit(value);
    return true;
  }

  #hold(input: HTMLInputElement, id: string): void {
    this.#typed ??= { id, text: input.value };
    input.select();
  }

  #type(input: HTMLInputElement, id: string): void {
    this.#typed = { id, text: input.value };
    this.#wrong = null;
    this.#host.requestUpdate();
  }

  #key(event: KeyboardEvent, field: Field): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const notches = NOTCHES[event.key];
    if (event.key === "Escape" && this.#typed?.id === (field.id ?? "")) {
      event.preventDefault();
      event.stopPropagation();
      this.drop();
    } else if (notches && field.step && !field.readonly) {
      event.preventDefault();
      if (this.read(field)) field.step(notches, event.shiftKey);
    }
  }
}
