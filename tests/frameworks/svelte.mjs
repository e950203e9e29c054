// Svelte 5.

import { flushSync, mount as put, unmount } from "svelte";
import Figure from "./figure.svelte";

export const name = "Svelte 5";

export function mount(place, first) {
  const figure = put(Figure, { target: place, props: { first } });
  flushSync();
  return { set: (state) => { figure.set(state); flushSync(); }, unmount: () => unmount(figure) };
}
