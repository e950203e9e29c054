// Calls that take long: made in slices, between which messages are read, or waited for; and given up when the page says so.

import { bounded } from "./bounded";
import { engineError } from "./errors";
import type { Calls } from "./protocol";
import type { Session } from "./session";
import { turn } from "./turns";

/** Multiply-adds of a slice: about as long as a stretch of training. */
const WORK = 5e7;

/**
 * Outputs for rows of as many numbers as there are columns; few of them at once, many slice by slice. A row takes so many multiply-adds.
 * Once it has ended nobody waits for the answer.
 */
export function predict(
  session: Session, [inputs, columns]: Calls["predict"]["args"], multiplyAdds = WORK, givenUp: AbortSignal, hasEnded: () => boolean,
): Float32Array | Promise<Float32Array> {
  const rows = inputs.length / columns;
  const few = Math.max(1, Math.floor(WORK / multiplyAdds));
  // What is no whole number of rows is refused.
  if (!(rows > few) || !Number.isInteger(rows)) return session.predict(inputs, columns);
  const slice = (from: number): Float32Array => session.predict(inputs.subarray(from * columns, (from + few) * columns), columns, from, rows);
  return (async () => {
    const first = slice(0);
    const outputs = first.length / few;
    const all = new Float32Array(rows * outputs);
    all.set(first);
    for (let from = few; from < rows; from += few) {
      await turn();
      if (hasEnded()) break;
      heeded(givenUp, "predict");
      all.set(slice(from), from * outputs);
    }
    return all;
  })();
}

/** Throws what a call is answered by that the page has given up. */
export function heeded(givenUp: AbortSignal | undefined, field: string): void {
  if (givenUp?.aborted) throw engineError("superseded", field, `${field}: given up`);
}

/** The digits' bytes, unless they cannot be had or are given up before. */
export async function digits(coming: Promise<Uint8Array>, givenUp: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await bounded(coming, givenUp);
  } catch (error) {
    heeded(givenUp, "data.dataset");
    const message = error instanceof Error ? error.message : String(error);
    throw engineError("digits_unavailable", "data.dataset", `the digits could not be fetched: ${message}`, { message });
  }
}
