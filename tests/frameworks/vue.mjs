// Vue 3.

import { createApp, h, nextTick, shallowRef } from "vue";

export const name = "Vue 3";

export function mount(place, first) {
  const state = shallowRef(first);
  const app = createApp({
    render() {
      const { here, key, props, turned } = state.value;
      if (!here) return h("p", "Elsewhere");
      const parts = [h("p", { key: "text" }, "Some text."), h("neural-playground", { key: `figure-${key}`, ...props })];
      return h("main", turned ? parts.reverse() : parts);
    },
  });
  app.mount(place);
  return { set: (next) => { state.value = next; return nextTick(); }, unmount: () => app.unmount() };
}
