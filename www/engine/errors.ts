import type { Refusal } from "./types";

/**
 * A wish the engine did not fulfil; the state is as it was before.
 *
 * `code` is stable: one of the engine's (`malformed`, `unknown_field`, `unknown_id`, `out_of_range`, `mismatch`,
 * `not_finite`, `pairing`, `not_now`) or one of the client's (`digits_unavailable`, `engine_crashed`,
 * `engine_unavailable`, `superseded`, `disposed`). `values` are the facts for a sentence in the reader's language;
 * `message` is that sentence in English, for logs.
 */
export class EngineError extends Error {
  readonly code: string;
  readonly field: string;
  readonly values: Record<string, string>;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "EngineError";
    this.code = refusal.code;
    this.field = refusal.field;
    this.values = refusal.values;
  }

  /** What crosses a message port; an Error would lose its own fields there. */
  get refusal(): Refusal {
    return { code: this.code, field: this.field, values: this.values, message: this.message };
  }
}

/** An `EngineError` of the client's own making. */
export function engineError(code: string, field: string, message: string, values: Record<string, string> = {}) {
  return new EngineError({ code, field, values, message });
}

/** Whether a thrown value is a refusal (and no trap). */
export function isRefusal(thrown: unknown): thrown is Refusal {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    typeof (thrown as { code?: unknown }).code === "string" &&
    typeof (thrown as { field?: unknown }).field === "string"
  );
}
