/** Keeps the plain-language line calm: a new sentence must hold for a while, and none is replaced before it can be read. */

import type { Sentence } from "./narration.js";

/** No sentence stands shorter than this, in milliseconds: five words or so are read in that time. */
export const LEAST_STAY = 1500;
/** What is new must have been true for so long, so that figures at a threshold do not make it flicker. */
export const LEAST_HOLD = 800;

export class Narrator {
  #shown: readonly Sentence[] = [];
  #since = -Infinity;
  #next = "";
  #nextSince = 0;

  get shown(): readonly Sentence[] {
    return this.#shown;
  }

  /** Takes what is true now, at `now` milliseconds; returns what should stand there. */
  offer(sentences: readonly Sentence[], now: number): readonly Sentence[] {
    const key = keyOf(sentences);
    if (key !== this.#next) {
      this.#next = key;
      this.#nextSince = now;
    }
    const first = this.#shown.length === 0;
    const held = now - this.#nextSince >= LEAST_HOLD || key === keyOf(this.#shown);
    if (first || (held && now - this.#since >= LEAST_STAY)) this.#show(sentences, now);
    return this.#shown;
  }

  /** At once: when training stops, what stands there must be true of what is seen. */
  settle(sentences: readonly Sentence[], now: number): readonly Sentence[] {
    this.#next = keyOf(sentences);
    this.#nextSince = now;
    this.#show(sentences, now);
    return this.#shown;
  }

  /** Another run: nothing is known of it. */
  forget(): void {
    this.#shown = [];
    this.#since = -Infinity;
  }

  #show(sentences: readonly Sentence[], now: number): void {
    if (JSON.stringify(sentences) === JSON.stringify(this.#shown)) return;
    this.#shown = sentences;
    this.#since = now;
  }
}

function keyOf(sentences: readonly Sentence[]): string {
  return sentences.map(({ key, values }) => `${key} ${values.class ?? ""}`).join("|");
}
