// React 19, in StrictMode, whose effects run twice: a page of one route with the figure, and another without.

import { StrictMode, createElement as h, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

export const name = "React 19";

function Figure({ props }) {
  const figure = useRef(null);
  // As tutorials write it; nobody waits for what it answers.
  useEffect(() => {
    const { current } = figure;
    current.addEventListener("np-ready", () => {});
    return () => current.removeEventListener("np-ready", () => {});
  }, []);
  return h("neural-playground", { ref: figure, ...props });
}

export function mount(place, first) {
  let change;
  const Page = () => {
    const [state, set] = useState(first);
    change = set;
    if (!state.here) return h("p", null, "Elsewhere");
    const parts = [h("p", { key: "text" }, "Some text."), h(Figure, { key: `figure-${state.key}`, props: state.props })];
    return h("main", null, state.turned ? parts.reverse() : parts);
  };
  const root = createRoot(place);
  flushSync(() => root.render(h(StrictMode, null, h(Page))));
  return { set: (state) => flushSync(() => change(state)), unmount: () => root.unmount() };
}
