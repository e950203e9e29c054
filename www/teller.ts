/** What boundary and curves are doing, from frame to frame: measures, finds the sentences, and keeps them calm. */

import type { Frame } from "./engine/types.js";
import { factsOf } from "./facts.js";
import { narrate, type Sentence } from "./narration.js";
import { Narrator } from "./narrator.js";
import type { Store } from "./store.js";

/** While it plays the figures are read so often, in milliseconds. */
const READ_PERIOD = 400;
/** The map is compared with that of so long ago: a boundary that moves unseen is standing. */
const MAP_PERIOD = 2000;

export class Teller {
  readonly #narrator = new Narrator();
  #readAt = -Infinity;
  #read: Frame | null = null;
  #map: { at: number; run: number; cells: Float32Array } | null = null;

  /** The sentences for this frame, of a network that has trained; figures are read now and then. */
  tell(frame: Frame, { config, summary, playing }: Store): readonly Sentence[] {
    // A frame of what is in sight has the rest from an earlier moment: sentences wait for a whole one.
    if (!config.value || !summary.value || frame === this.#read || frame.maps?.units) return this.#narrator.shown;
    const now = performance.now();
    if (this.#read && this.#read.run !== frame.run) this.#narrator.forget();
    else if (playing.value && now - this.#readAt < READ_PERIOD) return this.#narrator.shown;
    this.#readAt = now;
    this.#read = frame;
    const before = this.#map?.run === frame.run && playing.value ? this.#map.cells : null;
    const { facts, map } = factsOf(frame, config.value, summary.value, before);
    if (map && (!this.#map || this.#map.run !== frame.run || now - this.#map.at > MAP_PERIOD)) this.#map = { at: now, run: frame.run, cells: map };
    const sentences = narrate(facts);
    return playing.value ? this.#narrator.offer(sentences, now) : this.#narrator.settle(sentences, now);
  }
}
