/** Pulls the newest frame on an animation frame while there is something to see: one request in flight, none queued. */

import { effect } from "@preact/signals-core";
import type { Actions } from "./actions.js";
import type { Frame, FrameWants } from "./engine/types.js";
import type { Seen } from "./sight.js";
import type { Store } from "./store.js";
import { LARGEST_MAP } from "./views/network-layout.js";

/** Neurons' maps are as fine as they are drawn, but no coarser than sentences are read off them, and no finer than can be told. */
const MAP_POINTS = [36, 64] as const;
/** Finer than a boundary bends; a curve over a line costs next to nothing. */
const OUTPUT_POINTS = { plane: 100, line: 400 };
/** While it trains, what is out of sight is asked for only so often, in milliseconds: sentences speak of all there is. */
const WHOLE_PERIOD = 200;
const WRONG_DIGITS = 24;
/** Large pictures (images of weights, wrong digits) are asked for only so often while training, in milliseconds. */
const SLOW_PERIOD = 500;

export class FrameLoop {
  #handle = 0;
  #inFlight = false;
  #lastSlow = -Infinity;
  #lastWhole = -Infinity;
  #wasWhole = true;
  /** Maps that are shown no more: the engine fills their arrays again. */
  #spare: Pick<Frame, "maps" | "output"> | null = null;
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
    void this.#fetch(slow, now).finally(() => {
      this.#inFlight = false;
    });
  };

  /** What is wanted of the maps: `whole` as they are drawn, and while it trains what of them is in sight. */
  #maps(now: number): { whole: Seen; seen: Seen | null } {
    const { store } = this;
    const kind = store.summary.value?.kind;
    const drawn = kind === "plane" || kind === "line";
    const pixels = store.sight?.pixels() ?? LARGEST_MAP * devicePixelRatio;
    const resolution = Math.ceil(Math.min(MAP_POINTS[1], Math.max(MAP_POINTS[0], pixels)));
    const whole = {
      maps: drawn ? { resolution, hidden: true } : null,
      output: drawn ? { resolution: OUTPUT_POINTS[kind], ...(store.shown.value ?? {}) } : null,
    };
    // Still pictures are whole: they are printed and saved.
    const moving = drawn && store.playing.value && store.frame.value?.maps?.resolution === resolution && (this.#wasWhole || now - this.#lastWhole < WHOLE_PERIOD);
    const seen = (moving && store.sight?.of(whole, store)) || null;
    this.#wasWhole = !seen;
    if (!seen) this.#lastWhole = now;
    return { whole, seen };
  }

  async #fetch(slow: boolean, now: number): Promise<void> {
    const { store } = this;
    const asked = store.summary.value;
    const { whole, seen } = this.#maps(now);
    const drawn = whole.maps !== null;
    const wants: FrameWants = {
      ...(seen ?? whole),
      weights: drawn || slow,
      gradients: drawn && (store.gradientsShown.value || store.parameter.value !== null),
      activations: store.pictured.value === "hidden" ? store.bentBy.value?.layer ?? null : null,
      history: true,
      digits: asked?.kind === "digits" && slow ? { wrong: WRONG_DIGITS } : null,
    };
    const reuse = this.#spare ?? {};
    this.#spare = null;
    let frame: Frame;
    try {
      frame = await this.actions.engine.frame(wants, { reuse });
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
    this.#spare = seen && store.sight ? store.sight.complete(frame, before) : before;
    store.frame.value = frame;
  }
}
