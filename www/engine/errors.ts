import type { Refusal } from "./types";

/** What is refused may be of any length, what is said of it not, in characters: as in the engine (`src/error.rs`). */
const LONGEST_FIELD = 200;
const LONGEST_TEXT = 1000;

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Every code of an `EngineError`: the engine's own, then those of its client, of links and of attributes. Each has a sentence in the dictionaries. */
export type ErrorCode =
  | "malformed" | "unknown_field" | "unknown_id" | "out_of_range" | "mismatch" | "not_finite" | "too_much_memory" | "too_much_work" | "pairing" | "not_now"
  | "digits_unavailable" | "engine_crashed" | "engine_unavailable" | "unknown_name" | "attribute_number"
  | "goal_form" | "link_unknown" | "link_too_long" | "link_too_big" | "link_too_deep" | "link_broken"
  | "link_version" | "link_kind" | "link_number" | "superseded" | "disposed" | "not_connected";

/** What was refused and why, without the error: as events and messages tell it. */
export type EngineRefusal = Omit<Refusal, "code"> & { code: ErrorCode };

/**
 * A wish the engine did not fulfil; the state is as it was before.
 *
 * `code` is stable: one of the engine's (`malformed`, `unknown_field`, `unknown_id`, `out_of_range`, `mismatch`,
 * `not_finite`, `too_much_memory`, `too_much_work`, `pairing`, `not_now`) or one of the client's (`digits_unavailable`, `engine_crashed`,
 * `engine_unavailable`, `superseded`, `disposed`, `not_connected`). `values` are the facts for a sentence in the reader's language;
 * `message` is that sentence in English, for logs.
 */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly field: string;
  readonly values: Record<string, string>;

  constructor(refusal: Refusal) {
    super(shortened(refusal.message, LONGEST_TEXT));
    this.name = "EngineError";
    this.code = refusal.code as ErrorCode;
    this.field = shortened(refusal.field, LONGEST_FIELD);
    this.values = Object.fromEntries(Object.entries(refusal.values).map(([name, value]) => [name, shortened(String(value), LONGEST_TEXT)]));
  }

  /** What crosses a message port; an Error would lose its own fields there. */
  get refusal(): EngineRefusal {
    return { code: this.code, field: this.field, values: this.values, message: this.message };
  }
}

/** An `EngineError` of the client's own making. */
export function engineError(code: ErrorCode, field: string, message: string, values: Record<string, string> = {}) {
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
