// A wait that has an end.

/** The host has been waited for too long. */
export class TooLate extends Error {}

/** What `waiting` gives, unless the signal or, after `ms`, the clock ends the wait. */
export function bounded<T>(waiting: Promise<T>, signal: AbortSignal | undefined, ms?: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    };
    const end = () => {
      settled();
      reject(signal?.aborted ? (signal.reason as Error) : new TooLate("the engine's module did not come in time"));
    };
    const timer = ms === undefined ? undefined : setTimeout(end, ms);
    if (signal?.aborted) return end();
    signal?.addEventListener("abort", end);
    waiting.finally(settled).then(resolve, reject);
  });
}
