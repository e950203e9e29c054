/** Trains a link's network anew, as far as the link says: within a budget of time, and only as long as nobody wants anything else. */

import type { Engine } from "../engine/index.js";
import { compare, type Comparison } from "./digest.js";
import type { LinkState } from "./link.js";

/** A link may keep the machine busy for so long, in milliseconds; an honest run of a figure takes seconds. */
export const BUDGET_MS = 60_000;

/** Where a replay ended, in updates and epochs, beside what the link says. */
export interface Replayed extends Comparison {
  step: number;
  epoch: number;
  asked: number;
  /** `stopped` by whoever may, at the end of the `budget`, or `whole`: that far or to the run's own end. */
  end: "whole" | "stopped" | "budget";
}

export async function replay({ weights, replay: wanted }: LinkState, engine: Engine, { signal, budget = BUDGET_MS }: { signal?: AbortSignal | undefined; budget?: number } = {}): Promise<Replayed> {
  const { steps, digest } = wanted!;
  const stop = new AbortController();
  const give = (): void => stop.abort("stopped");
  signal?.addEventListener("abort", give, { once: true });
  const timer = setTimeout(() => stop.abort("budget"), budget);
  try {
    if (signal?.aborted) give();
    await engine.train({ steps, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", give);
  }
  const { step, epoch } = await engine.metrics();
  const end = step >= steps ? "whole" : ((stop.signal.reason as "stopped" | "budget" | undefined) ?? "whole");
  return { ...compare(await engine.weights(), digest, weights), step, epoch, asked: steps, end };
}
