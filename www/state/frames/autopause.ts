/**
 * Only what is seen is drawn and trained; what starts of its own accord, or was asked to while unseen, starts when it is seen. What ends by
 * itself (`train`, `epoch`) was asked for whole, and is done also out of sight.
 */

import { effect } from "@preact/signals-core";
import type { FrameLoop } from "./frames.js";
import type { Store } from "../store.js";

type Act = () => Promise<void>;

export class Visibility {
  /** Null until it is known. */
  #seen: boolean | null = null;
  /** What is done when it is seen. */
  #then: Act | null;
  /** How it was last asked to play, if not by the visitor's own button. */
  #asked: Act | null = null;
  /** Whether it played when that was last looked at. */
  #went = false;
  /** It is being paused for being out of sight, and not by anybody. */
  #resting = false;
  readonly #play: Act;
  readonly #stops: (() => void)[];

  constructor(element: HTMLElement, store: Store, loop: FrameLoop, autoplay: boolean) {
    this.#play = () => store.actions.play();
    this.#then = autoplay ? this.#play : null;
    const observer = new IntersectionObserver((entries) => {
      this.#seen = loop.visible = entries.at(-1)!.isIntersecting;
      if (this.#seen) this.#act();
      else this.#rest(store);
    });
    observer.observe(element);
    this.#stops = [
      () => observer.disconnect(),
      effect(() => {
        const goesOn = store.playing.value;
        const went = this.#went;
        this.#went = goesOn;
        const errands = store.errands.value;
        if (goesOn && errands === 0) this.#rest(store);
        // What is asked for while it rests takes the place of what it did.
        else if (goesOn && !went && this.#resting) this.rest();
        else if (!goesOn && went && !this.#resting) this.#asked = null;
      }),
    ];
  }

  /** Plays as `act` does, now or once it is seen. */
  whenSeen(act: Act): Promise<void> {
    if (!this.#seen) {
      this.#then = act;
      return Promise.resolve();
    }
    return this.#start(act);
  }

  async #start(act: Act): Promise<void> {
    this.#asked = act;
    try {
      await act();
    } catch (error) {
      // What was refused is not tried again.
      if (this.#asked === act) this.#asked = null;
      throw error;
    }
  }

  /** Whether it plays of its own accord has changed. */
  autoplay(on: boolean): void {
    if (!on && this.#then === this.#play) this.#then = null;
    if (on) void this.whenSeen(this.#play);
  }

  /** What waits is called off. */
  rest(): void {
    this.#then = this.#asked = null;
    this.#resting = false;
  }

  stop(): void {
    this.#then = null;
    for (const stop of this.#stops) stop();
  }

  #act(): void {
    const then = this.#then;
    this.#then = null;
    this.#resting = false;
    // Nobody waits for it any more; what the engine says of it is told as an event.
    if (then) this.#start(then).catch(() => {});
  }

  #rest(store: Store): void {
    if (this.#seen !== false || !store.playing.peek() || store.errands.peek() > 0 || this.#then) return;
    this.#then = this.#asked ?? this.#play;
    this.#resting = true;
    void store.actions.pause();
  }
}
