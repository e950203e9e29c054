/**
 * Messages between an embedded frame and the page around it. Every message is an object with `type` and `v`, the version: 1.
 *
 * To the page: the element's events under their own names with their details beside `type`; `np-height` with `height`;
 * `np-answer` with the `id` of a call and its `value`, or `np-error` with that `id`.
 * To the frame: `np-call` with `id`, the name of the `call` and its `args`. Every message is answered.
 */

import { ATTRIBUTES } from "./attributes.js";
import { CALLS } from "./calls.js";
import type { Refusal } from "../../engine/types.js";
import { LANGUAGES } from "../../i18n/index.js";

export const VERSION = 1;

export const FRAME_CALLS = [...CALLS, "setAttribute"] as const;
export type FrameCall = (typeof FRAME_CALLS)[number];

export interface Call {
  id: string | number | null;
  call: FrameCall;
  args: unknown[];
}

/** A call, or what is wrong with the message, with its id as far as it has one. */
export function readCall(data: unknown): Call | { id: string | number | null; wrong: Refusal } {
  const message = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const id = typeof message.id === "string" || typeof message.id === "number" ? message.id : null;
  const { type, v, call, args = [] } = message;
  const refuse = (field: string, expected: string, found: unknown): { id: string | number | null; wrong: Refusal } => {
    const shown = (typeof found === "string" ? found : JSON.stringify(found) ?? typeof found).slice(0, 80);
    return { id, wrong: { code: "message", field, values: { expected, found: shown }, message: `${field}: ${expected} expected, ${shown} found` } };
  };
  if (data !== message) return refuse("message", "an object", typeof data);
  if (type !== "np-call") return refuse("type", "np-call", type);
  if (v !== VERSION) return refuse("v", String(VERSION), v);
  if (id === null && message.id !== undefined && message.id !== null) return refuse("id", "a string or a number", typeof message.id);
  if (!(FRAME_CALLS as readonly unknown[]).includes(call)) return refuse("call", `one of ${FRAME_CALLS.join(", ")}`, call);
  if (!Array.isArray(args)) return refuse("args", "a list", typeof args);
  if (call === "setAttribute") {
    const [name, value] = args as unknown[];
    if (!(ATTRIBUTES as readonly unknown[]).includes(name)) return refuse("args[0]", `one of ${ATTRIBUTES.join(", ")}`, name);
    if (value === null) return { id, call, args: args as unknown[] };
    if (typeof value !== "string") return refuse("args[1]", "a string, or null to take it off", value);
    if (name === "lang" && !LANGUAGES.includes(value)) return refuse("args[1]", `one of ${LANGUAGES.join(", ")}`, value);
  }
  return { id, call: call as FrameCall, args: args as unknown[] };
}
