/** Only what is seen is drawn and trained; what starts of its own accord, or was asked to while unseen, starts when it is seen. */

import type { FrameLoop } from "./frames.js";
import type { Store } from "./store.js";

export class Visibility {
  #seen = false;
  /** What is done when it is seen. */
  #then: (() => void) | null;
  readonly #observer: IntersectionObserver;

  constructor(element: HTMLElement, store: Store, loop: FrameLoop, autoplay: boolean) {
    const play = (): void => void store.actions.play();
    this.#then = autoplay ? play : null;
    this.#observer = new IntersectionObserver((entries) => {
      const seen = entries.at(-1)!.isIntersecting;
      this.#seen = loop.visible = seen;
      if (seen) {
        this.#then?.();
        this.#then = null;
      } else if (store.playing.value) {
        this.#then = play;
        void store.actions.pause();
      }
    });
    this.#observer.observe(element);
  }

  /** Calls `act` now, or once it is seen. */
  whenSeen(act: () => Promise<void>): Promise<void> {
    if (this.#seen) return act();
    this.#then = () => void act();
    return Promise.resolve();
  }

  /** What waits is called off. */
  rest(): void {
    this.#then = null;
  }

  stop(): void {
    this.#observer.disconnect();
  }
}
