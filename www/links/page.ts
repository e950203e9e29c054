/** Opens links in a page: the newest one wins, and what came of it is said. */

import { EngineError, Engine } from "../engine/index.js";
import { formatNumber } from "../i18n/index.js";
import type { Message, Store } from "../state/store.js";
import { decodeLink } from "./decode.js";
import type { LinkState } from "./link.js";
import { openState } from "./open.js";
import { replay, type Replayed } from "./replay.js";

type Notice = NonNullable<Message["notices"]>[number];

/** What is under way in a page: one link after the other, of which only the newest counts. */
interface Turn { newest: number; last: Promise<unknown>; replaying: Promise<void> }
const turns = new WeakMap<Store, Turn>();

/**
 * Null when the link is in force, else what is wrong with it: the page shows that, and stays as it was. A replay goes on by itself then,
 * where everybody sees it and can stop it.
 */
export function openInPage(text: string, store: Store, engine: Engine): Promise<Error | null> {
  const turn = turns.get(store) ?? { newest: 0, last: Promise.resolve(), replaying: Promise.resolve() };
  turns.set(store, turn);
  turn.newest += 1;
  const mine = turn.newest;
  const opened = turn.last.then(() => open(text, store, engine, turn, () => turn.newest === mine));
  turn.last = opened;
  return opened;
}

async function open(text: string, store: Store, engine: Engine, turn: Turn, isNewest: () => boolean): Promise<Error | null> {
  if (!isNewest()) return null;
  try {
    const state = await decodeLink(text);
    const isWanted = (): boolean => {
      if (isNewest()) store.replay.value?.stop();
      return isNewest();
    };
    if (!(await openState(state, { engine, store, probe: () => Engine.create({ backend: "cpu", asLink: true }) }, isWanted))) return null;
    // The one before has nothing more to say of a network that is gone.
    await turn.replaying;
    tell(store, state.replay ? [] : noticesOf(state, null, store));
    if (state.replay) turn.replaying = replayInPage(state, store, engine);
    return null;
  } catch (error) {
    if (!isNewest()) return null;
    if (error instanceof EngineError) store.message.value = { kind: "refusal", field: "link", refusal: error.refusal };
    else store.message.value = { kind: "failure", field: "", text: error instanceof Error ? error.message : String(error) };
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    store.actions.dirty = true;
  }
}

/** Whoever changes or trains the network has other plans with it: the replay ends, and nothing is compared. */
async function replayInPage(state: LinkState, store: Store, engine: Engine): Promise<void> {
  const stop = new AbortController();
  let quiet = false;
  const leave = (): void => {
    quiet = true;
    stop.abort();
  };
  store.replay.value = { steps: state.replay!.steps, stop: leave, halt: () => stop.abort() };
  const offs = [engine.on("configured", leave), engine.on("restarted", leave)];
  try {
    const done = await store.errand(() => replay(state, engine, { signal: stop.signal }));
    if (!quiet) tell(store, noticesOf(state, done, store));
  } catch (error) {
    // The engine has ended, or another call came first: what that was says so itself.
    if (!(error instanceof EngineError)) throw error;
  } finally {
    offs.forEach((off) => off());
    store.replay.value = null;
    store.actions.dirty = true;
  }
}

/** Where there is nothing to say, what was said of the network before goes. */
function tell(store: Store, notices: Notice[]): void {
  store.message.value = notices.length > 0 ? { kind: "notice", field: "", notices } : null;
}

function noticesOf(state: LinkState, replay: Replayed | null, store: Store): Notice[] {
  const notices: Notice[] = (state.notes ?? []).map((note) => ({ key: `link.note.${note}` }));
  if (state.unread) notices.push({ key: "link.unread", values: { pairs: state.unread.join(", ") } });
  const number = (value: number): string => formatNumber(store.language.value, value, 0);
  if (!replay) {
    if (state.weights) notices.push({ key: "link.weights" });
    return notices;
  }
  const { step, asked, same, tensors, largest, end } = replay;
  if (step !== asked) notices.push({ key: `link.ended${end === "whole" ? "" : `_${end}`}`, values: { step: number(step), steps: number(asked) } });
  else if (same) {
    if (state.replay?.digest || state.weights) notices.push({ key: "link.same", values: { step: number(step) } });
  } else {
    notices.push({ key: "link.differs", values: { step: number(step), tensors: tensors.join(", ") } });
    if (largest) notices.push({ key: "link.differs_by", values: { difference: largest.difference.toPrecision(3), tensor: largest.tensor } });
  }
  return notices;
}
