// What is shown of a run that the GPU trains (figures of the splits, maps, wrong digits): made there or by the session.
//
// The device looks at a copy of the parameters, taken when it is where the session is, and training goes on meanwhile; what
// it has trained is taken over once the look is done, so that all of a frame is of one step. Whatever goes wrong, the
// session makes the frame.

import { patiently } from "./gpu-device";
import { isTrouble } from "./gpu-module";
import type { GpuLooker, Looked } from "./gpu-module";
import type { Maps, Session } from "./session";
import type { Looks } from "./standing";
import type { Frame, FrameWants, Metrics } from "./types";

/** What a look must know of the device's training. */
export interface Trained {
  /** Somebody looks: what has been trained is taken over as soon as that costs little. */
  want(): void;
  /** The device has the session's run. */
  trains(): boolean;
  /** Nothing is under way, and nothing done that the session has not taken over. */
  still(): boolean;
  /** Puts the device where the session is. */
  catchUp(): void;
  failed(error: unknown): void;
  /** Another engine makes the frames from now on. */
  changed(): void;
}

/** Who is the faster at frames of a kind, in milliseconds; null as long as it has not been tried. */
interface Trial {
  cpu: number | null;
  webgpu: number | null;
  /** Frames that the device has made; the first warms up. */
  frames: number;
}

const FORCED: Looks = { backend: "webgpu", cpu: null, webgpu: null };

/** Stands in for the session where what is shown is asked for. */
export class Looking {
  readonly #session: Session;
  readonly #trained: Trained;
  #looker: GpuLooker | null = null;
  /** The visitor wants the GPU: nothing is tried. */
  #forced = false;
  /** By what is wanted. */
  #trials = new Map<string, Trial>();
  #standing: Looks | null = null;
  readonly #waiting: (() => Promise<void>)[] = [];
  /** The look under way; training goes on, but is not taken over. */
  under: Promise<void> | null = null;
  /** Counts what has happened to the session. */
  #touches = 0;

  constructor(session: Session, trained: Trained) {
    this.#session = session;
    this.#trained = trained;
  }

  get standing(): Looks | null {
    return this.#standing;
  }

  /** Another run; null: the session makes all frames. */
  use(looker: GpuLooker | null, forced = false): GpuLooker | null {
    const before = this.#looker;
    this.#looker = looker;
    this.#forced = forced;
    this.#trials.clear();
    this.#standing = looker && forced ? FORCED : null;
    this.#touches += 1;
    this.begin();
    return before;
  }

  /** The session was given a command. */
  touched(): void {
    this.#touches += 1;
  }

  frame(wants_json: string, maps?: Float32Array[], output?: Float32Array): Frame | Promise<Frame> {
    this.#trained.want();
    const wants = JSON.parse(wants_json) as FrameWants;
    if (!this.#able) return this.#session.frame(wants_json, maps, output);
    const trial = this.#trialOf(wants);
    if (this.#byDevice(trial)) return this.#once(() => this.#frame(wants, wants_json, trial));
    const due = this.#session.is_due();
    const begin = performance.now();
    const frame = this.#session.frame(wants_json, maps, output);
    if (due) trial.cpu ??= performance.now() - begin;
    return frame;
  }

  metrics(): Metrics | Promise<Metrics> {
    if (!this.#chosen) return this.#session.metrics();
    return this.#once(async () => {
      const looked = await this.#look({}, true);
      return (looked && this.#session.frame("{}").metrics) ?? this.#session.metrics();
    });
  }

  maps(resolution: number, reuse?: Float32Array[]): Maps | Promise<Maps> {
    if (!this.#chosen) return this.#session.maps(resolution, reuse);
    return this.#once(async () => {
      const looked = await this.#look({ maps: { resolution, hidden: true } }, false);
      return looked?.maps ?? this.#session.maps(resolution, reuse);
    });
  }

  /** What waits for a still device begins, if it is still. One at a time: there is one copy of the parameters. */
  begin(): void {
    if (this.under || !this.#trained.still()) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.under = next().finally(() => {
      this.under = null;
      this.begin();
    });
  }

  get #able(): boolean {
    return this.#looker !== null && this.#trained.trains();
  }

  get #chosen(): boolean {
    return this.#able && this.#standing?.backend === "webgpu";
  }

  #once<T>(look: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => look().then(resolve, reject));
      this.begin();
    });
  }

  #trialOf({ maps, output, activations, digits }: FrameWants): Trial {
    const key = JSON.stringify([maps?.resolution, maps?.hidden, output?.resolution, output?.layer, activations, digits]);
    let trial = this.#trials.get(key);
    if (!trial) this.#trials.set(key, (trial = { cpu: null, webgpu: null, frames: 0 }));
    return trial;
  }

  /** The session is tried first, then the device. */
  #byDevice({ cpu, webgpu }: Trial): boolean {
    return this.#forced || (cpu !== null && (webgpu ?? 0) < cpu);
  }

  async #frame(wants: FrameWants, wants_json: string, trial: Trial): Promise<Frame> {
    const rest = JSON.stringify({ ...wants, maps: null, output: null, activations: null, digits: null });
    const figures = this.#session.is_due();
    // What does not wait for figures is of this moment: later they may be due.
    const early = figures ? null : this.#session.frame(rest);
    const begin = performance.now();
    const looked = await this.#look(wants, figures);
    if (!looked) return this.#session.frame(wants_json);
    if (figures) this.#tried(trial, performance.now() - begin);
    const { maps, output, activations, digits } = looked;
    return { ...(early ?? this.#session.frame(rest)), maps, output, activations, digits };
  }

  #tried(trial: Trial, took: number): void {
    trial.frames += 1;
    if (this.#forced || trial.frames !== 2) return;
    trial.webgpu = took;
    this.#standing = { ...trial, backend: this.#byDevice(trial) ? "webgpu" : "cpu" };
    this.#trained.changed();
  }

  /** Null: the device could not, or the session has moved meanwhile. */
  async #look(wants: FrameWants, figures: boolean): Promise<Looked | null> {
    const looker = this.#looker;
    if (!looker || !this.#able) return null;
    const [touches, step, begin] = [this.#touches, this.#session.step_count(), performance.now()];
    try {
      this.#trained.catchUp();
      looker.take();
      const looked = await patiently(looker.look(JSON.stringify(wants), figures));
      if (touches !== this.#touches || step !== this.#session.step_count()) return null;
      if (figures) this.#session.take_figures(looked.figures, performance.now() - begin);
      return looked;
    } catch (error) {
      // What the session refuses it refuses by itself, in its words.
      const refused = isTrouble(error) && (error.code as string) === "refused";
      if (!refused && looker === this.#looker) this.#trained.failed(error);
      return null;
    }
  }
}
