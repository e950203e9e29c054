/** Pulls the newest frame on an animation frame while there is something to see: one request in flight, none queued. While nothing
 *  is to be seen, or nothing changes, no animation frame is asked for. */

import { batch, effect, signal } from "@preact/signals-core";
import { dataOf } from "../../engine/data-kinds.js";
import { density } from "../../canvas/density.js";
import type { Actions } from "../actions.js";
import { EngineError } from "../../engine/errors.js";
import type { Frame, FrameWants } from "../../engine/types.js";
import type { Seen } from "./viewport.js";
import type { Store } from "../store.js";
import { LARGEST_MAP } from "../../pictures/network/network-layout.js";

/** Neurons' maps are as fine as they are drawn, but no coarser than sentences are read off them, and no finer than can be told. */
const MAP_POINTS = [36, 64] as const;
/** Finer than a boundary bends; a curve over a line costs next to nothing. */
const OUTPUT_POINTS = { 2: 100, 1: 400 };
/** While it trains, what is out of sight is asked for only so often, in milliseconds: sentences speak of all there is. */
const WHOLE_PERIOD = 200;
const WRONG_DIGITS = 24;
/** Large pictures (images of weights, wrong digits) are asked for only so often while training, in milliseconds. */
const SLOW_PERIOD = 500;
/** Where pictures come at greater distances than this, in milliseconds, the browser cannot draw everything each time: network and output take turns. */
const CROWDED = 21;
/** Text follows so often while training, in milliseconds: whatever writes it has the page laid out again. Sentences wait for whole frames. */
const READING_PERIOD = { whole: 125, part: 250 };

export class FrameLoop {
  #handle = 0;
  readonly #inFlight = signal(false);
  readonly #visible = signal(true);
  #lastSlow = -Infinity;
  #lastWhole = -Infinity;
  #lastRead = -Infinity;
  #lastTick = 0;
  /** Mean distance of pictures while it plays, in milliseconds. */
  #distance = 0;
  #wasWhole = true;
  /** Maps that are shown no more: the engine fills their arrays again. */
  #spare: Pick<Frame, "maps" | "output"> | null = null;
  /** Maps that one of the pictures shows until its turn comes. */
  #shown: Pick<Frame, "maps" | "output"> | null = null;
  #stops: (() => void)[];
  #stopped = false;

  constructor(readonly store: Store, readonly actions: Actions) {
    this.#stops = [effect(() => {
      store.shown.value;
      density.value;
      store.tab.value;
      store.gradientsShown.value;
      store.parameter.value;
      store.pictured.value;
      store.bentBy.value;
      actions.dirty = true;
    }), effect(() => {
      const wanted = this.#visible.value && (store.playing.value || actions.dirty);
      if (wanted && !this.#inFlight.value) this.#handle ||= requestAnimationFrame(this.#tick);
      else this.#rest();
    })];
  }

  set visible(visible: boolean) {
    this.#visible.value = visible;
    if (visible) this.actions.dirty = true;
  }

  stop(): void {
    this.#stopped = true;
    this.#stops.forEach((stop) => stop());
    this.#rest();
  }

  #rest(): void {
    cancelAnimationFrame(this.#handle);
    this.#handle = 0;
  }

  #tick = (now: number): void => {
    this.#handle = 0;
    const { store, actions } = this;
    // A pause is no slow picture.
    this.#distance += (Math.min(100, now - this.#lastTick) - this.#distance) * 0.1;
    this.#lastTick = now;
    const slow = !store.playing.value || now - this.#lastSlow > SLOW_PERIOD;
    if (slow) this.#lastSlow = now;
    batch(() => {
      this.#inFlight.value = true;
      actions.dirty = false;
    });
    void this.#fetch(slow, now).finally(() => {
      this.#inFlight.value = false;
    });
  };

  /** What is wanted of the maps: `whole` as they are drawn, and while it trains what of them is in sight. */
  #maps(now: number): { whole: Seen; seen: Seen | null } {
    const { store } = this;
    const { dimensions } = dataOf(store.summary.value);
    const drawn = dimensions > 0;
    const pixels = store.sight?.pixels() ?? LARGEST_MAP * devicePixelRatio;
    const resolution = Math.ceil(Math.min(MAP_POINTS[1], Math.max(MAP_POINTS[0], pixels)));
    const whole = {
      maps: drawn ? { resolution, hidden: true } : null,
      output: dimensions ? { resolution: OUTPUT_POINTS[dimensions], ...(store.shown.value ?? {}) } : null,
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
      digits: dataOf(asked).image && slow ? { wrong: WRONG_DIGITS } : null,
    };
    const reuse = this.#spare ?? {};
    this.#spare = null;
    let frame: Frame;
    try {
      frame = await this.actions.engine.frame(wants, { reuse });
    } catch (error) {
      // Asked of a network that another has replaced meanwhile, or of an engine that has gone: its successor says when there is something to see.
      if (store.summary.value !== asked) this.actions.dirty = true;
      else if (!(error instanceof EngineError)) throw error;
      return;
    }
    if (this.#stopped) return;
    const before = store.frame.value;
    if (frame.run < store.run.value) return;
    if (before && before.run === frame.run) {
      frame.digits ??= before.digits;
      frame.weights ??= before.weights;
    }
    const spent = seen && store.sight ? store.sight.complete(frame, before) : before;
    store.turn = store.playing.value && this.#distance > CROWDED ? 1 - (store.turn ?? 0) : null;
    // Where they take turns, one of the pictures still shows the frame before.
    this.#spare = store.turn === null ? spent : this.#shown;
    this.#shown = store.turn === null ? null : spent;
    batch(() => {
      store.frame.value = frame;
      if (store.playing.value && before?.run === frame.run && now - this.#lastRead < READING_PERIOD[seen ? "part" : "whole"]) return;
      this.#lastRead = now;
      store.reading.value = frame;
    });
  }
}
