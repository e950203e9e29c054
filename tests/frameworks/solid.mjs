// Solid, with the props of a custom element as its compiler hands them over.

import { createMemo, createSignal } from "solid-js";
import h from "solid-js/h";
import { insert, render } from "solid-js/web";

export const name = "Solid";

export function mount(place, first) {
  const [state, set] = createSignal(first);
  const end = render(() => {
    const key = createMemo(() => state().key);
    const figure = createMemo(() => {
      key();
      return h("neural-playground", Object.fromEntries(Object.keys(first.props).map((prop) => [prop, () => state().props[prop]])))();
    });
    const text = h("p", "Some text.")();
    const main = document.createElement("main");
    insert(main, () => (!state().here ? [] : state().turned ? [figure(), text] : [text, figure()]));
    return main;
  }, place);
  return { set, unmount: end };
}
