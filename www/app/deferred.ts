/** What the first trained picture does without: fetched once it is there, and before that as soon as anything of it is wanted. */

import { effect } from "@preact/signals-core";
import { loadOtherWords } from "../i18n/index.js";
import type { Store } from "../state/store.js";
import { lazy } from "../ui/lazy.js";

/** Who looks and does not train has it after so long, in milliseconds. */
const LATEST = 2000;
/** So long after the page's first picture everything on it has its size, and it is known what is near; milliseconds. */
const SETTLED = 400;

/** So long the words are waited for, in milliseconds: without them the parts have another size. */
const WORDS = 4000;

const deferred = lazy(() => import("./deferred-views.js"));

const words = (): Promise<unknown> => Promise.race([loadOtherWords(), new Promise((resolve) => setTimeout(resolve, WORDS))]);

/** Fetches it, once, and dresses the root that asks. Where that failed the visitor sees it, and whoever wants it next asks again. */
export async function fetchLater(root: ShadowRoot): Promise<typeof deferred.value> {
  await words();
  const views = await deferred.get().catch(() => null);
  if (views && !root.adoptedStyleSheets.includes(views.sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, views.sheet];
  return views;
}

/** Fetches it when its time has come: after a trained picture, when there is something to say, or when one of `places` is near. */
export function arrangeLater(store: Store, root: ShadowRoot, places: Iterable<Element>): () => void {
  const observer = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) fetch();
  });
  const fetch = (): void => {
    stop();
    // Be it after a failure: then somebody asks again.
    const dress = (): void => void fetchLater(root).then((views) => { if (views) store.sight ??= new views.Sight(root); });
    void words().then(() => { if (deferred.want(dress)) dress(); });
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  let settling: ReturnType<typeof setInterval> | undefined;
  // Where it trains, or is asked to, the first trained picture comes first, however slow the machine is.
  const later = (then: () => void, ms: number): ReturnType<typeof setInterval> => {
    const each = setInterval(() => {
      if (store.playing.peek() || store.errands.peek() > 0) return;
      clearInterval(each);
      then();
    }, ms);
    return each;
  };
  const stopWatching = effect(() => {
    const frame = store.frame.value;
    if (store.message.value || store.replay.value) void fetchLater(root);
    else if (frame && frame.step > 0) afterPicture(fetch);
    else if (frame && !timer) {
      timer = later(fetch, LATEST);
      settling = later(() => { for (const place of places) observer.observe(place); }, SETTLED);
    }
  });
  const stop = (): void => {
    observer.disconnect();
    clearInterval(timer);
    clearInterval(settling);
    stopWatching();
  };
  return stop;
}

/** An animation frame draws it; the next one comes after it was shown. */
function afterPicture(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then));
}
