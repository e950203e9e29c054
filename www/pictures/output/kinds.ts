// What draws all that the first picture does not show is fetched when it is wanted.

import { lazy } from "../../ui/lazy.js";

const drawing = lazy(() => import("./other-kinds.js"));

/** It, or null while it is on its way; then `ready` is called when it has come. */
export function otherKinds(ready: () => void): typeof drawing.value {
  return drawing.want(ready);
}
