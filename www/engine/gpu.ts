// Which engine trains a session's run: measures, chooses, and hands stretches of training to the GPU.
//
// The session stays the owner of the run. The GPU trains ahead of it; what it has trained is read back and taken over when
// somebody wants to see it, before every command, and once a second. When the GPU fails, the session goes on from what it
// took over last.

import { patiently, sharedDevice } from "./gpu-device";
import { Looking } from "./gpu-look";
import { build, discard, looks, race, taskOf } from "./gpu-run";
import type { Given } from "./gpu-run";
import type { Shared } from "./gpu-device";
import { LATER, NOW, WANTED, factsOf, isTrouble, messageOf } from "./gpu-module";
import type { GpuAccess, GpuLooker, GpuTrainer, Taken, Trouble } from "./gpu-module";
import type { Session } from "./session";
import { onCpu } from "./standing";
import type { Backend, EngineReason, Standing, Traffic } from "./standing";
import type { Event } from "./types";

export { loadModule, probeBrowser } from "./gpu-browser";

/** A call of the trainer takes about this long. Messages are answered meanwhile, so it may be longer than a frame. */
export const STRETCH_MS = 24;

export class Gpu {
  readonly #access: GpuAccess;
  readonly #session: Session;
  /** Tells that the standing has changed. */
  readonly #changed: () => void;
  readonly #given: () => Given;
  /** Makes what is shown, there or here. */
  readonly looking: Looking;
  #choice: Backend = "cpu";
  #standing: Standing;
  #shared: Shared | null = null;
  #trainer: GpuTrainer | null = null;
  /** The trainer's run is another than the session's: its config, or only where it is. */
  #stale: "config" | "progress" | null = "config";
  #preparing: Promise<void> | null = null;
  /** Until it is reconsidered. */
  #soon: Promise<void> | null = null;
  /** A call of the trainer is under way. */
  #training = false;
  /** What has been trained is to be taken over soon, or at once. */
  #taking: typeof LATER | typeof WANTED | typeof NOW = LATER;
  /** Counts what makes a trainer under way worthless: another config, another choice. */
  #wish = 0;
  #raced = 0;
  /** Up to this step the session trains itself: the device came to a number that is not finite. */
  #ownUntil = 0;

  constructor(access: GpuAccess, session: Session, given: () => Given, changed: () => void) {
    this.#access = access;
    this.#session = session;
    this.#given = given;
    this.#changed = changed;
    this.#standing = this.#onCpu("cpu_asked_for");
    this.looking = new Looking(session, {
      want: () => {
        this.#look();
        if (this.#taking === LATER) this.#taking = WANTED;
      },
      trains: () => this.#trains,
      still: () => !this.#training && this.ahead === 0,
      catchUp: () => this.#catchUp(),
      failed: (error) => this.#fail(error, this.#trainer),
      changed,
    });
  }

  get standing(): Standing {
    // While another trainer is made for another config the processor trains.
    const preparing = this.#standing.backend === "webgpu" && !this.#trains;
    return { ...this.#standing, ...(preparing && { backend: "cpu", why: "webgpu_preparing", values: {} }), looks: this.looking.standing };
  }

  /** Resolves when no choice is under way. */
  async decided(): Promise<void> {
    for (let soon = undefined as Promise<void> | null | undefined; soon !== this.#soon; ) await (soon = this.#soon);
    while (this.#preparing) await this.#preparing;
  }

  /** Whether the next stretch is the GPU's. */
  get ready(): boolean {
    return this.#trains && this.#session.step_count() >= this.#ownUntil;
  }

  get #trains(): boolean {
    return this.#standing.backend === "webgpu" && this.#trainer !== null && this.#stale !== "config";
  }

  /** Steps that the device has done, or is doing, and the session has not taken over. */
  get ahead(): number {
    if (!this.#trainer || !this.#trains || this.#stale !== null) return 0;
    return this.#training ? 1 : this.#trainer.step_count() - this.#session.step_count();
  }

  /** What has been trained is taken over next. */
  demand(): void {
    this.#taking = NOW;
  }

  traffic(): Traffic | null {
    return this.#shared?.device.traffic() ?? null;
  }

  /** Chooses, now; resolves when it is decided. Also the way back to a GPU that was lost. */
  async choose(choice: Backend): Promise<void> {
    this.#choice = choice;
    this.#wish += 1;
    this.#raced = 0;
    // The processor trains until it is decided.
    this.#stale = "config";
    if (choice === "cpu") return this.#stand(this.#onCpu("cpu_asked_for"));
    // A setting that changes meanwhile asks again by itself, some time; who waits here is told what came of it.
    let wish: number;
    do {
      wish = this.#wish;
      await this.#prepare();
    } while (wish !== this.#wish && this.#choice === choice);
  }

  /** The session was given a command. Its run goes on from elsewhere; with another config, as another run. */
  touched(reconfigured: boolean): void {
    this.looking.touched();
    if (!reconfigured) return void (this.#stale ??= "progress");
    this.#wish += 1;
    const trained = this.#trains;
    this.#stale = "config";
    if (this.#choice !== "cpu" && (this.#trainer || this.#raced > 0)) this.#reconsider();
    if (trained) this.#changed();
  }

  /** In the browser's good time: many settings may change in a row. */
  #reconsider(): void {
    const wish = this.#wish;
    this.#soon = new Promise((resolve) => setTimeout(resolve, 100)).then(() => {
      if (wish !== this.#wish || this.#choice === "cpu") return;
      const work = taskOf(this.#given())?.work ?? 0;
      const other = this.#raced === 0 || work > 2 * this.#raced || 2 * work < this.#raced;
      // The race was lost at this size, and nothing much has changed.
      if (this.#choice === "auto" && this.#standing.backend === "cpu" && !other) return;
      void this.#prepare();
    });
  }

  /**
   * Trains on, by at most `permitted` steps from where the session is, and has the session take over what is due: its
   * events. Null: nothing was due, the device stays ahead. `own`: the session must train itself for now.
   */
  async train(permitted: number): Promise<Event[] | "own" | null> {
    const trainer = this.#trainer;
    const taken = trainer && this.ready ? await this.#stretch(trainer, permitted) : null;
    const fresh = trainer === this.#trainer && this.#stale === null;
    if (taken === undefined && fresh) return null;
    try {
      // What was trained is of a run that is no more.
      if (taken !== null && !fresh) {
        this.#stale ??= "progress";
        return [];
      }
      if (!taken?.finite || taken.step === this.#session.step_count()) {
        this.#ownUntil = taken && !taken.finite ? taken.step : 0;
        this.#stale ??= "progress";
        return "own";
      }
      const events = this.#session.adopt(taken.bytes);
      // Its rules may have put the weights back, or changed the schedule's state.
      if (events.some(({ type }) => type === "finished")) this.#stale = "progress";
      else this.#trainer?.follow(this.#session.plateau_factor());
      return events;
    } finally {
      this.looking.begin();
    }
  }

  /** Null: the device failed. Undefined: nothing was due. */
  async #stretch(trainer: GpuTrainer, permitted: number): Promise<Taken | undefined | null> {
    try {
      this.#catchUp();
      const taking = this.#taking;
      const most = taking === NOW ? 0 : permitted - (trainer.step_count() - this.#session.step_count());
      this.#training = true;
      const taken = await patiently(trainer.train(Math.max(0, most), STRETCH_MS, taking));
      if (taken) {
        this.#taking = LATER;
        // The session stays where what is looked at was taken.
        while (this.looking.under) await this.looking.under;
      }
      return taken;
    } catch (error) {
      if (trainer === this.#trainer) this.#fail(error, trainer);
      return null;
    } finally {
      this.#training = false;
    }
  }

  /** Where the session has gone elsewhere, the device goes there too. */
  #catchUp(): void {
    if (this.#stale !== "progress") return;
    this.#trainer?.restore(this.#session.hand_over());
    this.#stale = null;
  }

  /** Looks whether the device was lost while nothing trained. */
  #look(): void {
    const trouble = this.#standing.backend === "webgpu" ? (this.#shared?.device.trouble() ?? null) : null;
    if (trouble) this.#fail(trouble, this.#trainer);
  }

  loseDevice(): void {
    this.#shared?.device.destroy();
  }

  close(): void {
    this.#wish += 1;
    this.#choice = "cpu";
    this.#release();
  }

  /** One at a time; what was asked for meanwhile is seen to afterwards. */
  async #prepare(): Promise<void> {
    while (this.#preparing) await this.#preparing;
    const preparing = this.#decide().finally(() => {
      this.#preparing = null;
    });
    this.#preparing = preparing;
    await preparing;
  }

  async #decide(): Promise<void> {
    const wish = this.#wish;
    const choice = this.#choice;
    const task = taskOf(this.#given());
    if (choice === "cpu" || !task) return;
    let trainer: GpuTrainer | null = null;
    let looker: GpuLooker | null = null;
    try {
      const shared = await patiently(sharedDevice(this.#access, task.bytes), 3);
      trainer = await build(shared, task, this.#session);
      const raced = choice === "auto" ? await race(trainer, this.#session) : null;
      const difference = await patiently(trainer.compare(this.#session.hand_over()));
      if (!raced || raced.webgpu > raced.cpu) looker = await looks(trainer, shared);
      // A setting has changed meanwhile; whoever changed it asks again.
      if (wish !== this.#wish) {
        looker?.free();
        return trainer.free();
      }
      this.#shared = shared;
      const known = {
        choice, race: raced, adapter: shared.adapter.name, software: shared.adapter.software, difference,
        interpreter: trainer.interpreter() ?? null,
      };
      this.#raced = task.work;
      if (raced && raced.cpu >= raced.webgpu) {
        trainer.free();
        return this.#stand({ ...known, backend: "cpu", why: "race_cpu", values: { ...raced } });
      }
      this.#release();
      this.#trainer = trainer;
      this.#stale = "progress";
      this.looking.use(looker, choice === "webgpu");
      const why = raced ? "race_webgpu" : "webgpu_asked_for";
      this.#stand({ ...known, backend: "webgpu", why, values: { ...raced } });
    } catch (error) {
      if (wish === this.#wish) this.#fail(error, trainer);
      else if (trainer) discard(trainer);
    }
  }

  #fail(error: unknown, trainer: GpuTrainer | null): void {
    const trouble: Trouble = isTrouble(error) ? error : { code: "gpu_failed", message: messageOf(error) };
    if (trainer && trainer !== this.#trainer) discard(trainer);
    this.#release();
    const adapter = this.#shared?.adapter ?? null;
    this.#stand({ ...this.#onCpu(trouble.code, factsOf(trouble)), adapter: adapter?.name ?? null, software: adapter?.software ?? false });
  }

  #release(): void {
    if (this.#trainer) discard(this.#trainer);
    this.#trainer = null;
    this.#stale = "config";
    const looker = this.looking.use(null);
    if (looker) discard(looker);
  }

  #onCpu(why: EngineReason, values: Standing["values"] = {}): Standing {
    return onCpu(this.#choice, why, values);
  }

  #stand(standing: Standing): void {
    if (standing.backend === "cpu" && this.#trainer) this.#release();
    this.#standing = standing;
    this.#changed();
  }
}
