// A study: runs trained side by side from the same start, spread over as many workers as there are cores.

import { Engine } from "./engine";
import type { ConfigInput, CustomData, EngineOptions } from "./engine";
import { EngineError, engineError } from "./errors";
import type { Config, Metrics, NamedTensor } from "./types";

export interface StudyOptions extends Omit<EngineOptions, "worker" | "workerName" | "signal"> {
  /** What all runs share, laid over the engine's defaults. */
  base?: ConfigInput;
  /** What each run changes. */
  runs: readonly ConfigInput[];
  /** The caller's own data, instead of a data set. */
  data?: CustomData;
  /** How long each run trains: updates, or whole epochs. A run's own stop rules may end it sooner. */
  steps?: number;
  epochs?: number;
  /** Workers at work; by default one less than the machine has cores. It changes the time taken, never a result. */
  workers?: number;
  /** Ends the study; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called as each run is done, in the order in which they are. */
  onRun?(run: StudyRun): void;
}

export interface StudyRun {
  /** Its place in `runs`. */
  index: number;
  /** The accepted config, complete. */
  config: Config;
  metrics: Metrics;
  weights: NamedTensor[];
}

/** A study's workers are its own, so that an engine of the page never waits for one. */
let studies = 0;

/** How often a run is begun before its crashes are told: what brings an engine down each time would do so for ever. */
const ATTEMPTS = 3;

/**
 * Trains every run and resolves to the results in the order of `runs`.
 *
 * Each worker has an engine of its own and takes the next run when it is done with one. A run depends on its config
 * alone, so results do not depend on the number of workers. Rejects with an `EngineError` whose field begins with
 * `runs[index]` when a run's config is refused; nothing of the study is kept then. A crash loses the run at work alone,
 * which begins anew; a run whose engine crashes every time (`ATTEMPTS`) rejects with `engine_crashed` at `runs[index]`.
 */
export async function study(options: StudyOptions): Promise<StudyRun[]> {
  const { base = {}, runs, data, steps, epochs, signal, onRun, workers, ...rest } = options;
  if ((steps === undefined) === (epochs === undefined)) {
    throw engineError("mismatch", "study", "study: either steps or epochs", { expected: "either steps or epochs", found: "both or neither" });
  }
  signal?.throwIfAborted();
  const name = `study-${++studies}`;
  const cores = typeof navigator === "undefined" ? 2 : (navigator.hardwareConcurrency ?? 2);
  const count = Math.max(1, Math.min(runs.length, Math.floor(workers ?? cores - 1)));
  const results: StudyRun[] = [];
  const engines: Engine[] = [];
  /** Ends what is still starting, and those who would take another run. */
  const ending = new AbortController();
  const stop = () => ending.abort(signal!.reason);
  signal?.addEventListener("abort", stop);
  let next = 0;
  const work = async (slot: number): Promise<void> => {
    const engine = await Engine.create({ backend: "cpu", ...rest, worker: true, workerName: `${name}-${slot}`, signal: ending.signal });
    engines.push(engine);
    // It may have come too late to be ended with the others.
    if (ending.signal.aborted) engine.dispose();
    if (data) await engine.setData(data);
    const once = async (index: number): Promise<StudyRun> => {
      await named(index, async () => {
        await engine.configure(data ? { ...base, data: { ...base.data, dataset: "custom" } } : base);
        await engine.patch(runs[index]!);
        // A config close to the last run's would go on from where that one is.
        await engine.reset();
      });
      const goal = { ...(steps === undefined ? { epochs: epochs! } : { steps }), signal: ending.signal };
      return { index, config: engine.config, metrics: await engine.train(goal), weights: await engine.weights() };
    };
    while (next < runs.length) {
      const index = next++;
      let run: StudyRun | undefined;
      for (let attempt = 1; !run; attempt += 1) {
        ending.signal.throwIfAborted();
        try {
          // The engine that comes after a crash may have been set up without them.
          if (data && attempt > 1) await engine.setData(data);
          run = await once(index);
        } catch (error) {
          if (!crashed(error)) throw error;
          if (attempt === ATTEMPTS) throw engineError(error.code, `runs[${index}]`, `runs[${index}]: ${error.message}`, error.values);
        }
      }
      ending.signal.throwIfAborted();
      results[index] = run;
      onRun?.(run);
    }
  };
  // Once one has failed, what the others say of their end is nobody's concern; nobody waits for it either.
  const ended = new Promise<never>((_, reject) => ending.signal.addEventListener("abort", () => reject(ending.signal.reason)));
  ended.catch(() => {});
  try {
    await Promise.race([ended, Promise.all(Array.from({ length: count }, (_, slot) => work(slot)))]);
    return results;
  } finally {
    ending.abort();
    signal?.removeEventListener("abort", stop);
    for (const engine of engines) engine.dispose();
  }
}

function crashed(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === "engine_crashed";
}

/** A refusal says which run it is about. */
async function named(index: number, configure: () => Promise<void>): Promise<void> {
  try {
    await configure();
  } catch (error) {
    if (!(error instanceof EngineError) || crashed(error)) throw error;
    const { code, field, values, message } = error;
    throw engineError(code, `runs[${index}].${field}`, `runs[${index}].${message}`, values);
  }
}
