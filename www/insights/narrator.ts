/** Keeps the plain-language line calm: a new sentence must hold for a while, and none is replaced before it can be read. */

import type { Sentence } from "./narration.js";

/** The line stands at least so long, in milliseconds: five words or so are read in that time. */
export const LEAST_STAY = 1500;
/** What is new must have been true for so long, so that figures at a threshold do not make it flicker ... */
export const LEAST_HOLD = 800;
/** ... but what has not been true for so long does not stay, whatever is true instead. */
export const LONGEST_UNTRUE = 2500;

/** One place in the line: boundary and curves have one each, and wait for themselves alone. */
class Place {
  shown: Sentence | null = null;
  #next = "";
  #nextSince = 0;
  #trueAt = 0;

  /** Whether what is true now should be shown. */
  wants(sentence: Sentence | null, now: number): boolean {
    const key = keyOf(sentence);
    if (key !== this.#next) {
      this.#next = key;
      this.#nextSince = now;
    }
    if (key === keyOf(this.shown)) {
      this.#trueAt = now;
      return JSON.stringify(sentence) !== JSON.stringify(this.shown);
    }
    return now - this.#nextSince >= LEAST_HOLD || now - this.#trueAt >= LONGEST_UNTRUE;
  }

  show(sentence: Sentence | null, now: number): void {
    this.shown = sentence;
    this.#next = keyOf(sentence);
    this.#trueAt = now;
  }
}

export class Narrator {
  #places = [new Place(), new Place()];
  #shown: readonly Sentence[] = [];
  #since = -Infinity;

  get shown(): readonly Sentence[] {
    return this.#shown;
  }

  /** Takes what is true now, at `now` milliseconds; returns what should stand there. */
  offer(sentences: readonly Sentence[], now: number): readonly Sentence[] {
    const first = this.#shown.length === 0;
    const free = first || now - this.#since >= LEAST_STAY;
    this.#places.forEach((place, at) => {
      const sentence = sentences.find((each) => placeOf(each) === at) ?? null;
      // Every place is asked, so that each knows since when something holds.
      if ((place.wants(sentence, now) && free) || first) place.show(sentence, now);
    });
    return this.#update(now);
  }

  /** At once: when training stops, what stands there must be true of what is seen. */
  settle(sentences: readonly Sentence[], now: number): readonly Sentence[] {
    this.#places.forEach((place, at) => place.show(sentences.find((each) => placeOf(each) === at) ?? null, now));
    return this.#update(now);
  }

  /** Another run: nothing is known of it. */
  forget(): void {
    this.#places = [new Place(), new Place()];
    this.#shown = [];
    this.#since = -Infinity;
  }

  #update(now: number): readonly Sentence[] {
    const shown = this.#places.map((place) => place.shown).filter((each) => each !== null);
    if (JSON.stringify(shown) !== JSON.stringify(this.#shown)) {
      this.#shown = shown;
      this.#since = now;
    }
    return this.#shown;
  }
}

function placeOf({ key }: Sentence): number {
  return key.startsWith("tell.boundary") ? 0 : 1;
}

function keyOf(sentence: Sentence | null): string {
  return sentence ? `${sentence.key} ${sentence.values.class ?? ""}` : "";
}
