/** Code for other pages: which parts and controls are shown, which may be changed, how it looks. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { define } from "../ui/define.js";
import type { Captured } from "../links/capture.js";
import { encodeLink } from "../links/link.js";
import { CONTROLS, GROUPS, PARTS, type ControlId, type Part } from "../state/control-policy.js";
import { View } from "../ui/view.js";
import { copyText, embedFolder } from "./carry.js";

const quoted = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

export class EmbedSection extends View {
  static override properties = { ...View.properties, state: { attribute: false }, form: { state: true }, code: { state: true }, said: { state: true }, previewed: { state: true } };
  /** What the link says; null until it is known. */
  declare state: Captured | null;
  declare private form: "tag" | "frame";
  declare private code: string;
  declare private said: string;
  declare private previewed: string;
  #hidden = new Set<ControlId>();
  #locked = new Set<ControlId>();
  #parts = new Set<Part>(PARTS);

  constructor() {
    super();
    this.state = null;
    this.form = "tag";
    this.code = this.said = this.previewed = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { control, parts } = this.store;
    this.#hidden = new Set(CONTROLS.filter((id) => control.value(id) === "hidden"));
    this.#locked = new Set(CONTROLS.filter((id) => control.value(id) === "locked"));
    this.#parts = new Set(parts.value);
  }

  protected override render(): TemplateResult {
    const radio = (form: "tag" | "frame"): TemplateResult => html`<label class="choice"><input type="radio" name="np-embed-form" .checked=${this.form === form}
      @change=${() => { this.form = form; void this.#renew(); }}> <span>${this.t(`share.embed_${form}`)}</span></label>`;
    return html`<section aria-label=${this.t("share.embed")}><h3>${this.t("share.embed")}</h3>
      <div class="share-wishes">${radio("tag")}${radio("frame")}</div>
      <details class="more"><summary>${this.t("share.controls")}</summary>
        <fieldset class="share-controls"><legend>${this.t("share.group.parts")}</legend>
          ${PARTS.map((part) => this.#box(this.t(`share.part.${part}`), "", this.#parts.has(part), (on) => change(this.#parts, part, on), `part-${part}`))}</fieldset>
        ${Object.entries(GROUPS).map(([group, ids]) => html`<fieldset class="share-controls"><legend>${this.name("share.group", group)}</legend>${
          ids.map((id) => this.#control(id))}</fieldset>`)}
      </details>
      <textarea class="share-text" readonly rows="4" data-testid="embed-code" aria-label=${this.t("share.embed")} .value=${this.code}
        @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}></textarea>
      <div class="share-actions"><button type="button" class="button" data-testid="copy-code" @click=${this.#copy}>${this.t("share.copy_code")}</button>
        <span class="hint" role="status">${this.said}</span></div>
      <details class="more share-preview" @toggle=${this.#toggle}><summary>${this.t("share.preview")}</summary>
        ${this.previewed ? html`<div data-testid="embed-preview"></div>` : nothing}</details>
    </section>`;
  }

  #control(id: ControlId): TemplateResult {
    const name = this.name("control", id);
    const shown = !this.#hidden.has(id);
    return html`<div class="share-control"><span>${name}</span>
      ${this.#box(this.t("share.shown"), name, shown, (on) => change(this.#hidden, id, !on), `shown-${id}`)}
      ${this.#box(this.t("share.changeable"), name, shown && !this.#locked.has(id), (on) => change(this.#locked, id, !on), `changeable-${id}`, !shown)}</div>`;
  }

  #box(text: string, of: string, on: boolean, set: (on: boolean) => void, id: string, isOff = false): TemplateResult {
    return html`<label class="choice"><input type="checkbox" data-testid=${id} aria-label=${of ? `${of}: ${text}` : nothing} .checked=${on} ?disabled=${isOff} @change=${(event: Event) => {
      set((event.target as HTMLInputElement).checked);
      this.requestUpdate();
      void this.#renew();
    }}> <span>${text}</span></label>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has("state")) void this.#renew();
    if (changed.has("previewed")) this.#preview();
  }

  /** Ends when the code is that of the newest choice. */
  #made: Promise<void> = Promise.resolve();

  #renew(): Promise<void> {
    return (this.#made = this.#make());
  }

  async #make(): Promise<void> {
    const { state, store } = this;
    if (!state) return;
    const ordered = <T>(all: readonly T[], chosen: Set<T>): T[] => all.filter((each) => chosen.has(each));
    const parts = ordered(PARTS, this.#parts);
    const { parts: _, ...view } = state.view ?? {};
    const hidden = ordered(CONTROLS, this.#hidden);
    const link = await encodeLink({
      ...state, view: parts.length < PARTS.length ? { ...view, parts } : view, hidden, locked: ordered(CONTROLS, this.#locked).filter((id) => !hidden.includes(id)),
    });
    const folder = embedFolder(store);
    const language = store.language.value;
    this.code = this.form === "tag"
      ? `<script type="module" src="${quoted(folder)}playground.js"></script>\n<neural-playground link="${link}" lang="${language}"></neural-playground>`
      : `<iframe src="${quoted(folder)}embed.html#${link}" title="${quoted(this.t("ui.page_title"))}" loading="lazy" sandbox="allow-scripts allow-same-origin" style="width: 100%; height: 640px; border: 0"></iframe>`;
    this.said = "";
    if (this.previewed) this.previewed = link;
    this.#link = link;
  }

  #link = "";

  #toggle = (event: Event): void => {
    this.previewed = (event.target as HTMLDetailsElement).open ? this.#link : "";
  };

  /** The element itself, as the code would make it: a new one for each link. */
  #preview(): void {
    const place = this.querySelector("[data-testid=embed-preview]");
    if (!place || !this.previewed) return;
    const element = document.createElement("neural-playground");
    element.setAttribute("link", this.previewed);
    element.setAttribute("lang", this.store.language.value);
    element.setAttribute("theme", this.store.scheme.value);
    place.replaceChildren(element);
  }

  #copy = async (): Promise<void> => {
    await this.#made;
    if (this.code) this.said = this.t((await copyText(this.code)) ? "share.copied" : "share.copy_failed");
  };
}

function change<T>(set: Set<T>, item: T, on: boolean): void {
  if (on) set.add(item);
  else set.delete(item);
}

define("np-embed-section", EmbedSection);
