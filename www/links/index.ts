/**
 * Links: what stands after `#` in an address, ours and TensorFlow Playground's. Loaded when first needed.
 *
 * Stable, for the embed page too: `decodeLink(text)`, `encodeLink(state)`, `openLink(text, page)`.
 */

export { capture, isReplayable, type Captured, type Wishes } from "./capture.js";
export { decodeLink } from "./decode.js";
export { encodeLink, MAX_STEPS, type LinkPoints, type LinkState, type LinkView } from "./link.js";
export { replay, type Replayed } from "./replay.js";
export { applyLink, openLink, type LinkPage, type Opened } from "./open.js";
