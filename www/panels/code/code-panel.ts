/** The present config as a program of Keras or PyTorch, which prints the page's own figures from the page's own rows and weights. */

import { parser } from "@lezer/python";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { html, nothing, type TemplateResult } from "lit";
import { dataOf } from "../../engine/data-kinds.js";
import { numpy, references } from "../../engine/references.js";
import type { NamedTensor } from "../../engine/types.js";
import { copyText, download } from "../../share/carry.js";
import { define } from "../../ui/define.js";
import { View } from "../../ui/view.js";
import { ownFile, pointsFile, startFile } from "./data-file.js";
import { kerasProgram } from "./keras.js";
import { DATA_FILE, START_FILE, type Library, type Program, type Subject } from "./program.js";
import { pytorchProgram } from "./pytorch.js";
import styles from "./code.css?inline";

/** Libraries by their own names. */
const LIBRARIES: Record<Library, { name: string; write: (subject: Subject) => Program }> = {
  keras: { name: "Keras 3", write: kerasProgram },
  pytorch: { name: "PyTorch", write: pytorchProgram },
};
/** Epochs of the program where the config has no end. */
const EPOCHS = 100;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

export class CodePanel extends View {
  static override properties = { ...View.properties, library: { state: true }, sameStart: { state: true }, said: { state: true } };
  declare private library: Library;
  declare private sameStart: boolean;
  declare private said: "" | "copied" | "copy_failed";

  constructor() {
    super();
    this.library = "keras";
    this.sameStart = false;
    this.said = "";
  }

  protected override render(): TemplateResult | typeof nothing {
    const subject = this.#subject();
    if (!subject) return nothing;
    const { text, missing } = LIBRARIES[this.library].write(subject);
    const { image } = dataOf(subject.summary);
    return html`<div class="code-panel">
      <div class="code-bar">
        <fieldset class="bare code-libraries"><legend class="visually-hidden">${this.t("code.library")}</legend>${(Object.keys(LIBRARIES) as Library[]).map((library) => html`<label class="choice">
          <input type="radio" name="np-code-library" .checked=${this.library === library} @change=${() => this.#choose(library)}> <span>${LIBRARIES[library].name}</span></label>`)}</fieldset>
        <label class="choice"><input type="checkbox" data-testid="code-same-start" .checked=${this.sameStart} @change=${(event: Event) => { this.sameStart = (event.target as HTMLInputElement).checked; this.said = ""; }}>
          <span>${this.t("code.same_start")}</span></label>
        <span class="code-actions">
          <button type="button" class="button" data-testid="code-copy" @click=${() => void this.#copy(text)}>${this.t("code.copy")}</button>
          <button type="button" class="button" data-testid="code-save" @click=${() => this.#save(text, `${this.library}_network.py`)}>${this.t("code.save")}</button>
          ${image ? nothing : html`<button type="button" class="button" data-testid="code-data" @click=${() => void this.#saveRows(subject)}>${this.t("code.save_file", { file: DATA_FILE })}</button>`}
          ${this.sameStart ? html`<button type="button" class="button" data-testid="code-start" @click=${() => void this.#saveStart()}>${this.t("code.save_file", { file: START_FILE })}</button>` : nothing}
        </span>
        <span class="hint" role="status">${this.said ? this.t(`code.${this.said}`) : nothing}</span>
      </div>
      <p class="hint">${this.t(image ? "code.about_digits" : this.sameStart ? "code.about_same" : "code.about")}</p>
      ${missing.map(({ what, value }) => html`<p class="hint code-missing">${this.t("code.missing", { library: LIBRARIES[this.library].name, what: this.#nameOf(what), value })}</p>`)}
      <pre class="code" tabindex="0" role="region" aria-label=${this.t("code.program", { library: LIBRARIES[this.library].name })} data-testid="code-program"><code>${highlighted(text)}</code></pre>
    </div>`;
  }

  #subject(): Subject | null {
    const { config, summary, actions } = this.store;
    if (!config.value || !summary.value) return null;
    return {
      config: config.value, summary: summary.value, references, columns: numpy[summary.value.kind] ?? {},
      epochs: config.value.training.stop.epochs || EPOCHS,
      sameStart: this.sameStart, ownSplit: Boolean(actions.engine.customData?.split),
    };
  }

  /** `param.eps`, `schedule.cyclic`, `metric.f1_macro`: as the page calls them. */
  #nameOf(what: string): string {
    const [table = "", ...id] = what.split(".");
    return this.name(table, id.join("."));
  }

  #choose(library: Library): void {
    this.library = library;
    this.said = "";
  }

  async #copy(text: string): Promise<void> {
    this.said = (await copyText(text)) ? "copied" : "copy_failed";
  }

  #save(text: string, name: string): void {
    download(new Blob([text], { type: "text/plain" }), name);
  }

  async #saveRows({ summary }: Subject): Promise<void> {
    const { engine } = this.store.actions;
    const own = dataOf(summary).own ? engine.customData : null;
    this.#save(own ? ownFile(own, summary.input_count) : pointsFile(await engine.points()), DATA_FILE);
  }

  async #saveStart(): Promise<void> {
    const weights: NamedTensor[] = await this.store.actions.engine.weights();
    this.#save(startFile(weights), START_FILE);
  }
}

/** Python in its colours; elements and text, no markup, so that any policy of the page allows it. */
function highlighted(text: string): unknown[] {
  const parts: unknown[] = [];
  highlightCode(text, parser.parse(text), classHighlighter, (piece, classes) => { parts.push(classes ? html`<span class=${classes}>${piece}</span>` : piece); }, () => { parts.push("\n"); });
  return parts;
}

define("np-code-panel", CodePanel);
