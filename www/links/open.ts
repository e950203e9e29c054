/** Puts what a link says in force: all of it or nothing. */

import { engineError } from "../engine/errors.js";
import type { Engine } from "../engine/index.js";
import type { NamedTensor } from "../engine/types.js";
import { defaultSpeed } from "../speed.js";
import { PARTS, type Store } from "../store.js";
import { compare, type Comparison } from "./digest.js";
import { decodeLink } from "./decode.js";
import type { LinkState } from "./link.js";

/** The playground that a link is opened in. */
export interface LinkPage {
  engine: Engine;
  store: Store;
  /** A second engine on which everything is tried first; it may be shared, and is left as it is then. */
  probe: () => Promise<Engine>;
}

/** What came of opening a link. */
export interface Opened {
  state: LinkState;
  /** Where the replay ended, in updates and epochs, beside what the link says; null where there was none. */
  replay: (Comparison & { step: number; epoch: number; asked: number }) | null;
}

/** Reads a link of either kind and opens it. Rejects with an `EngineError` naming the field; nothing has changed then. */
export async function openLink(text: string, page: LinkPage, signal?: AbortSignal): Promise<Opened> {
  return openState(await decodeLink(text), page, signal ? { signal } : {});
}

/** Opens what a link says; `begun` is called when all of it is accepted, before a replay. */
export async function openState(state: LinkState, page: LinkPage, { begun, signal }: { begun?: () => void; signal?: AbortSignal } = {}): Promise<Opened> {
  const { engine, store } = page;
  const kind = engine.summary.kind;
  const probe = await page.probe();
  try {
    await tryLink(state, probe);
  } finally {
    probe.dispose();
  }
  await applyConfig(state, engine);
  show(state, store);
  if (engine.summary.kind !== kind) store.speed.value = defaultSpeed(engine.summary.kind);
  begun?.();
  return { state, replay: await finish(state, engine, signal) };
}

/** The same without a page: tries the link on `probe`, then puts it in force on `engine`. */
export async function applyLink(state: LinkState, engine: Engine, probe: Engine, signal?: AbortSignal): Promise<Opened> {
  await tryLink(state, probe);
  await applyConfig(state, engine);
  return { state, replay: await finish(state, engine, signal) };
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

async function applyConfig({ config, points }: LinkState, engine: Engine): Promise<void> {
  const data = config.data as { dataset?: unknown } | undefined;
  if (points) {
    const { inputs, columns, targets, split, task } = points;
    await engine.setData({ inputs, columns, targets, ...(split && { split }), ...(task && { task }) });
    await engine.configure({ ...config, data: { ...data, dataset: "custom" } } as unknown);
  } else {
    await engine.configure(config as unknown);
  }
  // Where no more than a learning rate differs, the run would go on: a link begins at the beginning.
  await engine.reset();
}

async function finish({ weights, replay }: LinkState, engine: Engine, signal?: AbortSignal): Promise<Opened["replay"]> {
  if (!replay) {
    if (weights) await engine.setWeights(tensorsOf(await engine.weights(), weights));
    return null;
  }
  const { step, epoch } = await engine.train({ steps: replay.steps, ...(signal && { signal }) });
  const comparison = compare(await engine.weights(), replay.digest, weights);
  return { ...comparison, step, epoch, asked: replay.steps };
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
