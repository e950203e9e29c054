// What draws all that the first picture does not show is fetched when it is wanted.

let drawing: typeof import("./other-kinds.js") | null = null;
let coming: Promise<void> | null = null;

/** It, or null while it is on its way; then `ready` is called when it has come. */
export function otherKinds(ready: () => void): typeof drawing {
  if (drawing) return drawing;
  coming ??= import("./other-kinds.js").then((module) => { drawing = module; }).finally(() => { coming = null; });
  coming.then(ready, () => {});
  return null;
}
