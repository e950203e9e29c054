/** Pulls the newest frame on an animation frame while there is something to see: one request in flight, none queued. */

import { effect } from "@preact/signals-core";
import type { Actions } from "./actions.js";
import type { Frame, FrameWants } from "./engine/types.js";
import type { Store } from "./store.js";

const MAP_RESOLUTION = 36;
const OUTPUT_RESOLUTION = 100;
const WRONG_DIGITS = 24;
/** Large pictures (images of weights, wrong digits) are asked for only so often while training, in milliseconds. */
const SLOW_PERIOD = 500;

export class FrameLoop {
  #handle = 0;
  #inFlight = false;
  #lastSlow = -Infinity;
  #stops: (() => void)[];
  #visible = true;

  constructor(readonly store: Store, readonly actions: Actions) {
    this.#stops = [effect(() => {
      store.shown.value;
      store.tab.value;
      store.gradientsShown.value;
      store.parameter.value;
      store.pictured.value;
      store.bentBy.value;
      actions.dirty = true;
    })];
    this.#handle = requestAnimationFrame(this.#tick);
  }

  set visible(visible: boolean) {
    this.#visible = visible;
    if (visible) this.actions.dirty = true;
  }

  stop(): void {
    cancelAnimationFrame(this.#handle);
    this.#stops.forEach((stop) => stop());
  }

  #tick = (now: number): void => {
    this.#handle = requestAnimationFrame(this.#tick);
    const { store, actions } = this;
    if (this.#inFlight || !this.#visible || !(store.playing.value || actions.dirty)) return;
    const slow = !store.playing.value || now - this.#lastSlow > SLOW_PERIOD;
    if (slow) this.#lastSlow = now;
    actions.dirty = false;
    this.#inFlight = true;
    void this.#fetch(this.#wants(slow)).finally(() => {
      this.#inFlight = false;
    });
  };

  #wants(slow: boolean): FrameWants {
    const kind = this.store.summary.value?.kind;
    const drawn = kind === "plane" || kind === "line";
    const shown = this.store.shown.value;
    return {
      maps: drawn ? { resolution: MAP_RESOLUTION, hidden: true } : null,
      output: drawn ? { resolution: OUTPUT_RESOLUTION, ...(shown ?? {}) } : null,
      weights: drawn || slow,
      gradients: drawn && (this.store.gradientsShown.value || this.store.parameter.value !== null),
      activations: this.store.pictured.value === "hidden" ? this.store.bentBy.value?.layer ?? null : null,
      history: true,
      digits: kind === "digits" && slow ? { wrong: WRONG_DIGITS } : null,
    };
  }

  async #fetch(wants: FrameWants): Promise<void> {
    const { store } = this;
    const asked = store.summary.value;
    let frame: Frame;
    try {
      frame = await this.actions.engine.frame(wants);
    } catch (error) {
      // Asked of a network that another has replaced meanwhile.
      if (store.summary.value === asked) throw error;
      this.actions.dirty = true;
      return;
    }
    const before = store.frame.value;
    if (frame.run < store.run.value) return;
    if (before && before.run === frame.run) {
      frame.digits ??= before.digits;
      frame.weights ??= before.weights;
    }
    store.frame.value = frame;
  }
}
