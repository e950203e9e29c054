/** Has the page kept for the next visit by its service worker. Imported late, and by the page alone: embeds keep nothing. */

/** A page that is never idle, since it trains, keeps them so much later at the latest; milliseconds. */
const LATEST = 10_000;

/** Only https and localhost have it; private windows and some settings refuse it. The page needs none of it. */
async function keep(): Promise<void> {
  const registration = await navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
  await navigator.serviceWorker.ready;
  // The digits, and the module for WebGPU, are several times as large as all else.
  if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) return;
  const idle = (then: () => void) => ("requestIdleCallback" in window ? requestIdleCallback(then, { timeout: LATEST }) : setTimeout(then, 1000));
  idle(() => registration.active?.postMessage({ rest: true, withGpu: "gpu" in navigator }));
}

export {};

if ("serviceWorker" in navigator && window === top) keep().catch(() => {});
