/** Text to what a link says, of either kind. */

import { engineError } from "../engine/errors.js";
import { decodeOwn, PREFIX, type LinkState } from "./link.js";
import { checkLength } from "./packing.js";
import { decodeTfPlayground, isTfPlayground } from "./tf-playground.js";

/**
 * What a link says: a whole address, or what stands after its `#` (with or without the sign), of either kind.
 * Rejects with an `EngineError` that names the field; nothing has changed then.
 */
export async function decodeLink(text: string): Promise<LinkState> {
  checkLength(text);
  const at = text.indexOf("#");
  const fragment = (at < 0 ? text : text.slice(at + 1)).trim();
  if (fragment.startsWith(PREFIX)) return decodeOwn(fragment);
  if (isTfPlayground(fragment)) return decodeTfPlayground(fragment);
  throw engineError("link_unknown", "link", "this is neither a link of this page nor one of TensorFlow Playground");
}
