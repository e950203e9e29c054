/** What boundary and curves are doing, from frame to frame: measures, finds the sentences, and keeps them calm. */

import type { Frame } from "../engine/types.js";
import { shareMoved } from "./boundary.js";
import { factsOf } from "./facts.js";
import { narrate, type Sentence } from "./narration.js";
import { Narrator } from "./narrator.js";
import type { Store } from "../state/store.js";

/** While it plays the figures are read so often, in milliseconds. */
const READ_PERIOD = 400;
/** The map is compared with that of so long ago: a boundary that moves unseen is standing. */
const MAP_PERIOD = 2000;
/** A look that finds more than this share of the map in the other class has seen it swing; of so many looks so many make a swinging boundary. */
const SWING = 0.15;
const LOOKS = 5;
const SWINGS = 3;

export class Teller {
  readonly #narrator = new Narrator();
  #readAt = -Infinity;
  #read: Frame | null = null;
  #map: { at: number; cells: Float32Array } | null = null;
  /** The map of the last look, and whether each of the last looks saw it swing. */
  #last: Float32Array | null = null;
  #swings: boolean[] = [];

  /** The sentences for this frame, of a network that has trained; figures are read now and then. */
  tell(frame: Frame, { config, summary, playing }: Pick<Store, "config" | "summary" | "playing">, now = performance.now()): readonly Sentence[] {
    // A frame of what is in sight has the rest from an earlier moment: sentences wait for a whole one.
    if (!config.value || !summary.value || frame === this.#read || frame.maps?.units) return this.#narrator.shown;
    const read = this.#read;
    if (read && (read.run !== frame.run || read.changed_step !== frame.changed_step)) this.#forget();
    else if (playing.value && now - this.#readAt < READ_PERIOD) return this.#narrator.shown;
    this.#readAt = now;
    this.#read = frame;
    const swinging = playing.value && this.#swings.filter(Boolean).length >= SWINGS;
    const { facts, map } = factsOf(frame, config.value, summary.value, { map: playing.value ? (this.#map?.cells ?? null) : null, swinging });
    if (map) {
      if (!this.#map || now - this.#map.at > MAP_PERIOD) this.#map = { at: now, cells: map };
      if (this.#last) this.#swings = [...this.#swings, shareMoved(this.#last, map) > SWING].slice(-LOOKS);
      this.#last = map;
    }
    const sentences = narrate(facts);
    return playing.value ? this.#narrator.offer(sentences, now) : this.#narrator.settle(sentences, now);
  }

  /** Another run, or other settings: nothing is known of it. */
  #forget(): void {
    this.#narrator.forget();
    this.#map = this.#last = null;
    this.#swings = [];
  }
}
