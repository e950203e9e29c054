/** The page: defines the element that `index.html` holds, and has it kept for visits without a network. */
import "../style/page.css";
import "./element/element.js";

/** So long after the first trained picture, and at the latest after the second time, in milliseconds: until then the network is the picture's. */
const QUIET = 5_000;
const LATEST = 30_000;

// Not while it is developed: there every file is asked for anew.
if (import.meta.env.PROD) {
  const keep = (): void => void import("../offline/register.js").catch(() => {});
  const seen = (event: Event): void => {
    if ((event as CustomEvent<{ step: number }>).detail.step === 0) return;
    removeEventListener("np-frame", seen);
    setTimeout(keep, QUIET);
  };
  addEventListener("np-frame", seen);
  setTimeout(keep, LATEST);
}
