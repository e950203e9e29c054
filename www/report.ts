/** The events of `<neural-playground>`. */

import { effect } from "@preact/signals-core";
import type { Engine } from "./engine/index.js";
import type { Store } from "./store.js";

/** At most ten `np-frame` events a second, in milliseconds. */
const FRAME_PERIOD = 100;

export type ElementEvent = "np-ready" | "np-frame" | "np-done" | "np-error";

export function say(element: HTMLElement, name: ElementEvent, detail: unknown): void {
  element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** Reports frames, ends and refusals until the returned function is called. */
export function report(element: HTMLElement, store: Store, engine: Engine): () => void {
  let last = -Infinity;
  const stops = [
    effect(() => {
      const frame = store.frame.value;
      const now = performance.now();
      if (!frame || now - last < FRAME_PERIOD) return;
      last = now;
      say(element, "np-frame", { run: frame.run, step: frame.step, epoch: frame.epoch, metrics: frame.metrics });
    }),
    engine.on("finished", (event) => say(element, "np-done", event)),
    engine.on("rejected", (event) => say(element, "np-error", event.refusal)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
