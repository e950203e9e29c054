/** The page for frames: one playground, told what to be by the address and what to do by messages of the page around it. */

import { effect } from "@preact/signals-core";
import { ATTRIBUTES, fault, isLink } from "./element/attributes.js";
import { NeuralPlayground } from "./element/element.js";
import { VERSION, readCall, type Call } from "./element/frame-messages.js";
import { EVENTS, refusalOf } from "./element/report.js";

const element = new NeuralPlayground();
element.store.ownPage = true;
const known: readonly string[] = ATTRIBUTES;
const parameters = [...new URLSearchParams(location.search)];
for (const [name, value] of parameters) if (known.includes(name)) element.setAttribute(name, value);
if (isLink(location.hash)) element.setAttribute("link", location.hash);
element.blame(parameters.filter(([name]) => !known.includes(name)).map(([name]) => fault("unknown_name", "embed.html", name, `there is no attribute "${name}"`)));

/** The frame tells nothing that its address does not: whoever embeds it may know. */
function tell(message: Record<string, unknown>, to = "*"): void {
  if (parent !== window) parent.postMessage({ ...message, v: VERSION }, to);
}

for (const type of EVENTS) element.addEventListener(type, (event) => tell({ ...(event as CustomEvent<object>).detail, type }));

/** The figure's height that the page around was last told, and whether that page has ever made the frame as high. */
let height = 0;
let followed = false;

/** A frame that is as high as its figure needs no bar to scroll; one that came and went would make the figure narrower and higher in turn. */
function fit(): void {
  followed ||= Math.abs(innerHeight - height) <= 2;
  document.documentElement.style.overflowY = followed && innerHeight > 0.9 * height ? "hidden" : "";
}

addEventListener("resize", fit);
new ResizeObserver(() => requestAnimationFrame(() => {
  height = Math.ceil(element.getBoundingClientRect().height);
  fit();
  tell({ type: "np-height", height });
})).observe(element);

async function carryOut({ call, args }: Call): Promise<unknown> {
  if (call === "setAttribute") {
    const [name, value] = args as [string, string | null];
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
    // Answered when it is in force.
    await element.settled();
    return undefined;
  }
  return (element[call] as (...args: unknown[]) => Promise<unknown>)(...args);
}

addEventListener("message", ({ data, source, origin }: MessageEvent<unknown>) => {
  if (source !== parent || parent === window) return;
  // A frame or file without an origin of its own can be answered only so.
  const to = origin === "null" ? "*" : origin;
  const call = readCall(data);
  if ("wrong" in call) tell({ ...call.wrong, type: "np-error", id: call.id }, to);
  else void carryOut(call).then((value) => tell({ type: "np-answer", id: call.id, value }, to), (error: unknown) => tell({ ...refusalOf(error), type: "np-error", id: call.id }, to));
});

addEventListener("hashchange", () => {
  if (isLink(location.hash)) element.openLink(location.hash).catch(() => {});
});

effect(() => {
  const { language, scheme, words } = element.store;
  const root = document.documentElement;
  root.lang = language.value;
  root.style.colorScheme = scheme.value;
  document.title = words.value("ui.page_title");
});

document.body.style.margin = "0";
document.body.replaceChildren(element);
