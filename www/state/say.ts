/** What the visitor is told of what happened: one message at a time, newest first. */

import type { EngineInfo } from "../engine/index.js";
import type { Message, Store } from "./store.js";

/** How long a notice that asks for nothing stays, in milliseconds. */
const NOTICE_TIME = 8000;

export function say({ message: shown }: Store, message: Message): void {
  shown.value = message;
  if (message.kind === "adapted" || message.kind === "returned") setTimeout(() => { if (shown.value === message) shown.value = null; }, NOTICE_TIME);
}

/** That the GPU is lost is said where it is seen: the visitor had it, and training goes on without. */
export function sayEngine(store: Store, info: EngineInfo): void {
  const before = store.info.value;
  store.info.value = info;
  if (before?.backend === "webgpu" && info.backend === "cpu" && info.choice !== "cpu" && info.race === null && info.why !== "webgpu_preparing") say(store, { kind: "engine", field: "", engine: info });
  else if (store.message.value?.kind === "engine") store.message.value = null;
}

/** What plays goes on playing, whatever is changed; where the weights could not stay, it is said that training starts again. */
export async function goOn(store: Store, wish: () => Promise<unknown>): Promise<void> {
  const { playing, run, message } = store;
  const [played, before] = [playing.value, run.value];
  await wish();
  if (!played || playing.value || run.value === before) return;
  await store.actions.play();
  if (!message.value) say(store, { kind: "adapted", field: "", notices: [{ key: "ui.starts_again" }] });
}
