/** Puts what a link says in force: all of it or nothing. A replay follows, and never holds anything up. */

import { engineError } from "../engine/errors.js";
import type { Engine } from "../engine/index.js";
import type { NamedTensor } from "../engine/types.js";
import { defaultSpeed } from "../state/speed.js";
import { PARTS, type Store } from "../state/store.js";
import { decodeLink } from "./decode.js";
import type { LinkState } from "./link.js";
import { replay, type Replayed } from "./replay.js";

/** The playground that a link is opened in. */
export interface LinkPage {
  engine: Engine;
  store: Store;
  /** A second engine on which everything is tried first; it is disposed of then. */
  probe: () => Promise<Engine>;
}

/** What came of opening a link. */
export interface Opened {
  state: LinkState;
  /** Null where the link has none. */
  replay: Replayed | null;
}

/** Reads a link of either kind, opens it and replays it. Rejects with an `EngineError` naming the field; nothing has changed then. */
export async function openLink(text: string, page: LinkPage, signal?: AbortSignal): Promise<Opened> {
  const state = await decodeLink(text);
  await openState(state, page);
  return { state, replay: state.replay ? await replay(state, page.engine, { signal }) : null };
}

/** Opens what a link says, up to its replay. `isWanted` is asked when all of it is known to be good; where it is not, nothing changes. */
export async function openState(state: LinkState, { engine, store, probe }: LinkPage, isWanted = (): boolean => true): Promise<boolean> {
  const { kind } = engine.summary;
  const trial = await probe();
  try {
    await tryLink(state, trial);
  } finally {
    trial.dispose();
  }
  if (!isWanted()) return false;
  await inForce(state, engine);
  show(state, store);
  if (engine.summary.kind !== kind) store.speed.value = defaultSpeed(engine.summary);
  return true;
}

/** The same without a page: tries the link on `probe`, then puts it in force on `engine` and replays it. */
export async function applyLink(state: LinkState, engine: Engine, probe: Engine, signal?: AbortSignal): Promise<Opened> {
  await tryLink(state, probe);
  await inForce(state, engine);
  return { state, replay: state.replay ? await replay(state, engine, { signal }) : null };
}

/** Everything that may be refused is refused here, before anything of the visitor's is touched. */
async function tryLink(state: LinkState, probe: Engine): Promise<void> {
  await applyConfig(state, probe);
  const { summary } = probe;
  if (state.weights && state.weights.length !== summary.parameters) {
    throw engineError("mismatch", "link.weights", `link.weights: ${summary.parameters} parameters expected, ${state.weights.length} found`, {
      expected: String(summary.parameters), found: String(state.weights.length),
    });
  }
  if (state.replay && summary.steps_per_epoch === 0) {
    throw engineError("mismatch", "training.batch_size", `training.batch_size: larger than the training set, so that there is no step to replay`, {
      expected: `<= ${summary.counts.train}`, found: String(probe.config.training.batch_size),
    });
  }
}

async function inForce(state: LinkState, engine: Engine): Promise<void> {
  await applyConfig(state, engine);
  // Where there is a replay the weights are what it is compared with.
  if (state.weights && !state.replay) await engine.setWeights(tensorsOf(await engine.weights(), state.weights));
}

async function applyConfig({ config, points }: LinkState, engine: Engine): Promise<void> {
  const data = config.data as { dataset?: unknown } | undefined;
  if (points) {
    const { inputs, columns, targets, split, task } = points;
    await engine.setData({ inputs, columns, targets, ...(split && { split }), ...(task && { task }) });
    await engine.configureUntrusted({ ...config, data: { ...data, dataset: "custom" } });
  } else {
    await engine.configureUntrusted(config);
  }
  // Where no more than a learning rate differs, the run would go on: a link begins at the beginning.
  await engine.reset();
}

/** The link's numbers in the shapes of the network's own tensors. */
function tensorsOf(shapes: NamedTensor[], weights: Float32Array): NamedTensor[] {
  let at = 0;
  return shapes.map(({ name, shape, data }) => ({ name, shape, data: weights.slice(at, (at += data.length)) }));
}

function show({ view = {}, hidden = [], locked = [] }: LinkState, store: Store): void {
  store.testPointsShown.value = view.testPoints ?? false;
  store.discrete.value = view.discrete ?? false;
  store.logScale.value = view.logScale ?? false;
  store.controls.value = new Set(view.parts ?? PARTS);
  store.hiddenControls.value = new Set(hidden);
  store.lockedControls.value = new Set(locked);
  store.selection.value = null;
}
