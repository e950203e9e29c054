/** The dialog behind the share button: a link, code to embed, images, and a field to open a link. */

import { html, nothing, render, type TemplateResult } from "lit";
import { dataOf } from "../engine/data-kinds.js";
import { define } from "../ui/define.js";
import { Engine } from "../engine/index.js";
import { capture, isReplayable, type Captured } from "../links/capture.js";
import { encodeLink, MAX_STEPS } from "../links/link.js";
import { openInPage } from "../links/page.js";
import type { Store } from "../state/store.js";
import { icons } from "../ui/icons.js";
import { View } from "../ui/view.js";
import { copyText, pageAddress } from "./carry.js";
import "./embed-section.js";
import "./image-section.js";
import style from "./share.css?inline";

/** No style element: strict policies forbid those. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(style);

/** Longer links are cut by some mail and chat programs. */
const LONG = 2000;

type Check = "unasked" | "checking" | "same" | "different";

export class ShareDialog extends View {
  static override properties = { ...View.properties, link: { state: true }, check: { state: true }, said: { state: true }, steps: { state: true } };
  declare private link: string;
  declare private check: Check;
  declare private said: string;
  /** Updates done when the dialog was opened. */
  declare private steps: number;
  readonly #wishes = { weights: false, points: true, replay: false };
  #probe: Promise<Engine> | null = null;
  #stopCheck: AbortController | null = null;
  /** The newest wish: an answer to an older one is dropped. */
  #turn = 0;
  /** Ends when the link is that of the newest wish. */
  #made: Promise<void> = Promise.resolve();

  constructor() {
    super();
    this.link = this.said = "";
    this.check = "unasked";
    this.steps = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { adoptedStyleSheets } = this.getRootNode() as ShadowRoot;
    if (!adoptedStyleSheets.includes(sheet)) adoptedStyleSheets.push(sheet);
  }

  async show(): Promise<void> {
    await this.updateComplete;
    const { engine } = this.store.actions;
    // What is shared is a moment: the run rests meanwhile.
    if (this.store.playing.value) await this.store.actions.pause();
    this.steps = (await engine.metrics()).step;
    this.querySelector("dialog")!.showModal();
    await this.#renew();
  }

  protected override render(): TemplateResult {
    return html`<dialog class="share" data-testid="share-dialog" aria-label=${this.t("share.title")} @close=${this.#closed} @click=${this.#outside}>
      <div class="share-head"><h2>${this.t("share.title")}</h2>
        <button type="button" class="icon-button quiet" data-testid="share-close" aria-label=${this.t("share.close")} @click=${() => this.querySelector("dialog")!.close()}>${icons.close}</button></div>
      <div class="share-body">${this.#linkSection()}
        <np-embed-section .store=${this.store} .state=${this.#state()}></np-embed-section>
        <np-image-section .store=${this.store}></np-image-section>
        ${this.#pasteSection()}</div>
    </dialog>`;
  }

  #linkSection(): TemplateResult {
    const custom = dataOf(this.store.summary.value).own;
    const canReplay = this.steps > 0 && this.steps <= MAX_STEPS;
    const wish = (name: keyof typeof this.wishes, can = true): TemplateResult => html`<label class="toggle"><input type="checkbox" data-testid="share-${name}"
      .checked=${can && this.wishes[name]} ?disabled=${!can} @change=${(event: Event) => this.#wish(name, (event.target as HTMLInputElement).checked)}>
      <span>${this.t(`share.with_${name}`)}</span></label>`;
    const why = this.steps === 0 ? this.t("share.no_steps") : this.steps > MAX_STEPS ? this.t("share.too_many_steps", { max: this.number(MAX_STEPS, 0) }) : "";
    return html`<section aria-label=${this.t("share.link")}><h3>${this.t("share.link")}</h3>
      <div class="share-wishes">${wish("weights")}${custom ? wish("points") : nothing}${wish("replay", canReplay)}</div>
      <p class="hint" role="status" data-testid="share-check">${why || this.#checkText()}</p>
      <input class="share-text" readonly data-testid="share-link" aria-label=${this.t("share.link")} .value=${this.link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}>
      <div class="share-actions">
        <button type="button" class="button primary" data-testid="copy-link" @click=${this.#copy}>${this.t("share.copy_link")}</button>
        ${"share" in navigator ? html`<button type="button" class="button" ?disabled=${!this.link} @click=${this.#share}>${this.t("share.system")}</button>` : nothing}
        <span class="hint">${this.link ? this.t("share.length", { count: this.number(this.link.length, 0) }) : nothing} ${this.link.length > LONG ? this.t("share.long") : nothing}</span>
        <span class="hint" role="status" data-testid="share-said">${this.said}</span>
      </div></section>`;
  }

  #pasteSection(): TemplateResult {
    return html`<section aria-label=${this.t("share.paste")}><h3>${this.t("share.paste")}</h3>
      <form class="share-actions" @submit=${this.#open}>
        <input class="share-text" name="link" data-testid="paste-link" required autocomplete="off" spellcheck="false" aria-label=${this.t("share.paste_label")} placeholder=${this.t("share.paste_label")}>
        <button class="button" data-testid="open-link">${this.t("share.paste_button")}</button>
      </form></section>`;
  }

  get wishes(): Readonly<Record<"weights" | "points" | "replay", boolean>> {
    return this.#wishes;
  }

  #captured: Captured | null = null;
  #state(): Captured | null {
    return this.#captured;
  }

  #checkText(): string {
    if (this.check === "checking") return this.t("share.checking");
    if (this.check === "unasked") return "";
    return this.t(this.check === "same" ? "share.replays" : "share.replays_not");
  }

  #wish(name: "weights" | "points" | "replay", on: boolean): void {
    this.#wishes[name] = on;
    this.requestUpdate();
    void this.#renew();
  }

  #renew(): Promise<void> {
    return (this.#made = this.#make());
  }

  async #make(): Promise<void> {
    const turn = ++this.#turn;
    this.#stopCheck?.abort();
    this.check = "unasked";
    this.said = "";
    try {
      this.#probe ??= Engine.create({ backend: "cpu", asLink: true });
      const probe = await this.#probe;
      const state = await capture(this.store.actions.engine, this.store, probe, this.#wishes);
      const text = await encodeLink(state);
      if (turn !== this.#turn) return;
      this.#captured = state;
      this.link = `${pageAddress(this.store)}#${text}`;
      if (state.replay) void this.#checkReplay(state, probe, turn);
    } catch (error) {
      if (turn === this.#turn) this.said = this.t("ui.failure", { text: error instanceof Error ? error.message : String(error) });
    }
  }

  /** A promise that others get the same is not made without having tried it. */
  async #checkReplay(state: Captured, probe: Engine, turn: number): Promise<void> {
    this.#stopCheck = new AbortController();
    this.check = "checking";
    try {
      const same = await isReplayable(state, probe, this.#stopCheck.signal);
      if (turn === this.#turn) this.check = same ? "same" : "different";
    } catch {
      // Given up for a newer wish.
    }
  }

  /** The button stays where the keyboard finds it while a link is made; pressed meanwhile, it waits. */
  #copy = async (): Promise<void> => {
    await this.#made;
    if (this.link) this.said = this.t((await copyText(this.link)) ? "share.copied" : "share.copy_failed");
  };

  #share = (): void => {
    void navigator.share({ title: this.t("ui.page_title"), url: this.link }).catch(() => {});
  };

  #open = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem("link") as HTMLInputElement;
    this.querySelector("dialog")!.close();
    await openInPage(input.value, this.store, this.store.actions.engine);
  };

  #outside = (event: MouseEvent): void => {
    if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
  };

  #closed = (): void => {
    this.#turn += 1;
    this.#stopCheck?.abort();
    void this.#probe?.then((probe) => probe.dispose());
    this.#probe = null;
    this.remove();
  };
}

define("np-share-dialog", ShareDialog);

/** Opens the dialog beside `opener`, which gets the focus back when it closes. */
export function openShare(opener: HTMLElement, store: Store): void {
  if (opener.parentElement?.querySelector("np-share-dialog")) return;
  const place = document.createDocumentFragment();
  render(html`<np-share-dialog .store=${store}></np-share-dialog>`, place);
  const dialog = place.querySelector<ShareDialog>("np-share-dialog")!;
  opener.after(dialog);
  void dialog.show();
}
