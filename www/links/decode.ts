/** Text to what a link says, of either kind. */

import { engineError } from "../engine/errors.js";
import { decodeOwn, type LinkState } from "./link.js";
import { unescaped } from "./mend.js";
import { checkLength } from "./packing.js";
import { decodeTfPlayground, isTfPlayground } from "./tf-playground.js";

/** Where a link of ours begins: what stands before it belongs to an address, a sentence or a redirect. */
const OWN = /(?:^|[#?&/!\s"'(<[])c=([^#]*)$/s;

/**
 * What a link says: a whole address, or what stands after its `#` (with or without the sign), of either kind, and whatever mail, chats
 * and redirects have made of it as long as what was meant is plain. Rejects with an `EngineError` that names the field; nothing has
 * changed then.
 */
export async function decodeLink(text: string): Promise<LinkState> {
  checkLength(text);
  const plain = unescaped(text);
  const at = plain.indexOf("#");
  const fragment = (at < 0 ? plain : plain.slice(at + 1)).trim();
  const own = OWN.exec(fragment) ?? OWN.exec(plain);
  if (own) return decodeOwn(own[1]!);
  if (isTfPlayground(fragment)) return decodeTfPlayground(fragment);
  throw engineError("link_unknown", "link", "this is neither a link of this page nor one of TensorFlow Playground");
}
