/** The events of `<neural-playground>`. */

import { effect } from "@preact/signals-core";
import { EngineError } from "../../engine/errors.js";
import type { Engine } from "../../engine/index.js";
import type { PlaygroundDetails, PlaygroundRefusal } from "./playground.js";
import type { Store } from "../../state/store.js";

/** At most ten `np-frame` events a second, in milliseconds. */
const FRAME_PERIOD = 100;

export const EVENTS = ["np-ready", "np-frame", "np-goal", "np-done", "np-error"] as const satisfies readonly (keyof PlaygroundDetails)[];

/** What is told of an error to whoever cannot have the error itself. */
export function refusalOf(error: unknown): PlaygroundRefusal {
  if (error instanceof EngineError) return error.refusal;
  return { code: "failure", field: "", values: {}, message: error instanceof Error ? error.message : String(error) };
}

export function say<Type extends keyof PlaygroundDetails>(element: HTMLElement, name: Type, detail: PlaygroundDetails[Type]): void {
  // A figure within a figure is its preview: what it does is not what the page around has put there.
  const isPreview = (element.getRootNode() as Partial<ShadowRoot>).host?.localName === element.localName;
  element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: !isPreview }));
}

/**
 * Reports frames, goals, ends and refusals until the returned function is called. The newest frame is never left out. While `quiet` says so, refusals are
 * told by somebody else.
 */
export function report(element: HTMLElement, store: Store, engine: Engine, quiet: () => boolean): () => void {
  let last = -Infinity;
  let late = 0;
  const tell = (): void => {
    clearTimeout(late);
    late = 0;
    last = performance.now();
    const { run, step, epoch, metrics } = store.frame.value!;
    say(element, "np-frame", { run, step, epoch, metrics });
    // Who listens takes time as well, and has the whole period after it.
    last = performance.now();
  };
  const stops = [
    effect(() => {
      if (!store.frame.value) return;
      const wait = last + FRAME_PERIOD - performance.now();
      if (wait <= 0) tell();
      else late ||= setTimeout(tell, wait) as unknown as number;
    }),
    engine.on("finished", (event) => {
      const target = engine.config.training.stop.target;
      if (event.reason === "target" && target) {
        const { run, step, epoch } = event;
        say(element, "np-goal", { run, step, epoch, metric: target.metric, goal: target.value, value: event.detail.value! });
      }
      say(element, "np-done", event);
    }),
    engine.on("rejected", (event) => { if (!quiet()) say(element, "np-error", event.refusal); }),
    () => clearTimeout(late),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
