/** Opens links in a page: says what came of it. */

import { EngineError, Engine } from "../engine/index.js";
import { formatNumber } from "../i18n/index.js";
import type { Message, Store } from "../store.js";
import { decodeLink } from "./decode.js";
import { openState, type Opened } from "./open.js";

type Notice = NonNullable<Message["notices"]>[number];

/** Null when the link was opened, else what is wrong with it: the page shows that, and stays as it was. */
export async function openInPage(text: string, store: Store, engine: Engine): Promise<Error | null> {
  try {
    const state = await decodeLink(text);
    const begun = (): void => {
      if (state.replay) say(store, [{ key: "link.replaying", values: { steps: formatNumber(store.language.value, state.replay.steps, 0) } }]);
    };
    const opened = await openState(state, { engine, store, probe: () => Engine.create({ backend: "cpu" }) }, { begun });
    const notices = noticesOf(opened, store);
    if (notices.length > 0) say(store, notices);
    return null;
  } catch (error) {
    if (error instanceof EngineError) store.message.value = { kind: "refusal", field: "link", refusal: error.refusal };
    else store.message.value = { kind: "failure", field: "", text: error instanceof Error ? error.message : String(error) };
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    store.actions.dirty = true;
  }
}

function say(store: Store, notices: Notice[]): void {
  store.message.value = { kind: "notice", field: "", notices };
}

function noticesOf({ state, replay }: Opened, store: Store): Notice[] {
  const notices: Notice[] = (state.notes ?? []).map((note) => ({ key: `link.note.${note}` }));
  const number = (value: number): string => formatNumber(store.language.value, value, 0);
  if (!replay) {
    if (state.weights) notices.push({ key: "link.weights" });
    return notices;
  }
  const { step, asked, same, tensors, largest } = replay;
  if (step !== asked) notices.push({ key: "link.ended", values: { step: number(step), steps: number(asked) } });
  else if (same) {
    if (state.replay?.digest || state.weights) notices.push({ key: "link.same", values: { step: number(step) } });
  } else {
    notices.push({ key: "link.differs", values: { step: number(step), tensors: tensors.join(", ") } });
    if (largest) notices.push({ key: "link.differs_by", values: { difference: largest.difference.toPrecision(3), tensor: largest.tensor } });
  }
  return notices;
}
